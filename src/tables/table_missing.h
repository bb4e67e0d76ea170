/*
 * Cells without a value that can be used, while a table is parsed: each column counts its own, and
 * at the end of the file one warning for each reason tells how many there are, where the first one
 * is, and what becomes of them.
 *
 * In the rows of the dataset a feature of such a cell is NaN; the scaler replaces it
 * (data/scaler.h). A row without a target is left out.
 */
#ifndef SNUG_TABLES_TABLE_MISSING_H
#define SNUG_TABLES_TABLE_MISSING_H

#include "tables/table.h"

/* Forgets what an earlier pass counted. */
void snug_table_clear_gaps(snug_table *table);

/*
 * Counts a cell of a column without a usable value, in line `line`; `string` is what it holds. Call
 * it in the order of the lines.
 */
void snug_table_note_gap(snug_table *table, snug_gap gap, snug_table_column *column, size_t line,
                         const char *string);

/*
 * Returns a column of targets whose value is missing in the record, so that the row is left out;
 * NULL: all are there.
 */
snug_table_column *snug_table_missing_target(snug_table *table, const snug_record *record);

/* Fails because no row has all targets. */
snug_status snug_table_fail_no_target(const snug_table *table);

/*
 * Returns whether the options, or those that the model was trained with, say what becomes of
 * missing values, so that nothing is assumed.
 */
bool snug_table_chooses_missing(const snug_table *table);

/* Warns of what the pass counted, once for each reason. Fails where warnings are errors. */
snug_status snug_table_warn_of_gaps(snug_table *table);

#endif
