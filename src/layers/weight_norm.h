/*
 * Weight normalization: weights given by a direction and a length per unit (Salimans and Kingma
 * 2016, "Weight normalization: a simple reparameterization to accelerate training of deep neural
 * networks").
 */
#ifndef SNUG_LAYERS_WEIGHT_NORM_H
#define SNUG_LAYERS_WEIGHT_NORM_H

#include <stddef.h>

/* Sets lengths[j] = |v[:, j]|, for v of inputs x units. */
void snug_column_lengths(size_t inputs, size_t units, const float *v, float *lengths);

/*
 * Computes w[:, j] = g[j] v[:, j] / |v[:, j]| for v and w of inputs x units, and inverse[j] =
 * 1 / |v[:, j]|, or 0 where that length is 0, for backward.
 */
void snug_weight_norm(size_t inputs, size_t units, const float *v, const float *g, float *w,
                      float *inverse);

/*
 * Adds the gradients of v and g that belong to that of w, dw: with p[j] = dw[:, j] v[:, j]
 * inverse[j], dg += p and dv[:, j] += g[j] inverse[j] (dw[:, j] - p[j] inverse[j] v[:, j]). p is
 * work space, units.
 */
void snug_weight_norm_backward(size_t inputs, size_t units, const float *v, const float *g,
                               const float *inverse, const float *dw, float *p, float *dv,
                               float *dg);

#endif
