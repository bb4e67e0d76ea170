/*
 * From a batch's loss to the parameters: backward, clipping and the optimizer's step, in few
 * passes.
 */
#ifndef SNUG_TRAIN_UPDATE_H
#define SNUG_TRAIN_UPDATE_H

#include <snug/train.h>

#include "model/session.h"

/*
 * Neighbouring parameters of one thread whose gradients are complete and which wait for their step.
 */
typedef struct snug_pending {
    size_t first, count;
} snug_pending;

typedef struct snug_update {
    const snug_fit_options *options;
    snug_session *session;
    snug_model *model;
    snug_optimizer *optimizer;
    snug_pending *pending; /* of each thread */
    float gain;            /* times the gradients: what is left of the step at work */
} snug_update;

/* Free with snug_update_clear(), also when it fails. */
snug_status snug_update_start(snug_update *update, const snug_fit_options *options,
                              snug_session *session, snug_model *model, snug_optimizer *optimizer);
void snug_update_clear(snug_update *update);

/*
 * After snug_session_loss(): backward, and a step at `factor` times the learning rate, in which the
 * gradients of earlier batches count that were added up. Parameters are updated while their
 * gradients are in the cache, unless these are to be clipped by their norm, which takes all of
 * them.
 */
snug_status snug_update_step(snug_update *update, double factor);

#endif
