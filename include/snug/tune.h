/*
 * Tuning: a search for the values of an experiment's fields that are best on validation rows.
 *
 *     snug_experiment *file = snug_experiment_read("iris.json", NULL, 0);
 *     snug_tuning *tuning = NULL;
 *     snug_tune(file, &(snug_tune_options){.trials = 30, .jobs = 2}, &tuning);
 *     snug_model_save(snug_tuning_model(tuning), "iris.safetensors");
 *     snug_tuning_free(tuning);
 */
#ifndef SNUG_TUNE_H
#define SNUG_TUNE_H

#include <snug/experiment.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a search has found. */
typedef struct snug_tuning snug_tuning;

/* How a trial ended. */
typedef enum snug_trial_status {
    SNUG_TRIAL_OK,
    SNUG_TRIAL_FAILED, /* as by a loss that became infinite, or values that do not go together */
    SNUG_TRIAL_STOPPED /* by the callback, or because the time was over */
} snug_trial_status;

/* Returns "ok", "failed" or "stopped". */
SNUG_API const char *snug_trial_status_name(snug_trial_status status);

/*
 * One trial: the experiment with other values. Where it was trained several times, each time for
 * more epochs (see .rungs of snug_tune_options), this is the last time that did not fail.
 */
typedef struct snug_trial {
    size_t number;      /* 0 is the experiment as it is */
    const char *values; /* a JSON object, {"train.batch_size":64}; belongs to the tuning */
    snug_trial_status status;
    double metric, loss; /* of the validation rows; NaN where it failed */
    size_t rung, epochs; /* the rung, from 0, and the epochs that were trained */
    double seconds;
    const char *message; /* why it failed, or ""; belongs to the tuning */
} snug_trial;

/* Where a search is. */
typedef struct snug_tune_progress {
    const snug_trial *trial; /* that has just ended, valid in the call; NULL: after an epoch */
    size_t done, planned;    /* trainings that have ended; trials that there will be, 0: unknown */
    double best;             /* the best metric so far; NaN before the first */
    double seconds;
} snug_tune_progress;

/*
 * Returns false to stop the search; snug_tune() then returns SNUG_STOPPED, with what is there. It
 * is called by the thread of any trial, one call at a time.
 */
typedef bool snug_tune_callback_fn(const snug_tune_progress *progress, void *user);

/* Zero is every member's default, but one of .trials and .seconds is needed, except for a grid. */
typedef struct snug_tune_options {
    /*
     * The space as JSON, borrowed: an object from paths, as "train.epochs" or, for one value of all
     * hidden layers, "model.layers[*].units", to lists of values or to {"uniform": [a, b]},
     * {"log_uniform": [a, b]}, {"integer": [a, b]}, {"log_integer": [a, b]}. NULL: one that is made
     * for the experiment: see snug_tune_space().
     */
    const char *space;
    const char *space_name; /* of the space in error messages, such as its file; NULL: "space" */
    size_t trials;          /* the first of which is the experiment as it is; 0: until the time */
    double seconds;         /* no trial starts that would end later, as far as is known; 0: any */
    size_t jobs; /* trials side by side, a thread each; 0: as many as the process may use */
    /*
     * All combinations of lists and of ranges with "points": N, not random ones. Trial 0 is the
     * combination that the experiment has, if it is one of them. A warning is logged where .trials
     * are too few for all.
     */
    bool grid;
    const char *metric; /* borrowed; NULL: that of early stopping, otherwise "loss" */
    size_t ensemble;    /* how many models are averaged at most; 0: 1 */
    /*
     * Successive halving (Jamieson and Talwalkar 2016, "Non-stochastic best arm identification"):
     * trials come in brackets of 3^(rungs - 1), train for the experiment's epochs / 3^(rungs - 1),
     * with schedules stretched to that, and the best third of them goes on to the next rung, where
     * it is trained anew for three times as many. 0: 1 rung, which is full training.
     */
    size_t rungs;
    const char *journal; /* borrowed path of a file that a killed search is resumed from, or NULL */
    snug_tune_callback_fn *callback;
    void *user;
} snug_tune_options;

