#include <stdio.h>
#include <string.h>

#include "core/locale.h"
#include "core/status.h"
#include "core/utf8.h"

/* A fixed buffer, so that the sentence about a failed allocation needs no allocation. */
enum { SENTENCE = 1024 };

static _Thread_local char sentence[SENTENCE];
static _Thread_local snug_status sentence_status = SNUG_OK;

/* What the error message is the reason for: snug_constructed(). */
static _Thread_local snug_constructed_type unmade;
static _Thread_local bool unmade_reported;

static snug_log_fn *log_function;
static void *log_user;

static const char *const status_names[] = {
    [SNUG_OK] = "ok",
    [SNUG_ERROR_ARGUMENT] = "argument",
    [SNUG_ERROR_CONFIG] = "config",
    [SNUG_ERROR_DATA] = "data",
    [SNUG_ERROR_FILE] = "file",
    [SNUG_ERROR_MEMORY] = "memory",
    [SNUG_ERROR_DIVERGED] = "diverged",
    [SNUG_ERROR_GRADIENT] = "gradient",
    [SNUG_STOPPED] = "stopped",
};

#define TEXT_OF(x) #x
#define VERSION(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *snug_version(void) {
    return VERSION(SNUG_VERSION_MAJOR, SNUG_VERSION_MINOR, SNUG_VERSION_PATCH);
}

const char *snug_status_name(snug_status status) {
    size_t index = (size_t)status;
    if (index >= sizeof status_names / sizeof *status_names) {
        return "unknown";
    }
    return status_names[index];
}

const char *snug_error(void) {
    return sentence;
}

snug_status snug_error_status(void) {
    return sentence_status;
}

void snug_set_log(snug_log_fn *log, void *user) {
    log_function = log;
    log_user = user;
}

/* Drops the bytes of a character whose end did not fit. */
static void trim_broken_utf8(char *text) {
    size_t end = strlen(text), start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (end - (start - 1) < length) {
        text[start - 1] = 0;
    }
}

static void print_text(char text[SENTENCE], const char *format, va_list values)
    __attribute__((__format__(__printf__, 2, 0)));

/* Names out of files are printed too: what a terminal would obey is written as \x1B. */
static void print_text(char text[SENTENCE], const char *format, va_list values) {
    char raw[SENTENCE];
    locale_t before = snug_locale_enter();
    int length = vsnprintf(raw, SENTENCE, format, values);
    snug_locale_leave(before);
    if (length >= SENTENCE) {
        trim_broken_utf8(raw);
    } else if (length < 0) {
        raw[0] = 0;
    }
    snug_utf8_printable(raw, text, SENTENCE);
}

snug_status snug_fail_list(snug_status status, const char *format, va_list values) {
    char text[SENTENCE]; /* the values may point into the old sentence */
    print_text(text, format, values);
    memcpy(sentence, text, strlen(text) + 1);
    sentence_status = status;
    unmade = SNUG_CONSTRUCTED_NOTHING;
    return status;
}

snug_status snug_fail(snug_status status, const char *format, ...) {
    va_list values;
    va_start(values, format);
    snug_fail_list(status, format, values);
    va_end(values);
    return status;
}

snug_status snug_fail_in(const char *format, ...) {
    char prefix[SENTENCE];
    va_list values;
    va_start(values, format);
    print_text(prefix, format, values);
    va_end(values);
    return snug_fail(sentence_status, "%s: %s", prefix, sentence);
}

void snug_log(snug_log_level level, const char *format, ...) {
    if (log_function == NULL) {
        return;
    }
    char text[SENTENCE];
    va_list values;
    va_start(values, format);
    print_text(text, format, values);
    va_end(values);
    log_function(level, text, log_user);
}

snug_status snug_fail_null(const char *what) {
    return snug_fail(SNUG_ERROR_ARGUMENT, "%s: NULL was given", what);
}

void *snug_constructed(snug_constructed_type type, void *made) {
    if (made == NULL) {
        unmade = type;
        unmade_reported = false;
    }
    return made;
}

snug_status snug_fail_not_constructed(snug_constructed_type type, const char *what) {
    if (unmade != type) {
        return snug_fail_null(what);
    }
    if (!unmade_reported) {
        snug_fail_in("%s: NULL was given; the last call that makes one failed", what);
        unmade = type;
        unmade_reported = true;
    }
    return sentence_status;
}
