#include <math.h>

#include "theory/correlation.h"

/*
 * E (f(z1) - m) (f(z2) - m) as an integral over z1, whose integrand has an integral over z2: given
 * z1, z2 is Gaussian with mean + correlation (z1 - mean) and variance (1 - correlation^2).
 */
typedef struct pair {
    const snug_scalar_function *f;
    double mean, variance, correlation;
    double center; /* E f */
} pair;

/* Digits that are not asked for, so that fewer panels are halved. */
static const double precision = 1e-10;

static void evaluate_inner(const void *context, double t, double x, double *values) {
    const pair *p = context;
    (void)t;
    values[0] = p->f->value(p->f->context, x) - p->center;
}

static void evaluate_outer(const void *context, double t, double x, double *values) {
    const pair *p = context;
    double inner, c = p->correlation;
    snug_integrand integrand = {
        .count = 1, .evaluate = evaluate_inner, .context = p, .rounding = precision};
    (void)t;
    snug_gaussian_expect(&integrand, p->f, p->mean + c * (x - p->mean),
                         p->variance * (1.0 - c) * (1.0 + c), &inner);
    values[0] = (p->f->value(p->f->context, x) - p->center) * inner;
}

double snug_theory_correlate(const snug_scalar_function *f, double mean, double variance,
                             double correlation) {
    snug_gaussian_moments y = snug_theory_moments(f, mean, variance);
    if (!(y.variance > 0.0)) {
        return NAN;
    }
    if (correlation >= 1.0) {
        return 1.0;
    }
    double covariance;
    pair p = {f, mean, variance, fmax(correlation, -1.0), y.mean};
    snug_integrand integrand = {
        .count = 1, .evaluate = evaluate_outer, .context = &p, .rounding = precision};
    snug_gaussian_expect(&integrand, f, mean, variance, &covariance);
    /* Rounding must not leave the range that the next layer takes; NaN stays. */
    double next = covariance / y.variance;
    return fabs(next) > 1.0 ? copysign(1.0, next) : next;
}
