#include <math.h>

#include "core/memory.h"
#include "core/processors.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "inspection/block_worker.h"
#include "inspection/conditions.h"
#include "inspection/inspection.h"
#include "inspection/inspector.h"
#include "inspection/prediction.h"
#include "inspection/saturation.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/targets.h"
#include "session/threads.h"

struct snug_inspector {
    const snug_model *model; /* borrowed */
    snug_inspect_options options;
    snug_inspection_task task;
    snug_object *loss; /* a copy, whose class weights may be balanced; NULL: no gradients */
    size_t rows, *order;
    double *slopes;        /* of each layer: see snug_inspection_task */
    snug_unit_sums *units; /* work space */
    snug_thread_pool *pool;
    snug_block_worker *workers;
    size_t thread_count, first; /* the number, in order, of the first row of the blocks that run */
    snug_block_sums total;
    snug_inspection *result;
};

/* ---- running --------------------------------------------------------------------------------- */

/* Returns the first row of a thread's block. */
static size_t first_row(const snug_inspector *inspector, size_t id) {
    return inspector->first + id * SNUG_INSPECTION_BLOCK;
}

/* A snug_thread_pool_fn. */
static void run_block(void *user, size_t id) {
    const snug_inspector *inspector = user;
    snug_block_worker_run(&inspector->workers[id],
                          first_row(inspector, id) / SNUG_INSPECTION_BLOCK);
}

/*
 * Gathers a block for each thread, in this one, because reading rows of a file can fail, runs them,
 * and adds what they sum in the order of the blocks.
 */
static snug_status run_blocks(snug_inspector *inspector) {
    for (size_t id = 0; id < inspector->thread_count; id++) {
        if (snug_block_worker_gather(&inspector->workers[id], inspector->order,
                                     first_row(inspector, id), inspector->rows) != SNUG_OK) {
            return snug_error_status();
        }
    }
    snug_thread_pool_run(inspector->pool, run_block, inspector);
    for (size_t id = 0; id < inspector->thread_count; id++) {
        snug_block_sums_add(&inspector->total, &inspector->workers[id].sums,
                            inspector->model->plan->count);
    }
    return SNUG_OK;
}

/* ---- results --------------------------------------------------------------------------------- */

static void set_layer(const snug_inspector *inspector, size_t i) {
    const snug_layer_sums *sums = &inspector->total.layers[i];
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
    result->untrained = inspector->model->untrained;
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
    const size_t layers = inspector->model->plan->count;
    snug_inspection_free(inspector->result);
    inspector->result = snug_inspection_new(layers);
    if (inspector->result == NULL) {
        return NULL;
    }
    inspector->result->time = time != NULL ? *time : (snug_schedule_time){0};
    snug_block_sums_reset(&inspector->total, layers);
    for (size_t id = 0; id < inspector->thread_count; id++) {
        if (inspector->workers[id].training != NULL) {
            (void)snug_session_set_time(inspector->workers[id].training, time);
        }
    }
    for (inspector->first = 0; inspector->first < inspector->rows;
         inspector->first = first_row(inspector, inspector->thread_count)) {
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
        if (snug_block_worker_start(&inspector->workers[id], &inspector->task) != SNUG_OK) {
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
    size_t count = snug_dataset_row_count(inspector->task.data), most = inspector->options.rows;
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
    const snug_dataset *data = inspector->task.data;
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

/* Makes what the workers have in common, and the sums of all blocks. */
static snug_status make_task(snug_inspector *inspector) {
    const snug_plan *plan = inspector->model->plan;
    inspector->slopes = snug_alloc(plan->count, sizeof *inspector->slopes);
    inspector->units = snug_alloc(snug_most_units(inspector->model), sizeof *inspector->units);
    if (inspector->slopes == NULL || inspector->units == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < plan->count; i++) {
        inspector->slopes[i] = snug_saturated_slope(plan->nodes[i].object);
    }
    inspector->task.loss = inspector->loss;
    inspector->task.slopes = inspector->slopes;
    inspector->task.training = inspector->options.training;
    inspector->task.seed = inspector->options.seed;
    return snug_block_sums_start(&inspector->total, plan->count);
}

static snug_status start(snug_inspector *inspector) {
    snug_status status = snug_threads_check(inspector->options.threads);
    if (status == SNUG_OK) {
        status = copy_loss(inspector);
    }
    if (status == SNUG_OK) {
        status = choose_rows(inspector);
    }
    if (status == SNUG_OK) {
        status = make_task(inspector);
    }
    return status == SNUG_OK ? make_workers(inspector) : status;
}

snug_inspector *snug_inspector_new(const snug_model *model, const snug_dataset *data,
                                   const snug_inspect_options *options) {
    snug_inspector *inspector = snug_alloc(1, sizeof *inspector);
    if (inspector == NULL) {
        return NULL;
    }
    inspector->model = model;
    inspector->task = (snug_inspection_task){.model = model, .data = data};
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
        snug_block_worker_clear(&inspector->workers[id]);
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

/* ---- once ------------------------------------------------------------------------------------ */

snug_inspection *snug_inspect(const snug_model *model, const snug_dataset *data,
                              const snug_inspect_options *options) {
    snug_dataset *matched = NULL;
    snug_inspection *inspection = NULL;
    if (snug_model_check(model) != SNUG_OK ||
        snug_data_match(model, data, "the data", NULL, &matched) != SNUG_OK) {
        return NULL;
    }
    snug_inspector *inspector = snug_inspector_new(model, matched, options);
    if (inspector != NULL && snug_inspector_run(inspector, NULL) != NULL) {
        inspection = snug_inspector_take(inspector);
    }
    snug_inspector_free(inspector);
    snug_dataset_free(matched);
    return inspection;
}

snug_status snug_model_statistics(const snug_model *model, const snug_dataset *data, double *means,
                                  double *variances) {
    if (means == NULL || variances == NULL) {
        return snug_fail_null(means == NULL ? "the means" : "the variances");
    }
    const snug_inspect_options all = {.rows = SIZE_MAX, .no_gradients = true};
    snug_inspection *inspection = snug_inspect(model, data, &all);
    for (size_t i = 0; i < snug_inspection_layer_count(inspection); i++) {
        means[i] = inspection->layers[i].mean;
        variances[i] = inspection->layers[i].variance;
    }
    snug_inspection_free(inspection);
    return inspection != NULL ? SNUG_OK : snug_error_status();
}
