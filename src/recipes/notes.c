#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "recipes/columns.h"
#include "recipes/notes.h"
#include "tables/table_cells.h"

enum {
    FEW = 10,      /* different values that say little about how far a number is from the others */
    FEW_CELLS = 5, /* cells that need not be a marker of a missing value */
    FEW_ROWS = 5   /* of a class, of which a network learns little */
};

/* ---- how the file is written ----------------------------------------------------------------- */

/* Notes what a mark was taken for that may be the decimal mark as well as separate thousands. */
static snug_status note_decimal(snug_draft *draft) {
    const snug_decimal_choice *marks = &draft->dialect.marks;
    if (marks->unsure == 0) {
        return SNUG_OK;
    }
    bool decimal = marks->unsure == marks->decimal;
    char other = marks->decimal == ',' ? '.' : ',';
    return snug_draft_note(draft,
                           "the %s of \"%s\" in \"%.60s\" is taken %s: --decimal %c takes it %s",
                           marks->unsure == ',' ? "comma" : "point", marks->example,
                           draft->seen->columns[marks->column].name,
                           decimal ? "for the decimal mark" : "to separate thousands", other,
                           decimal ? "to separate thousands" : "for the decimal mark");
}

static snug_status note_header(snug_draft *draft) {
    if (!draft->dialect.header_unsure) {
        return SNUG_OK;
    }
    return snug_draft_note(draft, draft->dialect.header
                                      ? "the first line is taken for a header: --no-header takes "
                                        "it for values"
                                      : "the first line is taken for values: --header takes it for "
                                        "a header");
}

/* ---- numbers that may mean a missing value --------------------------------------------------- */

/*
 * Returns whether the least or the largest number of a column, `extreme`, is as far from all others
 * as these are from each other, and often there: -200 among 0.1 to 11.9.
 */
static bool is_suspicious(const snug_column_profile *column, const snug_extreme *extreme,
                          const snug_extreme *other) {
    double gap = fabs(extreme->value - extreme->second),
           rest = fabs(extreme->second - other->value);
    return column->number_values.distinct > FEW && extreme->count >= FEW_CELLS &&
           extreme->value == floor(extreme->value) && extreme->value != 0 && gap > rest;
}

static bool has_suspicious(const snug_column_profile *column, double *value, size_t *count) {
    bool least = is_suspicious(column, &column->least, &column->largest);
    if (!least && !is_suspicious(column, &column->largest, &column->least)) {
        return false;
    }
    *value = least ? column->least.value : column->largest.value;
    *count = least ? column->least.count : column->largest.count;
    return true;
}

/* Returns how many cells of a column of numbers hold a number that is its least or its largest. */
static size_t cells_with(const snug_draft *draft, size_t i, double number) {
    const snug_column_profile *column = &draft->profile.columns[i];
    if (!snug_draft_holds_numbers(draft, i)) {
        return 0;
    }
    return column->least.value == number     ? column->least.count
           : column->largest.value == number ? column->largest.count
                                             : 0;
}

/* Returns whether a column before column i is suspicious for the same number. */
static bool is_noted(const snug_draft *draft, size_t i, double number) {
    bool noted = false;
    for (size_t j = 0; j < i && !noted; j++) {
        double value = 0;
        size_t count = 0;
        noted = snug_draft_holds_numbers(draft, j) &&
                has_suspicious(&draft->profile.columns[j], &value, &count) && value == number;
    }
    return noted;
}

/* Notes a number once, for all columns of which it is the least or the largest too. */
static snug_status note_number(snug_draft *draft, size_t first, double number) {
    size_t cells = 0, columns = 0;
    for (size_t i = 0; i < draft->seen->column_count; i++) {
        cells += cells_with(draft, i, number);
        columns += cells_with(draft, i, number) > 0;
    }
    const char *name = draft->seen->columns[first].name;
    return columns > 1 ? snug_draft_note(
                             draft,
                             "%.15g is far from all other numbers in \"%.60s\", and the outermost "
                             "of %zu columns, in %zu cells: if it means a missing value, list "
                             "it in \"missing_values\"",
                             number, name, columns, cells)
                       : snug_draft_note(
                             draft,
                             "%.15g is far from all other numbers in \"%.60s\", in %zu cells: if "
                             "it means a missing value, list it in \"missing_values\"",
                             number, name, cells);
}

static snug_status note_numbers(snug_draft *draft) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < draft->seen->column_count && status == SNUG_OK; i++) {
        double value = 0;
        size_t count = 0;
        if (snug_draft_holds_numbers(draft, i) &&
            has_suspicious(&draft->profile.columns[i], &value, &count) &&
            !is_noted(draft, i, value)) {
            status = note_number(draft, i, value);
        }
    }
    return status;
}

