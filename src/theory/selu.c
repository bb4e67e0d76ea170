/* SELU: mean and variance in closed form, and constants for other fixed points. */
#include <math.h>

#include "core/status.h"
#include "theory/erfcx.h"
#include "theory/mapping.h"

typedef struct selu {
    double alpha, scale;
} selu;

/* ---- integrals ------------------------------------------------------------------------------- */

/* Expectations for z ~ N(mean, variance) over one half of the line. */
typedef struct halves {
    double above;          /* the probability of z > 0 */
    double first, second;  /* E z and E z^2 over z > 0 */
    double power, squared; /* E e^z and E e^(2 z) over z < 0 */
    double density;        /* of z at 0 */
} halves;

/*
 * Returns E e^(k z) over z < 0, e^(k mean + k^2 variance / 2) erfc(x) / 2 with x = (mean + k
 * variance) / sqrt(2 variance). The exponent is negative where x is; elsewhere the product is
 * e^(-mean^2 / (2 variance)) erfcx(x) / 2, in which nothing overflows.
 */
static double power_below(double k, double mean, double variance) {
    double x = (mean + k * variance) / sqrt(2.0 * variance);
    if (x < 0.0) {
        return 0.5 * exp(k * (mean + 0.5 * k * variance)) * erfc(x);
    }
    return 0.5 * exp(-0.5 * mean * mean / variance) * snug_erfcx(x);
}

static halves integrate_halves(double mean, double variance) {
    const double pi = 3.14159265358979323846;
    double above = 0.5 * erfc(-mean / sqrt(2.0 * variance));
    double density = exp(-0.5 * mean * mean / variance) / sqrt(2.0 * pi * variance);
    return (halves){.above = above,
                    .first = mean * above + variance * density,
                    .second = (mean * mean + variance) * above + mean * variance * density,
                    .power = power_below(1.0, mean, variance),
                    .squared = power_below(2.0, mean, variance),
                    .density = density};
}

/* ---- the function itself, for the quadrature ------------------------------------------------- */

static double value(const void *context, double x) {
    const selu *s = context;
    return s->scale * (x > 0.0 ? x : s->alpha * expm1(x));
}

static double derivative(const void *context, double x) {
    const selu *s = context;
    return s->scale * (x > 0.0 ? 1.0 : s->alpha * exp(x));
}

/* ---- mean and variance ----------------------------------------------------------------------- */

/*
 * The closed form of equations 4 and 5, of y + scale alpha instead of y: this is scale alpha e^z
 * for z < 0, so that all terms of its moments are positive and none cancel.
 */
static void map_closed(const selu *s, double mean, double variance, snug_mapped *y) {
    halves e = integrate_halves(mean, variance);
    double a = s->alpha, l = s->scale;
    double first = a * e.power + e.first + a * e.above;
    double second = a * a * (e.squared + e.above) + e.second + 2.0 * a * e.first;
    double slope = e.above + a * e.power;
    double product = e.first + a * e.above + a * a * e.squared;
    double center = l * (first - a), spread = l * l * (second - first * first);
    y->moments = (snug_gaussian_moments){.mean = center,
                                         .variance = spread,
                                         .second_moment = spread + center * center,
                                         .slope = l * slope,
                                         .squared_slope = l * l * (e.above + a * a * e.squared)};
    /* Half of the second derivatives of f and f^2, with the jumps of the first ones at 0. */
    double bend = 0.5 * (a * e.power + (1.0 - a) * e.density);
    double square_bend = e.above + 2.0 * a * a * e.squared + a * (1.0 - a) * e.density;
    y->mean_by_mean = l * slope;
    y->mean_by_variance = l * bend;
    y->variance_by_mean = 2.0 * l * l * (product - first * slope);
    y->variance_by_variance = l * l * (square_bend - 2.0 * first * bend);
}

/*
 * Where the deviation is small beside 1 or beside a mean above 0, the terms of the closed form are
 * much larger than the variance, whose digits their differences have lost. The integrals themselves
 * keep them, and are evaluated there instead.
 */
static void map_selu(const void *context, double mean, double variance, snug_mapped *y) {
    static const double kink = 0.0;
    const selu *s = context;
    double above = fmax(mean, 0.0);
    if (variance >= 0.01 + 0.001 * above * above) {
        map_closed(s, mean, variance, y);
        return;
    }
    snug_scalar_function f = {
        .value = value, .derivative = derivative, .context = s, .kinks = &kink, .kink_count = 1};
    snug_map_by_quadrature(&f, mean, variance, y);
}

snug_status snug_theory_selu(double alpha, double scale, const snug_theory_weights *weights,
                             double mean, double variance, snug_theory_layer *layer) {
    if (!(alpha > 0.0) || !isfinite(alpha)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "alpha: must be above 0 and finite (got %g)", alpha);
    }
    if (!(scale > 0.0) || !isfinite(scale)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "scale: must be above 0 and finite (got %g)", scale);
    }
    snug_status status = snug_theory_check(weights, mean, variance);
    if (status != SNUG_OK) {
        return status;
    }
    if (layer == NULL) {
        return snug_fail_null("the layer");
    }
    selu s = {alpha, scale};
    return snug_map_finite_layer(&(snug_gaussian_function){map_selu, &s, 0.0}, weights, mean,
                                 variance, layer);
}
