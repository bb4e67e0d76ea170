/* What tables have beside <data/preprocessing.h>. */
#ifndef SNUG_DATA_TABLE_SCHEMA_H
#define SNUG_DATA_TABLE_SCHEMA_H

#include "data/preprocessing.h"

/* How many features a raw column makes. */
size_t snug_column_features(const snug_column *column);

/* How many columns of targets the table has: one of classes, or those of values. */
size_t snug_table_schema_target_count(const snug_table_schema *table);

/* The names of all features, as snug_table_schema_feature() gives them; empty on failure. */
snug_status snug_table_schema_feature_count(const snug_table_schema *table, snug_strings *names);

/* A table of unnamed features whose classes are "0", "1" ... or whose values are "y1", "y2" ... */
snug_table_schema *snug_table_schema_new_numbered(size_t features, size_t classes, size_t outputs);

/* Whether classes have names of their own, those of a column, and not only their numbers. */
bool snug_table_schema_has_class_names(const snug_table_schema *table);

/* Adds classes that are named by their numbers until there are `classes`. */
snug_status snug_table_schema_number_classes(snug_table_schema *table, size_t classes);

/*
 * Compares the names of columns, categories, classes and targets, in their order, where both
 * tables know them; the classes may be the first of the other table's alone. The error message
 * names the first difference: `what` has the table, and `model` the other one.
 */
snug_status snug_table_schema_compare(const snug_table_schema *table, const char *what,
                                      const snug_table_schema *like, const char *model);

#endif
