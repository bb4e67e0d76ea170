/*
 * What a model's outputs mean: its loss and the output function that goes with it, the classes or
 * the target values and their names.
 */
#ifndef SNUG_MODEL_TARGETS_H
#define SNUG_MODEL_TARGETS_H

#include "model/loss.h"
#include "model/model.h"

/*
 * Gives the model another loss, which it takes over; NULL returns the status of the thread's error,
 * that of the constructor that returned it.
 */
snug_status snug_model_replace_loss(snug_model *model, snug_object *loss);

/*
 * Returns the function that prediction applies to the outputs of the last layer; without a loss the
 * identity. NULL after snug_fail() for a loss that names an unknown function.
 */
const snug_activation_kind *snug_model_output(const snug_model *model);

/* Returns how many classes the outputs distinguish, if the targets are classes. */
size_t snug_model_output_classes(const snug_model *model);

/*
 * Returns the scaler that leads from the outputs of the last layer to values in the targets' units;
 * NULL where they are these already, and where the model's loss is one whose targets are never
 * scaled.
 */
const snug_target_scaler *snug_model_target_scaler(const snug_model *model);

/* Returns the model's postprocessing where it clips values; otherwise NULL. */
const snug_postprocessing *snug_model_clipping(const snug_model *model);

/*
 * Returns whether the outputs are logits of classes under the model's loss, which a temperature and
 * a threshold are for.
 */
bool snug_model_has_logits(const snug_model *model);

/* Returns what the last layer's outputs are multiplied by: 1 / temperature, or 1 without one. */
float snug_model_sharpness(const snug_model *model);

/* Returns how a row of the last layer's outputs decides on a class. */
snug_decision snug_model_decision(const snug_model *model);

/*
 * Fails where the preprocessing names or scales another number of classes or target values than
 * there are, and where the postprocessing does not suit the outputs.
 */
snug_status snug_model_check_names(const snug_model *model);

#endif
