/*
 * Penalties on the size of weights and the limit of their columns' norms: the value of a penalty,
 * its gradient, and the scaling that keeps to the limit (max-norm regularization; Srivastava et al.
 * 2014, "Dropout: a simple way to prevent neural networks from overfitting", section 5.1).
 */
#ifndef SNUG_MATH_PENALTY_H
#define SNUG_MATH_PENALTY_H

#include <stddef.h>

/* Returns the penalty l1 sum |w[i]| + l2 sum w[i]^2 of n weights, summed in double. */
double snug_penalty_value(size_t n, double l1, double l2, const float *w);

/*
 * Adds the penalty's gradient to g: g[i] += scale (l1 sign(w[i]) + 2 l2 w[i]). The slope of |w| at
 * 0 counts as 0, so that a weight of 0 is not moved by its penalty.
 */
void snug_penalty_gradient(size_t n, double l1, double l2, double scale, const float *w, float *g);

/*
 * Scales each column of w, rows x columns, whose Euclidean norm is above `max`, to that norm. A
 * column holds the weights of one unit.
 */
void snug_limit_columns(size_t rows, size_t columns, double max, float *w);

#endif
