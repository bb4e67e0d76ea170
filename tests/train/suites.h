#ifndef SNUG_TESTS_TRAIN_SUITES_H
#define SNUG_TESTS_TRAIN_SUITES_H

#include <check.h>

#include <snug/snug.h>

Suite *metrics_suite(void);
Suite *weights_suite(void);
Suite *classes_suite(void);
Suite *fit_suite(void);
Suite *same_bits_suite(void);
Suite *stopping_suite(void);
Suite *metric_kinds_suite(void);
Suite *refine_suite(void);
Suite *large_suite(void);
Suite *experiment_suite(void);
Suite *iterated_suite(void);
Suite *normalized_suite(void);
Suite *threads_suite(void);
Suite *memory_suite(void);
Suite *handles_suite(void);
Suite *used_handles_suite(void);
Suite *again_suite(void);

enum { BLOB_ROWS = 47, BLOB_COLUMNS = 3, BLOB_CLASSES = 3 };

/* Three clouds of points with class i % 3: 47 rows of 3 columns, far from standardized. */
snug_dataset *blobs(void);

/* blobs' targets as two values a row, linear in the columns. */
snug_dataset *lines(void);

/* columns -> 8 selu -> outputs */
snug_model *mlp(size_t columns, size_t outputs);

/* n -> n, with the identity as its weight and a loss by its name or as JSON. */
snug_model *identity(size_t n, const char *loss);

#endif
