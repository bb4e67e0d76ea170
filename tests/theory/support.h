/* What the suites of this folder share: golden values from JSON. */
#ifndef SNUG_TESTS_THEORY_SUPPORT_H
#define SNUG_TESTS_THEORY_SUPPORT_H

#include <cjson/cJSON.h>

/* Reads a file of tests/vectors; cJSON_Delete() it. */
cJSON *vectors_read(const char *name);

/* The member of an object, which must be there; and as a number, which a string may hold. */
const cJSON *vectors_get(const cJSON *object, const char *key);
double vectors_number(const cJSON *object, const char *key);

/* Fails the test unless abs(value - expected) <= tolerance. */
void expect_close(const char *what, double value, double expected, double tolerance);

#endif
