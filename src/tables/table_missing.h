/*
 * Missing values of a table while it is parsed: each column counts its own, and at the end one
 * warning for the whole file tells where they are and what becomes of them.
 *
 * In the rows of the dataset a missing feature is NaN; the scaler replaces it (data/scaler.h).
 */
#ifndef SNUG_TABLES_TABLE_MISSING_H
#define SNUG_TABLES_TABLE_MISSING_H

#include "tables/table.h"

/* Forgets what an earlier pass counted. */
void snug_table_clear_gaps(snug_table *table);

/* Counts a missing value of a column, in line `line`. */
void snug_table_note_missing(snug_table_column *column, size_t line);

/*
 * Warns of all missing values of the pass at once: the first one's line and column, how many there
 * are, what takes their place, and the options that change it. Fails where warnings are errors.
 */
snug_status snug_table_warn_missing(snug_table *table);

#endif
