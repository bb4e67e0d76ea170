#include <math.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "core/string_set.h"
#include "core/trim.h"
#include "schema/table_schema_match.h"

/* The match that is being made, and what messages call the owners of its two tables. */
typedef struct matching {
    snug_schema_match *match;
    const char *what, *model;
} matching;

/* Whole numbers from here on are not all different as doubles: they are compared as strings. */
#define FIRST_INEXACT 0x1p53

#define READ_ALIKE "read both alike; snug_dataset_read_for() reads data for a model"

/* ---- names ----------------------------------------------------------------------------------- */

/* Returns the number that a name is, or NaN. */
static double number_of(const char *name) {
    return snug_cell_classify(name) == SNUG_CELL_NUMBER ? snug_parse_double(name) : (double)NAN;
}

/* Returns the numbers that names are, to be released; NULL without memory. */
static double *numbers_of(const snug_strings *names) {
    double *numbers = snug_alloc(names->count, sizeof *numbers);
    for (size_t i = 0; numbers != NULL && i < names->count; i++) {
        numbers[i] = number_of(names->items[i]);
    }
    return numbers;
}

static size_t find_number(const double *numbers, size_t count, double number) {
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number && fabs(number) < FIRST_INEXACT) {
            return i;
        }
    }
    return SNUG_NOT_IN_SET;
}

/* Finds names that are not known as strings, but are a known number in another spelling. */
static snug_status find_spellings(const snug_strings *names, const snug_strings *known,
                                  size_t *found) {
    locale_t before = snug_locale_enter();
    double *numbers = numbers_of(known);
    for (size_t i = 0; numbers != NULL && i < names->count; i++) {
        if (found[i] == SNUG_NOT_IN_SET) {
            found[i] = find_number(numbers, known->count, number_of(names->items[i]));
        }
    }
    snug_locale_leave(before);
    snug_release(numbers);
    return numbers != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Sets found[i] to the index of name i in the list of known ones, or SNUG_NOT_IN_SET. */
static snug_status find_strings(const snug_strings *names, const snug_strings *known,
                                size_t *found) {
    snug_string_set set = {0};
    snug_status status = snug_string_set_add_all_trimmed(&set, known);
    for (size_t i = 0; status == SNUG_OK && i < names->count; i++) {
        found[i] = snug_string_set_find_trimmed(&set, names->items[i]);
    }
    snug_string_set_clear(&set);
    return status;
}

/*
 * Returns, of each of some names, its index in `known` or SNUG_NOT_IN_SET, as a table that is read
 * for a model finds them: blanks around a name do not count, and equal numbers are one name. NULL
 * without memory.
 */
static size_t *find_names(const snug_strings *names, const snug_strings *known) {
    size_t *found = snug_alloc(names->count, sizeof *found), missing = 0;
    snug_status status = found != NULL ? find_strings(names, known, found) : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < names->count; i++) {
        missing += found[i] == SNUG_NOT_IN_SET;
    }
    if (status == SNUG_OK && missing > 0) {
        status = find_spellings(names, known, found);
    }
    if (status == SNUG_OK) {
        return found;
    }
    snug_release(found);
    return NULL;
}

/* Returns whether each index is its own position, so that there is nothing to convert. */
static bool is_identity(const size_t *indices, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (indices[i] != i) {
            return false;
        }
    }
    return true;
}

/* Frees a list of indices that are their own positions. */
static void drop_identity(size_t **indices, size_t count) {
    if (is_identity(*indices, count)) {
        snug_release(*indices);
        *indices = NULL;
    }
}

/* Returns whether names are the first ones of others, so that nothing has to be looked up. */
static bool are_first_of(const snug_strings *names, const snug_strings *others) {
    bool same = names->count <= others->count;
    for (size_t i = 0; same && i < names->count; i++) {
        same = strcmp(names->items[i], others->items[i]) == 0;
    }
    return same;
}

/* ---- columns of features --------------------------------------------------------------------- */

static snug_status fail_type(const matching *m, const snug_column *column,
                             const snug_column *like) {
    if (column->categories.count > 0) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: the column \"%.200s\" has categories, such as \"%.60s\", where that of "
            "%s has numbers: " READ_ALIKE,
            m->what, column->name, column->categories.items[0], m->model);
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: the column \"%.200s\" has numbers where that of %s has categories, such "
                     "as \"%.60s\": " READ_ALIKE,
                     m->what, column->name, m->model, like->categories.items[0]);
}

