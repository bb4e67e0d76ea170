/*
 * Groups of rows that stay together: rows of one person, one day, one machine. A model that has
 * seen some of them would be tested too kindly on the others.
 */
#ifndef SNUG_DATA_GROUPS_H
#define SNUG_DATA_GROUPS_H

#include <snug/random.h>

#include "data/dataset.h"

/* Returns the number of different groups among the rows of the data; 0 without memory. */
size_t snug_groups_count(const snug_dataset *data);

/*
 * Divides the rows of data that has groups into `count` parts: sets part_of[rows] to the part, from
 * 0, of each row. Part p has about shares[p] of the rows, and of the rows of each class; the shares
 * add up to 1. No part is empty: fails where there are fewer groups than parts.
 *
 * The largest groups come first, those of one size in an order by the stream. Each goes to the part
 * in which the squared deviations from the shares grow least.
 */
snug_status snug_groups_divide(const snug_dataset *data, const double *shares, size_t count,
                               const snug_random *stream, size_t *part_of);

#endif
