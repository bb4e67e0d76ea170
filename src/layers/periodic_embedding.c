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
 * What is kept of a row from forward to backward: x of the n columns, then planes of n x K numbers:
 * the sines, the cosines, and one or two for the gradient by the angles, which backward() fills;
 * for plr, n x V numbers more, the gradient before the ReLU. The products with W are one small
 * matrix product a column, over all rows.
 */
#include <math.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "core/status.h"
#include "kinds/field_macros.h"
#include "layers/columns.h"
#include "layers/parameter_options.h"
#include "math/elementary.h"
#include "math/gemm.h"
#include "math/reduce.h"

enum { PBLD, PLR };

static const char *const variant_names[] = {[PBLD] = "pbld", [PLR] = "plr", NULL};

typedef struct periodic_config {
    snug_columns columns;
    int variant;
    size_t frequencies, units;
    double sigma, learning_rate_factor;
} periodic_config;

static const float two_pi = 6.28318530717958648F;

/* ---- shapes ---------------------------------------------------------------------------------- */

/* The sizes of a layer for a number of inputs. */
typedef struct embedding {
    size_t chosen; /* n: columns that are embedded */
    size_t others; /* columns that are passed on */
    size_t waves;  /* K: frequencies of a column */
    size_t planes; /* of waves that W reads: the cosines, or sines and cosines */
    size_t units;  /* outputs of a column */
    size_t made;   /* V: those that W makes */
    size_t row;    /* floats of the cache a row */
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

static embedding embedding_of(const periodic_config *c, size_t inputs) {
    bool plr = c->variant == PLR;
    embedding e = {.chosen = snug_columns_count(&c->columns, inputs),
                   .waves = waves_of(c),
                   .planes = plr ? 2 : 1,
                   .units = units_of(c)};
    e.others = inputs - e.chosen;
    e.made = e.units - (plr ? 0 : 1);
    e.row = e.chosen * (1 + (2 + e.planes) * e.waves + (plr ? e.made : 0));
    return e;
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

/* Initial numbers that are uniform in (-limit, limit). */
static void fill_uniform(const snug_random *stream, double limit, size_t count, float *values) {
    snug_random_uniform(stream, 0, count, values);
    for (size_t i = 0; i < count; i++) {
        values[i] = (float)(limit * (2.0 * (double)values[i] - 1.0));
    }
}

/* Initial phases, in (-pi, pi). */
static void fill_phases(const void *config, const snug_random *stream, size_t count,
                        float *values) {
    (void)config;
    fill_uniform(stream, 0.5 * (double)two_pi, count, values);
}

/* Initial W and c, as torch.nn.Linear has them: uniform within 1 / sqrt(H). */
static void fill_linear(const void *config, const snug_random *stream, size_t count,
                        float *values) {
    const periodic_config *c = config;
    double inputs = (double)(waves_of(c) * (c->variant == PLR ? 2 : 1));
    fill_uniform(stream, 1.0 / sqrt(inputs), count, values);
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
    if (e.chosen == 0) {
        return SNUG_OK;
    }
    shape->cache = e.row;
    shape->tensor_count = t.count;
    shape->tensors[t.frequencies] =
        make_tensor(c, "frequencies", e.chosen, e.waves, fill_frequencies);
    if (c->variant == PBLD) {
        shape->tensors[t.phases] = make_tensor(c, "phases", e.chosen, e.waves, fill_phases);
        shape->tensors[t.phases].bias = true;
    }
    shape->tensors[t.weight] =
        make_tensor(c, "weight", e.chosen * e.planes * e.waves, e.made, fill_linear);
    shape->tensors[t.bias] = make_tensor(c, "bias", e.chosen, e.made, fill_linear);
    shape->tensors[t.bias].bias = true;
    return SNUG_OK;
}

/* ---- the parts of a row of the cache --------------------------------------------------------- */

/* Returns a plane of the first row: 0 the sines, 1 the cosines, 2 and 3 the gradients. */
static float *plane_of(const embedding *e, const snug_layer_call *run, size_t plane) {
    return run->cache + e->chosen * (1 + plane * e->waves);
}

/* Returns plane `w` of those that W reads, and its gradient. */
static float *waves_read(const embedding *e, const snug_layer_call *run, size_t w) {
    return plane_of(e, run, e->planes == 2 ? w : 1);
}

static float *waves_gradient(const embedding *e, const snug_layer_call *run, size_t w) {
    return plane_of(e, run, 2 + w);
}

/* The gradient by what W makes: of the first row, and how far rows and columns are apart. */
typedef struct made_gradient {
    const float *first;
    size_t row, column;
} made_gradient;

static made_gradient made_gradient_of(const periodic_config *c, const embedding *e,
                                      const snug_layer_call *run) {
    if (c->variant == PLR) {
        return (made_gradient){plane_of(e, run, 4), e->row, e->made};
    }
    return (made_gradient){run->dy + e->others + 1, run->outputs, e->units};
}

/* ---- forward --------------------------------------------------------------------------------- */

/* The waves of one x: sines and cosines of 2 pi w x + b, where b is NULL for 0. */
SNUG_INLINE void compute_waves(const bool fused, size_t waves, float x, const float *frequencies,
                               const float *phases, float *sines, float *cosines) {
    const float turns = 0x1.45f306p-3F; /* 1 / (2 pi) */
    if (phases == NULL) {
#pragma omp simd
        for (size_t k = 0; k < waves; k++) {
            snug_sincos_turns(fused, frequencies[k] * x, &sines[k], &cosines[k]);
        }
        return;
    }
#pragma omp simd
    for (size_t k = 0; k < waves; k++) {
        float t = snug_fma(fused, frequencies[k], x, phases[k] * turns);
        snug_sincos_turns(fused, t, &sines[k], &cosines[k]);
    }
}

SNUG_KERNEL(fill_waves,
            (const embedding *e, size_t rows, const float *frequencies, const float *phases,
             float *cache),
            (e, rows, frequencies, phases, cache)) {
    const size_t waves = e->waves, plane = e->chosen * waves;
    for (size_t i = 0; i < rows; i++, cache += e->row) {
        float *sines = cache + e->chosen;
        for (size_t j = 0; j < e->chosen; j++, sines += waves) {
            const float *phase = phases != NULL ? phases + j * waves : NULL;
            compute_waves(fused, waves, cache[j], frequencies + j * waves, phase, sines,
                          sines + plane);
        }
    }
}

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
        float *kept = run->cache + i * e->row, *y = run->y + i * run->outputs + e->others;
        for (size_t j = 0; j < e->chosen; j++) {
            kept[j] = x[snug_columns_number(&c->columns, j)];
            y[j * e->units] = kept[j];
        }
    }
}

