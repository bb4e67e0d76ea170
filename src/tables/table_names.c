#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "tables/table_cells.h"
#include "tables/table_names.h"

/*
 * Whole numbers from here on are not all different as doubles: two long identifiers could be taken
 * for one. They are compared as strings.
 */
#define FIRST_INEXACT 0x1p53

/*
 * Returns a name that is a number as it is in plain notation, others as they are. In formats whose
 * numbers are plain, names in quotes may be in the table's notation and those without are plain;
 * elsewhere 1.5 is no number where commas are decimal, and the rewritten name tells so.
 */
static const char *plain_name(const snug_table *table, const char *name,
                              char plain[SNUG_PLAIN_SIZE]) {
    bool quoted = true; /* formats whose numbers are plain have others in quotes */
    if (table->plain) {
        return name;
    }
    const char *rewritten = snug_table_rewrite(table, name, &quoted, plain);
    return rewritten == plain || !table->reader.format->keyed ? rewritten : name;
}

/* Sets *value to the number that a string is; fails where it is none, or not exactly a double. */
static bool read_exact(const snug_table *table, const char *string, double *value) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = plain_name(table, string, plain);
    if (snug_cell_classify(cell) != SNUG_CELL_NUMBER) {
        return false;
    }
    *value = snug_parse_double(cell);
    return fabs(*value) < FIRST_INEXACT;
}

/* ---- joining --------------------------------------------------------------------------------- */

/* A name, and the number that it is; NaN: none. */
typedef struct number_name {
    double value;
    char *name;
} number_name;

static int compare(const void *a, const void *b) {
    const number_name *x = a, *y = b;
    if (isnan(x->value) || isnan(y->value)) {
        bool strings = isnan(x->value) && isnan(y->value);
        return strings ? snug_string_compare(x->name, y->name) : isnan(x->value) ? 1 : -1;
    }
    if (x->value != y->value) {
        return x->value < y->value ? -1 : 1;
    }
    /* Of equal numbers the shortest comes first, of equally long ones the first by strcmp(). */
    size_t n = strlen(x->name), m = strlen(y->name);
    return n != m ? (n < m ? -1 : 1) : strcmp(x->name, y->name);
}

/*
 * Writes "+1", "1.0" and "1e0" as "1". Digits alone stay as they are: leading zeros belong to a
 * code, such as 007; so do signs such as "10%".
 */
static void shorten(const snug_table *table, char *name) {
    static const char digits[] = "0123456789", *const others = "0123456789+-.,eE";
    if (name[strspn(name, digits)] == 0 || name[strspn(name, others)] != 0) {
        return;
    }
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = plain_name(table, name, plain);
    if (cell == name) {
        snug_normalize_number(name);
        return;
    }
    snug_normalize_number(plain);
    size_t length = strlen(plain);
    if (plain[strspn(plain, "-0123456789")] == 0 && length <= strlen(name)) {
        memcpy(name, plain, length + 1);
    }
}

/* Moves the names of a set to an array, with their values. */
static void take_names(const snug_table *table, snug_strings *list, number_name *names) {
    for (size_t i = 0; i < list->count; i++) {
        double value = NAN;
        bool number = read_exact(table, list->items[i], &value);
        if (number) {
            shorten(table, list->items[i]);
        }
        names[i] = (number_name){number ? value : NAN, list->items[i]};
    }
}

snug_status snug_table_names_join(const snug_table *table, snug_table_column *column) {
    size_t count = column->names.list.count;
    number_name *names = snug_alloc(count, sizeof *names);
    column->name_values = snug_alloc(count, sizeof *column->name_values);
    snug_status status = SNUG_OK;
    snug_string_set joined = {0};
    if (names == NULL || column->name_values == NULL) {
        snug_release(names);
        return SNUG_ERROR_MEMORY;
    }
    take_names(table, &column->names.list, names);
    qsort(names, count, sizeof *names, compare);
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        if (i > 0 && names[i].value == names[i - 1].value) {
            continue;
        }
        status = snug_string_set_add(&joined, names[i].name, NULL);
        if (!isnan(names[i].value)) {
            column->name_values[column->name_value_count++] = names[i].value;
        }
    }
    snug_string_set_clear(&column->names);
    column->names = joined;
    snug_release(names);
    return status;
}

/* ---- finding --------------------------------------------------------------------------------- */

/* Collects the values of the first names, as far as these are numbers in ascending order. */
static snug_status collect_values(const snug_table *table, snug_table_column *column) {
    const snug_strings *names = &column->names.list;
    double value, last = -INFINITY;
    if (names->count == 0 || !read_exact(table, names->items[0], &value)) {
        return SNUG_OK;
    }
    column->name_values = snug_alloc(names->count, sizeof value);
    if (column->name_values == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < names->count && read_exact(table, names->items[i], &value); i++) {
        if (value < last) {
            break;
        }
        column->name_values[column->name_value_count++] = last = value;
    }
    return SNUG_OK;
}

snug_status snug_table_names_copy(const snug_table *table, snug_table_column *column,
                                  const snug_strings *names) {
    snug_status status = snug_string_set_add_all_trimmed(&column->names, names);
    return status == SNUG_OK ? collect_values(table, column) : status;
}

size_t snug_table_names_find(const snug_table *table, const snug_table_column *column,
                             const char *string) {
    size_t index = snug_string_set_find(&column->names, string);
    double value;
    if (index != SNUG_NOT_IN_SET || column->name_value_count == 0 ||
        !read_exact(table, string, &value)) {
        return index;
    }
    size_t first = 0, end = column->name_value_count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        if (column->name_values[middle] < value) {
            first = middle + 1;
        } else {
            end = middle;
        }
    }
    return first < column->name_value_count && column->name_values[first] == value
               ? first
               : SNUG_NOT_IN_SET;
}
