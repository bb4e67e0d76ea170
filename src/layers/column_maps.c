#include <math.h>

#include "layers/column_maps.h"
#include "math/gemm.h"
#include "math/random.h"
#include "math/reduce.h"

/* ---- initial values -------------------------------------------------------------------------- */

void snug_fill_within(const snug_random *stream, double limit, size_t count, float *values) {
    snug_random_uniform(stream, 0, count, values);
    for (size_t i = 0; i < count; i++) {
        values[i] = (float)(limit * (2.0 * (double)values[i] - 1.0));
    }
}

void snug_column_maps_fill(size_t numbers, const snug_random *stream, size_t count, float *values) {
    snug_fill_within(stream, 1.0 / sqrt((double)numbers), count, values);
}

/* ---- passes ---------------------------------------------------------------------------------- */

/* Returns the offset in a row of v of plane p of column j. */
static size_t encoding_at(const snug_column_maps *maps, size_t j, size_t p) {
    return (p * maps->columns + j) * maps->width;
}

void snug_column_maps_forward(const snug_column_maps *maps, size_t rows, const float *v,
                              const float *weight, const float *bias, const snug_made *y) {
    for (size_t i = 0; i < maps->columns * maps->planes; i++) {
        size_t j = i / maps->planes, p = i % maps->planes;
        snug_gemm(&(snug_product){.add = p > 0,
                                  .m = rows,
                                  .n = maps->made,
                                  .k = maps->width,
                                  .a = v + encoding_at(maps, j, p),
                                  .lda = maps->stride,
                                  .b = weight + i * maps->width * maps->made,
                                  .ldb = maps->made,
                                  .bias = p == 0 ? bias + j * maps->made : NULL,
                                  .c = y->first + j * y->column,
                                  .ldc = y->row});
    }
}

void snug_column_maps_backward(const snug_column_maps *maps, size_t rows,
                               const snug_made_gradient *dy, const float *weight, float *dv) {
    for (size_t i = 0; i < maps->columns * maps->planes; i++) {
        size_t j = i / maps->planes, p = i % maps->planes;
        snug_gemm(&(snug_product){.transpose_b = true,
                                  .m = rows,
                                  .n = maps->width,
                                  .k = maps->made,
                                  .a = dy->first + j * dy->column,
                                  .lda = dy->row,
                                  .b = weight + i * maps->width * maps->made,
                                  .ldb = maps->made,
                                  .c = dv + encoding_at(maps, j, p),
                                  .ldc = maps->stride});
    }
}

/* ---- gradients of the parameters ------------------------------------------------------------- */

/* Of some planes of some columns, one at a time. */
void snug_column_maps_weight_gradient(const snug_column_maps *maps, const snug_layer_call *run,
                                      const float *v, const snug_made_gradient *dy, size_t first,
                                      size_t count, float *gradient) {
    for (size_t at = first, end = first + count, rows; at < end; at += rows) {
        size_t block = at / maps->width, within = at % maps->width;
        size_t j = block / maps->planes, p = block % maps->planes;
        rows = maps->width - within < end - at ? maps->width - within : end - at;
        snug_gemm(&(snug_product){.transpose_a = true,
                                  .add = run->add_gradients,
                                  .m = rows,
                                  .n = maps->made,
                                  .k = run->rows,
                                  .a = v + encoding_at(maps, j, p) + within,
                                  .lda = maps->stride,
                                  .b = dy->first + j * dy->column,
                                  .ldb = dy->row,
                                  .c = gradient + (at - first) * maps->made,
                                  .ldc = maps->made});
    }
}

/* What is summed over the rows: entries `first` and following of c. */
typedef struct bias_sum {
    const snug_column_maps *maps;
    const snug_made_gradient *dy;
    size_t first;
} bias_sum;

/* A snug_add_part: adds the runs of neighbours in dy, those of one column each. */
static void add_biases(const void *user, const snug_matrix_part *part, float *const *sums) {
    const bias_sum *s = user;
    const size_t first = s->first + part->column, end = first + part->columns, made = s->maps->made;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        const float *row = s->dy->first + i * s->dy->row;
        for (size_t at = first, count; at < end; at += count) {
            size_t j = at / made, k = at % made;
            count = made - k < end - at ? made - k : end - at;
            snug_vector_add(count, row + j * s->dy->column + k, sums[0] + (at - first));
        }
    }
}

void snug_column_maps_bias_gradient(const snug_column_maps *maps, const snug_layer_call *run,
                                    const snug_made_gradient *dy, size_t first, size_t count,
                                    float *gradient) {
    const bias_sum sum = {maps, dy, first * maps->made};
    snug_sum_parts(run->rows, count * maps->made, add_biases, &sum, run->add_gradients, 1,
                   &gradient);
}
