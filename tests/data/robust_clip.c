/*
 * The scaling "robust_clip": golden values of tests/vectors/robust_clip.py, on every path, and
 * columns that are constant in the training rows.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "data/gather.h"
#include "files/file.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 11, NEW = 4, COLUMNS = 6, NUMBERS = (ROWS + NEW) * COLUMNS };

static cJSON *read_vectors(void) {
    size_t size = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/robust_clip.json", &size);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, size);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

/* Reads a matrix of the vectors; null is NaN. Returns the count of numbers. */
static size_t read_matrix(const cJSON *json, const char *key, float *numbers) {
    const cJSON *row = NULL, *value = NULL;
    size_t n = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(json, key)) {
        cJSON_ArrayForEach(value, row) {
            ck_assert_uint_lt(n, NUMBERS);
            numbers[n++] = cJSON_IsNull(value) ? NAN : (float)value->valuedouble;
        }
    }
    return n;
}

/* The training rows of the vectors as a table, so that a value may be missing. */
static snug_dataset *read_training_rows(const float *x) {
    char text[4096] = "a,b,c,d,e,f\n";
    size_t at = strlen(text);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        const char *end = i % COLUMNS == COLUMNS - 1 ? "\n" : ",";
        int n = isnan(x[i]) ? snprintf(text + at, sizeof text - at, "?%s", end)
                            : snprintf(text + at, sizeof text - at, "%.9g%s", (double)x[i], end);
        at += (size_t)n;
    }
    return read_text(text,
                     &(snug_csv_options){.task = SNUG_TASK_NONE, .missing = SNUG_MISSING_MEAN});
}

static void expect_scaled(const float *got, const float *expected, size_t n) {
    for (size_t i = 0; i < n; i++) {
        float tolerance = 4 * FLT_EPSILON * fmaxf(fabsf(expected[i]), 0.25F);
        ck_assert_msg(fabsf(got[i] - expected[i]) <= tolerance, "number %zu: %.9g, not %.9g", i,
                      (double)got[i], (double)expected[i]);
    }
}

START_TEST(scales_as_the_definition_does) {
    float rows[NUMBERS], scaled[NUMBERS], out[NUMBERS];
    cJSON *json = read_vectors();
    ck_assert_uint_eq(read_matrix(json, "rows", rows), ROWS * COLUMNS);
    ck_assert_uint_eq(read_matrix(json, "new", rows + ROWS * COLUMNS), NEW * COLUMNS);
    ck_assert_uint_eq(read_matrix(json, "scaled", scaled), NUMBERS);
    snug_dataset *data = read_training_rows(rows);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST_CLIP);
    ck_assert_msg(scaler != NULL, "%s", snug_error());
    snug_cpu_force((snug_cpu)_i);
    ck_assert_int_eq(snug_dataset_gather(data, scaler, NULL, 0, ROWS, out), SNUG_OK);
    expect_scaled(out, scaled, ROWS * COLUMNS);
    snug_scaler_apply(scaler, ROWS + NEW, rows, out);
    expect_scaled(out, scaled, NUMBERS);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
    cJSON_Delete(json);
}
END_TEST

