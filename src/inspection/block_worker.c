#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "cpu/cpu.h"
#include "inspection/block_worker.h"
#include "inspection/saturation.h"
#include "session/backward.h"
#include "session/forward.h"

/* ---- sums ------------------------------------------------------------------------------------ */

snug_status snug_block_sums_start(snug_block_sums *sums, size_t layers) {
    *sums = (snug_block_sums){.layers = snug_alloc(layers, sizeof *sums->layers)};
    return sums->layers != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_block_sums_reset(snug_block_sums *sums, size_t layers) {
    sums->inputs = (snug_sample_moments){0};
    memset(sums->layers, 0, layers * sizeof *sums->layers);
}

void snug_block_sums_add(snug_block_sums *to, const snug_block_sums *more, size_t layers) {
    snug_moments_add(&to->inputs, &more->inputs);
    for (size_t i = 0; i < layers; i++) {
        snug_moments_add(&to->layers[i].outputs, &more->layers[i].outputs);
        snug_moments_add(&to->layers[i].gradients, &more->layers[i].gradients);
        to->layers[i].saturated += more->layers[i].saturated;
    }
}

/* ---- start and end --------------------------------------------------------------------------- */

/* Lets the session write the state of its layers, and of those in blocks, to a copy. */
static void redirect_state(const snug_model *model, snug_layer_instance *layers, size_t count,
                           float *state) {
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < layers[i].node->shape.tensor_count; k++) {
            const snug_tensor_slot *slot = &model->plan->slots[layers[i].node->first_tensor + k];
            if (slot->tensor->state) {
                layers[i].state[k] = state + slot->offset;
            }
        }
        redirect_state(model, layers[i].block, layers[i].node->block_count, state);
    }
}

static snug_status make_training_session(snug_block_worker *worker) {
    const snug_inspection_task *task = worker->task;
    const snug_model *model = task->model;
    worker->training = snug_session_new_with(model, SNUG_INSPECTION_BLOCK, true, task->seed, 1);
    worker->state = worker->training != NULL ? snug_alloc(model->plan->state, sizeof(float)) : NULL;
    if (worker->state == NULL) {
        return snug_error_status();
    }
    redirect_state(model, worker->training->layers, model->plan->count, worker->state);
    return SNUG_OK;
}

snug_status snug_block_worker_start(snug_block_worker *worker, const snug_inspection_task *task) {
    *worker = (snug_block_worker){.task = task};
    snug_status status = snug_block_sums_start(&worker->sums, task->model->plan->count);
    if (status == SNUG_OK) {
        status = snug_batches_start(&worker->batch, task->model, task->data, SNUG_INSPECTION_BLOCK);
    }
    if (status == SNUG_OK && !task->training) {
        worker->predicting = snug_session_new_with(task->model, SNUG_INSPECTION_BLOCK, false, 0, 1);
        status = worker->predicting != NULL ? SNUG_OK : snug_error_status();
    }
    if (status == SNUG_OK && (task->training || task->loss != NULL)) {
        status = make_training_session(worker);
    }
    return status;
}

void snug_block_worker_clear(snug_block_worker *worker) {
    snug_session_free(worker->predicting);
    snug_session_free(worker->training);
    snug_release(worker->state);
    snug_batches_clear(&worker->batch);
    snug_release(worker->sums.layers);
}

/* ---- a block --------------------------------------------------------------------------------- */

/* The batch ends with the data or its own size, and the rows that are inspected may end before. */
snug_status snug_block_worker_gather(snug_block_worker *worker, const size_t *order, size_t first,
                                     size_t end) {
    if (first >= end) {
        worker->batch.rows = 0;
        return SNUG_OK;
    }
    snug_status status = snug_batches_gather(&worker->batch, order, first);
    if (worker->batch.rows > end - first) {
        worker->batch.rows = end - first;
    }
    return status;
}

/* Counts the saturated outputs of a layer by its n inputs, before a layer in place changes them. */
static void observe_inputs(snug_block_worker *worker, size_t layer, size_t n, const float *x) {
    const snug_inspection_task *task = worker->task;
    if (layer < task->model->plan->count && !isnan(task->slopes[layer])) {
        worker->sums.layers[layer].saturated += (double)snug_count_saturated(
            task->model->plan->nodes[layer].object, task->slopes[layer], n, x);
    }
}

/* A snug_observer. */
static void observe_outputs(void *user, size_t layer, size_t rows, size_t columns, const float *y) {
    snug_block_worker *worker = user;
    worker->sums.layers[layer].outputs = snug_moments_of(rows * columns, y);
    observe_inputs(worker, layer + 1, rows * columns, y);
}

/*
 * A snug_gradient_observer. The loss is the mean of a block's rows: times their weight, gradients
 * are those of each row's loss, whatever the number of rows.
 */
static void observe_gradients(void *user, size_t layer, size_t rows, size_t columns,
                              const float *dy) {
    snug_block_worker *worker = user;
    worker->sums.layers[layer].gradients =
        snug_moments_scaled(snug_moments_of(rows * columns, dy), worker->training->last.weight);
}

/*
 * Copies the state of the model, tensor by tensor: the padding between them is forbidden while the
 * session of another thread runs layers (core/guard.h).
 */
static void copy_state(const snug_block_worker *worker) {
    const snug_model *model = worker->task->model;
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        if (slot->tensor->state) {
            memcpy(worker->state + slot->offset, model->state + slot->offset,
                   slot->size * sizeof(float));
        }
    }
}

/*
 * Runs a block in training. Each begins with the state of the model, such as running means, so that
 * it does not depend on the blocks before. Gradients that are too small for floats are 0, as in
 * snug_fit().
 */
static void train(snug_block_worker *worker, uint64_t block) {
    const snug_inspection_task *task = worker->task;
    snug_observer *observer = task->training ? observe_outputs : NULL;
    unsigned cpu_state = snug_cpu_flush_denormals();
    copy_state(worker);
    snug_session_forward(worker->training, worker->batch.x, worker->batch.rows, block, observer,
                         worker);
    if (task->loss != NULL) {
        (void)snug_session_loss(worker->training, task->loss, &worker->batch.targets);
        snug_session_observe_gradients(worker->training, observe_gradients, worker);
    }
    snug_cpu_restore(cpu_state);
}

void snug_block_worker_run(snug_block_worker *worker, uint64_t block) {
    const snug_model *model = worker->task->model;
    const size_t n = worker->batch.rows * model->inputs;
    snug_block_sums_reset(&worker->sums, model->plan->count);
    if (n == 0) {
        return;
    }
    worker->sums.inputs = snug_moments_of(n, worker->batch.x);
    observe_inputs(worker, 0, n, worker->batch.x);
    if (worker->predicting != NULL) {
        snug_session_forward(worker->predicting, worker->batch.x, worker->batch.rows, 0,
                             observe_outputs, worker);
    }
    if (worker->training != NULL) {
        train(worker, block);
    }
}
