#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "formats/libsvm_columns.h"

enum { MAX_NAME = 32 /* characters of "x" and a whole number */ };

/* ---- the columns of a file ------------------------------------------------------------------- */

static snug_status add_column(snug_record_reader *reader, const char *name, size_t *column) {
    return snug_string_set_add(&reader->columns, name, column);
}

/* Makes the indices below `count` belong to no column. */
static snug_status reserve_indices(snug_libsvm_state *s, size_t count) {
    s->column_of = snug_alloc(count, sizeof *s->column_of);
    if (s->column_of == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    s->index_count = count;
    for (size_t i = 0; i < count; i++) {
        s->column_of[i] = SNUG_LIBSVM_NO_COLUMN;
    }
    return SNUG_OK;
}

static snug_status reserve_labels(snug_libsvm_state *s) {
    s->columns_of = snug_alloc(s->labels.list.count, sizeof *s->columns_of);
    return s->columns_of != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status add_label_columns(snug_record_reader *reader, snug_libsvm_state *s) {
    snug_string_set_sort(&s->labels);
    snug_status status = reserve_labels(s);
    for (size_t i = 0; i < s->labels.list.count && status == SNUG_OK; i++) {
        char *name = snug_format("label=%s", s->labels.list.items[i]);
        status = name != NULL ? add_column(reader, name, &s->columns_of[i]) : SNUG_ERROR_MEMORY;
        snug_release(name);
    }
    return status;
}

/* Names the columns of a file that is read by options alone. */
snug_status snug_libsvm_name_columns(snug_record_reader *reader, snug_libsvm_state *s) {
    snug_status status = reserve_indices(s, s->any_index ? s->largest + 1 : 0);
    for (size_t i = s->zero ? 0 : 1; i < s->index_count && status == SNUG_OK; i++) {
        char name[MAX_NAME];
        snprintf(name, sizeof name, "x%zu", i);
        status = add_column(reader, name, &s->column_of[i]);
    }
    reader->values = s->several;
    reader->default_targets = s->several ? s->labels.list.count : s->labelled;
    if (status == SNUG_OK && s->several) {
        return add_label_columns(reader, s);
    }
    return status == SNUG_OK && s->labelled ? add_column(reader, "label", &s->label_column)
                                            : status;
}

/* ---- the columns of another table ------------------------------------------------------------ */

/* Returns the index of a column that is called "x3", or SNUG_LIBSVM_NO_COLUMN. */
static size_t index_of(const char *name) {
    size_t digits = name[0] == 'x' ? strspn(name + 1, "0123456789") : 0, index = 0;
    if (digits == 0 || digits > 7 || name[digits + 1] != 0 || (digits > 1 && name[1] == '0')) {
        return SNUG_LIBSVM_NO_COLUMN;
    }
    for (size_t i = 1; i <= digits; i++) {
        index = index * 10 + (size_t)(name[i] - '0');
    }
    return index <= SNUG_LIBSVM_MAX_INDEX ? index : SNUG_LIBSVM_NO_COLUMN;
}

/* Whether a column is called as one of such a file. */
static bool is_own_name(const char *name) {
    return index_of(name) != SNUG_LIBSVM_NO_COLUMN || strcmp(name, "label") == 0 ||
           strncmp(name, "label=", 6) == 0;
}

/* Whether the columns of a table are those of such a file: x1, x2 ..., and perhaps its label. */
static bool has_indices(const snug_table_schema *like) {
    for (size_t i = 0; like->columns != NULL && i < like->column_count; i++) {
        if (!is_own_name(like->columns[i].name)) {
            return false;
        }
    }
    return like->columns != NULL;
}

/* Makes `count` larger than the indices that a list names. */
static void count_indices(const snug_strings *names, size_t *count) {
    for (size_t i = 0; i < names->count; i++) {
        size_t index = index_of(names->items[i]);
        *count = index != SNUG_LIBSVM_NO_COLUMN && index >= *count ? index + 1 : *count;
    }
}

/* Makes the label or the index that a column of the other table is named by belong to it. */
static snug_status bind_name(snug_record_reader *reader, snug_libsvm_state *s, const char *name) {
    size_t index = index_of(name), column;
    if (index == SNUG_LIBSVM_NO_COLUMN && strncmp(name, "label=", 6) == 0) {
        return s->labelled ? snug_string_set_add(&s->labels, name + 6, NULL) : SNUG_OK;
    }
    if (index == SNUG_LIBSVM_NO_COLUMN && !s->labelled) {
        return SNUG_OK;
    }
    snug_status status = add_column(reader, name, &column);
    if (status == SNUG_OK && index != SNUG_LIBSVM_NO_COLUMN && index < s->index_count) {
        s->column_of[index] = column;
    } else if (status == SNUG_OK) {
        s->label_column = column;
    }
    return status;
}

static snug_status bind_names(snug_record_reader *reader, snug_libsvm_state *s,
                              const snug_strings *names) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < names->count && status == SNUG_OK; i++) {
        status = bind_name(reader, s, names->items[i]);
    }
    return status;
}

