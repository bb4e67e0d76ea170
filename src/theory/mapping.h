/* What a layer makes of mean and variance, for functions in closed form and by quadrature alike. */
#ifndef SNUG_THEORY_MAPPING_H
#define SNUG_THEORY_MAPPING_H

#include <snug/theory.h>

#include "theory/quadrature.h"

/* Moments of y = f(z) for z ~ N(mean, variance), and their derivatives by mean and variance. */
typedef struct snug_mapped {
    snug_gaussian_moments moments;
    double mean_by_mean, mean_by_variance;
    double variance_by_mean, variance_by_variance;
} snug_mapped;

/* A function for which these can be computed. */
typedef struct snug_gaussian_function {
    /* Sets y for z ~ N(mean, variance), variance >= 0. */
    void (*map)(const void *context, double mean, double variance, snug_mapped *y);
    const void *context;
    double rounding; /* relative error of the function; 0: that of double */
} snug_gaussian_function;

/*
 * Computes a snug_mapped by quadrature. Derivatives follow from moments of f alone, so that f may
 * jump. Relative errors are about 1e-14, but for mean_by_variance: 1e-16 / sqrt(variance).
 */
void snug_map_by_quadrature(const snug_scalar_function *f, double mean, double variance,
                            snug_mapped *y);

/* Returns f, which must stay as long as the result is used, as a function of the type above. */
snug_gaussian_function snug_gaussian_by_quadrature(const snug_scalar_function *f);

/* Checks the arguments that functions of theory.h have in common; `weights` may be NULL. */
snug_status snug_theory_check(const snug_theory_weights *weights, double mean, double variance);

/*
 * Computes a layer with f and those weights (NULL: omega 0, tau 1), for arguments that
 * snug_theory_check() accepts.
 */
void snug_map_layer(const snug_gaussian_function *f, const snug_theory_weights *weights,
                    double mean, double variance, snug_theory_layer *layer);

/*
 * Fails with SNUG_ERROR_ARGUMENT where a layer's moments or their derivatives are not finite, for
 * the mean and variance of x that it was computed with.
 */
snug_status snug_theory_check_layer(const snug_theory_layer *layer, double mean, double variance);

/* As snug_map_layer(), but fails as snug_theory_check_layer() does, and then leaves the layer. */
snug_status snug_map_finite_layer(const snug_gaussian_function *f,
                                  const snug_theory_weights *weights, double mean, double variance,
                                  snug_theory_layer *layer);

/* Sets mean and variance of z, of those of x. */
void snug_map_sum(const snug_theory_weights *weights, double mean, double variance,
                  double *sum_mean, double *sum_variance);

#endif
