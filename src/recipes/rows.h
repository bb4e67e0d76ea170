/*
 * Rows with and without a target, those of each class, and duplicates, which need one more pass
 * over the file, once it is known what the columns are.
 *
 * Classes are those that the dataset will have, in its order: equal numbers such as 1, 1.0 and +1
 * are one, numbers come by size, then strings by strcmp().
 */
#ifndef SNUG_RECIPES_ROWS_H
#define SNUG_RECIPES_ROWS_H

#include "recipes/draft.h"

/*
 * Counts them. A row is a duplicate where all its cells that are used, also its targets, are as in
 * a row before; only the first 2^20 different rows are compared. Fails where no row has a target,
 * where there is only one class, and where there are more than SNUG_MAX_CATEGORIES.
 */
snug_status snug_draft_count_rows(snug_draft *draft);

#endif
