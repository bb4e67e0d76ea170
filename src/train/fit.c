/* The training loop. Everything is made before the first step; a step allocates nothing. */
#include <math.h>
#include <string.h>

#include "core/handles.h"
#include "core/memory.h"
#include "core/status.h"
#include "data/table_schema.h"
#include "math/cpu.h"
#include "math/random.h"
#include "metrics/evaluate.h"
#include "model/data_check.h"
#include "model/model.h"
#include "optim/optimizer.h"
#include "schedules/schedule.h"
#include "train/early_stopping.h"
#include "train/history.h"
#include "train/refine.h"
#include "train/snapshot.h"
#include "train/step.h"

typedef struct trainer {
    snug_model *model;
    const snug_fit_options *options;
    size_t epochs, batches_an_epoch;
    snug_dataset *train;            /* owned: a view of the caller's data */
    const snug_dataset *validation; /* the caller's, or .split */
    snug_dataset *split;            /* owned */
    snug_object *loss;              /* owned until the model has it; or NULL */
    snug_optimizer *optimizer;      /* owned */
    snug_object *schedule;          /* owned, or NULL */
    double schedule_state[SNUG_SCHEDULE_STATE];
    snug_session *session;
    snug_batches batches;
    snug_selection selection;
    snug_metric_accumulator tally;
    snug_evaluator judge;
    snug_early_stopping_state stopper;
    snug_refine refine;
    snug_train_step update;
    bool done;     /* before the last epoch */
    bool iterates; /* the optimizer looks at all rows at once */
    size_t broken; /* the batch whose loss was not finite, and that loss, when it looked last */
    double broken_loss;
    snug_status gathered; /* whether its rows could be read */
    size_t *order;
    uint64_t batch, step; /* batches that went backward, steps of the optimizer */
    snug_metrics train_metrics, validation_metrics;
    snug_history *history;
} trainer;

/* ---- before the first step ------------------------------------------------------------------- */

/* The optimizer of the options, or Adam. */
static snug_status take_optimizer(trainer *t, snug_optimizer *optimizer, snug_status status) {
    if (status != SNUG_OK) {
        snug_optimizer_free(optimizer);
        return status;
    }
    if (optimizer == NULL) {
        optimizer = snug_adam(0.001);
    }
    status = snug_handle_take((snug_handle *)optimizer, SNUG_GROUP_OPTIMIZER,
                              "the optimizer of the options");
    t->optimizer = status == SNUG_OK ? optimizer : NULL;
    return status;
}

/* Takes over all that the options hand over, also where the first of it failed. */
static snug_status take_handles(trainer *t) {
    const snug_fit_options *o = t->options;
    snug_status status = snug_handle_take_optional((snug_handle *)o->loss, SNUG_GROUP_LOSS,
                                                   "the loss of the options", SNUG_OK, &t->loss);
    status = take_optimizer(t, o->optimizer, status);
    return snug_handle_take_optional((snug_handle *)o->schedule, SNUG_GROUP_SCHEDULE,
                                     "the schedule of the options", status, &t->schedule);
}

static snug_status check_options(const snug_fit_options *o) {
    if (!(o->validation >= 0.0 && o->validation < 1.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "validation: must be in [0, 1) (got %g)",
                         o->validation);
    }
    if (o->validation > 0.0 && o->validation_data != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "validation: give a share of the rows or validation_data, not both");
    }
    if (snug_threads_check(o->threads) != SNUG_OK) {
        return snug_error_status();
    }
    return snug_refine_check(o);
}

/* The loss that is given, else the model's own, else what suits the data. */
static snug_status settle_loss(trainer *t, const snug_dataset *data) {
    snug_object *loss = t->loss;
    t->loss = NULL;
    if (loss != NULL) {
        return snug_model_replace_loss(t->model, loss);
    }
    if (t->model->loss != NULL) {
        return SNUG_OK;
    }
    return snug_model_set_loss(
        t->model, snug_dataset_class_count(data) > 0 ? snug_softmax_cross_entropy() : snug_mse());
}

