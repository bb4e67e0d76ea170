#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "model_file/format.h"

#define TEXT(number) #number
#define VERSION(major, minor) TEXT(major) "." TEXT(minor)

static const char written[] = VERSION(SNUG_FORMAT_MAJOR, SNUG_FORMAT_MINOR);

const char *snug_format_written(void) {
    return written;
}

bool snug_format_knows(const char *key) {
    static const char *const keys[] = {
        SNUG_KEY_FORMAT, SNUG_KEY_VERSION, SNUG_KEY_MODEL,         SNUG_KEY_LOSS,
        SNUG_KEY_OUTPUT, SNUG_KEY_MEMBERS, SNUG_KEY_PREPROCESSING, SNUG_KEY_POSTPROCESSING};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

void snug_format_member_prefix(size_t i, char prefix[SNUG_PREFIX_SIZE]) {
    snprintf(prefix, SNUG_PREFIX_SIZE, SNUG_MEMBER_START "%zu.", i);
}

/* Reads a number of at most four digits without leading zeros; returns what follows, or NULL. */
static const char *read_number(const char *text, unsigned *number) {
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 4 || (digits > 1 && text[0] == '0')) {
        return NULL;
    }
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        *number = *number * 10 + (unsigned)(text[i] - '0');
    }
    return text + digits;
}

/* Returns a string of a file if it is short and printable, otherwise "?", for one-line messages. */
static const char *plain(const char *text) {
    size_t length = text != NULL ? strlen(text) : 0, count = 0;
    while (count < length && text[count] > ' ' && text[count] <= '~') {
        count++;
    }
    return length > 0 && length == count && length <= 40 ? text : "?";
}

static bool read_version(const char *text, unsigned *major, unsigned *minor) {
    if (strcmp(text, SNUG_FORMAT_FIRST) == 0) {
        *major = 1;
        *minor = 0;
        return true;
    }
    const char *rest = read_number(text, major);
    if (rest == NULL || *rest != '.' || *major == 0) {
        return false;
    }
    rest = read_number(rest + 1, minor);
    return rest != NULL && *rest == 0;
}

snug_status snug_format_check(const char *format, const char *writer, bool *newer) {
    unsigned major = 0, minor = 0;
    *newer = false;
    if (!read_version(format, &major, &minor)) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: must be a version such as \"%s\", in the metadata (got \"%s\")",
                         SNUG_KEY_FORMAT, written, *format != 0 ? plain(format) : "");
    }
    if (major > SNUG_FORMAT_MAJOR) {
        return snug_fail(SNUG_ERROR_FILE,
                         "has format %u.%u, written by Snug %s; this is Snug %s, which reads "
                         "formats up to %d.x: a newer Snug can read the file",
                         major, minor, plain(writer), snug_version(), SNUG_FORMAT_MAJOR);
    }
    *newer = major == SNUG_FORMAT_MAJOR && minor > SNUG_FORMAT_MINOR;
    return SNUG_OK;
}
