/*
 * The members of an ensemble in one model (snug_layer_shape in <snug/kind.h>): one network of k
 * cheap members, as in TabM (Gorishniy et al. 2024, "TabM: advancing tabular deep learning with
 * parameter-efficient ensembling").
 *
 * The last layer gives k rows for each sample. In training each member has a loss of its own, the
 * targets being those of the sample, and what is minimized is the mean of the members' losses. In
 * prediction the members are averaged: z becomes what a single network would have to give for the
 * mean of the members' predictions (.inverse of the output function). Everything behind the last
 * layer, the loss of an evaluation, metrics, classes and predictions, then gets one row for each
 * sample and knows nothing of members:
 *
 *     training     z, rows k x outputs -------------------------> loss of rows k, targets repeated
 *                            \--average--> rows x outputs ------> metrics of the epoch
 *     prediction   z, rows k x outputs --average--> rows x outputs -> predictions, loss, metrics
 *
 * So the loss of evaluation and validation is that of the averaged prediction.
 */
#ifndef SNUG_SESSION_MEMBERS_H
#define SNUG_SESSION_MEMBERS_H

#include "session/session.h"
#include "session/threads.h"

/* Returns how many rows session->last.outputs has for each sample: 1 in a session that predicts. */
static inline size_t snug_session_members(const snug_session *session) {
    return session->training ? session->model->plan->members : 1;
}

/* Returns the rows of session->last.outputs. */
static inline size_t snug_session_output_rows(const snug_session *session) {
    return session->last.rows * snug_session_members(session);
}

/*
 * In a session that predicts: averages the members of some samples, whose outputs of the last layer
 * begin at z. Does nothing where there are no members, and in training.
 */
void snug_session_average(const snug_session *session, snug_row_range rows, const float *z);

/* Returns where the outputs of the pass are: the averaged ones, or those of the last layer. */
static inline const float *snug_session_result(const snug_session *session, const float *z) {
    bool averaged = session->model->plan->members > 1 && !session->training;
    return averaged ? session->arena.averaged : z;
}

/* Repeats the targets in session->last for each member, where the loss compares members. */
void snug_session_repeat_targets(snug_session *session);

/*
 * In training, after the loss and before metrics: averages session->last.values, and sets .targets
 * to those of the samples again. Does nothing where there are no members.
 */
void snug_session_merge_members(snug_session *session);

#endif
