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

static snug_status gather(const snug_batches *b, size_t first, size_t n) {
    float *x = b->x + first * snug_dataset_columns(b->data);
    return snug_dataset_gather(b->data, b->scaler, b->order, b->first + first, n, x);
}

/* snug_fill: of rows in memory, which cannot fail. */
static void fill(void *user, size_t first, size_t n) {
    gather(user, first, n);
}

snug_status snug_batches_run(snug_batches *b, snug_session *session, const size_t *order,
                             size_t first, uint64_t number, const float **outputs) {
    const bool from_file = b->data->storage->file != NULL;
    size_t left = b->data->count - first;
    b->order = order;
    b->first = first;
    b->rows = left < b->size ? left : b->size;
    snug_dataset_gather_targets(b->data, order, first, b->rows, b->classes, b->values);
    snug_dataset_gather_weights(b->data, order, first, b->rows, b->weights);
    if (from_file && gather(b, 0, b->rows) != SNUG_OK)
        return snug_error_status();
    *outputs = snug_session_run_filled(session, b->x, b->rows, number, from_file ? NULL : fill, b);
    return SNUG_OK;
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

snug_status snug_leave_out_weightless(snug_dataset **data) {
    size_t rows = snug_dataset_rows(*data), count = 0;
    size_t *kept = snug_dataset_weighted(*data) ? snug_alloc(rows, sizeof *kept) : NULL;
    snug_dataset *selected;
    if (kept == NULL)
        return snug_dataset_weighted(*data) ? snug_error_status() : SNUG_OK;
    for (size_t i = 0; i < rows; ++i)
        if (snug_dataset_weight(*data, i) > 0)
            kept[count++] = i;
    selected = count < rows ? snug_dataset_select(*data, kept, count) : snug_dataset_share(*data);
    snug_release(kept);
    if (selected == NULL)
        return snug_error_status();
    snug_dataset_free(*data);
    *data = selected;
    return SNUG_OK;
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
