/* Whether data suits a model and a loss: sizes, names, kinds of targets, numbers of classes. */
#ifndef SNUG_MODEL_DATA_CHECK_H
#define SNUG_MODEL_DATA_CHECK_H

#include "data/dataset.h"
#include "model/model.h"

/* Whether a row weighs more than 0. Error messages of all of these begin with `what`. */
snug_status snug_weights_check(const snug_dataset *data, const char *what);

/*
 * Whether the features are the model's inputs: their number and, where the model and the data know
 * them, the names of columns, classes and targets.
 */
snug_status snug_features_check(const snug_model *model, const snug_dataset *data,
                                const char *what);

/*
 * The same, and whether the targets suit the loss (NULL: the model's own), values are in its
 * range, and each class of the data is one of the classes that the model's outputs tell apart
 * under the loss.
 */
snug_status snug_data_check(const snug_model *model, const snug_object *loss,
                            const snug_dataset *data, const char *what);

/*
 * The same of data to train by, which must have two classes or more, each an output; where classes
 * are named, as in a table, there may be no output without a class.
 */
snug_status snug_training_data_check(const snug_model *model, const snug_object *loss,
                                     const snug_dataset *data, const char *what);

#endif
