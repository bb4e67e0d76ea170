/* The options of the section "data" of an experiment file, declared once, as a table. */
#ifndef SNUG_EXPERIMENT_DATA_OPTIONS_H
#define SNUG_EXPERIMENT_DATA_OPTIONS_H

#include "formats/data_format.h"

/*
 * What the table describes. The first member makes offsets in snug_csv_options offsets in this
 * struct, too.
 */
typedef struct snug_data_settings {
    snug_csv_options csv; /* what the table describes in it is owned; .targets instead of .target */
    snug_source train, validation, test;
    const char *format; /* owned; of every file, or NULL: the name or the content of each decides */
    bool standardize;   /* false: short for a scaling of SNUG_SCALING_NONE */
    snug_scaling scaling;
    snug_target_scaling target_scaling;
} snug_data_settings;

/* Where an option applies: the .scope of its field. Zero: to every source of rows. */
typedef enum snug_data_scope {
    SNUG_SCOPE_TRAIN_TABLE = 1, /* if the training rows are a table; others are read as they are */
    SNUG_SCOPE_ANY_DELIMITED    /* if any source is a file of delimited fields */
} snug_data_scope;

/* The fields of snug_data_settings. */
extern const snug_field snug_data_fields[];

/*
 * Fails at the first option that differs from its default and applies to none of the sources.
 * `train` is the format of the training rows, or NULL as long as they are not open: what cannot be
 * known by then passes.
 */
snug_status snug_data_check_scopes(const snug_data_settings *data, const snug_data_format *train);

/* Checks what the table cannot: the scopes, and options that exclude each other. */
snug_status snug_data_check_settings(const snug_data_settings *data);

/* Returns whether a source names rows: files, or a share of all rows of "train". */
bool snug_source_is_set(const snug_source *source);

#endif
