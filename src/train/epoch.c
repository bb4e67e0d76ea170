#include <math.h>

#include "core/status.h"
#include "cpu/cpu.h"
#include "optim/optimizer.h"
#include "session/backward.h"
#include "train/batch.h"
#include "train/ema.h"
#include "train/epoch.h"
#include "train/full_batch.h"
#include "train/history.h"
#include "train/run_state.h"

/*
 * Makes the gradients of the batch that went forward, and steps after the last batch of a group of
 * batches that make one step together; the last group of an epoch may have fewer.
 */
static snug_status backward_and_step(snug_trainer *t, size_t batch) {
    const snug_training_progress *p = &t->progress;
    bool steps = (batch + 1) % p->batches_per_step == 0 || batch + 1 == p->batches_per_epoch;
    snug_status status = SNUG_OK;
    if (steps) {
        status = snug_train_step_run(&t->step, snug_train_step_factors(t));
        t->schedules.time.step += status == SNUG_OK;
    } else {
        snug_session_backward(t->session, NULL, NULL);
    }
    t->progress.batch++;
    return status;
}

/*
 * Trains on one batch: gather, forward, loss, backward, optimizer step. Denormal numbers are
 * flushed to 0 meanwhile: gradients of a trained network are full of them, and they are slow.
 */
static snug_status train_batch(snug_trainer *t, size_t epoch, size_t batch) {
    snug_loss_sum loss = {0};
    unsigned cpu_state = snug_cpu_flush_denormals();
    snug_status status = snug_train_forward(t, batch, &loss);
    if (status == SNUG_OK) {
        status = isfinite(loss.sum) ? backward_and_step(t, batch)
                                    : snug_train_diverged(loss.sum, epoch, batch);
    }
    snug_cpu_restore(cpu_state);
    return status;
}

/* Inspects the layers for the next callback. */
static snug_status inspect(snug_trainer *t) {
    snug_training_metrics *m = &t->metrics;
    m->inspection = snug_inspector_run(m->inspector, &t->schedules.time);
    return m->inspection != NULL ? SNUG_OK : snug_error_status();
}

/* Inspects the layers where steps were made since `before` and it is time. */
static snug_status inspect_if_due(snug_trainer *t, uint64_t before) {
    uint64_t step = t->schedules.time.step;
    t->metrics.inspection = NULL;
    bool due =
        t->metrics.inspector != NULL && step != before && step % t->options->inspect.every == 0;
    return due ? inspect(t) : SNUG_OK;
}

/* Calls the callback of the options; fails with SNUG_STOPPED where it returns false. */
static snug_status report(snug_trainer *t, size_t epoch, size_t batch, bool epoch_end) {
    snug_progress progress = {
        .epoch = epoch,
        .epochs = t->progress.epochs,
        .batch = batch + 1, /* of SIZE_MAX, before the first batch, 0 */
        .batches = t->progress.batches_per_epoch,
        .epoch_end = epoch_end,
        .train = &t->metrics.train,
        .validation = epoch_end && t->data.validation != NULL ? &t->metrics.validation : NULL,
        .model = t->model,
        .step = t->schedules.time.step,
        .inspection = t->metrics.inspection,
        .history = t->metrics.history,
    };
    if (t->options->callback == NULL || t->options->callback(&progress, t->options->user)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_STOPPED, "stopped by the callback at epoch %zu, batch %zu", epoch,
                     batch + 1);
}

