/* Setting the thread's error sentence. The public part is <snug/status.h>. */
#ifndef SNUG_CORE_STATUS_H
#define SNUG_CORE_STATUS_H

#include <stdarg.h>

#include <snug/kind.h> /* snug_fail() */
#include <snug/status.h>

/*
 * Puts `prefix` and ": " before the thread's sentence and keeps its status: how a caller says
 * where. Answers the status.
 */
snug_status snug_fail_in(const char *format, ...) SNUG_PRINTF(1, 2);

/* snug_fail() with the values in a list. */
snug_status snug_fail_list(snug_status status, const char *format, va_list values)
    __attribute__((__format__(__printf__, 2, 0)));

/*
 * Answers for a NULL where `what` ("the data") should be. It mostly comes from a call that failed,
 * whose sentence is kept; without one the sentence says that NULL was given.
 */
snug_status snug_fail_null(const char *what);

/* The sentence of a failed allocation; answers SNUG_ERROR_MEMORY. */
snug_status snug_fail_memory(size_t bytes);

/* Says `message` to the log callback, if there is one. */
void snug_log(snug_log_level level, const char *format, ...) SNUG_PRINTF(2, 3);

#endif
