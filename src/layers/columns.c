#include <limits.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/graph.h"
#include "layers/columns.h"

size_t snug_columns_count(const snug_columns *columns, size_t inputs) {
    switch (columns->group) {
    case SNUG_COLUMNS_NUMERIC:
        return inputs;
    case SNUG_COLUMNS_CATEGORICAL:
        return 0;
    default:
        return columns->count;
    }
}

static snug_status check_column(const snug_listed_column *column, size_t inputs) {
    if (column->name != NULL) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "columns: \"%.200s\": names of columns need data that has them; otherwise "
                         "a column is a number, from 0",
                         column->name);
    }
    if (column->number >= inputs) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "columns: has column %zu where the layer has %zu inputs, from 0",
                         column->number, inputs);
    }
    return SNUG_OK;
}

snug_status snug_columns_plan(const snug_columns *columns, size_t units, snug_layer_shape *shape) {
    size_t inputs = shape->inputs, chosen = snug_columns_count(columns, inputs), made;
    for (size_t i = 0; i < columns->count; i++) {
        if (check_column(&columns->items[i], inputs) != SNUG_OK) {
            return snug_error_status();
        }
    }
    if (!snug_multiply(chosen, units, &made) || !snug_add(made, inputs - chosen, &shape->outputs)) {
        shape->outputs = SIZE_MAX; /* which the caller refuses */
    }
    return SNUG_OK;
}

size_t snug_columns_behind(const snug_columns *columns, size_t column) {
    size_t before = 0;
    if (columns->group != SNUG_COLUMNS_LISTED) {
        return columns->group == SNUG_COLUMNS_NUMERIC ? SNUG_NO_COLUMN : column;
    }
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i].number == column) {
            return SNUG_NO_COLUMN;
        }
        before += columns->items[i].number < column;
    }
    return column - before;
}

/*
 * Copies the columns that are not chosen between a row of all inputs and one that begins with them:
 * the runs between chosen columns, whose numbers ascend.
 */
static void copy_row(const snug_columns *columns, size_t inputs, const float *from, float *to,
                     bool back) {
    size_t chosen = snug_columns_count(columns, inputs), whole = 0, packed = 0;
    for (size_t i = 0; i <= chosen; i++) {
        size_t end = i < chosen ? snug_columns_number(columns, i) : inputs, run = end - whole;
        memcpy(to + (back ? whole : packed), from + (back ? packed : whole), run * sizeof *to);
        packed += run;
        whole = end + 1;
    }
}

void snug_columns_pass(const snug_columns *columns, const snug_layer_call *run) {
    for (size_t i = 0; i < run->rows; i++) {
        copy_row(columns, run->inputs, run->x + i * run->inputs, run->y + i * run->outputs, false);
    }
}

void snug_columns_pass_back(const snug_columns *columns, const snug_layer_call *run) {
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        copy_row(columns, run->inputs, run->dy + i * run->outputs, run->dx + i * run->inputs, true);
    }
}

/* ---- graphs ---------------------------------------------------------------------------------- */

/* Lists the columns that are chosen, or those that are not, and returns their count. */
static size_t list_columns(const snug_columns *columns, size_t inputs, bool chosen,
                           size_t *numbers) {
    size_t count = 0, next = 0;
    const size_t all = snug_columns_count(columns, inputs);
    for (size_t j = 0; j < inputs; j++) {
        bool is_chosen = next < all && snug_columns_number(columns, next) == j;
        next += is_chosen;
        if (is_chosen == chosen) {
            numbers[count++] = j;
        }
    }
    return count;
}

/* Adds the columns that are chosen, or those that are not; a value without rows where none is. */
static snug_value select_columns(snug_graph *graph, const snug_columns *columns, snug_value x,
                                 bool chosen) {
    size_t *numbers = snug_alloc(x.columns, sizeof *numbers);
    if (numbers == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    size_t count = list_columns(columns, x.columns, chosen, numbers);
    snug_value value = {0};
    if (count == x.columns) {
        value = x;
    } else if (count > 0) {
        value = snug_graph_columns(graph, x, count, numbers);
    }
    snug_release(numbers);
    return value;
}

snug_value snug_columns_chosen(snug_graph *graph, const snug_columns *columns, snug_value x) {
    return select_columns(graph, columns, x, true);
}

snug_value snug_columns_join(snug_graph *graph, const snug_columns *columns, snug_value x,
                             snug_value made) {
    const size_t chosen = snug_columns_count(columns, x.columns);
    if (chosen == 0 || chosen == x.columns) {
        return chosen == 0 ? x : made;
    }
    const snug_value both[] = {select_columns(graph, columns, x, false), made};
    return snug_graph_concatenate(graph, 2, both);
}
