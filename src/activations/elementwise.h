/*
 * What kinds of element-wise functions share: the loops, and the descriptor's functions around
 * them.
 *
 *     SNUG_POINTWISE(parameters, value, slope, FROM, exact)
 *
 * defines forward(), backward() and derivative() of a kind, given
 *
 *     snug_pointwise parameters(const void *config)   the fields as numbers, once a call
 *     float value(float x, snug_pointwise p)          f(x)
 *     float slope(float v, snug_pointwise p)          f'(x) for backward, from v = FROM: x or y, as
 *     the
 *                                                     kind's .flags says
 *     double exact(double x, snug_pointwise p)        f'(x) for derivative()
 *
 * value, slope and exact are SNUG_INLINE and free of branches; p.fused is their kernel's `fused`.
 */
#ifndef SNUG_ACTIVATIONS_POINTWISE_H
#define SNUG_ACTIVATIONS_POINTWISE_H

#include <snug/kind.h>

#include "math/elementary.h"

typedef struct snug_pointwise {
    float a, b;
    bool fused; /* of the kernel that runs; see math/simd.h */
} snug_pointwise;

/* Of a kind without fields. */
static inline snug_pointwise snug_no_parameters(const void *config) {
    (void)config;
    return (snug_pointwise){.a = 0.0F};
}

#define SNUG_POINTWISE(parameters, value, slope, FROM, exact)                                      \
    SNUG_KERNEL(forward_all, (size_t n, snug_pointwise p, const float *x, float *y),               \
                (n, p, x, y)) {                                                                    \
        p.fused = fused;                                                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            y[i] = value(x[i], p);                                                                 \
        }                                                                                          \
    }                                                                                              \
    SNUG_KERNEL(backward_all,                                                                      \
                (size_t n, snug_pointwise p, const float *v, const float *dy, float *dx),          \
                (n, p, v, dy, dx)) {                                                               \
        p.fused = fused;                                                                           \
        _Pragma("omp simd") for (size_t i = 0; i < n; i++) {                                       \
            dx[i] = dy[i] * slope(v[i], p);                                                        \
        }                                                                                          \
    }                                                                                              \
    SNUG_KERNEL(derivative_all, (size_t n, snug_pointwise p, const float *x, float *dydx),         \
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
    struct snug_pointwise /* takes the semicolon */

#endif
