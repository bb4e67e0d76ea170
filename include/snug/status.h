/* Status codes, the sentence of the last error, log messages, and the library's version. */
#ifndef SNUG_STATUS_H
#define SNUG_STATUS_H

#include <stddef.h>

#if defined(__GNUC__) || defined(__clang__)
#define SNUG_API __attribute__((visibility("default")))
#define SNUG_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define SNUG_API
#define SNUG_PRINTF(string, first)
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SNUG_VERSION_MAJOR 0
#define SNUG_VERSION_MINOR 1
#define SNUG_VERSION_PATCH 0

/* "0.1.0": the version of the library that is linked, which may differ from the macros above. */
SNUG_API const char *snug_version(void);

/* What a call answers. Everything but SNUG_OK leaves a sentence in snug_error(). */
typedef enum snug_status {
    SNUG_OK = 0,
    SNUG_ERROR_ARGUMENT, /* a value handed to a function is out of its range */
    SNUG_ERROR_CONFIG,   /* a JSON text, or a value in it, is wrong */
    SNUG_ERROR_DATA,     /* a table or an image file is wrong, or does not fit the model */
    SNUG_ERROR_FILE,     /* a model file is damaged, or a file cannot be read or written */
    SNUG_ERROR_MEMORY,   /* an allocation failed */
    SNUG_ERROR_DIVERGED, /* a loss became NaN or infinite */
    SNUG_ERROR_GRADIENT, /* a gradient check found a difference */
    SNUG_STOPPED         /* a callback asked to stop; what was done so far stands */
} snug_status;

/* The name of a status: "ok", "argument", "diverged" ... Never NULL. */
SNUG_API const char *snug_status_name(snug_status status);

/*
 * The sentence of this thread's last failed call: what was wrong, where, and what would be right.
 * "" when nothing failed yet. It stays valid until the thread's next call that fails. Where NULL
 * is given for a model, a dataset or a session, and the thread's last failure is that of a
 * function which makes one, its status and its message are kept behind "the model: NULL was
 * given". It is UTF-8 and safe to print: a control character in a name, or a byte that is not
 * UTF-8, is written as \x1B and the like.
 */
SNUG_API const char *snug_error(void);

/*
 * Sets the thread's error message, as printf() formats it, and returns `status`. For a kind's
 * functions that return a status.
 */
SNUG_API snug_status snug_fail(snug_status status, const char *format, ...) SNUG_PRINTF(2, 3);

/* The status that belongs to snug_error(); it tells why a function answered NULL. */
SNUG_API snug_status snug_error_status(void);

/* How grave a message for the log is. */
typedef enum snug_log_level { SNUG_LOG_INFO, SNUG_LOG_WARNING } snug_log_level;

/* Takes one message without a newline; it is valid during the call alone. */
typedef void snug_log_fn(snug_log_level level, const char *message, void *user);

/*
 * Sends the library's warnings to `log`; NULL drops them, which is the default: the library prints
 * nothing. The setting is the whole process's; set it before threads use the library.
 */
SNUG_API void snug_set_log(snug_log_fn *log, void *user);

#ifdef __cplusplus
}
#endif
#endif
