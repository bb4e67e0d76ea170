/*
 * An activation around another one, a f(x) + b, whose numbers a > 0 and b follow from the moments
 * of f for standard normal x: what the kinds standardized and gaussian_poincare share. f is any
 * activation of single numbers, with a configuration of its own.
 */
#ifndef SNUG_ACTIVATIONS_AFFINE_H
#define SNUG_ACTIVATIONS_AFFINE_H

#include <snug/kind.h> /* IWYU pragma: export */

#include "kinds/field_macros.h" /* IWYU pragma: export */
#include "theory/quadrature.h"  /* IWYU pragma: export */

typedef struct snug_affine_config {
    snug_object *of;      /* f */
    double factor, shift; /* a and b, which prepare() of the kind computes */
} snug_affine_config;

/* The table of fields of both kinds: "of". */
extern const snug_field snug_affine_fields[];

/*
 * Sets *moments to those of f for standard normal x. Fails where f works on whole rows, is wrapped
 * too often, or has no variance that floats can be divided by.
 */
snug_status snug_affine_moments(const snug_affine_config *config, snug_gaussian_moments *moments);

/*
 * Sets a and b. A b that is rounding error of the moments counts as 0, so that an odd f stays odd.
 */
void snug_affine_set(snug_affine_config *config, double factor, double shift);

/* The functions of snug_activation_kind, for a configuration that is a snug_affine_config. */
void snug_affine_forward(const void *config, size_t rows, size_t columns, const float *x, float *y);
void snug_affine_backward(const void *config, size_t rows, size_t columns, const float *x,
                          const float *y, const float *dy, float *dx);
void snug_affine_derivative(const void *config, size_t n, const float *x, float *dydx);
double snug_affine_exact(const void *config, double x);
double snug_affine_exact_derivative(const void *config, double x);
size_t snug_affine_kinks(const void *config, double *kinks);
snug_value snug_affine_graph(const void *config, snug_graph *graph, snug_value x);

#endif
