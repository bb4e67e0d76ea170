/* Building a model, and looking at it. */
#include <string.h>

#include "core/handles.h"
#include "core/memory.h"
#include "core/status.h"
#include "model/loss.h"
#include "model/model.h"

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
    cJSON_Delete(model->metadata);
    snug_object_free(model->loss);
    snug_release(model->first_error);
    snug_release(model);
}

/* Keeps an error, which is the thread's, as the model's first; returns that one. */
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

/* Room for one more layer, at least twice as much as there was. */
static snug_status reserve_layer(snug_model *model) {
    size_t capacity = 2 * model->layer_capacity + 8;
    snug_object **items;
    if (model->layers.count < model->layer_capacity) {
        return SNUG_OK;
    }
    items = snug_resize(model->layers.items, capacity, sizeof *items);
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

snug_status snug_model_add(snug_model *model, snug_layer *layer) {
    snug_handle *handle = (snug_handle *)layer;
    snug_object *object;
    if (model == NULL || model->first_status != SNUG_OK) {
        snug_handle_free(handle, SNUG_GROUP_LAYER);
        return model != NULL ? first_error(model)
                             : snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    snug_status status = snug_handle_take_object(handle, SNUG_GROUP_LAYER, "the layer", &object);
    return status == SNUG_OK ? snug_model_append(model, object) : keep_error(model, status);
}

snug_status snug_model_check_layers(const snug_model *model) {
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
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

size_t snug_model_input_count(const snug_model *model) {
    return model->inputs;
}

size_t snug_model_output_count(const snug_model *model) {
    return model->plan->outputs;
}

size_t snug_model_parameter_count(const snug_model *model) {
    return model->plan->trainable;
}

size_t snug_model_layer_count(const snug_model *model) {
    return model->plan->count;
}

/* Trainable entries of a node and of its block. */
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
    const snug_plan_node *node;
    const snug_object *function;
    if (index >= model->plan->count) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no layer %zu: the model has %zu", index,
                         model->plan->count);
    }
    node = &model->plan->nodes[index];
    function = snug_layer_activation(node->object);
    *info = (snug_layer_info){
        .type = function != NULL ? function->kind->name : node->kind->base.name,
        .inputs = node->shape.inputs,
        .outputs = node->shape.outputs,
        .parameters = count_parameters(node),
    };
    return SNUG_OK;
}

size_t snug_model_tensor_count(const snug_model *model) {
    return model->plan->slot_count;
}

/* How many of the first i slots are trainable, or are state. */
static size_t slots_before(const snug_plan *plan, size_t i, bool state) {
    size_t trainable =
        i < plan->slot_count ? plan->slots[i].trainable_before : plan->trainable_slots;
    return state ? i - trainable : trainable;
}

/* The index-th slot when trainable tensors come first, by bisection. */
static const snug_tensor_slot *slot_at(const snug_plan *plan, size_t index) {
    bool state = index >= plan->trainable_slots;
    size_t low = 0, high = plan->slot_count;
    if (index >= plan->slot_count) {
        return NULL;
    }
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
    const snug_tensor_slot *slot = slot_at(model->plan, index);
    snug_status status = model->parameters != NULL ? SNUG_OK : snug_model_init(model, 0);
    if (status != SNUG_OK) {
        return status;
    }
    if (slot == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no tensor %zu: the model has %zu", index,
                         model->plan->slot_count);
    }
    *info = (snug_tensor_info){
        .name = slot->name,
        .rows = slot->rows,
        .columns = slot->tensor->columns,
        .values = (slot->tensor->state ? model->state : model->parameters) + slot->offset,
        .offset = slot->offset,
        .state = slot->tensor->state,
    };
    return SNUG_OK;
}

const snug_preprocessing *snug_model_preprocessing(const snug_model *model) {
    return model->preprocessing;
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

size_t snug_model_classes(const snug_model *model) {
    return snug_loss_classes(model->loss, model->plan->outputs);
}

snug_status snug_model_check_names(const snug_model *model) {
    const snug_table_schema *table =
        model->preprocessing != NULL ? model->preprocessing->table : NULL;
    size_t outputs = model->plan->outputs;
    if (table != NULL && table->classes.count > 0 &&
        table->classes.count != snug_model_classes(model)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "preprocessing.classes: has %zu names where the model's %zu outputs stand "
                         "for %zu classes",
                         table->classes.count, outputs, snug_model_classes(model));
    }
    if (table != NULL && table->targets.count > 0 && table->targets.count != outputs) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "preprocessing.targets: has %zu names where the model has %zu outputs",
                         table->targets.count, outputs);
    }
    return SNUG_OK;
}

