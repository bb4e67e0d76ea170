/*
 * Scaling of targets in a session (schema/target_scaler.h): between the last layer's outputs z,
 * which are of the size 1, and the loss, which is in the units of the targets.
 *
 *     z  --deviation-->  values       target  --mean-->  centred
 *                             \          /
 *                         loss, d loss / d values
 *                                  |
 *     d objective / d z = d loss / d values * deviation / magnitude(deviation)
 *
 * What is reported is the loss. What training makes small is the objective: the loss of each output
 * divided by magnitude(deviation) of the loss's kind. The gradients are those of the objective; for
 * a squared error they are exactly those of targets that were standardized before.
 *
 * Without scaling, values are z, and objective and loss are the same.
 */
#ifndef SNUG_SESSION_TARGET_SCALING_H
#define SNUG_SESSION_TARGET_SCALING_H

#include "session/session.h"

/*
 * Sets session->last.values and .targets to what the loss compares, for the last forward pass and
 * its targets: these themselves, or where targets are scaled, both in the targets' units and from
 * each output's mean on, in memory of the session. In the training of an ensemble the targets are
 * repeated for each member (session/members.h).
 */
void snug_session_unscale(snug_session *session, const snug_object *loss,
                          const snug_targets *targets);

/*
 * Turns session->arena.dz from the gradient of the loss by the values into that of the objective by
 * z. Does nothing where targets are not scaled.
 */
void snug_session_scale_gradient(const snug_session *session, const snug_object *loss);

/*
 * Returns how large a loss is that counts as 1 in the objective, the mean over the outputs; 1 where
 * targets are not scaled. The penalty of a model is a part of the objective, and is multiplied by
 * it where it is added to a loss.
 */
double snug_session_loss_unit(const snug_session *session, const snug_object *loss);

/*
 * Returns the sum of the objective over the rows of the last pass, with the penalty, after
 * snug_session_loss() returned `sum` for them. It is the sum whose gradients backward makes.
 */
double snug_session_objective(const snug_session *session, const snug_object *loss,
                              const snug_loss_sum *sum);

#endif
