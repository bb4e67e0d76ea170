#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/processors.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "cpu/cpu.h"
#include "inspection/inspection.h"
#include "inspection/inspector.h"
#include "inspection/prediction.h"
#include "inspection/sample_moments.h"
#include "inspection/saturation.h"
#include "model/data_check.h"
#include "model/targets.h"
#include "session/backward.h"
#include "session/batches.h"
#include "session/forward.h"
#include "session/threads.h"

/* What is summed of a layer over the rows of a block, or of all blocks. */
typedef struct layer_sums {
    snug_sample_moments outputs, gradients;
    double saturated; /* a number of outputs */
} layer_sums;

/* The sums of a thread's block; or of all blocks. */
typedef struct block_sums {
    snug_sample_moments inputs;
    layer_sums *layers; /* owned */
} block_sums;

/* What a thread works with. */
typedef struct worker {
    snug_inspector *inspector;
    snug_session *predicting, *training; /* NULL: not needed */
    float *state;                        /* to which the training session writes */
    snug_batches batch;
    block_sums sums;
} worker;

struct snug_inspector {
    const snug_model *model;  /* borrowed */
    const snug_dataset *data; /* borrowed */
    snug_inspect_options options;
    snug_object *loss; /* a copy, whose class weights may be balanced; NULL: no gradients */
    size_t rows, *order;
    double *slopes; /* of each layer: below which it is saturated; NaN: it never is */
    snug_unit_sums *units;
    snug_thread_pool *pool;
    worker *workers;
    size_t thread_count, first; /* the row, of order, at which the blocks that are run begin */
    block_sums total;
    snug_inspection *result;
};

/* ---- the sums of a block --------------------------------------------------------------------- */

