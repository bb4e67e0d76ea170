/* Predicted values that are clipped to the range of the training targets. */
#include <math.h>
#include <string.h>

#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 9, OUTPUTS = 2, VALUES = ROWS * OUTPUTS };

/* Targets of unequal ranges, the second far from 0; a row of weight 0 is not in the range. */
static const float x[ROWS] = {-4, -3, -1.5F, -1, 0, 0.5F, 2, 3.5F, 30};
static const float y[VALUES] = {1,    5003, 2,    5001.5F, 4.5F, 5007, 3.25F, 5002, -2,
                                5011, 0.5F, 5004, 2.5F,    4999, 7,    5000,  99,   -99};
static const float row_weights[ROWS] = {1, 1, 0.5F, 1, 2, 1, 1, 3, 0};

static snug_dataset *slopes(void) {
    snug_dataset *data = snug_dataset_from_values(x, ROWS, 1, y, OUTPUTS);
    ck_assert_int_eq(snug_dataset_set_weights(data, row_weights), SNUG_OK);
    return data;
}

/* A linear model, whose predictions of the last row are far away. */
static snug_model *fit_slopes(bool clips, snug_target_scaling scaling, snug_history **history) {
    snug_dataset *data = slopes();
    snug_model *model = snug_model_new(1);
    snug_model_add(model, snug_dense(OUTPUTS));
    snug_fit_options o = {.optimizer = snug_adam(0.1),
                          .epochs = 30,
                          .target_scaling = scaling,
                          .clip_predictions = clips,
                          .validation_data = data,
                          .metrics = (const char *[]){"mae", "rmse", "r2"},
                          .metric_count = 3,
                          .seed = 7};
    ck_assert_msg(snug_fit(model, data, &o, history) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    return model;
}

static void predict_slopes(const snug_model *model, float *predictions) {
    snug_session *session = snug_session_new(model, 4);
    ck_assert_int_eq(snug_predict(session, x, ROWS, predictions), SNUG_OK);
    snug_session_free(session);
}

static float clipped(float value, size_t output) {
    static const float low[] = {-2, 4999}, high[] = {7, 5011};
    return fminf(fmaxf(value, low[output]), high[output]);
}

/* The mean over the outputs of the root of the weighted mean squared error. */
static double rmse_by_hand(const float *predictions) {
    double sum = 0, weight = 0, squared[OUTPUTS] = {0};
    for (size_t i = 0; i < ROWS; i++) {
        weight += (double)row_weights[i];
        for (size_t j = 0; j < OUTPUTS; j++) {
            double error = (double)predictions[i * OUTPUTS + j] - (double)y[i * OUTPUTS + j];
            squared[j] += (double)row_weights[i] * error * error;
        }
    }
    for (size_t j = 0; j < OUTPUTS; j++) {
        sum += sqrt(squared[j] / weight);
    }
    return sum / OUTPUTS;
}

static void check_clipping(snug_target_scaling scaling) {
    float free_values[VALUES], values[VALUES];
    snug_history *history, *other;
    snug_model *unclipped = fit_slopes(false, scaling, &other);
    snug_model *model = fit_slopes(true, scaling, &history);
    predict_slopes(unclipped, free_values);
    predict_slopes(model, values);
    size_t changed = 0;
    for (size_t i = 0; i < VALUES; i++) {
        ck_assert_float_eq(values[i], clipped(free_values[i], i % OUTPUTS));
        changed += values[i] != free_values[i];
    }
    ck_assert_uint_ge(changed, 1);
    const snug_metrics *last = snug_history_validation(history, 30);
    ck_assert_double_eq_tol(snug_metrics_get(last, "rmse"), rmse_by_hand(values), 1e-3);
    ck_assert_double_eq(snug_metrics_get(last, "loss"),
                        snug_metrics_get(snug_history_validation(other, 30), "loss"));
    snug_history_free(history);
    snug_history_free(other);
    snug_model_free(unclipped);
    snug_model_free(model);
}

START_TEST(predictions_and_metrics_are_clipped_and_losses_are_not) {
    check_clipping(SNUG_TARGET_SCALING_STANDARD);
    check_clipping(SNUG_TARGET_SCALING_NONE);
}
END_TEST

START_TEST(a_saved_model_clips_alike) {
    float values[VALUES], again[VALUES];
    char *bytes;
    size_t size;
    double min, max;
    snug_model *model = fit_slopes(true, SNUG_TARGET_SCALING_STANDARD, NULL);
    predict_slopes(model, values);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    snug_model_free(model);
    model = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(model != NULL, "%s", snug_error());
    predict_slopes(model, again);
    ck_assert_mem_eq(again, values, sizeof values);
    ck_assert(snug_model_prediction_range(model, 1, &min, &max) && min == 4999 && max == 5011);
    ck_assert(!snug_model_prediction_range(model, 2, &min, &max));
    ck_assert(!snug_model_prediction_range(model, 0, NULL, &max));
    snug_free(bytes);
    snug_model_free(model);
}
END_TEST

/* The range grows, and never shrinks; a run that fails before its first step leaves it. */
START_TEST(another_run_widens_the_range) {
    static const float more[] = {-2.5F, 5000, 3, 5001}, rows[] = {1, 2};
    double min, max;
    snug_model *model = fit_slopes(true, SNUG_TARGET_SCALING_STANDARD, NULL);
    snug_dataset *data = snug_dataset_from_values(rows, 2, 1, more, OUTPUTS);
    snug_fit_options o = {.epochs = 1,
                          .clip_predictions = true,
                          .metric_count = 1,
                          .metrics = (const char *[]){"accuracy"}};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_CONFIG);
    ck_assert(snug_model_prediction_range(model, 0, &min, &max) && min == -2 && max == 7);
    o = (snug_fit_options){.epochs = 1, .clip_predictions = true};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
    ck_assert(snug_model_prediction_range(model, 0, &min, &max) && min == -2.5 && max == 7);
    o = (snug_fit_options){.epochs = 1};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
    ck_assert(snug_model_prediction_range(model, 0, &min, &max) && min == -2.5 && max == 7);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(classes_are_not_clipped) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.epochs = 1, .clip_predictions = true};
    double min, max;
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "clip_predictions:");
    ck_assert(!snug_model_prediction_range(model, 0, &min, &max));
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *clipping_suite(void) {
    Suite *suite = suite_create("clipping");
    TCase *tests = tcase_create("clipping");
    tcase_add_test(tests, predictions_and_metrics_are_clipped_and_losses_are_not);
    tcase_add_test(tests, a_saved_model_clips_alike);
    tcase_add_test(tests, another_run_widens_the_range);
    tcase_add_test(tests, classes_are_not_clipped);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(clipping_suite)
