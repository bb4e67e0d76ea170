/* Whether the sanitizer sees an access: it runs in a process of its own, which the report ends. */
#ifndef SNUG_TESTS_OVERRUN_H
#define SNUG_TESTS_OVERRUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "core/guard.h" /* IWYU pragma: export */

static inline bool holds_a_report(FILE *file) {
    char line[512];
    bool found = false;
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) {
        found = found || strstr(line, "ERROR: AddressSanitizer") != NULL;
    }
    return found;
}

/* Whether access(memory) ends its process with a report of AddressSanitizer. */
static inline bool is_reported(void (*access)(void *memory), void *memory) {
    FILE *output = tmpfile();
    ck_assert_ptr_nonnull(output);
    fflush(NULL);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        dup2(fileno(output), STDERR_FILENO);
        access(memory);
        _exit(0);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    bool reported = holds_a_report(output);
    ck_assert(reported == !(WIFEXITED(status) && WEXITSTATUS(status) == 0));
    fclose(output);
    return reported;
}

static inline void read_byte(void *memory) {
    (void)*(volatile char *)memory;
}

static inline void write_byte(void *memory) {
    *(volatile char *)memory = 1;
}

/* A block or buffer of n bytes may be used up to both ends, and not a byte further. */
static inline void assert_exact(const void *memory, size_t n) {
    char *bytes = (void *)(uintptr_t)memory;
    ck_assert(is_reported(write_byte, bytes - 1));
    ck_assert(is_reported(read_byte, bytes + n));
    ck_assert(!is_reported(read_byte, bytes));
    ck_assert(!is_reported(read_byte, bytes + n - 1));
}

#endif