static snug_status make_sums(block_sums *sums, size_t layers) {
    sums->layers = snug_alloc(layers, sizeof *sums->layers);
    return sums->layers != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static void reset_sums(block_sums *sums, size_t layers) {
    sums->inputs = (snug_sample_moments){0};
    memset(sums->layers, 0, layers * sizeof *sums->layers);
}

static void add_sums(block_sums *to, const block_sums *more, size_t layers) {
    snug_moments_add(&to->inputs, &more->inputs);
    for (size_t i = 0; i < layers; i++) {
        snug_moments_add(&to->layers[i].outputs, &more->layers[i].outputs);
        snug_moments_add(&to->layers[i].gradients, &more->layers[i].gradients);
        to->layers[i].saturated += more->layers[i].saturated;
    }
}

/* Counts the saturated outputs of a layer by its n inputs x, before a layer in place changes them.
 */
static void observe_inputs(worker *w, size_t layer, size_t n, const float *x) {
    const snug_inspector *inspector = w->inspector;
    if (layer < inspector->model->plan->count && !isnan(inspector->slopes[layer])) {
        w->sums.layers[layer].saturated += (double)snug_count_saturated(
            inspector->model->plan->nodes[layer].object, inspector->slopes[layer], n, x);
    }
}

/* A snug_observer. */
static void observe_outputs(void *user, size_t layer, size_t rows, size_t columns, const float *y) {
    worker *w = user;
    w->sums.layers[layer].outputs = snug_moments_of(rows * columns, y);
    observe_inputs(w, layer + 1, rows * columns, y);
}

/*
 * A snug_gradient_observer. The loss is the mean of a block's rows: times their weight, gradients
 * are those of each row's loss, whatever the number of rows.
 */
static void observe_gradients(void *user, size_t layer, size_t rows, size_t columns,
                              const float *dy) {
    worker *w = user;
    double weight = w->training->last.weight;
    w->sums.layers[layer].gradients =
        snug_moments_scaled(snug_moments_of(rows * columns, dy), weight);
}

/* ---- a block --------------------------------------------------------------------------------- */

/* Runs a block in training. Gradients that are too small for floats are 0, as in snug_fit(). */
static void train(worker *w, uint64_t block) {
    const snug_inspector *inspector = w->inspector;
    snug_observer *observer = inspector->options.training ? observe_outputs : NULL;
    unsigned cpu_state = snug_cpu_flush_denormals();
    snug_session_forward(w->training, w->batch.x, w->batch.rows, block, observer, w);
    if (inspector->loss != NULL) {
        snug_session_loss(w->training, inspector->loss, &w->batch.targets);
        snug_session_observe_gradients(w->training, observe_gradients, w);
    }
    snug_cpu_restore(cpu_state);
}

/* A snug_thread_pool_fn: runs the block that a thread's worker has gathered. */
static void run_block(void *user, size_t id) {
    snug_inspector *inspector = user;
    worker *w = &inspector->workers[id];
    size_t first = inspector->first + id * SNUG_INSPECTION_BLOCK;
    reset_sums(&w->sums, inspector->model->plan->count);
    if (first >= inspector->rows) {
        return;
    }
    size_t inputs = w->batch.rows * inspector->model->inputs;
    w->sums.inputs = snug_moments_of(inputs, w->batch.x);
    observe_inputs(w, 0, inputs, w->batch.x);
    if (w->predicting != NULL) {
        snug_session_forward(w->predicting, w->batch.x, w->batch.rows, 0, observe_outputs, w);
    }
    if (w->training != NULL) {
        train(w, first / SNUG_INSPECTION_BLOCK);
    }
}

/*
 * Gathers a block for each thread, in this one, because reading rows of a file can fail, and runs
 * them.
 */
static snug_status run_blocks(snug_inspector *inspector) {
    const size_t layers = inspector->model->plan->count;
    for (size_t id = 0; id < inspector->thread_count; id++) {
        size_t first = inspector->first + id * SNUG_INSPECTION_BLOCK;
        if (first < inspector->rows && snug_batches_gather(&inspector->workers[id].batch,
                                                           inspector->order, first) != SNUG_OK) {
            return snug_error_status();
        }
        /* The batch ends with the data, and the rows that are inspected may end before. */
        snug_batches *batch = &inspector->workers[id].batch;
        if (first < inspector->rows && batch->rows > inspector->rows - first) {
            batch->rows = inspector->rows - first;
        }
    }
    snug_thread_pool_run(inspector->pool, run_block, inspector);
    for (size_t id = 0; id < inspector->thread_count; id++) {
        add_sums(&inspector->total, &inspector->workers[id].sums, layers);
    }
    return SNUG_OK;
}

/* ---- results --------------------------------------------------------------------------------- */

static void set_layer(const snug_inspector *inspector, size_t i) {
    const layer_sums *sums = &inspector->total.layers[i];
    const snug_unit_moments *units = &inspector->result->units[i];
    const double unknown = (double)NAN;
    snug_layer_statistics *s = &inspector->result->layers[i];
    bool gradients = sums->gradients.count > 0;
    (void)snug_model_layer(inspector->model, i, &s->layer);
    s->mean = sums->outputs.mean;
    s->variance = snug_moments_variance(&sums->outputs);
    s->mean_absolute = snug_moments_absolute(&sums->outputs);
    s->gradient_mean = gradients ? sums->gradients.mean : unknown;
    s->gradient_variance = snug_moments_variance(&sums->gradients);
    s->saturated = isnan(inspector->slopes[i]) ? unknown : sums->saturated / sums->outputs.count;
    s->omega = units->linear ? units->omega : (snug_spread){unknown, unknown};
    s->tau = units->linear ? units->tau : (snug_spread){unknown, unknown};
}

/* Says why there are no gradients. */
static snug_status note_gradients(const snug_inspector *inspector) {
    if (inspector->loss != NULL || inspector->options.no_gradients) {
        return SNUG_OK;
    }
    return snug_inspection_note(inspector->result, inspector->model->loss == NULL
                                                       ? "no gradients: the model has no loss"
                                                       : "no gradients: the data has no targets");
}

static snug_status set_result(snug_inspector *inspector) {
    snug_inspection *result = inspector->result;
    result->rows = inspector->rows;
    result->training = inspector->options.training;
    result->fresh = inspector->model->fresh;
    result->mean = inspector->total.inputs.mean;
    result->variance = snug_moments_variance(&inspector->total.inputs);
    for (size_t i = 0; i < result->count; i++) {
        result->units[i] = snug_unit_moments_of(inspector->model, &inspector->model->plan->nodes[i],
                                                inspector->units);
        set_layer(inspector, i);
    }
    snug_status status = snug_inspection_predict(result, inspector->model);
    if (status == SNUG_OK) {
        status = note_gradients(inspector);
    }
    return status == SNUG_OK ? snug_inspection_check(result, inspector->model) : status;
}

const snug_inspection *snug_inspector_run(snug_inspector *inspector,
                                          const snug_schedule_time *time) {
    size_t layers = inspector->model->plan->count;
    snug_inspection_free(inspector->result);
    inspector->result = snug_inspection_new(layers);
    if (inspector->result == NULL) {
        return NULL;
    }
    reset_sums(&inspector->total, layers);
    for (size_t id = 0; id < inspector->thread_count; id++) {
        worker *w = &inspector->workers[id];
        if (w->training != NULL) {
            (void)snug_session_set_time(w->training, time);
        }
    }
    for (inspector->first = 0; inspector->first < inspector->rows;
         inspector->first += inspector->thread_count * SNUG_INSPECTION_BLOCK) {
        if (run_blocks(inspector) != SNUG_OK) {
            return NULL;
        }
    }
    return set_result(inspector) == SNUG_OK ? inspector->result : NULL;
}

snug_inspection *snug_inspector_take(snug_inspector *inspector) {
    snug_inspection *result = inspector->result;
    inspector->result = NULL;
    return result;
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

static snug_status make_training_session(worker *w) {
    const snug_inspector *inspector = w->inspector;
    const snug_model *model = inspector->model;
    w->training =
        snug_session_new_with(model, SNUG_INSPECTION_BLOCK, true, inspector->options.seed, 1);
    w->state = w->training != NULL ? snug_alloc(model->plan->state, sizeof(float)) : NULL;
    if (w->state == NULL) {
        return snug_error_status();
    }
    memcpy(w->state, model->state, model->plan->state * sizeof(float));
    redirect_state(model, w->training->layers, model->plan->count, w->state);
    return SNUG_OK;
}

static snug_status make_worker(snug_inspector *inspector, worker *w) {
    const snug_model *model = inspector->model;
    w->inspector = inspector;
    snug_status status = make_sums(&w->sums, model->plan->count);
    if (status == SNUG_OK) {
        status = snug_batches_start(&w->batch, model, inspector->data, SNUG_INSPECTION_BLOCK);
    }
    if (status == SNUG_OK && !inspector->options.training) {
        w->predicting = snug_session_new_with(model, SNUG_INSPECTION_BLOCK, false, 0, 1);
        status = w->predicting != NULL ? SNUG_OK : snug_error_status();
    }
    if (status == SNUG_OK && (inspector->options.training || inspector->loss != NULL)) {
        status = make_training_session(w);
    }
    return status;
}

/* Makes the threads: no more than there are blocks. */
static snug_status make_workers(snug_inspector *inspector) {
    size_t threads = inspector->options.threads;
    size_t blocks = (inspector->rows + SNUG_INSPECTION_BLOCK - 1) / SNUG_INSPECTION_BLOCK;
    threads = threads > 0 ? threads : snug_processors();
    threads = threads < blocks ? threads : blocks;
    inspector->workers = snug_alloc(threads, sizeof *inspector->workers);
    if (inspector->workers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    inspector->thread_count = threads;
    for (size_t id = 0; id < threads; id++) {
        if (make_worker(inspector, &inspector->workers[id]) != SNUG_OK) {
            return snug_error_status();
        }
    }
    if (threads > 1) {
        inspector->pool = snug_thread_pool_new(threads);
    }
    return threads <= 1 || inspector->pool != NULL ? SNUG_OK : snug_error_status();
}

/*
 * Chooses rows: all, or as many as are wanted, spread evenly over the data. A batch is as long as
 * the data allows, so that the order goes on to the end of a block, with row 0.
 */
static snug_status choose_rows(snug_inspector *inspector) {
    size_t count = snug_dataset_row_count(inspector->data), most = inspector->options.rows;
    most = most > 0 ? most : SNUG_INSPECTION_ROWS;
    inspector->rows = count < most ? count : most;
    inspector->order =
        snug_alloc(inspector->rows + SNUG_INSPECTION_BLOCK, sizeof *inspector->order);
    if (inspector->order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < inspector->rows; i++) {
        /* i * count / rows, without a product that could overflow */
        inspector->order[i] =
            i * (count / inspector->rows) + i * (count % inspector->rows) / inspector->rows;
    }
    return SNUG_OK;
}

/* Copies the loss, with weights for the data's classes, where the data has targets for it. */
static snug_status copy_loss(snug_inspector *inspector) {
    const snug_model *model = inspector->model;
    const snug_dataset *data = inspector->data;
    bool targets = snug_dataset_class_count(data) > 0 || snug_dataset_output_count(data) > 0;
    if (!targets || model->loss == NULL || inspector->options.no_gradients) {
        return snug_features_check(model, data, "the data");
    }
    inspector->loss = snug_object_copy(model->loss);
    if (inspector->loss == NULL) {
        return snug_error_status();
    }
    snug_status status =
        snug_class_weights_balance(inspector->loss, data, snug_model_output_classes(model));
    return status == SNUG_OK ? snug_data_check(model, inspector->loss, data, "the data") : status;
}

static snug_status start(snug_inspector *inspector) {
    const snug_model *model = inspector->model;
    size_t layers = model->plan->count;
    snug_status status = snug_threads_check(inspector->options.threads);
    if (status == SNUG_OK) {
        status = copy_loss(inspector);
    }
    if (status == SNUG_OK) {
        status = choose_rows(inspector);
    }
    if (status == SNUG_OK) {
        status = make_sums(&inspector->total, layers);
    }
    if (status != SNUG_OK) {
        return status;
    }
    inspector->slopes = snug_alloc(layers, sizeof *inspector->slopes);
    inspector->units = snug_alloc(snug_most_units(model), sizeof *inspector->units);
    if (inspector->slopes == NULL || inspector->units == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < layers; i++) {
        inspector->slopes[i] = snug_saturated_slope(model->plan->nodes[i].object);
    }
    return make_workers(inspector);
}

snug_inspector *snug_inspector_new(const snug_model *model, const snug_dataset *data,
                                   const snug_inspect_options *options) {
    snug_inspector *inspector = snug_alloc(1, sizeof *inspector);
    if (inspector == NULL) {
        return NULL;
    }
    inspector->model = model;
    inspector->data = data;
    inspector->options = options != NULL ? *options : (snug_inspect_options){0};
    if (start(inspector) != SNUG_OK) {
        snug_inspector_free(inspector);
        return NULL;
    }
    return inspector;
}

void snug_inspector_free(snug_inspector *inspector) {
    if (inspector == NULL) {
        return;
    }
    for (size_t id = 0; id < inspector->thread_count; id++) {
        worker *w = &inspector->workers[id];
        snug_session_free(w->predicting);
        snug_session_free(w->training);
        snug_release(w->state);
        snug_batches_clear(&w->batch);
        snug_release(w->sums.layers);
    }
    snug_thread_pool_free(inspector->pool);
    snug_release(inspector->workers);
    snug_release(inspector->total.layers);
    snug_release(inspector->slopes);
    snug_release(inspector->units);
    snug_release(inspector->order);
    snug_object_free(inspector->loss);
    snug_inspection_free(inspector->result);
    snug_release(inspector);
}
