/*
 * The default space: what matters in nearly every experiment, around the values that it has. It
 * goes by the names of fields, which all kinds share ("units", "rate", "learning_rate"), and never
 * by the names of kinds.
 */
#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "experiment/overrides.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "tune/default_space.h"

/* Adds {PATH: {NAME: [low, high]}}. */
static void add_range(cJSON *space, const char *path, const char *name, double low, double high,
                      bool *failed) {
    cJSON *range = snug_json_object(space, path, failed);
    cJSON *ends = snug_json_array(range, name, failed);
    snug_json_number(ends, NULL, low, failed);
    snug_json_number(ends, NULL, high, failed);
}

/* Adds {PATH: [...]}: half, once and twice a size. */
static void add_sizes(cJSON *space, const char *path, double size, bool *failed) {
    cJSON *list = snug_json_array(space, path, failed);
    if (size >= 4) {
        snug_json_number(list, NULL, floor(size / 2), failed);
    }
    snug_json_number(list, NULL, size, failed);
    snug_json_number(list, NULL, 2 * size, failed);
}

/* Adds a range of `factor` each way around a number that the experiment has above 0. */
static void add_around(cJSON *space, const cJSON *config, const char *path, double factor,
                       bool *failed) {
    const cJSON *value = snug_overrides_find(config, path);
    if (cJSON_IsNumber(value) && value->valuedouble > 0) {
        add_range(space, path, "log_uniform", value->valuedouble / factor,
                  value->valuedouble * factor, failed);
    }
}

/* Adds a decay: what is off may be on, and what is on may be weaker or stronger. */
static void add_decay(cJSON *space, const cJSON *config, const char *path, bool *failed) {
    const cJSON *value = snug_overrides_find(config, path);
    if (cJSON_IsNumber(value) && !(value->valuedouble > 0)) {
        cJSON *list = snug_json_array(space, path, failed);
        for (double decay = 0; decay < 0.1; decay = decay > 0 ? 10 * decay : 1e-4) {
            snug_json_number(list, NULL, decay, failed);
        }
    } else {
        add_around(space, config, path, 10, failed);
    }
}

/* ---- layers ---------------------------------------------------------------------------------- */

static void add_layers(cJSON *space, const cJSON *layers, const char *path, bool *failed);

/* Adds the size and the rate that a layer has, and those of the layers that it contains. */
static void add_layer(cJSON *space, const cJSON *layer, const char *path, bool last, bool *failed) {
    const cJSON *units = snug_json_get(layer, "units"), *rate = snug_json_get(layer, "rate");
    char *units_path = snug_join_path(path, "units"), *rate_path = snug_join_path(path, "rate");
    char *layers_path = snug_join_path(path, "layers");
    *failed = *failed || units_path == NULL || rate_path == NULL || layers_path == NULL;
    if (!*failed && cJSON_IsNumber(units) && !last) {
        add_sizes(space, units_path, units->valuedouble, failed);
    }
    if (!*failed && cJSON_IsNumber(rate) && rate->valuedouble > 0) {
        add_range(space, rate_path, "uniform", 0, fmin(0.5, 2 * rate->valuedouble), failed);
    }
    if (!*failed) {
        add_layers(space, snug_json_get(layer, "layers"), layers_path, failed);
    }
    snug_release(units_path);
    snug_release(rate_path);
    snug_release(layers_path);
}

/* Adds the fields of a list of layers; the size of the last one is that of the targets. */
static void add_layers(cJSON *space, const cJSON *layers, const char *path, bool *failed) {
    size_t index = 0;
    const cJSON *layer = cJSON_IsArray(layers) ? layers->child : NULL;
    for (; layer != NULL && !*failed; layer = layer->next) {
        char *layer_path = snug_join_index(path, index++);
        *failed = layer_path == NULL;
        if (!*failed) {
            add_layer(space, layer, layer_path, layer->next == NULL, failed);
        }
        snug_release(layer_path);
    }
}

cJSON *snug_default_space(const cJSON *config) {
    bool failed = false;
    cJSON *space = snug_json_object(NULL, NULL, &failed);
    const cJSON *batch = snug_overrides_find(config, "train.batch_size");
    if (failed) {
        return NULL;
    }
    add_around(space, config, "train.optimizer.learning_rate", 10, &failed);
    add_decay(space, config, "train.optimizer.weight_decay", &failed);
    if (cJSON_IsNumber(batch)) {
        add_sizes(space, "train.batch_size", batch->valuedouble, &failed);
    }
    add_layers(space, snug_overrides_find(config, "model.layers"), "model.layers", &failed);
    if (failed) {
        cJSON_Delete(space);
        return NULL;
    }
    return space;
}
