/*
 * Any activation f, scaled and shifted so that neither outputs nor gradients grow with depth:
 * g = a f + b with E g(z)^2 = E g'(z)^2 = 1 for standard normal z (Lu, Gould and Ajanthan 2020,
 * "Bidirectionally self-normalizing neural networks", arXiv 2006.12169, who take orthogonal
 * weights).
 */
#include <math.h>

#include "activations/affine.h"
#include "core/status.h"

/* Of how many digits of moments a program's own function in float32 can be sure. */
#define TOLERANCE 1e-6

/*
 * Returns the root of smaller size of b^2 + 2 a E[f] b + a^2 E[f^2] - 1 = 0, the positive one where
 * both have the same size. The roots are -a E[f] +- sqrt(1 - a^2 Var f); their product is a^2
 * E[f^2] - 1, and the smaller one is found by it, without cancellation. By the Gaussian Poincare
 * inequality, Var f <= E[f'^2] = 1 / a^2, both are real.
 */
static double smaller_root(double a, const snug_gaussian_moments *m) {
    double root = sqrt(fmax(1.0 - a * a * m->variance, 0.0)), mean = a * m->mean;
    if (fabs(mean) <= TOLERANCE * a * sqrt(m->second_moment)) {
        return root - mean;
    }
    double larger = mean > 0.0 ? -mean - root : -mean + root;
    return (a * a * m->second_moment - 1.0) / larger;
}

static snug_status prepare(void *config) {
    snug_affine_config *c = config;
    snug_gaussian_moments moments;
    snug_status status = snug_affine_moments(c, &moments);
    if (status != SNUG_OK) {
        return status;
    }
    if (moments.variance > moments.squared_slope * (1.0 + TOLERANCE)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "of must be continuous: for standard normal x the variance of f(x), %.6g, "
                         "exceeds the mean of f'(x)^2, %.6g",
                         moments.variance, moments.squared_slope);
    }
    double factor = 1.0 / sqrt(moments.squared_slope);
    snug_affine_set(c, factor, smaller_root(factor, &moments));
    return SNUG_OK;
}

const snug_activation_kind snug_activation_gaussian_poincare_kind = {
    .base = {.name = "gaussian_poincare",
             .summary = "a f(x) + b for an activation f, with a and b that give outputs and slopes "
                        "the mean square 1 for standard normal x",
             .fields = snug_affine_fields,
             .config_size = sizeof(snug_affine_config),
             .prepare = prepare},
    .flags = SNUG_READS_INPUT,
    .forward = snug_affine_forward,
    .backward = snug_affine_backward,
    .derivative = snug_affine_derivative,
    .exact = snug_affine_exact,
    .exact_derivative = snug_affine_exact_derivative,
    .kinks = snug_affine_kinks,
    .init = "lecun_normal",
    .self_normalizing = true,
    .graph = snug_affine_graph};
