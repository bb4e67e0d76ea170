#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_print.h"
#include "tune/trial_data.h"

/* Returns the section "data" of an experiment as JSON, to be freed with snug_release(). */
static char *data_section(const snug_experiment *e) {
    char *config = snug_experiment_config(e);
    cJSON *json = config != NULL ? snug_json_parse("(experiment)", config, strlen(config)) : NULL;
    char *section = json != NULL ? snug_json_print(snug_json_get(json, "data"), false) : NULL;
    cJSON_Delete(json);
    snug_release(config);
    return section;
}

static void free_data(snug_trial_data *data) {
    if (data != NULL) {
        snug_release(data->section);
        snug_dataset_free(data->train);
        snug_dataset_free(data->validation);
        snug_dataset_free(data->test);
        snug_release(data);
    }
}

static bool same_rows(const snug_trial_data *a, const snug_trial_data *b) {
    return snug_dataset_row_count(a->train) == snug_dataset_row_count(b->train) &&
           snug_dataset_row_count(a->validation) == snug_dataset_row_count(b->validation);
}

/* Checks data that was read against the experiment's own, which is the first of the set. */
static snug_status check(const snug_trial_data_set *set, const snug_trial_data *data) {
    if (data->validation == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "there are no validation rows, by which trials are chosen: name them in "
                         "data.validation, as a file or as a share such as 0.2");
    }
    if (set->count > 0 && !same_rows(set->items[0], data)) {
        return snug_fail(SNUG_ERROR_DATA, "the values change which rows there are, so that the "
                                          "trial cannot be compared with others");
    }
    return SNUG_OK;
}

/* Reads the data of an experiment and adds it to the set; takes `section` over. */
static const snug_trial_data *read_data(snug_trial_data_set *set, const snug_experiment *e,
                                        char *section) {
    snug_trial_data *data = snug_alloc(1, sizeof *data);
    if (data == NULL) {
        snug_release(section);
        return NULL;
    }
    data->section = section;
    snug_status status = snug_experiment_load_data(e, &data->train, &data->validation, &data->test);
    if (status == SNUG_OK) {
        status = check(set, data);
    }
    snug_trial_data **items =
        status == SNUG_OK ? snug_resize(set->items, set->count + 1, sizeof *items) : NULL;
    if (items == NULL) {
        free_data(data);
        return NULL;
    }
    set->items = items;
    set->items[set->count++] = data;
    return data;
}

/* Returns the data of an experiment, which is read where no trial has read it in this way. */
static const snug_trial_data *find_or_read(snug_trial_data_set *set, const snug_experiment *e) {
    char *section = data_section(e);
    if (section == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->items[i]->section, section) == 0) {
            snug_release(section);
            return set->items[i];
        }
    }
    return read_data(set, e, section);
}

snug_status snug_trial_data_start(snug_trial_data_set *set, const snug_tune_plan *plan) {
    *set = (snug_trial_data_set){.items = NULL};
    pthread_mutex_init(&set->mutex, NULL);
    return find_or_read(set, plan->experiment) != NULL ? SNUG_OK : snug_error_status();
}

void snug_trial_data_clear(snug_trial_data_set *set) {
    for (size_t i = 0; i < set->count; i++) {
        free_data(set->items[i]);
    }
    snug_release(set->items);
    pthread_mutex_destroy(&set->mutex);
    *set = (snug_trial_data_set){.items = NULL};
}

const snug_trial_data *snug_trial_data_get(snug_trial_data_set *set, const snug_tune_plan *plan,
                                           size_t trial, const cJSON *values) {
    snug_experiment *e = snug_tune_plan_data_experiment(plan, trial, values);
    if (e == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&set->mutex);
    const snug_trial_data *data = find_or_read(set, e);
    pthread_mutex_unlock(&set->mutex);
    snug_experiment_free(e);
    return data;
}
