/* What a model is before training: a call that fails before the first step gives it back. */
#ifndef SNUG_TRAIN_BEFORE_H
#define SNUG_TRAIN_BEFORE_H

#include "model/model.h"

typedef struct snug_before {
    snug_object *loss; /* owned: a copy, as training sets its balanced weights; or NULL */
    bool has_weights, has_preprocessing;
} snug_before;

snug_status snug_before_keep(snug_before *before, const snug_model *model);
void snug_before_restore(snug_before *before, snug_model *model);
void snug_before_clear(snug_before *before);

#endif
