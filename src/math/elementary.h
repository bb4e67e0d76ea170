/*
 * Exponential functions for the bodies of kernels: branch-free, so that loops over them vectorize.
 * NaN in gives NaN out. The polynomials are minimax fits, their coefficients rounded to float.
 * `fused` is the parameter of the kernel's body; see math/simd.h.
 */
#ifndef SNUG_MATH_ELEMENTARY_H
#define SNUG_MATH_ELEMENTARY_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "math/simd.h"

SNUG_INLINE float snug_float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

SNUG_INLINE uint32_t snug_bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/*
 * sqrt(x) for x >= 0, infinity counting as FLT_MAX, relative error 7e-7: 1 / sqrt(x) by halving and
 * negating the exponent as a whole number, and two of Newton's steps, the first with coefficients
 * that level the error of that guess (Moroz et al. 2018, "Fast calculation of inverse square root
 * with the use of magic constant").
 */
SNUG_INLINE float snug_fast_sqrt(const bool fused, float x) {
    uint32_t bits = snug_bits_of_float(x);
    bits -= bits == snug_bits_of_float(INFINITY); /* the bits before it are FLT_MAX's */
    x = snug_float_of_bits(bits);
    float y = snug_float_of_bits(0x5f1ffff9U - (bits >> 1));
    y = y * snug_fma(fused, -0.703952253F * x * y, y, 1.68191391F);
    y = y * snug_fma(fused, -0.500000053F * x * y, y, 1.50000036F);
    return x * y;
}

/* Whether snug_fast_sqrt() is faster than sqrtf(): in vectors of 512 bits alone. */
SNUG_INLINE bool snug_prefers_fast_sqrt(void) {
    return snug_cpu_path() == SNUG_CPU_AVX512;
}

/* x, at least `low`; written so that NaN stays. */
SNUG_INLINE float snug_max_keep_nan(float x, float low) {
    return x < low ? low : x;
}

/* e^r - 1 for abs(r) <= ln(2) / 2, relative error 1.4e-8 before rounding. */
SNUG_INLINE float snug_expm1_near_zero(const bool fused, float r) {
    float q = snug_fma(fused, r, 0x1.6b9698p-10F, 0x1.1226b8p-7F);
    q = snug_fma(fused, r, q, 0x1.5556f8p-5F);
    q = snug_fma(fused, r, q, 0x1.5554b2p-3F);
    q = snug_fma(fused, r, q, 0x1.fffffep-2F);
    return snug_fma(fused, r * r, q, r);
}

/*
 * The whole number n next to x / ln 2, and in *power 2^(n + offset). Adding 1.5 * 2^23 rounds to a
 * whole number, which then stands in the lowest bits; with the exponent's bias added too, a shift
 * makes the power of it.
 */
SNUG_INLINE float snug_exponent_split(const bool fused, float x, float offset, float *power) {
    const float shift = 0x1.8p23F + 127.0F + offset;
    float t = snug_fma(fused, x, 0x1.715476p0F, shift);
    *power = snug_float_of_bits(snug_bits_of_float(t) << 23);
    return t - shift;
}

/*
 * e^(x - n ln 2) - 1, and in *power 2^(n + offset). ln 2 comes in two parts, the first so short
 * that n times it is exact.
 */
SNUG_INLINE float snug_reduced_expm1(const bool fused, float x, float offset, float *power) {
    float n = snug_exponent_split(fused, x, offset, power);
    float near = snug_fma(fused, n, -0x1.63p-1F, x);
    return snug_expm1_near_zero(fused, snug_fma(fused, n, 0x1.bd0106p-13F, near));
}

/*
 * e^x - 1 for -30 <= x <= 0. What n ln 2 lacks in digits is halved n times before it is added to
 * -1. Around 0 the power is 1 and the sum below adds nothing, so that small x keep their full
 * relative accuracy.
 */
SNUG_INLINE float snug_clamped_expm1(const bool fused, float x) {
    float power;
    float n = snug_exponent_split(fused, x, 0.0F, &power);
    float p = snug_expm1_near_zero(fused, snug_fma(fused, n, -0x1.62e43p-1F, x));
    return snug_fma(fused, p, power, power - 1.0F);
}

