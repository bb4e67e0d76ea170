#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <check.h>

#include "core/memory.h"
#include "files/file.h"
#include "support.h"

cJSON *vectors_read(const char *name) {
    char path[512];
    size_t size = 0;
    snprintf(path, sizeof path, "%s/vectors/%s", SNUG_TEST_DIR, name);
    char *string = snug_file_read(path, &size);
    ck_assert_ptr_nonnull(string);
    cJSON *json = cJSON_ParseWithLength(string, size);
    ck_assert_ptr_nonnull(json);
    snug_release(string);
    return json;
}

const cJSON *vectors_get(const cJSON *object, const char *key) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(member != NULL, "the vectors lack \"%s\"", key);
    return member;
}

double vectors_number(const cJSON *object, const char *key) {
    const cJSON *member = vectors_get(object, key);
    return cJSON_IsString(member) ? strtod(member->valuestring, NULL) : member->valuedouble;
}

void expect_close(const char *what, double value, double expected, double tolerance) {
    ck_assert_msg(fabs(value - expected) <= tolerance, "%s: %.17g, not %.17g (off by %.3g)", what,
                  value, expected, value - expected);
}
