/* What inference assumed about the columns of a table, and what it refuses, in messages. */
#ifndef SNUG_TABLES_TABLE_REPORT_H
#define SNUG_TABLES_TABLE_REPORT_H

#include "tables/table.h"

/* Fails because a column has more different values than categories or classes may be. */
snug_status snug_table_fail_too_many(const snug_table *table, const snug_table_column *column);

/*
 * Fails where a column holds strings by mistake, as the pass before found it: nearly all its values
 * are numbers. `complete` is whether that pass collected the different values of such columns; as
 * long as they are not known, a column of few different ones passes.
 */
snug_status snug_table_check_strings(const snug_table *table, bool complete);

/* Warns of what was assumed, once for each column and reason. */
snug_status snug_table_report(snug_table *table);

#endif
