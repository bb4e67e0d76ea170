/* Looking at a model: its sizes, its layers and its tensors. */
#include <stdio.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_print.h"
#include "model/model.h"
#include "model/targets.h"
#include "plan/layer_parts.h"

size_t snug_model_input_count(const snug_model *model) {
    return model != NULL ? model->inputs : 0;
}

size_t snug_model_output_count(const snug_model *model) {
    return model != NULL ? model->plan->outputs : 0;
}

size_t snug_model_parameter_count(const snug_model *model) {
    return model != NULL ? model->plan->trainable : 0;
}

size_t snug_model_layer_count(const snug_model *model) {
    return model != NULL ? model->plan->count : 0;
}

/* Returns the number of trainable entries of a node and of its block. */
static size_t count_parameters(const snug_plan_node *node) {
    size_t sum = 0;
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor *t = &node->shape.tensors[k];
        sum += t->state ? 0 : (t->rows > 0 ? t->rows : 1) * t->columns;
    }
    for (size_t i = 0; i < node->block_count; i++) {
        sum += count_parameters(&node->block[i]);
    }
    return sum;
}

snug_status snug_model_layer(const snug_model *model, size_t index, snug_layer_info *info) {
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    if (info == NULL) {
        return snug_fail_null("the info");
    }
    if (model->member_count > 0) {
        return snug_model_check_layers(model);
    }
    if (index >= model->plan->count) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no layer %zu: the model has %zu", index,
                         model->plan->count);
    }
    const snug_plan_node *node = &model->plan->nodes[index];
    const snug_object *function = snug_layer_activation(node->object);
    *info = (snug_layer_info){
        .type = function != NULL ? function->kind->name : node->kind->base.name,
        .inputs = node->shape.inputs,
        .outputs = node->shape.outputs,
        .members = node->shape.output_members,
        .parameters = count_parameters(node),
    };
    return SNUG_OK;
}

/* ---- postprocessing -------------------------------------------------------------------------- */

char *snug_model_prediction_name(const snug_model *model, size_t column) {
    const double *shares = NULL;
    if (column >= snug_model_output_count(model)) {
        return NULL;
    }
    size_t quantiles = snug_loss_quantiles(model->loss, &shares), target = column / quantiles;
    const char *known = snug_model_target_name(model, target);
    char number[SNUG_NUMBER_LENGTH] = "", share[SNUG_NUMBER_LENGTH] = "";
    if (known == NULL) {
        snprintf(number, sizeof number, "y%zu", target + 1);
    }
    if (quantiles > 1) {
        snug_number_format(shares[column % quantiles], share);
    }
    return snug_format("%s%s%s", known != NULL ? known : number, quantiles > 1 ? "_q" : "", share);
}

bool snug_model_prediction_range(const snug_model *model, size_t target, double *min, double *max) {
    const snug_postprocessing *clipping = model != NULL ? snug_model_clipping(model) : NULL;
    if (clipping == NULL || target >= clipping->targets || min == NULL || max == NULL) {
        return false;
    }
    *min = clipping->min[target];
    *max = clipping->max[target];
    return true;
}

double snug_model_temperature(const snug_model *model) {
    const snug_postprocessing *own = model != NULL ? model->postprocessing : NULL;
    return own != NULL && own->temperature > 0 ? own->temperature : 1;
}

double snug_model_threshold(const snug_model *model) {
    const snug_postprocessing *own = model != NULL ? model->postprocessing : NULL;
    return own != NULL && own->threshold > 0 ? own->threshold : 0.5;
}

/* ---- tensors --------------------------------------------------------------------------------- */

size_t snug_model_tensor_count(const snug_model *model) {
    return model != NULL ? model->plan->slot_count : 0;
}

/* Returns how many of the first i slots are trainable or, if `state`, are state. */
static size_t slots_before(const snug_plan *plan, size_t i, bool state) {
    size_t trainable =
        i < plan->slot_count ? plan->slots[i].trainable_before : plan->trainable_slots;
    return state ? i - trainable : trainable;
}

/*
 * Returns the slot of a number that counts the trainable tensors first and then those of state;
 * NULL where there are not as many. A bisection, as callers go through all tensors of a model.
 */
static const snug_tensor_slot *slot_at(const snug_plan *plan, size_t index) {
    if (index >= plan->slot_count) {
        return NULL;
    }
    bool state = index >= plan->trainable_slots;
    size_t low = 0, high = plan->slot_count;
    index -= state ? plan->trainable_slots : 0;
    while (high - low > 1) { /* of the first `low` slots at most `index` are of the kind */
        size_t middle = low + (high - low) / 2;
        if (slots_before(plan, middle, state) <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &plan->slots[low];
}

snug_status snug_model_tensor(snug_model *model, size_t index, snug_tensor_info *info) {
    snug_status status = snug_model_check(model);
    if (status != SNUG_OK) {
        return status;
    }
    if (info == NULL) {
        return snug_fail_null("the info");
    }
    const snug_tensor_slot *slot = slot_at(model->plan, index);
    if (slot == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no tensor %zu: the model has %zu", index,
                         model->plan->slot_count);
    }
    float *vector = slot->tensor->state ? model->state : model->parameters;
    *info = (snug_tensor_info){
        .name = slot->name,
        .rows = slot->rows,
        .columns = slot->tensor->columns,
        .values = vector + slot->offset,
        .offset = slot->offset,
        .state = slot->tensor->state,
    };
    return SNUG_OK;
}
