/*
 * What the values of each column of a dataset are like; missing numbers do not count, and a missing
 * category counts as 0 in each of its features.
 */
#ifndef SNUG_DATA_COLUMN_STATS_H
#define SNUG_DATA_COLUMN_STATS_H

#include <snug/data.h>

/*
 * Adds x[rows][columns], raw features in which a missing number is NaN and a missing category 0 in
 * all its features, to what `user` collects.
 */
typedef void snug_block_fn(void *user, const float *x, size_t rows, size_t columns);

/* Hands all rows of a dataset to `add` once, in their order, a block at a time. */
snug_status snug_dataset_each_block(const snug_dataset *data, snug_block_fn *add, void *user);

/*
 * Of each column: the least value, and the largest minus the least. A value of each must be there.
 */
snug_status snug_column_extremes(const snug_dataset *data, double *least, double *width);

/*
 * Of each column: the median, and the upper minus the lower quartile, by linear interpolation
 * between neighbours (type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages").
 * At most 8 passes over the rows, in memory of at most the larger of 64 MiB and 1 KiB a column.
 */
snug_status snug_column_quartiles(const snug_dataset *data, double *median, double *width);

#endif
