/* The suites of the optim tests, and what they share. */
#ifndef SNUG_TESTS_OPTIM_SUITES_H
#define SNUG_TESTS_OPTIM_SUITES_H

#include <check.h>

Suite *bits_suite(void);
Suite *formulas_suite(void);
Suite *schedules_suite(void);
Suite *lbfgs_suite(void);
Suite *moments_suite(void);

#endif
