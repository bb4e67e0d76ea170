/*
 * Copies of models.
 *
 * A copy shares nothing with its original: both may be trained, saved and freed in any order, and
 * in different threads. The plan is not copied, as it follows from the layers. model/ensemble.h is
 * about ensembles.
 */
#ifndef SNUG_MODEL_COPY_H
#define SNUG_MODEL_COPY_H

#include "model/model.h"

/*
 * Returns a copy, which the caller owns, with layers, weights, preprocessing, loss and metadata of
 * its own; of an ensemble, with copies of its members. A model without weights has a copy without
 * weights. NULL on failure.
 */
snug_model *snug_model_copy(const snug_model *model);

#endif
