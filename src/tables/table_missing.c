#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "tables/table_cells.h"
#include "tables/table_missing.h"

enum { MAX_LIST = 256 };

void snug_table_clear_gaps(snug_table *table) {
    memset(table->first_gaps, 0, sizeof table->first_gaps);
    for (size_t i = 0; i < table->column_count; i++) {
        memset(table->columns[i].gaps, 0, sizeof table->columns[i].gaps);
    }
}

void snug_table_note_gap(snug_table *table, snug_gap gap, snug_table_column *column, size_t line,
                         const char *string) {
    snug_table_first_gap *first = &table->first_gaps[gap];
    column->gaps[gap]++;
    if (first->column == NULL) {
        first->column = column;
        first->line = line;
        snug_table_copy_example(first->string, string);
    }
}

/* ---- rows without a target ------------------------------------------------------------------- */

/* Whether a cell of a target is missing: without a list of markers only an empty one is. */
static bool is_missing(const snug_table *table, const snug_table_column *target, const char *string,
                       bool quoted) {
    if (!table->markers.listed) {
        return string[strspn(string, " \t\r\n")] == 0;
    }
    return snug_table_is_missing(table, snug_table_cell_kind(table, string, quoted), target->role);
}

/* Returns the first target for which a record whose fields name their columns has no field. */
static snug_table_column *absent_target(snug_table *table, const snug_record *record) {
    for (size_t i = table->first_target; i < table->end_target; i++) {
        size_t k = 0;
        if (!table->columns[i].target) {
            continue;
        }
        while (k < record->count && record->columns[k] != i) {
            k++;
        }
        if (k == record->count) {
            return &table->columns[i];
        }
    }
    return NULL;
}

/* A record whose fields name their columns has them in any order, and not all of them. */
static snug_table_column *missing_keyed_target(snug_table *table, const snug_record *record) {
    size_t found = 0;
    for (size_t i = 0; i < record->count; i++) {
        snug_table_column *column = &table->columns[record->columns[i]];
        bool quoted = record->quoted != NULL && record->quoted[i];
        if (column->target && is_missing(table, column, record->fields[i], quoted)) {
            return column;
        }
        found += column->target;
    }
    bool complete = found == table->target_count || table->reader.format->absent_is_zero;
    return complete ? NULL : absent_target(table, record);
}

snug_table_column *snug_table_missing_target(snug_table *table, const snug_record *record) {
    if (record->columns != NULL) {
        return missing_keyed_target(table, record);
    }
    for (size_t i = table->first_target; i < table->end_target; i++) {
        snug_table_column *column = &table->columns[i];
        bool quoted = record->quoted != NULL && record->quoted[i];
        if (column->target && is_missing(table, column, record->fields[i], quoted)) {
            return column;
        }
    }
    return NULL;
}

snug_status snug_table_fail_no_target(const snug_table *table) {
    if (table->target_count > 1) {
        return snug_fail(SNUG_ERROR_DATA, "%s: no row has all of its %zu targets",
                         table->reader.file.path, table->target_count);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s: column \"%s\": the target is missing in every row",
                     table->reader.file.path, table->columns[table->first_target].name);
}

/* ---- what warnings say of all kinds of gaps -------------------------------------------------- */

/* The gaps of one reason. */
typedef struct summary {
    const snug_table_first_gap *first;
    size_t cells;               /* in the column of the first one */
    char others[MAX_LIST + 64]; /* `, and 12 in 2 other columns ("a", "b")`, or "" */
    bool numbers, categories; /* whether columns of one feature, and of one for each category, have
                                  gaps */
} summary;

static void find_types(const snug_table *table, snug_gap gap, summary *s) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (column->gaps[gap] > 0) {
            bool one_hot = snug_table_column_is_one_hot(column);
            s->numbers = s->numbers || !(one_hot || column->embedding);
            s->categories = s->categories || one_hot;
        }
    }
}

