#include <math.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/spelling.h"
#include "core/status.h"
#include "data/content_warnings.h"
#include "schema/offsets.h"

enum { MAX_LIST = 96 };

/* Names that a message lists; they are borrowed. */
typedef struct name_list {
    const char **names;
    size_t count;
    char quoted[MAX_LIST];
} name_list;

/* Makes an empty list with capacity for `capacity` names; its names are to be released. */
static snug_status name_list_start(name_list *list, size_t capacity) {
    list->count = 0;
    list->names = snug_alloc(capacity, sizeof *list->names);
    return list->names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static const char *quote(name_list *list) {
    snug_quote_names(list->names, list->count, list->quoted, sizeof list->quoted);
    return list->quoted;
}

/* ---- constant columns ------------------------------------------------------------------------ */

/* A column that has had one value so far. */
typedef struct candidate {
    const char *name;
    size_t first, end; /* its features */
    bool one_hot;      /* a missing category is 0 in all of them */
} candidate;

/* The columns that may be constant. Each row takes away those that are not. */
typedef struct search {
    const snug_dataset *training;
    candidate *candidates;
    size_t count;
    /* of each feature its first value that is not missing, or NaN */
    float *values;
} search;

static const float *row_of(const snug_dataset *data, size_t row) {
    const snug_storage *storage = data->storage;
    return storage->x + snug_stored_row(data, row) * storage->columns;
}

static double offset_of(const snug_dataset *data, size_t feature) {
    return snug_offset(data->storage->offsets, feature);
}

/* Returns whether no feature of a column has a second value in a row. */
static bool keeps_its_value(const candidate *c, const float *row, float *values) {
    for (size_t j = c->first; j < c->end; j++) {
        float value = c->one_hot && isnan(row[j]) ? 0 : row[j];
        if (isnan(values[j])) {
            values[j] = value;
        } else if (!isnan(value) && value != values[j]) {
            return false;
        }
    }
    return true;
}

static void look_at_row(search *s, const float *row) {
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        if (keeps_its_value(&s->candidates[i], row, s->values)) {
            s->candidates[kept++] = s->candidates[i];
        }
    }
    s->count = kept;
}

/* All columns are candidates, of which no value is known. */
static void start_search(search *s) {
    const snug_storage *storage = s->training->storage;
    const snug_table_schema *table = storage->table;
    for (size_t i = 0, first = 0; i < table->column_count; i++) {
        const snug_column *column = &table->columns[i];
        size_t end = first + snug_column_features(column);
        s->candidates[s->count++] =
            (candidate){column->name, first, end, snug_column_is_one_hot(column)};
        first = end;
    }
    for (size_t j = 0; j < storage->columns; j++) {
        s->values[j] = (float)NAN;
    }
}

/*
 * Returns whether zeros are what most of a wide table is made of, as with pixels, counts of words
 * and categories that are columns: a column of zeros is then no surprise. A file that leaves zeros
 * out says so itself.
 */
static bool is_full_of_zeros(const snug_dataset *data) {
    enum { WIDE = 32, ROWS = 1000 };
    size_t columns = data->storage->columns, rows = data->count < ROWS ? data->count : ROWS;
    size_t zeros = 0;
    for (size_t i = 0; columns >= WIDE && i < rows; i++) {
        const float *row = row_of(data, i);
        for (size_t j = 0; j < columns; j++) {
            zeros += row[j] == 0;
        }
    }
    return data->storage->sparse || zeros > rows * columns / 4;
}

