/* Y = X W + b, by one GEMM forward and two backward. */
#include "core/object.h"
#include "core/status.h"
#include "math/gemm.h"
#include "math/reduce.h"

#include <snug/layer.h>

typedef struct dense_config {
    size_t units;
    bool bias;
    snug_object *init;
} dense_config;

enum { WEIGHT, BIAS };

static snug_status dense_plan(const void *config, snug_layer_shape *shape) {
    const dense_config *c = config;
    if (c->units == SNUG_UNITS_CLASSES)
        return snug_fail(SNUG_ERROR_CONFIG, "\"units\": \"classes\" needs data that tells how "
                                            "many there are; a model alone takes a number");
    shape->outputs = c->units;
    shape->tensors[WEIGHT] = (snug_tensor){
        .name = "weight",
        .rows = shape->inputs,
        .columns = c->units,
        .transposed = true,
        .init = c->init != NULL ? c->init : shape->next_init,
        .fan_in = shape->inputs,
        .fan_out = c->units,
    };
    shape->tensors[BIAS] = (snug_tensor){.name = "bias", .columns = c->units};
    shape->tensor_count = c->bias ? 2 : 1;
    return SNUG_OK;
}

/* y = x W + b: (rows, inputs) by (inputs, outputs) */
static void dense_forward(const void *config, const snug_layer_run *run) {
    const dense_config *c = config;
    snug_gemm(false, false, run->rows, run->outputs, run->inputs, run->x, run->inputs,
              run->tensors[WEIGHT], run->outputs, 0.0F, run->y, run->outputs);
    if (c->bias)
        snug_add_rows(run->rows, run->outputs, run->tensors[BIAS], run->y);
}

/* dW += x' dy, db += the sum of dy's rows, dx = dy W' */
static void dense_backward(const void *config, const snug_layer_run *run) {
    const dense_config *c = config;
    snug_gemm(true, false, run->inputs, run->outputs, run->rows, run->x, run->inputs, run->dy,
              run->outputs, 1.0F, run->gradients[WEIGHT], run->outputs);
    if (c->bias)
        snug_sum_rows(run->rows, run->outputs, run->dy, run->gradients[BIAS]);
    if (run->dx != NULL)
        snug_gemm(false, true, run->rows, run->inputs, run->outputs, run->dy, run->outputs,
                  run->tensors[WEIGHT], run->outputs, 0.0F, run->dx, run->inputs);
}

static const snug_field dense_fields[] = {
    {.name = "units",
     .kind = SNUG_FIELD_UNITS,
     .offset = offsetof(dense_config, units),
     .required = true,
     .min = 1,
     .max = 1 << 24,
     .help = "number of outputs; \"classes\": as many as the data has classes"},
    {.name = "bias",
     .kind = SNUG_FIELD_BOOL,
     .offset = offsetof(dense_config, bias),
     .initial = 1,
     .help = "whether b is there; it starts as 0"},
    {.name = "init",
     .kind = SNUG_FIELD_OBJECT,
     .group = SNUG_GROUP_INIT,
     .offset = offsetof(dense_config, init),
     .help = "initial weights; null: what suits the activation that comes next, or lecun_normal"},
    {.kind = SNUG_FIELD_END},
};

const snug_layer_kind snug_layer_dense_kind = {
    .base = {.name = "dense",
             .summary = "Y = X W + b, every output from every input",
             .fields = dense_fields,
             .config_size = sizeof(dense_config)},
    .uses = SNUG_USES_INPUT,
    .plan = dense_plan,
    .forward = dense_forward,
    .backward = dense_backward,
};

snug_layer *snug_dense(size_t units) {
    return (snug_layer *)snug_object_make(SNUG_GROUP_LAYER, "dense", "units", (double)units, NULL);
}
