/* Whether features are numbers: the one check of every source of floats. */
#ifndef SNUG_DATA_FINITE_H
#define SNUG_DATA_FINITE_H

#include <stddef.h>

#include <snug/status.h>

/*
 * Checks that no number of x[rows][columns] is NaN or infinite.
 *
 * `name` is the array or file in the error message, and `first` the number that the row x[0] has
 * there. Fails with SNUG_ERROR_DATA and the first number that is wrong:
 *
 *     x: row 3, column 1 (from 0) is nan: must be a finite number
 */
snug_status snug_check_finite(const char *name, size_t first, const float *x, size_t rows,
                              size_t columns);

/* Checks as snug_check_finite() that each double is finite, also as a float. */
snug_status snug_check_finite_f64(const char *name, size_t first, const double *x, size_t rows,
                                  size_t columns);

#endif
