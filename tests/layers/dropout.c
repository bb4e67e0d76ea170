/* Dropout, alpha dropout and noise. */
#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "files/file.h"
#include "layers/dropout.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 101, COLUMNS = 37, N = ROWS * COLUMNS };

static void normal_numbers(float *x) {
    snug_random stream = {.seed = 8, .purpose = 1};
    snug_random_normal(&stream, 0, N, x);
}

static void moments(const float *y, double *mean, double *variance) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < N; i++) {
        sum += (double)y[i];
        square += (double)y[i] * (double)y[i];
    }
    *mean = sum / N;
    *variance = square / N - *mean * *mean;
}

/* A rate that is not a half, so that keeping and dropping cannot be confused. */
START_TEST(dropout_scales_what_it_keeps) {
    static float x[N], y[N], again[N];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"dropout\", \"rate\": 0.2}");
    size_t dropped = 0;
    normal_numbers(x);
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < N; i++) {
        dropped += y[i] == 0;
        ck_assert(y[i] == 0 || fabsf(y[i] - x[i] * 1.25F) <= 1e-6F * fabsf(x[i]));
    }
    ck_assert_double_eq_tol((double)dropped / N, 0.2, 0.02);
    run_layer(model, true, ROWS, x, again);
    ck_assert_mem_eq(y, again, sizeof y);
    run_layer(model, false, ROWS, x, y);
    ck_assert_mem_eq(y, x, sizeof y);
    snug_model_free(model);
}
END_TEST

/* Number i of the mask belongs to element i, whatever the number of rows. */
START_TEST(masks_do_not_depend_on_the_rows) {
    static float x[N], y[N], part[N];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"dropout\", \"rate\": 0.3}");
    normal_numbers(x);
    run_layer(model, true, ROWS, x, y);
    run_layer(model, true, 13, x, part);
    ck_assert_mem_eq(y, part, 13 * COLUMNS * sizeof *y);
    snug_model_free(model);
}
END_TEST

static cJSON *read_json(const char *path) {
    size_t n = 0;
    char *text = snug_file_read(path, &n);
    cJSON *json = cJSON_ParseWithLength(text, n);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

static double number(const cJSON *json, const char *key) {
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    ck_assert_msg(cJSON_IsNumber(item), "%s", key);
    return item->valuedouble;
}

START_TEST(corrections_of_the_paper) {
    cJSON *constants = read_json(SNUG_TEST_DIR "/vectors/constants.json");
    const cJSON *row;
    size_t met = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(constants, "alpha_dropout")) {
        double a, b;
        const cJSON *fixed = cJSON_GetObjectItemCaseSensitive(row, "fixed_mean");
        snug_alpha_dropout_correction(number(row, "rate"), number(row, "alpha_prime"),
                                      fixed != NULL ? fixed->valuedouble : 0,
                                      fixed != NULL ? number(row, "fixed_var") : 1, &a, &b);
        ck_assert_double_eq_tol(a, number(row, "a"), 1e-15);
        ck_assert_double_eq_tol(b, number(row, "b"), 1e-15);
        met++;
    }
    ck_assert_uint_eq(met, 9);
    cJSON_Delete(constants);
}
END_TEST

/* The golden network's hidden layer with a given mask. */
START_TEST(golden_mask) {
    cJSON *golden = read_json(SNUG_TEST_DIR "/vectors/mlp_4_8_8_3.json");
    const cJSON *test = cJSON_GetObjectItemCaseSensitive(golden, "alpha_dropout_on_h1");
    const cJSON *h1 =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(golden, "forward"), "h1");
    const cJSON *masks = cJSON_GetObjectItemCaseSensitive(test, "keep_mask");
    const cJSON *outputs = cJSON_GetObjectItemCaseSensitive(test, "output");
    double a, b, dropped = number(test, "alpha_prime");
    snug_alpha_dropout_correction(number(test, "rate"), dropped, 0, 1, &a, &b);
    ck_assert_int_eq(cJSON_GetArraySize(h1), 5);
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 8; j++) {
            float x = (float)cJSON_GetArrayItem(cJSON_GetArrayItem(h1, i), j)->valuedouble;
            float mask = (float)cJSON_GetArrayItem(cJSON_GetArrayItem(masks, i), j)->valuedouble;
            double wanted = cJSON_GetArrayItem(cJSON_GetArrayItem(outputs, i), j)->valuedouble;
            float y;
            snug_dropout_apply(1, &mask, &x, (float)dropped, (float)a, (float)b, &y);
            ck_assert_double_eq_tol((double)y, wanted, 2e-6);
        }
    }
    cJSON_Delete(golden);
}
END_TEST

