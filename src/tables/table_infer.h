/*
 * The first pass over a table, and a second where a column turns out to hold strings only after its
 * first rows: what the columns hold. The different values of a column of numbers are not kept, so
 * that memory does not grow with the rows; that is why the first string may need another pass.
 * <snug/data.h> documents when a target is classes.
 */
#ifndef SNUG_TABLES_TABLE_INFER_H
#define SNUG_TABLES_TABLE_INFER_H

#include "tables/table.h"

/*
 * Counts the rows into table->rows. Unless the table is read like another one, infers which columns
 * are categories, whether the target is classes or values, and how many features, classes and
 * outputs that makes; collects the names of categories and classes, sorted. Fails where a column
 * has too many different strings, and where there are no rows.
 */
snug_status snug_table_infer(snug_table *table);

#endif
