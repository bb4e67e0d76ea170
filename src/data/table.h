/* What tables have beside <data/preprocess.h>. */
#ifndef SNUG_DATA_TABLE_H
#define SNUG_DATA_TABLE_H

#include "data/preprocess.h"

/* How many features a raw column makes. */
size_t snug_column_features(const snug_column *column);

/* How many columns of targets the table has: one of classes, or those of values. */
size_t snug_table_target_count(const snug_table *table);

/* The names of all features, as snug_table_feature() gives them; empty on failure. */
snug_status snug_table_features(const snug_table *table, snug_strings *names);

/* A table of unnamed features whose classes are "0", "1" ... or whose values are "y1", "y2" ... */
snug_table *snug_table_numbered(size_t features, size_t classes, size_t outputs);

/* Whether classes have names of their own, those of a column, and not only their numbers. */
bool snug_table_names_classes(const snug_table *table);

/* Adds classes that are named by their numbers until there are `classes`. */
snug_status snug_table_number_classes(snug_table *table, size_t classes);

/*
 * Compares the names of columns, categories, classes and targets, in their order, where both
 * tables know them; the classes may be the first of the other table's alone. The error message
 * names the first difference: `what` has the table, and `model` the other one.
 */
snug_status snug_table_compare(const snug_table *table, const char *what, const snug_table *like,
                               const char *model);

#endif