/* ---- numbers that may be something else ------------------------------------------------------ */

/* Notes numbers with a sign of a currency or % among numbers with another or without one. */
static snug_status note_units(snug_draft *draft, size_t i) {
    const snug_profiled_units *units = &draft->profile.columns[i].units;
    if (units->other.text[0] == 0 || !snug_draft_holds_numbers(draft, i)) {
        return SNUG_OK;
    }
    return snug_draft_note(
        draft,
        "\"%.60s\" holds numbers of several units, such as \"%s\" in line %zu and "
        "\"%s\" in line %zu: they are taken for %.15g and %.15g",
        draft->seen->columns[i].name, units->first.text, units->first.line, units->other.text,
        units->other.line, snug_table_parse_double(&draft->profile.table, units->first.text),
        snug_table_parse_double(&draft->profile.table, units->other.text));
}

/* Notes what numbers with leading zeros were taken for. */
static snug_status note_codes(snug_draft *draft, size_t i) {
    const snug_suggested_column *column = &draft->seen->columns[i];
    const snug_column_profile *profile = &draft->profile.columns[i];
    const char *code = profile->codes.zeros.text;
    bool numbers = snug_draft_holds_numbers(draft, i);
    if (code[0] == 0 || column->use == SNUG_USE_IGNORED || profile->strings > profile->numbers ||
        (column->use == SNUG_USE_TARGET && !numbers)) {
        return SNUG_OK;
    }
    if (column->use == SNUG_USE_TARGET) {
        return snug_draft_note(draft,
                               "\"%.60s\" has leading zeros, such as \"%s\", and is taken for "
                               "numbers: --task class takes it for classes",
                               column->name, code);
    }
    return numbers ? snug_draft_note(draft,
                                     "\"%.60s\" has leading zeros, such as \"%s\", and is taken "
                                     "for numbers: \"categorical\": [\"%.60s\"] in \"data\" takes "
                                     "it for categories",
                                     column->name, code, column->name)
                   : snug_draft_note(draft,
                                     "\"%.60s\" has leading zeros, such as \"%s\", and is taken "
                                     "for categories, in \"categorical\"; without that it is "
                                     "taken for numbers",
                                     column->name, code);
}

static snug_status note_units_and_codes(snug_draft *draft) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < draft->seen->column_count && status == SNUG_OK; i++) {
        status = note_units(draft, i);
        if (status == SNUG_OK) {
            status = note_codes(draft, i);
        }
    }
    return status;
}

/* ---- strings that mean a missing value ------------------------------------------------------- */

static snug_status note_strings(snug_draft *draft) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < draft->seen->column_count && status == SNUG_OK; i++) {
        const snug_column_profile *column = &draft->profile.columns[i];
        if (snug_draft_holds_numbers(draft, i) && column->strings > 0) {
            bool large = column->infinite == column->strings;
            status = snug_draft_note(
                draft,
                "\"%.60s\" holds %s, such as \"%.40s\", in %zu of %zu "
                "cells: they are listed in \"missing_values\"",
                draft->seen->columns[i].name, large ? "too large numbers" : "strings",
                column->examples.list.items[0], column->strings, column->strings + column->numbers);
        }
    }
    return status;
}

/* ---- rows and classes ------------------------------------------------------------------------ */

static snug_status note_rows(snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    snug_status status = SNUG_OK;
    if (seen->rows_without_target > 0) {
        bool one = seen->rows_without_target == 1;
        status =
            snug_draft_note(draft, "%zu row%s no target and %s left out", seen->rows_without_target,
                            one ? " has" : "s have", one ? "is" : "are");
    }
    if (status == SNUG_OK && 100 * seen->duplicates > seen->rows) {
        status = snug_draft_note(draft,
                                 "%zu rows are the same as one before: where a row is in training "
                                 "and its copy in validation, results look too good",
                                 seen->duplicates);
    }
    return status;
}

/*
 * Notes classes whose names are those of missing values, NA or ?, which training takes for classes.
 * One of two classes may well be "-" or "None".
 */
static snug_status note_markers(snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < seen->class_count && seen->class_count > 2 && status == SNUG_OK; i++) {
        const snug_suggested_class *class = &seen->classes[i];
        if (snug_cell_classify(class->name) == SNUG_CELL_MARKER) {
            status =
                snug_draft_note(draft,
                                "class \"%.60s\" has %zu row%s: if it means that the target is "
                                "missing, empty these cells, and the rows are left out",
                                class->name, class->rows, class->rows == 1 ? "" : "s");
        }
    }
    return status;
}

