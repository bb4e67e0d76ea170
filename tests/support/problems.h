#ifndef SNUG_TESTS_SUPPORT_PROBLEMS_H
#define SNUG_TESTS_SUPPORT_PROBLEMS_H

#include <check.h> /* IWYU pragma: export */

#include <snug/snug.h>

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
