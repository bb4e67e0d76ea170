/* A step backward in an ONNX graph, from what a layer gives to what it takes. */
#ifndef SNUG_IMPORT_ONNX_STEP_H
#define SNUG_IMPORT_ONNX_STEP_H

#include <onnx.pb-c.h>

#include "kinds/object.h"

/* A tensor of a layer, from a constant of the graph. */
typedef struct snug_onnx_weight {
    const char *name; /* in a model file: "weight" */
    const Onnx__TensorProto *tensor;
    float factor; /* times each number */
    bool matrix;  /* inputs x units, or */
    bool swapped; /* units x inputs */
} snug_onnx_weight;

enum { SNUG_ONNX_MAX_WEIGHTS = 4 };

/* A step backward in the graph: y = layer(x). */
typedef struct snug_onnx_step {
    const Onnx__NodeProto *node; /* that computes y, for messages */
    const char *x;
    snug_object *layer;     /* owned; NULL: y has the numbers of x */
    bool is_layer;          /* there is one, also when a model has taken it over */
    size_t inputs, outputs; /* columns of x and y where the node tells them; 0: any */
    bool flattens;          /* x may have more dimensions than two */
    snug_onnx_weight weights[SNUG_ONNX_MAX_WEIGHTS];
    size_t weight_count;
} snug_onnx_step;

#endif
