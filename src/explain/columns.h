/* The columns of a table as ranges of features. */
#ifndef SNUG_EXPLAIN_COLUMNS_H
#define SNUG_EXPLAIN_COLUMNS_H

#include "data/dataset.h"

/* A column of features. */
typedef struct snug_explain_column {
    const char *name;         /* borrowed from the data */
    const snug_column *table; /* NULL: one feature without a column, as of arrays */
    size_t first, count;      /* its features */
    size_t number;            /* among all columns */
} snug_explain_column;

/* Columns, in the order of the table; .items is owned. */
typedef struct snug_explain_columns {
    snug_explain_column *items;
    size_t count;
} snug_explain_columns;

/*
 * Lists the columns of that many names; NULL: all. Fails for a name that no column has. Free
 * .items with snug_release(), also after a failure.
 */
snug_status snug_explain_columns_list(const snug_dataset *data, const char *const *names,
                                      size_t count, snug_explain_columns *columns);

#endif
