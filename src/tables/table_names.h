/*
 * The names of a column's categories or classes. Numbers that are equal in the notation of the
 * table, such as 1, 1.0 and +1, are one name: the shortest spelling of them.
 */
#ifndef SNUG_TABLES_TABLE_NAMES_H
#define SNUG_TABLES_TABLE_NAMES_H

#include "tables/table.h"

/*
 * Sorts the names that a pass collected, numbers by size and then strings by strcmp(), joins those
 * that are the same number, and prepares snug_table_names_find(). Fails without memory.
 */
snug_status snug_table_names_join(const snug_table *table, snug_table_column *column);

/* Sets the names, in their order, to those of another table. Fails without memory. */
snug_status snug_table_names_copy(const snug_table *table, snug_table_column *column,
                                  const snug_strings *names);

/*
 * Returns the index of the name that a string is, or that is the same number; SNUG_NOT_IN_SET if
 * there is none. The thread must be in the "C" locale.
 */
size_t snug_table_names_find(const snug_table *table, const snug_table_column *column,
                             const char *string);

#endif
