/* The suites of this folder; main.c runs them all. */
#ifndef SNUG_TESTS_LOSSES_SUITES_H
#define SNUG_TESTS_LOSSES_SUITES_H

#include <check.h>

Suite *bits_suite(void);
Suite *formulas_suite(void);
Suite *golden_suite(void);
Suite *kinds_suite(void);
Suite *weights_suite(void);

#endif
