/*
 * The loops of an elementwise activation, one whose y[i] depends on x[i] alone.
 *
 *     SNUG_ELEMENTWISE(parameters, value, slope, FROM, wide_value, wide_slope);
 *
 * defines the functions forward(), backward(), derivative(), exact() and exact_derivative() of a
 * snug_activation_kind. The file gives it five functions and one word:
 *
 *     snug_wide parameters(const void *config)         computes two numbers of the fields, once for
 *                                                      each call
 *     float value(float x, snug_elementwise p)         f(x)
 *     float slope(float v, snug_elementwise p)         f'(x) for backward, computed from v
 *     FROM                                             which number v is: x or y; .flags of the
 *                                                      kind names the same
 *     double wide_value(double x, snug_wide p)         f(x) in double, for exact()
 *     double wide_slope(double x, snug_wide p)         f'(x) in double, for exact_derivative(), and
 *                                                      rounded to float for derivative()
 *
 * The functions in float are SNUG_INLINE and free of branches, so that the loops vectorize (see
 * cpu/simd.h); they pass p.fused to snug_fma() and to the functions of math/elementary.h. Those in
 * double are plain functions of the C library, accurate to the last digits: they serve the theory
 * and the plots.
 *
 * Backward computes dx[i] = dy[i] * slope. An activation that finds dx[i] in another way gives its
 * own function instead:
 *
 *     SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient, FROM, wide_value, wide_slope);
 *
 *     float gradient(float dy, float v, snug_elementwise p)   dx
 */
#ifndef SNUG_ACTIVATIONS_ELEMENTWISE_H
#define SNUG_ACTIVATIONS_ELEMENTWISE_H

#include <snug/kind.h> /* IWYU pragma: export */

#include "math/elementary.h" /* IWYU pragma: export */

/*
 * Numbers that parameters() computes of the fields, for the functions in double: as the fields have
 * them for exact(), as float32 numbers for derivative(), which agrees with forward().
 */
typedef struct snug_wide {
    double a, b;
} snug_wide;

/* What the functions of one element in float need to know besides the element. */
typedef struct snug_elementwise {
    float a, b; /* those of snug_wide, rounded */
    bool fused; /* the parameter `fused` of the kernel that runs; see cpu/simd.h */
} snug_elementwise;

static inline snug_elementwise snug_narrow(snug_wide p) {
    return (snug_elementwise){.a = (float)p.a, .b = (float)p.b};
}

static inline snug_wide snug_widen(snug_elementwise p) {
    return (snug_wide){.a = (double)p.a, .b = (double)p.b};
}

/* Serves as parameters() of a kind without fields. */
static inline snug_wide snug_no_parameters(const void *config) {
    (void)config;
    return (snug_wide){.a = 0.0};
}

/* Serves as kinks() of a kind whose only kink is at 0. */
static inline size_t snug_kink_at_zero(const void *config, double *kinks) {
    (void)config;
    kinks[0] = 0.0;
    return 1;
}

/* Returns 0, or NaN for NaN: the slope where a function is constant. */
static inline double snug_no_slope(double x) {
    return x == x ? 0.0 : x;
}

#define SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient, FROM, wide_value, wide_slope)       \
    SNUG_KERNEL(forward_all, (size_t n, snug_elementwise p, const float *x, float *y),             \
                (n, p, x, y)) {                                                                    \
        p.fused = fused;                                                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            y[i] = value(x[i], p);                                                                 \
        }                                                                                          \
    }                                                                                              \
    SNUG_KERNEL(backward_all,                                                                      \
                (size_t n, snug_elementwise p, const float *v, const float *dy, float *dx),        \
                (n, p, v, dy, dx)) {                                                               \
        p.fused = fused;                                                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            dx[i] = gradient(dy[i], v[i], p);                                                      \
        }                                                                                          \
    }                                                                                              \
    static void forward(const void *config, size_t rows, size_t columns, const float *x,           \
                        float *y) {                                                                \
        forward_all(rows *columns, snug_narrow(parameters(config)), x, y);                         \
    }                                                                                              \
    static void backward(const void *config, size_t rows, size_t columns, const float *x,          \
                         const float *y, const float *dy, float *dx) {                             \
        (void)x;                                                                                   \
        (void)y;                                                                                   \
        backward_all(rows *columns, snug_narrow(parameters(config)), FROM, dy, dx);                \
    }                                                                                              \
    static void derivative(const void *config, size_t n, const float *x, float *dydx) {            \
        snug_wide p = snug_widen(snug_narrow(parameters(config)));                                 \
        for (size_t i = 0; i < n; i++) {                                                           \
            dydx[i] = (float)wide_slope((double)x[i], p);                                          \
        }                                                                                          \
    }                                                                                              \
    static double exact(const void *config, double x) {                                            \
        return wide_value(x, parameters(config));                                                  \
    }                                                                                              \
    static double exact_derivative(const void *config, double x) {                                 \
        return wide_slope(x, parameters(config));                                                  \
    }                                                                                              \
    struct snug_elementwise /* so that the macro is followed by a semicolon */

#define SNUG_ELEMENTWISE(parameters, value, slope, FROM, wide_value, wide_slope)                   \
    SNUG_INLINE float gradient_by_slope(float dy, float v, snug_elementwise p) {                   \
        return dy * slope(v, p);                                                                   \
    }                                                                                              \
    SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient_by_slope, FROM, wide_value, wide_slope)

#endif
