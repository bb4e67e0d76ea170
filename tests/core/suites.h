/* The suites of this folder; main.c runs them all. */
#ifndef SNUG_TESTS_CORE_SUITES_H
#define SNUG_TESTS_CORE_SUITES_H

#include <check.h>

Suite *status_suite(void);
Suite *utf8_suite(void);
Suite *memory_suite(void);
Suite *pool_suite(void);
Suite *processors_suite(void);
Suite *file_suite(void);
Suite *file_write_suite(void);
Suite *bytes_suite(void);
Suite *json_suite(void);
Suite *fields_suite(void);
Suite *kinds_suite(void);
Suite *describe_suite(void);
Suite *handles_suite(void);

#endif
