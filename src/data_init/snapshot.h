/*
 * What of a model snug_fit() changes before the first step: the loss, whose weights of classes are
 * computed, the preprocessing and initial weights. Where fitting fails before the first step, the
 * model is restored.
 */
#ifndef SNUG_DATA_INIT_SNAPSHOT_H
#define SNUG_DATA_INIT_SNAPSHOT_H

#include "model/model.h"

typedef struct snug_snapshot {
    snug_object *loss;                   /* owned: a copy of the model's, or NULL */
    snug_postprocessing *postprocessing; /* likewise */
    /* these were there; snug_fit() keeps them */
    bool has_weights, has_preprocessing, has_target_scaling;
} snug_snapshot;

/* Stores the state of the model. Fails without memory; then there is nothing to clear. */
snug_status snug_snapshot_keep(snug_snapshot *snapshot, const snug_model *model);

/* Gives the model its loss back, and removes weights and preprocessing that it did not have. */
void snug_snapshot_restore(snug_snapshot *snapshot, snug_model *model);

/* Frees what the snapshot owns; the model stays as it is. */
void snug_snapshot_clear(snug_snapshot *snapshot);

#endif
