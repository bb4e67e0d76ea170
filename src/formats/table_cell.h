/* What one field of a table holds, for both passes. */
#ifndef SNUG_FORMATS_TABLE_CELL_H
#define SNUG_FORMATS_TABLE_CELL_H

#include <stdbool.h>

#include "core/number.h"

/*
 * Returns what a field holds. A string that its format marks as one, as JSON does by quotes, is
 * never a number; where it is empty, "NA", "NaN" or "?", it is missing as in any other format.
 */
static inline snug_cell_kind snug_table_cell_kind(const char *string, bool quoted) {
    snug_cell_kind kind = snug_cell_classify(string);
    return quoted && kind != SNUG_CELL_MISSING ? SNUG_CELL_STRING : kind;
}

#endif