static snug_status match_categories(const matching *m, snug_column_source *source,
                                    const snug_column *like) {
    const snug_strings *a = &source->column->categories, *b = &like->categories;
    if ((a->count > 0) != (b->count > 0)) {
        return fail_type(m, source->column, like);
    }
    source->categories = find_names(a, b);
    if (source->categories == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    if (a->count == b->count && source->column->integer == like->integer) {
        drop_identity(&source->categories, a->count);
    }
    return SNUG_OK;
}

/* Lists the names of the columns of features, which it borrows; to be released. */
static snug_status list_columns(const snug_table_schema *table, snug_strings *names) {
    names->count = table->column_count;
    names->items = snug_alloc(table->column_count, sizeof *names->items);
    for (size_t i = 0; names->items != NULL && i < table->column_count; i++) {
        names->items[i] = table->columns[i].name;
    }
    return names->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Sets the source of each column of `like`, whose index in `table` is known. */
static snug_status set_sources(const matching *m, const size_t *index) {
    const snug_table_schema *table = m->match->table, *like = m->match->like;
    size_t *first = snug_alloc(table->column_count, sizeof *first), feature = 0;
    snug_status status = first != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < table->column_count; i++) {
        first[i] = feature;
        feature += snug_column_features(&table->columns[i]);
    }
    for (size_t i = 0; status == SNUG_OK && i < like->column_count; i++) {
        snug_column_source *source = &m->match->columns[i];
        *source =
            (snug_column_source){.column = &table->columns[index[i]], .first = first[index[i]]};
        status = match_categories(m, source, &like->columns[i]);
    }
    snug_release(first);
    return status;
}

/* Finds the columns of `like` among those of `table`, and fails where one is missing. */
static snug_status find_columns(const matching *m, const snug_strings *names,
                                const snug_strings *known) {
    size_t *index = snug_alloc(known->count, sizeof *index);
    snug_status status = index != NULL ? find_strings(known, names, index) : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < known->count; i++) {
        if (index[i] == SNUG_NOT_IN_SET) {
            status = snug_fail(SNUG_ERROR_DATA,
                               "%s: the column \"%.200s\" of %s is not among the features", m->what,
                               known->items[i], m->model);
        }
    }
    if (status == SNUG_OK) {
        status = set_sources(m, index);
    }
    snug_release(index);
    return status;
}

/* Marks the names that are in a list. */
static snug_status mark_known(const snug_strings *names, const snug_strings *known,
                              bool *is_known) {
    size_t *found = snug_alloc(names->count, sizeof *found);
    snug_status status = found != NULL ? find_strings(names, known, found) : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < names->count; i++) {
        is_known[i] = is_known[i] || found[i] != SNUG_NOT_IN_SET;
    }
    snug_release(found);
    return status;
}

static snug_status fail_unknown_column(const matching *m, const char *name) {
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: has the column \"%.200s\" among the features, which %s does not know: "
                     "\"ignore\" leaves it out",
                     m->what, name, m->model);
}

/* Fails where `table` has a feature of which `like` knows nothing, as reading it would. */
static snug_status check_columns(const matching *m, const snug_strings *names,
                                 const snug_strings *known) {
    const snug_table_schema *like = m->match->like;
    char *target = like->target;
    const snug_strings target_list = {&target, target != NULL};
    const snug_strings *const lists[] = {known, &target_list, &like->targets, &like->weights,
                                         &like->ignored};
    bool *is_known = snug_alloc(names->count, sizeof *is_known);
    snug_status status = is_known != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < sizeof lists / sizeof *lists; i++) {
        status = mark_known(names, lists[i], is_known);
    }
    for (size_t i = 0; status == SNUG_OK && i < names->count; i++) {
        status = is_known[i] ? SNUG_OK : fail_unknown_column(m, names->items[i]);
    }
    snug_release(is_known);
    return status;
}

/* Returns whether the columns are the same in the same order. */
static bool same_columns(const snug_schema_match *match) {
    if (match->table->column_count != match->like->column_count) {
        return false;
    }
    for (size_t i = 0; i < match->like->column_count; i++) {
        const snug_column_source *source = &match->columns[i];
        if (source->column != &match->table->columns[i] || source->categories != NULL ||
            source->column->indicator != match->like->columns[i].indicator) {
            return false;
        }
    }
    return true;
}

static void free_columns(snug_schema_match *match) {
    for (size_t i = 0; match->columns != NULL && i < match->like->column_count; i++) {
        snug_release(match->columns[i].categories);
    }
    snug_release(match->columns);
    match->columns = NULL;
}

/* Returns whether two tables have the same columns, with the same categories, in the same order. */
static bool are_equal(const snug_table_schema *table, const snug_table_schema *like) {
    bool same = table->column_count == like->column_count;
    for (size_t i = 0; same && i < like->column_count; i++) {
        const snug_column *a = &table->columns[i], *b = &like->columns[i];
        same = strcmp(a->name, b->name) == 0 && a->integer == b->integer &&
               a->indicator == b->indicator && a->categories.count == b->categories.count &&
               are_first_of(&a->categories, &b->categories);
    }
    return same;
}

