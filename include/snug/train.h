/* Training: fit, history, and the moving average of weights. */
#ifndef SNUG_TRAIN_H
#define SNUG_TRAIN_H

#include <snug/inspection.h>
#include <snug/metrics.h>
#include <snug/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- history --------------------------------------------------------------------------------- */

/* Metrics after each epoch; losses and metrics of values are in the units of the targets. */
typedef struct snug_history snug_history;

/* Returns the number of epochs, which are numbered from 1; 0 for NULL. */
SNUG_API size_t snug_history_epoch_count(const snug_history *history);

/*
 * Return the metrics of an epoch, from 1, which belong to the history: the running ones of its
 * training batches, and those of the validation rows after it. NULL for an epoch that there is not,
 * for a history of NULL, and where there are no validation rows.
 */
SNUG_API const snug_metrics *snug_history_train(const snug_history *history, size_t epoch);
SNUG_API const snug_metrics *snug_history_validation(const snug_history *history, size_t epoch);

/*
 * Returns the epoch, from 1, whose weights the model has: the last, or the one that early stopping
 * restored; 0 for NULL.
 */
SNUG_API size_t snug_history_best(const snug_history *history);

/*
 * Returns whether early stopping gave the model that epoch's weights, however training ended; false
 * for NULL.
 */
SNUG_API bool snug_history_restored(const snug_history *history);

/*
 * Returns a string that belongs to the history: warning number `index`, from 0, that the run gave,
 * as the log got it; NULL past the last and for NULL. A run warns, before its first step, of
 * columns that are the same in all training rows, of classes that have no training rows or a single
 * one, of categories of the validation data that the training rows do not have, and of targets that
 * do not suit the loss; at its end, of metrics that had no value in any epoch.
 */
SNUG_API const char *snug_history_warning(const snug_history *history, size_t index);

/*
 * Return a string that the caller owns and frees with snug_free(): an epoch, from 1, as one line of
 * JSON, {"epoch":1,"train":{"loss":0.5,...},"validation":{...}}. A value that is not finite is
 * null; validation may be NULL. The first takes an epoch of a history, the second suits a callback.
 * NULL on failure.
 */
SNUG_API char *snug_history_to_json(const snug_history *history, size_t epoch);
SNUG_API char *snug_metrics_to_json(size_t epoch, const snug_metrics *train,
                                    const snug_metrics *validation);

/* Frees a history with its metrics; takes NULL. */
SNUG_API void snug_history_free(snug_history *history);

/* ---- averaged weights ------------------------------------------------------------------------ */

/*
 * Exponential moving average of a model's weights, often better than the last ones: after the first
 * update the weights, after each other decay * average + (1 - decay) * weights. The state, such as
 * batch_norm's running statistics, is averaged in the same way, so that it fits the averaged
 * weights. snug_fit_options.ema does all this; here it is for a loop of one's own.
 */
typedef struct snug_ema snug_ema;

/* Returns a new average, which the caller owns; it borrows the model for the call. */
SNUG_API snug_ema *snug_ema_new(const snug_model *model, double decay);
SNUG_API void snug_ema_free(snug_ema *ema);                                   /* takes NULL */
SNUG_API snug_status snug_ema_update(snug_ema *ema, const snug_model *model); /* after a step */
/* Gives the model the average and keeps its own weights; again: gives them back. */
SNUG_API snug_status snug_ema_swap(snug_ema *ema, snug_model *model);

/* ---- fit ------------------------------------------------------------------------------------- */

/*
 * Where a training run is. Called after each batch (.epoch_end false) and after each epoch; and
 * once with .resumed, before the first step of a run that a checkpoint continues: it then has the
 * epoch and the batch that were the last, and no metrics.
 */
typedef struct snug_progress {
    size_t epoch, epochs;  /* from 1 */
    size_t batch, batches; /* from 1 */
    bool epoch_end;
    const snug_metrics *train;      /* of this epoch so far, within it without "roc_auc" */
    const snug_metrics *validation; /* at the end of an epoch, or NULL */
    const snug_model *model;
    size_t step; /* optimizer steps so far, of the whole run */
    /* of the layers after this step, where .inspect wants it, and valid during the call; or NULL */
    const snug_inspection *inspection;
    const snug_history *history; /* of the epochs so far, also those before a checkpoint */
    bool resumed;
} snug_progress;

/*
 * Returns false to stop; snug_fit() then returns SNUG_STOPPED. The model has the weights of that
 * batch, or those of the best epoch where early stopping keeps them: see snug_history_restored().
 */
typedef bool snug_callback_fn(const snug_progress *progress, void *user);

