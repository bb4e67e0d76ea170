/*
 * Periodic embeddings of numeric columns: each chosen x becomes `units` numbers, by K waves whose
 * frequencies are trained; every column has parameters of its own.
 *
 *     pbld   (x, W' cos(2 pi w x + b) + c)           Holzmueller et al. 2024, "Better by default"
 *     plr    ReLU(W' (sin(2 pi w x), cos(2 pi w x)) + c)  Gorishniy et al. 2022, "On embeddings for
 *                                                    numerical features in tabular deep learning"
 *
 * Of n chosen columns the tensors are w, n x K; b, n x K (pbld); W, n times H x V below each other;
 * and c, n x V. H is K for pbld (cosines) and 2 K for plr (sines, then cosines). V is units - 1 for
 * pbld, whose first number is x itself, and units for plr. Outputs: see layers/columns.h.
 *
 * What is kept of a row from forward to backward is a row of memory of layers/waves.h, and for plr
 * n x V numbers more, the gradient before the ReLU. W and c are the maps of layers/column_maps.h.
 */
#include <snug/kind.h>
#include <snug/layer.h>

#include "core/status.h"
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "layers/column_maps.h"
#include "layers/columns.h"
#include "layers/parameter_options.h"
#include "layers/waves.h"
#include "math/random.h"
#include "math/reduce.h"

enum { PBLD, PLR };

static const char *const variant_names[] = {[PBLD] = "pbld", [PLR] = "plr", NULL};

typedef struct periodic_config {
    snug_columns columns;
    int variant;
    size_t frequencies, units;
    double sigma, learning_rate_factor;
} periodic_config;

/* ---- shapes ---------------------------------------------------------------------------------- */

/* The sizes of a layer for a number of inputs. */
typedef struct embedding {
    snug_waves waves; /* of the n columns that are embedded, in the cache */
    size_t others;    /* columns that are passed on */
    size_t units;     /* outputs of a column */
    size_t made;      /* V: those that W makes */
} embedding;

/* Tensors in their order; the phases are missing in plr. */
typedef struct tensor_numbers {
    size_t frequencies, phases, weight, bias, count;
} tensor_numbers;

static tensor_numbers numbers_of(const periodic_config *c) {
    return c->variant == PBLD ? (tensor_numbers){0, 1, 2, 3, 4} : (tensor_numbers){0, 9, 1, 2, 3};
}

/* Returns the number of frequencies and of units: the configured one, or that of the papers. */
static size_t waves_of(const periodic_config *c) {
    return c->frequencies > 0 ? c->frequencies : c->variant == PBLD ? 16 : 48;
}

static size_t units_of(const periodic_config *c) {
    return c->units > 0 ? c->units : c->variant == PBLD ? 4 : 24;
}

/* Returns the planes of waves that W reads: the cosines, or sines and cosines. */
static size_t planes_of(const periodic_config *c) {
    return c->variant == PLR ? 2 : 1;
}

static embedding embedding_of(const periodic_config *c, size_t inputs) {
    size_t chosen = snug_columns_count(&c->columns, inputs), units = units_of(c);
    size_t made = c->variant == PLR ? units : units - 1;
    size_t planes = 2 + planes_of(c), rectified = c->variant == PLR ? made : 0;
    return (embedding){.waves = {.columns = chosen,
                                 .count = waves_of(c),
                                 .both = c->variant == PLR,
                                 .stride = chosen * (1 + planes * waves_of(c) + rectified)},
                       .others = inputs - chosen,
                       .units = units,
                       .made = made};
}

/* Initial frequencies: normal, of mean 0 and the deviation sigma. */
static void fill_frequencies(const void *config, const snug_random *stream, size_t count,
                             float *values) {
    const periodic_config *c = config;
    snug_random_normal(stream, 0, count, values);
    for (size_t i = 0; i < count; i++) {
        values[i] *= (float)c->sigma;
    }
}

/* Initial phases, in (-pi, pi). */
static void fill_phases(const void *config, const snug_random *stream, size_t count,
                        float *values) {
    (void)config;
    snug_fill_within(stream, 0.5 * (double)snug_two_pi, count, values);
}

