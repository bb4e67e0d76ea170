/* Tables and files that tests write and read, and failing allocations. */
#ifndef SNUG_TESTS_SUPPORT_TABLES_H
#define SNUG_TESTS_SUPPORT_TABLES_H

#include <check.h>

#include <snug/snug.h>

#include "data/dataset.h"
#include "support/errors.h" /* IWYU pragma: export */

/* A temporary directory becomes the current one for each test, and goes with all that is in it. */
void enter_directory(void);
void leave_directory(void);

void write_bytes(const char *name, const void *bytes, size_t n);
void write_text(const char *name, const char *text);

/* Writes the text as t.csv and reads it. */
snug_dataset *read_text(const char *text, const snug_csv_options *options);

/* Reading the text as t.csv fails with SNUG_ERROR_DATA and a message at that location. */
void expect_refusal(const char *text, const snug_csv_options *options, const char *location);

/* The data has a warning number `index`, from 0; see expect_message(). */
void expect_nth_warning(const snug_dataset *data, size_t index, const char *location);

/* Exactly these (NaN equals NaN). */
void expect_floats(size_t n, const float *got, const float *expected);

/* The row's features are exactly these. */
void expect_row(const snug_dataset *data, size_t row, size_t columns, const float *features);

/* From now on the k-th allocation fails, k from 0; end_failures() tells whether it came to that. */
void fail_allocation(size_t k);
bool end_failures(void);

/* Blocks that were taken and not given back since fail_allocation(). */
long live_blocks(void);

/*
 * Runs an action with its first, second ... allocation failing until it succeeds: each failure must
 * be SNUG_ERROR_MEMORY and leave no block behind. The action frees what it made.
 */
void expect_every_failure(bool (*action)(void));

/* A case whose tests run in a temporary directory. */
TCase *directory_case(Suite *suite, const char *name);

#endif