/*
 * Which epoch's weights a model ends with. An epoch is best if its metric is better by more than
 * min_delta than that of the best before; one whose metric is as good as the best's, or better by
 * less than min_delta, ties with it.
 */
typedef enum snug_keep {
    SNUG_KEEP_BEST = 0,  /* the first of the epochs that tie for the best */
    SNUG_KEEP_LAST_BEST, /* the last of them: where a metric is coarse, it has learned the most */
    SNUG_KEEP_LAST       /* the last epoch */
} snug_keep;

/*
 * Ends training when a metric of the validation rows has not become better by more than min_delta
 * for `patience` epochs. At the end the model gets the weights of the best epoch, also where
 * training was stopped by the callback or failed, as by a loss that became infinite. A metric
 * without a value in any of the first `patience` epochs is an error.
 */
typedef struct snug_early_stopping {
    size_t patience;    /* 0: no early stopping */
    double min_delta;   /* at least 0; of a loss of values in the units of the targets */
    size_t start_epoch; /* the first epoch that counts, such as that after a warmup; 0: 1 */
    const char *metric; /* NULL: "loss"; borrowed */
    snug_keep keep;     /* which weights the model ends with */
    bool keep_last;     /* short for .keep = SNUG_KEEP_LAST */
} snug_early_stopping;

/*
 * When a run inspects the model's layers: after the steps `every`, 2 * every ... the callback gets
 * an inspection of the training rows. The scaled rows, masks and gradients are its own, so that a
 * run with it gives the same bits as one without. Where there is no callback there is none.
 */
typedef struct snug_inspect_steps {
    size_t every;      /* 0: never */
    size_t rows;       /* at most so many, spread evenly over the training rows; 0: 1000 */
    bool before_first; /* before the first step too: the callback then gets batch 0 of epoch 1 */
    bool no_gradients; /* only outputs are measured */
} snug_inspect_steps;

/* The batch size where the options name none. */
enum { SNUG_DEFAULT_BATCH_SIZE = 32 };

typedef struct snug_fit_options {
    /* NULL: the model's, else by the data: softmax_cross_entropy for classes, mse for values */
    snug_loss *loss;
    snug_optimizer *optimizer;            /* NULL: adam */
    snug_schedule *schedule;              /* of the learning rate; NULL: constant */
    snug_schedule *weight_decay_schedule; /* of the optimizer's weight_decay; NULL: constant */
    bool keep_biases;  /* no weight decay of biases, nor of a normalization's weights */
    size_t epochs;     /* 0: 10 */
    size_t batch_size; /* 0: SNUG_DEFAULT_BATCH_SIZE; the last of an epoch may be smaller */
    double validation; /* share of the rows split off, in [0, 1); stratified for classes */
    /* instead of a share, matched by names with the training data: see snug_evaluate(); borrowed */
    const snug_dataset *validation_data;
    uint64_t seed; /* of the weights, the split, the shuffles and the masks */
    /*
     * Threads that share out a step, of layers that allow it, and a pass over the validation rows;
     * 0: as many as its work is worth and the process may use; at most SNUG_MAX_THREADS.
     * OpenBLAS's own threads are the process's: see openblas_set_num_threads().
     */
    size_t threads;
    bool keep_order;      /* batches in the data's order, not shuffled each epoch */
    snug_scaling scaling; /* of the features, by the training rows */
    /* of targets that are values, by the training rows, for losses that allow it: <snug/loss.h> */
    snug_target_scaling target_scaling;
    /*
     * Predicted values are clipped to the range of the training rows' targets, which the model
     * keeps; so are those that metrics are of, while the loss is of the values as they are. Fails
     * where the targets are classes. A model that has such a range keeps it, and another run with
     * this option widens it.
     */
    bool clip_predictions;
    double clip_norm;  /* largest norm of a step's gradients over all parameters; 0: any */
    double clip_value; /* largest absolute value of each, clipped before the norm; 0: any */
    size_t accumulate; /* batches whose rows make one step together; 0: 1 */
    double ema; /* decay of a moving average of weights and state, which validation, callbacks after
                          an epoch and the trained model have; 0: none */
    const char *const *metrics; /* names of what each epoch gives beside the loss; borrowed */
    size_t metric_count;        /* 0: accuracy for classes, mae and r2 for values */
    snug_early_stopping early_stopping; /* needs validation rows */
    /*
     * What is fitted on the validation rows after the last epoch: <snug/metrics.h>; borrowed. A
     * run that starts drops what the model had of it.
     */
    const char *calibration;      /* "temperature"; NULL: none */
    const char *threshold_metric; /* the metric by which two classes are decided; NULL: 0.5 is */
    bool strict; /* each warning is an error, which ends training; see snug_history_warning() */
    snug_inspect_steps inspect; /* of layers, for the callback */
    /*
     * A directory for a checkpoint, checkpoint.safetensors, which is made where it is missing;
     * NULL: none is saved; borrowed. A checkpoint has everything that the next step depends on.
     * One is saved at the end too, and where the callback stops the run. A run that starts anew
     * does not replace one that is there: it fails.
     */
    const char *checkpoint;
    /*
     * The checkpoint's name without ".safetensors"; borrowed. NULL: "checkpoint", and the run locks
     * the directory. Under other names several runs may share a directory, which none of them
     * locks.
     */
    const char *checkpoint_name;
    size_t checkpoint_every; /* epochs from one to the next; 0: 1, or none with the steps below */
    size_t checkpoint_every_steps; /* optimizer steps from one to the next; 0: none within epochs */
    /*
     * Continues the run of the checkpoint, with the same options and data, to the bits that it
     * would have given uninterrupted. Without a checkpoint the run starts from the beginning, and
     * the log says so. Options, data, seed, version, CPU path or, where OpenBLAS computes, its
     * kernels and the threads that differ from the checkpoint's are SNUG_ERROR_ARGUMENT, by their
     * names.
     */
    bool resume;
    /*
     * Resume all the same, as with more epochs, another rate or more rows; what follows from the
     * data, as the scaling of features, is fitted to those that are given. The kind of optimizer,
     * the metrics and the shapes of the model's tensors must agree.
     */
    bool allow_drift;
    /*
     * What the weights were before the first step, such as the path of a model that they are of: a
     * condition of checkpoints, and only a name, by which nothing is read; borrowed. NULL: none.
     */
    const char *start_from;
    snug_callback_fn *callback;
    void *user;
} snug_fit_options;