static void fill_linear(const void *config, const snug_random *stream, size_t count,
                        float *values) {
    const periodic_config *c = config;
    snug_column_maps_fill(waves_of(c) * planes_of(c), stream, count, values);
}

typedef void fill_fn(const void *config, const snug_random *stream, size_t count, float *values);

static snug_tensor make_tensor(const periodic_config *c, const char *name, size_t rows,
                               size_t columns, fill_fn *fill) {
    return (snug_tensor){.name = name,
                         .rows = rows,
                         .columns = columns,
                         .fill = fill,
                         .learning_rate_factor = c->learning_rate_factor};
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const periodic_config *c = config;
    const tensor_numbers t = numbers_of(c);
    const embedding e = embedding_of(c, shape->inputs);
    if (snug_columns_plan(&c->columns, e.units, shape) != SNUG_OK) {
        return snug_error_status();
    }
    if (e.waves.columns == 0) {
        return SNUG_OK;
    }
    shape->cache = e.waves.stride;
    shape->tensor_count = t.count;
    shape->tensors[t.frequencies] =
        make_tensor(c, "frequencies", e.waves.columns, e.waves.count, fill_frequencies);
    if (c->variant == PBLD) {
        shape->tensors[t.phases] =
            make_tensor(c, "phases", e.waves.columns, e.waves.count, fill_phases);
        shape->tensors[t.phases].bias = true;
    }
    shape->tensors[t.weight] = make_tensor(
        c, "weight", e.waves.columns * planes_of(c) * e.waves.count, e.made, fill_linear);
    shape->tensors[t.bias] = make_tensor(c, "bias", e.waves.columns, e.made, fill_linear);
    shape->tensors[t.bias].bias = true;
    return SNUG_OK;
}

/* ---- the parts of a row of the cache --------------------------------------------------------- */

/* Returns the planes that W reads, and their gradients, in the first row. */
static float *waves_read(const embedding *e, const snug_layer_call *run) {
    return snug_waves_plane(&e->waves, run->cache, e->waves.both ? 0 : 1);
}

static float *waves_gradient(const embedding *e, const snug_layer_call *run) {
    return snug_waves_plane(&e->waves, run->cache, 2);
}

/* Returns the gradient before the ReLU of plr, behind the planes. */
static float *rectified_gradient(const embedding *e, const snug_layer_call *run) {
    return snug_waves_plane(&e->waves, run->cache, 4);
}

/* Returns the maps W and c from waves to outputs. */
static snug_column_maps maps_of(const embedding *e) {
    return (snug_column_maps){.columns = e->waves.columns,
                              .planes = e->waves.both ? 2 : 1,
                              .width = e->waves.count,
                              .made = e->made,
                              .stride = e->waves.stride};
}

/* Returns the gradient by what W makes. */
static snug_made_gradient made_gradient_of(const embedding *e, const snug_layer_call *run) {
    if (e->waves.both) {
        return (snug_made_gradient){rectified_gradient(e, run), e->waves.stride, e->made};
    }
    return (snug_made_gradient){run->dy + e->others + 1, run->outputs, e->units};
}

/* ---- forward --------------------------------------------------------------------------------- */

/* y = max(y, 0); NaN stays. */
SNUG_KERNEL(rectify, (size_t n, float *y), (n, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = y[i] < 0.0F ? 0.0F : y[i];
    }
}

/* Copies the chosen x to the cache and, in pbld, to the first of their outputs. */
static void take_chosen(const periodic_config *c, const embedding *e, const snug_layer_call *run) {
    for (size_t i = 0; i < run->rows; i++) {
        const float *x = run->x + i * run->inputs;
        float *kept = run->cache + i * e->waves.stride, *y = run->y + i * run->outputs + e->others;
        for (size_t j = 0; j < e->waves.columns; j++) {
            kept[j] = x[snug_columns_number(&c->columns, j)];
            y[j * e->units] = kept[j];
        }
    }
}

