/*
 * Exponentials, logarithms, sine and cosine, and the square root for the bodies of kernels: without
 * branches, so that loops over them vectorize, which calls of the C library do not. NaN in gives
 * NaN out unless a comment says otherwise. `fused` is the parameter of the kernel's body; see
 * cpu/simd.h.
 *
 * How an exponential is computed (range reduction): x is split into n ln 2 + r with an integer n
 * and abs(r) <= ln(2) / 2, so that
 *
 *     e^x = 2^n e^r        e^x - 1 = 2^n (e^r - 1) + (2^n - 1)
 *
 * 2^n is exact: n goes into the exponent bits of a float. e^r - 1 is a polynomial of degree 6, a
 * minimax fit whose coefficients are rounded to float. What remains to be careful about is that r
 * keeps its digits when n ln 2 is subtracted, and that 2^n neither overflows nor becomes denormal
 * while the result is a normal number.
 */
#ifndef SNUG_MATH_ELEMENTARY_H
#define SNUG_MATH_ELEMENTARY_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cpu/simd.h"

/* Returns the float whose bits these are. */
SNUG_INLINE float snug_float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Returns the bits of a float: sign, 8 of the exponent, 23 of the mantissa. */
SNUG_INLINE uint32_t snug_bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/*
 * Returns sqrt(x) for x >= 0 with a relative error of at most 7e-7; infinity counts as FLT_MAX.
 * Shifting the bits of x right by one and subtracting them from a constant halves and negates the
 * exponent, which is a first guess of 1 / sqrt(x). Two of Newton's steps follow; the coefficients
 * of the first are shifted so that the error of the guess is spread evenly (Moroz et al. 2018,
 * "Fast calculation of inverse square root with the use of magic constant"). sqrt(x) is x /
 * sqrt(x).
 */
SNUG_INLINE float snug_fast_sqrt(const bool fused, float x) {
    uint32_t bits = snug_bits_of_float(x);
    bits -= bits == snug_bits_of_float(INFINITY); /* the bits below those are FLT_MAX */
    x = snug_float_of_bits(bits);
    float y = snug_float_of_bits(0x5f1ffff9U - (bits >> 1));
    y = y * snug_fma(fused, -0.703952253F * x * y, y, 1.68191391F);
    y = y * snug_fma(fused, -0.500000053F * x * y, y, 1.50000036F);
    return x * y;
}

/*
 * Returns whether snug_fast_sqrt() is faster than sqrtf(): only in vectors of 512 bits, where the
 * instruction for the root takes twice as long as in vectors of 256.
 */
SNUG_INLINE bool snug_prefers_fast_sqrt(void) {
    return snug_cpu_path() == SNUG_CPU_AVX512;
}

/* Returns the larger of x and low, and NaN if x is NaN: a comparison with NaN is false. */
SNUG_INLINE float snug_max_keep_nan(float x, float low) {
    return x < low ? low : x;
}

/* Returns e^r - 1 for abs(r) <= ln(2) / 2, with a relative error of 1.4e-8 before rounding. */
SNUG_INLINE float snug_expm1_near_zero(const bool fused, float r) {
    float q = snug_fma(fused, r, 0x1.6b9698p-10F, 0x1.1226b8p-7F);
    q = snug_fma(fused, r, q, 0x1.5556f8p-5F);
    q = snug_fma(fused, r, q, 0x1.5554b2p-3F);
    q = snug_fma(fused, r, q, 0x1.fffffep-2F);
    return snug_fma(fused, r * r, q, r);
}

/*
 * Returns the integer n that is nearest to x / ln 2, and stores 2^(n + offset) in *power. A float
 * of the size of 1.5 * 2^23 has no bits after the point, so that adding that number rounds to an
 * integer and puts it into the lowest bits of the sum:
 *
 *     t = x / ln 2 + (1.5 * 2^23 + 127 + offset)    the lowest 8 bits of t are n + offset + 127
 *     bits of t << 23                               the float whose exponent field they are
 *     t - (1.5 * 2^23 + 127 + offset)               n, exact
 *
 * 127 is the bias of the exponent field. The bits above those are shifted out.
 */
SNUG_INLINE float snug_exponent_split(const bool fused, float x, float offset, float *power) {
    const float shift = 0x1.8p23F + 127.0F + offset;
    float t = snug_fma(fused, x, 0x1.715476p0F, shift);
    *power = snug_float_of_bits(snug_bits_of_float(t) << 23);
    return t - shift;
}

/*
 * Returns e^r - 1 for r = x - n ln 2, and stores 2^(n + offset) in *power. ln 2 is the sum of two
 * floats, of which the first has so few bits that n times it is exact; x minus that product is
 * exact too, because the two are close to each other. Only the second, small product rounds.
 */
SNUG_INLINE float snug_reduced_expm1(const bool fused, float x, float offset, float *power) {
    float n = snug_exponent_split(fused, x, offset, power);
    float rest = snug_fma(fused, n, -0x1.63p-1F, x);
    return snug_expm1_near_zero(fused, snug_fma(fused, n, 0x1.bd0106p-13F, rest));
}

/*
 * Returns e^x - 1 for -30 <= x <= 0. Here ln 2 is a single float, one operation less: its error in
 * r grows with abs(n), but 2^n, by which it is multiplied before 2^n - 1 is added, falls faster.
 * For x near 0, n is 0, 2^n - 1 is 0, and the result is the polynomial with its full accuracy.
 */
SNUG_INLINE float snug_clamped_expm1(const bool fused, float x) {
    float power;
    float n = snug_exponent_split(fused, x, 0.0F, &power);
    float p = snug_expm1_near_zero(fused, snug_fma(fused, n, -0x1.62e43p-1F, x));
    return snug_fma(fused, p, power, power - 1.0F);
}

