#include <stdarg.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_path.h"

snug_status snug_fail_at(const char *path, const char *format, ...) {
    va_list values;
    va_start(values, format);
    snug_status status = snug_fail_list(SNUG_ERROR_CONFIG, format, values);
    va_end(values);
    return *path != '\0' ? snug_fail_in("%s", path) : status;
}

snug_status snug_fail_type(const char *path, const char *expected, const cJSON *got) {
    bool quoted = cJSON_IsString(got) && strchr(expected, '"') != NULL;
    if (quoted) {
        return snug_fail_at(path, "must be %s (got \"%s\")", expected, got->valuestring);
    }
    return snug_fail_at(path, "must be %s (got %s)", expected, snug_json_type(got));
}

char *snug_join_path(const char *path, const char *name) {
    return snug_format("%s%s%s", path, *path != '\0' ? "." : "", name);
}

char *snug_join_index(const char *path, size_t index) {
    return snug_format("%s[%zu]", path, index);
}
