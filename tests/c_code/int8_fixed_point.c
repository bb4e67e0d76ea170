/* The arithmetic of int8 programs against double, of which it has every digit that it needs. */
#include <math.h>

#include "quantize/fixed_point.h"
#include "support/suite.h"

/* Multipliers are right to 31 bits over the whole range of shifts. */
START_TEST(multiplier_is_nearest) {
    for (int exponent = -31; exponent <= 29; exponent++) {
        for (int i = 0; i < 100; i++) {
            double number = ldexp(0.5 + i / 200.0 + 1e-7 * i, exponent);
            snug_multiplier m = snug_multiplier_of(number);
            ck_assert(m.factor >= 1 << 30);
            ck_assert(m.shift >= 1 && m.shift <= 62);
            double back = ldexp(m.factor, -m.shift);
            ck_assert_msg(fabs(back - number) <= number * ldexp(1, -31), "%.17g is %.17g", number,
                          back);
        }
    }
    ck_assert_int_eq(snug_multiplier_of(0).factor, 0);
    ck_assert_int_eq(snug_multiplier_of(1e-30).factor, 0);
    ck_assert_int_eq(snug_multiplier_of(1e30).factor, INT32_MAX);
    /* Rounds up to the next power of two. */
    snug_multiplier one = snug_multiplier_of(1 - ldexp(1, -40));
    ck_assert_int_eq(one.factor, 1 << 30);
    ck_assert_int_eq(one.shift, 30);
}
END_TEST

/*
 * Every sum of 17 bits by multipliers of 15 bits, whose products double holds exactly: also all the
 * halves, which are rounded away from 0 as round() does.
 */
START_TEST(shift_rounds_as_double_does) {
    static const int32_t factors[] = {1 << 30, 3 << 29, 32767 << 16, 16385 << 16, 20001 << 16};
    for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
        for (unsigned shift = 30; shift <= 46; shift += 2) {
            double unit = ldexp(1, -(int)shift);
            for (int64_t sum = -65536; sum <= 65536; sum++) {
                int64_t expected = (int64_t)round((double)(sum * factors[f]) * unit);
                if (snug_shift_rounded(sum * factors[f], shift) != expected) {
                    ck_abort_msg("%lld * %d >> %u", (long long)sum, (int)factors[f], shift);
                }
            }
        }
    }
}
END_TEST

/* Returns product / 2^shift, halves away from 0, by the remainder of a division. */
static int64_t divide(int64_t product, unsigned shift) {
    uint64_t size = product < 0 ? 0 - (uint64_t)product : (uint64_t)product;
    uint64_t divisor = (uint64_t)1 << shift;
    uint64_t remainder = size % divisor;
    int64_t quotient = (int64_t)(size / divisor + (remainder >= divisor - remainder));
    return product < 0 ? -quotient : quotient;
}

/* The largest sums by the largest factors. */
START_TEST(extreme_sums_do_not_overflow) {
    static const int32_t sums[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX};
    static const int32_t factors[] = {1 << 30, INT32_MAX - 1, INT32_MAX};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            for (unsigned shift = 1; shift <= 62; shift++) {
                int64_t product = (int64_t)sums[i] * factors[f];
                int64_t expected = divide(product, shift);
                ck_assert_int_eq(snug_shift_rounded(product, shift), expected);
                int64_t zeroed = expected - 128;
                snug_multiplier by = {factors[f], (uint8_t)shift};
                ck_assert_int_eq(snug_int8_rescale(sums[i], by, -128), zeroed < -128  ? -128
                                                                       : zeroed > 127 ? 127
                                                                                      : zeroed);
            }
        }
    }
}
END_TEST

START_TEST(scale_holds_the_range_and_zero) {
    static const double ranges[][2] = {{-1, 1},  {0, 6},       {2, 3},
                                       {-3, -2}, {-1.7581, 9}, {-1e-3, 40}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        double min = ranges[i][0], max = ranges[i][1];
        snug_int8_scale scale = snug_int8_scale_of(min, max);
        ck_assert(scale.zero >= -128 && scale.zero <= 127);
        ck_assert(snug_int8_number(scale, scale.zero) == 0);
        for (int k = 0; k <= 100; k++) {
            double x = min + (max - min) * k / 100;
            double back = snug_int8_number(scale, snug_int8_quantize(scale, x));
            /* The zero point is rounded, so that one end may be cut by half a step. */
            ck_assert_msg(fabs(back - x) <= 1.001 * scale.scale, "%g is %g", x, back);
        }
    }
    snug_int8_scale none = snug_int8_scale_of(0, 0);
    ck_assert(none.scale == 1 && none.zero == 0);
}
END_TEST

/* An exported program quantizes in float32; only at a tie may that differ, by one. */
START_TEST(float_inputs_are_the_same_numbers) {
    snug_int8_scale scale = snug_int8_scale_of(-1.3, 2.9);
    float inverse = 1 / (float)scale.scale;
    for (int i = -400000; i <= 400000; i++) {
        float x = (float)i * 1e-5F;
        int8_t exact = snug_int8_quantize(scale, (double)x);
        int8_t actual = snug_int8_of_float(x, inverse, scale.zero);
        double steps = (double)x / scale.scale;
        if (fabs(steps - round(steps)) < 0.4999) {
            ck_assert_int_eq(actual, exact);
        } else {
            ck_assert_int_le(actual > exact ? actual - exact : exact - actual, 1);
        }
    }
    ck_assert_int_eq(snug_int8_of_float(INFINITY, inverse, scale.zero), 127);
    ck_assert_int_eq(snug_int8_of_float(-INFINITY, inverse, scale.zero), -128);
    ck_assert_int_eq(snug_int8_of_float(NAN, inverse, scale.zero), -128);
    ck_assert_int_eq(snug_int8_quantize(scale, (double)NAN), scale.zero);
}
END_TEST

static Suite *fixed_point_suite(void) {
    Suite *suite = suite_create("fixed_point");
    TCase *tests = tcase_create("arithmetic");
    tcase_add_test(tests, multiplier_is_nearest);
    tcase_add_test(tests, extreme_sums_do_not_overflow);
    tcase_add_test(tests, scale_holds_the_range_and_zero);
    suite_add_tcase(suite, tests);
    TCase *all = tcase_create("all numbers");
    tcase_set_tags(all, "exhaustive");
    tcase_add_test(all, shift_rounds_as_double_does);
    tcase_add_test(all, float_inputs_are_the_same_numbers);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(fixed_point_suite)
