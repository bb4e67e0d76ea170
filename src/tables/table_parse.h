/*
 * The last pass over a table: the fields become numbers, in the arrays that the dataset will own.
 *
 * A number becomes the nearest float. A category becomes a feature 0 or 1 for each of its names, or
 * its number; a class becomes its number. A missing feature becomes NaN where the options allow it.
 * A column that a record leaves out is missing, or 0 where the format defines it so.
 */
#ifndef SNUG_TABLES_TABLE_PARSE_H
#define SNUG_TABLES_TABLE_PARSE_H

#include "tables/table.h"

/*
 * Fills table->values, whose arrays are allocated for table->rows rows and hold zeros, and sets
 * table->rows to the number of rows that have their targets. Fails with line and column where a
 * field is not what its column holds, and where the file has other rows than in the first pass.
 */
snug_status snug_table_parse(snug_table *table);

#endif
