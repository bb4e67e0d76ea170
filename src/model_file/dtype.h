/*
 * The types of numbers in a safetensors file, and their conversion to float. Models hold F32; what
 * other programs write may be F16, BF16 or F64. The other types only have a size.
 */
#ifndef SNUG_MODEL_FILE_DTYPE_H
#define SNUG_MODEL_FILE_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum snug_dtype {
    SNUG_DTYPE_F32,
    SNUG_DTYPE_F64,
    SNUG_DTYPE_F16,
    SNUG_DTYPE_BF16,
    SNUG_DTYPE_I64,
    SNUG_DTYPE_I32,
    SNUG_DTYPE_I16,
    SNUG_DTYPE_I8,
    SNUG_DTYPE_U64,
    SNUG_DTYPE_U32,
    SNUG_DTYPE_U16,
    SNUG_DTYPE_U8,
    SNUG_DTYPE_BOOL,
    SNUG_DTYPE_F8_E5M2,
    SNUG_DTYPE_F8_E4M3,
    SNUG_DTYPE_COUNT
} snug_dtype;

/* Return the name of a type in a file, "F32", and the bytes of one number. */
const char *snug_dtype_name(snug_dtype type);
size_t snug_dtype_size(snug_dtype type);

/* Sets *type to the type of that name. Returns whether there is one. */
bool snug_dtype_find(const char *name, snug_dtype *type);

/* Returns whether numbers of the type can be converted to float: F32, F64, F16 or BF16. */
bool snug_dtype_is_real(snug_dtype type);

/*
 * Converts n little-endian numbers of a real type to floats; `bytes` and `values` do not overlap.
 * Returns how many of them a float does not hold exactly: those of F64 are rounded to the nearest
 * float, the others are always exact.
 */
size_t snug_dtype_convert(snug_dtype type, size_t n, const unsigned char *bytes, float *values);

/* Returns the float of the same value as a half-precision number of IEEE 754. */
float snug_float_of_half(uint16_t half);

#endif
