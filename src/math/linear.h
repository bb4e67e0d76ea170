/* The three products of a linear map Y = X W + b, X being rows x inputs and W inputs x outputs. */
#ifndef SNUG_MATH_LINEAR_H
#define SNUG_MATH_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

typedef struct snug_linear {
    size_t rows, inputs, outputs;
    bool large; /* W is: see snug_gemm_is_large() */
} snug_linear;

/* y = x w + bias; bias NULL: none */
void snug_linear_forward(const snug_linear *map, const float *x, const float *w, const float *bias,
                         float *y);

/* dw = x' dy, or with `add` dw += x' dy: its rows from `first` on, count x outputs */
void snug_linear_backward_weight(const snug_linear *map, const float *x, const float *dy, bool add,
                                 size_t first, size_t count, float *dw);

/* dx = dy w', or with `add` dx += dy w' */
void snug_linear_backward_input(const snug_linear *map, const float *dy, const float *w, bool add,
                                float *dx);

#endif