static snug_status describe_others(const snug_table *table, snug_gap gap, summary *s) {
    const char **names = snug_alloc(table->column_count, sizeof *names);
    size_t count = 0, cells = 0;
    for (size_t i = 0; names != NULL && i < table->column_count; i++) {
        const snug_table_column *column = &table->columns[i];
        if (column != s->first->column && column->gaps[gap] > 0) {
            names[count++] = column->name;
            cells += column->gaps[gap];
        }
    }
    if (count > 0) {
        char list[MAX_LIST];
        snug_quote_names(names, count, list, sizeof list);
        snprintf(s->others, sizeof s->others, ", and %zu in %zu other column%s (%s)", cells, count,
                 count == 1 ? "" : "s", list);
    }
    snug_release(names);
    return names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Describes the gaps of a reason, of which there is at least one. */
static snug_status describe(const snug_table *table, snug_gap gap, summary *s) {
    *s = (summary){.first = &table->first_gaps[gap]};
    s->cells = s->first->column->gaps[gap];
    find_types(table, gap, s);
    return describe_others(table, gap, s);
}

/* ---- missing values -------------------------------------------------------------------------- */

/* Returns what becomes of missing values where no option says so. */
static const char *replacement_of(const summary *s) {
    if (!s->numbers && !s->categories) {
        return "a category becomes one of its own in category_embedding";
    }
    if (!s->numbers) {
        return "a category becomes 0 in all its features";
    }
    return s->categories ? "a number becomes the mean of the training rows, a category 0 in all "
                           "its features"
                         : "a number becomes the mean of the training rows";
}

/* Returns which options change what becomes of missing values. */
static const char *options_of(const snug_table *table, const summary *s) {
    if (table->like != NULL) {
        return "a model that is trained with \"missing\": \"error\" refuses it";
    }
    if (!s->numbers) {
        return "\"missing\": \"error\" refuses it, \"missing_indicator\" adds a feature";
    }
    return "\"missing\": \"error\" refuses it, \"median\" and \"missing_indicator\" are other "
           "choices";
}

bool snug_table_chooses_missing(const snug_table *table) {
    bool indicators = table->like == NULL && table->options.missing_indicator;
    for (size_t i = 0; i < table->column_count; i++) {
        indicators = indicators || table->columns[i].indicator;
    }
    return indicators || table->options.missing == SNUG_MISSING_MEDIAN;
}

static snug_status warn_of_missing(snug_table *table, const summary *s) {
    if (snug_table_chooses_missing(table)) {
        return SNUG_OK;
    }
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: column \"%.100s\": %zu value%s here%s: %s; %s",
                     table->reader.file.path, s->first->line, s->first->column->name, s->cells,
                     s->cells == 1 ? " is missing" : "s are missing, the first one", s->others,
                     replacement_of(s), options_of(table, s));
}

/* ---- unknown categories ---------------------------------------------------------------------- */

static snug_status warn_of_unknown(snug_table *table, const summary *s) {
    return snug_warn(&table->reader.warnings,
                     "%s:%zu: column \"%.100s\": %zu cell%s, %s\"%s\"%s: an unknown category "
                     "counts as missing%s; a model that is trained with \"unknown_category\": "
                     "\"error\" refuses it",
                     table->reader.file.path, s->first->line, s->first->column->name, s->cells,
                     s->cells == 1 ? " holds an unknown category" : "s hold unknown categories",
                     s->cells == 1 ? "" : "the first one ", s->first->string, s->others,
                     s->categories ? ", 0 in all features of its column" : "");
}

static snug_status warn_of_targets(snug_table *table, const summary *s) {
    return snug_warn(
        &table->reader.warnings,
        "%s:%zu: column \"%.100s\": %zu value%s here%s: a row without a target is left "
        "out; \"strict\" refuses it",
        table->reader.file.path, s->first->line, s->first->column->name, s->cells,
        s->cells == 1 ? " of the target is missing" : "s of the target are missing, the first one",
        s->others);
}

/* ---- all ------------------------------------------------------------------------------------- */

snug_status snug_table_warn_of_gaps(snug_table *table) {
    static snug_status (*const warn[])(snug_table *,
                                       const summary *) = {[SNUG_GAP_MISSING] = warn_of_missing,
                                                           [SNUG_GAP_UNKNOWN] = warn_of_unknown,
                                                           [SNUG_GAP_TARGET] = warn_of_targets};
    snug_status status = SNUG_OK;
    for (int gap = 0; gap < SNUG_GAP_KINDS && status == SNUG_OK; gap++) {
        summary s;
        if (table->first_gaps[gap].column != NULL) {
            status = describe(table, (snug_gap)gap, &s);
            status = status == SNUG_OK ? warn[gap](table, &s) : status;
        }
    }
    return status;
}
