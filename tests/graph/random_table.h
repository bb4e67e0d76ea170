/* Random tables, for models that are trained on them. */
#ifndef SNUG_TESTS_GRAPH_RANDOM_TABLE_H
#define SNUG_TESTS_GRAPH_RANDOM_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export/model_graph.h"

enum { COLUMNS_MAX = 7, CELL = 24 };

/* What a column holds. */
typedef enum column_type { NUMBER, WIDE, CATEGORY, TYPES } column_type;

typedef struct random_table {
    column_type types[COLUMNS_MAX];
    size_t count, categories[COLUMNS_MAX];
    bool missing; /* cells may be */
    bool classes; /* of the target; otherwise values */
    size_t class_count;
} random_table;

/* The cells of a row, as they are written. */
typedef char cells[COLUMNS_MAX][CELL];

/* Returns columns of any types; the target is a class, or a value from 0 to 1. */
random_table random_columns(uint64_t *state, bool classes, size_t class_count);

/*
 * Writes a table with a header, whose last column is the target. `kept`, unless NULL, gets the
 * cells of each row: of rows to be predicted, with categories that training did not see.
 */
void write_table(const random_table *t, const char *name, size_t rows, uint64_t *state,
                 cells *kept);

/* Sets a row of the graph's input as model_graph.h says that it is made. */
void encode_row(const snug_model_graph *m, char (*row)[CELL], float *x);

#endif
