/* Checks of data against a model and a loss: sizes, names, targets, numbers of classes. */
#ifndef SNUG_MODEL_DATA_CHECK_H
#define SNUG_MODEL_DATA_CHECK_H

#include "data/dataset.h"
#include "model/model.h"

/* The error messages of all these checks begin with `what`, such as "the validation data". */

/* The data of these checks is matched with the model: see model/data_match.h. */

/* Fails where no row has a weight above 0. */
snug_status snug_weights_check(const snug_dataset *data, const char *what);

/* Fails where the features are not as many as the model's inputs. */
snug_status snug_features_check(const snug_model *model, const snug_dataset *data,
                                const char *what);

/*
 * Fails where the model cannot be evaluated on the data by a loss (NULL: the model's own): for the
 * features and weights as above, for targets that do not suit the loss or are out of its range, and
 * for a class that is none of the model's.
 */
snug_status snug_data_check(const snug_model *model, const snug_object *loss,
                            const snug_dataset *data, const char *what);

/*
 * Fails where the model cannot be trained on the data: as snug_data_check(), where the number of a
 * category would enter a layer that is not made for it, and where there are
 * fewer than two classes or, if the classes have names, fewer than the outputs distinguish.
 */
snug_status snug_training_data_check(const snug_model *model, const snug_object *loss,
                                     const snug_dataset *data, const char *what);

#endif
