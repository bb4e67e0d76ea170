/*
 * Reading a table takes two passes over the file, so that memory holds little but the result: the
 * first infers how many rows there are and what each column is; the second parses the values and
 * writes them where they belong. A third pass is needed only when a column turns out to hold
 * strings after its first rows, and another when numbers have more digits than a float.
 *
 * The steps, a file each: table_columns.c decides which columns are targets, features, weights or
 * ignored; table_bind.c does so where the table must be read as another one, a model's, was;
 * table_infer.c makes the first pass, table_parse.c the last, both by what table_cells.c takes a
 * cell for; table_notation.c finds numbers that are written otherwise than the options say;
 * table_digits.c decides whether the last pass is made again with offsets, table_missing.c counts
 * missing values and warns of them; table_read.c calls all in turn.
 */
#ifndef SNUG_TABLES_TABLE_H
#define SNUG_TABLES_TABLE_H

#include "core/string_set.h"
#include "data/dataset.h"
#include "records/record_reader.h"
#include "schema/notation.h"
#include "schema/offsets.h"

/* What becomes of a column of the file. */
typedef enum snug_column_role {
    SNUG_COLUMN_NUMBER,   /* one feature */
    SNUG_COLUMN_CATEGORY, /* a feature for each name, or the number of the name as one feature */
    SNUG_COLUMN_CLASS,    /* the target's class, one of the names */
    SNUG_COLUMN_VALUE,    /* a target's value */
    SNUG_COLUMN_WEIGHT,   /* the row's weight */
    SNUG_COLUMN_PART,     /* which part the row belongs to: training, validation or test */
    SNUG_COLUMN_GROUP,    /* rows with equal values stay together */
    SNUG_COLUMN_IGNORED
} snug_column_role;

/* Cells of one kind in a column: the first few different ones, and how many there are. */
enum { SNUG_CELL_EXAMPLES = 3, SNUG_EXAMPLE_SIZE = 48 };
typedef struct snug_cell_notes {
    size_t count;    /* cells */
    size_t examples; /* that are filled below */
    size_t lines[SNUG_CELL_EXAMPLES];
    char strings[SNUG_CELL_EXAMPLES][SNUG_EXAMPLE_SIZE]; /* cut where they are longer */
} snug_cell_notes;

/* What a pass notes of the cells of a column that are neither empty nor numbers. */
typedef struct snug_column_notes {
    /* Bits 1 << i of the notations (table_notation.c) in which some string is no number. */
    unsigned failed_notations;
    bool unreadable; /* a string is no number in the table's notation even without its quotes */
    snug_cell_notes strings, markers;
} snug_column_notes;

/* Why a cell has no value that can be used. */
typedef enum snug_gap {
    SNUG_GAP_MISSING, /* a missing value of a feature */
    SNUG_GAP_UNKNOWN, /* a category that the table to read this one like does not have */
    SNUG_GAP_TARGET,  /* a missing value of a target, so that the row is left out */
    SNUG_GAP_KINDS
} snug_gap;

enum {
    SNUG_MAX_CATEGORIES = 4096,   /* a column of more different strings is no category */
    SNUG_MAX_COLUMN_WARNINGS = 20 /* for one reason, each of a column; one is for all others */
};

/* The digits of a column of numbers that a float may lose, as the last pass meets them. */
typedef struct snug_table_digits {
    double offset;         /* is subtracted in double from each value of a feature */
    snug_column_span wide; /* of the values with many digits; its error is that of what is stored */
    double last;           /* the last of these values, and what was stored of it */
    float last_stored;     /* NaN before the first value */
    size_t equal;          /* values that are stored as the one before, from which they differ */
    size_t equal_line;     /* number of the line of the first of them, and its value */
    double equal_value;
} snug_table_digits;

/* What the first passes have found out about the values of a column. */
typedef struct snug_column_findings {
    bool has_strings; /* it holds something that is no number */
    bool collects;    /* this pass adds its values to the names */
    bool partial;     /* values were passed over before it collected */
    bool fractional;  /* it holds a number that is not whole */
    bool too_many;    /* it has more different values than categories may be */
} snug_column_findings;

