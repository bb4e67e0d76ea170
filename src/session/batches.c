#include "core/memory.h"
#include "core/status.h"
#include "session/batches.h"

snug_status snug_batches_start(snug_batches *batches, const snug_model *model,
                               const snug_dataset *data, size_t size) {
    size_t x_floats = 0, value_floats = 0;
    *batches = (snug_batches){.data = data, .size = size};
    batches->scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    if (!snug_multiply(size, model->inputs, &x_floats) ||
        !snug_multiply(size, snug_dataset_output_count(data), &value_floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    batches->x = snug_alloc(x_floats, sizeof(float));
    batches->values = snug_alloc(value_floats, sizeof(float));
    batches->classes = snug_alloc(size, sizeof(int32_t));
    batches->weights = snug_alloc(size, sizeof(float));
    if (batches->x == NULL || batches->values == NULL || batches->classes == NULL ||
        batches->weights == NULL) {
        return snug_error_status();
    }
    batches->targets.classes = snug_dataset_class_count(data) > 0 ? batches->classes : NULL;
    batches->targets.values = snug_dataset_output_count(data) > 0 ? batches->values : NULL;
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
    float *x = b->x + first * snug_dataset_column_count(b->data);
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
    if (from_file && gather(b, 0, b->rows) != SNUG_OK) {
        return snug_error_status();
    }
    *outputs = snug_session_run_filled(session, b->x, b->rows, number, from_file ? NULL : fill, b);
    return SNUG_OK;
}

snug_status snug_skip_zero_weights(snug_dataset **data) {
    snug_dataset *selected = snug_dataset_weighted_rows(*data);
    if (selected == NULL) {
        return snug_error_status();
    }
    snug_dataset_free(*data);
    *data = selected;
    return SNUG_OK;
}