static void forward(const void *config, const snug_layer_call *run) {
    const periodic_config *c = config;
    const tensor_numbers t = numbers_of(c);
    const embedding e = embedding_of(c, run->inputs);
    snug_columns_pass(&c->columns, run);
    if (e.waves.columns == 0) {
        return;
    }
    take_chosen(c, &e, run);
    snug_waves_forward(&e.waves, run->rows, run->tensors[t.frequencies],
                       c->variant == PBLD ? run->tensors[t.phases] : NULL, run->cache);
    const snug_column_maps maps = maps_of(&e);
    const snug_made made = {run->y + e.others + e.units - e.made, run->outputs, e.units};
    snug_column_maps_forward(&maps, run->rows, waves_read(&e, run), run->tensors[t.weight],
                             run->tensors[t.bias], &made);
    for (size_t i = 0; c->variant == PLR && i < run->rows; i++) {
        rectify(e.waves.columns * e.units, run->y + i * run->outputs + e.others);
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

/* dz = dy where y > 0, otherwise 0 */
SNUG_KERNEL(rectify_gradient, (size_t n, const float *y, const float *dy, float *dz),
            (n, y, dy, dz)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dz[i] = y[i] > 0.0F ? dy[i] : 0.0F;
    }
}

/*
 * dx = 2 pi (the sum over k of w d), for the angle gradients d of a row; in pbld, where x is an
 * output too, its dy is added.
 */
SNUG_KERNEL(find_input_gradients,
            (const embedding *e, const snug_columns *columns, const float *frequencies,
             const float *d, const float *dy, float *dx),
            (e, columns, frequencies, d, dy, dx)) {
    for (size_t j = 0; j < e->waves.columns; j++) {
        float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
        for (size_t k = 0; k < e->waves.count; k++) {
            sum = snug_fma(fused, frequencies[j * e->waves.count + k], d[j * e->waves.count + k],
                           sum);
        }
        float direct = !e->waves.both ? dy[j * e->units] : 0.0F;
        dx[snug_columns_number(columns, j)] = snug_fma(fused, snug_two_pi, sum, direct);
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const periodic_config *c = config;
    const embedding e = embedding_of(c, run->inputs);
    snug_columns_pass_back(&c->columns, run);
    if (e.waves.columns == 0) {
        return;
    }
    for (size_t i = 0; c->variant == PLR && i < run->rows; i++) {
        size_t at = i * run->outputs + e.others;
        rectify_gradient(e.waves.columns * e.units, run->y + at, run->dy + at,
                         rectified_gradient(&e, run) + i * e.waves.stride);
    }
    const tensor_numbers t = numbers_of(c);
    const snug_column_maps maps = maps_of(&e);
    const snug_made_gradient made = made_gradient_of(&e, run);
    snug_column_maps_backward(&maps, run->rows, &made, run->tensors[t.weight],
                              waves_gradient(&e, run));
    snug_waves_angle_gradients(&e.waves, run->rows, run->cache);
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        find_input_gradients(&e, &c->columns, run->tensors[t.frequencies],
                             waves_gradient(&e, run) + i * e.waves.stride,
                             run->dy + i * run->outputs + e.others, run->dx + i * run->inputs);
    }
}

/* ---- gradients of the parameters ------------------------------------------------------------- */

/* What is summed over the rows: entries `first` and following of a tensor of n rows. */
typedef struct row_sum {
    const snug_layer_call *run;
    const embedding *e;
    size_t first;
} row_sum;

static void add_frequencies(const void *user, const snug_matrix_part *part, float *const *sums) {
    const row_sum *s = user;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        snug_waves_add_frequencies(&s->e->waves, s->first + part->column, part->columns,
                                   s->run->cache + i * s->e->waves.stride, sums[0]);
    }
}

static void add_phases(const void *user, const snug_matrix_part *part, float *const *sums) {
    const row_sum *s = user;
    const float *d = waves_gradient(s->e, s->run) + s->first + part->column;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        snug_vector_add(part->columns, d + i * s->e->waves.stride, sums[0]);
    }
}

