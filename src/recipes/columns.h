/*
 * What becomes of each column that is no target. One is ignored that
 *
 *     is empty, or the same in every row, with no cell missing;
 *     holds whole numbers, those of the rows: 0, 1, 2 ... or 1, 2, 3 ... in any order;
 *     holds whole numbers, has a name as user_id, Id or customerID, or none at all, and a different
 *     number in more than half of the rows;
 *     holds dates or times, more than 50 different ones;
 *     holds strings of which there are more than 20 different ones and a quarter of the rows, or
 *     more than may be categories (SNUG_MAX_CATEGORIES);
 *     is missing in most rows, and has more than 20 different strings and a quarter of the others.
 *
 * Others are numbers, or categories where they hold strings, or one number where it is not missing,
 * or codes of which there are not too many different ones for categories.
 */
#ifndef SNUG_RECIPES_COLUMNS_H
#define SNUG_RECIPES_COLUMNS_H

#include "recipes/draft.h"

/* Returns whether a column of numbers has strings among them that are there by mistake. */
bool snug_column_is_mixed(const snug_column_profile *column);

/*
 * Returns whether a column holds codes, as 00123 and 01000: digits alone, of one width in all
 * cells, some of them with a leading zero.
 */
bool snug_column_holds_codes(const snug_column_profile *column);

/*
 * Returns whether a column holds numbers as 1,234 or $5 or 45% are, and strings at most by mistake.
 */
bool snug_column_is_formatted(const snug_column_profile *column);

/* Returns whether a column holds one number, and other cells that are missing or strings. */
bool snug_column_is_flag(const snug_column_profile *column);

/*
 * Returns whether a column holds whole numbers, those of the rows of the table: 0, 1, 2 ... or 1,
 * 2, 3 ... in any order.
 */
bool snug_column_numbers_rows(const snug_column_profile *column, size_t rows);

/*
 * Decides for each column, and which strings mean a missing value. Fails where no feature is left.
 */
snug_status snug_draft_choose_columns(snug_draft *draft);

#endif
