/* snug_fit(): a whole training run. */
#include <snug/train.h>

#include "data_init/snapshot.h"
#include "train/ema.h"
#include "train/epoch.h"
#include "train/fit_check.h"
#include "train/fit_options.h"
#include "train/history.h"
#include "train/run_state.h"
#include "train/trainer.h"

/* Does all before the first step; where it fails, the model is as it was. */
static snug_status start(snug_trainer *t, const snug_dataset *data) {
    snug_snapshot snapshot;
    snug_status status = snug_model_check_layers(t->model);
    if (status == SNUG_OK) {
        status = snug_snapshot_keep(&snapshot, t->model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    status = snug_trainer_start(t, data);
    if (status == SNUG_OK) {
        status = snug_run_start_checkpoints(t);
    }
    if (status != SNUG_OK) {
        snug_snapshot_restore(&snapshot, t->model);
        snug_history_free(t->metrics.history);
        t->metrics.history = NULL;
    }
    snug_snapshot_clear(&snapshot);
    return status;
}

/* Warns of metrics without a value, but not of that which early stopping has warned of. */
static snug_status warn_of_undefined(const snug_trainer *t) {
    const snug_early_stopping_state *stopping = &t->metrics.early_stopping;
    bool warned = stopping->options != NULL && stopping->best_epoch == 0;
    return snug_history_warn_of_undefined(t->metrics.history,
                                          warned ? stopping->metric->name : NULL);
}

/*
 * Trains the epochs. However they end, the model then has its averaged weights or those of the best
 * epoch, where it is to have them: the last weights of a run that was stopped or diverged are
 * rarely the best.
 */
static snug_status run(snug_trainer *t) {
    const snug_training_progress *p = &t->progress;
    snug_status status = t->checkpoints.resumed ? snug_train_resume(t) : SNUG_OK;
    while (p->epoch < p->epochs && status == SNUG_OK && !p->done) {
        status = snug_train_epoch(t, p->epoch + 1);
    }
    if (status == SNUG_STOPPED) {
        snug_status saved = snug_run_save(t);
        status = saved != SNUG_OK ? saved : status;
    }
    snug_ema_show(t->step.ema, t->model, true);
    size_t best = snug_early_stopping_restore(&t->metrics.early_stopping, t->model);
    if (best > 0) {
        snug_history_set_best(t->metrics.history, best);
    }
    if (status == SNUG_OK) {
        status = snug_fit_check_weights(t->model, p->epoch);
    }
    if (status == SNUG_OK || status == SNUG_STOPPED) {
        snug_status calibrated = snug_trainer_calibrate(t);
        status = calibrated != SNUG_OK ? calibrated : status;
    }
    return status == SNUG_OK ? warn_of_undefined(t) : status;
}

snug_status snug_fit(snug_model *model, const snug_dataset *data, const snug_fit_options *options,
                     snug_history **history) {
    snug_fit_options o = options != NULL ? *options : (snug_fit_options){0};
    snug_trainer t = {.model = model, .options = &o};
    snug_status status = snug_trainer_take_handles(&t);
    if (status == SNUG_OK) {
        status = snug_fit_options_complete(&o);
    }
    if (status == SNUG_OK) {
        status = start(&t, data);
    }
    if (status == SNUG_OK) {
        status = run(&t);
    }
    snug_run_clear_checkpoints(&t);
    snug_trainer_clear(&t);
    if (history != NULL) {
        *history = t.metrics.history;
    } else {
        snug_history_free(t.metrics.history);
    }
    return status;
}
