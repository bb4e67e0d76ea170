/*
 * Ensembles: several complete models whose predictions are averaged, as one model.
 *
 *     ensemble  |-- members        each with layers, weights, loss and preprocessing of its own
 *               |-- plan           of no layer; its outputs and parameters are those of the members
 *               |-- loss           a copy of the first member's: what the mean is evaluated by
 *               `-- preprocessing  a copy of the first member's, without a scaling of targets
 *
 * The members share the table schema, so that rows are read once; each scales them by itself. The
 * mean is that of predictions, in the targets' units, and not of outputs of the last layer.
 * session/ensemble.h runs it, and model_file/ saves and loads it.
 */
#ifndef SNUG_MODEL_ENSEMBLE_H
#define SNUG_MODEL_ENSEMBLE_H

#include "model/model.h"

/* Returns whether a model, or NULL, is an ensemble. */
bool snug_model_is_ensemble(const snug_model *model);

/*
 * Returns an ensemble of `count` models, which it takes over, also when it fails: the array, of
 * snug_alloc(), and those of its entries that are not NULL. Fails where the models do not fit
 * together. None of them is an ensemble itself.
 */
snug_model *snug_ensemble_take(snug_model **members, size_t count);

/* Frees an array of models, of which some may be NULL, and the models; takes NULL. */
void snug_ensemble_free_members(snug_model **members, size_t count);

/* Fails as snug_model_check() does, but accepts an ensemble. */
snug_status snug_model_check_weights(const snug_model *model);

#endif
