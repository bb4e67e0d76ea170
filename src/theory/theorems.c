/* Jacobians, and the assumptions of the theorems of Klambauer et al. 2017. */
#include <math.h>

#include <snug/theory.h>

#include "core/status.h"

double snug_theory_spectral_norm(const snug_theory_layer *layer) {
    if (layer == NULL) {
        snug_fail_null("the layer");
        return NAN;
    }
    double a = layer->jacobian[0][0], b = layer->jacobian[0][1];
    double c = layer->jacobian[1][0], d = layer->jacobian[1][1];
    /* The larger singular value: half of their sum and their difference. */
    return 0.5 * (hypot(a + d, b - c) + hypot(a - d, b + c));
}

double snug_theory_spectral_radius(const snug_theory_layer *layer) {
    if (layer == NULL) {
        snug_fail_null("the layer");
        return NAN;
    }
    double a = layer->jacobian[0][0], b = layer->jacobian[0][1];
    double c = layer->jacobian[1][0], d = layer->jacobian[1][1];
    double half = 0.5 * (a + d), root = 0.25 * (a - d) * (a - d) + b * c;
    /* Two complex eigenvalues have the determinant as the square of their size. */
    return root < 0.0 ? sqrt(a * d - b * c) : fabs(half) + sqrt(root);
}

static bool between(double low, double x, double high) {
    return x >= low && x <= high;
}

static bool in_domain(const snug_theory_weights *weights, double low, double high) {
    double omega = weights != NULL ? weights->omega : 0.0;
    double tau = weights != NULL ? weights->tau : 1.0;
    bool random = weights != NULL && weights->random;
    return !random && between(-0.1, omega, 0.1) && between(low, tau, high);
}

bool snug_theory_theorem_1(const snug_theory_weights *weights, double mean, double variance) {
    return in_domain(weights, 0.95, 1.1) && between(-0.1, mean, 0.1) && between(0.8, variance, 1.5);
}

bool snug_theory_theorem_2(const snug_theory_weights *weights, double mean, double variance) {
    return in_domain(weights, 0.8, 1.25) && between(-1.0, mean, 1.0) &&
           between(3.0, variance, 16.0);
}

bool snug_theory_theorem_3(const snug_theory_weights *weights, double mean, double variance) {
    bool wide = in_domain(weights, 0.8, 1.25) && between(0.02, variance, 0.16);
    bool narrow = in_domain(weights, 0.9, 1.25) && between(0.02, variance, 0.24);
    return between(-0.1, mean, 0.1) && (wide || narrow);
}
