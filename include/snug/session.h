/* Sessions: predicting with a model; forward, backward and step for a loop of one's own. */
#ifndef SNUG_SESSION_H
#define SNUG_SESSION_H

#include <snug/kind.h>
#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The scratch of one thread for one model. The model must outlive it and keep its layers. */
typedef struct snug_session snug_session;

/* Returns a new session, which the caller owns; it borrows the model. NULL on failure. */
SNUG_API snug_session *snug_session_new(const snug_model *model, size_t max_rows);

/* The largest number of threads that a session or snug_fit() takes. */
#define SNUG_MAX_THREADS 1024

/*
 * Returns a new session, which the caller owns, for snug_predict(): it shares out each block of
 * max_rows among `threads` threads of its own, where the layers allow it; 0: as many as a block
 * repays and the process may use, by its affinity mask and the CPU quota of its control group. More
 * than SNUG_MAX_THREADS are SNUG_ERROR_ARGUMENT. It is still used by one thread at a time, and
 * predicts the same bits unless OpenBLAS is at work.
 */
SNUG_API snug_session *snug_session_new_parallel(const snug_model *model, size_t max_rows,
                                                 size_t threads);

/*
 * Returns a new session, which the caller owns, as snug_session_new() does, with memory for
 * gradients, for snug_backward(); the seed is that of random layers' masks.
 */
SNUG_API snug_session *snug_session_new_training(snug_model *model, size_t max_rows, uint64_t seed);

/* Frees a session, and leaves its model alone; takes NULL. */
SNUG_API void snug_session_free(snug_session *session);

/*
 * out[rows][outputs] = output function(model(preprocess(x[rows][inputs]))), for any number of rows:
 * they are cut into blocks of max_rows. Features as they were before standardization; for those
 * with more digits than a float holds there is snug_predict_f64(). Values that are predicted are in
 * the units of the targets, also where training scaled these.
 */
SNUG_API snug_status snug_predict(snug_session *session, const float *x, size_t rows, float *out);

/*
 * Predicts as snug_predict(), and sets classes[rows] to the class that each row is predicted to
 * have, by which snug_evaluate() counts too. It is that of the largest output of the last
 * layer before the output function, of equal ones the first; of a single output for two classes
 * the second where it is above 0. out or classes may be NULL.
 */
SNUG_API snug_status snug_predict_classes(snug_session *session, const float *x, size_t rows,
                                          float *out, int32_t *classes);

/*
 * Predict as snug_predict() and snug_predict_classes() do, of rows of doubles: a feature with more
 * digits than a float holds, such as seconds since 1970, keeps them until the offset that the model
 * learned for it is subtracted. Predictions are floats.
 */
SNUG_API snug_status snug_predict_f64(snug_session *session, const double *x, size_t rows,
                                      float *out);
SNUG_API snug_status snug_predict_classes_f64(snug_session *session, const double *x, size_t rows,
                                              float *out, int32_t *classes);

/*
 * The three that snug_fit() calls, for a loop of one's own.
 * Forward runs rows (at most max_rows) of preprocessed inputs through the layers, as in training,
 * and sets *outputs to the last layer's outputs, rows x outputs, in the session's memory. They are
 * scaled where the model has a scaling of its targets (snug_model_fit_target_scaler()). `step`
 * numbers the masks of random layers. Of a model with members (snug_batch_ensemble()) each row has
 * the outputs of all members, one below the other, and the loss is the mean of the members'.
 */
SNUG_API snug_status snug_forward(snug_session *session, const float *x, size_t rows, uint64_t step,
                                  const float **outputs);

/*
 * Sets the position in the training run for the schedules of layers, such as that of the rate of
 * dropout, in the forward and backward passes that follow; it is copied. NULL, and a session for
 * which it is not set: these schedules have the factor 1. snug_fit() sets it before each batch.
 */
SNUG_API snug_status snug_session_set_time(snug_session *session, const snug_schedule_time *time);

/*
 * Borrows the loss. Sets the session's gradients to those of the mean loss of the rows that went
 * forward last; *loss, unless NULL, gets that mean. x must still hold what forward read. A
 * training session's alone. Targets and *loss are in the targets' units; where the model has a
 * scaling of its targets, the gradients are those of the scaled loss: see <snug/loss.h>.
 */
SNUG_API snug_status snug_backward(snug_session *session, const snug_loss *loss,
                                   const snug_targets *targets, double *mean_loss);

/*
 * Borrows the optimizer. Updates the parameters of the training session's model once, by the
 * session's gradients.
 */
SNUG_API snug_status snug_optimizer_step(snug_optimizer *optimizer, snug_session *session);

/*
 * Whether snug_backward() adds up the gradients of its batches until the next step, which takes the
 * mean over all their rows: that of one larger batch.
 */
SNUG_API snug_status snug_session_accumulate(snug_session *session, bool on);

/*
 * Between backward and the step: scales the gradients so that their norm, over all parameters at
 * once, is at most max_norm; *norm, unless NULL, gets what it was. Or limits each to [-limit,
 * limit].
 */
SNUG_API snug_status snug_clip_norm(snug_session *session, double max_norm, double *norm);
SNUG_API snug_status snug_clip_value(snug_session *session, double limit);

/*
 * Returns the flat vector of gradients, which belongs to the session, laid out as the parameters;
 * *n counts the padding between tensors too. NULL for a session without gradients. Where
 * snug_backward() adds up, it is complete after the step, or after clipping.
 */
SNUG_API const float *snug_session_gradients(const snug_session *session, size_t *n);

#ifdef __cplusplus
}
#endif
#endif
