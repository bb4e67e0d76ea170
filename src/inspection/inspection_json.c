/* An inspection as one line of JSON. */
#include <math.h>

#include "core/status.h"
#include "inspection/inspection.h"
#include "json/json_build.h"
#include "json/json_print.h"

/* Adds a number; JSON has neither NaN nor infinity, which become null. */
static void add_number(cJSON *json, const char *key, double number, bool *failed) {
    if (isfinite(number)) {
        snug_json_number(json, key, number, failed);
    } else {
        snug_json_null(json, key, failed);
    }
}

static void add_spread(cJSON *json, const char *key, const snug_spread *spread, bool *failed) {
    cJSON *object = snug_json_object(json, key, failed);
    add_number(object, "mean", spread->mean, failed);
    add_number(object, "deviation", spread->deviation, failed);
}

static void add_layer(cJSON *layers, const snug_layer_statistics *layer, bool *failed) {
    cJSON *json = snug_json_object(layers, NULL, failed);
    snug_json_string(json, "type", layer->layer.type, failed);
    snug_json_number(json, "output", (double)layer->layer.outputs, failed);
    if (layer->layer.members > 1) {
        snug_json_number(json, "members", (double)layer->layer.members, failed);
    }
    snug_json_number(json, "parameters", (double)layer->layer.parameters, failed);
    add_number(json, "mean", layer->mean, failed);
    add_number(json, "variance", layer->variance, failed);
    add_number(json, "gradient_mean", layer->gradient_mean, failed);
    add_number(json, "gradient_variance", layer->gradient_variance, failed);
    add_number(json, "saturated", layer->saturated, failed);
    add_spread(json, "omega", &layer->omega, failed);
    add_spread(json, "tau", &layer->tau, failed);
    cJSON *theory = snug_json_object(json, "theory", failed);
    add_number(theory, "mean", layer->theory.mean, failed);
    add_number(theory, "variance", layer->theory.variance, failed);
    add_number(theory, "gradient_variance", layer->theory.gradient_variance, failed);
}

char *snug_inspection_to_json(const snug_inspection *inspection) {
    bool failed = false;
    if (inspection == NULL) {
        snug_fail_null("the inspection");
        return NULL;
    }
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_number(json, "rows", (double)inspection->rows, &failed);
    cJSON *input = snug_json_object(json, "input", &failed);
    add_number(input, "mean", inspection->mean, &failed);
    add_number(input, "variance", inspection->variance, &failed);
    cJSON *layers = snug_json_array(json, "layers", &failed);
    for (size_t i = 0; i < inspection->count && !failed; i++) {
        add_layer(layers, &inspection->layers[i], &failed);
    }
    cJSON *notes = snug_json_array(json, "warnings", &failed);
    for (size_t i = 0; i < inspection->notes.count && !failed; i++) {
        snug_json_string(notes, NULL, inspection->notes.items[i], &failed);
    }
    char *text = failed ? NULL : snug_json_print(json, false);
    cJSON_Delete(json);
    return text;
}
