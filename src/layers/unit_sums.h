/*
 * The sums of a unit's weights and of their squares: omega and tau in Klambauer et al. 2017,
 * "Self-normalizing neural networks", by which a unit changes the mean and the variance of its
 * inputs. Layers return them by unit_sums() of their kind.
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

/* Multiplies the weights of a unit, but not its bias, by a factor. */
void snug_scale_unit(snug_unit_sums *unit, double factor);

#endif
