/*
 * Initial weights and biases that are fitted to training rows: what a layer's fit() calls for each
 * linear map Z = X W + b that it has, and what the initializers of this kind share.
 */
#ifndef SNUG_INIT_LINEAR_FIT_H
#define SNUG_INIT_LINEAR_FIT_H

#include <snug/kind.h>

/* Returns whether an initializer depends on data; false for NULL. */
bool snug_init_needs_data(const snug_object *init);

/*
 * Lets the initializers change the weights w, inputs x outputs, and then the biases b, outputs, of
 * the map that `data` is of; either initializer, and with it its tensor, may be NULL. Fails as the
 * initializers do.
 */
snug_status snug_fit_linear(const snug_linear_data *data, const snug_object *weight_init, float *w,
                            const snug_object *bias_init, float *b);

/* Returns Z = X W, rows x outputs, to be freed by snug_release(); NULL without memory. */
float *snug_linear_outputs(const snug_linear_data *data, const float *w);

/*
 * Sets means[j] and variances[j] to the mean and the population variance of column j of z, which
 * has rows x columns, in double. A column whose values differ by their rounding alone has the
 * variance 0.
 */
void snug_column_moments(size_t rows, size_t columns, const float *z, double *means,
                         double *variances);

#endif