static snug_status match_columns(const matching *m) {
    snug_schema_match *match = m->match;
    snug_strings names = {0}, known = {0};
    if (match->table->columns == NULL || match->like->columns == NULL ||
        are_equal(match->table, match->like)) {
        return SNUG_OK;
    }
    match->columns = snug_alloc(match->like->column_count, sizeof *match->columns);
    snug_status status = match->columns != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = list_columns(match->table, &names);
    }
    if (status == SNUG_OK) {
        status = list_columns(match->like, &known);
    }
    if (status == SNUG_OK) {
        status = find_columns(m, &names, &known);
    }
    if (status == SNUG_OK) {
        status = check_columns(m, &names, &known);
    }
    snug_release(names.items);
    snug_release(known.items);
    if (status == SNUG_OK && same_columns(match)) {
        free_columns(match);
    }
    return status;
}

/* ---- targets --------------------------------------------------------------------------------- */

bool snug_table_schema_has_class_names(const snug_table_schema *table) {
    return table->classes.count > 0 && table->target != NULL;
}

/* Fails where one has classes and the other has values. */
static snug_status compare_target_types(const matching *m) {
    const snug_table_schema *table = m->match->table, *like = m->match->like;
    bool classes = table->classes.count > 0, values = table->targets.count > 0;
    if ((classes && like->targets.count > 0) || (values && like->classes.count > 0)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has targets that are %s where those of %s are %s",
                         m->what, classes ? "classes" : "values", m->model,
                         classes ? "values" : "classes");
    }
    return SNUG_OK;
}

/* Fails where two tables have their classes in columns of different names. */
static snug_status compare_class_columns(const matching *m) {
    const snug_table_schema *table = m->match->table, *like = m->match->like;
    if (table->columns == NULL || like->columns == NULL) {
        return SNUG_OK;
    }
    size_t a_length = strlen(table->target), b_length = strlen(like->target);
    const char *a = snug_trim(table->target, &a_length), *b = snug_trim(like->target, &b_length);
    if (a_length == b_length && memcmp(a, b, a_length) == 0) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA, "%s: the target is \"%.200s\" where that of %s is \"%.200s\"",
                     m->what, table->target, m->model, like->target);
}

static snug_status match_classes(const matching *m) {
    snug_schema_match *match = m->match;
    if (!snug_table_schema_has_class_names(match->table) ||
        !snug_table_schema_has_class_names(match->like)) {
        return SNUG_OK;
    }
    if (compare_class_columns(m) != SNUG_OK) {
        return snug_error_status();
    }
    if (are_first_of(&match->table->classes, &match->like->classes)) {
        return SNUG_OK;
    }
    match->classes = find_names(&match->table->classes, &match->like->classes);
    if (match->classes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    drop_identity(&match->classes, match->table->classes.count);
    return SNUG_OK;
}

/* Compares how many values there are, and matches their names unless these are only numbers. */
static snug_status match_targets(const matching *m) {
    snug_schema_match *match = m->match;
    const snug_strings *a = &match->table->targets, *b = &match->like->targets;
    if (a->count == 0 || b->count == 0) {
        return SNUG_OK;
    }
    if (a->count != b->count) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has %zu targets where %s has %zu", m->what, a->count,
                         m->model, b->count);
    }
    if (match->table->columns == NULL || match->like->columns == NULL || are_first_of(a, b)) {
        return SNUG_OK;
    }
    match->targets = find_names(b, a);
    if (match->targets == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < b->count; i++) {
        if (match->targets[i] == SNUG_NOT_IN_SET) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: target %zu is \"%.200s\" where %s has \"%.200s\"", m->what, i + 1,
                             a->items[i], m->model, b->items[i]);
        }
    }
    drop_identity(&match->targets, b->count);
    return SNUG_OK;
}

/* ---- the match ------------------------------------------------------------------------------- */

snug_status snug_schema_match_make(snug_schema_match *match, const snug_table_schema *table,
                                   const char *what, const snug_table_schema *like,
                                   const char *model) {
    *match = (snug_schema_match){.table = table, .like = like};
    const matching m = {match, what, model};
    if (table == like) {
        return SNUG_OK;
    }
    snug_status status = match_columns(&m);
    if (status == SNUG_OK) {
        status = compare_target_types(&m);
    }
    if (status == SNUG_OK) {
        status = match_classes(&m);
    }
    return status == SNUG_OK ? match_targets(&m) : status;
}

bool snug_schema_match_is_same(const snug_schema_match *match) {
    return match->columns == NULL && match->classes == NULL && match->targets == NULL;
}

void snug_schema_match_clear(snug_schema_match *match) {
    free_columns(match);
    snug_release(match->classes);
    snug_release(match->targets);
    *match = (snug_schema_match){0};
}
