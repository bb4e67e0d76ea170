/* A model as it is before training: snug_fit() restores it where it fails before the first step. */
#ifndef SNUG_TRAIN_SNAPSHOT_H
#define SNUG_TRAIN_SNAPSHOT_H

#include "model/model.h"

typedef struct snug_snapshot {
    snug_object *loss; /* owned: a copy, as training sets its balanced weights; or NULL */
    bool has_weights, has_preprocessing;
} snug_snapshot;

/* Notes what the model is. Fails without memory; there is nothing to clear then. */
snug_status snug_snapshot_keep(snug_snapshot *snapshot, const snug_model *model);

/* Gives the model its loss back, and removes weights and preprocessing that it did not have. */
void snug_snapshot_restore(snug_snapshot *snapshot, snug_model *model);

/* Frees what the snapshot owns; the model stays as it is. */
void snug_snapshot_clear(snug_snapshot *snapshot);

#endif
