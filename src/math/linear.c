/* Each function describes its product by a snug_product; math/gemm.h computes it. */
#include "math/gemm.h"
#include "math/linear.h"

void snug_linear_forward(const snug_linear *map, const float *x, const float *w, const float *bias,
                         float *y) {
    snug_gemm(&(snug_product){.large = map->large,
                              .m = map->rows,
                              .n = map->outputs,
                              .k = map->inputs,
                              .a = x,
                              .lda = map->inputs,
                              .b = w,
                              .ldb = map->outputs,
                              .bias = bias,
                              .c = y,
                              .ldc = map->outputs});
}

/*
 * X is read transposed where it is stored: its columns from `first` on are the rows of the product.
 */
void snug_linear_backward_weight(const snug_linear *map, const float *x, const float *dy, bool add,
                                 size_t first, size_t count, float *dw) {
    snug_gemm(&(snug_product){.transpose_a = true,
                              .large = map->large,
                              .add = add,
                              .m = count,
                              .n = map->outputs,
                              .k = map->rows,
                              .a = x + first,
                              .lda = map->inputs,
                              .b = dy,
                              .ldb = map->outputs,
                              .c = dw,
                              .ldc = map->outputs});
}

void snug_linear_backward_input(const snug_linear *map, const float *dy, const float *w, bool add,
                                float *dx) {
    snug_gemm(&(snug_product){.transpose_b = true,
                              .large = map->large,
                              .add = add,
                              .m = map->rows,
                              .n = map->inputs,
                              .k = map->outputs,
                              .a = dy,
                              .lda = map->outputs,
                              .b = w,
                              .ldb = map->outputs,
                              .c = dx,
                              .ldc = map->inputs});
}
