/* The training loop. Everything is made before the first step; a step allocates nothing. */
#include <math.h>

#include "core/memory.h"
#include "core/random.h"
#include "core/status.h"
#include "model/objects.h"
#include "optim/optimizer.h"
#include "train/evaluate.h"
#include "train/history.h"

typedef struct trainer {
    snug_model *model;
    const snug_fit_options *options;
    size_t epochs, batches_an_epoch;
    snug_dataset *train;            /* owned: a view of the caller's data */
    const snug_dataset *validation; /* the caller's, or .split */
    snug_dataset *split;            /* owned */
    snug_optimizer *optimizer;      /* owned */
    const snug_object *schedule;    /* or NULL */
    snug_session *session;
    snug_batches batches;
    snug_tally tally;
    snug_judge judge;
    size_t *order;
    uint64_t step;
    snug_metrics train_metrics, validation_metrics;
    snug_history *history;
} trainer;

/* ---- before the first step ------------------------------------------------------------------- */

static snug_status check_options(const snug_fit_options *o) {
    if (!(o->validation >= 0.0 && o->validation < 1.0))
        return snug_fail(SNUG_ERROR_ARGUMENT, "validation: must be in [0, 1) (got %g)",
                         o->validation);
    if (o->validation > 0.0 && o->validation_data != NULL)
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "validation: give a share of the rows or validation_data, not both");
    return SNUG_OK;
}

/* The loss that is given, else the model's own, else what suits the data. */
static snug_status settle_loss(snug_model *model, snug_loss *loss, const snug_dataset *data) {
    if (loss == NULL && model->loss != NULL)
        return SNUG_OK;
    if (loss == NULL)
        loss = snug_dataset_classes(data) > 0 ? snug_softmax_cross_entropy() : snug_mse();
    return snug_model_set_loss(model, loss);
}

static snug_status split_data(trainer *t, const snug_dataset *data) {
    const snug_fit_options *o = t->options;
    if (o->validation > 0.0) {
        snug_status status = snug_dataset_split(data, o->validation, o->seed, &t->train, &t->split);
        t->validation = t->split;
        return status;
    }
    t->train = snug_dataset_share(data);
    t->validation = o->validation_data;
    if (t->train == NULL)
        return snug_error_status();
    return t->validation != NULL ? snug_data_check(t->model, t->validation, "the validation data")
                                 : SNUG_OK;
}

/* Whether a layer wants inputs of mean 0 and variance 1. */
static const char *self_normalizing_name(const snug_model *model) {
    for (size_t i = 0; i < model->plan->count; ++i) {
        const snug_object *f = snug_layer_activation(model->plan->nodes[i].object);
        if (f != NULL && ((const snug_activation_kind *)(const void *)f->kind)->self_normalizing)
            return f->kind->name;
    }
    return NULL;
}

/* Says it where the training rows are far from mean 0 and deviation 1 and are to stay so. */
static snug_status warn_of_scale(const trainer *t) {
    const char *name = self_normalizing_name(t->model);
    double mean = 0, deviation = 0;
    snug_scaler *scaler;
    if (name == NULL)
        return SNUG_OK;
    scaler = snug_scaler_fit(t->train, true);
    if (scaler == NULL)
        return snug_error_status();
    for (size_t j = 0; j < scaler->features; ++j) {
        mean += fabs((double)scaler->shift[j]) / (double)scaler->features;
        deviation += 1.0 / (double)scaler->factor[j] / (double)scaler->features;
    }
    snug_scaler_free(scaler);
    if (mean > 0.25 || deviation < 0.5 || deviation > 2.0)
        snug_log(SNUG_LOG_WARNING,
                 "the inputs are not standardized: on average a feature's mean is %.3g away from 0 "
                 "and its deviation is %.3g; %s wants mean 0 and deviation 1",
                 mean, deviation, name);
    return SNUG_OK;
}

/* Fits the scaler on the training rows, unless the model has one. */
static snug_status settle_preprocessing(trainer *t) {
    snug_scaler *scaler;
    snug_table *table;
    if (t->model->preprocessing != NULL)
        return SNUG_OK;
    if (t->options->keep_scale && warn_of_scale(t) != SNUG_OK)
        return snug_error_status();
    scaler = snug_scaler_fit(t->train, !t->options->keep_scale);
    table = scaler != NULL ? snug_table_copy(t->train->storage->table) : NULL;
    if (table == NULL) {
        snug_scaler_free(scaler);
        return snug_error_status();
    }
    return snug_model_set_preprocessing(t->model, snug_preprocessing_new(table, scaler));
}