/* e^x - 1 for x <= 0 or NaN. Below -30 it is -1. */
SNUG_INLINE float snug_expm1_negative(const bool fused, float x) {
    return snug_clamped_expm1(fused, snug_max_keep_nan(x, -30.0F));
}

/*
 * The same for who takes it where x <= 0 holds alone; of positive x and NaN it means nothing.
 * Negative numbers' bits as whole numbers grow with their distance from 0, so that one minimum
 * clamps.
 */
SNUG_INLINE float snug_expm1_where_negative(const bool fused, float x) {
    const uint32_t least = snug_bits_of_float(-30.0F);
    uint32_t bits = snug_bits_of_float(x);
    return snug_clamped_expm1(fused, snug_float_of_bits(bits < least ? bits : least));
}

/*
 * e^x for x <= 0 or NaN. The power is held 2^64 too large until the last
 * multiplication, which rounds once where the result is denormal; below -104 that is 0.
 */
SNUG_INLINE float snug_exp_negative(const bool fused, float x) {
    float power;
    float p = snug_reduced_expm1(fused, snug_max_keep_nan(x, -104.0F), 64.0F, &power);
    return snug_fma(fused, p, power, power) * 0x1p-64F;
}

/*
 * e^x. The power is held 2^64 too small where x is positive, too large where it is not, until the
 * last multiplication, which overflows above 88.7 as it should.
 */
SNUG_INLINE float snug_expf(const bool fused, float x) {
    float side = x > 0.0F ? -64.0F : 64.0F, power;
    x = x > 89.0F ? 89.0F : x;
    float p = snug_reduced_expm1(fused, snug_max_keep_nan(x, -104.0F), side, &power);
    return snug_fma(fused, p, power, power) * (side < 0.0F ? 0x1p64F : 0x1p-64F);
}

/* log(1 + u) / 2 for u in [0, 1]: atanh(s) of s = u / (2 + u). */
SNUG_INLINE float snug_half_log1p_unit(const bool fused, float u) {
    float s = u / (2.0F + u);
    float v = s * s;
    float q = snug_fma(fused, v, 0x1.1efd5p-3F, 0x1.1eb4e8p-3F);
    q = snug_fma(fused, v, q, 0x1.99d292p-3F);
    q = snug_fma(fused, v, q, 0x1.5555p-2F);
    return snug_fma(fused, s * v, q, s);
}

/* log(1 + u) for u in [0, 1]. */
SNUG_INLINE float snug_log1p_unit(const bool fused, float u) {
    return 2.0F * snug_half_log1p_unit(fused, u);
}

/*
 * e^x for x <= 0 in double, relative error 1e-11: for derivatives that are rounded to float once.
 * Positive x count as 0; below -200 it is e^-200, which is 0 in float.
 */
SNUG_INLINE double snug_exp_negative_double(const bool fused, double x) {
    const double shift = 0x1.8p52 + 1023.0;
    x = x < -200.0 ? -200.0 : x;
    x = x > 0.0 ? 0.0 : x;
    double t = snug_fma_double(fused, x, 0x1.71547652b82fep0, shift);
    double r = snug_fma_double(fused, t - shift, -0x1.62e42fefa39efp-1, x);
    double q = snug_fma_double(fused, r, 1.0 / 362880.0, 1.0 / 40320.0);
    q = snug_fma_double(fused, r, q, 1.0 / 5040.0);
    q = snug_fma_double(fused, r, q, 1.0 / 720.0);
    q = snug_fma_double(fused, r, q, 1.0 / 120.0);
    q = snug_fma_double(fused, r, q, 1.0 / 24.0);
    q = snug_fma_double(fused, r, q, 1.0 / 6.0);
    q = snug_fma_double(fused, r, q, 1.0 / 2.0);
    q = snug_fma_double(fused, r, q, 1.0);
    uint64_t bits;
    double power;
    memcpy(&bits, &t, sizeof bits);
    bits <<= 52;
    memcpy(&power, &bits, sizeof power);
    return power * snug_fma_double(fused, r, q, 1.0);
}

#endif
