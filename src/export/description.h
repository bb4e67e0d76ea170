/*
 * What an exported model takes and gives, as JSON:
 *
 *     {"version": "0.1.0", "task": "classification",
 *      "columns": [{"name": "age", "type": "number"},
 *                  {"name": "time", "type": "number", "offset": 1.7e9},
 *                  {"name": "colour", "type": "category", "categories": ["blue", "red"]}],
 *      "classes": ["no", "yes"], "threshold": 0.3, "notes": ["..."]}
 *
 * The task is "regression" for values, whose names are then in "values". "threshold" is there where
 * it decides between two classes. Notes are for people: what columns need before they go in.
 */
#ifndef SNUG_EXPORT_DESCRIPTION_H
#define SNUG_EXPORT_DESCRIPTION_H

#include <cjson/cJSON.h>

#include "export/model_graph.h"

/* Returns the description of a model's graph, for cJSON_Delete(). NULL without memory. */
cJSON *snug_export_describe(const snug_model_graph *graph);

#endif
