/*
 * Batches of a dataset: gathers rows, scaled, with their targets and weights into buffers that are
 * made once, and runs them forward.
 */
#ifndef SNUG_SESSION_BATCHES_H
#define SNUG_SESSION_BATCHES_H

#include "data/dataset.h"
#include "data/scaler.h"
#include "session/session.h"

typedef struct snug_batches {
    const snug_dataset *data;  /* borrowed */
    const snug_scaler *scaler; /* of the model; or NULL */
    size_t size;               /* rows of a batch; the last may have fewer */
    /* the batch that was gathered last: rows order[first] ... of the data; NULL: its own order */
    const size_t *order;
    size_t first, rows;
    float *x;         /* size x inputs, scaled */
    int32_t *classes; /* size */
    float *values;    /* size x outputs: each target as often as the loss has quantiles */
    size_t quantiles;
    float *weights;       /* size */
    snug_targets targets; /* those of the three above that the data has */
} snug_batches;

/* Allocates the buffers. To be freed with snug_batches_clear(), also when it fails. */
snug_status snug_batches_start(snug_batches *batches, const snug_model *model,
                               const snug_dataset *data, size_t size);
void snug_batches_clear(snug_batches *batches);

/*
 * Gathers the batch that begins at order[first] (order NULL: at row `first` of the data): x and
 * targets. Fails where rows that are in a file cannot be read.
 */
snug_status snug_batches_gather(snug_batches *batches, const size_t *order, size_t first);

/*
 * Gathers the batch that begins at order[first] and runs it forward as snug_session_forward() does;
 * session->last has the outputs. Fails where rows that are in a file cannot be read.
 */
snug_status snug_batches_run(snug_batches *batches, snug_session *session, const size_t *order,
                             size_t first, uint64_t batch_number);

/*
 * Replaces *data by those of its rows that weigh more than 0, where it has others. Training leaves
 * rows without weight out, so that they neither share a batch with rows that count nor fill a batch
 * of their own.
 */
snug_status snug_skip_zero_weights(snug_dataset **data);

#endif
