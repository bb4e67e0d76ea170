/*
 * The options of training, declared once: a table that describes snug_fit_options itself. The
 * section "train" of an experiment file is read by it, `snug describe` and the JSON Schema are made
 * of it, and snug_fit() takes its defaults and ranges from it.
 */
#ifndef SNUG_TRAIN_FIT_OPTIONS_H
#define SNUG_TRAIN_FIT_OPTIONS_H

#include <snug/train.h> /* IWYU pragma: export */

#include "kinds/object.h"

/*
 * What the table describes. The options have handles, of which one serves one call only; an
 * experiment has the objects that handles are made of. The first member makes offsets in
 * snug_fit_options offsets in this struct, too.
 */
typedef struct snug_train_settings {
    snug_fit_options fit; /* without handles; what the table describes in it is owned */
    snug_object *loss, *optimizer, *schedule, *weight_decay_schedule; /* owned; the last: or NULL */
    char *start_from; /* path of the model that training starts from, owned; NULL: none */
} snug_train_settings;

/* The fields of snug_train_settings. */
extern const snug_field snug_train_fields[];

/* The optimizer where none is named. */
#define SNUG_DEFAULT_OPTIMIZER "adam"

/*
 * Gives members that are zero, which means the default, the defaults of the table, and checks every
 * number against its range: SNUG_ERROR_ARGUMENT. Strings in the options remain borrowed.
 */
snug_status snug_fit_options_complete(snug_fit_options *options);

#endif
