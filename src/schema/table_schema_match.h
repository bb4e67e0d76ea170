/*
 * Matching two schemas by names: where each column, category, class and target of one table is in
 * another, which has them in any order.
 */
#ifndef SNUG_SCHEMA_TABLE_SCHEMA_MATCH_H
#define SNUG_SCHEMA_TABLE_SCHEMA_MATCH_H

#include "schema/table_schema.h"

/* Where the values of a column come from. */
typedef struct snug_column_source {
    const snug_column *column; /* in the other table */
    size_t first;              /* the first of its features */
    /*
     * Of each category of the other table its index in this one, or SNUG_NOT_IN_SET; owned. NULL:
     * the column has the same categories in the same order, or none.
     */
    size_t *categories;
} snug_column_source;

/* How rows of `table` become rows of `like`. A part that is NULL is the same in both. */
typedef struct snug_schema_match {
    const snug_table_schema *table, *like; /* borrowed */
    snug_column_source *columns;           /* of each column of `like`; owned */
    size_t *classes; /* of each class of `table` its index in `like`, or SNUG_NOT_IN_SET; owned */
    size_t *targets; /* of each target value of `like` its index in `table`; owned */
} snug_schema_match;

/*
 * Matches the columns of features, the classes and the target values of `table` with those of
 * `like`, as far as both have names for them. `table` may have them in another order, have fewer or
 * other categories and classes, and have columns that `like` ignores. Fails with SNUG_ERROR_DATA
 * where `table` lacks a column or a target, has one that `like` does not know, or where one holds
 * numbers and the other holds categories; `what` and `model` are what the message calls the owners
 * of `table` and of `like`: "the data", "the model". The match is to be cleared, also when it
 * fails.
 */
snug_status snug_schema_match_make(snug_schema_match *match, const snug_table_schema *table,
                                   const char *what, const snug_table_schema *like,
                                   const char *model);

/* Returns whether a row of one table is a row of the other as it is. */
bool snug_schema_match_is_same(const snug_schema_match *match);

/* Frees what is in the match. */
void snug_schema_match_clear(snug_schema_match *match);

#endif
