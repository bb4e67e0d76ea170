/*
 * A linear layer of the members of an ensemble of networks in one: TabM, Gorishniy et al. 2024,
 * "TabM: advancing tabular deep learning with parameter-efficient ensembling", after BatchEnsemble
 * (Wen et al. 2020). Of k members, member m computes
 *
 *     shared         y = ((x * r_m) W) * s_m + b_m       W of all members, * entry by entry
 *     not shared     y = x W_m + b_m                     a map of its own, as the last layer has
 *
 *     x  rows x inputs       r  k x inputs     W    inputs x units, W_m below each other if not
 *     y  rows x units        s  k x units      b    k x units                           shared
 *
 * Row i k + m of a matrix belongs to sample i and member m. The first layer of an ensemble, whose x
 * has one row for each sample, gives every member that row. Its r starts with random signs, so that
 * members differ; all other r and s start with 1.
 *
 * The passes are in layers/shared_map.c and layers/member_maps.c.
 */
#include <snug/kind.h>
#include <snug/layer.h>

#include "core/memory.h"
#include "core/status.h"
#include "init/linear_fit.h"
#include "kinds/field_macros.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"
#include "layers/member_fit.h"
#include "layers/member_maps.h"
#include "layers/member_sums.h"
#include "layers/parameter_options.h"
#include "layers/penalty.h"
#include "layers/shared_map.h"
#include "layers/unit_sums.h"

typedef struct batch_ensemble_config {
    size_t units, members;
    bool shared, bias;
    snug_object *init, *scale_init;
    snug_parameter_options options;
    snug_penalties penalties;
} batch_ensemble_config;

/* Indices of the tensors. */
enum { WEIGHT, INPUT_SCALE, OUTPUT_SCALE, SHARED_BIAS, OWN_BIAS = 1 };

static size_t bias_at(const batch_ensemble_config *c) {
    return c->shared ? SHARED_BIAS : OWN_BIAS;
}

/* ---- the shape ------------------------------------------------------------------------------- */

/* Returns the tensor of the members' scalings; like biases they may go without weight decay. */
static snug_tensor scaling(const batch_ensemble_config *c, const char *name, size_t columns) {
    return (snug_tensor){.name = name,
                         .rows = c->members,
                         .columns = columns,
                         .initial = 1.0F,
                         .fan_in = 1,
                         .fan_out = 1,
                         .learning_rate_factor = c->options.factors.learning_rate_factor,
                         .bias = true};
}

/* Adds the scalings of a shared map. */
static snug_status plan_shared(const batch_ensemble_config *c, snug_layer_shape *shape) {
    shape->tensors[INPUT_SCALE] = scaling(c, "r", shape->inputs);
    shape->tensors[INPUT_SCALE].init = shape->members == 1 ? c->scale_init : NULL;
    shape->tensors[OUTPUT_SCALE] = scaling(c, "s", c->units);
    return snug_shared_map_plan(c->members, shape);
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const batch_ensemble_config *c = config;
    if (snug_units_check(c->units) != SNUG_OK) {
        return snug_error_status();
    }
    if (shape->members > 1 && shape->members != c->members) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "members: must be %zu, as in the layers before it (got %zu)",
                         shape->members, c->members);
    }
    size_t rows = shape->inputs;
    if (!c->shared && !snug_multiply(rows, c->members, &rows)) {
        return snug_fail_memory(SIZE_MAX);
    }
    shape->outputs = c->units;
    shape->output_members = c->members;
    shape->tensors[WEIGHT] = (snug_tensor){
        .name = "weight",
        .rows = rows,
        .columns = c->units,
        .transposed = c->shared,
        .matrices = c->shared ? 1 : c->members,
        .init = c->init != NULL ? c->init : snug_default_init(&c->options, shape),
        .fan_in = shape->inputs,
        .fan_out = c->units,
        .learning_rate_factor = snug_weight_rate_factor(&c->options, shape->inputs),
    };
    snug_penalize(&shape->tensors[WEIGHT], &c->penalties);
    shape->tensors[bias_at(c)] = snug_bias_tensor(&c->options, shape->inputs, c->units);
    shape->tensors[bias_at(c)].rows = c->members;
    shape->tensor_count = bias_at(c) + (c->bias ? 1 : 0);
    shape->fitted = snug_init_needs_data(shape->tensors[WEIGHT].init) ||
                    (c->bias && snug_init_needs_data(shape->tensors[bias_at(c)].init));
    return c->shared ? plan_shared(c, shape) : SNUG_OK;
}