/* Whether the caller's validation data suits the model and is named as the data that trains it. */
static snug_status check_validation(const trainer *t, const snug_dataset *data) {
    const char *what = "the validation data";
    snug_status status = snug_data_check(t->model, NULL, t->validation, what);
    if (status != SNUG_OK || t->model->preprocessing != NULL) {
        return status;
    }
    return snug_table_schema_compare(t->validation->storage->table, what, data->storage->table,
                                     "the training data");
}

static snug_status split_data(trainer *t, const snug_dataset *data) {
    const snug_fit_options *o = t->options;
    if (o->validation > 0.0) {
        snug_status status = snug_dataset_split(data, o->validation, o->seed, &t->train, &t->split);
        t->validation = t->split;
        if (status == SNUG_OK) {
            status = snug_weights_check(t->train, "the training rows");
        }
        return status == SNUG_OK ? snug_weights_check(t->split, "the validation rows") : status;
    }
    t->train = snug_dataset_share(data);
    t->validation = o->validation_data;
    if (t->train == NULL) {
        return snug_error_status();
    }
    return t->validation != NULL ? check_validation(t, data) : SNUG_OK;
}

static snug_status select_metrics(trainer *t) {
    const snug_fit_options *o = t->options;
    snug_status status;
    t->selection = snug_selection_for(t->model, snug_dataset_class_count(t->train) > 0);
    status = snug_select_names(&t->selection, o->metrics, o->metric_count, "metrics");
    if (status == SNUG_OK && o->early_stopping.patience > 0 && o->early_stopping.metric != NULL) {
        status = snug_select_name(&t->selection, o->early_stopping.metric, "early_stopping.metric");
    }
    return status;
}

static size_t batch_size_of(const snug_fit_options *o) {
    return o->batch_size > 0 ? o->batch_size : 32;
}

static snug_status make_buffers(trainer *t) {
    size_t batch_size = batch_size_of(t->options);
    size_t rows = snug_dataset_row_count(t->train);
    snug_status status;
    batch_size = batch_size < rows ? batch_size : rows;
    t->batches_an_epoch = (rows + batch_size - 1) / batch_size;
    t->session =
        snug_session_new_with(t->model, batch_size, true, t->options->seed, t->options->threads);
    t->order = snug_alloc(rows, sizeof *t->order);
    if (t->session == NULL || t->order == NULL) {
        return snug_error_status();
    }
    for (size_t i = 0; i < rows; i++) {
        t->order[i] = i;
    }
    status = snug_batches_start(&t->batches, t->model, t->train, batch_size);
    if (status == SNUG_OK) {
        status = select_metrics(t);
    }
    if (status == SNUG_OK) {
        status = snug_metric_accumulator_start(&t->tally, t->model, &t->selection, rows);
    }
    if (status == SNUG_OK && t->validation != NULL) {
        status = snug_evaluator_start(&t->judge, t->model, t->validation, &t->selection,
                                      t->options->threads);
    }
    if (status == SNUG_OK) {
        status = snug_early_stopping_start(&t->stopper, &t->options->early_stopping, t->model,
                                           t->selection.targets, t->validation != NULL);
    }
    if (status == SNUG_OK) {
        status = snug_refine_start(&t->refine, t->options, t->session, t->model);
    }
    if (status == SNUG_OK) {
        status = snug_train_step_start(&t->update, t->options, t->session, t->model, t->optimizer);
    }
    if (status == SNUG_OK) {
        t->history = snug_history_new();
        status = t->history != NULL ? SNUG_OK : snug_error_status();
    }
    return status;
}

/* ---- the loop -------------------------------------------------------------------------------- */

/* An optimizer that looks at all rows at once makes one step an epoch, whatever the batches. */
static snug_schedule_time schedule_time(const trainer *t) {
    size_t steps = t->iterates ? 1 : (t->batches_an_epoch - 1) / t->refine.group + 1;
    return (snug_schedule_time){
        .step = t->step, .steps = (uint64_t)t->epochs * steps, .steps_an_epoch = steps};
}

