/*
 * The buffers of an ensemble's session: the mean of what its members predict.
 *
 *     rows --member 0: its scaling, layers, output function--> predictions --+
 *          --member 1: ...                                 --> predictions --+--> sums
 *          --member 2: ...                                 --> predictions --+
 *
 *     mean = sums / count --inverse of the output function--> outputs, as those of a last layer
 *
 * The outputs are what the loss, the metrics and the predicted class are computed from, so that
 * they need to know nothing of ensembles. Members run one after the other, each in all threads.
 */
#ifndef SNUG_SESSION_ENSEMBLE_H
#define SNUG_SESSION_ENSEMBLE_H

#include "model/ensemble.h"

struct snug_session;

typedef struct snug_ensemble_session {
    struct snug_session **members; /* the array is owned, the sessions by session/session.c */
    size_t count;
    size_t width;       /* outputs a row */
    double *sums;       /* rows x width: of predictions, then their means */
    float *predictions; /* rows x width: of one member, then of the ensemble */
    float *outputs;     /* rows x width: what the output function makes the mean of */
} snug_ensemble_session;

/* Makes buffers for blocks of `rows`, and an empty list of members. NULL on failure. */
snug_ensemble_session *snug_ensemble_session_new(const snug_model *ensemble, size_t rows);
void snug_ensemble_session_free(snug_ensemble_session *ensemble); /* takes NULL */

/* Begins a mean of row_count rows. */
void snug_ensemble_begin(snug_ensemble_session *ensemble, size_t row_count);

/* Adds ensemble->predictions, those of one member. */
void snug_ensemble_add(snug_ensemble_session *ensemble, size_t row_count);

/* Divides the sums, and sets .predictions and .outputs by the output function. */
void snug_ensemble_end(snug_ensemble_session *ensemble, size_t row_count,
                       const snug_activation_kind *output);

#endif