static snug_status report_constant(const search *s, snug_warnings *warnings) {
    name_list list;
    snug_status status = name_list_start(&list, s->count);
    bool zeros_are_usual = s->count > 0 && is_full_of_zeros(s->training);
    for (size_t i = 0; status == SNUG_OK && i < s->count; i++) {
        const candidate *c = &s->candidates[i];
        bool zero = s->values[c->first] == 0 && offset_of(s->training, c->first) == 0;
        if (!(zeros_are_usual && zero)) {
            list.names[list.count++] = c->name;
        }
    }
    if (status == SNUG_OK && list.count == 1) {
        status = snug_warn(warnings,
                           "column %s: has the same value in all training rows, so that nothing is "
                           "learned from it; \"ignore\" leaves it out",
                           quote(&list));
    } else if (status == SNUG_OK && list.count > 1) {
        status =
            snug_warn(warnings,
                      "columns %s: have the same value in all training rows, so that nothing is "
                      "learned from these %zu; \"ignore\" leaves them out",
                      quote(&list), list.count);
    }
    snug_release(list.names);
    return status;
}

snug_status snug_warn_of_constant_columns(const snug_dataset *training, snug_warnings *warnings) {
    const snug_storage *storage = training->storage;
    search s = {.training = training};
    if (storage->table->columns == NULL || storage->x == NULL || training->count < 2) {
        return SNUG_OK;
    }
    s.candidates = snug_alloc(storage->table->column_count, sizeof *s.candidates);
    s.values = snug_alloc(storage->columns, sizeof *s.values);
    snug_status status = s.candidates != NULL && s.values != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        start_search(&s);
        for (size_t i = 0; i < training->count && s.count > 0; i++) {
            look_at_row(&s, row_of(training, i));
        }
        status = report_constant(&s, warnings);
    }
    snug_release(s.candidates);
    snug_release(s.values);
    return status;
}

/* ---- classes --------------------------------------------------------------------------------- */

/* The training rows of each class. */
typedef struct class_rows {
    const snug_table_schema *table;
    size_t *rows; /* of each class; owned */
    size_t classes;
} class_rows;

static void count_rows(const class_rows *c, const snug_dataset *training) {
    for (size_t i = 0; i < training->count; i++) {
        size_t class_index = (size_t)snug_dataset_class(training, i);
        if (class_index < c->classes) {
            c->rows[class_index]++;
        }
    }
}

/* Lists the classes that have so many training rows. */
static void list_classes(const class_rows *c, size_t rows, name_list *list) {
    list->count = 0;
    for (size_t k = 0; k < c->classes; k++) {
        if (c->rows[k] == rows) {
            list->names[list->count++] = c->table->classes.items[k];
        }
    }
}

/* Returns the name of the column of classes, as messages begin with it. */
static const char *column_of(const class_rows *c) {
    return c->table->target != NULL ? c->table->target : "class";
}

static snug_status warn_of_untrained(const class_rows *c, name_list *list,
                                     snug_warnings *warnings) {
    list_classes(c, 0, list);
    if (list->count == 0) {
        return SNUG_OK;
    }
    return snug_warn(
        warnings,
        "column \"%.200s\": %zu of the %zu classes %s no training rows, so that nothing "
        "is learned of %s: %s; \"split\" chooses the training rows",
        column_of(c), list->count, c->classes, list->count == 1 ? "has" : "have",
        list->count == 1 ? "it" : "them", quote(list));
}

/* Returns what may help against classes of one row; names that are numbers may be no classes. */
static const char *remedy_of(const name_list *list) {
    return snug_cell_classify(list->names[0]) == SNUG_CELL_NUMBER
               ? "if they are a measurement, a \"loss\" of values such as \"mse\" suits them"
               : "add rows, or join classes";
}

static snug_status warn_of_single_rows(const class_rows *c, name_list *list,
                                       snug_warnings *warnings) {
    list_classes(c, 1, list);
    if (list->count == 0) {
        return SNUG_OK;
    }
    return snug_warn(warnings,
                     "column \"%.200s\": %zu of the %zu classes %s a single training row, which is "
                     "too few to learn from: %s; %s",
                     column_of(c), list->count, c->classes, list->count == 1 ? "has" : "have",
                     quote(list), remedy_of(list));
}

