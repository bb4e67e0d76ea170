#include <stdio.h>
#include <string.h>

#include "core/locale.h"
#include "core/status.h"
#include "core/utf8.h"

static _Thread_local char message[SNUG_MESSAGE_SIZE];
static _Thread_local snug_status message_status = SNUG_OK;

/* The type of which a constructor failed with the message: snug_constructed(). */
static _Thread_local snug_constructed_type failed_type;
static _Thread_local bool failure_reported;

static snug_log_fn *log_function;
static void *log_user;
static _Thread_local bool log_muted;

/* Where messages of the calling thread go instead, or NULL: snug_log_divert(). */
static _Thread_local snug_log_fn *thread_log;
static _Thread_local void *thread_log_user;

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

#define STRING_OF(x) #x
#define VERSION(major, minor, patch) STRING_OF(major) "." STRING_OF(minor) "." STRING_OF(patch)

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
    return message;
}

snug_status snug_error_status(void) {
    return message_status;
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

void snug_print_message(char buffer[SNUG_MESSAGE_SIZE], const char *format, va_list values) {
    char raw[SNUG_MESSAGE_SIZE];
    locale_t old_locale = snug_locale_enter();
    int length = vsnprintf(raw, SNUG_MESSAGE_SIZE, format, values);
    snug_locale_leave(old_locale);
    if (length >= SNUG_MESSAGE_SIZE) {
        trim_broken_utf8(raw);
    } else if (length < 0) {
        raw[0] = 0;
    }
    snug_utf8_printable(raw, buffer, SNUG_MESSAGE_SIZE);
}

snug_status snug_fail_list(snug_status status, const char *format, va_list values) {
    char buffer[SNUG_MESSAGE_SIZE]; /* the values may point into the old one */
    snug_print_message(buffer, format, values);
    memcpy(message, buffer, strlen(buffer) + 1);
    message_status = status;
    failed_type = SNUG_CONSTRUCTED_NOTHING;
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
    char prefix[SNUG_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    snug_print_message(prefix, format, values);
    va_end(values);
    return snug_fail(message_status, "%s: %s", prefix, message);
}

void snug_log_divert(snug_log_fn *log, void *user) {
    thread_log = log;
    thread_log_user = user;
}

void snug_log(snug_log_level level, const char *format, ...) {
    snug_log_fn *function = thread_log != NULL ? thread_log : log_function;
    void *user = thread_log != NULL ? thread_log_user : log_user;
    if (function == NULL || (log_muted && thread_log == NULL)) {
        return;
    }
    char buffer[SNUG_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    snug_print_message(buffer, format, values);
    va_end(values);
    function(level, buffer, user);
}

bool snug_log_mute(bool muted) {
    bool before = log_muted;
    log_muted = muted;
    return before;
}

snug_status snug_fail_null(const char *what) {
    return snug_fail(SNUG_ERROR_ARGUMENT, "%s: NULL was given", what);
}

void *snug_constructed(snug_constructed_type type, void *made) {
    if (made == NULL) {
        failed_type = type;
        failure_reported = false;
    }
    return made;
}

snug_status snug_fail_not_constructed(snug_constructed_type type, const char *what) {
    if (failed_type != type) {
        return snug_fail_null(what);
    }
    if (!failure_reported) {
        snug_fail_in("%s: NULL was given; the last call that makes one failed", what);
        failed_type = type;
        failure_reported = true;
    }
    return message_status;
}
