/*
 * The three products of a linear map Y = X W + b and its gradients. All matrices are row-major:
 *
 *     X, dX    rows x inputs, a sample a row
 *     W, dW    inputs x outputs
 *     Y, dY    rows x outputs
 *     b        outputs
 *
 * W is stored inputs x outputs because the forward product then needs no transposed operand; the
 * one product with W', that of backward, transposes a panel of W at a time (math/gemm_driver.c).
 */
#ifndef SNUG_MATH_LINEAR_H
#define SNUG_MATH_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

/* The shape of the map. */
typedef struct snug_linear {
    size_t rows, inputs, outputs;
    bool large; /* W is large, by snug_gemm_is_large() */
} snug_linear;

/* Computes y = x w + bias; bias may be NULL for none. */
void snug_linear_forward(const snug_linear *map, const float *x, const float *w, const float *bias,
                         float *y);

/*
 * Computes the rows first .. first + count - 1 of dW = X' dY, those of the inputs from `first` on,
 * into dw (count x outputs); with `add` it adds them to what dw holds.
 */
void snug_linear_backward_weight(const snug_linear *map, const float *x, const float *dy, bool add,
                                 size_t first, size_t count, float *dw);

/* Computes dx = dy w', or with `add` dx += dy w'. */
void snug_linear_backward_input(const snug_linear *map, const float *dy, const float *w, bool add,
                                float *dx);

#endif
