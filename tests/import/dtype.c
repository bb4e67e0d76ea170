/* Types of numbers: conversion to float, and what is rounded. */
#include <math.h>
#include <string.h>

#include "model_file/dtype.h"
#include "support/suite.h"

/* What a half means by its definition: (-1)^sign * fraction * 2^exponent. */
static double half_by_definition(unsigned half) {
    double sign = half & 0x8000U ? -1 : 1;
    int exponent = (int)(half >> 10 & 0x1fU);
    double fraction = (double)(half & 0x3ffU) / 1024;
    return exponent == 0 ? sign * ldexp(fraction, -14) : sign * ldexp(1 + fraction, exponent - 15);
}

START_TEST(every_finite_half) {
    for (unsigned half = 0; half < 0x10000U; half++) {
        float value = snug_float_of_half((uint16_t)half);
        if ((half & 0x7c00U) != 0x7c00U) {
            ck_assert_msg((double)value == half_by_definition(half), "%04x", half);
            ck_assert_int_eq(signbit(value) != 0, (half & 0x8000U) != 0);
        } else if ((half & 0x3ffU) != 0) {
            ck_assert_msg(isnan(value), "%04x", half);
        } else {
            ck_assert_msg(isinf(value), "%04x", half);
        }
    }
}
END_TEST

START_TEST(every_bfloat16_is_the_upper_half_of_a_float) {
    for (unsigned upper = 0; upper < 0x10000U; upper++) {
        const unsigned char bytes[2] = {(unsigned char)(upper & 0xffU),
                                        (unsigned char)(upper >> 8)};
        const uint32_t wanted = (uint32_t)upper << 16;
        float value;
        uint32_t bits;
        ck_assert_uint_eq(snug_dtype_convert(SNUG_DTYPE_BF16, 1, bytes, &value), 0);
        memcpy(&bits, &value, sizeof bits);
        ck_assert_uint_eq(bits, wanted);
    }
}
END_TEST

START_TEST(doubles_are_rounded_to_the_nearest_float) {
    const double exact[] = {1.0, 0.1, -0.1, 1e300, 3.0, 1e-300, 0.0, 16777217.0};
    enum { COUNT = sizeof exact / sizeof *exact };
    unsigned char bytes[sizeof exact];
    float values[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t bits;
        memcpy(&bits, &exact[i], sizeof bits);
        for (size_t k = 0; k < 8; k++) {
            bytes[8 * i + k] = (unsigned char)(bits >> (8 * k));
        }
    }
    ck_assert_uint_eq(snug_dtype_convert(SNUG_DTYPE_F64, COUNT, bytes, values), 5);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(values[i] == (float)exact[i]);
    }
}
END_TEST

START_TEST(names_and_sizes) {
    snug_dtype type;
    for (int i = 0; i < SNUG_DTYPE_COUNT; i++) {
        ck_assert(snug_dtype_find(snug_dtype_name((snug_dtype)i), &type));
        ck_assert_int_eq((int)type, i);
        ck_assert_uint_ge(snug_dtype_size(type), 1);
        ck_assert_uint_le(snug_dtype_size(type), 8);
    }
    ck_assert(!snug_dtype_find("F", &type));
    ck_assert(!snug_dtype_find("", &type));
}
END_TEST

static Suite *dtype_suite(void) {
    Suite *suite = suite_create("types of numbers");
    TCase *tc = tcase_create("dtype");
    tcase_add_test(tc, every_finite_half);
    tcase_add_test(tc, every_bfloat16_is_the_upper_half_of_a_float);
    tcase_add_test(tc, doubles_are_rounded_to_the_nearest_float);
    tcase_add_test(tc, names_and_sizes);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(dtype_suite)
