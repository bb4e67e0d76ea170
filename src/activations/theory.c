/* The theory of <snug/theory.h> for any activation. */
#include <math.h>

#include <snug/theory.h>

#include "activations/scalar_function.h"
#include "core/status.h"
#include "kinds/object.h"
#include "theory/correlation.h"
#include "theory/fixed_point.h"

/* An activation that was read, and its function. */
typedef struct subject {
    snug_object *object;
    snug_activation_function function;
    snug_gaussian_function gaussian;
} subject;

/* Reads a specification; close_subject() frees it, also after a failure. */
static snug_status open_subject(subject *s, const char *spec) {
    s->object = NULL;
    if (spec == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "spec: must name an activation, not be NULL");
    }
    s->object = snug_object_parse(SNUG_GROUP_ACTIVATION, spec);
    if (s->object == NULL) {
        return snug_error_status();
    }
    const snug_activation_kind *kind =
        (const snug_activation_kind *)(const void *)snug_object_kind(s->object);
    if (!snug_activation_is_elementwise(kind)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: is not elementwise, and so has no distribution of its own",
                         kind->base.name);
    }
    snug_activation_function_init(&s->function, kind, snug_object_config(s->object));
    s->gaussian = snug_gaussian_by_quadrature(&s->function.function);
    return SNUG_OK;
}

static void close_subject(subject *s) {
    snug_object_free(s->object);
}

snug_status snug_theory_activation(const char *spec, const snug_theory_weights *weights,
                                   double mean, double variance, snug_theory_layer *layer) {
    subject s;
    snug_status status = snug_theory_check(weights, mean, variance);
    if (status != SNUG_OK) {
        return status;
    }
    if (layer == NULL) {
        return snug_fail_null("the layer");
    }
    status = open_subject(&s, spec);
    if (status == SNUG_OK) {
        status = snug_map_finite_layer(&s.gaussian, weights, mean, variance, layer);
    }
    close_subject(&s);
    return status;
}

snug_status snug_theory_iterate(const char *spec, const snug_theory_weights *weights, size_t layers,
                                double *means, double *variances) {
    subject s;
    if (means == NULL || variances == NULL) {
        return snug_fail_null(means == NULL ? "the means" : "the variances");
    }
    snug_status status = snug_theory_check(weights, means[0], variances[0]);
    if (status != SNUG_OK) {
        return status;
    }
    status = open_subject(&s, spec);
    for (size_t i = 0; i < layers && status == SNUG_OK; i++) {
        snug_theory_layer y;
        status = snug_map_finite_layer(&s.gaussian, weights, means[i], variances[i], &y);
        if (status == SNUG_OK) {
            means[i + 1] = y.mean;
            variances[i + 1] = y.variance;
        } else {
            status = snug_fail_in("layer %zu", i + 1);
        }
    }
    close_subject(&s);
    return status;
}

snug_status snug_theory_correlation(const char *spec, const snug_theory_weights *weights,
                                    double mean, double variance, double correlation,
                                    double *next) {
    subject s;
    snug_status status = snug_theory_check(weights, mean, variance);
    if (status != SNUG_OK) {
        return status;
    }
    if (next == NULL) {
        return snug_fail_null("the correlation");
    }
    if (!(fabs(correlation) <= 1.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "correlation: must be between -1 and 1 (got %g)",
                         correlation);
    }
    double sum_mean, sum_variance, sum_correlation = correlation;
    snug_map_sum(weights, mean, variance, &sum_mean, &sum_variance);
    if (weights != NULL && weights->random) {
        /* Random weights make a part of the means, which all samples share. */
        double square = mean * mean;
        sum_correlation = (correlation * variance + square) / (variance + square);
    }
    status = open_subject(&s, spec);
    if (status == SNUG_OK) {
        *next =
            snug_theory_correlate(&s.function.function, sum_mean, sum_variance, sum_correlation);
        snug_theory_layer y; /* NaN where y is constant, or where its moments are not finite */
        status = isnan(*next) ? snug_map_finite_layer(&s.gaussian, weights, mean, variance, &y)
                              : SNUG_OK;
    }
    close_subject(&s);
    return status;
}

snug_status snug_theory_find_fixed_point(const char *spec, const snug_theory_weights *weights,
                                         snug_theory_fixed_point *point) {
    subject s;
    snug_status status = snug_theory_check(weights, 0.0, 1.0);
    if (status == SNUG_OK && point == NULL) {
        status = snug_fail_null("the fixed point");
    }
    if (status != SNUG_OK) {
        return status;
    }
    status = open_subject(&s, spec);
    if (status == SNUG_OK) {
        snug_theory_layer y;
        snug_map_layer(&s.gaussian, weights, 0.0, 1.0, &y);
        /* Overflow is a limit of its own, but where nothing is defined there is none. */
        status = isnan(y.mean) ? snug_theory_check_layer(&y, 0.0, 1.0) : SNUG_OK;
    }
    if (status == SNUG_OK) {
        snug_fixed_point_find(&s.gaussian, weights, point);
    }
    close_subject(&s);
    return status;
}