/*
 * Searches, and gives the caller *tuning, to be freed with snug_tuning_free(). Only the validation
 * rows choose: the test rows are evaluated once, at the end.
 *
 * The values of a trial are a pure function of the experiment's seed and the trial's number, and
 * with .trials the result does not depend on .jobs. All trials have the seed of the experiment, so
 * that the best one is what the best experiment trains. The data is read once for all trials that
 * read it in the same way. A trial that fails is recorded, and the search goes on.
 *
 * With a journal each training is a line of JSON there as soon as it ends. The same call reads it
 * and goes on, to the same result; a torn last line is ignored. The journal of another search is an
 * error. Models that may be needed are kept beside it until the search ends. Where the disk is
 * full, a warning is logged, by the thread of any trial, and the search goes on without a journal.
 *
 * Fails where there are no validation rows, where the space is wrong, and where all trials fail.
 */
SNUG_API snug_status snug_tune(const snug_experiment *experiment, const snug_tune_options *options,
                               snug_tuning **tuning);

/*
 * Returns the default space of an experiment as JSON, which the caller frees with snug_free(). An
 * experiment of a recipe has that of the recipe. Others have their learning rate, decay, batch size
 * and label smoothing, of hidden layers the units, the dropout rates and the activations, and
 * embeddings of numbers, all around the given values. `metric` is that of snug_tune_options, or
 * NULL. Returns NULL on failure.
 */
SNUG_API char *snug_tune_space(const snug_experiment *experiment, const char *metric);

/* Returns the name of the metric that the search went by; it belongs to the tuning. */
SNUG_API const char *snug_tuning_metric(const snug_tuning *tuning);

/* Return the number of trials, and one of them, the best first, then those that failed. */
SNUG_API size_t snug_tuning_trial_count(const snug_tuning *tuning);
SNUG_API snug_status snug_tuning_trial(const snug_tuning *tuning, size_t index, snug_trial *trial);

/* Fewer trials than this do not tell how much a field matters. */
enum { SNUG_IMPORTANCE_MIN_TRIALS = 8 };

/*
 * How much a field of the space matters: the share of the variance of the trials' ranks that the
 * field explains by itself, from 0 to 1. The trials are grouped by the values of a list, or by
 * quarters of a range; the share of the variance between groups is corrected for what random groups
 * would explain (epsilon squared; Kelley 1935). It misses what fields do only together, is blurred
 * with few trials, and describes the space that was searched, not the model at its best.
 */
typedef struct snug_importance {
    const char *path; /* belongs to the tuning */
    double share;     /* NaN with fewer than SNUG_IMPORTANCE_MIN_TRIALS */
} snug_importance;

SNUG_API size_t snug_tuning_importance_count(const snug_tuning *tuning);
SNUG_API snug_status snug_tuning_importance(const snug_tuning *tuning, size_t index,
                                            snug_importance *importance);

/* Returns the experiment with the best values as JSON, for snug_free(); NULL on failure. */
SNUG_API char *snug_tuning_config(const snug_tuning *tuning);

/* Returns the best model, or the ensemble of the best; it belongs to the tuning. */
SNUG_API const snug_model *snug_tuning_model(const snug_tuning *tuning);

/*
 * One model of the result. An ensemble is made by greedy forward selection with replacement
 * (Caruana et al. 2004, "Ensemble selection from libraries of models"): again and again that model
 * joins with which the mean of the predictions is best on the validation rows; one that joins k
 * times has the weight k. With a threshold metric, that of the best trial, the mean decides between
 * two classes at a threshold that is fitted to the same rows, not at those of its members.
 */
typedef struct snug_tuning_member {
    size_t trial;
    size_t weight;
} snug_tuning_member;

SNUG_API size_t snug_tuning_member_count(const snug_tuning *tuning);
SNUG_API snug_status snug_tuning_get_member(const snug_tuning *tuning, size_t index,
                                            snug_tuning_member *member);

/*
 * Return the metrics of the model of the result on the validation rows, which chose it and are
 * therefore optimistic, and on the test rows. They belong to the tuning; NULL: there are no such
 * rows.
 */
SNUG_API const snug_metrics *snug_tuning_validation(const snug_tuning *tuning);
SNUG_API const snug_metrics *snug_tuning_test(const snug_tuning *tuning);

/* Frees a tuning with its model; takes NULL. */
SNUG_API void snug_tuning_free(snug_tuning *tuning);

#ifdef __cplusplus
}
#endif
#endif