START_TEST(alpha_dropout_keeps_the_moments) {
    static float x[N], y[N];
    static const struct {
        const char *spec;
        float mean, deviation;
    } rows[] = {
        {"{\"type\": \"alpha_dropout\", \"rate\": 0.1}", 0, 1},
        {"{\"type\": \"alpha_dropout\", \"rate\": 0.2, \"mean\": 0.5, \"variance\": 4}", 0.5F, 2}};
    for (size_t k = 0; k < 2; k++) {
        snug_model *model = model_of(COLUMNS, rows[k].spec);
        double mean, variance, wanted_mean, wanted_variance;
        normal_numbers(x);
        for (size_t i = 0; i < N; i++) {
            x[i] = rows[k].mean + rows[k].deviation * x[i];
        }
        moments(x, &wanted_mean, &wanted_variance);
        run_layer(model, true, ROWS, x, y);
        moments(y, &mean, &variance);
        ck_assert_double_eq_tol(mean, wanted_mean, 0.08);
        ck_assert_double_eq_tol(variance / wanted_variance, 1, 0.08);
        run_layer(model, false, ROWS, x, y);
        ck_assert_mem_eq(y, x, sizeof y);
        snug_model_free(model);
    }
}
END_TEST

START_TEST(noise_has_its_deviation) {
    static float x[N], y[N], difference[N];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"gaussian_noise\", \"deviation\": 0.3}");
    double mean, variance;
    normal_numbers(x);
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < N; i++) {
        difference[i] = y[i] - x[i];
    }
    moments(difference, &mean, &variance);
    ck_assert_double_eq_tol(mean, 0, 0.02);
    ck_assert_double_eq_tol(sqrt(variance), 0.3, 0.02);
    run_layer(model, false, ROWS, x, y);
    ck_assert_mem_eq(y, x, sizeof y);
    snug_model_free(model);
}
END_TEST

static void refuse(const char *spec, const char *location) {
    snug_layer *layer = snug_layer_new(spec);
    ck_assert_int_eq(snug_layer_status(layer), SNUG_ERROR_CONFIG);
    expect_location(location);
    snug_layer_free(layer);
}

START_TEST(ranges) {
    refuse("{\"type\": \"dropout\", \"rate\": 1}", "rate:");
    refuse("{\"type\": \"alpha_dropout\", \"rate\": -0.1}", "rate:");
    refuse("{\"type\": \"alpha_dropout\", \"variance\": 0}", "variance:");
    refuse("{\"type\": \"dropout\", \"rate\": 0.99999999}", "rate must be below 1 as float32 too:");
    refuse("{\"type\": \"alpha_dropout\", \"rate\": 0.99999999}",
           "rate must be below 1 as float32 too:");
    refuse("{\"type\": \"gaussian_noise\", \"deviation\": -1}", "deviation:");
}
END_TEST

static Suite *dropout_suite(void) {
    Suite *suite = suite_create("dropout");
    TCase *tc = tcase_create("dropout");
    tcase_add_test(tc, dropout_scales_what_it_keeps);
    tcase_add_test(tc, masks_do_not_depend_on_the_rows);
    tcase_add_test(tc, corrections_of_the_paper);
    tcase_add_test(tc, golden_mask);
    tcase_add_test(tc, alpha_dropout_keeps_the_moments);
    tcase_add_test(tc, noise_has_its_deviation);
    tcase_add_test(tc, ranges);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(dropout_suite)
