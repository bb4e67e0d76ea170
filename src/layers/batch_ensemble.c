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
 * With a shared W the members are rows of one product for all of them. The scalings are passes over
 * the rows of a chunk while these are in the second cache. For backward four matrices are kept,
 *
 *     x * r        u = (x * r) W        g = dy * s        q = g W'
 *
 * from which the gradients are products and sums over rows:
 *
 *     dW = (x * r)' g     dr_m = sum of x * q     ds_m = sum of dy * u     db_m = sum of dy
 *     dx = q * r, in the first layer the sum of it over the members
 */
#include <snug/kind.h>
#include <snug/layer.h>

#include "core/memory.h"
#include "core/status.h"
#include "cpu/simd.h"
#include "init/linear_fit.h"
#include "kinds/field_macros.h"
#include "layers/member_fit.h"
#include "layers/member_maps.h"
#include "layers/parameter_options.h"
#include "layers/penalty.h"
#include "math/linear.h"
#include "math/reduce.h"
#include "math/vector.h"

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

/* The matrices that are kept, a row for each row of y. */
enum { SCALED, U, G, Q };

/* Returns the floats of a row of a kept matrix. */
static size_t width_of(size_t matrix, size_t inputs, size_t units) {
    return matrix == SCALED || matrix == Q ? inputs : units;
}

/* Returns the tensor of the members' scalings; like biases they may go without weight decay. */
static snug_tensor scaling(const batch_ensemble_config *c, const char *name, size_t columns) {
    return (snug_tensor){.name = name,
                         .rows = c->members,
                         .columns = columns,
                         .initial = 1.0F,
                         .fan_in = 1,
                         .fan_out = 1,
                         .learning_rate_factor = c->options.learning_rate_factor,
                         .bias = true};
}

/* Adds the scalings of a shared map. */
static snug_status plan_shared(const batch_ensemble_config *c, snug_layer_shape *shape) {
    size_t copies = c->members / shape->members;
    shape->tensors[INPUT_SCALE] = scaling(c, "r", shape->inputs);
    shape->tensors[INPUT_SCALE].init = shape->members == 1 ? c->scale_init : NULL;
    shape->tensors[OUTPUT_SCALE] = scaling(c, "s", c->units);
    for (size_t k = SCALED; k <= Q; k++) {
        if (!snug_multiply(width_of(k, shape->inputs, c->units), copies, &shape->matrices[k])) {
            return snug_fail_memory(SIZE_MAX);
        }
    }
    return SNUG_OK;
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const batch_ensemble_config *c = config;
    if (c->units == SNUG_UNITS_CLASSES) {
        return snug_fail(SNUG_ERROR_CONFIG, "\"units\": \"classes\" needs data whose targets are "
                                            "classes; otherwise it is a number");
    }
    if (shape->members > 1 && shape->members != c->members) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "members: must be %zu, as in the layers before it "
                         "(got %zu)",
                         shape->members, c->members);
    }
    shape->outputs = c->units;
    shape->output_members = c->members;
    shape->tensors[WEIGHT] = (snug_tensor){
        .name = "weight",
        .rows = c->shared ? shape->inputs : c->members * shape->inputs,
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

/* ---- kernels --------------------------------------------------------------------------------- */

/*
 * Scales the rows of one sample, `rows` rows of n: to = x * scale (+ bias), with `bias` NULL for
 * none. Rows of x are x_step floats apart; x_step = 0 gives each the same x.
 */
SNUG_KERNEL(scale_rows,
            (size_t rows, size_t n, const float *x, size_t x_step, const float *scale,
             const float *bias, float *to),
            (rows, n, x, x_step, scale, bias, to)) {
    for (size_t m = 0; m < rows; m++, x += x_step, to += n, scale += n) {
        if (bias == NULL) {
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                to[j] = x[j] * scale[j];
            }
        } else {
            const float *add = bias + m * n;
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                to[j] = snug_fma(fused, x[j], scale[j], add[j]);
            }
        }
    }
}

/* Sums the scaled rows of one sample: to[j] = the sum over m of x[m][j] scale[m][j]. */
SNUG_KERNEL(sum_scaled, (size_t rows, size_t n, const float *x, const float *scale, float *to),
            (rows, n, x, scale, to)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        to[j] = x[j] * scale[j];
    }
    for (size_t m = 1; m < rows; m++) {
        const float *row = x + m * n, *factors = scale + m * n;
#pragma omp simd
        for (size_t j = 0; j < n; j++) {
            to[j] = snug_fma(fused, row[j], factors[j], to[j]);
        }
    }
}

