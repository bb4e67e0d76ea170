/* What tests expect of an error: its status and its location. */
#ifndef SNUG_TESTS_SUPPORT_ERRORS_H
#define SNUG_TESTS_SUPPORT_ERRORS_H

#include <snug/status.h>

/*
 * Checks the error message of the last failed call: it begins with `location`, such as
 * "t.csv:3: column \"x\"", and the whole of it is a line of tests/golden/messages.txt. Texts are in
 * that file alone, so that a better wording changes no test; scripts/update-messages.sh writes it.
 */
void expect_location(const char *location);

/* Checks an error message or a warning as expect_location() checks the last error. */
void expect_message(const char *message, const char *location);

/* As expect_location(), and the status of the last failed call is `status`. */
void expect_error(snug_status status, const char *location);

#endif
