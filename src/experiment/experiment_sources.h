/* Which settings of "data" apply to which sources of rows. */
#ifndef SNUG_EXPERIMENT_EXPERIMENT_SOURCES_H
#define SNUG_EXPERIMENT_EXPERIMENT_SOURCES_H

#include "experiment/experiment_fields.h"

typedef enum snug_setting_scope {
    SNUG_SCOPE_UNKNOWN = 0, /* no setting of that name */
    SNUG_SCOPE_ALL,         /* any source: CSV, IDX or NPY */
    SNUG_SCOPE_TRAIN_TABLE, /* training rows in a CSV file; other rows are read as these were */
    SNUG_SCOPE_ANY_TABLE    /* each CSV file that "data" names */
} snug_setting_scope;

/* The scope of the field of that name in snug_experiment_data_fields. */
snug_setting_scope snug_setting_scope_of(const char *name);

/* Fails at the first setting that differs from its default and applies to none of the sources. */
snug_status snug_check_settings(const snug_data_config *data);

#endif
