#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "support/errors.h"

/* Writes N in place of the digits after the first `before` of a string. */
static void hide_number(char *string, const char *before) {
    char *found = strstr(string, before);
    char *number = found != NULL ? found + strlen(before) : NULL;
    size_t digits = number != NULL ? strspn(number, "0123456789") : 0;
    if (digits > 0) {
        memmove(number + 1, number + digits, strlen(number + digits) + 1);
        *number = 'N';
    }
}

/*
 * Copies the message without what differs from run to run: the name of a directory of mkdtemp() is
 * its template, "snug-x-XXXXXX", and the number of an open descriptor or a process N.
 */
static void copy_message(const char *message, char *copy, size_t size) {
    static const char descriptor[] = "/proc/self/fd/";
    int length = snprintf(copy, size, "%s", message);
    ck_assert_int_lt(length, (int)size);
    size_t end = strcspn(copy, "/:");
    if ((strncmp(copy, "snug-", 5) == 0 || strncmp(copy, "snug_", 5) == 0) && end > 11) {
        memcpy(copy + end - 6, "XXXXXX", 6);
    }
    if (strncmp(copy, descriptor, strlen(descriptor)) == 0) {
        hide_number(copy, descriptor);
    }
    hide_number(copy, ": is used by process ");
}

/* Appends the message to the file that scripts/update-messages.sh sorts. */
static void collect(const char *path, const char *message) {
    FILE *file = fopen(path, "a");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fprintf(file, "%s\n", message), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static bool is_known(const char *message) {
    static char line[4096];
    bool found = false;
    FILE *file = fopen(SNUG_TEST_DIR "/golden/messages.txt", "r");
    ck_assert_ptr_nonnull(file);
    while (!found && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        found = strcmp(line, message) == 0;
    }
    fclose(file);
    return found;
}

void expect_message(const char *message, const char *location) {
    char copy[4096];
    copy_message(message, copy, sizeof copy);
    const char *collection = getenv("SNUG_COLLECT_MESSAGES");
    ck_assert_msg(strncmp(message, location, strlen(location)) == 0,
                  "the message is not at \"%s\": %s", location, copy);
    if (collection != NULL) {
        collect(collection, copy);
    } else {
        ck_assert_msg(is_known(copy),
                      "tests/golden/messages.txt lacks the line \"%s\"; see "
                      "scripts/update-messages.sh",
                      copy);
    }
}

void expect_location(const char *location) {
    expect_message(snug_error(), location);
}

void expect_error(snug_status status, const char *location) {
    ck_assert_str_eq(snug_status_name(snug_error_status()), snug_status_name(status));
    expect_location(location);
}
