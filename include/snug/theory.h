/*
 * The theory of self-normalizing networks: what layers make of mean and variance.
 *
 * A layer computes z = sum of w_i x_i for each of its units, and y = f(z). Where the x_i have one
 * mean and one variance and there are many of them, z is nearly Gaussian: its mean is omega mean
 * and its variance tau variance, with the sum omega of the unit's weights and the sum tau of their
 * squares. Mean and variance of y follow by integration; an activation normalizes itself if they
 * approach a fixed point from layer to layer. Klambauer et al. 2017, "Self-normalizing neural
 * networks", arXiv 1706.02515.
 *
 *     snug_theory_layer selu;
 *     status = snug_theory_activation("selu", NULL, 0, 1, &selu);     mean 0, variance 1
 *     snug_theory_fixed_point point;
 *     status = snug_theory_find_fixed_point("tanh", NULL, &point);    point.found is false
 *     status = snug_theory_solve(0, 2, NULL, &alpha, &scale);         a SELU that keeps variance 2
 *
 * An activation is given as for snug_activation_apply(): by name or as a JSON object. It must be
 * elementwise; any registered one can be used, see .exact and .kinks of snug_activation_kind.
 */
#ifndef SNUG_THEORY_H
#define SNUG_THEORY_H

#include <stdbool.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- one layer ------------------------------------------------------------------------------- */

/* The weights of a unit. NULL in place of them: omega 0 and tau 1. */
typedef struct snug_theory_weights {
    double omega; /* their sum */
    double tau;   /* the sum of their squares, more than 0 */
    /*
     * Weights are independent draws of mean 0 and variance tau / fan_in, so that the sum differs
     * from unit to unit: over all units z ~ N(0, tau (variance + mean^2)). omega must be 0.
     */
    bool random;
} snug_theory_weights;

/* What a layer makes of mean and variance. */
typedef struct snug_theory_layer {
    double mean, variance; /* of y */
    double second_moment;  /* E y^2 */
    double slope;          /* E f'(z) */
    double squared_slope;  /* E f'(z)^2 */
    /*
     * Derivatives of the mean of y (row 0) and of its variance (row 1) by mean (column 0) and
     * variance (column 1) of x.
     */
    double jacobian[2][2];
    /*
     * Factor of the second moment of gradients in backpropagation, tau E f'(z)^2, in a layer with
     * as many outputs as inputs.
     */
    double gradient_growth;
    /*
     * Factor of a small correlation between the activations of two samples, and of the distance to
     * 1 of a correlation near 1, the latter where f does not jump. NaN where y is constant, as with
     * a variance of 0.
     */
    double correlation_near_0, correlation_near_1;
} snug_theory_layer;

/*
 * Computes a layer of the function scale x for x > 0, scale alpha (e^x - 1) otherwise, in closed
 * form (equations 4 and 5 of the paper). Errors are below 1e-12 of max(abs(value), deviation of y)
 * for variances of z from 1e-12 to 1e4. alpha and scale must be more than 0, the variance at least
 * 0. Fails with SNUG_ERROR_ARGUMENT, also where mean or variance are so large that the second
 * moment of y overflows.
 */
SNUG_API snug_status snug_theory_selu(double alpha, double scale,
                                      const snug_theory_weights *weights, double mean,
                                      double variance, snug_theory_layer *layer);

/*
 * Computes a layer of any elementwise activation by numerical integration, with the errors of
 * snug_theory_selu() for built-in activations and relative errors of 1e-6 for those whose kind has
 * functions in float alone. Fails with the errors of snug_activation_apply(), and where a moment or
 * its derivative overflows, as those of e^x do from a variance of about 120 on, or is not defined.
 */
SNUG_API snug_status snug_theory_activation(const char *spec, const snug_theory_weights *weights,
                                            double mean, double variance, snug_theory_layer *layer);

/*
 * Follows mean and variance through `layers` layers: means[0] and variances[0] are those of the
 * input, entries 1 to `layers` are set. Fails as snug_theory_activation() does, naming the layer.
 */
SNUG_API snug_status snug_theory_iterate(const char *spec, const snug_theory_weights *weights,
                                         size_t layers, double *means, double *variances);

/*
 * Computes the correlation, in [-1, 1], of the activations of two samples behind a layer, of their
 * correlation before it, where both have that mean and variance. NaN where y is constant. The error
 * is about 1e-10. Fails as snug_theory_activation() does.
 */
SNUG_API snug_status snug_theory_correlation(const char *spec, const snug_theory_weights *weights,
                                             double mean, double variance, double correlation,
                                             double *next);

/* ---- fixed points ---------------------------------------------------------------------------- */

/*
 * Returns the spectral norm of a layer's Jacobian: below 1, the layer shortens all distances. NaN
 * for NULL.
 */