static snug_status make_buffers(trainer *t) {
    size_t batch_size = t->options->batch_size > 0 ? t->options->batch_size : 32;
    size_t rows = snug_dataset_rows(t->train);
    snug_status status;
    batch_size = batch_size < rows ? batch_size : rows;
    t->batches_an_epoch = (rows + batch_size - 1) / batch_size;
    t->session = snug_session_new_training(t->model, batch_size, t->options->seed);
    t->order = snug_alloc(rows, sizeof *t->order);
    if (t->session == NULL || t->order == NULL)
        return snug_error_status();
    for (size_t i = 0; i < rows; ++i)
        t->order[i] = i;
    status = snug_batches_start(&t->batches, t->model, t->train, batch_size);
    if (status == SNUG_OK)
        status = snug_tally_start(&t->tally, t->model, snug_dataset_classes(t->train) > 0);
    if (status == SNUG_OK && t->validation != NULL)
        status = snug_judge_start(&t->judge, t->model, t->validation);
    if (status == SNUG_OK) {
        t->history = snug_history_new(t->epochs, t->validation != NULL);
        status = t->history != NULL ? SNUG_OK : snug_error_status();
    }
    return status;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static double schedule_factor(const trainer *t) {
    const snug_schedule_kind *kind;
    if (t->schedule == NULL)
        return 1.0;
    kind = (const snug_schedule_kind *)(const void *)t->schedule->kind;
    return kind->factor(t->schedule->config, t->step, (uint64_t)t->epochs * t->batches_an_epoch);
}

/* gather, forward, loss, backward, update */
static snug_status train_batch(trainer *t, size_t epoch, size_t batch) {
    size_t rows = snug_batches_gather(&t->batches, t->order, batch * t->batches.size);
    const float *z = snug_session_run(t->session, t->batches.x, rows, t->step, NULL, NULL);
    double sum = snug_session_backward(t->session, t->model->loss, &t->batches.targets);
    snug_status status;
    if (!isfinite(sum))
        return snug_fail(
            SNUG_ERROR_DIVERGED,
            "the loss became %s at epoch %zu, batch %zu: a smaller learning rate may help",
            isnan(sum) ? "NaN" : "infinite", epoch, batch + 1);
    snug_tally_add(&t->tally, rows, z, &t->batches.targets, sum);
    status = snug_optimizer_apply(t->optimizer, t->model->plan->parameters, schedule_factor(t),
                                  t->session->gradients, t->model->parameters);
    ++t->step;
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
    if (t->options->callback == NULL || t->options->callback(&progress, t->options->user))
        return SNUG_OK;
    return snug_fail(SNUG_STOPPED, "stopped by the callback at epoch %zu, batch %zu", epoch,
                     batch + 1);
}

static void shuffle(trainer *t, size_t epoch) {
    snug_random stream = {
        .seed = t->options->seed, .purpose = SNUG_PURPOSE_SHUFFLE, .step = (uint32_t)epoch};
    if (!t->options->keep_order)
        snug_random_shuffle(&stream, snug_dataset_rows(t->train), t->order);
}

static snug_status train_epoch(trainer *t, size_t epoch) {
    shuffle(t, epoch);
    snug_tally_reset(&t->tally);
    for (size_t batch = 0; batch < t->batches_an_epoch; ++batch) {
        snug_status status = train_batch(t, epoch, batch);
        if (status != SNUG_OK)
            return status;
        if (t->options->callback == NULL)
            continue;
        snug_tally_read(&t->tally, &t->train_metrics);
        status = report(t, epoch, batch, false);
        if (status != SNUG_OK)
            return status;
    }
    snug_tally_read(&t->tally, &t->train_metrics);
    if (t->validation != NULL)
        snug_judge_run(&t->judge, &t->validation_metrics, 0, NULL);
    snug_history_add(t->history, &t->train_metrics,
                     t->validation != NULL ? &t->validation_metrics : NULL);
    return report(t, epoch, t->batches_an_epoch - 1, true);
}

static snug_status prepare(trainer *t, const snug_dataset *data) {
    snug_status status = split_data(t, data);
    if (status == SNUG_OK)
        status = settle_preprocessing(t);
    if (status == SNUG_OK && t->model->parameters == NULL)
        status = snug_model_init(t->model, t->options->seed);
    return status == SNUG_OK ? make_buffers(t) : status;
}

static void clear(trainer *t) {
    snug_dataset_free(t->train);
    snug_dataset_free(t->split);
    snug_optimizer_free(t->optimizer);
    snug_session_free(t->session);
    snug_batches_clear(&t->batches);
    snug_tally_clear(&t->tally);
    snug_judge_clear(&t->judge);
    snug_release(t->order);
}

static snug_status run(trainer *t, const snug_dataset *data) {
    snug_status status = prepare(t, data);
    for (size_t epoch = 1; epoch <= t->epochs && status == SNUG_OK; ++epoch)
        status = train_epoch(t, epoch);
    return status;
}

/* Checks the model, which may lack weights, and the data; settles the loss. */
static snug_status check(snug_model *model, const snug_dataset *data, snug_fit_options *o) {
    snug_loss *loss = o->loss;
    snug_status status = snug_model_check_layers(model);
    o->loss = NULL;
    if (status == SNUG_OK)
        status = check_options(o);
    if (status == SNUG_OK && data == NULL)
        status = snug_fail_null("the data");
    if (status != SNUG_OK) {
        snug_loss_free(loss);
        return status;
    }
    status = settle_loss(model, loss, data);
    return status == SNUG_OK ? snug_data_check(model, data, "the data") : status;
}

snug_status snug_fit(snug_model *model, const snug_dataset *data, const snug_fit_options *options,
                     snug_history **history) {
    snug_fit_options o = options != NULL ? *options : (snug_fit_options){0};
    trainer t = {.model = model, .options = &o, .epochs = o.epochs > 0 ? o.epochs : 10};
    snug_status status = check(model, data, &o);
    t.schedule = snug_schedule_object(o.schedule);
    t.optimizer = o.optimizer;
    if (status == SNUG_OK && t.optimizer == NULL) {
        t.optimizer = snug_adam(0.001);
        status = t.optimizer != NULL ? SNUG_OK : snug_error_status();
    }
    if (status == SNUG_OK)
        status = run(&t, data);
    clear(&t);
    snug_schedule_free(o.schedule);
    if (history != NULL)
        *history = t.history;
    else
        snug_history_free(t.history);
    return status;
}
