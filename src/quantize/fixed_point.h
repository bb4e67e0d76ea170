/*
 * Fixed-point arithmetic of int8 programs, after Jacob et al. 2018, "Quantization and training of
 * neural networks for efficient integer-arithmetic-only inference". A number r is held as an int8
 * q by a scale and a zero point:
 *
 *     r = scale (q - zero),    zero between -128 and 127, so that 0 is exact
 *
 * A sum of products of int8 numbers is an int32, and becomes the int8 of another scale by a factor
 * that is known beforehand: factor / 2^shift, a product of 64 bits, rounded to the nearest integer,
 * halves away from 0. That needs no division and no float, and C99 defines each of its results, the
 * shifts being those of numbers that are not negative. The C of an export has the same functions.
 */
#ifndef SNUG_QUANTIZE_FIXED_POINT_H
#define SNUG_QUANTIZE_FIXED_POINT_H

#include <stdbool.h>
#include <stdint.h>

/* A positive number factor / 2^shift: 2^30 <= factor < 2^31, or 0; 1 <= shift <= 62. */
typedef struct snug_multiplier {
    int32_t factor;
    uint8_t shift;
} snug_multiplier;

/* How numbers are held as int8. */
typedef struct snug_int8_scale {
    double scale; /* above 0 */
    int32_t zero; /* -128 to 127 */
} snug_int8_scale;

/*
 * Returns the multiplier nearest to a number that is not negative: to 31 bits; 0 below 2^-32, and
 * the largest from 2^30 on.
 */
snug_multiplier snug_multiplier_of(double number);

/* Returns the scale that holds every number from min to max, and 0; a scale of 1 for 0 alone. */
snug_int8_scale snug_int8_scale_of(double min, double max);

/* Returns the int8 nearest to a number, which may be out of range; that of 0 for NaN. */
int8_t snug_int8_quantize(snug_int8_scale scale, double number);

/* Returns the number that an int8 is. */
static inline double snug_int8_number(snug_int8_scale scale, int32_t q) {
    return scale.scale * (double)(q - scale.zero);
}

/* Returns a number of 64 bits as the nearest int8. */
static inline int8_t snug_int8_saturate(int64_t x) {
    return (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
}

/* Returns x / 2^shift, rounded, halves away from 0. 1 <= shift <= 62, |x| <= 2^62. */
static inline int64_t snug_shift_rounded(int64_t x, unsigned shift) {
    int64_t half = (int64_t)1 << (shift - 1);
    return x >= 0 ? (x + half) >> shift : -((half - x) >> shift);
}

/* Returns zero + sum * multiplier as an int8. */
static inline int8_t snug_int8_rescale(int32_t sum, snug_multiplier by, int32_t zero) {
    return snug_int8_saturate(snug_shift_rounded((int64_t)sum * by.factor, by.shift) + zero);
}

/*
 * Returns a float as an int8, as snug_int8_quantize() does but in float32: `inverse` is 1 / scale.
 * It is what an exported program does to its inputs.
 */
static inline int8_t snug_int8_of_float(float x, float inverse, int32_t zero) {
    float scaled = x * inverse;
    float least = (float)(-128 - zero), largest = (float)(127 - zero);
    scaled = scaled > least ? scaled : least; /* NaN too */
    scaled = scaled < largest ? scaled : largest;
    return (int8_t)((int32_t)(scaled + (scaled < 0 ? -0.5F : 0.5F)) + zero);
}

#endif
