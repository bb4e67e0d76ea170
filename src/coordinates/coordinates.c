/* The coordinate check: models of other widths, trained for a few steps. */
#include <math.h>
#include <string.h>

#include <snug/coordinate_check.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/field_units.h"
#include "kinds/fields.h"
#include "model/model.h"
#include "plan/layer_parts.h"
#include "train/fit_options.h"

/* ---- the width ------------------------------------------------------------------------------- */

/* Returns where a layer has its number of units; NULL: it has none. */
static size_t *units_of(const snug_object *layer) {
    const snug_field *field = snug_fields_find_type(layer->kind->fields, SNUG_FIELD_UNITS);
    return field != NULL ? (size_t *)(void *)((char *)layer->config + field->offset) : NULL;
}

/* Sets the units of a layer and of those inside of it; returns how many layers have units. */
static size_t set_width(const snug_object *layer, size_t width) {
    const snug_layer_list *block = snug_layer_block(layer);
    size_t *units = units_of(layer);
    size_t count = 0;
    if (units != NULL) {
        *units = width;
        count = 1;
    }
    for (size_t i = 0; block != NULL && i < block->count; i++) {
        count += set_width(block->items[i], width);
    }
    return count;
}

/* Returns where the last one with units, of a layer and those inside of it, has them; or NULL. */
static size_t *last_units(const snug_object *layer) {
    const snug_layer_list *block = snug_layer_block(layer);
    size_t *units = NULL;
    for (size_t i = block != NULL ? block->count : 0; units == NULL && i-- > 0;) {
        units = last_units(block->items[i]);
    }
    return units != NULL ? units : units_of(layer);
}

/* Returns the index of the last layer that has units, itself or inside of it. */
static size_t last_with_units(const snug_layer_list *layers) {
    size_t i = layers->count;
    while (i > 0 && last_units(layers->items[i - 1]) == NULL) {
        i--;
    }
    return i - 1;
}

/* Appends copies of the layers, all of a width but the last one, whose units the targets decide. */
static snug_status append_resized(const snug_model *model, size_t width, snug_model *resized) {
    const size_t last = last_with_units(&model->layers);
    size_t count = 0;
    for (size_t i = 0; i < model->layers.count; i++) {
        const snug_object *original = model->layers.items[i];
        snug_object *layer = snug_object_copy(original);
        if (layer != NULL) {
            count += set_width(layer, width);
        }
        if (layer != NULL && i == last) {
            *last_units(layer) = *last_units(original);
        }
        if (snug_model_append(resized, layer) != SNUG_OK) {
            return snug_error_status();
        }
    }
    return count > 1
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT,
                           "the model has no hidden layer with \"units\", whose width could be %zu",
                           width);
}

/* Returns a model of the same layers without weights, with hidden layers of a width. */
static snug_model *resize(const snug_model *model, size_t width) {
    snug_model *resized = snug_model_new(model->inputs);
    if (resized != NULL && append_resized(model, width, resized) != SNUG_OK) {
        snug_model_free(resized);
        return NULL;
    }
    return resized;
}

/* ---- training -------------------------------------------------------------------------------- */

/* A snug_callback_fn: keeps the sizes of a step, and stops after the last one. */
static bool collect(const snug_progress *progress, void *user) {
    const snug_coordinates *c = user;
    if (progress->inspection == NULL) {
        return true;
    }
    for (size_t i = 0; i < c->layer_count && progress->step <= c->steps; i++) {
        c->sizes[progress->step * c->layer_count + i] =
            snug_inspection_layer(progress->inspection, i)->mean_absolute;
    }
    return progress->step < c->steps;
}

/* Allocates the result, and sets all that is known before training. */
static snug_status start(snug_coordinates *result, const snug_model *resized, size_t width,
                         size_t steps) {
    size_t layers = resized->plan->count, count = 0;
    if (!snug_add(steps, 1, &count) || !snug_multiply(count, layers, &count)) {
        return snug_fail_memory(SIZE_MAX);
    }
    *result = (snug_coordinates){.width = width, .steps = steps, .layer_count = layers};
    result->layers = snug_alloc(layers, sizeof *result->layers);
    result->sizes = snug_alloc(count, sizeof *result->sizes);
    if (result->layers == NULL || result->sizes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < layers; i++) {
        (void)snug_model_layer(resized, i, &result->layers[i]);
    }
    for (size_t i = 0; i < count; i++) {
        result->sizes[i] = (double)NAN;
    }
    return SNUG_OK;
}

static void free_handles(const snug_fit_options *options) {
    snug_loss_free(options->loss);
    snug_optimizer_free(options->optimizer);
    snug_schedule_free(options->schedule);
    snug_schedule_free(options->weight_decay_schedule);
}

/* Trains for the steps; an epoch has at least one. */
static snug_status train(snug_model *resized, const snug_dataset *data,
                         const snug_fit_options *options, snug_coordinates *result) {
    snug_fit_options fit = *options;
    fit.callback = collect;
    fit.user = result;
    fit.early_stopping = (snug_early_stopping){0};
    fit.calibration = fit.threshold_metric = NULL;
    fit.inspect = (snug_inspect_steps){
        .every = 1, .rows = options->inspect.rows, .before_first = true, .no_gradients = true};
    snug_status status = snug_fit_options_complete(&fit);
    if (status != SNUG_OK) {
        free_handles(options);
        return status;
    }
    fit.epochs = fit.epochs < result->steps ? result->steps : fit.epochs;
    status = snug_fit(resized, data, &fit, NULL);
    return status == SNUG_STOPPED ? SNUG_OK : status;
}

snug_status snug_coordinate_check(const snug_model *model, const snug_dataset *data,
                                  const snug_fit_options *options, size_t width, size_t steps,
                                  snug_coordinates *result) {
    const snug_fit_options defaults = {0};
    snug_model *resized = NULL;
    options = options != NULL ? options : &defaults;
    if (result == NULL) {
        free_handles(options);
        return snug_fail_null("the result");
    }
    *result = (snug_coordinates){0};
    snug_status status = snug_model_check_layers(model);
    if (status == SNUG_OK && snug_units_name(width) != NULL) {
        status =
            snug_fail(SNUG_ERROR_ARGUMENT, "width: must be a number of units (got %zu)", width);
    }
    if (status == SNUG_OK) {
        resized = resize(model, width);
        status = resized != NULL ? start(result, resized, width, steps) : snug_error_status();
    }
    if (status == SNUG_OK) {
        status = train(resized, data, options, result);
    } else {
        free_handles(options);
    }
    snug_model_free(resized);
    if (status != SNUG_OK) {
        snug_coordinates_clear(result);
    }
    return status;
}

void snug_coordinates_clear(snug_coordinates *coordinates) {
    if (coordinates != NULL) {
        snug_release(coordinates->layers);
        snug_release(coordinates->sizes);
        *coordinates = (snug_coordinates){0};
    }
}
