/*
 * What is exported of a model: a graph, and what belongs to its input and its output.
 *
 * The input has one number for each column of the table, in the order of the model's schema: a
 * number as in the file, minus the column's offset; of a category its number, from 0 in the order
 * of the model's categories, any other number being an unknown category; NaN where the value is
 * missing. A model without a table has its features.
 *
 * A row that `snug predict` refuses, because it has a missing value or an unknown category where
 * the model's preprocessing makes that an error, has NaN in all outputs.
 */
#ifndef SNUG_EXPORT_EXPORTED_MODEL_H
#define SNUG_EXPORT_EXPORTED_MODEL_H

#include <stdbool.h>

#include <snug/model.h>

#include "graph/graph.h"

/* A column of the input. */
typedef struct snug_export_column {
    const char *name;        /* of the column, or "x1" ...; owned by the list of names */
    snug_strings categories; /* their names, by number; empty: a number. Belong to the model */
    double offset;           /* subtracted from the value before it is narrowed to float */
} snug_export_column;

/* How the column of the largest output, or a threshold, becomes a class. */
typedef enum snug_export_task {
    SNUG_EXPORT_VALUES,        /* values of targets, or several numbers each */
    SNUG_EXPORT_PROBABILITIES, /* a probability for each class */
    SNUG_EXPORT_SCORES         /* a number for each class, the larger the likelier */
} snug_export_task;

typedef struct snug_model_graph {
    const snug_model *model;     /* borrowed */
    snug_graph *graph;           /* owned; of .output, 1 x outputs */
    snug_export_column *columns; /* of the input, owned */
    size_t column_count;
    snug_strings names; /* of the columns, owned */
    snug_export_task task;
    /*
     * Names of the outputs, owned: of the classes, or of the values ("price", and with quantiles
     * "price_q0.1" as in the tables of `snug predict`).
     */
    snug_strings outputs;
    /*
     * Of two classes, the second is predicted where its probability is above this; 0: the class of
     * the largest output, the first of equal ones.
     */
    double threshold;
} snug_model_graph;

#endif
