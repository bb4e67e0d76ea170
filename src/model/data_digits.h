/*
 * Digits that a model needs, in data that was read without it.
 *
 * The model subtracts an offset from a column such as seconds since 1970 in double. Data that was
 * read by itself may have its column in floats, as that of a single row has no range to lose.
 */
#ifndef SNUG_MODEL_DATA_DIGITS_H
#define SNUG_MODEL_DATA_DIGITS_H

#include "core/warnings.h"
#include "data/dataset.h"
#include "data/scaler.h"

/*
 * Warns once of the columns in which floats of the data are off by more than a millionth of the
 * model's unit, the deviation by which it divides: "the data: column "t": ...". The data has the
 * model's columns.
 */
snug_status snug_data_warn_of_digits(const snug_dataset *data, const char *what,
                                     const snug_scaler *scaler, snug_warnings *warnings);

#endif
