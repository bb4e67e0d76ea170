/* The masks of dropout, and the affine correction of alpha dropout; the tests use them too. */
#ifndef SNUG_LAYERS_DROPOUT_H
#define SNUG_LAYERS_DROPOUT_H

#include <snug/kind.h> /* IWYU pragma: export */

/* Sets mask[i] to 0 with probability rate, else to 1, by number first + i of the stream. */
void snug_dropout_mask(const snug_random *stream, double rate, uint64_t first, size_t n,
                       float *mask);

/* Computes y = factor * (mask x + (1 - mask) dropped) + shift for n numbers; y may be x. */
void snug_dropout_apply(size_t n, const float *mask, const float *x, float dropped, float factor,
                        float shift, float *y);

/* Computes dx = factor * mask dy for n numbers; dx may be dy. */
void snug_dropout_backward(size_t n, const float *mask, const float *dy, float factor, float *dx);

/*
 * Computes the correction a x + b that keeps mean m and variance v when the share 1 - q of x
 * becomes `dropped`: a = sqrt(v / (q ((1 - q) (dropped - m)^2 + v))), b = m - a (q m + (1 - q)
 * dropped). Klambauer et al. 2017, section 2, there for m = 0 and v = 1; the general form is of the
 * authors' code.
 */
void snug_alpha_dropout_correction(double rate, double dropped, double mean, double variance,
                                   double *a, double *b);

#endif
