/* Whether the options of "data" apply to the sources of rows that an experiment names. */
#include "core/status.h"
#include "experiment/data_options.h"
#include "experiment/data_sources.h"
#include "json/json_build.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"

/* Returns the settings that apply to a source, all where its content is to decide. */
static unsigned settings_of(const snug_data_settings *data, const snug_source *source) {
    if (source->paths[0] == NULL) {
        return 0;
    }
    const snug_data_format *format = snug_data_source_format(data, source);
    return format != NULL ? format->settings : SNUG_DATA_TABLE | SNUG_DATA_DELIMITED;
}

static bool applies(const snug_data_settings *data, const snug_data_format *train, unsigned scope) {
    unsigned settings = train != NULL ? train->settings : settings_of(data, &data->train);
    switch (scope) {
    case SNUG_SCOPE_TRAIN_TABLE:
        return (settings & SNUG_DATA_TABLE) != 0;
    case SNUG_SCOPE_ANY_DELIMITED:
        settings |= settings_of(data, &data->validation) | settings_of(data, &data->test);
        return (settings & SNUG_DATA_DELIMITED) != 0;
    default:
        return true;
    }
}

static snug_status fail_option(const snug_data_settings *data, const snug_data_format *train,
                               const snug_field *field) {
    if (field->scope == SNUG_SCOPE_ANY_DELIMITED) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.%s: applies to files of delimited fields, such as CSV, and data "
                         "names none",
                         field->name);
    }
    train = train != NULL ? train : snug_data_source_format(data, &data->train);
    return snug_fail(SNUG_ERROR_CONFIG,
                     "data.%s: applies to formats whose columns have names, and data.train is in "
                     "%s format",
                     field->name, train->title);
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

snug_status snug_data_check_scopes(const snug_data_settings *data, const snug_data_format *train) {
    for (const snug_field *field = snug_data_fields; snug_is_field(field); field++) {
        bool differs = false;
        if (applies(data, train, field->scope)) {
            continue;
        }
        if (compare_default(data, field, &differs) != SNUG_OK) {
            return snug_error_status();
        }
        if (differs) {
            return fail_option(data, train, field);
        }
    }
    return SNUG_OK;
}