snug_status snug_warn_of_rare_classes(const snug_dataset *training, const snug_table_schema *table,
                                      snug_warnings *warnings) {
    class_rows c = {.table = table, .classes = snug_dataset_class_count(training)};
    name_list list = {0};
    if (c.classes == 0) {
        return SNUG_OK;
    }
    if (snug_table_schema_has_class_names(table) || table->classes.count < c.classes) {
        c.classes = table->classes.count;
    }
    c.rows = snug_alloc(c.classes, sizeof *c.rows);
    snug_status status = c.rows != NULL ? name_list_start(&list, c.classes) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        count_rows(&c, training);
        status = warn_of_untrained(&c, &list, warnings);
    }
    if (status == SNUG_OK) {
        status = warn_of_single_rows(&c, &list, warnings);
    }
    snug_release(list.names);
    snug_release(c.rows);
    return status;
}

/* ---- targets --------------------------------------------------------------------------------- */

static bool is_constant_target(const snug_dataset *training, size_t output) {
    float first = snug_dataset_values(training, 0)[output];
    for (size_t i = 1; i < training->count; i++) {
        if (snug_dataset_values(training, i)[output] != first) {
            return false;
        }
    }
    return true;
}

snug_status snug_warn_of_constant_targets(const snug_dataset *training, snug_warnings *warnings) {
    snug_status status = SNUG_OK;
    size_t outputs = training->count > 1 ? snug_dataset_output_count(training) : 0;
    for (size_t j = 0; j < outputs && status == SNUG_OK; j++) {
        if (is_constant_target(training, j)) {
            status = snug_warn(warnings,
                               "the target \"%.200s\" is %.9g in all training rows, so that "
                               "nothing is learned from it; \"target\" chooses another column",
                               snug_dataset_target_name(training, j),
                               (double)snug_dataset_values(training, 0)[j]);
        }
    }
    return status;
}

/* ---- targets that do not suit the loss ------------------------------------------------------- */

enum {
    FEW_CLASSES = 20,     /* so many are ordinary however few rows there are */
    ROWS_OF_A_CLASS = 10, /* on average, from which on classes are ordinary however many they are */
    MIN_ROWS = 20         /* fewer rows show nothing about two values */
};

snug_status snug_warn_of_many_classes(snug_warnings *warnings, const char *where, size_t classes,
                                      size_t rows, bool fractional) {
    bool many = classes > FEW_CLASSES && classes > rows / ROWS_OF_A_CLASS;
    if (classes < 3 || !(fractional || many)) {
        return SNUG_OK;
    }
    return snug_warn(warnings,
                     "%s: the target holds %zu different numbers%s in %zu rows, which look like "
                     "values and are read as classes; \"loss\": \"mse\" takes values",
                     where, classes, fractional ? ", not all of them whole," : "", rows);
}

/* Sets a and b to the two values of a target; fails where there are more, fewer or fractions. */
static bool find_two(const snug_dataset *data, float *a, float *b) {
    size_t found = 0;
    for (size_t i = 0; i < data->count; i++) {
        float value = *snug_dataset_values(data, i);
        if ((found > 0 && value == *a) || (found > 1 && value == *b)) {
            continue;
        }
        if (found == 2 || value != floorf(value)) {
            return false;
        }
        *(found == 0 ? a : b) = value;
        found++;
    }
    return found == 2;
}

snug_status snug_warn_of_two_values(const snug_dataset *data, const char *loss,
                                    snug_warnings *warnings) {
    float a = 0, b = 0;
    const char *name = snug_dataset_target_name(data, 0);
    if (data->storage->outputs != 1 || data->count < MIN_ROWS || !find_two(data, &a, &b)) {
        return SNUG_OK;
    }
    return snug_warn(warnings,
                     "the target \"%s\" is %.9g or %.9g in every row, which look like classes, and "
                     "the loss %s takes values; \"loss\": \"softmax_cross_entropy\" takes classes",
                     name != NULL ? name : "", (double)fminf(a, b), (double)fmaxf(a, b), loss);
}
