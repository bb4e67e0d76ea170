#include <stdio.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "tables/table_missing.h"

enum { MAX_LIST = 256 };

void snug_table_clear_gaps(snug_table *table) {
    for (size_t i = 0; i < table->column_count; i++) {
        table->columns[i].gaps = (snug_table_gaps){0};
    }
}

void snug_table_note_missing(snug_table_column *column, size_t line) {
    if (column->gaps.missing++ == 0) {
        column->gaps.missing_line = line;
    }
}

/* ---- the warning ----------------------------------------------------------------------------- */

/* The missing values of a table, as the warning tells them. */
typedef struct summary {
    const snug_table_column *first; /* the column of the first one; NULL: none is missing */
    size_t other_cells;             /* missing values of all other columns */
    const char **others;            /* the names of these, owned */
    size_t other_count;
    bool numbers, categories; /* whether columns of one feature, and of one a category, are among
                                 the columns */
} summary;

static void find_first(const snug_table *table, summary *s) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        const snug_table_gaps *gaps = &column->gaps;
        if (gaps->missing == 0) {
            continue;
        }
        bool one_hot = snug_table_column_is_one_hot(column);
        s->numbers = s->numbers || !one_hot;
        s->categories = s->categories || one_hot;
        if (s->first == NULL || gaps->missing_line < s->first->gaps.missing_line) {
            s->first = column;
        }
    }
}

static snug_status find_others(const snug_table *table, summary *s) {
    s->others = snug_alloc(table->column_count, sizeof *s->others);
    for (size_t i = 0; s->others != NULL && i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (column != s->first && column->gaps.missing > 0) {
            s->others[s->other_count++] = column->name;
            s->other_cells += column->gaps.missing;
        }
    }
    return s->others != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Writes `, and 12 in 2 other columns ("a", "b")`, or nothing, into a buffer of MAX_LIST + 64. */
static void print_others(const summary *s, char *buffer, size_t size) {
    char list[MAX_LIST];
    buffer[0] = 0;
    if (s->other_count > 0) {
        snug_quote_names(s->others, s->other_count, list, sizeof list);
        snprintf(buffer, size, ", and %zu in %zu other column%s (%s)", s->other_cells,
                 s->other_count, s->other_count == 1 ? "" : "s", list);
    }
}

/* Writes what becomes of the missing values. */
static void print_replacement(const snug_table *table, const summary *s, char *buffer,
                              size_t size) {
    const char *mean = table->options.missing == SNUG_MISSING_MEDIAN ? "median" : "mean";
    if (s->numbers) {
        snprintf(buffer, size, "the %s of the training rows takes %s%s", mean,
                 s->categories ? "the place of a number, " : "their place",
                 s->categories ? "and a category is 0 in all its features" : "");
    } else {
        snprintf(buffer, size, "the category is 0 in all its features there");
    }
}

/* Returns which options change what becomes of missing values. */
static const char *options_of(const snug_table *table, const summary *s) {
    if (table->like != NULL) {
        return "a model that is trained with \"missing\": \"error\" refuses them";
    }
    if (!s->numbers) {
        return "\"missing\": \"error\" refuses them, \"missing_indicator\" adds a feature for them";
    }
    return table->options.missing == SNUG_MISSING_MEDIAN
               ? "\"missing\": \"error\" refuses them, \"mean\" and \"missing_indicator\" are "
                 "other choices"
               : "\"missing\": \"error\" refuses them, \"median\" and \"missing_indicator\" are "
                 "other choices";
}

snug_status snug_table_warn_missing(snug_table *table) {
    summary s = {0};
    find_first(table, &s);
    if (s.first == NULL) {
        return SNUG_OK;
    }
    snug_status status = find_others(table, &s);
    if (status == SNUG_OK) {
        char others[MAX_LIST + 64], replacement[128];
        print_others(&s, others, sizeof others);
        print_replacement(table, &s, replacement, sizeof replacement);
        size_t count = s.first->gaps.missing;
        status = snug_warn(&table->reader.warnings,
                           "%s:%zu: column \"%.100s\": %zu value%s here%s: "
                           "%s; %s",
                           table->reader.file.path, s.first->gaps.missing_line, s.first->name,
                           count, count == 1 ? " is missing" : "s are missing, the first one",
                           others, replacement, options_of(table, &s));
    }
    snug_release(s.others);
    return status;
}
