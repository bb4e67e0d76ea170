/* snug_bench_product() against three plain loops. */
#include <math.h>

#include "math/bench_product.h"
#include "math/gemm.h"
#include "support/suite.h"

enum { M = 3, N = 5, K = 7 };

START_TEST(multiplies) {
    bool ta = (_i & 1) != 0, tb = (_i & 2) != 0;
    float a[M * K], b[K * N], c[M * N], expected[M * N];
    for (int i = 0; i < M * K; i++) {
        a[i] = (float)((i * 5) % 11) - 3.25F;
    }
    for (int i = 0; i < K * N; i++) {
        b[i] = (float)((i * 7) % 13) - 4.5F;
    }
    for (int i = 0; i < M * N; i++) {
        c[i] = NAN;
    }
    snug_bench_product(ta, tb, M, N, K, a, b, c);
    snug_gemm_reference(&(snug_product){.transpose_a = ta,
                                        .transpose_b = tb,
                                        .m = M,
                                        .n = N,
                                        .k = K,
                                        .a = a,
                                        .lda = ta ? M : K,
                                        .b = b,
                                        .ldb = tb ? K : N,
                                        .c = expected,
                                        .ldc = N});
    for (int i = 0; i < M * N; i++) {
        ck_assert_float_eq_tol(c[i], expected[i], 1e-3F);
    }
}
END_TEST

START_TEST(leaves_sizes_of_zero_alone) {
    float a = 2, b = 3, c = 5;
    snug_bench_product(false, false, 0, 1, 1, &a, &b, &c);
    snug_bench_product(false, false, 1, 1, (size_t)1 << 40, &a, &b, &c);
    ck_assert_float_eq(c, 5);
}
END_TEST

static Suite *bench_product_suite(void) {
    Suite *suite = suite_create("bench_product");
    TCase *tests = tcase_create("bench_product");
    tcase_add_loop_test(tests, multiplies, 0, 4);
    tcase_add_test(tests, leaves_sizes_of_zero_alone);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(bench_product_suite)