/* Multiplies the waves of chosen column j by its W, for all rows. */
static void apply_weight(const periodic_config *c, const embedding *e, const snug_layer_call *run,
                         size_t j) {
    const tensor_numbers t = numbers_of(c);
    for (size_t w = 0; w < e->planes; w++) {
        size_t first = (j * e->planes + w) * e->waves;
        snug_gemm(&(snug_product){.add = w > 0,
                                  .m = run->rows,
                                  .n = e->made,
                                  .k = e->waves,
                                  .a = waves_read(e, run, w) + j * e->waves,
                                  .lda = e->row,
                                  .b = run->tensors[t.weight] + first * e->made,
                                  .ldb = e->made,
                                  .bias = w == 0 ? run->tensors[t.bias] + j * e->made : NULL,
                                  .c = run->y + e->others + (j + 1) * e->units - e->made,
                                  .ldc = run->outputs});
    }
}

static void forward(const void *config, const snug_layer_call *run) {
    const periodic_config *c = config;
    const tensor_numbers t = numbers_of(c);
    const embedding e = embedding_of(c, run->inputs);
    snug_columns_pass(&c->columns, run);
    if (e.chosen == 0) {
        return;
    }
    take_chosen(c, &e, run);
    fill_waves(&e, run->rows, run->tensors[t.frequencies],
               c->variant == PBLD ? run->tensors[t.phases] : NULL, run->cache);
    for (size_t j = 0; j < e.chosen; j++) {
        apply_weight(c, &e, run, j);
    }
    for (size_t i = 0; c->variant == PLR && i < run->rows; i++) {
        rectify(e.chosen * e.units, run->y + i * run->outputs + e.others);
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
 * Turns the gradients by sines and cosines, in the planes 2 and 3, into those by the angles, in
 * plane 2: cos ds - sin dc. With one plane it is that of the cosines, and the result - sin dc.
 */
SNUG_KERNEL(find_angle_gradients, (const embedding *e, size_t rows, float *cache),
            (e, rows, cache)) {
    const size_t n = e->chosen * e->waves;
    const bool both = e->planes == 2;
    for (size_t i = 0; i < rows; i++) {
        const float *sines = cache + i * e->row + e->chosen, *cosines = sines + n;
        float *first = cache + i * e->row + e->chosen + 2 * n;
        const float *second = both ? first + n : first;
#pragma omp simd
        for (size_t k = 0; k < n; k++) {
            float by_sine = both ? cosines[k] * first[k] : 0.0F;
            first[k] = snug_fma(fused, -sines[k], second[k], by_sine);
        }
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
    for (size_t j = 0; j < e->chosen; j++) {
        float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
        for (size_t k = 0; k < e->waves; k++) {
            sum = snug_fma(fused, frequencies[j * e->waves + k], d[j * e->waves + k], sum);
        }
        float direct = e->planes == 1 ? dy[j * e->units] : 0.0F;
        dx[snug_columns_number(columns, j)] = snug_fma(fused, two_pi, sum, direct);
    }
}

/* Brings the gradient by what W makes back to the waves of chosen column j, for all rows. */
static void apply_weight_back(const periodic_config *c, const embedding *e,
                              const snug_layer_call *run, size_t j) {
    const made_gradient made = made_gradient_of(c, e, run);
    for (size_t w = 0; w < e->planes; w++) {
        size_t first = (j * e->planes + w) * e->waves;
        snug_gemm(&(snug_product){.transpose_b = true,
                                  .m = run->rows,
                                  .n = e->waves,
                                  .k = e->made,
                                  .a = made.first + j * made.column,
                                  .lda = made.row,
                                  .b = run->tensors[numbers_of(c).weight] + first * e->made,
                                  .ldb = e->made,
                                  .c = waves_gradient(e, run, w) + j * e->waves,
                                  .ldc = e->row});
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const periodic_config *c = config;
    const embedding e = embedding_of(c, run->inputs);
    snug_columns_pass_back(&c->columns, run);
    if (e.chosen == 0) {
        return;
    }
    for (size_t i = 0; c->variant == PLR && i < run->rows; i++) {
        size_t at = i * run->outputs + e.others;
        rectify_gradient(e.chosen * e.units, run->y + at, run->dy + at,
                         plane_of(&e, run, 4) + i * e.row);
    }
    for (size_t j = 0; j < e.chosen; j++) {
        apply_weight_back(c, &e, run, j);
    }
    find_angle_gradients(&e, run->rows, run->cache);
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        find_input_gradients(&e, &c->columns, run->tensors[numbers_of(c).frequencies],
                             waves_gradient(&e, run, 0) + i * e.row,
                             run->dy + i * run->outputs + e.others, run->dx + i * run->inputs);
    }
}

/* ---- gradients of the parameters ------------------------------------------------------------- */

/* What is summed over the rows: entries `first` and following of a tensor of n rows. */
typedef struct row_sum {
    const snug_layer_call *run;
    const embedding *e;
    made_gradient made;
    size_t first;
} row_sum;

/* sums[j] += 2 pi x d for `count` of the frequencies from number `first` on, in a row */
SNUG_KERNEL(add_frequency_gradients,
            (size_t waves, size_t first, size_t count, const float *x, const float *d, float *sums),
            (waves, first, count, x, d, sums)) {
    const size_t end = first + count;
    for (size_t at = first; at < end;) {
        size_t column = at / waves, stop = (column + 1) * waves < end ? (column + 1) * waves : end;
        const float factor = two_pi * x[column];
#pragma omp simd
        for (size_t k = at; k < stop; k++) {
            sums[k - first] = snug_fma(fused, factor, d[k], sums[k - first]);
        }
        at = stop;
    }
}

static void add_frequencies(const void *user, const snug_matrix_part *part, float *const *sums) {
    const row_sum *s = user;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        add_frequency_gradients(s->e->waves, s->first + part->column, part->columns,
                                s->run->cache + i * s->e->row,
                                waves_gradient(s->e, s->run, 0) + i * s->e->row, sums[0]);
    }
}

static void add_phases(const void *user, const snug_matrix_part *part, float *const *sums) {
    const row_sum *s = user;
    const float *d = waves_gradient(s->e, s->run, 0) + s->first + part->column;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        snug_vector_add(part->columns, d + i * s->e->row, sums[0]);
    }
}

static void add_biases(const void *user, const snug_matrix_part *part, float *const *sums) {
    const row_sum *s = user;
    const size_t first = s->first + part->column, made = s->e->made;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        size_t column = first / made, v = first % made;
        const float *row = s->made.first + i * s->made.row + column * s->made.column;
        for (size_t j = 0; j < part->columns; j++) {
            sums[0][j] += row[v];
            if (++v == made) {
                v = 0;
                row += s->made.column;
            }
        }
    }
}

