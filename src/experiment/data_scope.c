/* Whether the options of "data" apply to the sources of rows that an experiment names. */
#include "core/field_type.h"
#include "core/fields.h"
#include "core/json_build.h"
#include "core/status.h"
#include "experiment/data_options.h"

static bool applies(const snug_data_settings *data, unsigned scope) {
    switch (scope) {
    case SNUG_SCOPE_TRAIN_TABLE:
        return data->train.path != NULL;
    case SNUG_SCOPE_ANY_TABLE:
        return data->train.path != NULL || data->validation.path != NULL || data->test.path != NULL;
    default:
        return true;
    }
}

static snug_status fail_option(const snug_data_settings *data, const snug_field *field) {
    if (field->scope == SNUG_SCOPE_ANY_TABLE) {
        return snug_fail(SNUG_ERROR_CONFIG, "data.%s: applies to CSV files, and data names none",
                         field->name);
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "data.%s: applies to a CSV file, and data.train is a pair of %s files",
                     field->name, data->train.images != NULL ? "IDX" : "NPY");
}

/* Sets *differs to whether the JSON of the option is not that of its default. */
static snug_status compare_default(const snug_data_settings *data, const snug_field *field,
                                   bool *differs) {
    bool failed = false;
    cJSON *value = snug_json_object(NULL, NULL, &failed);
    cJSON *initial = snug_json_object(NULL, NULL, &failed);
    if (!failed) {
        const void *member = (const char *)data + field->offset;
        snug_field_type_of(field->kind)->write(field, member, value, &failed);
    }
    if (!failed) {
        snug_field_write_default(field, field->name, initial, &failed);
    }
    *differs = !failed && !cJSON_Compare(value, initial, true);
    cJSON_Delete(value);
    cJSON_Delete(initial);
    return failed ? snug_error_status() : SNUG_OK;
}

snug_status snug_data_check_scopes(const snug_data_settings *data) {
    for (const snug_field *field = snug_data_fields; snug_is_field(field); field++) {
        bool differs = false;
        if (applies(data, field->scope)) {
            continue;
        }
        if (compare_default(data, field, &differs) != SNUG_OK) {
            return snug_error_status();
        }
        if (differs) {
            return fail_option(data, field);
        }
    }
    return SNUG_OK;
}