/* Returns e^x - 1 for x <= 0 or NaN; below -30 that is -1. */
SNUG_INLINE float snug_expm1_negative(const bool fused, float x) {
    return snug_clamped_expm1(fused, snug_max_keep_nan(x, -30.0F));
}

/*
 * Returns e^x - 1 for x <= 0, and some float for a positive x or NaN, for callers that do not use
 * the result there: it saves one operation of snug_expm1_negative(). Read as integers, the bits of
 * negative floats grow with their distance from 0, so that one integer minimum limits x to -30.
 */
SNUG_INLINE float snug_expm1_where_negative(const bool fused, float x) {
    const uint32_t least = snug_bits_of_float(-30.0F);
    uint32_t bits = snug_bits_of_float(x);
    return snug_clamped_expm1(fused, snug_float_of_bits(bits < least ? bits : least));
}

/*
 * Returns e^x for x <= 0 or NaN. 2^n is kept 2^64 times too large until the last multiplication, so
 * that only that one rounds where the result is denormal; below -104 the result is 0.
 */
SNUG_INLINE float snug_exp_negative(const bool fused, float x) {
    float power;
    float p = snug_reduced_expm1(fused, snug_max_keep_nan(x, -104.0F), 64.0F, &power);
    return snug_fma(fused, p, power, power) * 0x1p-64F;
}

/*
 * Returns e^x. 2^n is kept 2^64 times too small where x is positive, and 2^64 times too large where
 * it is not, until the last multiplication, which gives infinity above 88.7 and rounds once where
 * the result is denormal.
 */
SNUG_INLINE float snug_expf(const bool fused, float x) {
    float side = x > 0.0F ? -64.0F : 64.0F, power;
    x = x > 89.0F ? 89.0F : x;
    float p = snug_reduced_expm1(fused, snug_max_keep_nan(x, -104.0F), side, &power);
    return snug_fma(fused, p, power, power) * (side < 0.0F ? 0x1p64F : 0x1p-64F);
}

/*
 * Stores the sine and the cosine of t turns, of the angle 2 pi t, in *sine and *cosine; both are
 * accurate to 2 units of the last digit. In turns, what is left of t when the nearest number of
 * quarters is subtracted is exact, however large t is; for abs(t) >= 2^20, where floats have hardly
 * a quarter between them, the angle is only some angle.
 *
 *     t = n / 4 + r     abs(r) <= 1/8     the lowest 2 bits of n name the quadrant
 *
 * sin(2 pi r) is an odd, cos(2 pi r) an even polynomial of r, both minimax fits; the quadrant
 * exchanges the two and sets their signs. 2 pi is the sum of two floats.
 */
SNUG_INLINE void snug_sincos_turns(const bool fused, float t, float *sine, float *cosine) {
    const float shift = 0x1.8p23F; /* see snug_exponent_split() */
    float sum = snug_fma(fused, t, 4.0F, shift);
    uint32_t quadrant = snug_bits_of_float(sum);
    float r = snug_fma(fused, sum - shift, -0.25F, t);
    r = r > 0.125F ? 0.125F : snug_max_keep_nan(r, -0.125F);
    float z = r * r;
    float s = snug_fma(fused, z, -0x1.2dc84cp+6F, 0x1.466004p+6F);
    s = snug_fma(fused, z, s, -0x1.4abbbep+5F);
    s = snug_fma(fused, z, s, -0x1.777a5cp-23F);
    s = snug_fma(fused, r, 0x1.921fb6p+2F, r * s);
    float c = snug_fma(fused, z, 0x1.d9d57ep+5F, -0x1.55c5e0p+6F);
    c = snug_fma(fused, z, c, 0x1.03c1dep+6F);
    c = snug_fma(fused, z, c, -0x1.3bd3ccp+4F);
    c = snug_fma(fused, z, c, 1.0F);
    bool odd = (quadrant & 1U) != 0;
    uint32_t sine_bits = snug_bits_of_float(odd ? c : s);
    uint32_t cosine_bits = snug_bits_of_float(odd ? s : c);
    *sine = snug_float_of_bits(sine_bits ^ (quadrant & 2U) << 30);
    *cosine = snug_float_of_bits(cosine_bits ^ ((quadrant + 1U) & 2U) << 30);
}

/*
 * Returns log(1 + u) / 2 for u in [0, 1], which is atanh(s) for s = u / (2 + u) <= 1 / 3: s times a
 * polynomial of s^2, accurate for small u too.
 */
SNUG_INLINE float snug_half_log1p_unit(const bool fused, float u) {
    float s = u / (2.0F + u);
    float v = s * s;
    float q = snug_fma(fused, v, 0x1.1efd5p-3F, 0x1.1eb4e8p-3F);
    q = snug_fma(fused, v, q, 0x1.99d292p-3F);
    q = snug_fma(fused, v, q, 0x1.5555p-2F);
    return snug_fma(fused, s * v, q, s);
}

/* Returns log(1 + u) for u in [0, 1]. */
SNUG_INLINE float snug_log1p_unit(const bool fused, float u) {
    return 2.0F * snug_half_log1p_unit(fused, u);
}

/*
 * Returns e^x for x <= 0 in double, with a relative error of 1e-11: for derivatives, which are
 * rounded to float once. Positive x count as 0; below -200 the result is e^-200, which is 0 in
 * float. The polynomial is the Taylor series of e^r; the rest is as in snug_exponent_split(), where
 * a double has its integers from 2^52 on and 1023 as its bias.
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