/* Fits the initial weights and biases of the members to training rows. */
static snug_status fit(const void *config, const snug_layer_fit *f) {
    const batch_ensemble_config *c = config;
    const snug_tensor *tensors = f->shape->tensors;
    const snug_member_fit maps = {
        .members = c->members,
        .scale = c->shared ? f->tensors[INPUT_SCALE] : NULL,
        .weight_init = tensors[WEIGHT].init,
        .bias_init = c->bias ? tensors[bias_at(c)].init : NULL,
        .weight = f->tensors[WEIGHT],
        .biases = c->bias ? f->tensors[bias_at(c)] : NULL,
    };
    return snug_fit_members(&maps, f);
}

/* ---- the layer ------------------------------------------------------------------------------- */

/* Returns the map that the members share. */
static snug_shared_map shared_map_of(const batch_ensemble_config *c, const snug_layer_call *run) {
    return (snug_shared_map){.members = c->members,
                             .weight = run->tensors[WEIGHT],
                             .r = run->tensors[INPUT_SCALE],
                             .s = run->tensors[OUTPUT_SCALE],
                             .bias = c->bias ? run->tensors[SHARED_BIAS] : NULL};
}

/* Returns the maps of the members where each has one of its own. */
static snug_member_maps own_maps_of(const batch_ensemble_config *c, const snug_layer_call *run) {
    return (snug_member_maps){.members = c->members,
                              .weight = run->tensors[WEIGHT],
                              .bias = c->bias ? run->tensors[OWN_BIAS] : NULL};
}

static void forward(const void *config, const snug_layer_call *run) {
    const batch_ensemble_config *c = config;
    if (c->shared) {
        const snug_shared_map map = shared_map_of(c, run);
        snug_shared_map_forward(&map, run);
    } else {
        const snug_member_maps maps = own_maps_of(c, run);
        snug_member_maps_forward(&maps, run);
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const batch_ensemble_config *c = config;
    if (c->shared) {
        const snug_shared_map map = shared_map_of(c, run);
        snug_shared_map_backward(&map, run);
    } else {
        const snug_member_maps maps = own_maps_of(c, run);
        snug_member_maps_backward(&maps, run);
    }
}

static void shared_gradients(const batch_ensemble_config *c, const snug_layer_call *run,
                             size_t tensor, size_t first, size_t count, float *gradient) {
    const snug_shared_map map = shared_map_of(c, run);
    if (tensor == WEIGHT) {
        snug_shared_map_weight_gradient(&map, run, first, count, gradient);
    } else if (tensor == INPUT_SCALE) {
        snug_shared_map_r_gradient(&map, run, first, count, gradient);
    } else {
        snug_shared_map_s_gradient(&map, run, first, count, gradient);
    }
}

static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const batch_ensemble_config *c = config;
    if (tensor == bias_at(c)) {
        const snug_member_part part = {c->members, first, count};
        snug_sum_member_outputs(run, &part, NULL, gradient);
    } else if (c->shared) {
        shared_gradients(c, run, tensor, first, count, gradient);
    } else {
        const snug_member_maps maps = own_maps_of(c, run);
        snug_member_maps_gradient(&maps, run, first, count, gradient);
    }
}

