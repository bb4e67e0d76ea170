/*
 * The schema of a table: the names and the order of its columns, and what they hold.
 *
 * It is made when training data is read, stored with the dataset and then in the model file, and
 * later tables are read by it: the same columns in any order become the same features, the same
 * strings the same categories and classes.
 *
 *     sepal,colour,species          columns  sepal, colour {blue, red}
 *     5.1,red,setosa         ->     features sepal, colour=blue, colour=red
 *     4.9,blue,virginica            target   species, classes {setosa, virginica}
 */
#ifndef SNUG_SCHEMA_TABLE_SCHEMA_H
#define SNUG_SCHEMA_TABLE_SCHEMA_H

#include <snug/data.h>

#include "kinds/input_columns.h"
#include "schema/json_members.h"
#include "schema/notation.h"

/* A column of features. A numeric one is one feature; categories are one feature each. */
typedef struct snug_column {
    char *name;              /* owned */
    snug_strings categories; /* owned, in the order of their features; empty: a numeric column */
    bool integer;            /* the number of the category, from 0, is the only feature */
    bool embedding;          /* with .integer: for the layer category_embedding, and not scaled */
    bool indicator;          /* one more feature, the last: 1 where the value is missing, or 0 */
} snug_column;

/*
 * Everything in it is owned: snug_table_schema_free() frees it. Features without names (of arrays,
 * IDX and NPY files) have no columns; they are called x1, x2 ...
 */
typedef struct snug_table_schema {
    snug_column *columns; /* the columns of features, column_count of them; NULL: no names */
    size_t column_count;  /* without columns the number of features */
    size_t features;      /* how many features the columns make */
    char *target;         /* name of the column of classes; NULL: none, or it has no name */
    snug_strings classes; /* names of the classes by index; empty: the targets are values or none */
    snug_strings
        targets; /* names of the columns of values; empty: the targets are classes or none */
    /*
     * The position of each target among the columns of features and targets, from 1, by which a
     * table without a header is read; snug_table_schema_target_count() of them. NULL: not known.
     */
    size_t *target_columns;
    snug_strings weights;                   /* name of the column of row weights, or empty */
    snug_strings ignored;                   /* names of the columns that are neither of the above */
    snug_missing missing;                   /* what a missing value does */
    snug_unknown_category unknown_category; /* what a category does that no column has here */
    /* The markers of missing values, in place of the usual ones; empty: these; [""]: none. */
    snug_strings missing_values;
    snug_notation notation; /* how numbers are written in the table */
    char delimiter;         /* between the fields of the table; 0: ',', or the format has none */
    bool no_header; /* the table had none, and its columns are called column1, column2 ... */
    /* The encoding of a table without a byte order mark, not owned; NULL: UTF-8, or it had one. */
    const char *encoding;
} snug_table_schema;

/* The default of snug_csv_options.embedding_above. */
enum { SNUG_EMBEDDING_ABOVE = 8 };

/* The names in JSON of how numbers are written, by their number, ended by NULL. */
extern const char *const snug_number_format_names[];

/* The names in JSON of what a missing value does, by their number, ended by NULL. */
extern const char *const snug_missing_names[];

/* The names in JSON of what an unknown category does, by their number, ended by NULL. */
extern const char *const snug_unknown_category_names[];

/* ---- making ---------------------------------------------------------------------------------- */

/* Returns a schema of features without names and without targets, or NULL without memory. */
snug_table_schema *snug_table_schema_new(size_t features);

/*
 * Returns a schema of features without names, whose classes are "0", "1" ... and whose columns of
 * values are "y1", "y2" ...; NULL without memory.
 */
snug_table_schema *snug_table_schema_new_numbered(size_t features, size_t classes, size_t outputs);

/* Returns a copy, or NULL without memory. */
snug_table_schema *snug_table_schema_copy(const snug_table_schema *table);

/* Frees a schema; ignores NULL. */
void snug_table_schema_free(snug_table_schema *table);

/* Adds classes, named by their index, until there are `classes` of them. */
snug_status snug_table_schema_number_classes(snug_table_schema *table, size_t classes);

/* ---- names and counts ------------------------------------------------------------------------ */

/* Returns whether a column holds categories of which each is a feature 0 or 1. */
bool snug_column_is_one_hot(const snug_column *column);

/* Returns how many features hold the value of a column. */
size_t snug_column_values(const snug_column *column);

/* Returns how many features a column makes: those of its value, and its indicator. */
size_t snug_column_features(const snug_column *column);

/*
 * Returns the name of feature j, from 0: "petal_width", "colour=red", "x3". Free it with
 * snug_release(). NULL without memory, or where there is no such feature.
 */
char *snug_table_schema_feature_name(const snug_table_schema *table, size_t j);

/* Sets *names, whose content is overwritten, to the names of all features; empty on failure. */
snug_status snug_table_schema_feature_names(const snug_table_schema *table, snug_strings *names);

/* Returns the number of columns of targets: one of classes, or those of values. */
size_t snug_table_schema_target_count(const snug_table_schema *table);

/* Returns whether classes have names from a column, and not only their indices. */
bool snug_table_schema_has_class_names(const snug_table_schema *table);

/* ---- the inputs of a model ------------------------------------------------------------------- */

/*
 * Sets *inputs, whose content is overwritten, to the features of a table. Those of a table without
 * names are all numeric and are called x1, x2 ... Fails without memory, and *inputs is empty then.
 */
snug_status snug_table_schema_input_columns(const snug_table_schema *table,
                                            snug_input_columns *inputs);

/* ---- JSON ------------------------------------------------------------------------------------ */

/* The keys of a schema in the preprocessing of a model file. */
extern const snug_json_member snug_table_schema_members[];

/*
 * Reads the members of a schema into an empty one; `path` and `newer` are those of
 * snug_preprocessing_read(). Positions of targets are only known to be numbers: the caller checks
 * them when it knows that the file is as large as the number of features in it.
 */
snug_status snug_table_schema_read(const cJSON *json, const char *path, bool newer,
                                   snug_table_schema *table);

/* Checks that each target has a position of its own among the columns of features and targets. */
snug_status snug_table_schema_check_positions(const snug_table_schema *table, const char *path);

#endif
