/*
 * The sums of a unit's weights and of their squares: omega and tau in Klambauer et al. 2017,
 * "Self-normalizing neural networks", by which a unit changes the mean and the variance of its
 * inputs. Layers return them by unit_sums() of their kind. Beside them are the sums that moments()
 * of other kinds need.
 */
#ifndef SNUG_LAYERS_UNIT_SUMS_H
#define SNUG_LAYERS_UNIT_SUMS_H

#include <snug/kind.h>

/*
 * Sets .sum and .square of units[j] to the sums over column j of a matrix w, inputs x outputs,
 * whose row i is multiplied by scale[i], unless scale is NULL, and .bias to bias[j], or 0 for NULL.
 */
void snug_sum_units(size_t inputs, size_t outputs, const float *w, const float *scale,
                    const float *bias, snug_unit_sums *units);

/* Returns the mean of n numbers and, in *square, unless it is NULL, that of their squares. */
double snug_mean_of(size_t n, const float *values, double *square);

/*
 * Changes the mean and variance of normalized numbers, whose mean is 0 in each of n columns, to
 * those over all columns of weight[j] times the numbers of column j, plus bias[j].
 */
void snug_normalized_moments(size_t n, const float *weight, const float *bias,
                             snug_layer_moments *moments);

/*
 * Changes the mean and variance of independent inputs to those of x W + b, over rows and units, and
 * sets .gradient; w is inputs x outputs, and bias may be NULL. The formulas are those of
 * snug_layer_theory.
 */
void snug_linear_moments(size_t inputs, size_t outputs, const float *w, const float *bias,
                         snug_layer_moments *moments);

/* Multiplies the weights of a unit, but not its bias, by a factor. */
void snug_scale_unit(snug_unit_sums *unit, double factor);

#endif
