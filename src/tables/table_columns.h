/*
 * The columns of a table that is read by options alone: which of them are targets, features,
 * weights, the split, or ignored. See table_bind.h for a table that is read like another one.
 *
 * Columns are found by their names in constant time, because a table may have a million of them.
 */
#ifndef SNUG_TABLES_TABLE_COLUMNS_H
#define SNUG_TABLES_TABLE_COLUMNS_H

#include "tables/table.h"

/*
 * Returns the number, from 0, of the column of that name, or of that number from 1 where there is
 * no header; SNUG_NOT_IN_SET after snug_fail(). The reader must be open.
 */
size_t snug_table_find_column(const snug_table *table, const char *name);

/*
 * Gives the columns that the options name, or that are targets by default, their roles; all others
 * stay features unless the options list the features. What the features hold is not known yet:
 * snug_table_infer() finds it. Fails where a name is unknown, where two roles contradict, and where
 * no feature is left.
 */
snug_status snug_table_choose_columns(snug_table *table);

/*
 * Ignores the features without a name and without values, which separators at the ends of lines
 * make, and warns of all features without a name, such as the index that pandas writes in front of
 * a table, after the pass that has seen the values. Fails where no feature is left.
 */
snug_status snug_table_leave_out_nameless(snug_table *table);

/* Warns that a column without a name is ignored, because the model has no column of its name. */
snug_status snug_table_warn_unknown_nameless(snug_table *table, const snug_table_column *column);

#endif
