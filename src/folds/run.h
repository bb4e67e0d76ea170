/*
 * A run over folds: what it is given, and what it has found out.
 *
 *     assignment.c           which fold each row belongs to
 *     training.c             one training: its rows, its seed, its metrics, its predictions
 *     members.c              all of them, side by side in threads; what they warned of
 *     shared_calibration.c   one temperature and one threshold, fitted on all folds
 *     folds.c                the whole run
 *     results.c              access to what it has found out
 */
#ifndef SNUG_FOLDS_RUN_H
#define SNUG_FOLDS_RUN_H

#include <pthread.h> /* IWYU pragma: export */
#include <stdatomic.h>

#include <snug/folds.h> /* IWYU pragma: export */

#include "calibration/calibration.h"
#include "checkpoint/lock.h"
#include "core/warnings.h"
#include "experiment/experiment.h"

/* One training: of a member, on the rows outside of its fold, or on all rows. */
typedef struct snug_fold_training {
    snug_fold result;
    bool refit;            /* on all rows */
    size_t epochs;         /* of a refit */
    size_t threads;        /* of its own */
    uint64_t seed;         /* of weights, shuffles and masks */
    snug_model *model;     /* owned; NULL until it is finished */
    snug_status status;    /* how it ended */
    char *error;           /* its error message, owned, or NULL */
    snug_strings warnings; /* owned, each once */
} snug_fold_training;

struct snug_folds {
    size_t fold_count, seed_count, row_count;
    size_t outputs;              /* numbers of a prediction */
    size_t *fold_of;             /* seed_count x row_count */
    snug_fold_training *members; /* fold_count x seed_count */
    snug_fold_training *refits;  /* seed_count, or NULL */
    size_t refit_epochs;
    float *predictions; /* seed_count x row_count x outputs; then the first has their means */
    int32_t *classes;   /* row_count */
    bool complete;      /* all members are finished */
    snug_model *model;  /* owned, or NULL */
    snug_warnings warnings;
};

/* What all trainings of a run share. */
typedef struct snug_folds_run {
    const snug_experiment *experiment;
    const snug_dataset *rows;
    const snug_folds_options *options;
    snug_model *template;                 /* without weights: each training copies it */
    snug_calibration_options calibration; /* what is fitted after the folds */
    snug_folds *folds;
    atomic_size_t next; /* the training that the next free thread takes */
    atomic_bool stop;   /* one failed, or the callback wants to stop */
    atomic_size_t finished;
    pthread_mutex_t lock;           /* of the callback */
    snug_checkpoint_lock directory; /* of the checkpoints */
} snug_folds_run;

#endif
