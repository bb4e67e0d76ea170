#include "train/batches.h"

#include "core/memory.h"
#include "core/status.h"
#include "train/metrics.h"

snug_status snug_batches_start(snug_batches *batches, const snug_model *model,
                               const snug_dataset *data, size_t size) {
    size_t x_floats = 0, value_floats = 0;
    *batches = (snug_batches){.data = data, .size = size};
    batches->scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    if (!snug_multiply(size, model->inputs, &x_floats) ||
        !snug_multiply(size, snug_dataset_outputs(data), &value_floats))
        return snug_fail_memory(SIZE_MAX);
    batches->x = snug_alloc(x_floats, sizeof(float));
    batches->values = snug_alloc(value_floats, sizeof(float));
    batches->classes = snug_alloc(size, sizeof(int32_t));
    batches->weights = snug_alloc(size, sizeof(float));
    if (batches->x == NULL || batches->values == NULL || batches->classes == NULL ||
        batches->weights == NULL)
        return snug_error_status();
    batches->targets.classes = snug_dataset_classes(data) > 0 ? batches->classes : NULL;
    batches->targets.values = snug_dataset_outputs(data) > 0 ? batches->values : NULL;
    batches->targets.weights = snug_dataset_weighted(data) ? batches->weights : NULL;
    return SNUG_OK;
}

void snug_batches_clear(snug_batches *batches) {
    snug_release(batches->x);
    snug_release(batches->values);
    snug_release(batches->classes);
    snug_release(batches->weights);
    *batches = (snug_batches){0};
}

snug_status snug_batches_gather(snug_batches *batches, const size_t *order, size_t first) {
    size_t left = batches->data->count - first;
    size_t rows = left < batches->size ? left : batches->size;
    snug_dataset_gather_targets(batches->data, order, first, rows, batches->classes,
                                batches->values);
    snug_dataset_gather_weights(batches->data, order, first, rows, batches->weights);
    batches->rows = rows;
    return snug_dataset_gather(batches->data, batches->scaler, order, first, rows, batches->x);
}

static snug_status check_targets(const snug_model *model, const snug_dataset *data,
                                 const char *what) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)model->loss->kind;
    size_t classes = snug_dataset_classes(data), values = snug_dataset_outputs(data);
    size_t outputs = model->plan->outputs;
    if (classes == 0 && values == 0)
        return snug_fail(SNUG_ERROR_DATA, "%s: has no targets", what);
    if (classes > 0 && !(kind->targets & SNUG_TARGET_CLASSES))
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: its targets are classes where the loss %s needs values", what,
                         kind->base.name);
    if (values > 0 && !(kind->targets & SNUG_TARGET_VALUES))
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: its targets are values where the loss %s needs classes", what,
                         kind->base.name);
    if (values > 0 && values != outputs)
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has %zu target values a row where the model has %zu outputs", what,
                         values, outputs);
    if (classes > snug_loss_classes(model->loss, outputs))
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has %zu classes where the model's last layer has %zu "
                         "outputs, which stand for %zu",
                         what, classes, outputs, snug_loss_classes(model->loss, outputs));
    for (size_t i = 0; values > 0 && i < data->count; ++i)
        if (snug_values_check(model->loss, i, outputs, snug_dataset_values(data, i)) != SNUG_OK)
            return snug_fail_in("%s", what);
    return SNUG_OK;
}

snug_status snug_weights_check(const snug_dataset *data, const char *what) {
    for (size_t i = 0; i < snug_dataset_rows(data); ++i)
        if (snug_dataset_weight(data, i) > 0)
            return SNUG_OK;
    return snug_fail(SNUG_ERROR_DATA, "%s: every row weighs 0", what);
}

snug_status snug_data_check(const snug_model *model, const snug_dataset *data, const char *what) {
    if (data == NULL)
        return snug_fail_null(what);
    if (model->loss == NULL)
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the model has no loss to be judged by: see snug_model_set_loss()");
    if (snug_dataset_rows(data) == 0)
        return snug_fail(SNUG_ERROR_DATA, "%s: has no rows", what);
    if (snug_dataset_columns(data) != model->inputs)
        return snug_fail(SNUG_ERROR_DATA, "%s: has %zu features where the model has %zu inputs",
                         what, snug_dataset_columns(data), model->inputs);
    if (snug_weights_check(data, what) != SNUG_OK)
        return snug_error_status();
    return check_targets(model, data, what);
}
