/*
 * Preprocessing: what turns the rows of a file into the inputs of a network. It is the schema of
 * the table (columns, categories, class names) and the scaler of its features; a model has both,
 * and stores them in its file. So is the scaler of its targets, which leads back from the outputs
 * of the network to values in the targets' units.
 */
#ifndef SNUG_DATA_PREPROCESSING_H
#define SNUG_DATA_PREPROCESSING_H

#include <cjson/cJSON.h>

#include <snug/data.h> /* IWYU pragma: export */

#include "data/scaler.h"
#include "schema/table_schema.h"
#include "schema/target_scaler.h"

struct snug_preprocessing {
    snug_table_schema *table;          /* owned */
    snug_scaler *scaler;               /* owned */
    snug_target_scaler *target_scaler; /* owned; NULL: targets are not scaled */
    bool target_scaler_fitted;         /* the model keeps .target_scaler, also where it is NULL */
    /*
     * The JSON of a file of a newer format version, owned, or NULL: what this version does not know
     * is written again with the model.
     */
    cJSON *newer;
};

/*
 * Makes preprocessing of a schema and a scaler, and takes both over, also when it fails. Returns
 * NULL without memory, and where either is NULL, whose error message remains.
 */
snug_preprocessing *snug_preprocessing_new(snug_table_schema *table, snug_scaler *scaler);

/* Returns a copy, or NULL without memory. */
snug_preprocessing *snug_preprocessing_copy(const snug_preprocessing *preprocessing);

/*
 * Keeps a copy of the JSON of a newer file as .newer, unless it is NULL. Returns the preprocessing;
 * without memory it frees it and returns NULL. Takes NULL.
 */
snug_preprocessing *snug_preprocessing_keep(snug_preprocessing *preprocessing, const cJSON *json);

/* Frees preprocessing; ignores NULL. */
void snug_preprocessing_free(snug_preprocessing *preprocessing);

/* Returns how many JSON values the preprocessing of so many features can have at most. */
size_t snug_preprocessing_values(size_t features);

/* Returns the preprocessing as JSON, exact to the bit; NULL without memory. cJSON_Delete() it. */
cJSON *snug_preprocessing_write(const snug_preprocessing *preprocessing);

/*
 * Reads what snug_preprocessing_write() made. `path` is the path of the value in the file, for
 * error messages; `newer` is whether the file has a newer format version, whose unknown keys are
 * kept. Returns NULL where a number is not finite, values do not fit together, or, in a file that
 * is not newer, a key is unknown.
 */
snug_preprocessing *snug_preprocessing_read(const cJSON *json, const char *path, bool newer);

#endif
