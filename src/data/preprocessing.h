/*
 * What stands between a raw file and a network's inputs: the table (columns, categories, class
 * names) and the scaler (standardization, and what takes a missing value's place). Both are stored
 * in the model file.
 */
#ifndef SNUG_DATA_PREPROCESSING_H
#define SNUG_DATA_PREPROCESSING_H

#include <cjson/cJSON.h>

#include <snug/data.h>

/* One column of the raw file. One of categories makes a feature each, unless they are numbered. */
typedef struct snug_column {
    char *name;
    snug_strings categories; /* empty: numeric */
    bool integer;            /* the number of the category is the one feature */
} snug_column;

typedef struct snug_table_schema {
    snug_column *columns; /* NULL: unnamed features, called x1, x2 ... */
    size_t column_count;  /* raw columns; without columns the number of features */
    size_t features;
    char *target;           /* the class column's name, or NULL */
    snug_strings classes;   /* class names in order of their index; empty for values */
    snug_strings targets;   /* names of the values' columns; empty for classes */
    size_t *target_columns; /* the place of each target among the features and targets of the table,
                               from 1; NULL: not known */
    snug_strings weights;   /* the name of the column of row weights, or empty */
    snug_strings ignored;   /* names of columns that are neither feature nor target */
    snug_missing missing;
} snug_table_schema;

/* x' = (x - shift[j]) * factor[j]; NaN becomes (fill[j] - shift[j]) * factor[j]. */
typedef struct snug_scaler {
    size_t features;
    float *shift, *factor, *fill;
    snug_scaling scaling; /* with NONE shift is 0 and factor 1 */
} snug_scaler;

/* The names in JSON of a snug_missing and of a snug_scaling, by their number, ended by NULL. */
extern const char *const snug_missing_names[];
extern const char *const snug_scaling_names[];

struct snug_preprocessing {
    snug_table_schema *table;
    snug_scaler *scaler;
    /* as read from a newer format version: members not known here are kept; or NULL */
    cJSON *newer;
};

snug_table_schema *snug_table_schema_new(size_t features); /* unnamed */
snug_table_schema *snug_table_schema_copy(const snug_table_schema *table);
void snug_table_schema_free(snug_table_schema *table); /* takes NULL */

/* The name of feature j: "petal_width", "colour=red" or "x3". Release it. */
char *snug_table_schema_feature(const snug_table_schema *table, size_t j);

/*
 * Fits on the rows of `training` whose weight is above 0, ignoring missing values, in double. A
 * column whose width is 0, or only the rounding of a constant to floats, is shifted and not
 * enlarged: its factor is 1, or less for a rounding of more than 1. A missing value is replaced by
 * the mean.
 */
snug_scaler *snug_scaler_fit(const snug_dataset *training, snug_scaling scaling);
snug_scaler *snug_scaler_copy(const snug_scaler *scaler);
void snug_scaler_free(snug_scaler *scaler); /* takes NULL */

/* rows x features, from raw features to network inputs; out may be x. */
void snug_scaler_apply(const snug_scaler *scaler, size_t rows, const float *x, float *out);

/* Takes both over, also when it fails; NULL of either is passed on. */
snug_preprocessing *snug_preprocessing_new(snug_table_schema *table, snug_scaler *scaler);
snug_preprocessing *snug_preprocessing_copy(const snug_preprocessing *preprocessing);

/*
 * Keeps a copy of the JSON that it was read from as .newer (NULL: none); frees it without memory.
 */
snug_preprocessing *snug_preprocessing_keep(snug_preprocessing *preprocessing, const cJSON *json);
void snug_preprocessing_free(snug_preprocessing *preprocessing); /* takes NULL */

/* The most JSON values that the preprocessing of so many features may have. */
size_t snug_preprocessing_values(size_t features);

/*
 * For the model file: JSON, exact to the bit. read() refuses what is inconsistent or not finite,
 * and a member that it does not know, unless the file has a newer format version: then write()
 * writes it too.
 */
cJSON *snug_preprocessing_write(const snug_preprocessing *preprocessing);
snug_preprocessing *snug_preprocessing_read(const cJSON *json, const char *path, bool newer);

#endif
