/* The data of a run as conditions (checkpoint/conditions.h): how much it is, and a hash of it. */
#ifndef SNUG_CHECKPOINT_DATA_CONDITIONS_H
#define SNUG_CHECKPOINT_DATA_CONDITIONS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "data/dataset.h"
#include "model/model.h"

/*
 * Adds rows, columns and a hash of all numbers of a dataset, in the order of its rows, under `key`.
 * Fails where rows that are in a file cannot be read.
 */
snug_status snug_conditions_add_data(cJSON *conditions, const char *key, const snug_dataset *data,
                                     bool *failed);

/* Adds a hash of the model's preprocessing: columns, categories, classes, scaling. */
snug_status snug_conditions_add_preprocessing(cJSON *conditions, const snug_model *model,
                                              bool *failed);

#endif
