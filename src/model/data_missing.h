/*
 * What a model takes for missing, in data that was read without the model's options.
 *
 * The rows have the columns of the table that the model was trained on, in its order.
 */
#ifndef SNUG_MODEL_DATA_MISSING_H
#define SNUG_MODEL_DATA_MISSING_H

#include "data/dataset.h"
#include "schema/table_schema.h"

/*
 * Returns whether a numeric column of the data holds one of the numbers that `like` lists as
 * markers of missing values, such as -200, and the table of the data does not list. Sets *status to
 * SNUG_ERROR_MEMORY, and returns false, without memory.
 */
bool snug_data_holds_markers(const snug_dataset *data, const snug_table_schema *table,
                             const snug_table_schema *like, snug_status *status);

/* Replaces such numbers by NaN in data whose features are its own. */
snug_status snug_data_replace_markers(snug_dataset *data, const snug_table_schema *like);

/*
 * Fails with SNUG_ERROR_DATA where `like` refuses missing values and a row has one: "the data: row
 * 3: column "a": the value is missing ...". A category that `like` does not know counts as missing
 * and is not refused here, unless unknown categories are refused too.
 */
snug_status snug_data_check_missing(const snug_dataset *data, const char *what,
                                    const snug_table_schema *like);

#endif
