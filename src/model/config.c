/* A model's config as JSON: {"model": {"inputs": n, "layers": [...]}}. */
#include <string.h>

#include "core/file.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/status.h"
#include "model/model.h"

typedef struct model_config {
    size_t inputs;
    snug_layer_list layers;
} model_config;

const snug_field snug_model_fields[] = {
    {.name = "inputs", .kind = SNUG_FIELD_SIZE, .offset = offsetof(model_config, inputs), .max = 1 << 24,
     .help = "features a row; in an experiment 0, the default, stands for as many as the data has"},
    {.name = "layers", .kind = SNUG_FIELD_LAYERS, .offset = offsetof(model_config, layers),
     .required = true, .help = "the layers in their order"},
    {.kind = SNUG_FIELD_END},
};

/* Puts the number of classes where the units say "classes". */
static void resolve_classes(snug_layer_list *layers, size_t classes)
{
    for (size_t i = 0; i < layers->count; ++i) {
        snug_object *layer = layers->items[i];
        snug_layer_list *block = snug_layer_block(layer);
        const snug_field *f = layer->kind->fields;
        for (; f != NULL && f->kind != SNUG_FIELD_END; ++f) {
            size_t *units = (size_t *)(void *)((char *)layer->config + f->offset);
            if (f->kind == SNUG_FIELD_UNITS && *units == SNUG_UNITS_CLASSES)
                *units = classes;
        }
        if (block != NULL)
            resolve_classes(block, classes);
    }
}

/* Hands the layers of a config to a new model; what fails stays with the config. */
static snug_model *build(model_config *config, const char *path)
{
    snug_model *model;
    if (config->layers.count == 0) {
        snug_fail(SNUG_ERROR_CONFIG, "%s.layers: must have at least one layer", path);
        return NULL;
    }
    model = snug_model_new(config->inputs);
    for (size_t i = 0; model != NULL && i < config->layers.count; ++i) {
        snug_layer *layer = (snug_layer *)config->layers.items[i];
        config->layers.items[i] = NULL;
        if (snug_model_add(model, layer) != SNUG_OK) {
            snug_model_free(model);
            return NULL;
        }
    }
    return model;
}

static snug_status settle_inputs(model_config *config, const char *path, size_t inputs)
{
    if (config->inputs == 0)
        config->inputs = inputs;
    if (config->inputs == 0)
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s.inputs: is required where no data tells the number of features", path);
    if (inputs != 0 && config->inputs != inputs)
        return snug_fail(SNUG_ERROR_CONFIG, "%s.inputs: is %zu where the data has %zu features",
                         path, config->inputs, inputs);
    return SNUG_OK;
}

snug_model *snug_model_read(const cJSON *json, const char *path, size_t inputs, size_t classes)
{
    model_config config = {0};
    snug_model *model = NULL;
    if (snug_fields_default(snug_model_fields, &config) == SNUG_OK &&
        snug_fields_read(snug_model_fields, &config, json, path, NULL) == SNUG_OK &&
        settle_inputs(&config, path, inputs) == SNUG_OK) {
        if (classes > 0)
            resolve_classes(&config.layers, classes);
        model = build(&config, path);
    }
    snug_fields_free(snug_model_fields, &config);
    return model;
}

cJSON *snug_model_write(const snug_model *model)
{
    model_config config = {.inputs = model->inputs, .layers = model->layers};
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (!failed && snug_fields_write(snug_model_fields, &config, json) == SNUG_OK)
        return json;
    cJSON_Delete(json);
    return NULL;
}

char *snug_model_config(const snug_model *model)
{
    bool failed = false;
    cJSON *root = snug_json_object(NULL, NULL, &failed);
    cJSON *json = snug_model_write(model);
    char *text = NULL;
    if (json != NULL && root != NULL)
        snug_json_add(root, "model", json, &failed);
    else
        cJSON_Delete(json);
    if (json != NULL && !failed)
        text = snug_json_print(root, true);
    cJSON_Delete(root);
    return text;
}

void snug_text_free(char *text)
{
    snug_release(text);
}

static snug_model *parse_config(const char *name, const char *text, size_t n)
{
    cJSON *root = snug_json_parse(name, text, n);
    const cJSON *json = root != NULL ? snug_json_get(root, "model") : NULL;
    snug_model *model = NULL;
    if (root != NULL && !cJSON_IsObject(json))
        snug_fail(SNUG_ERROR_CONFIG, "%s: model: must be there, an object with \"inputs\" and \"layers\"",
                  name);
    else if (root != NULL) {
        model = snug_model_read(json, "model", 0, 0);
        if (model == NULL && snug_error_status() != SNUG_ERROR_MEMORY)
            snug_fail_in("%s", name);
    }
    cJSON_Delete(root);
    return model;
}

snug_model *snug_model_parse_config(const char *text, size_t n)
{
    return parse_config("(text)", text, n);
}

snug_model *snug_model_read_config(const char *path)
{
    size_t n = 0;
    char *text = snug_file_read(path, &n);
    snug_model *model = text != NULL ? parse_config(path, text, n) : NULL;
    snug_release(text);
    return model;
}
