/*
 * The weights of a linear layer as the theory of self-normalizing networks needs them: moments over
 * the units of omega, the sum of a unit's weights, tau, the sum of their squares, and the bias.
 */
#ifndef SNUG_INSPECTION_UNIT_MOMENTS_H
#define SNUG_INSPECTION_UNIT_MOMENTS_H

#include <stdbool.h>

#include <snug/inspection.h>

#include "model/model.h"

typedef struct snug_unit_moments {
    bool linear; /* false: the layer is no linear map, and the others are 0 */
    size_t count;
    snug_spread omega, tau, bias;
    double covariance; /* of omega and the bias */
} snug_unit_moments;

/* Sets the pointers to a layer's tensors, in the order of its shape. */
void snug_layer_tensors(const snug_model *model, const snug_plan_node *node,
                        const float *tensors[SNUG_LAYER_TENSORS_MAX]);

/* Returns the most units of a layer of the model or of a block, those of all members. */
size_t snug_most_units(const snug_model *model);

/* Computes the moments of a layer of the model; `units` is work space for its units. */
snug_unit_moments snug_unit_moments_of(const snug_model *model, const snug_plan_node *node,
                                       snug_unit_sums *units);

#endif
