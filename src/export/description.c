#include <snug/export.h>

#include "export/description.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "model/model.h"

/* ---- notes ----------------------------------------------------------------------------------- */

/* Returns the schema by which the model's tables are read; NULL: none. */
static const snug_table_schema *schema_of(const snug_model *model) {
    return model != NULL && model->preprocessing != NULL ? model->preprocessing->table : NULL;
}

static bool has_categories(const snug_model_graph *graph) {
    for (size_t j = 0; j < graph->column_count; j++) {
        if (graph->columns[j].categories.count > 0) {
            return true;
        }
    }
    return false;
}

static bool has_offsets(const snug_model_graph *graph) {
    for (size_t j = 0; j < graph->column_count; j++) {
        if (graph->columns[j].offset != 0) {
            return true;
        }
    }
    return false;
}

/* Adds what the columns of this model need, one note for each thing. */
static void add_notes(const snug_model_graph *graph, cJSON *notes, bool *failed) {
    const snug_table_schema *schema = schema_of(graph->model);
    if (has_categories(graph)) {
        bool refused = schema != NULL && schema->unknown_category == SNUG_UNKNOWN_ERROR;
        snug_json_string(notes, NULL,
                         refused ? "a category is its number, from 0 in the order of "
                                   "\"categories\"; any other number is an unknown category, "
                                   "which the model refuses: the outputs are NaN"
                                 : "a category is its number, from 0 in the order of "
                                   "\"categories\"; any other number is an unknown category, "
                                   "which counts as missing",
                         failed);
    }
    if (has_offsets(graph)) {
        snug_json_string(notes, NULL,
                         "the \"offset\" of a column has to be subtracted from its values, in "
                         "double precision, before they are narrowed to float32",
                         failed);
    }
    if (schema != NULL && schema->columns != NULL) {
        snug_json_string(notes, NULL,
                         schema->missing == SNUG_MISSING_ERROR
                             ? "NaN is a missing value, which the model refuses: the outputs are "
                               "NaN"
                             : "NaN is a missing value",
                         failed);
    }
}

/* ---- columns and outputs --------------------------------------------------------------------- */

/* Adds an array of strings. */
static void add_strings(cJSON *object, const char *key, const snug_strings *strings, bool *failed) {
    cJSON *list = snug_json_array(object, key, failed);
    for (size_t i = 0; i < strings->count; i++) {
        snug_json_string(list, NULL, strings->items[i], failed);
    }
}

/* Adds an object for each column; an offset or categories only where there are any. */
static void add_columns(const snug_model_graph *graph, cJSON *list, bool *failed) {
    for (size_t j = 0; j < graph->column_count; j++) {
        const snug_export_column *column = &graph->columns[j];
        cJSON *object = snug_json_object(list, NULL, failed);
        snug_json_string(object, "name", column->name, failed);
        snug_json_string(object, "type", column->categories.count > 0 ? "category" : "number",
                         failed);
        if (column->offset != 0) {
            snug_json_number(object, "offset", column->offset, failed);
        }
        if (column->categories.count > 0) {
            add_strings(object, "categories", &column->categories, failed);
        }
    }
}

cJSON *snug_export_describe(const snug_model_graph *graph) {
    bool failed = false, values = graph->task == SNUG_EXPORT_VALUES;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_string(json, "version", snug_version(), &failed);
    snug_json_string(json, "task", values ? "regression" : "classification", &failed);
    add_columns(graph, snug_json_array(json, "columns", &failed), &failed);
    add_strings(json, values ? "values" : "classes", &graph->outputs, &failed);
    if (graph->threshold > 0) {
        snug_json_number(json, "threshold", graph->threshold, &failed);
    }
    add_notes(graph, snug_json_array(json, "notes", &failed), &failed);
    if (failed) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

char *snug_model_export_description(const snug_model *model) {
    snug_model_graph *graph = snug_model_graph_new(model);
    if (graph == NULL) {
        return NULL;
    }
    cJSON *json = snug_export_describe(graph);
    char *text = json != NULL ? snug_json_print(json, true) : NULL;
    cJSON_Delete(json);
    snug_model_graph_free(graph);
    return text;
}
