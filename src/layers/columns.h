/*
 * Layers that work on some columns of their inputs, chosen by a COLUMNS field, and pass the others
 * on. All have the same order of outputs: first the columns that are not chosen, in their order,
 * then what the layer makes of each chosen column, `units` numbers each.
 *
 *     inputs     age  city  income          chosen: 0 and 2, units: 3
 *     outputs    city | age' age' age' | income' income' income'
 */
#ifndef SNUG_LAYERS_COLUMNS_H
#define SNUG_LAYERS_COLUMNS_H

#include <snug/kind.h>

/*
 * Returns how many of a layer's inputs are chosen: with "numeric", where no data was there to
 * resolve it, all, with "categorical" none.
 */
size_t snug_columns_count(const snug_columns *columns, size_t inputs);

/* Returns the number of chosen column i. */
static inline size_t snug_columns_number(const snug_columns *columns, size_t i) {
    return columns->group == SNUG_COLUMNS_LISTED ? columns->items[i].number : i;
}

/*
 * Sets the outputs of a layer that makes `units` numbers of each chosen column. Fails where a name
 * was not resolved, and where a number is not that of an input.
 */
snug_status snug_columns_plan(const snug_columns *columns, size_t units, snug_layer_shape *shape);

/* Serves a kind as column_of(): chosen columns are no longer there, those behind move up. */
size_t snug_columns_behind(const snug_columns *columns, size_t column);

/* Copies the columns of x that are not chosen to the start of each row of y. */
void snug_columns_pass(const snug_columns *columns, const snug_layer_call *run);

/* Copies the gradients of the columns that are not chosen from dy to dx, unless dx is NULL. */
void snug_columns_pass_back(const snug_columns *columns, const snug_layer_call *run);

/* Adds the chosen columns of x to a graph, side by side; there is at least one. */
snug_value snug_columns_chosen(snug_graph *graph, const snug_columns *columns, snug_value x);

/*
 * Adds the outputs of a layer to a graph: the columns of x that are not chosen, and what is made of
 * the chosen ones, side by side. Returns x where none is chosen.
 */
snug_value snug_columns_join(snug_graph *graph, const snug_columns *columns, snug_value x,
                             snug_value made);

#endif
