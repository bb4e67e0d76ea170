/*
 * The loss and the backward pass: from the outputs of the last forward pass to the gradients of all
 * parameters.
 */
#ifndef SNUG_SESSION_BACKWARD_H
#define SNUG_SESSION_BACKWARD_H

#include "session/session.h"

/*
 * Returns the losses of the rows of the last forward pass, as their weighted sum and the sum of
 * weights, in the targets' units; each row's loss includes the model's penalty. Keeps the gradient
 * by the outputs, from which backward starts, and what was compared: session->last.values and
 * .targets.
 */
snug_loss_sum snug_session_loss(snug_session *session, const snug_object *loss,
                                const snug_targets *targets);

/*
 * Called during the backward pass, by worker `thread`, as soon as a contiguous run of gradients is
 * final: gradients[0] .. gradients[count - 1] are those of the mean loss, also of batches that were
 * added up, and belong to the parameters first .. first + count - 1. Backward does not read these
 * parameters again, so that the callback may update them while they are in the cache.
 *
 * A worker reports its runs from the last parameter to the first, then calls once with count == 0.
 * No parameter is reported twice. Usually `gradients` is at the same offset in the session's flat
 * vector, session->arena.gradients + first, and stays there until the pass is over. The gradients
 * of a large tensor come in portions, and are elsewhere in that vector: then they are valid during
 * the call only, as the next portion overwrites them.
 */
typedef void snug_gradient_ready_fn(void *user, size_t thread, size_t first, size_t count,
                                    float *gradients);

/*
 * Makes the gradients, after snug_session_loss(). With ready == NULL they are in the session's flat
 * vector; those of batches that are added up are sums there (optim/accumulation.h). Otherwise
 * ready() has had them all, averaged, and the flat vector holds nothing of use.
 */
void snug_session_backward(snug_session *session, snug_gradient_ready_fn *ready, void *user);

/* Called before each layer of the model, blocks as a whole, with the gradient by its outputs. */
typedef void snug_gradient_observer(void *user, size_t layer, size_t rows, size_t columns,
                                    const float *dy);

/*
 * Takes the gradient by the outputs, after snug_session_loss(), back through all layers for an
 * observer, in a session of one thread. The session's gradients hold nothing of use then: those of
 * parameters are not made where the layers allow it (SNUG_ROWWISE).
 */
void snug_session_observe_gradients(snug_session *session, snug_gradient_observer *observer,
                                    void *user);

#endif
