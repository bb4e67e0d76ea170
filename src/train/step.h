/*
 * From a batch's loss to the parameters: backward, clipping and the optimizer's step, in few
 * passes.
 */
#ifndef SNUG_TRAIN_STEP_H
#define SNUG_TRAIN_STEP_H

#include <snug/train.h>

#include "session/session.h"

/*
 * Neighbouring parameters of one thread whose gradients are complete and which wait for their step.
 */
typedef struct snug_pending_gradients {
    size_t first, count;
} snug_pending_gradients;

typedef struct snug_train_step {
    const snug_fit_options *options;
    snug_session *session;
    snug_model *model;
    snug_optimizer *optimizer;
    snug_pending_gradients *pending; /* of each thread */
    float gain;                      /* times the gradients: what is left of the step at work */
} snug_train_step;

/* Free with snug_train_step_clear(), also when it fails. */
snug_status snug_train_step_start(snug_train_step *update, const snug_fit_options *options,
                                  snug_session *session, snug_model *model,
                                  snug_optimizer *optimizer);
void snug_train_step_clear(snug_train_step *update);

/*
 * After snug_session_loss(): backward, and a step at `factor` times the learning rate, in which the
 * gradients of earlier batches count that were added up. Parameters are updated while their
 * gradients are in the cache, unless these are to be clipped by their norm, which takes all of
 * them.
 */
snug_status snug_train_step_run(snug_train_step *update, double factor);

#endif
