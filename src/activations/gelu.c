/* GELU: x times the normal distribution function, exact or by tanh. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <snug/kind.h>

#include "kinds/field_macros.h"
#include "math/elementary.h"

/* Hendrycks and Gimpel 2016, "Gaussian error linear units". */
typedef struct gelu_config {
    int approximate;
} gelu_config;

static const char *const approximations[] = {"none", "tanh", NULL};

static const snug_field fields[] = {
    SNUG_CHOICE_FIELD(
        gelu_config, approximate, 0, approximations,
        "none: x times the normal distribution function; tanh: the formula with tanh for it"),
    SNUG_FIELDS_END,
};

/* x where f(x) and its derivative have not yet reached their limits; NaN stays. */
SNUG_INLINE double near_zero(double x) {
    double above = x < -40.0 ? -40.0 : x;
    return above > 40.0 ? 40.0 : above;
}

/* a + b t + (c + d t) t2 */
SNUG_INLINE double polynomial(const bool fused, double t, double t2, double a, double b, double c,
                              double d) {
    double low = snug_fma_double(fused, b, t, a), high = snug_fma_double(fused, d, t, c);
    return snug_fma_double(fused, t2, high, low);
}

/*
 * e^(z^2) erfc(z) for z >= 0, relative error 1e-9 up to 12: 1 / (1 + 2 z) times a polynomial of
 * t = (z - 2.5) / (z + 2.5), fitted at Chebyshev points; one division serves both. The form is that
 * of Shepherd and Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x".
 */
SNUG_INLINE double scaled_erfc(const bool fused, double z) {
    double above = z + 2.5, twice = snug_fma_double(fused, 2.0, z, 1.0);
    double inverse = 1.0 / (above * twice);
    double t = (z - 2.5) * twice * inverse;
    double t2 = t * t, t4 = t2 * t2;
    double low = polynomial(fused, t, t2, 1.264838183566076, -0.12235676817570251,
                            -0.099024449404112272, 0.15763011360648388);
    double middle = polynomial(fused, t, t2, -0.10296866601133128, 0.032758469276885534,
                               0.00094210079207896283, -0.0043682001089289596);
    double high = polynomial(fused, t, t2, 0.00046427869220259737, 0.00059338710280467928,
                             -5.8758032117468809e-05, -6.4313083509891811e-05);
    double p = snug_fma_double(fused, t4, snug_fma_double(fused, t4, high, middle), low);
    return p * above * inverse;
}

/*
 * The normal distribution function, and its density by *density: both are e^(-x^2 / 2) times
 * something.
 */
SNUG_INLINE double normal(const bool fused, double x, double *density) {
    double e = snug_exp_negative_double(fused, -0.5 * x * x);
    double tail = 0.5 * e * scaled_erfc(fused, fabs(x) * 0.70710678118654752);
    *density = 0.39894228040143268 * e;
    return x > 0.0 ? 1.0 - tail : tail;
}

/* sigmoid(2 u) = (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3); and its derivative. */
SNUG_INLINE double by_tanh(const bool fused, double x, double *density) {
    const double twice = 1.5957691216057308; /* 2 sqrt(2 / pi) */
    double u = twice * x * snug_fma_double(fused, 0.044715 * x, x, 1.0);
    double e = snug_exp_negative_double(fused, -fabs(u));
    double inverse = 1.0 / (1.0 + e);
    *density = e * inverse * inverse * twice * snug_fma_double(fused, 3.0 * 0.044715 * x, x, 1.0);
    return (x > 0.0 ? 1.0 : e) * inverse;
}

/* `approximate` is known when compiled, here and below. */
SNUG_INLINE double share(const bool fused, const bool approximate, double x, double *density) {
    return approximate ? by_tanh(fused, x, density) : normal(fused, x, density);
}

SNUG_INLINE float value(const bool fused, const bool approximate, float x) {
    double density, near = near_zero((double)x);
    float inside = (float)(near * share(fused, approximate, near, &density));
    return x > 40.0F ? x : inside;
}

SNUG_INLINE float slope(const bool fused, const bool approximate, float x) {
    double density, near = near_zero((double)x);
    double below = share(fused, approximate, near, &density);
    return (float)snug_fma_double(fused, near, density, below);
}

