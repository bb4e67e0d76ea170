/* Building a model: layers, flat vectors, preprocessing; and copying it. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/handles.h"
#include "model/model.h"
#include "plan/plan_build.h"

static snug_model *new_empty(size_t inputs) {
    if (inputs > SNUG_MAX_INPUTS) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a model has at most %d inputs (got %zu)", SNUG_MAX_INPUTS,
                  inputs);
        return NULL;
    }
    snug_model *model = snug_alloc(1, sizeof *model);
    if (model == NULL) {
        return NULL;
    }
    model->inputs = inputs;
    model->plan = snug_plan_new(inputs);
    if (model->plan == NULL) {
        snug_model_free(model);
        return NULL;
    }
    return model;
}

snug_model *snug_model_new(size_t inputs) {
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, new_empty(inputs));
}

void snug_model_drop_weights(snug_model *model) {
    snug_release(model->parameters);
    snug_release(model->state);
    model->parameters = model->state = NULL;
    model->fresh = model->untrained = false;
}

void snug_model_free(snug_model *model) {
    if (model == NULL) {
        return;
    }
    snug_model_drop_weights(model);
    snug_plan_free(model->plan);
    for (size_t i = 0; i < model->layers.count; i++) {
        snug_object_free(model->layers.items[i]);
    }
    snug_release(model->layers.items);
    snug_preprocessing_free(model->preprocessing);
    snug_postprocessing_free(model->postprocessing);
    cJSON_Delete(model->metadata);
    snug_object_free(model->loss);
    for (size_t i = 0; i < model->member_count; i++) {
        snug_model_free(model->members[i]);
    }
    snug_release(model->members);
    snug_release(model->first_error);
    snug_release(model);
}

/* Keeps the thread's error as the first of the model, and returns its status. */
static snug_status keep_error(snug_model *model, snug_status status) {
    model->first_status = status;
    model->first_error = snug_copy_string(snug_error());
    if (model->first_error == NULL) {
        model->first_status = SNUG_ERROR_MEMORY;
    }
    return model->first_status;
}

static snug_status first_error(const snug_model *model) {
    if (model->first_status == SNUG_OK) {
        return SNUG_OK;
    }
    return snug_fail(model->first_status, "%s",
                     model->first_error != NULL
                         ? model->first_error
                         : "out of memory: a layer of the model could not be added");
}

/* Makes the list long enough for one more layer; it doubles at least. */
static snug_status reserve_layer(snug_model *model) {
    size_t capacity = 2 * model->layer_capacity + 8;
    if (model->layers.count < model->layer_capacity) {
        return SNUG_OK;
    }
    snug_object **items = snug_resize(model->layers.items, capacity, sizeof *items);
    if (items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    model->layers.items = items;
    model->layer_capacity = capacity;
    return SNUG_OK;
}

static snug_status append(snug_model *model, snug_object *layer) {
    snug_status status = reserve_layer(model);
    if (status == SNUG_OK) {
        status = snug_plan_append(model->plan, layer);
    }
    if (status != SNUG_OK) {
        return status;
    }
    model->layers.items[model->layers.count++] = layer;
    snug_model_drop_weights(model);
    return SNUG_OK;
}

snug_status snug_model_append(snug_model *model, snug_object *layer) {
    snug_status status = layer != NULL ? append(model, layer) : snug_error_status();
    if (status == SNUG_OK) {
        return SNUG_OK;
    }
    snug_object_free(layer);
    return keep_error(model, status);
}

static snug_status fail_ensemble(const snug_model *model) {
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "the model is an ensemble of %zu: it predicts and is evaluated; everything "
                     "else needs a single model: see snug_model_member()",
                     model->member_count);
}

snug_status snug_model_add(snug_model *model, snug_layer *layer) {
    snug_handle *handle = (snug_handle *)layer;
    snug_object *object;
    if (model == NULL || model->first_status != SNUG_OK || model->member_count > 0) {
        snug_handle_free(handle, SNUG_GROUP_LAYER);
        return model == NULL ? snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model")
               : model->member_count > 0 ? fail_ensemble(model)
                                         : first_error(model);
    }
    snug_status status = snug_handle_take_object(handle, SNUG_GROUP_LAYER, "the layer", &object);
    return status == SNUG_OK ? snug_model_append(model, object) : keep_error(model, status);
}

snug_status snug_model_check_layers(const snug_model *model) {
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    if (model->member_count > 0) {
        return fail_ensemble(model);
    }
    if (model->first_status != SNUG_OK) {
        return first_error(model);
    }
    if (model->layers.count == 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "model.layers: the model has no layer");
    }
    return SNUG_OK;
}

snug_status snug_model_check(const snug_model *model) {
    snug_status status = snug_model_check_layers(model);
    if (status != SNUG_OK) {
        return status;
    }
    if (model->parameters == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "the model has no weights: call snug_model_init(), "
                                              "snug_fit() or snug_model_load() first");
    }
    return SNUG_OK;
}

snug_status snug_model_allocate(snug_model *model) {
    if (model->first_status != SNUG_OK) {
        return first_error(model);
    }
    if (model->parameters != NULL) {
        return SNUG_OK;
    }
    model->parameters = snug_alloc(model->plan->parameters, sizeof(float));
    model->state = snug_alloc(model->plan->state, sizeof(float));
    if (model->parameters != NULL && model->state != NULL) {
        return SNUG_OK;
    }
    snug_model_drop_weights(model);
    return SNUG_ERROR_MEMORY;
}

const snug_preprocessing *snug_model_preprocessing(const snug_model *model) {
    return model != NULL ? model->preprocessing : NULL;
}

snug_postprocessing *snug_model_need_postprocessing(snug_model *model) {
    if (model->postprocessing == NULL) {
        model->postprocessing = snug_postprocessing_new();
    }
    return model->postprocessing;
}

snug_status snug_model_set_preprocessing(snug_model *model, snug_preprocessing *preprocessing) {
    if (preprocessing == NULL) {
        return snug_error_status();
    }
    if (preprocessing->scaler->features != model->inputs) {
        size_t features = preprocessing->scaler->features;
        snug_preprocessing_free(preprocessing);
        return snug_fail(SNUG_ERROR_CONFIG,
                         "the preprocessing has %zu features where the model has %zu inputs",
                         features, model->inputs);
    }
    snug_preprocessing_free(model->preprocessing);
    model->preprocessing = preprocessing;
    return SNUG_OK;
}
