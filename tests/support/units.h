/* Rows whose two targets have very different units, and what tests of their scaling share. */
#ifndef SNUG_TESTS_SUPPORT_UNITS_H
#define SNUG_TESTS_SUPPORT_UNITS_H

#include <check.h> /* IWYU pragma: export */

#include "model/model.h"
#include "support/problems.h" /* IWYU pragma: export */

enum { UNIT_ROWS = 40, UNIT_COLUMNS = 2, UNIT_OUTPUTS = 2, UNIT_VALUES = UNIT_ROWS * UNIT_OUTPUTS };

/* The first target is 3e5, more or less 4e4; the second is of the size 2e-3. */
#define UNIT_MEAN 3e5
#define UNIT_DEVIATION 4e4

/* The features and the targets, UNIT_ROWS x UNIT_COLUMNS and UNIT_ROWS x UNIT_OUTPUTS. */
const float *unit_features(void);
const float *unit_targets(void);

/* Rows with both targets, and with the first one alone. */
snug_dataset *two_units(void);
snug_dataset *one_unit(void);

/* Returns the scaler of a model's targets, or NULL. */
const snug_target_scaler *target_scaler_of(const snug_model *model);

/* Returns an mlp() trained on the data; *history, unless `history` is NULL, gets its run. */
snug_model *fitted(const snug_dataset *data, snug_fit_options o, snug_history **history);

/* Returns the mlp() of that loss as snug_fit() with the seed 3 starts with it. */
snug_model *untrained(const snug_dataset *data, const char *loss);

/* Returns a metric of the model on the data. */
double metric_of(const snug_model *model, const snug_dataset *data, const char *name);

/* Predicts the rows of unit_features(). */
void predict_units(const snug_model *model, float *predictions);

#endif