/* 1.5 in the training rows 1, 2 and 4; 0.1f and the next float; any other value is 0, too. */
START_TEST(gives_0_for_any_value_of_a_constant_column) {
    static const snug_scaling clipped[] = {SNUG_SCALING_ROBUST_CLIP, SNUG_SCALING_STANDARD_CLIP};
    static const float x[] = {-7,  3,     9,    1.5f, 0.1f, 3,    1.5f, 0.1f,
                              -11, 1e30f, 4e4f, 2,    1.5f, 0.1f, 8.5f};
    float rows[15], out[15];
    memcpy(rows, x, sizeof rows);
    rows[7] = nextafterf(0.1f, 1);
    snug_dataset *all = snug_dataset_from_arrays(rows, 5, 3, NULL);
    snug_dataset *training = snug_dataset_select(all, (size_t[]){1, 2, 4}, 3);
    snug_scaler *scaler = snug_scaler_fit(training, clipped[_i]);
    snug_dataset_gather(all, scaler, NULL, 0, 5, out);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_float_eq(out[3 * i], 0);
        ck_assert_float_eq(out[3 * i + 1], 0);
    }
    ck_assert_float_lt(out[8], -1);
    float extremes[] = {FLT_MAX, -FLT_MAX, INFINITY, NAN, -INFINITY, 2};
    snug_scaler_apply(scaler, 2, extremes, extremes);
    expect_floats(2, extremes, (float[]){0, 0});
    ck_assert_float_eq(extremes[2], snug_scaling_limit(clipped[_i]));
    expect_floats(2, extremes + 3, (float[]){0, 0});
    snug_scaler_free(scaler);
    snug_dataset_free(training);
    snug_dataset_free(all);
}
END_TEST

/* 1, 2, 4 and 9 have the mean 4 and the variance 9.5; 1e30 and -1e30 become the limits. */
START_TEST(standard_clip_is_by_mean_and_deviation) {
    static const float x[] = {1, 2, 4, 9};
    float out[4], extremes[] = {1e30F, -1e30F};
    snug_dataset *data = snug_dataset_from_arrays(x, 4, 1, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_STANDARD_CLIP);
    snug_dataset_gather(data, scaler, NULL, 0, 4, out);
    for (size_t i = 0; i < 4; i++) {
        double z = ((double)x[i] - 4) / sqrt(9.5);
        ck_assert_double_eq_tol((double)out[i], z / sqrt(1 + z * z / 25), 1e-6);
    }
    snug_scaler_apply(scaler, 2, extremes, extremes);
    expect_floats(2, extremes, (const float[]){5, -5});
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* Bytes: 0, 5, 10 and 50 in one column, with quartiles 3.75 and 20; a constant in the other. */
START_TEST(scales_bytes) {
    static const uint8_t x[] = {0, 5, 10, 5, 50, 5, 5, 5};
    float out[8];
    snug_dataset *data = snug_dataset_from_bytes(x, 4, 2, NULL);
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST_CLIP);
    ck_assert_float_eq(scaler->shift[0], 7.5F);
    ck_assert_float_eq_tol(scaler->factor[0], 1 / 16.25F, 1e-8F);
    snug_dataset_gather(data, scaler, NULL, 0, 4, out);
    double z = 42.5 / 16.25;
    ck_assert_double_eq_tol((double)out[4], z / sqrt(1 + z * z / 9), 1e-6);
    ck_assert_float_eq(out[5], 0);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* A missing category is 0 in each of its features, as a category that is another one. */
START_TEST(fills_missing_categories_with_0) {
    snug_dataset *data = read_text("c,y\nu,0.5\nv,1.5\n,2.5\nu,3.5\nw,2\nu,3\nu,7\n",
                                   &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST_CLIP);
    float out[9];
    ck_assert_uint_eq(scaler->features, 3);
    snug_dataset_gather(data, scaler, NULL, 1, 2, out);
    /* u is in 4 of 7 rows: median 1, quartiles 0 and 1. v and w are in one: half the range. */
    float z = -1 / sqrtf(1 + 1.0F / 9), twice = 2 / sqrtf(1 + 4.0F / 9);
    const float expected[] = {z, twice, 0, z, 0, 0};
    expect_scaled(out, expected, 6);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

static Suite *robust_clip_suite(void) {
    Suite *suite = suite_create("robust_clip");
    TCase *tests = directory_case(suite, "robust_clip");
    tcase_add_loop_test(tests, scales_as_the_definition_does, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, gives_0_for_any_value_of_a_constant_column, 0, 2);
    tcase_add_test(tests, standard_clip_is_by_mean_and_deviation);
    tcase_add_test(tests, scales_bytes);
    tcase_add_test(tests, fills_missing_categories_with_0);
    return suite;
}

REGISTER_SUITE(robust_clip_suite)
