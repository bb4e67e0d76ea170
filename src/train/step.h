/*
 * The optimizer step: from gradients to parameters. It is the same for snug_fit() and for
 * snug_optimizer_step(), a caller's own loop:
 *
 *     average    where the gradients of several batches were added up   optim/accumulation.h
 *     clip       each value, then the norm of all                       session/gradients.h
 *     update     the optimizer's kind, on parts of the parameters       optim/optimizer.h
 *     constrain  the norms of columns that have a limit                 session/penalty.h
 *     ema        the moving average of the weights                      train/ema.h
 *
 * A step should read each gradient and each parameter from memory once. Hence backward hands out
 * the gradients part by part, as soon as they are made, and averaging, clipping by value and the
 * update run on a part while it is in the cache (snug_gradient_ready_fn in session/backward.h).
 * Clipping by norm needs all gradients before the first update, so that it takes another pass.
 */
#ifndef SNUG_TRAIN_STEP_H
#define SNUG_TRAIN_STEP_H

#include <snug/train.h> /* IWYU pragma: export */

#include "optim/step_parts.h"
#include "session/session.h"

/* Adjacent parameters whose gradients a thread has made, and which wait for their update. */
typedef struct snug_pending_gradients {
    size_t first, count;
} snug_pending_gradients;

typedef struct snug_train_step {
    snug_session *session;
    snug_model *model; /* that of the session, to be changed */
    snug_optimizer *optimizer;
    double clip_norm, clip_value;    /* 0: no limit */
    snug_ema *ema;                   /* or NULL */
    float clip_factor;               /* times the gradients of the step at work */
    snug_pending_gradients *pending; /* one for each thread of the session; owned */
} snug_train_step;

/*
 * Completes a step whose other members are set, and which borrows them. To be freed with
 * snug_train_step_clear(), also when it fails.
 */
snug_status snug_train_step_start(snug_train_step *step);
void snug_train_step_clear(snug_train_step *step);

/*
 * Makes the gradients of the batch whose loss was taken last (snug_session_loss()) and steps by
 * them, and by those of the batches before that were added up. The learning rate
 * and the weight decay are the optimizer's times `factors`.
 */
snug_status snug_train_step_run(snug_train_step *step, snug_step_factors factors);

#endif
