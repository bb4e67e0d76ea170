/*
 * The columns of a table that is read like another one, most often the table that a model was
 * trained on: each column has the role, the categories and the classes that it had there. With
 * the task SNUG_TASK_NONE, for rows to be predicted, targets and weights are ignored whatever they
 * hold.
 */
#ifndef SNUG_TABLES_TABLE_BIND_H
#define SNUG_TABLES_TABLE_BIND_H

#include "tables/table.h"

/*
 * Gives each column the role, the number of its first feature and the names that it has in
 * table->like; sets the numbers of features, classes and outputs. Columns are found by their names,
 * in any order; where the file or the other table has no names, by their positions. Fails where a
 * column is unknown or one of the other table is missing.
 */
snug_status snug_table_bind(snug_table *table);

#endif
