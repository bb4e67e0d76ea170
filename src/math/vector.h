/* Flat vectors: lengths, scaling, limits and running means. */
#ifndef SNUG_MATH_VECTOR_H
#define SNUG_MATH_VECTOR_H

#include <stddef.h>

/* sqrt(sum of x[i]^2), summed in double */
double snug_norm(size_t n, const float *x);

/* x[i] *= factor */
void snug_scale(size_t n, float factor, float *x);

/* totals[i] += x[i], in double; or x[i] := totals[i] + x[i], rounded once */
void snug_add_to_totals(size_t n, const float *x, double *totals);
void snug_add_totals(size_t n, const double *totals, float *x);

/* x[i] into [-limit, limit]; NaN stays */
void snug_clamp(size_t n, float limit, float *x);

/* mean[i] += share (x[i] - mean[i]) */
void snug_lerp(size_t n, float share, const float *x, float *mean);

/* x and y change places */
void snug_swap(size_t n, float *x, float *y);

#endif
