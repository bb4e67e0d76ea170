/* A model's config as JSON: {"model": {"inputs": n, "layers": [...]}}. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/file.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/field_macros.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"
#include "kinds/input_columns.h"
#include "model/config.h"
#include "model/loss.h"

const snug_field snug_model_fields[] = {
    SNUG_SIZE_FIELD(
        snug_model_settings, inputs, 0, SNUG_FROM_TO(0, SNUG_MAX_INPUTS),
        "features a row; in an experiment 0, the default, means as many as the data has"),
    {SNUG_FIELD(snug_model_settings, layers, LAYERS, "the layers in their order"),
     .required = true},
    SNUG_FIELDS_END,
};

/* Takes the number of inputs of the settings or, where they have none, of the data. */
static snug_status choose_inputs(const snug_model_settings *settings, const char *path,
                                 size_t *inputs) {
    if (settings->inputs == 0 && *inputs == 0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s.inputs: is required where no data tells the number of features", path);
    }
    if (settings->inputs != 0 && *inputs != 0 && settings->inputs != *inputs) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.inputs: is %zu where the data has %zu features",
                         path, settings->inputs, *inputs);
    }
    if (settings->inputs != 0) {
        *inputs = settings->inputs;
    }
    return SNUG_OK;
}

/* Sets what a layer takes from the data: its units where these are named, its columns. */
static snug_status adapt(snug_object *layer, const snug_data_units *units,
                         snug_input_columns *columns, const char *path) {
    snug_fields_set_units(layer->kind->fields, layer->config, units);
    return snug_input_columns_pass(columns, layer, path);
}

/* Appends copies of the layers, which are adapted to the data of that schema, or NULL. */
static snug_status add_layers(snug_model *model, const snug_layer_list *layers, const char *path,
                              const snug_table_schema *table, const snug_object *loss) {
    snug_input_columns columns = {0};
    snug_data_units units = {0};
    if (table != NULL) {
        units.classes = table->classes.count;
        units.targets = table->targets.count * snug_loss_quantiles(loss, NULL);
    }
    snug_status status = table != NULL ? snug_table_schema_input_columns(table, &columns) : SNUG_OK;
    for (size_t i = 0; i < layers->count && status == SNUG_OK; i++) {
        char *item_path = snug_format("%s.layers[%zu]", path, i);
        snug_object *copy = item_path != NULL ? snug_object_copy(layers->items[i]) : NULL;
        status = copy != NULL ? SNUG_OK : snug_error_status();
        if (status == SNUG_OK && table != NULL) {
            status = adapt(copy, &units, &columns, item_path);
        }
        if (status == SNUG_OK) {
            status = snug_model_append(model, copy);
        } else {
            snug_object_free(copy);
        }
        snug_release(item_path);
    }
    snug_input_columns_clear(&columns);
    return status;
}

snug_model *snug_model_build(const snug_model_settings *settings, const char *path,
                             const snug_table_schema *table, const snug_object *loss) {
    size_t inputs = table != NULL ? table->features : 0;
    if (settings->layers.count == 0) {
        snug_fail(SNUG_ERROR_CONFIG, "%s.layers: must have at least one layer", path);
        return NULL;
    }
    if (choose_inputs(settings, path, &inputs) != SNUG_OK) {
        return NULL;
    }
    snug_model *model = snug_model_new(inputs);
    if (model != NULL && add_layers(model, &settings->layers, path, table, loss) == SNUG_OK) {
        return model;
    }
    snug_model_free(model);
    return NULL;
}

snug_model *snug_model_read(const cJSON *json, const char *path) {
    snug_model_settings settings = {0};
    snug_model *model = NULL;
    if (snug_fields_default(snug_model_fields, &settings) == SNUG_OK &&
        snug_fields_read(snug_model_fields, &settings, json, path, NULL) == SNUG_OK) {
        model = snug_model_build(&settings, path, NULL, NULL);
    }
    snug_fields_free(snug_model_fields, &settings);
    return model;
}

cJSON *snug_model_write(const snug_model *model) {
    snug_model_settings settings = {.inputs = model->inputs, .layers = model->layers};
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (!failed && snug_fields_write(snug_model_fields, &settings, json) == SNUG_OK) {
        return json;
    }
    cJSON_Delete(json);
    return NULL;
}

char *snug_model_config(const snug_model *model) {
    bool failed = false;
    if (model == NULL) {
        snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
        return NULL;
    }
    if (model->member_count > 0) {
        (void)snug_model_check_layers(model);
        return NULL;
    }
    cJSON *root = snug_json_object(NULL, NULL, &failed);
    cJSON *json = snug_model_write(model);
    char *text = NULL;
    if (json != NULL && root != NULL) {
        snug_json_add(root, "model", json, &failed);
    } else {
        cJSON_Delete(json);
    }
    if (json != NULL && !failed) {
        text = snug_json_print(root, true);
    }
    cJSON_Delete(root);
    return text;
}

static snug_model *parse_config(const char *name, const char *text, size_t n) {
    if (text == NULL) {
        snug_fail_null("the text of the model config");
        return NULL;
    }
    cJSON *root = snug_json_parse(name, text, n);
    const cJSON *json = root != NULL ? snug_json_get(root, "model") : NULL;
    snug_model *model = NULL;
    if (root != NULL && !cJSON_IsObject(json)) {
        snug_fail(SNUG_ERROR_CONFIG,
                  "%s: model: must be there, an object with \"inputs\" and \"layers\"", name);
    } else if (root != NULL) {
        model = snug_model_read(json, "model");
        if (model == NULL && snug_error_status() != SNUG_ERROR_MEMORY) {
            snug_fail_in("%s", name);
        }
    }
    cJSON_Delete(root);
    return model;
}

snug_model *snug_model_parse_config(const char *text, size_t n) {
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, parse_config("(string)", text, n));
}

snug_model *snug_model_read_config(const char *path) {
    size_t n = 0;
    char *text = snug_file_read(path, &n);
    snug_model *model = text != NULL ? parse_config(path, text, n) : NULL;
    snug_release(text);
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, model);
}
