#include <string.h>

#include "model_file/dtype.h"

static const struct {
    const char *name;
    size_t size;
} dtypes[SNUG_DTYPE_COUNT] = {
    [SNUG_DTYPE_F32] = {"F32", 4},        [SNUG_DTYPE_F64] = {"F64", 8},
    [SNUG_DTYPE_F16] = {"F16", 2},        [SNUG_DTYPE_BF16] = {"BF16", 2},
    [SNUG_DTYPE_I64] = {"I64", 8},        [SNUG_DTYPE_I32] = {"I32", 4},
    [SNUG_DTYPE_I16] = {"I16", 2},        [SNUG_DTYPE_I8] = {"I8", 1},
    [SNUG_DTYPE_U64] = {"U64", 8},        [SNUG_DTYPE_U32] = {"U32", 4},
    [SNUG_DTYPE_U16] = {"U16", 2},        [SNUG_DTYPE_U8] = {"U8", 1},
    [SNUG_DTYPE_BOOL] = {"BOOL", 1},      [SNUG_DTYPE_F8_E5M2] = {"F8_E5M2", 1},
    [SNUG_DTYPE_F8_E4M3] = {"F8_E4M3", 1}};

const char *snug_dtype_name(snug_dtype type) {
    return dtypes[type].name;
}

size_t snug_dtype_size(snug_dtype type) {
    return dtypes[type].size;
}

bool snug_dtype_find(const char *name, snug_dtype *type) {
    for (size_t i = 0; i < SNUG_DTYPE_COUNT; i++) {
        if (strcmp(name, dtypes[i].name) == 0) {
            *type = (snug_dtype)i;
            return true;
        }
    }
    return false;
}

bool snug_dtype_is_real(snug_dtype type) {
    return type == SNUG_DTYPE_F32 || type == SNUG_DTYPE_F64 || type == SNUG_DTYPE_F16 ||
           type == SNUG_DTYPE_BF16;
}

/* Returns the whole number of n little-endian bytes. */
static uint64_t little_endian(const unsigned char *bytes, size_t n) {
    uint64_t bits = 0;
    for (size_t i = 0; i < n; i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    return bits;
}

static float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/*
 * A half has 1 sign bit, 5 exponent bits with bias 15 and 10 fraction bits, a float 1, 8 (127) and
 * 23. An exponent of 31 means infinity or NaN, one of 0 the number fraction * 2^-24, for which
 * every float has enough digits.
 */
float snug_float_of_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000U) << 16;
    uint32_t exponent = (half >> 10) & 0x1fU, fraction = half & 0x3ffU;
    if (exponent == 0) {
        float magnitude = (float)fraction / (float)(1 << 24);
        return sign != 0 ? -magnitude : magnitude;
    }
    uint32_t wide = exponent == 31 ? 255 : exponent + 127 - 15;
    return float_of_bits(sign | wide << 23 | fraction << 13);
}

/* Rounds a double to the nearest float, beyond the largest one to infinity. */
static float nearest_float(uint64_t bits, size_t *rounded) {
    double exact;
    memcpy(&exact, &bits, sizeof exact);
    float value = (float)exact;
    *rounded += (double)value != exact && exact == exact; /* NaN is equal to nothing */
    return value;
}

size_t snug_dtype_convert(snug_dtype type, size_t n, const unsigned char *bytes, float *values) {
    size_t size = dtypes[type].size, rounded = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t bits = little_endian(bytes + i * size, size);
        if (type == SNUG_DTYPE_F64) {
            values[i] = nearest_float(bits, &rounded);
        } else if (type == SNUG_DTYPE_F16) {
            values[i] = snug_float_of_half((uint16_t)bits);
        } else { /* a BF16 is the upper half of a float */
            values[i] = float_of_bits((uint32_t)(type == SNUG_DTYPE_BF16 ? bits << 16 : bits));
        }
    }
    return rounded;
}
