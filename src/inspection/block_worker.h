/* One thread's part of an inspection: it takes a block of rows through the model and sums. */
#ifndef SNUG_INSPECTION_BLOCK_WORKER_H
#define SNUG_INSPECTION_BLOCK_WORKER_H

#include "inspection/sample_moments.h"
#include "session/batches.h"

/* The rows of a block. */
enum { SNUG_INSPECTION_BLOCK = 256 };

/* What is summed of a layer over the rows of a block, or of all blocks. */
typedef struct snug_layer_sums {
    snug_sample_moments outputs, gradients;
    double saturated; /* a number of outputs */
} snug_layer_sums;

/* The sums of a block, or of all blocks. */
typedef struct snug_block_sums {
    snug_sample_moments inputs;
    snug_layer_sums *layers; /* owned */
} snug_block_sums;

/* What the workers of an inspection have in common; borrowed by them. */
typedef struct snug_inspection_task {
    const snug_model *model;
    const snug_dataset *data;
    const snug_object *loss; /* NULL: no gradients are measured */
    const double *slopes;    /* of each layer: below which it is saturated; NaN: it never is */
    bool training;           /* outputs are those of training */
    uint64_t seed;           /* of the masks of random layers */
} snug_inspection_task;

typedef struct snug_block_worker {
    const snug_inspection_task *task;
    snug_session *predicting, *training; /* NULL: not needed */
    float *state;                        /* to which the training session writes */
    snug_batches batch;
    snug_block_sums sums; /* of the block that was run last; of no rows where there was none */
} snug_block_worker;

/* Makes sums of so many layers, and sets them to 0; their .layers is released by the owner. */
snug_status snug_block_sums_start(snug_block_sums *sums, size_t layers);
void snug_block_sums_reset(snug_block_sums *sums, size_t layers);

/* Adds the sums of a block. */
void snug_block_sums_add(snug_block_sums *to, const snug_block_sums *more, size_t layers);

/* Makes sessions and buffers. To be freed with snug_block_worker_clear(), also when it fails. */
snug_status snug_block_worker_start(snug_block_worker *worker, const snug_inspection_task *task);
void snug_block_worker_clear(snug_block_worker *worker);

/*
 * Gathers the block that begins at order[first] and ends before order[end]; without rows where
 * `first` is not before it. Fails where rows of a file cannot be read.
 */
snug_status snug_block_worker_gather(snug_block_worker *worker, const size_t *order, size_t first,
                                     size_t end);

/* Runs block number `block`, which was gathered, and sets the sums. It cannot fail. */
void snug_block_worker_run(snug_block_worker *worker, uint64_t block);

#endif
