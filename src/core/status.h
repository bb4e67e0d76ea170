/* Setting the thread's error message. The public part is <snug/status.h>. */
#ifndef SNUG_CORE_STATUS_H
#define SNUG_CORE_STATUS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h> /* IWYU pragma: export */

/*
 * Puts a prefix, printed as by printf(), and ": " in front of the thread's error message, so that a
 * caller adds where the error is. Returns the status, which is unchanged.
 */
snug_status snug_fail_in(const char *format, ...) SNUG_PRINTF(1, 2);

/* snug_fail() with a va_list. */
snug_status snug_fail_list(snug_status status, const char *format, va_list values)
    __attribute__((__format__(__printf__, 2, 0)));

/*
 * Bytes of a message with its NUL byte. It is a fixed size, so that the message about a failed
 * allocation needs no allocation.
 */
enum { SNUG_MESSAGE_SIZE = 1024 };

/*
 * Prints a message as vprintf() does, cut at the end of a character where it is too long. Names
 * from files may be in it: control characters are written as \x1B.
 */
void snug_print_message(char buffer[SNUG_MESSAGE_SIZE], const char *format, va_list values)
    __attribute__((__format__(__printf__, 2, 0)));

/* Fails because the argument that `what` names ("the layer") is NULL. */
snug_status snug_fail_null(const char *what);

/* The types whose constructors return NULL when they fail. */
typedef enum snug_constructed_type {
    SNUG_CONSTRUCTED_NOTHING,
    SNUG_CONSTRUCTED_MODEL,
    SNUG_CONSTRUCTED_DATASET,
    SNUG_CONSTRUCTED_SESSION,
    SNUG_CONSTRUCTED_EMA
} snug_constructed_type;

/*
 * Returns `made`, from a constructor of the type. Where it is NULL, the thread's error message is
 * noted as the reason, until another call fails.
 */
void *snug_constructed(snug_constructed_type type, void *made);

/*
 * As snug_fail_null(), of a type above. Where the thread's last failure is that of such a
 * constructor, its status and its message are kept behind "the model: NULL was given; the last
 * call that makes one failed".
 */
snug_status snug_fail_not_constructed(snug_constructed_type type, const char *what);

/* Fails because `bytes` bytes could not be allocated. Returns SNUG_ERROR_MEMORY. */
static inline snug_status snug_fail_memory(size_t bytes) {
    return snug_fail(SNUG_ERROR_MEMORY, "out of memory: cannot get %zu bytes", bytes);
}

/* Sends a message to the log callback, if there is one. */
void snug_log(snug_log_level level, const char *format, ...) SNUG_PRINTF(2, 3);

/*
 * Lets the calling thread log nothing, or log again: where several threads train at a time, each of
 * them would repeat the same warnings, and a log callback would have to expect calls side by side.
 * Returns whether it was muted before.
 */
bool snug_log_mute(bool muted);

/*
 * Sends the messages of the calling thread to another function, until it is NULL again: threads of
 * a run collect their warnings, which the caller of the run then logs once.
 */
void snug_log_divert(snug_log_fn *log, void *user);

#endif
