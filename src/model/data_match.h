/*
 * Data for a model, or rows of one table as rows of another: columns, categories, classes and
 * targets are matched by their names.
 */
#ifndef SNUG_MODEL_DATA_MATCH_H
#define SNUG_MODEL_DATA_MATCH_H

#include "core/warnings.h"
#include "data/dataset.h"
#include "model/model.h"
#include "schema/table_schema.h"

/*
 * Sets *matched, which the caller owns, to the rows of the data with the columns, categories,
 * classes and targets of another table, matched by names as snug_schema_match_make() does: a handle
 * on the same rows where nothing differs, otherwise a copy of them. A category that `like` does not
 * know counts as missing, with one warning for each column, or is an error, as `like` says; a class
 * that it does not know is an error.
 * `what` and `model` are what messages call the owners of the data and of `like`. On failure
 * *matched is NULL.
 */
snug_status snug_dataset_match(const snug_dataset *data, const char *what,
                               const snug_table_schema *like, const char *model,
                               snug_warnings *warnings, snug_dataset **matched);

/*
 * Sets *matched, which the caller owns, to the data as the model takes it: where both have names,
 * its columns, categories, classes and targets are matched with those of the model, in any order
 * as snug_dataset_match() does it. A model that has no preprocessing yet takes any data as it is.
 *
 * `what` is what messages call the data; `warnings` keeps the warnings (NULL: the log alone gets
 * them). Fails for data that is NULL, and for names that cannot be matched, and then sets *matched
 * to NULL.
 */
snug_status snug_data_match(const snug_model *model, const snug_dataset *data, const char *what,
                            snug_warnings *warnings, snug_dataset **matched);

#endif
