/*
 * The profile of a table: what a pass over all its records finds in each column, before it is
 * decided what the column is for. Cells are classified as tables/ does (table_cells.h).
 */
#ifndef SNUG_RECIPES_PROFILE_H
#define SNUG_RECIPES_PROFILE_H

#include "core/number.h"
#include "formats/data_format.h"
#include "recipes/value_counter.h"
#include "tables/table.h"

/* The two least or the two largest numbers of a column, by their size. */
typedef struct snug_extreme {
    double value, second; /* NaN before there is one */
    size_t count;         /* cells that hold `value` */
} snug_extreme;

/* A cell of a table, as much of it as an example needs. */
typedef struct snug_example_cell {
    char text[32]; /* "": none */
    size_t line;   /* of the file */
} snug_example_cell;

/* The signs of currencies, or %, of formatted numbers other than 0. */
typedef struct snug_profiled_units {
    const char *symbol;             /* of the first cell, see snug_notation_symbol() */
    snug_example_cell first, other; /* the first cell, and the first with another symbol */
} snug_profiled_units;

/* Numbers that may be codes: digits alone, some with a leading zero. */
typedef struct snug_profiled_codes {
    size_t digits; /* cells of digits alone, all of `width` of them unless uneven */
    size_t width;
    bool uneven;
    snug_example_cell zeros; /* the first with a leading zero, as 00123 */
} snug_profiled_codes;

enum { SNUG_PROFILE_STRINGS = 16 /* different strings that are kept of a column */ };

typedef struct snug_column_profile {
    size_t blanks;    /* cells that are missing whatever the column holds; absent ones count too */
    size_t markers;   /* NA, ? and the like: missing in a column of numbers */
    size_t numbers;   /* cells that hold a number */
    size_t strings;   /* all other cells */
    size_t infinite;  /* strings that are numbers too large for training, as inf and 1e39 are */
    size_t formatted; /* strings that are numbers as 1,234 or $5 or 45% are */
    size_t dates;     /* strings of digits and separators: 2024-05-01, 18.00.00 */
    bool fractional;  /* a number is not whole */
    snug_extreme least, largest;
    snug_profiled_units units;
    snug_profiled_codes codes;
    snug_value_counter values;        /* different values, of cells that are not blank */
    snug_value_counter number_values; /* of cells that are numbers */
    snug_string_set examples;     /* the first different strings that are no formatted numbers */
    bool more_strings;            /* there are more than are kept */
    snug_string_set marker_names; /* the first different markers */
} snug_column_profile;

typedef struct snug_profile {
    snug_table table; /* its reader is open; no columns but column_count, and no values */
    snug_column_profile *columns; /* owned; table.column_count of them */
    size_t rows;
    size_t line; /* of the current record */
} snug_profile;

/*
 * Opens a table and profiles all its columns; `options` say how it is written, and are borrowed, as
 * the source is. Close the profile also after a failure.
 */
snug_status snug_profile_open(snug_profile *profile, const snug_data_format *format,
                              const snug_byte_source *source, const snug_csv_options *options);
void snug_profile_close(snug_profile *profile);

/* Returns the name of column i. */
const char *snug_profile_name(const snug_profile *profile, size_t i);

/* Returns whether the file has no name for column i. */
bool snug_profile_is_nameless(const snug_profile *profile, size_t i);

/*
 * Returns what a cell holds. A number that is too large for the floats of training is infinite.
 */
snug_cell_kind snug_profile_cell_kind(const snug_table *table, const char *cell, bool quoted);

#endif