static snug_status note_large_class(snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    const snug_suggested_class *largest = seen->classes;
    for (size_t i = 1; i < seen->class_count; i++) {
        const snug_suggested_class *class = &seen->classes[i];
        largest = class->rows > largest->rows ? class : largest;
    }
    double share = seen->class_count > 0 ? (double)largest->rows / (double)seen->rows : 0;
    return share > 0.8
               ? snug_draft_note(draft,
                                 "%.1f %% of the rows are of class \"%.60s\": compare the accuracy "
                                 "with that share",
                                 100 * share, largest->name)
               : SNUG_OK;
}

static snug_status note_small_classes(snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    const snug_suggested_class *least = NULL;
    size_t small = 0, single = 0;
    for (size_t i = 0; i < seen->class_count; i++) {
        const snug_suggested_class *class = &seen->classes[i];
        least = least == NULL || class->rows < least->rows ? class : least;
        small += class->rows < FEW_ROWS;
        single += class->rows == 1;
    }
    if (small == 0) {
        return SNUG_OK;
    }
    if (small == 1) {
        return snug_draft_note(draft,
                               "class \"%.60s\" has %zu row%s, which is too little to learn from",
                               least->name, least->rows, least->rows == 1 ? "" : "s");
    }
    return small == single
               ? snug_draft_note(draft,
                                 "%zu of %zu classes have 1 row, which is too little to learn from",
                                 small, seen->class_count)
               : snug_draft_note(draft,
                                 "%zu of %zu classes have fewer than %d rows, which is too little "
                                 "to learn from",
                                 small, seen->class_count, FEW_ROWS);
}

/* Compares the names of classes without regard to capitals; those that are equal by their bytes. */
static int compare_letters(const void *a, const void *b) {
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    int order = strcasecmp(left, right);
    return order != 0 ? order : strcmp(left, right);
}

/* Notes classes that are perhaps one, written in two ways: Yes and yes. */
static snug_status note_spellings(snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    const char **names = snug_alloc(seen->class_count, sizeof *names), *first = NULL, *other = NULL;
    size_t pairs = 0;
    if (names == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < seen->class_count; i++) {
        names[i] = seen->classes[i].name;
    }
    qsort(names, seen->class_count, sizeof *names, compare_letters);
    for (size_t i = 1; i < seen->class_count; i++) {
        if (strcasecmp(names[i - 1], names[i]) == 0 && pairs++ == 0) {
            first = names[i - 1];
            other = names[i];
        }
    }
    snug_release(names);
    return pairs == 0 ? SNUG_OK
           : pairs == 1
               ? snug_draft_note(draft,
                                 "the classes \"%.60s\" and \"%.60s\" differ only in capitals: "
                                 "if they are one, write them alike",
                                 first, other)
               : snug_draft_note(draft,
                                 "the classes \"%.60s\" and \"%.60s\", and %zu more pairs, "
                                 "differ only in capitals: if they are one, write them alike",
                                 first, other, pairs - 1);
}

/* Notes targets that number the rows: nothing else in a row can tell them. */
static snug_status note_row_numbers(snug_draft *draft) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < draft->target_count && status == SNUG_OK; i++) {
        size_t column = draft->targets[i];
        if (snug_column_numbers_rows(&draft->profile.columns[column], draft->profile.rows)) {
            status = snug_draft_note(draft,
                                     "the target \"%.60s\" numbers the rows, so that there is "
                                     "nothing to learn: --target takes another",
                                     draft->seen->columns[column].name);
        }
    }
    return status;
}

snug_status snug_draft_add_notes(snug_draft *draft) {
    snug_status status = note_header(draft);
    if (status == SNUG_OK) {
        status = note_decimal(draft);
    }
    if (status == SNUG_OK) {
        status = note_rows(draft);
    }
    if (status == SNUG_OK) {
        status = note_row_numbers(draft);
    }
    if (status == SNUG_OK) {
        status = note_large_class(draft);
    }
    if (status == SNUG_OK) {
        status = note_small_classes(draft);
    }
    if (status == SNUG_OK && draft->seen->class_count > 1) {
        status = note_spellings(draft);
    }
    if (status == SNUG_OK) {
        status = note_units_and_codes(draft);
    }
    if (status == SNUG_OK) {
        status = note_strings(draft);
    }
    if (status == SNUG_OK) {
        status = note_markers(draft);
    }
    return status == SNUG_OK ? note_numbers(draft) : status;
}
