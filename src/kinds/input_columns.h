/*
 * What is known of the columns of a layer's inputs when a model is built from data, so that fields
 * of type COLUMNS can be given by names. The columns of the data are followed from layer to layer:
 *
 *     data          age, city, income     numbers 0 1 2
 *     feature_scale                       0 1 2     keeps the columns (SNUG_COLUMNWISE)
 *     category_embedding of city          0 - 1     column_of() of its kind
 *     dense                               - - -     nothing is known behind it
 */
#ifndef SNUG_KINDS_INPUT_COLUMNS_H
#define SNUG_KINDS_INPUT_COLUMNS_H

#include <stdbool.h>

#include <snug/kind.h>

/* A feature of the data. */
typedef struct snug_input_column {
    char *name;        /* of the feature: "age", "colour=red"; owned */
    char *column;      /* of the column of the table whose value it holds, owned; NULL: none */
    bool numeric;      /* it is the value of a numeric column */
    size_t categories; /* it is the number of one of so many categories; 0: it is not */
    size_t number;     /* among the inputs of the present layer, or SNUG_NO_COLUMN */
} snug_input_column;

/* The features of the data, as the inputs of the present layer. */
typedef struct snug_input_columns {
    snug_input_column *items; /* owned; NULL: nothing is known of the data */
    size_t count;
    bool followed; /* every input of the present layer is a feature, or was made of some */
} snug_input_columns;

/* Makes `copy`, whose content is overwritten, a copy. It is empty on failure. */
snug_status snug_input_columns_copy(snug_input_columns *copy, const snug_input_columns *inputs);

/* Frees what is in it, and leaves it empty. */
void snug_input_columns_clear(snug_input_columns *inputs);

/*
 * Resolves the COLUMNS fields of the next layer by its inputs, and goes on to the inputs of the
 * layer after it. Fails where a name is unknown, and where the number of a category would enter the
 * layer as if it were a quantity. `path` is that of the layer.
 */
snug_status snug_input_columns_pass(snug_input_columns *inputs, snug_object *layer,
                                    const char *path);

/*
 * Goes on to the inputs of the layer after `layer`, whose columns are numbers already, and fails
 * where the number of a category would enter it, as above.
 */
snug_status snug_input_columns_follow(snug_input_columns *inputs, const snug_object *layer,
                                      const char *path);

#endif
