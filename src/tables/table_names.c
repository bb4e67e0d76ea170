#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "tables/table_names.h"

/*
 * Whole numbers from here on are not all different as doubles: two long identifiers could be taken
 * for one. They are compared as strings.
 */
#define FIRST_INEXACT 0x1p53

/* Sets *value to the number that a string is; fails where it is none, or not exactly a double. */
static bool read_exact(const char *string, double *value) {
    if (snug_cell_classify(string) != SNUG_CELL_NUMBER) {
        return false;
    }
    *value = snug_parse_double(string);
    return fabs(*value) < FIRST_INEXACT;
}

/* ---- joining --------------------------------------------------------------------------------- */

/*
 * Writes "+1", "1.0" and "1e0" as "1". Digits alone stay as they are: leading zeros belong to a
 * code, such as 007.
 */
static void shorten(char *name) {
    if (name[strspn(name, "0123456789")] != 0) {
        snug_normalize_number(name);
    }
}

/* Keeps the shorter one of two names; of two equally long ones the later. Frees the other. */
static char *choose(char *a, char *b) {
    bool first = strlen(a) < strlen(b);
    snug_release(first ? b : a);
    return first ? a : b;
}

/* Removes all but one spelling of each number from a sorted list. */
static void join(snug_strings *names) {
    size_t kept = 0;
    double last = NAN, value;
    for (size_t i = 0; i < names->count; i++) {
        char *name = names->items[i];
        bool number = read_exact(name, &value);
        if (number) {
            shorten(name);
        }
        if (number && value == last) {
            names->items[kept - 1] = choose(names->items[kept - 1], name);
            continue;
        }
        last = number ? value : NAN;
        names->items[kept++] = name;
    }
    names->count = kept;
}

/* ---- finding --------------------------------------------------------------------------------- */

/* Collects the values of the first names, as far as these are numbers in ascending order. */
static snug_status collect_values(snug_table_column *column) {
    const snug_strings *names = &column->names.list;
    double value, last = -INFINITY;
    if (names->count == 0 || !read_exact(names->items[0], &value)) {
        return SNUG_OK;
    }
    column->name_values = snug_alloc(names->count, sizeof value);
    if (column->name_values == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < names->count && read_exact(names->items[i], &value); i++) {
        if (value < last) {
            break;
        }
        column->name_values[column->name_value_count++] = last = value;
    }
    return SNUG_OK;
}

snug_status snug_table_names_join(snug_table_column *column) {
    snug_string_set_sort(&column->names);
    join(&column->names.list);
    snug_string_set_sort(&column->names); /* finds the names at their new indices */
    return collect_values(column);
}

snug_status snug_table_names_copy(snug_table_column *column, const snug_strings *names) {
    snug_status status = snug_string_set_add_all_trimmed(&column->names, names);
    return status == SNUG_OK ? collect_values(column) : status;
}

size_t snug_table_names_find(const snug_table_column *column, const char *string) {
    size_t index = snug_string_set_find(&column->names, string);
    double value;
    if (index != SNUG_NOT_IN_SET || column->name_value_count == 0 || !read_exact(string, &value)) {
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
