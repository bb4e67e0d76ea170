#include "core/memory.h"
#include "core/status.h"
#include "experiment/experiment.h"
#include "files/file.h"
#include "import/config.h"
#include "json/json.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"
#include "model/config.h"
#include "model/targets.h"

/*
 * Builds the model, with copies of the layers, of settings that are changed for it: what a config
 * leaves to the data is in the shapes of the weights, too.
 */
static snug_model *build(snug_model_settings *settings, size_t inputs, size_t outputs) {
    if (settings->inputs == 0) {
        settings->inputs = inputs <= SNUG_MAX_INPUTS ? inputs : 0;
    }
    for (size_t i = 0; i < settings->layers.count && outputs > 0; i++) {
        const snug_object *layer = settings->layers.items[i];
        const snug_data_units units = {.classes = outputs, .targets = outputs};
        snug_fields_set_units(layer->kind->fields, layer->config, &units);
    }
    return snug_model_build(settings, "model", NULL, NULL);
}

/* Puts the path in front of the error message. */
static snug_model *fail_in(const char *path) {
    if (snug_error_status() != SNUG_ERROR_MEMORY) {
        snug_fail_in("%s", path);
    }
    return NULL;
}

/* Builds the model of a model config. NULL on failure. */
static snug_model *of_config(const cJSON *root, const char *path, size_t inputs, size_t outputs) {
    const cJSON *json = snug_json_get(root, "model");
    snug_model_settings settings = {0};
    snug_model *model = NULL;
    if (!cJSON_IsObject(json)) {
        snug_fail(SNUG_ERROR_CONFIG, "%s: model: must be there, an object with \"layers\"", path);
        return NULL;
    }
    if (snug_fields_default(snug_model_fields, &settings) == SNUG_OK &&
        snug_fields_read(snug_model_fields, &settings, json, "model", NULL) == SNUG_OK) {
        model = build(&settings, inputs, outputs);
    }
    snug_fields_free(snug_model_fields, &settings);
    return model != NULL ? model : fail_in(path);
}

/*
 * Builds the model of an experiment, with its loss, whose output function makes probabilities of
 * the outputs. An error message of the experiment begins with its path already. NULL on failure.
 */
static snug_model *of_experiment(const char *path, size_t inputs, size_t outputs) {
    snug_experiment *experiment = snug_experiment_read(path, NULL, 0);
    if (experiment == NULL) {
        return NULL;
    }
    snug_model *model = build(&experiment->model, inputs, outputs);
    if (model != NULL &&
        snug_model_replace_loss(model, snug_object_copy(experiment->train.loss)) != SNUG_OK) {
        snug_model_free(model);
        model = NULL;
    }
    snug_experiment_free(experiment);
    return model != NULL ? model : fail_in(path);
}

snug_model *snug_import_config(const char *path, size_t inputs, size_t outputs) {
    size_t size = 0;
    char *text = snug_file_read(path, &size);
    cJSON *root = text != NULL ? snug_json_parse(path, text, size) : NULL;
    snug_model *model = NULL;
    if (root == NULL) {
        snug_release(text);
        return NULL;
    }
    if (snug_json_get(root, "train") != NULL || snug_json_get(root, "data") != NULL) {
        model = of_experiment(path, inputs, outputs);
    } else {
        model = of_config(root, path, inputs, outputs);
    }
    cJSON_Delete(root);
    snug_release(text);
    return model;
}
