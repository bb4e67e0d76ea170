/* The data of trials: read once for all of them that read it in the same way. */
#ifndef SNUG_TUNE_TRIAL_DATA_H
#define SNUG_TUNE_TRIAL_DATA_H

#include <pthread.h> /* IWYU pragma: export */

#include <snug/data.h>

#include "tune/plan.h"

/* The datasets of experiments with the same section "data". */
typedef struct snug_trial_data {
    char *section; /* that section as JSON; owned */
    snug_dataset *train, *validation, *test;
} snug_trial_data;

/* All that were read. Each is kept until the end, in a block of its own. */
typedef struct snug_trial_data_set {
    pthread_mutex_t mutex; /* held while data is read */
    snug_trial_data **items;
    size_t count;
} snug_trial_data_set;

/*
 * Reads the experiment's own data, of which the library warns as usual. Fails where it has no
 * validation rows. Clear it with snug_trial_data_clear(), also after a failure.
 */
snug_status snug_trial_data_start(snug_trial_data_set *set, const snug_tune_plan *plan);
void snug_trial_data_clear(snug_trial_data_set *set);

/*
 * Returns the data of a trial with such values, which belongs to the set; NULL on failure, also
 * where the values change which rows there are. Any number of threads may call it.
 */
const snug_trial_data *snug_trial_data_get(snug_trial_data_set *set, const snug_tune_plan *plan,
                                           size_t trial, const cJSON *values);

#endif
