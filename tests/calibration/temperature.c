/* The temperature of the least log loss: golden values of tests/vectors/temperature.py. */
#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "files/file.h"
#include "postprocessing/temperature.h"
#include "support/suite.h"

enum { MOST_ROWS = 64, MOST_LOGITS = 192 };

typedef struct golden {
    float z[MOST_LOGITS], weights[MOST_ROWS];
    int32_t classes[MOST_ROWS];
    snug_logits logits;
    double temperature;
} golden;

static void read_golden(const cJSON *json, golden *g) {
    size_t n = 0, rows = 0;
    const cJSON *row = NULL, *value = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(json, "z")) {
        ck_assert_uint_lt(rows, MOST_ROWS);
        g->classes[rows] =
            cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "classes"), (int)rows)
                ->valueint;
        g->weights[rows] =
            (float)cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(json, "weights"), (int)rows)
                ->valuedouble;
        rows++;
        cJSON_ArrayForEach(value, row) {
            ck_assert_uint_lt(n, MOST_LOGITS);
            g->z[n++] = (float)value->valuedouble;
        }
    }
    ck_assert_uint_gt(rows, 0);
    g->logits = (snug_logits){rows, n / rows, g->z, g->classes, g->weights};
    g->temperature = cJSON_GetObjectItemCaseSensitive(json, "temperature")->valuedouble;
}

START_TEST(finds_the_least_log_loss) {
    static golden g;
    size_t size = 0, cases = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/temperature.json", &size);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, size);
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, json) {
        read_golden(item, &g);
        ck_assert_double_eq_tol(snug_temperature_fit(&g.logits) / g.temperature, 1, 1e-6);
        cases++;
    }
    ck_assert_uint_eq(cases, 3);
    cJSON_Delete(json);
    snug_release(text);
}
END_TEST

/* Two rows of three are right by the logits 1 and -1: sigmoid(1 / T) = 2 / 3. */
START_TEST(two_thirds_by_hand) {
    static const float z[] = {1, -1, 1};
    static const int32_t classes[] = {1, 0, 0};
    const snug_logits logits = {3, 1, z, classes, NULL};
    ck_assert_double_eq_tol(snug_temperature_fit(&logits), 1 / log(2), 1e-9);
}
END_TEST

START_TEST(limits_the_temperature) {
    static const float z[] = {3, -1, 0.5F, 2};
    static const int32_t right[] = {0, 1}, wrong[] = {1, 0};
    ck_assert_double_eq(snug_temperature_fit(&(snug_logits){2, 2, z, right, NULL}), 0);
    ck_assert_double_eq(snug_temperature_fit(&(snug_logits){2, 2, z, wrong, NULL}),
                        SNUG_TEMPERATURE_LIMIT);
    static const float wide[] = {20, -20, -30, 50}; /* probabilities of exactly 0 and 1 */
    ck_assert_double_eq(snug_temperature_fit(&(snug_logits){2, 2, wide, right, NULL}), 0);
    static const float huge[] = {1e30F, 0, -1e30F, 1e30F, 0, 1e25F};
    static const int32_t some[] = {0, 1, 0};
    double temperature = snug_temperature_fit(&(snug_logits){3, 2, huge, some, NULL});
    ck_assert(temperature > 0 && temperature <= SNUG_TEMPERATURE_LIMIT);
}
END_TEST

static Suite *temperature_suite(void) {
    Suite *suite = suite_create("temperature");
    TCase *tests = tcase_create("temperature");
    tcase_add_test(tests, finds_the_least_log_loss);
    tcase_add_test(tests, two_thirds_by_hand);
    tcase_add_test(tests, limits_the_temperature);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(temperature_suite)