/* Sums over the rows, into `count` gradients from number `first` of the tensor on. */
static void sum_rows(const snug_layer_call *run, const embedding *e, const made_gradient *made,
                     snug_add_part *add, size_t first, size_t count, float *gradient) {
    const row_sum s = {run, e, *made, first};
    snug_sum_parts(run->rows, count, add, &s, run->add_gradients, 1, &gradient);
}

/* Computes rows first .. first + count - 1 of dW: those of some waves, of one plane at a time. */
static void find_weight_gradient(const periodic_config *c, const embedding *e,
                                 const snug_layer_call *run, size_t first, size_t count,
                                 float *gradient) {
    const made_gradient made = made_gradient_of(c, e, run);
    for (size_t at = first, end = first + count; at < end;) {
        size_t block = at / e->waves, column = block / e->planes, wave = at % e->waves;
        size_t rows = e->waves - wave < end - at ? e->waves - wave : end - at;
        snug_gemm(
            &(snug_product){.transpose_a = true,
                            .add = run->add_gradients,
                            .m = rows,
                            .n = e->made,
                            .k = run->rows,
                            .a = waves_read(e, run, block % e->planes) + column * e->waves + wave,
                            .lda = e->row,
                            .b = made.first + column * made.column,
                            .ldb = made.row,
                            .c = gradient + (at - first) * e->made,
                            .ldc = e->made});
        at += rows;
    }
}

static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const periodic_config *c = config;
    const tensor_numbers t = numbers_of(c);
    const embedding e = embedding_of(c, run->inputs);
    const made_gradient made = made_gradient_of(c, &e, run);
    if (tensor == t.weight) {
        find_weight_gradient(c, &e, run, first, count, gradient);
    } else if (tensor == t.bias) {
        sum_rows(run, &e, &made, add_biases, first * e.made, count * e.made, gradient);
    } else {
        sum_rows(run, &e, &made, tensor == t.frequencies ? add_frequencies : add_phases,
                 first * e.waves, count * e.waves, gradient);
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
    SNUG_REAL_FIELD(periodic_config, learning_rate_factor, 1, SNUG_RATE_FACTOR_RANGE,
                    "times the learning rate of all its parameters"),
    SNUG_FIELDS_END,
};

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
};

snug_layer *snug_periodic_embedding(void) {
    return snug_layer_make("periodic_embedding", NULL);
}
