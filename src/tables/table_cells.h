/*
 * What the cells of a table hold, where the list of markers of missing values is known: the usual
 * one, or the one of the option "missing_values", which may hold numbers such as -200.
 *
 *     cell        feature of numbers   feature of strings    class      value
 *     (empty)     missing              missing               missing    missing
 *     usual       missing              a category            a class    an error
 *     listed      missing              missing               a class    missing
 */
#ifndef SNUG_TABLES_TABLE_CELLS_H
#define SNUG_TABLES_TABLE_CELLS_H

#include "core/number.h"
#include "tables/table.h"

/*
 * Sets the list of the options or of the table to read this one like. Fails for a list that is not
 * UTF-8, and without memory.
 */
snug_status snug_table_set_markers(snug_table *table);

/* Frees the list. */
void snug_table_clear_markers(snug_table *table);

/* Applies the list of the options to the kind that a cell has by its characters. */
snug_cell_kind snug_table_apply_markers(const snug_table *table, snug_cell_kind kind,
                                        const char *string);

/* Applies quotes and the list of the options to the kind that a cell has by its characters. */
static inline snug_cell_kind snug_table_adjust_kind(const snug_table *table, snug_cell_kind kind,
                                                    const char *string, bool quoted) {
    if (quoted && (kind == SNUG_CELL_NUMBER || kind == SNUG_CELL_INFINITE)) {
        kind = SNUG_CELL_STRING;
    }
    return table->markers.listed ? snug_table_apply_markers(table, kind, string) : kind;
}

/*
 * Sets how numbers are written: as the options say, otherwise as in the table to read this one
 * like. Fails where the format of the file has plain numbers only.
 */
snug_status snug_table_set_notation(snug_table *table);

/*
 * Returns a cell as its number is written in plain notation, if it is one in the notation of the
 * table; `plain` has space for it. Strings that a format marks as such, by *quoted, are looked at
 * too, and *quoted becomes false for a number; its other cells are in plain notation.
 */
const char *snug_table_rewrite(const snug_table *table, const char *string, bool *quoted,
                               char plain[SNUG_PLAIN_SIZE]);

/* As the functions below, where the notation of the table is not the plain one. */
snug_cell_kind snug_table_rewritten_kind(const snug_table *table, const char *string, bool quoted);
snug_cell_kind snug_table_rewritten_read(const snug_table *table, const char *string, bool quoted,
                                         snug_cell_number *number);

/*
 * Returns what a cell holds. A string that its format marks as one, as JSON does by quotes, is
 * never a number. SNUG_CELL_MARKER is a marker of the table's list; whether it is a missing value
 * depends on the column.
 */
static inline snug_cell_kind snug_table_cell_kind(const snug_table *table, const char *string,
                                                  bool quoted) {
    return table->plain ? snug_table_adjust_kind(table, snug_cell_classify(string), string, quoted)
                        : snug_table_rewritten_kind(table, string, quoted);
}

/* As snug_table_cell_kind(), and reads *number as snug_cell_read() does. */
static inline snug_cell_kind snug_table_cell_read(const snug_table *table, const char *string,
                                                  bool quoted, snug_cell_number *number) {
    return table->plain
               ? snug_table_adjust_kind(table, snug_cell_read(string, number), string, quoted)
               : snug_table_rewritten_read(table, string, quoted, number);
}

/* Returns the value of a SNUG_CELL_NUMBER. */
double snug_table_parse_double(const snug_table *table, const char *string);

/* Returns whether a cell of that kind is a missing value in a column of that role. */
bool snug_table_is_missing(const snug_table *table, snug_cell_kind kind, snug_column_role role);

/* Copies a string into example[SNUG_EXAMPLE_SIZE], cut between two characters of UTF-8. */
void snug_table_copy_example(char *example, const char *string);

#endif