/*
 * Fits the step from raw features to the model's inputs on the training rows: their
 * scaling, and what takes a missing value's place. A model that has it keeps it. snug_fit() does
 * it; call it to look at a model as it is before the first step.
 */
SNUG_API snug_status snug_model_fit_scaler(snug_model *model, const snug_dataset *training,
                                           snug_scaling scaling);

/*
 * Fits the scaling of the targets of a model that has its loss, after snug_model_fit_scaler(); see
 * <snug/loss.h>. It changes nothing where the targets are classes or the loss takes no scaling. A
 * model that was fitted so, trained or loaded keeps what it has. snug_fit() does it; call it for a
 * loop of one's own, before the session is made: snug_backward() and snug_predict() then work with
 * targets and predictions in their units, while snug_forward() sets outputs that are scaled.
 */
SNUG_API snug_status snug_model_fit_target_scaler(snug_model *model, const snug_dataset *training,
                                                  snug_target_scaling scaling);

/*
 * Fits what layers take of training rows before the first step: initial weights of "data_driven"
 * and "lsuv", edges of piecewise_linear_embedding. For a model that has new weights, from
 * snug_model_init(), its loss and, where it is to have them, its scalers; it changes nothing where
 * no layer asks for it, and where the weights were fitted, trained or loaded. The rows are at most
 * 4096, which the seed chooses. snug_fit() does it; call it for a loop of one's own. A model whose
 * layers were never fitted works with what they start with.
 */
SNUG_API snug_status snug_model_fit_layers(snug_model *model, const snug_dataset *training,
                                           uint64_t seed);

/*
 * Takes over the loss, the optimizer and the schedules of the options, also when it fails: the same
 * options serve one call, and a second call with them fails with an error message. A failed
 * constructor's handle in them makes it fail with the constructor's error message.
 *
 * Trains in place; NULL options are all defaults. *history, unless `history` is NULL, is the
 * caller's and is given also when training stopped or diverged. A call that fails before the first
 * step leaves the model as it was. The scaling of features and targets is fitted on the training
 * rows, once: a model that has it keeps it, and so does one that was trained without. The data of a
 * model that was trained before is matched with it by names, as snug_evaluate() does. A NaN or
 * infinite loss is SNUG_ERROR_DIVERGED: "... at epoch 2, batch 17". The same seed, data and options
 * give the same bits. Classes, two or more, must be as many as the model's outputs (or two for a
 * single output, where the loss allows it); where they are numbers without names, as in arrays,
 * there may be fewer: the log gets a warning, and the model names the others by their numbers.
 */
SNUG_API snug_status snug_fit(snug_model *model, const snug_dataset *data,
                              const snug_fit_options *options, snug_history **history);

#ifdef __cplusplus
}
#endif
#endif
