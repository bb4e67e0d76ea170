#ifndef SNUG_TESTS_GRAPH_SUPPORT_H
#define SNUG_TESTS_GRAPH_SUPPORT_H

#include <check.h> /* IWYU pragma: export */

#include "export/model_graph.h"
#include "kinds/object.h"

/* Whether two results agree: NaN and infinities are equal, others to 1e-5 max(1, |a|). */
bool agrees(double a, double b);

/* Fills x with n numbers that are about standard normal, of a stream of the seed. */
void fill_normal(uint64_t seed, size_t n, float *x);

/* A whole number from 0 to n - 1; *state changes. */
size_t draw(uint64_t *state, size_t n);

/*
 * How a kind of layer is written in the smallest way; values of fields that are required: dense
 * layers of 6 units, tanh.
 */
void smallest_spec(const snug_kind *kind, char *spec, size_t size);

/*
 * Returns number j of a row of predictions as the tool prints it in `columns` columns: 1 - p and p
 * where a single output distinguishes two classes.
 */
double printed_number(const snug_model *model, const float *row, size_t columns, size_t j);

/* Makes the graph of a model; fails with the error message. */
snug_model_graph *graph_of(const snug_model *model);

/*
 * The graph and snug_predict() agree on x[rows][inputs]. The model has single numbers as its
 * columns.
 */
void check_agreement(const snug_model *model, size_t rows, const float *x, const char *what);

#endif