static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const tensor_numbers t = numbers_of(config);
    const embedding e = embedding_of(config, run->inputs);
    const snug_column_maps maps = maps_of(&e);
    const snug_made_gradient made = made_gradient_of(&e, run);
    if (tensor == t.weight) {
        snug_column_maps_weight_gradient(&maps, run, waves_read(&e, run), &made, first, count,
                                         gradient);
    } else if (tensor == t.bias) {
        snug_column_maps_bias_gradient(&maps, run, &made, first, count, gradient);
    } else {
        const row_sum sum = {run, &e, first * e.waves.count};
        snug_sum_parts(run->rows, count * e.waves.count,
                       tensor == t.frequencies ? add_frequencies : add_phases, &sum,
                       run->add_gradients, 1, &gradient);
    }
}

/* ---- the kind -------------------------------------------------------------------------------- */

/* The gradient before a ReLU is found from its output. */
static unsigned flags_of(const void *config) {
    const periodic_config *c = config;
    return c->variant == PLR ? SNUG_READS_OUTPUT : 0;
}

static size_t column_of(const void *config, size_t column) {
    return snug_columns_behind(&((const periodic_config *)config)->columns, column);
}

static const char *check(const void *config) {
    const periodic_config *c = config;
    return c->variant == PBLD && c->units == 1 ? "units must be at least 2 in pbld, whose first "
                                                 "number is the column itself"
                                               : NULL;
}

static const snug_field fields[] = {
    {SNUG_FIELD(periodic_config, columns, COLUMNS, "the columns that are embedded"),
     .initial_text = "numeric"},
    SNUG_CHOICE_FIELD(periodic_config, variant, PBLD, variant_names,
                      "pbld: x and linear maps of its waves; plr: a linear map of its waves and a "
                      "ReLU"),
    SNUG_SIZE_FIELD(periodic_config, frequencies, 0, SNUG_FROM_TO(0, 4096),
                    "waves a column; 0: 16 in pbld, 48 in plr"),
    SNUG_SIZE_FIELD(periodic_config, units, 0, SNUG_FROM_TO(0, 4096),
                    "outputs a column; 0: 4 in pbld, 24 in plr"),
    SNUG_REAL_FIELD(periodic_config, sigma, 0.1, SNUG_ABOVE(0),
                    "standard deviation of the initial frequencies"),
    SNUG_RATE_FACTOR_FIELD(periodic_config, learning_rate_factor,
                           "times the learning rate of all its parameters"),
    SNUG_FIELDS_END,
};

/* A row for each chosen column, until all are one row again. */
static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const periodic_config *c = config;
    const tensor_numbers t = numbers_of(c);
    const embedding e = embedding_of(c, layer->shape->inputs);
    if (e.waves.columns == 0) {
        return layer->x;
    }
    const size_t n = e.waves.columns;
    snug_value x = snug_graph_reshape(g, snug_columns_chosen(g, &c->columns, layer->x), n, 1);
    const snug_linear_weights maps = {n, planes_of(c) * e.waves.count, e.made,
                                      layer->tensors[t.weight], layer->tensors[t.bias]};
    const float *phases = c->variant == PBLD ? layer->tensors[t.phases] : NULL;
    snug_value waves = snug_waves_graph(g, &e.waves, x, layer->tensors[t.frequencies], phases);
    snug_value made = snug_graph_linear(g, waves, &maps);
    made = c->variant == PLR ? snug_graph_leaky_relu(g, made, 0)
                             : snug_graph_concatenate(g, 2, (snug_value[]){x, made});
    made = snug_graph_reshape(g, made, 1, n * e.units);
    return snug_columns_join(g, &c->columns, layer->x, made);
}

const snug_layer_kind snug_layer_periodic_embedding_kind = {
    .base = {.name = "periodic_embedding",
             .summary = "each numeric column becomes several numbers, by waves whose frequencies "
                        "are trained",
             .fields = fields,
             .config_size = sizeof(periodic_config),
             .check = check},
    .flags = SNUG_ROWWISE,
    .flags_of = flags_of,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .column_of = column_of,
    .graph = graph};

snug_layer *snug_periodic_embedding(void) {
    return snug_layer_make("periodic_embedding", NULL);
}
