/* What penalties and limits of weights cost, pull, and cut. */
#ifndef SNUG_MATH_PENALTY_H
#define SNUG_MATH_PENALTY_H

#include <stddef.h>

/* l1 sum |w[i]| + l2 sum w[i]^2, summed in double */
double snug_penalty_value(size_t n, double l1, double l2, const float *w);

/* g[i] += scale (l1 sign(w[i]) + 2 l2 w[i]) */
void snug_penalty_gradient(size_t n, double l1, double l2, double scale, const float *w, float *g);

/* Scales each column of w, rows x columns, whose norm is above max to that norm. */
void snug_limit_columns(size_t rows, size_t columns, double max, float *w);

#endif
