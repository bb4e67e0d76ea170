/*
 * Keeping the digits of numbers that have more of them than a float holds.
 *
 * The last pass over a table notes, of the columns of numbers, the range of the values with many
 * digits and what floats lose of them. Few tables need more than that: where a column loses too
 * much, the pass is made again, and subtracts an offset in double from the values of the column.
 */
#ifndef SNUG_TABLES_TABLE_DIGITS_H
#define SNUG_TABLES_TABLE_DIGITS_H

#include "tables/table.h"

/*
 * Parses the values as snug_table_parse() does. Where columns turn out to need offsets (see
 * schema/offsets.h) it does so again with these; a table that is read like another one has the
 * offsets of that one. Sets table->values.offsets. Warns where digits were lost all the same.
 */
snug_status snug_table_parse_digits(snug_table *table);

#endif
