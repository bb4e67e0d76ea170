#include "core/memory.h"
#include "core/status.h"
#include "data/gather.h"
#include "model/loss.h"
#include "session/batches.h"
#include "session/forward.h"

snug_status snug_batches_start(snug_batches *batches, const snug_model *model,
                               const snug_dataset *data, size_t size) {
    size_t x_floats = 0, value_floats = 0;
    *batches = (snug_batches){.data = data, .size = size};
    batches->scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    batches->quantiles = snug_loss_quantiles(model->loss, NULL);
    if (!snug_multiply(size, model->inputs, &x_floats) ||
        !snug_multiply(size, snug_dataset_output_count(data), &value_floats) ||
        !snug_multiply(value_floats, batches->quantiles, &value_floats)) {
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

/* Selects a batch and gathers its targets, which are always in memory. */
static void begin_batch(snug_batches *b, const size_t *order, size_t first) {
    size_t left = b->data->count - first;
    b->order = order;
    b->first = first;
    b->rows = left < b->size ? left : b->size;
    snug_dataset_gather_targets(b->data, order, first, b->rows, b->classes, b->values);
    snug_repeat_values(b->rows * snug_dataset_output_count(b->data), b->quantiles, b->values);
    snug_dataset_gather_weights(b->data, order, first, b->rows, b->weights);
}

/* Gathers the features of rows first .. first + count - 1 of the batch. */
static snug_status gather_features(const snug_batches *b, size_t first, size_t count) {
    float *x = b->x + first * snug_dataset_column_count(b->data);
    return snug_dataset_gather(b->data, b->scaler, b->order, b->first + first, count, x);
}

snug_status snug_batches_gather(snug_batches *batches, const size_t *order, size_t first) {
    begin_batch(batches, order, first);
    return gather_features(batches, 0, batches->rows);
}

/* A snug_gather_rows_fn, for rows in memory: gathering them cannot fail. */
static void gather_rows(void *user, size_t first, size_t count) {
    (void)gather_features(user, first, count);
}

/* Runs the batch through each member of an ensemble, by its own scaling, and makes the mean. */
static snug_status run_members(snug_batches *batches, snug_session *session, const size_t *order,
                               size_t first, uint64_t batch_number) {
    snug_ensemble_session *e = session->ensemble;
    begin_batch(batches, order, first);
    snug_ensemble_begin(e, batches->rows);
    for (size_t i = 0; i < e->count; i++) {
        const snug_preprocessing *own = e->members[i]->model->preprocessing;
        snug_batches of_member = *batches;
        of_member.scaler = own != NULL ? own->scaler : NULL;
        if (snug_batches_run(&of_member, e->members[i], order, first, batch_number) != SNUG_OK) {
            return snug_error_status();
        }
        const snug_row_range all = {0, batches->rows};
        snug_session_predictions(e->members[i], all, e->predictions);
        snug_ensemble_add(e, batches->rows);
    }
    snug_ensemble_end(e, batches->rows, session->output);
    session->last = (snug_last_pass){.rows = batches->rows, .outputs = e->outputs};
    return SNUG_OK;
}

/*
 * Rows in memory are gathered by the threads of the session, each its own rows. Those in a file are
 * gathered before, in one piece: neighbours are read at once, and reading can fail.
 */
snug_status snug_batches_run(snug_batches *batches, snug_session *session, const size_t *order,
                             size_t first, uint64_t batch_number) {
    bool from_file = batches->data->storage->file != NULL;
    if (session->ensemble != NULL) {
        return run_members(batches, session, order, first, batch_number);
    }
    begin_batch(batches, order, first);
    if (from_file && gather_features(batches, 0, batches->rows) != SNUG_OK) {
        return snug_error_status();
    }
    snug_session_forward_gathered(session, batches->x, batches->rows, batch_number,
                                  from_file ? NULL : gather_rows, batches);
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
