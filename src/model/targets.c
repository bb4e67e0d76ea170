#include "core/status.h"
#include "kinds/handles.h"
#include "model/loss.h"
#include "model/targets.h"
#include "schema/table_schema.h"

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
    if (model->member_count > 0) {
        snug_handle_free(handle, SNUG_GROUP_LOSS);
        return snug_model_check_layers(model);
    }
    snug_status status = snug_handle_take_object(handle, SNUG_GROUP_LOSS, "the loss", &object);
    return status == SNUG_OK ? snug_model_replace_loss(model, object) : status;
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

const snug_target_scaler *snug_model_target_scaler(const snug_model *model) {
    if (model->preprocessing == NULL || model->loss == NULL) {
        return NULL;
    }
    const snug_target_scaler *scaler = model->preprocessing->target_scaler;
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)model->loss->kind;
    /* A layer that was added after fitting changes the number of outputs. */
    bool applies = scaler != NULL && kind->magnitude != NULL;
    return applies && scaler->outputs == model->plan->outputs ? scaler : NULL;
}

size_t snug_model_output_classes(const snug_model *model) {
    return snug_loss_classes(model->loss, model->plan->outputs);
}

const snug_postprocessing *snug_model_clipping(const snug_model *model) {
    const snug_postprocessing *own = model->postprocessing;
    bool clips = own != NULL && own->min != NULL;
    return clips && model->plan->outputs % own->targets == 0 ? own : NULL;
}

bool snug_model_has_logits(const snug_model *model) {
    return model->loss != NULL &&
           ((const snug_loss_kind *)(const void *)model->loss->kind)->logits &&
           snug_model_task(model) != SNUG_TASK_REGRESSION;
}

float snug_model_sharpness(const snug_model *model) {
    const snug_postprocessing *own = model->postprocessing;
    bool has = own != NULL && own->temperature > 0 && snug_model_has_logits(model);
    return has ? (float)(1 / own->temperature) : 1.0F;
}

snug_decision snug_model_decision(const snug_model *model) {
    size_t outputs = model->plan->outputs, classes = snug_loss_classes(model->loss, outputs);
    bool two = classes == 2 && model->postprocessing != NULL && snug_model_has_logits(model);
    return (snug_decision){.classes = classes,
                           .outputs = outputs,
                           .margin = two ? snug_postprocessing_margin(model->postprocessing) : 0};
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
    if (model == NULL || prediction == NULL) {
        return 0;
    }
    snug_decision by = snug_model_decision(model);
    if (by.margin != 0) {
        return (double)prediction[by.outputs - 1] > model->postprocessing->threshold ? 1 : 0;
    }
    if (by.outputs > 1) {
        return snug_predicted_class(&by, prediction);
    }
    float logit = prediction[0] > middle_of(model) ? 1.0F : -1.0F;
    return snug_predicted_class(&by, &logit);
}

size_t snug_model_class_count(const snug_model *model) {
    return model != NULL && model->preprocessing != NULL
               ? model->preprocessing->table->classes.count
               : 0;
}

snug_task snug_model_task(const snug_model *model) {
    if (model == NULL) {
        return SNUG_TASK_AUTO;
    }
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

/* Returns name i, or NULL past the last. */
static const char *name_at(const snug_strings *names, size_t i) {
    return i < names->count ? names->items[i] : NULL;
}

const char *snug_model_class_name(const snug_model *model, size_t i) {
    return i < snug_model_class_count(model) ? model->preprocessing->table->classes.items[i] : NULL;
}

const char *snug_model_target_name(const snug_model *model, size_t i) {
    return model != NULL && model->preprocessing != NULL
               ? name_at(&model->preprocessing->table->targets, i)
               : NULL;
}

static snug_status check_postprocessing(const snug_model *model) {
    const snug_postprocessing *own = model->postprocessing;
    if (own == NULL) {
        return SNUG_OK;
    }
    if (own->min != NULL && snug_model_clipping(model) == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "postprocessing.min: has %zu numbers where the model has %zu outputs",
                         own->targets, model->plan->outputs);
    }
    if ((own->temperature > 0 || own->threshold > 0) && !snug_model_has_logits(model)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "postprocessing: a temperature and a threshold are for classes under a "
                         "loss of probabilities");
    }
    if (own->threshold > 0 && snug_model_output_classes(model) != 2) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "postprocessing.threshold: is for two classes, and the model has %zu",
                         snug_model_output_classes(model));
    }
    return SNUG_OK;
}

snug_status snug_model_check_names(const snug_model *model) {
    const snug_table_schema *table =
        model->preprocessing != NULL ? model->preprocessing->table : NULL;
    size_t outputs = model->plan->outputs;
    if (table != NULL && table->classes.count > 0 &&
        table->classes.count != snug_model_output_classes(model)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "preprocessing.classes: has %zu names where the model's %zu outputs are "
                         "%zu classes",
                         table->classes.count, outputs, snug_model_output_classes(model));
    }
    size_t quantiles = snug_loss_quantiles(model->loss, NULL);
    if (table != NULL && table->targets.count > 0 && table->targets.count * quantiles != outputs) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "preprocessing.targets: has %zu names where the model has %zu outputs",
                         table->targets.count, outputs);
    }
    const snug_target_scaler *scaler = table != NULL ? model->preprocessing->target_scaler : NULL;
    if (scaler != NULL && scaler->outputs != outputs) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "preprocessing.target_scaling: has %zu numbers where the model has %zu "
                         "outputs",
                         scaler->outputs, outputs);
    }
    return check_postprocessing(model);
}
