/*
 * Errors, log messages, and the version of the library.
 *
 *     snug_model *model = snug_model_load("iris.safetensors");
 *     if (model == NULL) {
 *         fprintf(stderr, "%s\n", snug_error());
 *     }
 */
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

/* Returns the version of the linked library, "0.1.0"; the macros above are that of the headers. */
SNUG_API const char *snug_version(void);

/* What functions return. Every failure leaves an error message in snug_error(). */
typedef enum snug_status {
    SNUG_OK = 0,
    SNUG_ERROR_ARGUMENT, /* an argument is not valid */
    SNUG_ERROR_CONFIG,   /* JSON, or a value in it, is not valid */
    SNUG_ERROR_DATA,     /* data is not valid, or does not fit the model */
    SNUG_ERROR_FILE,     /* a model file is damaged, or a file cannot be read or written */
    SNUG_ERROR_MEMORY,   /* an allocation failed */
    SNUG_ERROR_DIVERGED, /* a loss became NaN or infinite */
    SNUG_ERROR_GRADIENT, /* a gradient check found a difference */
    SNUG_STOPPED         /* a callback asked to stop; what was done before is kept */
} snug_status;

/* Returns the name of a status: "ok", "argument", "diverged" ... Never NULL. */
SNUG_API const char *snug_status_name(snug_status status);

/*
 * Returns the error message of this thread's last failed call: where, what is wrong, and what would
 * be right; "" when no call has failed. It is valid until the thread's next failing call.
 *
 * When a function gets NULL for a model, a dataset or a session, and the thread's last failure was
 * that of the function that should have made it, the message is "the model: NULL was given; the
 * last call that makes one failed: REASON", with the status of that failure.
 *
 * The message is UTF-8 and safe to print in a terminal: control characters, and bytes that are not
 * UTF-8, are written as \x1B.
 */
SNUG_API const char *snug_error(void);

/*
 * Sets the thread's error message, as printf() formats it, and returns `status`. For a kind's
 * functions that return a status.
 */
SNUG_API snug_status snug_fail(snug_status status, const char *format, ...) SNUG_PRINTF(2, 3);

/* Returns the status that belongs to snug_error(), for functions that return NULL on failure. */
SNUG_API snug_status snug_error_status(void);

/* The severity of a log message. */
typedef enum snug_log_level { SNUG_LOG_INFO, SNUG_LOG_WARNING } snug_log_level;

/* A callback for log messages. `message` has no newline and is valid during the call only. */
typedef void snug_log_fn(snug_log_level level, const char *message, void *user);

/*
 * Sets the callback for log messages; NULL, the default, drops them: the library never prints. The
 * setting is global; set it before other threads use the library.
 */
SNUG_API void snug_set_log(snug_log_fn *log, void *user);

#ifdef __cplusplus
}
#endif
#endif
