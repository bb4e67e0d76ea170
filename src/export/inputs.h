/* The input of a model's graph, and its preprocessing. */
#ifndef SNUG_EXPORT_INPUTS_H
#define SNUG_EXPORT_INPUTS_H

#include "export/exported_model.h"

/* Sets the columns of the input and their names. Fails without memory. */
snug_status snug_export_columns(snug_model_graph *m);

/*
 * Adds the features that a row of the table has, 1 x features: NaN where a value is missing, and
 * where a category is unknown in a column whose feature is its number.
 */
snug_value snug_export_features(const snug_model_graph *m);

/*
 * Adds what the first layer of a model gets, of the features: missing values filled, scaled. The
 * model is m->model, or a member of it.
 */
snug_value snug_export_scaling(const snug_model_graph *m, const snug_model *model,
                               snug_value features);

/*
 * Adds a number that is 0 for rows that the model takes, and NaN for those that it refuses: with a
 * missing value where that is an error, or an unknown category. Returns a value without rows where
 * it refuses none.
 */
snug_value snug_export_refusal(const snug_model_graph *m);

#endif
