/* Folds: training on all rows but some, in turn, so that each row is a validation row once. */
#ifndef SNUG_FOLDS_H
#define SNUG_FOLDS_H

#include <snug/experiment.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Several trainings of one experiment. The rows are divided into K folds; member k of them is
 * trained on all rows but those of fold k, which are its validation rows, for early stopping and
 * for its metrics. Each of S seeds shuffles the folds anew and gives other weights, so that there
 * are K x S members. Together they are an ensemble, or they tell for how many epochs a model is
 * trained on all rows.
 *
 * Calibration is fitted to the out-of-fold predictions of all rows, those of each member for its
 * own fold: one temperature and one threshold, which all members and models of all rows have.
 *
 *     snug_dataset *rows, *validation, *test;
 *     snug_folds *folds;
 *     status = snug_folds_load(experiment, &rows, &validation, &test);
 *     status = snug_folds_train(experiment, rows, &(snug_folds_options){.folds = 5}, &folds);
 *     status = snug_model_save(snug_folds_model(folds), "model.safetensors");
 */
typedef struct snug_folds snug_folds;

/* Where a run is. Called after batches of any member, from any thread, but never twice at once. */
typedef struct snug_folds_progress {
    size_t members;                /* that are trained, without those of a refit */
    size_t finished;               /* that are done */
    size_t member;                 /* that this is about, from 0 */
    bool refit;                    /* the member is trained on all rows */
    const snug_progress *training; /* its own progress */
} snug_folds_progress;

/* Returns false to stop all members; snug_folds_train() then returns SNUG_STOPPED. */
typedef bool snug_folds_callback_fn(const snug_folds_progress *progress, void *user);

/* The largest number of seeds. */
#define SNUG_MAX_SEEDS 1000

typedef struct snug_folds_options {
    size_t folds; /* K: from 2 to the number of rows, or of groups where the data has them */
    size_t seeds; /* S; 0: 1; at most SNUG_MAX_SEEDS */
    /*
     * After the folds S models are trained on all rows, for as many epochs as the best ones of the
     * members are on average, rounded, with the schedules stretched to them. They are the result.
     */
    bool refit;
    /*
     * Members that are trained at the same time, each in one thread; with more threads than members
     * each has several. 0: as many as the process may use. The bits are the same for any number,
     * as those of snug_fit() are.
     */
    size_t threads;
    /*
     * A directory for checkpoints, which is made where it is missing, and which the run locks;
     * NULL: none are saved; borrowed. Each training has its own, member-0.safetensors ... and, of a
     * refit, refit-0.safetensors ...; the options are those of snug_fit_options. With .resume the
     * trainings that were finished are not repeated, and the others go on; the model has the same
     * bits.
     */
    const char *checkpoint;
    size_t checkpoint_every, checkpoint_every_steps;
    bool resume, allow_drift;
    snug_folds_callback_fn *callback; /* NULL: none */
    void *user;
} snug_folds_options;

/*
 * Gives the caller new datasets, all to be freed, as snug_experiment_load() does: the rows for the
 * folds, which are the training rows together with a validation share; the validation rows of a
 * file or of a split column, which serve evaluation only, or NULL; and the test rows, or NULL.
 */
SNUG_API snug_status snug_folds_load(const snug_experiment *experiment, snug_dataset **rows,
                                     snug_dataset **validation, snug_dataset **test);

/*
 * Sets fold_of[rows of the data] to the fold, from 0, of each row: every row is in one fold. Folds
 * differ by at most one row, and so do those of each class. The folds are a pure function of data,
 * count and seed. Where the rows have groups each is in one fold as a whole, and folds and classes
 * are as even as that allows. Fails for fewer than 2 folds and for more than rows or groups.
 */
SNUG_API snug_status snug_folds_assign(const snug_dataset *data, size_t count, uint64_t seed,
                                       size_t *fold_of);

/*
 * Trains the members. *folds is the caller's, also where it is stopped by the callback: its model
 * is then that of the members that were finished, if there are any. Otherwise it is NULL on
 * failure; a member that fails is named: "fold 2 of 5, seed 1 of 1: ...".
 */
SNUG_API snug_status snug_folds_train(const snug_experiment *experiment, const snug_dataset *rows,
                                      const snug_folds_options *options, snug_folds **folds);

/* Frees the folds with their model; takes NULL. */
SNUG_API void snug_folds_free(snug_folds *folds);

/*
 * Returns the model, which belongs to the folds: the ensemble of all members, or what was trained
 * on all rows, one model or an ensemble of one for each seed. NULL where the run was stopped before
 * any member was finished.
 */
SNUG_API const snug_model *snug_folds_model(const snug_folds *folds);

/* Returns for how many epochs the models on all rows were trained; 0 where there are none. */
SNUG_API size_t snug_folds_refit_epochs(const snug_folds *folds);

/* A member and how well it predicts its fold. */
typedef struct snug_fold {
    bool finished;        /* if not, only .fold and .seed are known */
    size_t fold, seed;    /* from 0 */
    size_t epochs;        /* that it was trained for */
    size_t best_epoch;    /* whose weights it has, from 1 */
    snug_metrics metrics; /* of the rows of its fold, by the metrics of the experiment */
} snug_fold;

/* Returns the number of members, K x S. */
SNUG_API size_t snug_folds_member_count(const snug_folds *folds);

/* Sets *fold to member number i, from 0: fold i % K of seed i / K. */
SNUG_API snug_status snug_folds_member(const snug_folds *folds, size_t i, snug_fold *fold);

/*
 * Set *mean and *deviation, each of which may be NULL, to the means and the sample standard
 * deviations (0 of one member) of the metrics of all finished members.
 */
SNUG_API snug_status snug_folds_metrics(const snug_folds *folds, snug_metrics *mean,
                                        snug_metrics *deviation);

/*
 * What the members predict for a row that they were not trained on. With several seeds the
 * prediction is the mean, and the fold that of the first seed.
 */
typedef struct snug_out_of_fold {
    size_t fold;             /* from 0 */
    const float *prediction; /* as snug_predict() writes it; belongs to the folds */
    int32_t class_index;     /* that is predicted; 0 where the targets are values */
} snug_out_of_fold;

/*
 * Sets *prediction for a row of the data, from 0; snug_dataset_row_number() of the same row is its
 * number in the file that the data was read from. Fails where not all members are finished.
 */
SNUG_API snug_status snug_folds_out_of_fold(const snug_folds *folds, size_t row,
                                            snug_out_of_fold *prediction);

/*
 * Returns a string that belongs to the folds: warning number `index`, from 0, as the log got it;
 * NULL past the last. One that not every training gave has their number at its end.
 */
SNUG_API const char *snug_folds_warning(const snug_folds *folds, size_t index);

#ifdef __cplusplus
}
#endif
#endif