/* ---- one map of all members ------------------------------------------------------------------ */

/* The samples first .. first + count - 1 of a call, few enough for the second cache. */
typedef struct chunk {
    size_t first, count;
    snug_linear map;       /* of the rows of all members */
    float *scaled, *g, *q; /* rows of the kept matrices */
    float *u;              /* in prediction the rows of y, which it becomes */
} chunk;

/*
 * Returns the chunk from sample `first` on. In prediction, where nothing has to be kept, all chunks
 * have the memory of the first one, which stays in the cache.
 */
static chunk chunk_at(const batch_ensemble_config *c, const snug_layer_call *run, size_t first) {
    const size_t few = 256, left = snug_sample_count(run) - first;
    size_t count = few > c->members ? few / c->members : 1;
    count = count < left ? count : left;
    size_t row = first * c->members, kept_row = run->training ? row : 0;
    return (chunk){.first = first,
                   .count = count,
                   .map = {count * c->members, run->inputs, run->outputs, run->large},
                   .scaled = run->matrices[SCALED] + kept_row * run->inputs,
                   .g = run->matrices[G] + kept_row * run->outputs,
                   .q = run->matrices[Q] + kept_row * run->inputs,
                   .u = run->training ? run->matrices[U] + row * run->outputs
                                      : run->y + row * run->outputs};
}

static void forward_chunk(const batch_ensemble_config *c, const snug_layer_call *run,
                          const chunk *part) {
    const float *bias = c->bias ? run->tensors[SHARED_BIAS] : NULL;
    const size_t x_floats = run->members * run->inputs, y_floats = c->members * run->outputs;
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(c->members, run->inputs, run->x + (part->first + i) * x_floats,
                   snug_member_step(run), run->tensors[INPUT_SCALE], NULL,
                   part->scaled + i * c->members * run->inputs);
    }
    snug_linear_forward(&part->map, part->scaled, run->tensors[WEIGHT], NULL, part->u);
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(c->members, run->outputs, part->u + i * y_floats, run->outputs,
                   run->tensors[OUTPUT_SCALE], bias, run->y + (part->first + i) * y_floats);
    }
}

/* Computes g and q, and dx unless nobody needs it. */
static void backward_chunk(const batch_ensemble_config *c, const snug_layer_call *run,
                           const chunk *part) {
    const size_t x_floats = run->members * run->inputs, y_floats = c->members * run->outputs;
    const float *r = run->tensors[INPUT_SCALE];
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(c->members, run->outputs, run->dy + (part->first + i) * y_floats, run->outputs,
                   run->tensors[OUTPUT_SCALE], NULL, part->g + i * y_floats);
    }
    snug_linear_backward_input(&part->map, part->g, run->tensors[WEIGHT], false, part->q);
    for (size_t i = 0; run->dx != NULL && i < part->count; i++) {
        const float *q = part->q + i * c->members * run->inputs;
        float *dx = run->dx + (part->first + i) * x_floats;
        if (run->members > 1) {
            scale_rows(c->members, run->inputs, q, run->inputs, r, NULL, dx);
        } else {
            sum_scaled(c->members, run->inputs, q, r, dx);
        }
    }
}

/* ---- sums over the samples ------------------------------------------------------------------- */

/*
 * A sum over the samples for each of n columns of some members: of a, or of the products a * b.
 * Rows of a sample's members are a_step floats apart, or n in b; those of the next sample begin
 * a_sample and b_sample floats later.
 */
typedef struct member_sum {
    size_t n;
    const float *a, *b;
    size_t a_step, a_sample, b_sample;
} member_sum;

/* A snug_add_part: column j of the matrix is column j % n of member j / n. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const member_sum *s = user;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        float *to = sums[0];
        for (size_t j = part->column, end = j + part->columns, count; j < end; j += count) {
            size_t member = j / s->n, column = j % s->n;
            count = s->n - column < end - j ? s->n - column : end - j;
            const float *a = s->a + i * s->a_sample + member * s->a_step + column;
            if (s->b != NULL) {
                const float *b = s->b + i * s->b_sample + member * s->n + column;
                snug_add_products(count, a, b, to);
            } else {
                snug_vector_add(count, a, to);
            }
            to += count;
        }
    }
}

/* Sums over all samples of a call into gradient, of `members` members. */
static void sum_members(const snug_layer_call *run, const member_sum *sum, size_t members,
                        float *gradient) {
    snug_sum_parts(snug_sample_count(run), members * sum->n, add_part, sum, run->add_gradients, 1,
                   &gradient);
}

