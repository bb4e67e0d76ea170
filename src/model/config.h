/* The "model" section of a config or an experiment. */
#ifndef SNUG_MODEL_CONFIG_H
#define SNUG_MODEL_CONFIG_H

#include "model/model.h"
#include "schema/table_schema.h"

typedef struct snug_model_settings {
    size_t inputs; /* 0: as many as the data has */
    snug_layer_list layers;
} snug_model_settings;

extern const snug_field snug_model_fields[];

/*
 * Makes a model of copies of the layers, for data of that schema: it has the number of features,
 * the number of units where a layer has "classes" for it or, by the loss, "targets", and the
 * columns that layers name. A NULL table: nothing is known of the data; a NULL loss has one output
 * for each target value. Returns NULL on failure, with an error message that begins with `path`.
 */
snug_model *snug_model_build(const snug_model_settings *settings, const char *path,
                             const snug_table_schema *table, const snug_object *loss);

/*
 * Reads a model from a JSON object {"inputs": n, "layers": [...]}, whose location in a file is
 * `path`. NULL on failure.
 */
snug_model *snug_model_read(const cJSON *json, const char *path);

/* Returns {"inputs": n, "layers": [...]} with every default; NULL without memory. */
cJSON *snug_model_write(const snug_model *model);

#endif
