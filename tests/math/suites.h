/* The suites of this folder; main.c runs them all. */
#ifndef SNUG_TESTS_MATH_SUITES_H
#define SNUG_TESTS_MATH_SUITES_H

#include <check.h>

Suite *gemm_suite(void);
Suite *linear_suite(void);
Suite *random_suite(void);
Suite *reduce_suite(void);
Suite *bits_suite(void);
Suite *many_rows_suite(void);
Suite *softmax_suite(void);
Suite *vector_suite(void);
Suite *cpu_suite(void);
Suite *elementary_suite(void);
Suite *bench_product_suite(void);

#endif
