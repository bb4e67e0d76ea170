/* GELU: x times the normal distribution function, exact or by tanh. */
#include <math.h>

#include "activations/pointwise.h"

/* Hendrycks and Gimpel 2016, "Gaussian error linear units". */
typedef struct gelu_config {
    int approximate;
} gelu_config;

static const char *const approximations[] = {"none", "tanh", NULL};

static const snug_field fields[] = {
    {.name = "approximate",
     .help = "none: x times the normal distribution function; tanh: the formula with tanh for it",
     .kind = SNUG_FIELD_CHOICE,
     .offset = offsetof(gelu_config, approximate),
     .choices = approximations},
    {.kind = SNUG_FIELD_END}};

/* 1 for the formula with tanh. */
static snug_pointwise parameters(const void *config) {
    return (snug_pointwise){(float)((const gelu_config *)config)->approximate, 0.0F};
}

/* x where f(x) and its derivative have not yet reached their limits; NaN stays. */
SNUG_INLINE double near_zero(double x) {
    double above = x < -40.0 ? -40.0 : x;
    return above > 40.0 ? 40.0 : above;
}

/*
 * erfc(z) for z >= 0, relative error 1e-9 up to 12: e^(-z^2) / (1 + 2 z) times a polynomial of
 * t = (z - 2.5) / (z + 2.5), fitted at Chebyshev points. The form is that of Shepherd and Laframboise
 * 1981, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x".
 */
SNUG_INLINE double erfc_positive(double z) {
    double t = (z - 2.5) / (z + 2.5);
    double p = -6.4313083509891811e-05;
    p = -5.8758032117468809e-05 + t * p;
    p = 0.00059338710280467928 + t * p;
    p = 0.00046427869220259737 + t * p;
    p = -0.0043682001089289596 + t * p;
    p = 0.00094210079207896283 + t * p;
    p = 0.032758469276885534 + t * p;
    p = -0.10296866601133128 + t * p;
    p = 0.15763011360648388 + t * p;
    p = -0.099024449404112272 + t * p;
    p = -0.12235676817570251 + t * p;
    p = 1.264838183566076 + t * p;
    return snug_exp_negative_double(-z * z) * p / (1.0 + 2.0 * z);
}

/* The normal distribution function, and its density by *density. */
SNUG_INLINE double normal(double x, double *density) {
    double tail = 0.5 * erfc_positive(fabs(x) * 0.70710678118654752);
    *density = 0.39894228040143268 * snug_exp_negative_double(-0.5 * x * x);
    return x > 0.0 ? 1.0 - tail : tail;
}

/* sigmoid(2 u) = (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3); and its derivative. */
SNUG_INLINE double by_tanh(double x, double *density) {
    const double twice = 1.5957691216057308; /* 2 sqrt(2 / pi) */
    double u = twice * x * (1.0 + 0.044715 * x * x);
    double e = snug_exp_negative_double(-fabs(u));
    double inverse = 1.0 / (1.0 + e);
    *density = e * inverse * inverse * twice * (1.0 + 3.0 * 0.044715 * x * x);
    return (x > 0.0 ? 1.0 : e) * inverse;
}

SNUG_INLINE double share(double x, snug_pointwise p, double *density) {
    double density_of_tanh;
    double exactly = normal(x, density);
    double approximately = by_tanh(x, &density_of_tanh);
    *density = p.a > 0.0F ? density_of_tanh : *density;
    return p.a > 0.0F ? approximately : exactly;
}

SNUG_INLINE float value(float x, snug_pointwise p) {
    double density;
    double near = near_zero((double)x);
    float inside = (float)(near * share(near, p, &density));
    return x > 40.0F ? x : inside;
}

SNUG_INLINE double exact(double x, snug_pointwise p) {
    double density;
    double near = near_zero(x);
    double below = share(near, p, &density);
    return below + near * density;
}

SNUG_INLINE float slope(float x, snug_pointwise p) {
    return (float)exact((double)x, p);
}

SNUG_POINTWISE(parameters, value, slope, x, exact);

const snug_activation_kind snug_activation_gelu_kind = {
    .base = {.name = "gelu",
             .summary = "x Phi(x) for the normal distribution function Phi",
             .fields = fields,
             .config_size = sizeof(gelu_config)},
    .uses = SNUG_USES_INPUT,
    .forward = forward,
    .backward = backward,
    .derivative = derivative,
    .init = "he_normal"};
