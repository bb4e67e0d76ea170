/* Batches of a dataset in buffers that are made once. */
#ifndef SNUG_SESSION_BATCHES_H
#define SNUG_SESSION_BATCHES_H

#include "data/dataset.h"
#include "session/session.h"

typedef struct snug_batches {
    const snug_dataset *data;
    const snug_scaler *scaler; /* or NULL */
    size_t size;               /* rows of a batch, the last may be smaller */
    const size_t *order;       /* of the batch that was gathered last, like what follows */
    size_t first, rows;
    float *x;
    int32_t *classes;
    float *values;
    float *weights;
    snug_targets targets;
} snug_batches;

/* Free with snug_batches_clear(), also when it fails. */
snug_status snug_batches_start(snug_batches *batches, const snug_model *model,
                               const snug_dataset *data, size_t size);
void snug_batches_clear(snug_batches *batches);

/*
 * Gathers rows order[first ...] (NULL: the data's order) and runs them forward, as
 * snug_session_run() does:
 * *outputs in the session's memory. Fails as snug_dataset_gather() does.
 */
snug_status snug_batches_run(snug_batches *batches, snug_session *session, const size_t *order,
                             size_t first, uint64_t number, const float **outputs);

/*
 * Replaces data by those of its rows that weigh more than 0, where others are among them: training
 * leaves these out, so that they neither share a batch with rows that count nor make one of their
 * own.
 */
snug_status snug_skip_zero_weights(snug_dataset **data);

#endif
