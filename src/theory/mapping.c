#include <math.h>

#include "core/status.h"
#include "theory/mapping.h"

/* ---- derivatives by quadrature --------------------------------------------------------------- */

typedef struct centered {
    const snug_scalar_function *f;
    double mean;
} centered;

/*
 * With t = (z - mean) / deviation, the density of z has the derivatives t / deviation by the mean
 * and (t^2 - 1) / (2 variance) by the variance, relative to itself. Centering f loses no digits of
 * a small variance, and changes neither of the integrals.
 */
static void evaluate(const void *context, double t, double x, double *values) {
    const centered *c = context;
    double distance = c->f->value(c->f->context, x) - c->mean;
    double square = distance * distance, bend = 0.5 * (t * t - 1.0);
    values[0] = square;
    values[1] = distance * t;
    values[2] = distance * bend;
    values[3] = square * t;
    values[4] = square * bend;
}

void snug_map_by_quadrature(const snug_scalar_function *f, double mean, double variance,
                            snug_mapped *y) {
    snug_gaussian_moments m = snug_theory_moments(f, mean, variance);
    if (variance <= 0.0) {
        *y = (snug_mapped){
            .moments = m, .mean_by_mean = m.slope, .variance_by_variance = m.squared_slope};
        return;
    }
    centered c = {f, m.mean};
    snug_integrand integrand = {.count = 5,
                                .evaluate = evaluate,
                                .context = &c,
                                .rounding =
                                    snug_centered_rounding(f, m.mean, m.squared_slope * variance)};
    double values[5] = {0}, deviation = sqrt(variance);
    snug_gaussian_expect(&integrand, f, mean, variance, values);
    *y = (snug_mapped){.moments = m,
                       .mean_by_mean = values[1] / deviation,
                       .mean_by_variance = values[2] / variance,
                       .variance_by_mean = values[3] / deviation,
                       .variance_by_variance = values[4] / variance};
}

static void map_scalar(const void *context, double mean, double variance, snug_mapped *y) {
    snug_map_by_quadrature(context, mean, variance, y);
}

snug_gaussian_function snug_gaussian_by_quadrature(const snug_scalar_function *f) {
    return (snug_gaussian_function){map_scalar, f, f->rounding};
}

/* ---- a layer --------------------------------------------------------------------------------- */

static const snug_theory_weights default_weights = {.omega = 0.0, .tau = 1.0};

snug_status snug_theory_check(const snug_theory_weights *weights, double mean, double variance) {
    const snug_theory_weights *w = weights != NULL ? weights : &default_weights;
    if (!isfinite(w->omega)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "omega: must be finite (got %g)", w->omega);
    }
    if (w->random && fabs(w->omega) > 0.0) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "omega: must be 0 for random weights (got %g)",
                         w->omega);
    }
    if (!(w->tau > 0.0) || !isfinite(w->tau)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "tau: must be above 0 and finite (got %g)", w->tau);
    }
    if (!isfinite(mean)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "mean: must be finite (got %g)", mean);
    }
    if (!(variance >= 0.0) || !isfinite(variance)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "variance: must be at least 0 and finite (got %g)",
                         variance);
    }
    return SNUG_OK;
}

void snug_map_sum(const snug_theory_weights *weights, double mean, double variance,
                  double *sum_mean, double *sum_variance) {
    const snug_theory_weights *w = weights != NULL ? weights : &default_weights;
    *sum_mean = w->random ? 0.0 : w->omega * mean;
    *sum_variance = w->tau * (w->random ? variance + mean * mean : variance);
}

void snug_map_layer(const snug_gaussian_function *f, const snug_theory_weights *weights,
                    double mean, double variance, snug_theory_layer *layer) {
    const snug_theory_weights *w = weights != NULL ? weights : &default_weights;
    double sum_mean, sum_variance;
    snug_map_sum(w, mean, variance, &sum_mean, &sum_variance);
    snug_mapped y;
    f->map(f->context, sum_mean, sum_variance, &y);
    /* Derivatives of the mean and variance of z by the mean of x; by its variance: 0 and tau. */
    double shift = w->random ? 0.0 : w->omega, spread = w->random ? 2.0 * w->tau * mean : 0.0;
    double ratio = w->tau * variance / y.moments.variance;
    *layer = (snug_theory_layer){
        .mean = y.moments.mean,
        .variance = y.moments.variance,
        .second_moment = y.moments.second_moment,
        .slope = y.moments.slope,
        .squared_slope = y.moments.squared_slope,
        .jacobian = {{shift * y.mean_by_mean + spread * y.mean_by_variance,
                      w->tau * y.mean_by_variance},
                     {shift * y.variance_by_mean + spread * y.variance_by_variance,
                      w->tau * y.variance_by_variance}},
        .gradient_growth = w->tau * y.moments.squared_slope,
        /* By the slope of E f(z), which is E f'(z) unless f jumps. */
        .correlation_near_0 = y.mean_by_mean * y.mean_by_mean * ratio,
        .correlation_near_1 = y.moments.squared_slope * ratio};
}

snug_status snug_theory_check_layer(const snug_theory_layer *layer, double mean, double variance) {
    const double numbers[] = {layer->mean,           layer->variance,       layer->second_moment,
                              layer->slope,          layer->squared_slope,  layer->jacobian[0][0],
                              layer->jacobian[0][1], layer->jacobian[1][0], layer->jacobian[1][1]};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (!isfinite(numbers[i])) {
            return snug_fail(SNUG_ERROR_ARGUMENT,
                             "mean and variance: the moments of the layer's outputs overflow or "
                             "are not defined, smaller ones are needed (got %g and %g)",
                             mean, variance);
        }
    }
    return SNUG_OK;
}

snug_status snug_map_finite_layer(const snug_gaussian_function *f,
                                  const snug_theory_weights *weights, double mean, double variance,
                                  snug_theory_layer *layer) {
    snug_theory_layer y;
    snug_map_layer(f, weights, mean, variance, &y);
    snug_status status = snug_theory_check_layer(&y, mean, variance);
    if (status == SNUG_OK) {
        *layer = y;
    }
    return status;
}