static double schedule_factor(const trainer *t) {
    const snug_schedule_time time = schedule_time(t);
    return snug_schedule_factor(t->schedule, &time, t->schedule_state);
}

/* Tells the schedule the loss after an epoch. */
static void watch_loss(trainer *t) {
    const snug_schedule_time time = schedule_time(t);
    const snug_metrics *m = t->validation != NULL ? &t->validation_metrics : &t->train_metrics;
    snug_schedule_watch(t->schedule, &time, snug_metrics_get(m, "loss"), t->schedule_state);
}

/* Backward, and a step after the last batch of a group or of the epoch. */
static snug_status backward_and_step(trainer *t, size_t batch) {
    bool complete = (batch + 1) % t->refine.group == 0 || batch + 1 == t->batches_an_epoch;
    snug_status status = SNUG_OK;
    if (complete) {
        status = snug_train_step_run(&t->update, schedule_factor(t));
    } else {
        snug_session_backward(t->session, NULL, NULL);
    }
    if (complete && status == SNUG_OK) {
        snug_refine_stepped(&t->refine);
        t->step++;
    }
    t->batch++;
    return status;
}

/* gather, forward; *sum of losses counts if it is finite. */
static snug_status forward_batch(trainer *t, size_t batch, double *sum) {
    const float *z;
    if (snug_batches_run(&t->batches, t->session, t->order, batch * t->batches.size, t->batch,
                         &z) != SNUG_OK) {
        return snug_error_status();
    }
    snug_loss_sum loss = snug_session_loss(t->session, t->model->loss, &t->batches.targets);
    if (isfinite(loss.sum)) {
        snug_metric_accumulator_add(&t->tally, t->batches.rows, z, &t->batches.targets, &loss);
    }
    *sum = loss.sum;
    return SNUG_OK;
}

static snug_status diverged(double loss, size_t epoch, size_t batch) {
    return snug_fail(SNUG_ERROR_DIVERGED,
                     "the loss became %s at epoch %zu, batch %zu: a smaller learning rate may help",
                     isnan(loss) ? "NaN" : "infinite", epoch, batch + 1);
}

/* gather, forward, loss, backward, update */
static snug_status run_step(trainer *t, size_t epoch, size_t batch) {
    double loss = 0;
    snug_status status = forward_batch(t, batch, &loss);
    if (status != SNUG_OK) {
        return status;
    }
    return isfinite(loss) ? backward_and_step(t, batch) : diverged(loss, epoch, batch);
}

/* The same with denormal numbers flushed to 0: those of a trained network's gradients are slow. */
static snug_status train_batch(trainer *t, size_t epoch, size_t batch) {
    unsigned state = snug_cpu_flush_denormals();
    snug_status status = run_step(t, epoch, batch);
    snug_cpu_restore(state);
    return status;
}

static snug_status report(trainer *t, size_t epoch, size_t batch, bool epoch_end) {
    snug_progress progress = {
        .epoch = epoch,
        .epochs = t->epochs,
        .batch = batch + 1,
        .batches = t->batches_an_epoch,
        .epoch_end = epoch_end,
        .train = &t->train_metrics,
        .validation = epoch_end && t->validation != NULL ? &t->validation_metrics : NULL,
        .model = t->model,
    };
    if (t->options->callback == NULL || t->options->callback(&progress, t->options->user)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_STOPPED, "stopped by the callback at epoch %zu, batch %zu", epoch,
                     batch + 1);
}

static void shuffle(trainer *t, size_t epoch) {
    snug_random stream = {
        .seed = t->options->seed, .purpose = SNUG_PURPOSE_SHUFFLE, .step = (uint32_t)epoch};
    if (!t->options->keep_order) {
        snug_random_shuffle(&stream, snug_dataset_row_count(t->train), t->order);
    }
}

