#include <string.h>

#include "core/fields.h"
#include "core/json.h"
#include "core/json_build.h"
#include "core/status.h"
#include "experiment/experiment_sources.h"

static const struct {
    const char *name;
    snug_setting_scope scope;
} scopes[] = {
    {"train", SNUG_SCOPE_ALL},
    {"validation", SNUG_SCOPE_ALL},
    {"test", SNUG_SCOPE_ALL},
    {"standardize", SNUG_SCOPE_ALL},
    {"scaling", SNUG_SCOPE_ALL},
    {"target", SNUG_SCOPE_TRAIN_TABLE},
    {"columns", SNUG_SCOPE_TRAIN_TABLE},
    {"ignore", SNUG_SCOPE_TRAIN_TABLE},
    {"weights", SNUG_SCOPE_TRAIN_TABLE},
    {"split", SNUG_SCOPE_TRAIN_TABLE},
    {"missing", SNUG_SCOPE_TRAIN_TABLE},
    {"categories", SNUG_SCOPE_TRAIN_TABLE},
    {"delimiter", SNUG_SCOPE_ANY_TABLE},
    {"header", SNUG_SCOPE_ANY_TABLE},
};

snug_setting_scope snug_setting_scope_of(const char *name) {
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
        if (strcmp(scopes[i].name, name) == 0) {
            return scopes[i].scope;
        }
    }
    return SNUG_SCOPE_UNKNOWN;
}

static bool applies(const snug_data_config *data, const char *name) {
    switch (snug_setting_scope_of(name)) {
    case SNUG_SCOPE_TRAIN_TABLE:
        return data->train.path != NULL;
    case SNUG_SCOPE_ANY_TABLE:
        return data->train.path != NULL || data->validation.path != NULL || data->test.path != NULL;
    default:
        return true;
    }
}

/* A setting that does not apply and is not its default. */
static snug_status fail_setting(const snug_data_config *data, const char *name) {
    if (snug_setting_scope_of(name) == SNUG_SCOPE_ANY_TABLE) {
        return snug_fail(SNUG_ERROR_CONFIG, "data.%s: applies to CSV files, and data names none",
                         name);
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "data.%s: applies to a CSV file, and data.train is a pair of %s files", name,
                     data->train.images != NULL ? "IDX" : "NPY");
}

static snug_status compare(const snug_data_config *data, const cJSON *set, const cJSON *defaults) {
    for (const cJSON *value = set->child; value != NULL; value = value->next) {
        if (!applies(data, value->string) &&
            !cJSON_Compare(value, snug_json_get(defaults, value->string), true)) {
            return fail_setting(data, value->string);
        }
    }
    return SNUG_OK;
}

snug_status snug_check_settings(const snug_data_config *data) {
    snug_data_config initial = {0};
    bool failed = false;
    cJSON *set = snug_json_object(NULL, NULL, &failed);
    cJSON *defaults = snug_json_object(NULL, NULL, &failed);
    const snug_field *fields = snug_experiment_data_fields;
    snug_status status = failed ? SNUG_ERROR_MEMORY : snug_fields_default(fields, &initial);
    if (status == SNUG_OK) {
        status = snug_fields_write(fields, &initial, defaults);
    }
    if (status == SNUG_OK) {
        status = snug_fields_write(fields, data, set);
    }
    if (status == SNUG_OK) {
        status = compare(data, set, defaults);
    }
    cJSON_Delete(set);
    cJSON_Delete(defaults);
    snug_fields_free(fields, &initial);
    return status;
}