static const char *name_at(const snug_strings *names, size_t i) {
    return i < names->count ? names->items[i] : NULL;
}

const char *snug_model_class_name(const snug_model *model, size_t i) {
    return model->preprocessing != NULL ? name_at(&model->preprocessing->table->classes, i) : NULL;
}

const char *snug_model_target_name(const snug_model *model, size_t i) {
    return model->preprocessing != NULL ? name_at(&model->preprocessing->table->targets, i) : NULL;
}

snug_task snug_model_task(const snug_model *model) {
    const snug_table_schema *table =
        model->preprocessing != NULL ? model->preprocessing->table : NULL;
    unsigned targets = 0;
    if (table != NULL && table->classes.count > 0) {
        return SNUG_TASK_CLASSIFICATION;
    }
    if (table != NULL && table->targets.count > 0) {
        return SNUG_TASK_REGRESSION;
    }
    if (model->loss != NULL) {
        targets = ((const snug_loss_kind *)(const void *)model->loss->kind)->targets;
    }
    return targets == SNUG_TARGET_CLASSES  ? SNUG_TASK_CLASSIFICATION
           : targets == SNUG_TARGET_VALUES ? SNUG_TASK_REGRESSION
                                           : SNUG_TASK_AUTO;
}

const snug_activation_kind *snug_model_output(const snug_model *model) {
    const char *name = "identity";
    if (model->loss != NULL) {
        const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)model->loss->kind;
        bool single = model->plan->outputs == 1 && kind->single_output != NULL;
        name = single ? kind->single_output : kind->output;
    }
    return (const snug_activation_kind *)(const void *)snug_kind_find(SNUG_GROUP_ACTIVATION, name);
}

snug_status snug_model_replace_loss(snug_model *model, snug_object *loss) {
    if (loss == NULL) {
        return snug_error_status();
    }
    snug_object_free(model->loss);
    model->loss = loss;
    return SNUG_OK;
}

snug_status snug_model_set_loss(snug_model *model, snug_loss *loss) {
    snug_handle *handle = (snug_handle *)loss;
    snug_object *object;
    if (model == NULL) {
        snug_handle_free(handle, SNUG_GROUP_LOSS);
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    snug_status status = snug_handle_take_object(handle, SNUG_GROUP_LOSS, "the loss", &object);
    return status == SNUG_OK ? snug_model_replace_loss(model, object) : status;
}

/* The layers, weights and loss of `model` into an empty one. */
static snug_status copy_into(snug_model *copy, const snug_model *model) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < model->layers.count && status == SNUG_OK; i++) {
        status = snug_model_append(copy, snug_object_copy(model->layers.items[i]));
    }
    if (status == SNUG_OK && model->parameters != NULL) {
        status = snug_model_allocate(copy);
        if (status != SNUG_OK) {
            return status;
        }
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): just allocated */
        memcpy(copy->parameters, model->parameters, model->plan->parameters * sizeof(float));
        memcpy(copy->state, model->state, model->plan->state * sizeof(float));
    }
    if (status == SNUG_OK && model->loss != NULL) {
        status = snug_model_replace_loss(copy, snug_object_copy(model->loss));
    }
    if (status == SNUG_OK && model->preprocessing != NULL) {
        status = snug_model_set_preprocessing(copy, snug_preprocessing_copy(model->preprocessing));
    }
    if (status == SNUG_OK && model->metadata != NULL) {
        copy->metadata = cJSON_Duplicate(model->metadata, true);
        if (copy->metadata == NULL) {
            status = snug_fail_memory(sizeof(cJSON));
        }
    }
    return status;
}

snug_model *snug_model_copy(const snug_model *model) {
    snug_model *copy = snug_model_new(model->inputs);
    if (copy != NULL && copy_into(copy, model) == SNUG_OK) {
        return copy;
    }
    snug_model_free(copy);
    return NULL;
}

/* Returns what the output function makes of a single output of 0, which is between two classes. */
static float middle_of(const snug_model *model) {
    const snug_activation_kind *output = snug_model_output(model);
    float zero = 0.0F, middle = 0.0F;
    if (output != NULL) {
        output->forward(NULL, 1, 1, &zero, &middle);
    }
    return middle;
}

size_t snug_model_predicted_class(const snug_model *model, const float *prediction) {
    size_t outputs = model->plan->outputs, classes = snug_model_classes(model);
    if (outputs > 1) {
        return snug_predicted_class(classes, outputs, prediction);
    }
    float logit = prediction[0] > middle_of(model) ? 1.0F : -1.0F;
    return snug_predicted_class(classes, 1, &logit);
}