SNUG_API double snug_theory_spectral_norm(const snug_theory_layer *layer);

/*
 * Returns the spectral radius of a layer's Jacobian, the largest size of an eigenvalue. NaN for
 * NULL.
 */
SNUG_API double snug_theory_spectral_radius(const snug_theory_layer *layer);

/* A mean and a variance above 0 that a layer keeps. */
typedef struct snug_theory_fixed_point {
    bool found;              /* false: there is none, and the members but the limits are 0 */
    bool attracting;         /* .rate is below 1, by more than what rounding may be */
    double mean, variance;   /* of x and of y */
    double rate;             /* factor of a small distance to the point: the spectral radius */
    double norm;             /* spectral norm of the Jacobian */
    snug_theory_layer layer; /* at the point */
    /*
     * The variance that layers approach from mean 0 and variance 1: that of a fixed point, 0 or
     * infinity. Where the point is at variance 1, it is what they approach from a variance 0.2 %
     * below it, .limit_below, and above it, .limit_above, and .limit is NaN where these differ. NaN
     * also where there is no limit: with the identity, which keeps every variance.
     */
    double limit;
    double limit_below, limit_above;
    /* Another attracting point, that with the variance nearest to 1; .other_variance 0: none. */
    double other_mean, other_variance, other_rate;
} snug_theory_fixed_point;

/*
 * Finds the fixed point of an activation between variances of 1e-8 and 1e8. Of several, it is:
 *
 *     the one at variance 1 (random weights: at second moment 1), where networks of standardized
 *     inputs begin, whether it attracts or repels
 *     otherwise the attracting one that layers approach from there
 *     otherwise the attracting one whose variance is nearest to 1, by ratio
 *     otherwise one that repels
 *
 * An activation that keeps every variance, as the identity does, has one at variance 1 with a rate
 * of 1. With an omega other than 0 not all points may be found. Fails as snug_theory_activation()
 * does; that there is none is no failure.
 */
SNUG_API snug_status snug_theory_find_fixed_point(const char *spec,
                                                  const snug_theory_weights *weights,
                                                  snug_theory_fixed_point *point);

/* ---- SELUs with a given fixed point ---------------------------------------------------------- */

/*
 * Conventions about the weights, for snug_theory_solve() and snug_theory_convention():
 *
 *     zero_sum   omega = 0, as in the paper; the default
 *     unit_sum   omega = 1, as in the authors' program getSELUparameters
 *     random     independent weights of mean 0 and variance 1 / fan_in, as by lecun_normal
 *
 * They differ for means other than 0. Returns name `index`, or NULL: no more.
 */
SNUG_API const char *snug_theory_convention_name(size_t index);

/*
 * Sets weights to those of a convention; NULL: "zero_sum". Fails with SNUG_ERROR_ARGUMENT for an
 * unknown name.
 */
SNUG_API snug_status snug_theory_convention(const char *convention, snug_theory_weights *weights);

/*
 * Sets alpha and scale of the SELU that keeps a mean and a variance, to about 1e-14. For each
 * convention there is at most one. The variance must be between 1e-16 and 1e16. Fails with
 * SNUG_ERROR_ARGUMENT, also where there is no such SELU: where the mean is too far from 0 for the
 * variance. Whether the fixed point is attracting is another question: see snug_theory_selu() and
 * snug_theory_spectral_radius().
 */
SNUG_API snug_status snug_theory_solve(double mean, double variance, const char *convention,
                                       double *alpha, double *scale);

/* ---- theorems -------------------------------------------------------------------------------- */

/*
 * Return whether the assumptions of a theorem of the paper hold for a SELU with the constants of
 * <snug/activation.h>. `weights` NULL: omega 0 and tau 1; false for random weights.
 *
 *     1  mean and variance stay in the domain, and approach a fixed point in it:
 *        abs(mean) <= 0.1, abs(omega) <= 0.1, 0.8 <= variance <= 1.5, 0.95 <= tau <= 1.1
 *     2  the variance falls:
 *        abs(mean) <= 1, abs(omega) <= 0.1, 3 <= variance <= 16, 0.8 <= tau <= 1.25
 *     3  the variance grows: abs(mean) <= 0.1, abs(omega) <= 0.1, 0.02 <= variance, and
 *        variance <= 0.16 with 0.8 <= tau <= 1.25, or variance <= 0.24 with 0.9 <= tau <= 1.25
 */
SNUG_API bool snug_theory_theorem_1(const snug_theory_weights *weights, double mean,
                                    double variance);
SNUG_API bool snug_theory_theorem_2(const snug_theory_weights *weights, double mean,
                                    double variance);
SNUG_API bool snug_theory_theorem_3(const snug_theory_weights *weights, double mean,
                                    double variance);

#ifdef __cplusplus
}
#endif
#endif
