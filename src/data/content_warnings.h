/*
 * Warnings about what training data holds: columns that are constant, classes of few rows, a
 * measurement that is read as classes, and two classes that are read as values.
 */
#ifndef SNUG_DATA_CONTENT_WARNINGS_H
#define SNUG_DATA_CONTENT_WARNINGS_H

#include "core/warnings.h"
#include "data/dataset.h"
#include "schema/table_schema.h"

/*
 * Warns once of all columns of features that have one value in every row, beside missing ones.
 * Columns without names, such as the pixels of images, are not looked at, nor is data of a single
 * row, nor are columns of zeros in data that is full of zeros. Reads the rows only up to where no
 * column can be constant any more.
 */
snug_status snug_warn_of_constant_columns(const snug_dataset *training, snug_warnings *warnings);

/* Warns of each output whose target values are the same in all rows, of which there are several. */
snug_status snug_warn_of_constant_targets(const snug_dataset *training, snug_warnings *warnings);

/*
 * Warns once of the classes that have no training rows, and once of those that have a single one.
 * `table` has the names of the classes that a model distinguishes; classes that are only numbers
 * are those of the training data.
 */
snug_status snug_warn_of_rare_classes(const snug_dataset *training, const snug_table_schema *table,
                                      snug_warnings *warnings);

/*
 * Warns of classes, numbers all or nearly all, that look like a measurement: more than two of them,
 * not all whole (`fractional`), or so many that there are few rows of each. `where` is the file,
 * and the column if it has a name: "t.csv: column \"price\"".
 */
snug_status snug_warn_of_many_classes(snug_warnings *warnings, const char *where, size_t classes,
                                      size_t rows, bool fractional);

/* Warns of values that are two whole numbers in all rows, where `loss` takes no classes. */
snug_status snug_warn_of_two_values(const snug_dataset *data, const char *loss,
                                    snug_warnings *warnings);

#endif