/* The mean loss of all training rows and its gradient: snug_objective. Batches bound the memory. */
static double look_at_all(void *user, float *gradient) {
    trainer *t = user;
    snug_session_reset_accumulation(
        t->session); /* the last look may have ended before its last batch */
    snug_metric_accumulator_reset(&t->tally);
    t->broken = t->batches_an_epoch;
    for (size_t batch = 0; batch < t->batches_an_epoch; batch++) {
        t->gathered = forward_batch(t, batch, &t->broken_loss);
        if (t->gathered != SNUG_OK || !isfinite(t->broken_loss)) {
            t->broken = batch;
            return INFINITY;
        }
        snug_session_backward(t->session, NULL, NULL);
    }
    snug_session_average_gradients(t->session);
    memcpy(gradient, t->session->gradients, t->model->plan->parameters * sizeof *gradient);
    snug_metric_accumulator_read(&t->tally, SNUG_METRIC_NEEDS_SCORES, &t->train_metrics);
    return snug_metrics_get(&t->train_metrics, "loss");
}

/* An epoch of an optimizer that looks at all rows at once. */
static snug_status iterate(trainer *t, size_t epoch) {
    const snug_objective objective = {look_at_all, t};
    unsigned state = snug_cpu_flush_denormals();
    bool more = false;
    snug_status status =
        snug_optimizer_iterate(t->optimizer, t->model->plan->parameters, schedule_factor(t),
                               &objective, t->model->parameters, &more);
    snug_cpu_restore(state);
    if (status == SNUG_OK && t->broken < t->batches_an_epoch) {
        status = t->gathered == SNUG_OK ? diverged(t->broken_loss, epoch, t->broken) : t->gathered;
    }
    t->done = !more;
    t->step++;
    return status;
}

