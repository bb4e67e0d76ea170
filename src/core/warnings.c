#include <stdarg.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "core/warnings.h"

static bool has(const snug_warnings *warnings, const char *message) {
    for (size_t i = 0; i < warnings->list.count; i++) {
        if (strcmp(warnings->list.items[i], message) == 0) {
            return true;
        }
    }
    return false;
}

static snug_status append(snug_warnings *warnings, const char *message) {
    if (warnings->list.count == warnings->capacity) {
        size_t capacity = 2 * warnings->capacity + 4;
        char **items = snug_resize(warnings->list.items, capacity, sizeof *items);
        if (items == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        warnings->list.items = items;
        warnings->capacity = capacity;
    }
    return snug_strings_append(&warnings->list, message);
}

snug_status snug_warn(snug_warnings *warnings, const char *format, ...) {
    char message[SNUG_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    snug_print_message(message, format, values);
    va_end(values);
    if (warnings == NULL) {
        snug_log(SNUG_LOG_WARNING, "%s", message);
        return SNUG_OK;
    }
    if (has(warnings, message)) {
        return SNUG_OK;
    }
    if (warnings->strict) {
        return snug_fail(SNUG_ERROR_DATA, "%s (\"strict\" makes this warning an error)", message);
    }
    snug_status status = append(warnings, message);
    if (status == SNUG_OK) {
        snug_log(SNUG_LOG_WARNING, "%s", message);
    }
    return status;
}

const char *snug_warnings_get(const snug_warnings *warnings, size_t index) {
    return index < warnings->list.count ? warnings->list.items[index] : NULL;
}

void snug_warnings_clear(snug_warnings *warnings) {
    snug_strings_clear(&warnings->list);
    warnings->capacity = 0;
}
