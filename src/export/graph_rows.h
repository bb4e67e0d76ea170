/* The rows of a dataset as the input of a model's graph. */
#ifndef SNUG_EXPORT_GRAPH_ROWS_H
#define SNUG_EXPORT_GRAPH_ROWS_H

#include "data/dataset.h"
#include "export/model_graph.h"

typedef struct snug_graph_rows {
    const snug_model_graph *graph; /* borrowed */
    const snug_dataset *data;      /* matched with the model, borrowed */
    float *features;               /* of the rows of one call, owned */
    size_t most;                   /* rows of a call */
} snug_graph_rows;

/* Makes the buffer for `most` rows at a time, to be freed also when it fails. */
snug_status snug_graph_rows_start(snug_graph_rows *rows, const snug_model_graph *graph,
                                  const snug_dataset *data, size_t most);
void snug_graph_rows_clear(snug_graph_rows *rows);

/*
 * Sets x[count][columns] to the inputs of rows first .. first + count - 1: numbers less the model's
 * offsets, numbers of categories, NaN for a value that is missing or a category that is unknown.
 * Fails where rows in a file cannot be read.
 */
snug_status snug_graph_rows_gather(snug_graph_rows *rows, size_t first, size_t count, float *x);

#endif