/* A snug_layer_kind.unit_sums: of (W_m) or, where W is shared, of r_m W s_m of each member m. */
static void unit_sums(const void *config, const snug_layer_shape *shape,
                      const float *const *tensors, snug_unit_sums *units) {
    const batch_ensemble_config *c = config;
    const size_t inputs = shape->inputs, outputs = shape->outputs;
    for (size_t m = 0; m < c->members; m++, units += outputs) {
        const float *weight = tensors[WEIGHT] + (c->shared ? 0 : m * inputs * outputs);
        const float *scale = c->shared ? tensors[INPUT_SCALE] + m * inputs : NULL;
        const float *bias = c->bias ? tensors[bias_at(c)] + m * outputs : NULL;
        snug_sum_units(inputs, outputs, weight, scale, bias, units);
        for (size_t j = 0; c->shared && j < outputs; j++) {
            snug_scale_unit(&units[j], (double)tensors[OUTPUT_SCALE][m * outputs + j]);
        }
    }
}

static const snug_field fields[] = {
    {SNUG_FIELD(batch_ensemble_config, units, UNITS,
                "number of outputs of a member; \"classes\" or \"targets\": as the data needs"),
     .required = true, .min = 1, .max = 1 << 24},
    SNUG_SIZE_FIELD(batch_ensemble_config, members, 32, SNUG_FROM_TO(1, 1 << 12),
                    "members of the ensemble, the same in all of its layers"),
    SNUG_BOOL_FIELD(batch_ensemble_config, shared, true,
                    "whether members share W, each with scalings of its own; false, as for the "
                    "last layer: each has a W"),
    SNUG_BOOL_FIELD(batch_ensemble_config, bias, true, "whether each member has a bias"),
    {SNUG_FIELD(batch_ensemble_config, init, OBJECT,
                "initial W; null: what suits the next activation or layer, or lecun_normal"),
     .group = SNUG_GROUP_INIT},
    {SNUG_FIELD(batch_ensemble_config, scale_init, OBJECT,
                "initial scalings of the inputs in the first shared layer; later ones start as 1"),
     .group = SNUG_GROUP_INIT, .initial_text = "random_sign"},
    SNUG_PARAMETER_FIELDS(batch_ensemble_config, options),
    SNUG_PENALTY_FIELDS(batch_ensemble_config, penalties),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const batch_ensemble_config *c = config;
    const size_t inputs = layer->shape->inputs, outputs = layer->shape->outputs;
    const float *const *t = layer->tensors;
    const float *bias = c->bias ? t[bias_at(c)] : NULL;
    const snug_linear_weights own = {c->members, inputs, outputs, t[WEIGHT], bias};
    if (!c->shared) {
        return snug_graph_linear(g, layer->x, &own);
    }
    const snug_linear_weights shared = {1, inputs, outputs, t[WEIGHT], NULL};
    snug_value r = snug_graph_constant(g, c->members, inputs, t[INPUT_SCALE]);
    snug_value y = snug_graph_binary(g, SNUG_MULTIPLY, layer->x, r);
    y = snug_graph_linear(g, y, &shared);
    snug_value s = snug_graph_constant(g, c->members, outputs, t[OUTPUT_SCALE]);
    y = snug_graph_binary(g, SNUG_MULTIPLY, y, s);
    if (bias == NULL) {
        return y;
    }
    return snug_graph_binary(g, SNUG_ADD, y, snug_graph_constant(g, c->members, outputs, bias));
}

const snug_layer_kind snug_layer_batch_ensemble_kind = {
    .base = {.name = "batch_ensemble",
             .summary =
                 "members of an ensemble in one: Y = ((X * r) W) * s + b, r, s and b of each",
             .fields = fields,
             .config_size = sizeof(batch_ensemble_config)},
    .flags = SNUG_READS_INPUT | SNUG_ROWWISE | SNUG_TAKES_MEMBERS,
    .plan = plan,
    .fit = fit,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .unit_sums = unit_sums,
    .graph = graph};

snug_layer *snug_batch_ensemble(size_t units, size_t members, bool shared) {
    const char *name = snug_units_name(units);
    return snug_layer_make(
        "batch_ensemble",
        SNUG_FIELDS(name != NULL ? snug_string("units", name) : snug_number("units", (double)units),
                    snug_number("members", (double)members), snug_flag("shared", shared)));
}