/* Makes the batches of an epoch that are not made yet; all of them, unless it was resumed. */
static snug_status train_batches(snug_trainer *t, size_t epoch) {
    snug_training_metrics *m = &t->metrics;
    size_t *batch = &t->progress.epoch_batches;
    if (*batch == 0) {
        snug_train_shuffle(t, epoch);
        snug_metric_accumulator_reset(&m->accumulator);
    }
    while (*batch < t->progress.batches_per_epoch) {
        uint64_t before = t->schedules.time.step;
        snug_status status = train_batch(t, epoch, *batch);
        *batch += status == SNUG_OK;
        if (status == SNUG_OK) {
            status = inspect_if_due(t, before);
        }
        if (status == SNUG_OK && t->options->callback != NULL) {
            /* Not what needs the scores of all rows, which take a sort: "roc_auc". */
            snug_metric_accumulator_read(&m->accumulator, SNUG_METRIC_NEEDS_SCORES, &m->train);
            status = report(t, epoch, *batch - 1, false);
        }
        if (status == SNUG_OK) {
            status = snug_run_save_if_due(t);
        }
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

/* Shows the schedules the loss after an epoch: of the validation rows, if there are any. */
static void watch_loss(snug_trainer *t) {
    const snug_metrics *m = t->data.validation != NULL ? &t->metrics.validation : &t->metrics.train;
    double loss = snug_metrics_get(m, "loss");
    snug_schedules *s = &t->schedules;
    snug_schedule_watch(s->rate.schedule, &s->time, loss, s->rate.state);
    snug_schedule_watch(s->decay.schedule, &s->time, loss, s->decay.state);
}

/* Measures the model after the epoch's steps, with its averaged weights if there are any. */
static snug_status evaluate(snug_trainer *t) {
    snug_training_metrics *m = &t->metrics;
    const snug_metrics *validation = NULL;
    snug_metric_accumulator_read(&m->accumulator, 0, &m->train);
    snug_ema_show(t->step.ema, t->model, true);
    if (t->data.validation != NULL) {
        snug_status status = snug_evaluator_run(&m->evaluator, &m->validation);
        if (status != SNUG_OK) {
            return status;
        }
        validation = &m->validation;
    }
    return snug_history_add(m->history, &m->train, validation);
}

/* Calls the callback before the first step, where that is to see the layers. */
static snug_status report_start(snug_trainer *t) {
    if (t->metrics.inspector == NULL || !t->options->inspect.before_first) {
        return SNUG_OK;
    }
    snug_status status = inspect(t);
    return status == SNUG_OK ? report(t, 1, SIZE_MAX, false) : status;
}

/* Makes the steps of an epoch. Of full batches there is one, whose inspection is the epoch's. */
static snug_status train_steps(snug_trainer *t, size_t epoch) {
    uint64_t before = t->schedules.time.step;
    if (!snug_optimizer_iterates(t->optimizer)) {
        snug_status status = train_batches(t, epoch);
        t->metrics.inspection = NULL; /* the last batch's callback has had it */
        return status;
    }
    snug_status status = snug_train_full_batch(t, epoch);
    return status == SNUG_OK ? inspect_if_due(t, before) : status;
}

/* Does what comes after an epoch was reported: fails for early stopping, saves a checkpoint. */
static snug_status end_epoch(snug_trainer *t) {
    const snug_training_progress *p = &t->progress;
    snug_status status =
        snug_early_stopping_check(&t->metrics.early_stopping, p->done || p->epoch == p->epochs,
                                  snug_history_warnings(t->metrics.history));
    return status == SNUG_OK ? snug_run_save_if_due(t) : status;
}

/* Makes the rest of an epoch, from the next batch on. */
static snug_status finish_epoch(snug_trainer *t) {
    snug_training_progress *p = &t->progress;
    size_t epoch = p->epoch;
    snug_ema_show(t->step.ema, t->model, false);
    snug_status status = epoch == 1 && p->epoch_batches == 0 ? report_start(t) : SNUG_OK;
    if (status == SNUG_OK) {
        status = train_steps(t, epoch);
    }
    if (status == SNUG_OK) {
        status = evaluate(t);
    }
    if (status != SNUG_OK) {
        return status;
    }
    watch_loss(t);
    bool stops = snug_early_stopping_watch(&t->metrics.early_stopping, epoch,
                                           &t->metrics.validation, t->model);
    p->done = p->done || stops;
    p->epoch_ended = true;
    status = report(t, epoch, p->batches_per_epoch - 1, true);
    return status == SNUG_OK ? end_epoch(t) : status;
}

snug_status snug_train_epoch(snug_trainer *t, size_t epoch) {
    t->progress.epoch = epoch;
    t->progress.epoch_batches = 0;
    t->progress.epoch_ended = false;
    return finish_epoch(t);
}

/* Tells the callback that the run was resumed. */
static snug_status report_resumed(snug_trainer *t) {
    const snug_training_progress *p = &t->progress;
    const snug_progress progress = {
        .epoch = p->epoch,
        .epochs = p->epochs,
        .batch = p->epoch_ended ? p->batches_per_epoch : p->epoch_batches,
        .batches = p->batches_per_epoch,
        .epoch_end = p->epoch_ended,
        .model = t->model,
        .step = t->schedules.time.step,
        .history = t->metrics.history,
        .resumed = true,
    };
    if (t->options->callback == NULL || t->options->callback(&progress, t->options->user)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_STOPPED, "stopped by the callback at epoch %zu, batch %zu", p->epoch,
                     progress.batch);
}

snug_status snug_train_resume(snug_trainer *t) {
    snug_status status = report_resumed(t);
    if (status != SNUG_OK || t->progress.epoch == 0) {
        return status;
    }
    return t->progress.epoch_ended ? end_epoch(t) : finish_epoch(t);
}
