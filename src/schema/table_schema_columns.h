/* The features of a table as the inputs of a model: what layers can name. */
#ifndef SNUG_SCHEMA_TABLE_SCHEMA_COLUMNS_H
#define SNUG_SCHEMA_TABLE_SCHEMA_COLUMNS_H

#include "kinds/input_columns.h"
#include "schema/table_schema.h"

/*
 * Sets *inputs, whose content is overwritten, to the features of a table. Those of a table without
 * names are all numeric and are called x1, x2 ... Fails without memory, and *inputs is empty then.
 */
snug_status snug_table_schema_input_columns(const snug_table_schema *table,
                                            snug_input_columns *inputs);

#endif
