/* What the values of each column of a dataset are like; missing ones do not count. */
#ifndef SNUG_DATA_COLUMNS_H
#define SNUG_DATA_COLUMNS_H

#include <snug/data.h>

/* Of each column: the least value, and the largest minus the least. A value of each must be there. */
snug_status snug_column_extremes(const snug_dataset *data, double *least, double *width);

/*
 * Of each column: the median, and the upper minus the lower quartile, by linear interpolation between
 * neighbours (type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages").
 */
snug_status snug_column_quartiles(const snug_dataset *data, double *median, double *width);

#endif
