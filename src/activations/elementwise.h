/*
 * The loops of an elementwise activation, one whose y[i] depends on x[i] alone.
 *
 *     SNUG_ELEMENTWISE(parameters, value, slope, FROM, exact);
 *
 * defines the functions forward(), backward() and derivative() of a snug_activation_kind. The file
 * gives it four functions and one word:
 *
 *     snug_elementwise parameters(const void *config)   reads the fields, once for each call
 *     float value(float x, snug_elementwise p)          f(x)
 *     float slope(float v, snug_elementwise p)          f'(x) for backward, computed from v
 *     FROM                                              which number v is: x or y; .flags of
 *                                                       the kind names the same
 *     double exact(double x, snug_elementwise p)        f'(x) for derivative(), from x always
 *
 * The last three functions are SNUG_INLINE and free of branches, so that the loops vectorize (see
 * cpu/simd.h); they pass p.fused to snug_fma() and to the functions of math/elementary.h.
 *
 * Backward computes dx[i] = dy[i] * slope. An activation that finds dx[i] in another way gives its
 * own function instead:
 *
 *     SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient, FROM, exact);
 *
 *     float gradient(float dy, float v, snug_elementwise p)   dx
 */
#ifndef SNUG_ACTIVATIONS_ELEMENTWISE_H
#define SNUG_ACTIVATIONS_ELEMENTWISE_H

#include <snug/kind.h> /* IWYU pragma: export */

#include "math/elementary.h" /* IWYU pragma: export */

/* What the functions of one element need to know besides the element. */
typedef struct snug_elementwise {
    float a, b; /* up to two numbers that parameters() computes from the fields */
    bool fused; /* the parameter `fused` of the kernel that runs; see cpu/simd.h */
} snug_elementwise;

/* Serves as parameters() of a kind without fields. */
static inline snug_elementwise snug_no_parameters(const void *config) {
    (void)config;
    return (snug_elementwise){.a = 0.0F};
}

#define SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient, FROM, exact)                        \
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
    SNUG_KERNEL(derivative_all, (size_t n, snug_elementwise p, const float *x, float *dydx),       \
                (n, p, x, dydx)) {                                                                 \
        p.fused = fused;                                                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            dydx[i] = (float)exact((double)x[i], p);                                               \
        }                                                                                          \
    }                                                                                              \
    static void forward(const void *config, size_t rows, size_t columns, const float *x,           \
                        float *y) {                                                                \
        forward_all(rows *columns, parameters(config), x, y);                                      \
    }                                                                                              \
    static void backward(const void *config, size_t rows, size_t columns, const float *x,          \
                         const float *y, const float *dy, float *dx) {                             \
        (void)x;                                                                                   \
        (void)y;                                                                                   \
        backward_all(rows *columns, parameters(config), FROM, dy, dx);                             \
    }                                                                                              \
    static void derivative(const void *config, size_t n, const float *x, float *dydx) {            \
        derivative_all(n, parameters(config), x, dydx);                                            \
    }                                                                                              \
    struct snug_elementwise /* so that the macro is followed by a semicolon */

#define SNUG_ELEMENTWISE(parameters, value, slope, FROM, exact)                                    \
    SNUG_INLINE float gradient_by_slope(float dy, float v, snug_elementwise p) {                   \
        return dy * slope(v, p);                                                                   \
    }                                                                                              \
    SNUG_ELEMENTWISE_GRADIENT(parameters, value, gradient_by_slope, FROM, exact)

#endif