static snug_status train_batches(trainer *t, size_t epoch) {
    shuffle(t, epoch);
    snug_metric_accumulator_reset(&t->tally);
    for (size_t batch = 0; batch < t->batches_an_epoch; batch++) {
        snug_status status = train_batch(t, epoch, batch);
        if (status != SNUG_OK) {
            return status;
        }
        if (t->options->callback == NULL) {
            continue;
        }
        snug_metric_accumulator_read(&t->tally, SNUG_METRIC_NEEDS_SCORES, &t->train_metrics);
        status = report(t, epoch, batch, false);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

static snug_status train_epoch(trainer *t, size_t epoch) {
    snug_refine_average(&t->refine, false);
    snug_status status = (t->iterates ? iterate : train_batches)(t, epoch);
    if (status != SNUG_OK) {
        return status;
    }
    snug_metric_accumulator_read(&t->tally, 0, &t->train_metrics);
    snug_refine_average(&t->refine, true);
    if (t->validation != NULL) {
        status = snug_evaluator_run(&t->judge, &t->validation_metrics, 0, NULL);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (snug_history_add(t->history, &t->train_metrics,
                         t->validation != NULL ? &t->validation_metrics : NULL) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    watch_loss(t);
    t->done |= snug_early_stopping_watch(&t->stopper, epoch, &t->validation_metrics, t->model);
    status = report(t, epoch, t->batches_an_epoch - 1, true);
    return status == SNUG_OK ? snug_early_stopping_check(&t->stopper, t->done || epoch == t->epochs)
                             : status;
}

/* The weights of classes that the loss wants balanced, by the training rows. */
static snug_status settle_weights(trainer *t) {
    snug_object *loss = t->model->loss;
    size_t classes = snug_loss_classes(loss, t->model->plan->outputs);
    snug_status status = snug_class_weights_balance(loss, t->train, classes);
    if (status != SNUG_OK) {
        return status;
    }
    return snug_class_weights_check(loss, snug_dataset_class_count(t->train) > 0, classes);
}

/*
 * Classes that have only numbers are as many as the largest that occurs: the model's outputs may
 * stand for more, which get their numbers as names.
 */
static snug_status name_classes(trainer *t) {
    snug_table_schema *table = t->model->preprocessing->table;
    size_t classes = snug_loss_classes(t->model->loss, t->model->plan->outputs);
    size_t known = table->classes.count;
    if (known == 0 || known >= classes) {
        return SNUG_OK;
    }
    snug_log(
        SNUG_LOG_WARNING,
        "the data has the classes 0 to %zu where the model's outputs stand for 0 to %zu: no row "
        "teaches the others",
        known - 1, classes - 1);
    return snug_table_schema_number_classes(table, classes);
}

static snug_status prepare(trainer *t, const snug_dataset *data) {
    snug_status status = split_data(t, data);
    if (status == SNUG_OK) {
        status = snug_skip_zero_weights(&t->train);
    }
    if (status == SNUG_OK) {
        status = snug_refine_check_rows(t->model, batch_size_of(t->options),
                                        snug_dataset_row_count(t->train));
    }
    if (status == SNUG_OK) {
        status = settle_weights(t);
    }
    if (status == SNUG_OK) {
        status = snug_model_fit_scaler(t->model, t->train, t->options->scaling);
    }
    if (status == SNUG_OK) {
        status = name_classes(t);
    }
    if (status == SNUG_OK && t->model->parameters == NULL) {
        status = snug_model_init(t->model, t->options->seed);
    }
    t->iterates = snug_optimizer_iterates(t->optimizer);
    if (status == SNUG_OK && t->iterates) {
        status = snug_refine_check_iterated(t->options, t->model);
    }
    if (status == SNUG_OK) {
        status = make_buffers(t);
    }
    return status == SNUG_OK && t->iterates ? snug_session_accumulate(t->session, true) : status;
}

static void clear(trainer *t) {
    snug_dataset_free(t->train);
    snug_dataset_free(t->split);
    snug_object_free(t->loss);
    snug_optimizer_delete(t->optimizer);
    snug_object_free(t->schedule);
    snug_session_free(t->session);
    snug_batches_clear(&t->batches);
    snug_metric_accumulator_clear(&t->tally);
    snug_evaluator_clear(&t->judge);
    snug_early_stopping_clear(&t->stopper);
    snug_refine_clear(&t->refine);
    snug_train_step_clear(&t->update);
    snug_release(t->order);
}

static snug_status run(trainer *t) {
    snug_status status = SNUG_OK;
    size_t epoch = 0;
    while (epoch < t->epochs && status == SNUG_OK && !t->done) {
        status = train_epoch(t, ++epoch);
    }
    snug_refine_average(&t->refine, true);
    /* However training ended: weights of a run that was stopped or diverged are rarely the best. */
    size_t best = snug_early_stopping_restore(&t->stopper, t->model);
    if (best > 0) {
        snug_history_set_best(t->history, best);
    }
    return status == SNUG_OK ? snug_refine_check_weights(t->model, epoch) : status;
}

/* Checks the options and the data; sets the loss. */
static snug_status check(trainer *t, const snug_dataset *data) {
    snug_status status = check_options(t->options);
    if (status == SNUG_OK && data == NULL) {
        status = snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the data");
    }
    if (status == SNUG_OK) {
        status = settle_loss(t, data);
    }
    return status == SNUG_OK ? snug_training_data_check(t->model, NULL, data, "the data") : status;
}

/* All before the first step; where it fails, the model is as it was. */
static snug_status start(trainer *t, const snug_dataset *data) {
    snug_snapshot snapshot;
    snug_status status = snug_model_check_layers(t->model);
    if (status == SNUG_OK) {
        status = snug_snapshot_keep(&snapshot, t->model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    status = check(t, data);
    if (status == SNUG_OK) {
        status = prepare(t, data);
    }
    if (status != SNUG_OK) {
        snug_snapshot_restore(&snapshot, t->model);
    }
    snug_snapshot_clear(&snapshot);
    return status;
}

snug_status snug_fit(snug_model *model, const snug_dataset *data, const snug_fit_options *options,
                     snug_history **history) {
    const snug_fit_options o = options != NULL ? *options : (snug_fit_options){0};
    trainer t = {.model = model, .options = &o, .epochs = o.epochs > 0 ? o.epochs : 10};
    snug_status status = take_handles(&t);
    if (status == SNUG_OK) {
        status = start(&t, data);
    }
    if (status == SNUG_OK) {
        status = run(&t);
    }
    clear(&t);
    if (history != NULL) {
        *history = t.history;
    } else {
        snug_history_free(t.history);
    }
    return status;
}