/* Gives the indices the columns that are named by them. */
static snug_status bind_indices(snug_record_reader *reader, snug_libsvm_state *s) {
    const snug_table_schema *like = reader->like;
    size_t count = 0;
    for (size_t i = 0; i < like->column_count; i++) {
        count_indices(&(snug_strings){&like->columns[i].name, 1}, &count);
    }
    count_indices(&like->weights, &count);
    count_indices(&like->ignored, &count);
    count_indices(&like->targets, &count);
    if (like->target != NULL) {
        count_indices(&(snug_strings){(char **)&like->target, 1}, &count);
    }
    snug_status status = reserve_indices(s, count);
    for (size_t i = 0; i < like->column_count && status == SNUG_OK; i++) {
        status = bind_name(reader, s, like->columns[i].name);
    }
    return status == SNUG_OK ? bind_names(reader, s, &like->weights) : status;
}

/* Gives the indices the columns in their order, from the first index of the file. */
static snug_status bind_positions(snug_record_reader *reader, snug_libsvm_state *s) {
    const snug_table_schema *like = reader->like;
    size_t first = s->zero ? 0 : 1;
    snug_status status = snug_record_reader_add_features(reader);
    if (status == SNUG_OK) {
        status = reserve_indices(s, like->column_count + first);
    }
    for (size_t i = 0; i < like->column_count && status == SNUG_OK; i++) {
        s->column_of[i + first] = i;
    }
    return status;
}

static snug_status check_categories(const snug_record_reader *reader) {
    const snug_table_schema *like = reader->like;
    for (size_t i = 0; like->columns != NULL && i < like->column_count; i++) {
        if (like->columns[i].categories.count > 0) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: the column \"%s\" of the model is categorical, and libsvm holds "
                             "numbers alone",
                             reader->file.path, like->columns[i].name);
        }
    }
    return SNUG_OK;
}

static snug_status bind_targets(snug_record_reader *reader, snug_libsvm_state *s) {
    const snug_table_schema *like = reader->like;
    const snug_strings *targets = &like->targets;
    if (like->classes.count > 0) {
        return bind_name(reader, s, like->target != NULL ? like->target : SNUG_UNNAMED_TARGET);
    }
    bool any = targets->count == 1 || reader->options->task == SNUG_TASK_NONE;
    for (size_t i = 0; i < targets->count && !any; i++) {
        if (s->labelled && !is_own_name(targets->items[i])) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: the target \"%s\" of the model is neither an index, x1, x2 ..., "
                             "nor a label",
                             reader->file.path, targets->items[i]);
        }
    }
    snug_status status = bind_names(reader, s, targets);
    return status == SNUG_OK && s->labels.list.count > 0 ? add_label_columns(reader, s) : status;
}

snug_status snug_libsvm_bind_columns(snug_record_reader *reader, snug_libsvm_state *s) {
    snug_status status = check_categories(reader);
    if (status == SNUG_OK) {
        status = has_indices(reader->like) ? bind_indices(reader, s) : bind_positions(reader, s);
    }
    return status == SNUG_OK ? bind_targets(reader, s) : status;
}
