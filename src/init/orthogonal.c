/*
 * Saxe, McClelland and Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep
 * linear neural networks": the rows of a wide matrix and the columns of a tall one are orthonormal.
 *
 * They come from normal numbers by the Gram-Schmidt process, which makes every such matrix equally
 * likely. It runs in place, with all sums in double; a second pass takes away what the rounding of
 * nearly parallel vectors leaves of the first.
 */
#include <math.h>

#include "init/fill.h"
#include "kinds/field_macros.h"

typedef struct orthogonal_config {
    double gain;
} orthogonal_config;

/* ---- the rows of a wide matrix --------------------------------------------------------------- */

/* Returns the sum of a[i] b[i], in double. */
static double dot(size_t n, const float *a, const float *b) {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i] * (double)b[i];
    }
    return sum;
}

/* Scales row k to length 1 and subtracts from each row below it the part along row k. */
static void orthonormalize_row(size_t rows, size_t columns, size_t k, float *w) {
    float *unit = w + k * columns;
    double length = sqrt(dot(columns, unit, unit));
    for (size_t i = 0; i < columns && length > 0.0; i++) {
        unit[i] = (float)((double)unit[i] / length);
    }
    for (size_t j = k + 1; j < rows; j++) {
        float *row = w + j * columns;
        double along = dot(columns, unit, row);
#pragma omp simd
        for (size_t i = 0; i < columns; i++) {
            row[i] = (float)((double)row[i] - along * (double)unit[i]);
        }
    }
}

/* ---- the columns of a tall matrix ------------------------------------------------------------ */

/*
 * The matrix is row-major: to read it in the order of memory, the dot products of column k with the
 * columns after it are added up row by row, for this many columns at once.
 */
enum { BLOCK = 64 };

/* Scales column k to length 1; a column of zeros stays. */
static void scale_column(size_t rows, size_t columns, size_t k, float *w) {
    double sum = 0.0;
    for (size_t i = 0; i < rows; i++) {
        sum += (double)w[i * columns + k] * (double)w[i * columns + k];
    }
    for (size_t i = 0; i < rows && sum > 0.0; i++) {
        w[i * columns + k] = (float)((double)w[i * columns + k] / sqrt(sum));
    }
}

/* Subtracts from columns first ... first + n - 1 their part along column k, row by row. */
static void project_columns(size_t rows, size_t columns, size_t k, size_t first, size_t n,
                            float *w) {
    double along[BLOCK] = {0.0};
    for (size_t i = 0; i < rows; i++) {
        const float *row = w + i * columns;
#pragma omp simd
        for (size_t j = 0; j < n; j++) {
            along[j] += (double)row[k] * (double)row[first + j];
        }
    }
    for (size_t i = 0; i < rows; i++) {
        float *row = w + i * columns;
        double unit = (double)row[k];
#pragma omp simd
        for (size_t j = 0; j < n; j++) {
            row[first + j] = (float)((double)row[first + j] - along[j] * unit);
        }
    }
}

/* Does for column k what orthonormalize_row() does for a row. */
static void orthonormalize_column(size_t rows, size_t columns, size_t k, float *w) {
    scale_column(rows, columns, k, w);
    for (size_t first = k + 1; first < columns; first += BLOCK) {
        size_t n = columns - first < BLOCK ? columns - first : BLOCK;
        project_columns(rows, columns, k, first, n, w);
    }
}

/* ---- the kind -------------------------------------------------------------------------------- */

/* One pass of the Gram-Schmidt process over the shorter side. */
static void orthogonalize(size_t rows, size_t columns, float *w) {
    for (size_t k = 0; k < rows && rows <= columns; k++) {
        orthonormalize_row(rows, columns, k, w);
    }
    for (size_t k = 0; k < columns && rows > columns; k++) {
        orthonormalize_column(rows, columns, k, w);
    }
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const orthogonal_config *c = config;
    (void)fan_in;
    (void)fan_out;
    snug_random_normal(stream, 0, rows * columns, w);
    orthogonalize(rows, columns, w);
    orthogonalize(rows, columns, w);
    for (size_t i = 0; i < rows * columns; i++) {
        w[i] = (float)(c->gain * (double)w[i]);
    }
}

/*
 * A vector of n entries and length gain has entries of mean square gain^2 / n; n is the longer
 * side.
 */
static double variance(const void *config, size_t fan_in, size_t fan_out) {
    const orthogonal_config *c = config;
    size_t n = fan_in > fan_out ? fan_in : fan_out;
    return n > 0 ? c->gain * c->gain / (double)n : 0.0;
}

static const snug_field fields[] = {
    SNUG_GAIN_FIELD(orthogonal_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_orthogonal_kind = {
    .base = {.name = "orthogonal",
             .summary = "orthonormal rows or columns, whichever are fewer",
             .fields = fields,
             .config_size = sizeof(orthogonal_config)},
    .fill = fill,
    .variance = variance,
};