/* Sums dy, for the biases of the members from `first` on, or its products with the kept u. */
static void sum_outputs(const snug_layer_call *run, size_t members, size_t first, size_t count,
                        const float *u, float *gradient) {
    const size_t n = run->outputs;
    member_sum sum = {.n = n,
                      .a = run->dy + first * n,
                      .a_step = n,
                      .a_sample = members * n,
                      .b = u != NULL ? u + first * n : NULL,
                      .b_sample = members * n};
    sum_members(run, &sum, count, gradient);
}

/* Sums the products of x and q, for the r of the members from `first` on. */
static void sum_inputs(const snug_layer_call *run, size_t members, size_t first, size_t count,
                       float *gradient) {
    const size_t n = run->inputs;
    member_sum sum = {.n = n,
                      .a = run->x + first * snug_member_step(run),
                      .a_step = snug_member_step(run),
                      .a_sample = run->members * n,
                      .b = run->matrices[Q] + first * n,
                      .b_sample = members * n};
    sum_members(run, &sum, count, gradient);
}

/* Computes rows of dW = (x * r)' g. */
static void shared_weight_gradient(const snug_layer_call *run, size_t members, size_t first,
                                   size_t count, float *gradient) {
    const snug_linear map = {snug_sample_count(run) * members, run->inputs, run->outputs,
                             run->large};
    snug_linear_backward_weight(&map, run->matrices[SCALED], run->matrices[G], run->add_gradients,
                                first, count, gradient);
}

/* ---- the layer ------------------------------------------------------------------------------- */

/* Returns the maps of the members where each has one of its own. */
static snug_member_maps maps_of(const batch_ensemble_config *c, const snug_layer_call *run) {
    return (snug_member_maps){.members = c->members,
                              .weight = run->tensors[WEIGHT],
                              .bias = c->bias ? run->tensors[OWN_BIAS] : NULL};
}

static void forward(const void *config, const snug_layer_call *run) {
    const batch_ensemble_config *c = config;
    if (!c->shared) {
        const snug_member_maps maps = maps_of(c, run);
        snug_member_maps_forward(&maps, run);
        return;
    }
    for (size_t first = 0; first < snug_sample_count(run);) {
        chunk part = chunk_at(c, run, first);
        forward_chunk(c, run, &part);
        first += part.count;
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const batch_ensemble_config *c = config;
    if (!c->shared) {
        const snug_member_maps maps = maps_of(c, run);
        snug_member_maps_backward(&maps, run);
        return;
    }
    for (size_t first = 0; first < snug_sample_count(run);) {
        chunk part = chunk_at(c, run, first);
        backward_chunk(c, run, &part);
        first += part.count;
    }
}

static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const batch_ensemble_config *c = config;
    if (tensor == bias_at(c)) {
        sum_outputs(run, c->members, first, count, NULL, gradient);
    } else if (!c->shared) {
        const snug_member_maps maps = maps_of(c, run);
        snug_member_maps_gradient(&maps, run, first, count, gradient);
    } else if (tensor == WEIGHT) {
        shared_weight_gradient(run, c->members, first, count, gradient);
    } else if (tensor == INPUT_SCALE) {
        sum_inputs(run, c->members, first, count, gradient);
    } else {
        sum_outputs(run, c->members, first, count, run->matrices[U], gradient);
    }
}

static const snug_field fields[] = {
    {SNUG_FIELD(batch_ensemble_config, units, UNITS,
                "number of outputs of a member; \"classes\": as many as the data has classes"),
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
};

snug_layer *snug_batch_ensemble(size_t units, size_t members, bool shared) {
    bool classes = units == SNUG_UNITS_CLASSES;
    return snug_layer_make(
        "batch_ensemble",
        SNUG_FIELDS(classes ? snug_string("units", "classes") : snug_number("units", (double)units),
                    snug_number("members", (double)members), snug_flag("shared", shared)));
}
