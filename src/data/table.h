/* What tables have beside <data/preprocess.h>. */
#ifndef SNUG_DATA_TABLE_H
#define SNUG_DATA_TABLE_H

#include "data/preprocess.h"

/* How many features a raw column makes. */
size_t snug_column_features(const snug_column *column);

/* The names of all features, as snug_table_feature() gives them; empty on failure. */
snug_status snug_table_features(const snug_table *table, snug_strings *names);

/* A table of unnamed features whose classes are "0", "1" ... or whose values are "y1", "y2" ... */
snug_table *snug_table_numbered(size_t features, size_t classes, size_t outputs);

#endif
