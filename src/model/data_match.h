/* Data for a model, matched by the names that the model knows. */
#ifndef SNUG_MODEL_DATA_MATCH_H
#define SNUG_MODEL_DATA_MATCH_H

#include "core/warnings.h"
#include "data/dataset.h"
#include "model/model.h"

/*
 * Sets *matched, which the caller owns, to the data as the model takes it: where both have names,
 * its columns, categories, classes and targets are matched with those of the model, in any order
 * (see data/dataset_match.h). A model that has no preprocessing yet takes any data as it is.
 *
 * `what` is what messages call the data; `warnings` keeps the warnings (NULL: the log alone gets
 * them). Fails for data that is NULL, and for names that cannot be matched, and then sets *matched
 * to NULL.
 */
snug_status snug_data_match(const snug_model *model, const snug_dataset *data, const char *what,
                            snug_warnings *warnings, snug_dataset **matched);

#endif
