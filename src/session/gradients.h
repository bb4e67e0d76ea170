/* The gradients of a session between backward and the optimizer step: averaging and clipping. */
#ifndef SNUG_SESSION_GRADIENTS_H
#define SNUG_SESSION_GRADIENTS_H

#include "session/session.h"

/*
 * Makes the flat vector the gradients of the mean loss, where batches were added up, and lets the
 * next batch begin anew.
 */
void snug_session_average_gradients(snug_session *session);

/*
 * Returns the factor by which clipping by norm multiplies all gradients, so that their norm is at
 * most max_norm: 1 where it is already. *norm, unless NULL, gets the norm before clipping.
 */
float snug_session_clip_factor(const snug_session *session, double max_norm, double *norm);

/* Limits each gradient to [-limit, limit]. */
void snug_session_clip_values(snug_session *session, double limit);

#endif
