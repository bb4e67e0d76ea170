/*
 * The state of a training run. Everything is allocated before the first step; a step allocates
 * nothing.
 */
#ifndef SNUG_TRAIN_TRAINER_H
#define SNUG_TRAIN_TRAINER_H

#include <snug/train.h>

#include "checkpoint/lock.h"
#include "inspection/inspector.h"
#include "metrics/evaluate.h"
#include "schedules/schedule.h" /* IWYU pragma: export */
#include "session/batches.h"
#include "train/early_stopping.h"
#include "train/step.h"

/* The rows, and the order in which they are used. */
typedef struct snug_training_data {
    snug_dataset *train;      /* owned: a view of the caller's data, or a copy of its rows */
    snug_dataset *validation; /* owned: the share that was split off, the caller's data, or NULL */
    size_t *order;            /* owned: training rows, shuffled before each epoch */
    snug_batches batches;     /* of .train */
} snug_training_data;

/* How long a run takes, and how far it has come. */
typedef struct snug_training_progress {
    size_t epochs;
    size_t batches_per_epoch, batches_per_step;
    size_t epoch;         /* in work, or the last one; from 1; 0: none yet */
    size_t epoch_batches; /* that it has made */
    bool epoch_ended;     /* it was evaluated, and is in the history */
    uint64_t batch;       /* batches that went backward: selects the masks of random layers */
    bool done;            /* training ends before the last epoch */
} snug_training_progress;

/* Where and when checkpoints are saved: train/run_state.h. */
typedef struct snug_training_checkpoints {
    char *path;                /* of the file; owned; NULL: there are none */
    char *conditions;          /* of the run, as JSON; owned */
    uint64_t saved_step;       /* of the last one */
    bool resumed;              /* the run continues one */
    snug_checkpoint_lock lock; /* of the directory */
} snug_training_checkpoints;

/* A factor that changes from step to step: see schedules/schedule.h. */
typedef struct snug_scheduled_factor {
    snug_object *schedule; /* owned, or NULL: the factor is 1 */
    double state[SNUG_SCHEDULE_STATE];
} snug_scheduled_factor;

/* The factors on the learning rate and on the weight decay. */
typedef struct snug_schedules {
    snug_schedule_time time;
    snug_scheduled_factor rate, decay;
} snug_schedules;

/* What is measured, and what came out. */
typedef struct snug_training_metrics {
    snug_selection selection;
    snug_metric_accumulator accumulator; /* of the training rows, as they pass */
    snug_evaluator evaluator;            /* of the validation rows */
    snug_metrics train, validation;      /* of the epoch */
    snug_early_stopping_state early_stopping;
    snug_history *history;             /* given to the caller of snug_fit() at the end */
    snug_inspector *inspector;         /* of the layers; NULL: they are not inspected */
    const snug_inspection *inspection; /* after the step before this callback; or NULL */
} snug_training_metrics;

typedef struct snug_trainer {
    snug_model *model;               /* borrowed */
    const snug_fit_options *options; /* complete: see snug_fit_options_complete() */
    snug_object *loss;               /* owned until the model takes it; or NULL */
    snug_optimizer *optimizer;       /* owned */
    snug_training_data data;
    snug_training_progress progress;
    snug_schedules schedules;
    snug_training_metrics metrics;
    snug_training_checkpoints checkpoints;
    snug_session *session;
    snug_train_step step; /* its average of the weights, or NULL, is owned here */
} snug_trainer;

/*
 * Takes over the loss, the optimizer and the schedules of the options, all of them also where one
 * fails.
 */
snug_status snug_trainer_take_handles(snug_trainer *t);

/*
 * Checks options and data, sets the model's loss, scaling and initial weights, and makes all
 * buffers. t->model and t->options are set; t is to be cleared also when it fails.
 */
snug_status snug_trainer_start(snug_trainer *t, const snug_dataset *data);

/*
 * Fits the model's temperature and threshold on the validation rows, by the options, with the
 * weights that it ends with.
 */
snug_status snug_trainer_calibrate(snug_trainer *t);

/* Frees all but the model, the options and the history. */
void snug_trainer_clear(snug_trainer *t);

#endif
