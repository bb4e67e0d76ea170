/*
 * The graph of a model: from the raw columns of a table to what prediction gives, with the
 * preprocessing, the layers, the output function and the postprocessing; the members of an ensemble
 * are averaged.
 *
 * The input has one number for each column of the table, in the order of the model's schema: a
 * number as in the file, minus the column's offset; of a category its number, from 0 in the order
 * of the model's categories, any other number being an unknown category; NaN where the value is
 * missing. A model without a table has its features.
 *
 * A row that `snug predict` refuses, because it has a missing value or an unknown category where
 * the model's preprocessing makes that an error, has NaN in all outputs.
 */
#ifndef SNUG_EXPORT_MODEL_GRAPH_H
#define SNUG_EXPORT_MODEL_GRAPH_H

#include <stdbool.h>

#include <snug/model.h>

#include "core/string_list.h"
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

/*
 * Makes the graph of a model with weights. Returns NULL with the name of the layer, activation or
 * loss that cannot be exported, and without memory.
 */
snug_model_graph *snug_model_graph_new(const snug_model *model);

/* Frees it; ignores NULL. */
void snug_model_graph_free(snug_model_graph *graph);

#endif
