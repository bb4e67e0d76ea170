/*
 * Columns that have no name in the header: the index that pandas writes in front of a table, or
 * what separators at the ends of lines make. They are called column7, by their number from 1, and
 * those that hold no value in any row are left out.
 */
#ifndef SNUG_TABLES_TABLE_NAMELESS_H
#define SNUG_TABLES_TABLE_NAMELESS_H

#include "tables/table.h"

/*
 * Ignores the features without a name and without values, and warns of all features without a name,
 * after the pass that has seen the values. Fails where no feature is left.
 */
snug_status snug_table_leave_out_nameless(snug_table *table);

/* Warns that a column without a name is ignored, because the model has no column of its name. */
snug_status snug_table_warn_unknown_nameless(snug_table *table, const snug_table_column *column);

#endif
