/* The choice of the path, and that a kernel runs on each. */
#include "cpu/cpu.h"
#include "cpu/simd.h"
#include "support/suite.h"

START_TEST(the_environment_asks_for_a_path_by_name) {
    snug_cpu best = snug_cpu_best();
    ck_assert_int_eq(snug_cpu_wanted("portable"), SNUG_CPU_PORTABLE);
    ck_assert_int_eq(snug_cpu_wanted("avx2"), best < SNUG_CPU_AVX2 ? best : SNUG_CPU_AVX2);
    ck_assert_int_eq(snug_cpu_wanted("avx512"), best);
    ck_assert_int_eq(snug_cpu_wanted(NULL), best);
    ck_assert_int_eq(snug_cpu_wanted(""), best);
    ck_assert_int_eq(snug_cpu_wanted("AVX2"), best);
}
END_TEST

START_TEST(a_forced_path_is_used_as_far_as_the_cpu_goes) {
    snug_cpu best = snug_cpu_best();
    for (int path = 0; path < SNUG_CPU_COUNT; path++) {
        snug_cpu_force((snug_cpu)path);
        ck_assert_int_eq(snug_cpu_path(), path < (int)best ? path : (int)best);
    }
}
END_TEST

START_TEST(paths_have_names) {
    ck_assert_str_eq(snug_cpu_name(SNUG_CPU_PORTABLE), "portable");
    ck_assert_str_eq(snug_cpu_name(SNUG_CPU_AVX2), "avx2");
    ck_assert_str_eq(snug_cpu_name(SNUG_CPU_AVX512), "avx512");
    ck_assert_str_eq(snug_cpu_name(SNUG_CPU_COUNT), "unknown");
}
END_TEST

START_TEST(denormals_are_flushed_until_restored) {
    volatile float small = 0x1p-126F;
    unsigned state = snug_cpu_flush_denormals();
    volatile float flushed = small * 0.5F;
    unsigned inner = snug_cpu_flush_denormals();
    snug_cpu_restore(inner);
    volatile float still = small * 0.25F;
    snug_cpu_restore(state);
    ck_assert(small * 0.5F == 0x1p-127F);
    /* A CPU without the switch, which Valgrind's is too, computes on. */
    ck_assert((flushed == 0.0F && still == 0.0F) || (flushed == 0x1p-127F && still == 0x1p-128F));
}
END_TEST

SNUG_KERNEL(triple_and_add, (size_t n, float a, const float *x, float *y), (n, a, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] += 3.0F * x[i] + a;
    }
}

START_TEST(a_kernel_runs_on_every_path) {
    enum { N = 53 };
    for (int path = 0; path < SNUG_CPU_COUNT; path++) {
        float x[N], y[N];
        snug_cpu_force((snug_cpu)path);
        for (int i = 0; i < N; i++) {
            x[i] = (float)i;
            y[i] = 0.5F;
        }
        triple_and_add(N - 1, 2.0F, x, y);
        for (int i = 0; i < N - 1; i++) {
            ck_assert_float_eq(y[i], 3.0F * (float)i + 2.5F);
        }
        ck_assert_float_eq(y[N - 1], 0.5F);
    }
}
END_TEST

static Suite *cpu_suite(void) {
    Suite *suite = suite_create("cpu");
    TCase *tests = tcase_create("paths");
    tcase_add_test(tests, the_environment_asks_for_a_path_by_name);
    tcase_add_test(tests, a_forced_path_is_used_as_far_as_the_cpu_goes);
    tcase_add_test(tests, paths_have_names);
    tcase_add_test(tests, denormals_are_flushed_until_restored);
    tcase_add_test(tests, a_kernel_runs_on_every_path);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(cpu_suite)
