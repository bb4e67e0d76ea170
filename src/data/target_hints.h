/*
 * Hints that the targets of some data are not what the loss wants: a measurement that is read as
 * classes, or two classes that are read as values.
 */
#ifndef SNUG_DATA_TARGET_HINTS_H
#define SNUG_DATA_TARGET_HINTS_H

#include "data/dataset.h"

/*
 * Warns of classes, numbers all or nearly all, that look like a measurement: more than two of them,
 * not all whole (`fractional`), or so many that there are few rows of each. `where` is the file,
 * and the column if it has a name: "t.csv: column \"price\"".
 */
snug_status snug_warn_of_many_classes(snug_warnings *warnings, const char *where, size_t classes,
                                      size_t rows, bool fractional);

/* Warns of values that are two whole numbers in all rows, where `loss` takes no classes. */
snug_status snug_warn_of_two_values(const snug_dataset *data, const char *loss);

#endif
