/* Activation functions on plain arrays. */
#ifndef SNUG_ACTIVATION_H
#define SNUG_ACTIVATION_H

#include <snug/field_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The paper's constants of SELU, for the fixed point of mean 0 and variance 1:
 * alpha = -sqrt(2/pi) / (erfc(1/sqrt(2)) exp(1/2) - 1), and scale.
 * Klambauer et al. 2017, "Self-normalizing neural networks", equation 14.
 */
#define SNUG_SELU_ALPHA 1.6732632423543772848170429916716520384611553482812
#define SNUG_SELU_SCALE 1.0507009873554804934193349852946063519589812043764

/*
 * Applies an activation and its derivative to n numbers: y[i] = f(x[i]), dydx[i] = f'(x[i]). y and
 * dydx may each be NULL, and y may be x. `spec` is a name or a JSON object: "selu",
 * "{\"type\": \"elu\", \"alpha\": 1.5}". A function of whole rows, such as softmax, sees one row of
 * n and has no derivative of a single number: give NULL for dydx.
 */
SNUG_API snug_status snug_activation_apply(const char *spec, size_t n, const float *x, float *y,
                                           float *dydx);

/*
 * Applies an activation as snug_activation_apply() does, by its name and with typed values of its
 * fields: see <snug/field_value.h>. NULL: the defaults.
 */
SNUG_API snug_status snug_activation_apply_fields(const char *kind, const snug_field_value *fields,
                                                  size_t n, const float *x, float *y, float *dydx);

#ifdef __cplusplus
}
#endif
#endif
