/* Models and rows that are inspected. */
#ifndef SNUG_TESTS_INSPECTION_SUPPORT_H
#define SNUG_TESTS_INSPECTION_SUPPORT_H

#include <check.h> /* IWYU pragma: export */

#include <snug/snug.h>

/* Returns a model of such layers, in JSON, with new weights, and with the loss of that name. */
snug_model *inspected_model(size_t inputs, const char *layers, const char *loss);

/* Standard normal numbers, and classes 0, 1 and 2 in turn; the rows are the caller's to free. */
snug_dataset *normal_rows(size_t rows, size_t columns);

/* Inspects, and fails with the library's error where that fails. */
snug_inspection *inspect(const snug_model *model, const snug_dataset *data,
                         const snug_inspect_options *options);

/* Returns the statistics of a layer. */
const snug_layer_statistics *layer_of(const snug_inspection *found, size_t layer);

/* Checks that a number is what it must be, but for a relative error of 1e-5. */
void expect_near(double got, double wanted);

#endif
