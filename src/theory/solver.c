/* Constants of SELU for any fixed point. */
#include <math.h>
#include <string.h>

#include "core/spelling.h"
#include "core/status.h"
#include "theory/mapping.h"

/* ---- conventions ----------------------------------------------------------------------------- */

static const char *const names[] = {"zero_sum", "unit_sum", "random"};
static const snug_theory_weights conventions[] = {
    {.omega = 0.0, .tau = 1.0},
    {.omega = 1.0, .tau = 1.0},
    {.omega = 0.0, .tau = 1.0, .random = true},
};
enum { CONVENTIONS = sizeof names / sizeof *names };

const char *snug_theory_convention_name(size_t index) {
    return index < CONVENTIONS ? names[index] : NULL;
}

snug_status snug_theory_convention(const char *convention, snug_theory_weights *weights) {
    if (weights == NULL) {
        return snug_fail_null("the weights");
    }
    for (size_t i = 0; i < CONVENTIONS; i++) {
        if (convention == NULL || strcmp(convention, names[i]) == 0) {
            *weights = conventions[i];
            return SNUG_OK;
        }
    }
    char known[128];
    snug_quote_names(names, CONVENTIONS, known, sizeof known);
    return snug_fail(SNUG_ERROR_ARGUMENT, "convention: must be one of %s (got \"%s\")", known,
                     convention);
}

/* ---- the solver ------------------------------------------------------------------------------ */

/*
 * Below the least variance the SELU is so nearly the identity that its rate, 1 - 0.4 sqrt(variance)
 * for mean 0, is 1 but for rounding; far above the other one derivatives lose their digits.
 */
static const double least = 1e-16, most = 1e16;

/* E z and E z^2 over z > 0; E (e^z - 1) and E (e^z - 1)^2 over z < 0. */
enum { ABOVE, ABOVE_SQUARED, BELOW, BELOW_SQUARED, PARTS };

static void evaluate_parts(const void *context, double t, double x, double *values) {
    (void)context;
    (void)t;
    double above = x > 0.0 ? x : 0.0, below = x > 0.0 ? 0.0 : expm1(x);
    values[ABOVE] = above;
    values[ABOVE_SQUARED] = above * above;
    values[BELOW] = below;
    values[BELOW_SQUARED] = below * below;
}

/*
 * E f / sqrt(E f^2) - share for a SELU f with that alpha, times sqrt(E f^2) / scale. It falls with
 * alpha, from .above to -infinity if there is a root.
 */
static double residual(const double parts[PARTS], double share, double alpha) {
    double second = parts[ABOVE_SQUARED] + alpha * alpha * parts[BELOW_SQUARED];
    return parts[ABOVE] + alpha * parts[BELOW] - share * sqrt(second);
}

static double residual_slope(const double parts[PARTS], double share, double alpha) {
    double second = parts[ABOVE_SQUARED] + alpha * alpha * parts[BELOW_SQUARED];
    return parts[BELOW] - share * alpha * parts[BELOW_SQUARED] / sqrt(second);
}

/* Newton's method between bounds of the root, which halve their distance where it leaves them. */
static double find_alpha(const double parts[PARTS], double share) {
    double low = 0.0, high = 1.0;
    while (residual(parts, share, high) > 0.0 && high < 1e300) {
        low = high;
        high *= 2.0;
    }
    double alpha = 0.5 * (low + high);
    for (int i = 0; i < 200; i++) {
        double r = residual(parts, share, alpha);
        *(r > 0.0 ? &low : &high) = alpha;
        double next = alpha - r / residual_slope(parts, share, alpha);
        if (!(next > low && next < high)) {
            next = 0.5 * (low + high);
        }
        if (fabs(next - alpha) <= 1e-16 * alpha) {
            return next;
        }
        alpha = next;
    }
    return alpha;
}

/* Returns whether double precision has the two halves: z is not too far from 0, nor too large. */
static bool are_known(const double parts[PARTS]) {
    return parts[BELOW_SQUARED] > 0.0 && parts[ABOVE_SQUARED] > 0.0 &&
           isfinite(parts[ABOVE_SQUARED]);
}

static snug_status fail_unsolvable(double mean, double variance, const char *convention,
                                   const double parts[PARTS], double share) {
    if (!are_known(parts)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "mean and variance: must not be so large, nor the mean so many deviations "
                         "from 0 (got %g and %g)",
                         mean, variance);
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "no SELU keeps a mean of %g and a variance of %g with the convention \"%s\": "
                     "mean / sqrt(variance + mean^2) must be between %.4g and %.4g (is %.4g)",
                     mean, variance, convention != NULL ? convention : names[0],
                     parts[BELOW] / sqrt(parts[BELOW_SQUARED]),
                     parts[ABOVE] / sqrt(parts[ABOVE_SQUARED]), share);
}

snug_status snug_theory_solve(double mean, double variance, const char *convention, double *alpha,
                              double *scale) {
    static const double kink = 0.0;
    snug_theory_weights weights;
    snug_status status = snug_theory_convention(convention, &weights);
    if (status == SNUG_OK) {
        status = snug_theory_check(NULL, mean, variance);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (alpha == NULL || scale == NULL) {
        return snug_fail_null(alpha == NULL ? "alpha" : "the scale");
    }
    if (!(variance > 0.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "variance: must be above 0 (got %g)", variance);
    }
    if (variance < least || variance > most) {
        return snug_fail(
            SNUG_ERROR_ARGUMENT,
            "variance: must be between %g and %g, where double precision tells whether "
            "its fixed point attracts (got %g)",
            least, most, variance);
    }
    double sum_mean, sum_variance, parts[PARTS];
    snug_map_sum(&weights, mean, variance, &sum_mean, &sum_variance);
    snug_integrand integrand = {.count = PARTS, .evaluate = evaluate_parts};
    snug_scalar_function f = {.kinks = &kink, .kink_count = 1};
    snug_gaussian_expect(&integrand, &f, sum_mean, sum_variance, parts);
    double size = hypot(sqrt(variance), mean), share = mean / size;
    bool solvable = are_known(parts) && share * sqrt(parts[ABOVE_SQUARED]) < parts[ABOVE] &&
                    share * sqrt(parts[BELOW_SQUARED]) > parts[BELOW];
    if (!solvable) {
        return fail_unsolvable(mean, variance, convention, parts, share);
    }
    double found = find_alpha(parts, share);
    *alpha = found;
    *scale = size / sqrt(parts[ABOVE_SQUARED] + found * found * parts[BELOW_SQUARED]);
    return SNUG_OK;
}
