#include <stdlib.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "recipes/rows.h"

enum { MOST_ROWS = 1 << 20 /* among which duplicates are looked for */ };

/* A class that was counted. */
typedef struct counted_class {
    char *name; /* owned; of its spellings the shortest, and of these the first by strcmp() */
    size_t rows;
} counted_class;

/* What the pass counts. */
typedef struct row_counts {
    snug_draft *draft;
    const char **cells;      /* of the current row, or NULL: absent */
    snug_string_set classes; /* one string of each, which equal numbers share */
    counted_class *counted;  /* of each class */
    size_t class_size;       /* classes that `counted` can hold */
    snug_value_counter rows;
} row_counts;

/* ---- one row --------------------------------------------------------------------------------- */

/* Returns whether a cell is a target; one that the record leaves out may be 0. */
static bool has_target(const row_counts *counts, const char *cell) {
    const snug_table *table = &counts->draft->profile.table;
    if (cell == NULL) {
        return table->reader.format->absent_is_zero;
    }
    return counts->draft->seen->task == SNUG_TASK_CLASSIFICATION
               ? snug_cell_classify(cell) != SNUG_CELL_MISSING
               : snug_profile_cell_kind(table, cell, false) == SNUG_CELL_NUMBER;
}

static snug_status grow(row_counts *counts) {
    if (counts->classes.list.count <= counts->class_size) {
        return SNUG_OK;
    }
    size_t size = 2 * counts->class_size + 16;
    counted_class *larger = snug_resize(counts->counted, size, sizeof *larger);
    if (larger == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    counts->counted = larger;
    counts->class_size = size;
    return SNUG_OK;
}

/* Names a class, by a cell of it and that cell as it is in `classes`. */
static snug_status name_class(counted_class *class, const char *cell, const char *usual) {
    bool digits = cell[strspn(cell, "0123456789")] == 0; /* with the leading zeros of a code */
    const char *name = digits ? cell : usual;
    size_t length = strlen(name), shortest = class->name != NULL ? strlen(class->name) : 0;
    if (class->name != NULL &&
        (length > shortest || (length == shortest && strcmp(name, class->name) >= 0))) {
        return SNUG_OK;
    }
    snug_release(class->name);
    class->name = snug_copy_string(name);
    return class->name != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Adds a row to its class. Equal numbers are one class: 1, 1.0 and +1. */
static snug_status add_class(row_counts *counts, const char *cell) {
    char *name = snug_copy_string(cell != NULL ? cell : "0");
    size_t index = 0;
    if (name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_normalize_number(name);
    snug_status status = snug_string_set_add(&counts->classes, name, &index);
    if (status == SNUG_OK && counts->classes.list.count > SNUG_MAX_CATEGORIES) {
        status =
            snug_fail(SNUG_ERROR_DATA,
                      "%s: the target \"%.60s\" has more than %d different values, which are too "
                      "many for classes",
                      counts->draft->path,
                      snug_profile_name(&counts->draft->profile, counts->draft->targets[0]),
                      SNUG_MAX_CATEGORIES);
    }
    if (status == SNUG_OK) {
        status = grow(counts);
    }
    if (status == SNUG_OK) {
        counts->counted[index].rows++;
        status = name_class(&counts->counted[index], cell != NULL ? cell : "0", name);
    }
    snug_release(name);
    return status;
}

/* Looks whether a row is the same as one before, in the columns that are used. */
static snug_status add_row(row_counts *counts) {
    const snug_suggestion *seen = counts->draft->seen;
    uint64_t hash = 0;
    bool added = false;
    for (size_t i = 0; i < seen->column_count; i++) {
        const char *cell = counts->cells[i];
        if (seen->columns[i].use != SNUG_USE_IGNORED && cell != NULL) {
            hash = snug_hash_bytes(cell, strlen(cell) + 1, hash + i);
        }
    }
    bool full = counts->rows.distinct == counts->rows.limit;
    snug_status status = snug_value_counter_add(&counts->rows, hash, &added);
    counts->draft->seen->duplicates += !added && !full;
    return status;
}

static snug_status receive_record(void *user, const snug_record *record) {
    row_counts *counts = user;
    const snug_draft *draft = counts->draft;
    if (record->columns != NULL) {
        memset(counts->cells, 0, draft->seen->column_count * sizeof *counts->cells);
    }
    for (size_t i = 0; i < record->count; i++) {
        counts->cells[record->columns != NULL ? record->columns[i] : i] = record->fields[i];
    }
    for (size_t i = 0; i < draft->target_count; i++) {
        if (!has_target(counts, counts->cells[draft->targets[i]])) {
            draft->seen->rows_without_target++;
            return SNUG_OK;
        }
    }
    draft->seen->rows++;
    snug_status status = add_row(counts);
    return status == SNUG_OK && draft->seen->task == SNUG_TASK_CLASSIFICATION
               ? add_class(counts, counts->cells[draft->targets[0]])
               : status;
}

/* ---- classes --------------------------------------------------------------------------------- */

static int compare_classes(const void *a, const void *b) {
    return snug_string_compare(((const snug_suggested_class *)a)->name,
                               ((const snug_suggested_class *)b)->name);
}

static snug_status write_classes(const row_counts *counts) {
    snug_suggestion *seen = counts->draft->seen;
    size_t count = counts->classes.list.count;
    seen->classes = snug_alloc(count, sizeof *seen->classes);
    snug_status status = seen->classes != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        seen->classes[i].rows = counts->counted[i].rows;
        status = snug_draft_set(&seen->classes[i].name, counts->counted[i].name);
        seen->class_count += status == SNUG_OK;
    }
    if (status == SNUG_OK) {
        qsort(seen->classes, count, sizeof *seen->classes, compare_classes);
    }
    return status;
}

static snug_status check_counts(const row_counts *counts) {
    const snug_draft *draft = counts->draft;
    if (draft->seen->rows == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: the target is missing in every row", draft->path);
    }
    if (draft->seen->task == SNUG_TASK_CLASSIFICATION && counts->classes.list.count < 2) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: the target \"%.60s\" is \"%.60s\" in every row: there is nothing to learn",
            draft->path, snug_profile_name(&draft->profile, draft->targets[0]),
            counts->classes.list.items[0]);
    }
    return SNUG_OK;
}

snug_status snug_draft_count_rows(snug_draft *draft) {
    row_counts counts = {.draft = draft, .rows.limit = MOST_ROWS};
    locale_t before = snug_locale_enter();
    counts.cells = snug_alloc(draft->seen->column_count, sizeof *counts.cells);
    snug_status status = counts.cells != NULL ? snug_record_reader_run(&draft->profile.table.reader,
                                                                       receive_record, &counts)
                                              : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = check_counts(&counts);
    }
    if (status == SNUG_OK && draft->seen->task == SNUG_TASK_CLASSIFICATION) {
        status = write_classes(&counts);
    }
    snug_locale_leave(before);
    snug_release(counts.cells);
    for (size_t i = 0; i < counts.classes.list.count && i < counts.class_size; i++) {
        snug_release(counts.counted[i].name);
    }
    snug_release(counts.counted);
    snug_string_set_clear(&counts.classes);
    snug_value_counter_clear(&counts.rows);
    return status;
}