SNUG_INLINE void forward_by(const bool fused, const bool approximate, size_t n, const float *x,
                            float *y) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = value(fused, approximate, x[i]);
    }
}

SNUG_KERNEL(gelu_forward, (bool approximate, size_t n, const float *x, float *y),
            (approximate, n, x, y)) {
    if (approximate) {
        forward_by(fused, true, n, x, y);
    } else {
        forward_by(fused, false, n, x, y);
    }
}

SNUG_INLINE void backward_by(const bool fused, const bool approximate, size_t n, const float *x,
                             const float *dy, float *dx) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] = dy[i] * slope(fused, approximate, x[i]);
    }
}

SNUG_KERNEL(gelu_backward, (bool approximate, size_t n, const float *x, const float *dy, float *dx),
            (approximate, n, x, dy, dx)) {
    if (approximate) {
        backward_by(fused, true, n, x, dy, dx);
    } else {
        backward_by(fused, false, n, x, dy, dx);
    }
}

SNUG_INLINE void derivative_by(const bool fused, const bool approximate, size_t n, const float *x,
                               float *dydx) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dydx[i] = slope(fused, approximate, x[i]);
    }
}

SNUG_KERNEL(gelu_derivative, (bool approximate, size_t n, const float *x, float *dydx),
            (approximate, n, x, dydx)) {
    if (approximate) {
        derivative_by(fused, true, n, x, dydx);
    } else {
        derivative_by(fused, false, n, x, dydx);
    }
}

static bool approximates(const void *config) {
    return ((const gelu_config *)config)->approximate != 0;
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    gelu_forward(approximates(config), rows * columns, x, y);
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)y;
    gelu_backward(approximates(config), rows * columns, x, dy, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    gelu_derivative(approximates(config), n, x, dydx);
}

/* ---- in double, by the C library ------------------------------------------------------------- */

/* By tanh: (1 + tanh(u)) / 2 as 1 / (1 + e^(-2 u)), which keeps its digits for negative u. */
static double exact(const void *config, double x) {
    const double root = 0.79788456080286535588; /* sqrt(2 / pi) */
    if (approximates(config)) {
        double u = root * (x + 0.044715 * x * x * x);
        return x / (1.0 + exp(-2.0 * u));
    }
    return 0.5 * x * erfc(-x * 0.70710678118654752440);
}

static double exact_derivative(const void *config, double x) {
    const double root = 0.79788456080286535588;
    if (approximates(config)) {
        double u = root * (x + 0.044715 * x * x * x), e = exp(-2.0 * fabs(u));
        double bend = 2.0 * root * (1.0 + 3.0 * 0.044715 * x * x) * e / ((1.0 + e) * (1.0 + e));
        return (u > 0.0 ? 1.0 : e) / (1.0 + e) + x * bend;
    }
    return 0.5 * erfc(-x * 0.70710678118654752440) + 0.5 * root * x * exp(-0.5 * x * x);
}

/* x (1 + erf(x / sqrt(2))) / 2, or x sigmoid(2 u) as in by_tanh(). */
static snug_value graph(const void *config, snug_graph *g, snug_value x) {
    snug_value finite = snug_graph_clip(g, x, -(double)FLT_MAX, INFINITY), share;
    if (approximates(config)) {
        snug_value square = snug_graph_binary(g, SNUG_MULTIPLY, x, x);
        square = snug_graph_multiply_number(g, square, 0.044715);
        square = snug_graph_add_number(g, square, 1);
        snug_value u = snug_graph_multiply_number(g, finite, 1.5957691216057308);
        share = snug_graph_unary(g, SNUG_SIGMOID, snug_graph_binary(g, SNUG_MULTIPLY, u, square));
    } else {
        snug_value z = snug_graph_multiply_number(g, x, 0.70710678118654752);
        share = snug_graph_add_number(g, snug_graph_unary(g, SNUG_ERF, z), 1);
        share = snug_graph_multiply_number(g, share, 0.5);
    }
    return snug_graph_binary(g, SNUG_MULTIPLY, finite, share);
}

const snug_activation_kind snug_activation_gelu_kind = {
    .base = {.name = "gelu",
             .summary = "x Phi(x) for the normal distribution function Phi",
             .fields = fields,
             .config_size = sizeof(gelu_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .exact = exact,
    .exact_derivative = exact_derivative,
    .init = "he_normal",
    .graph = graph};
