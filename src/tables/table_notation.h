/*
 * Columns whose strings are all numbers in another notation than the table's: with a decimal comma,
 * separators of thousands, a currency or percent sign. They are refused, because as categories they
 * would be useless, and as numbers they might be read wrongly: 1,234 is 1.234 to some. The error
 * message names the options that read them.
 *
 * A column is looked at string by string until one is no number in any notation, the first as a
 * rule, and what the strings have in common is known at the end of a pass.
 */
#ifndef SNUG_TABLES_TABLE_NOTATION_H
#define SNUG_TABLES_TABLE_NOTATION_H

#include "tables/table.h"

/* Notes in which notations a string of the column is a number; the column has notes. */
void snug_table_note_notation(const snug_table *table, snug_table_column *column,
                              const char *string);

/* Fails where all strings of the column, after a pass, are numbers in one other notation. */
snug_status snug_table_check_notation(const snug_table *table, const snug_table_column *column);

#endif
