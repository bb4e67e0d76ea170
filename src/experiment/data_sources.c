#include <string.h>

#include "core/status.h"
#include "experiment/data_sources.h"
#include "files/byte_source.h"

const snug_data_format *snug_data_source_format(const snug_data_settings *data,
                                                const snug_source *source) {
    const snug_data_format *format;
    for (size_t i = 0; (format = snug_data_format_at(i)) != NULL; i++) {
        bool named = data->format != NULL && strcmp(format->name, data->format) == 0;
        if (source->names != NULL ? format->files == source->names : named) {
            return format;
        }
    }
    return NULL;
}

static snug_status check_format(const snug_data_format *format, const snug_source *source,
                                const char *name) {
    if (source->paths[0] == NULL || source->names == format->files) {
        return SNUG_OK;
    }
    if (format->files == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.%s: must be the name of one file, which data.format, \"%s\", asks "
                         "for",
                         name, format->name);
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "data.%s: must be {\"%s\": FILE, \"%s\": FILE}, which data.format, \"%s\", "
                     "asks for",
                     name, format->files[0].name, format->files[1].name, format->name);
}

/* `user` is where standard input is read already, or NULL. */
static snug_status check_input(const snug_source *source, const char *name, const char **user) {
    for (size_t i = 0; i < SNUG_SOURCE_FILES; i++) {
        if (source->paths[i] == NULL || !snug_is_standard_input(source->paths[i])) {
            continue;
        }
        if (*user != NULL) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "data.%s: standard input can be read once, and is read for %s", name,
                             *user);
        }
        *user = name;
    }
    return SNUG_OK;
}

snug_status snug_data_check_sources(const snug_data_settings *data, const char *path) {
    const snug_source *const sources[] = {&data->train, &data->validation, &data->test};
    static const char *const names[] = {"train", "validation", "test"};
    const char *user = snug_is_standard_input(path) ? "the experiment" : NULL;
    const snug_data_format *format =
        data->format != NULL ? snug_data_format_find(data->format) : NULL;
    if (data->format != NULL && format == NULL) {
        return snug_fail_in("data.format");
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < sizeof sources / sizeof *sources && status == SNUG_OK; i++) {
        status = format != NULL ? check_format(format, sources[i], names[i]) : SNUG_OK;
        if (status == SNUG_OK) {
            status = check_input(sources[i], names[i], &user);
        }
    }
    return status;
}