/* Cells of a column in the current pass. */
typedef struct snug_column_counts {
    size_t numbers; /* that hold a number */
    size_t blanks;  /* that are missing whatever the column holds */
    size_t cells;   /* all, where records name the columns of their fields */
} snug_column_counts;

typedef struct snug_table_column {
    const char *name; /* the reader's */
    snug_column_role role;
    bool nameless; /* the file has no name for it */
    bool target;
    bool excluded;         /* neither a feature nor a target */
    bool declared;         /* categorical by the options */
    bool chosen;           /* named as a feature by the options */
    size_t first;          /* number of its first feature, or of its value among the targets */
    snug_string_set names; /* its different values, where it holds strings or may be classes */
    double *name_values;   /* owned: of the first names, which are numbers, ascending */
    size_t name_value_count;
    bool integer;   /* of a category: its number is the one feature */
    bool embedding; /* and it is not scaled */
    bool indicator; /* has one more feature, which tells missing values */
    snug_column_findings found;
    snug_column_counts counts;
    snug_column_notes *notes; /* owned; NULL: every cell is a number or empty */
    size_t last_row;          /* number, from 1, of the last row of this pass that has its value */
    size_t gaps[SNUG_GAP_KINDS]; /* cells of the last pass without a value, by reason */
    snug_table_digits digits;
} snug_table_column;

/* Returns whether a column makes a feature 0 or 1 of each of its categories. */
static inline bool snug_table_column_is_one_hot(const snug_table_column *column) {
    return column->role == SNUG_COLUMN_CATEGORY && !column->integer;
}

/* Returns how many features hold the value of a column of features. */
static inline size_t snug_table_column_values(const snug_table_column *column) {
    return snug_table_column_is_one_hot(column) ? column->names.list.count : 1;
}

/* The first cell of the last pass without a usable value for one reason. */
typedef struct snug_table_first_gap {
    const snug_table_column *column; /* NULL: there is none */
    size_t line;
    char string[SNUG_EXAMPLE_SIZE]; /* what it holds, cut where it is longer */
} snug_table_first_gap;

/* The values that the last pass fills in. */
typedef struct snug_table_values {
    float *x;             /* rows x features, minus the offsets */
    double *offsets;      /* of the features, or NULL where all are 0 */
    float *targets;       /* rows x outputs, or NULL */
    int32_t *class_of;    /* rows, or NULL */
    float *weights;       /* rows, or NULL */
    unsigned char *parts; /* rows, or NULL */
    uint32_t *groups;     /* rows, or NULL: index of the row's value in the names of its column */
    size_t *row_numbers;  /* rows: number of the record, from 1; NULL until one is left out */
    bool missing;         /* a value is missing: x holds NaN */
} snug_table_values;

/* The markers of missing values. All zero: the usual ones (SNUG_CELL_MARKER). */
typedef struct snug_table_markers {
    bool listed;             /* the strings are in place of the usual ones */
    snug_string_set strings; /* owned */
    double *numbers;         /* owned; the values of the strings that are numbers */
    size_t number_count;
} snug_table_markers;

/* A table while it is read. */
typedef struct snug_table {
    snug_record_reader reader;
    snug_csv_options options;
    const snug_table_schema *like; /* the table to read this one like, or NULL; borrowed */
    snug_notation notation;        /* of the numbers */
    bool plain;                    /* it is the plain one: cells are read as they are */
    snug_table_markers markers;
    const double *offsets; /* of the features of that table, or NULL; borrowed */
    snug_table_column *columns;
    size_t column_count, target_count; /* target_count: columns of classes or values */
    size_t first_target, end_target;   /* all targets are among columns[first_target..end_target) */
    size_t records;                    /* of the file, that this pass has seen */
    size_t rows, filled; /* rows with targets: counted by the first pass, filled by the last */
    size_t features, outputs, classes;
    snug_table_values values;
    snug_table_first_gap first_gaps[SNUG_GAP_KINDS];
} snug_table;

/* Makes column i one of the targets between table->first_target and table->end_target. */
static inline void snug_table_include_target(snug_table *table, size_t i) {
    if (table->end_target == 0 || i < table->first_target) {
        table->first_target = i;
    }
    table->end_target = i >= table->end_target ? i + 1 : table->end_target;
}

#endif
