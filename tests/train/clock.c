/* Training, saving and predicting with a feature that has more digits than a float. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 400 };

static const double start = 1.7e9;

/* A sine of a clock that is `first` at the first row; the targets are the same. */
static double times[ROWS];

static snug_dataset *sine_from(double first) {
    static double y[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        times[i] = first + (double)i / 8;
        y[i] = 2 * sin((double)i / 80);
    }
    snug_dataset *data = snug_dataset_from_values_f64(times, ROWS, 1, y, 1);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static snug_model *train(const snug_dataset *data, snug_scaling scaling, size_t threads) {
    snug_model *model = mlp(1, 1);
    snug_fit_options o = {.optimizer = snug_adam(0.01),
                          .epochs = 30,
                          .batch_size = 20,
                          .validation = 0.2,
                          .scaling = scaling,
                          .threads = threads,
                          .seed = 5};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    return model;
}

static double r2_of(const snug_model *model, const snug_dataset *data) {
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    return snug_metrics_get(&m, "r2");
}

static void predict_all(const snug_model *model, const double *x, float *out) {
    snug_session *session = snug_session_new(model, 32);
    ck_assert_int_eq(snug_predict_f64(session, x, ROWS, out), SNUG_OK);
    snug_session_free(session);
}

START_TEST(learns_seconds_since_1970_as_those_since_the_start) {
    static const snug_scaling kinds[] = {SNUG_SCALING_STANDARD, SNUG_SCALING_MIN_MAX,
                                         SNUG_SCALING_ROBUST, SNUG_SCALING_ROBUST_CLIP,
                                         SNUG_SCALING_STANDARD_CLIP};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        snug_dataset *zero = sine_from(0), *late = sine_from(start);
        snug_model *one = train(zero, kinds[k], 1), *other = train(late, kinds[k], 1);
        double expected = r2_of(one, zero), got = r2_of(other, late);
        ck_assert_msg(expected > 0.9 && fabs(got - expected) < 0.01, "%g, not %g", got, expected);
        snug_model_free(one);
        snug_model_free(other);
        snug_dataset_free(zero);
        snug_dataset_free(late);
    }
}
END_TEST

START_TEST(trains_alike_with_any_number_of_threads) {
    snug_dataset *data = sine_from(start);
    snug_model *one = train(data, SNUG_SCALING_STANDARD, 1);
    snug_model *other = train(data, SNUG_SCALING_STANDARD, 3);
    static float expected[ROWS], got[ROWS];
    predict_all(one, times, expected);
    predict_all(other, times, got);
    ck_assert_mem_eq(got, expected, sizeof got);
    snug_model_free(one);
    snug_model_free(other);
    snug_dataset_free(data);
}
END_TEST

START_TEST(predicts_from_doubles_also_after_loading) {
    snug_dataset *data = sine_from(start);
    snug_model *model = train(data, SNUG_SCALING_STANDARD, 1);
    static float expected[ROWS], got[ROWS];
    size_t size;
    char *bytes = NULL;
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    snug_model *loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    predict_all(model, times, expected);
    predict_all(loaded, times, got);
    ck_assert_mem_eq(got, expected, sizeof got);
    ck_assert_double_eq(r2_of(loaded, data), r2_of(model, data));

    /* Predictions are those that are evaluated. */
    double error = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double d = (double)got[i] - (double)*snug_dataset_values(data, i);
        error += d * d / ROWS;
    }
    snug_metrics m;
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "mse"), error, 1e-6);

    /* Rows of the dataset, and floats, which lose up to a minute. */
    snug_session *session = snug_session_new(model, 3);
    float row, nearest = 1.7e9f, y;
    double exact = 1.7e9, stored;
    ck_assert_int_eq(snug_dataset_row_f64(data, 17, &stored), SNUG_OK);
    ck_assert_int_eq(snug_predict_f64(session, &stored, 1, &row), SNUG_OK);
    ck_assert_float_eq(row, expected[17]);
    ck_assert_int_eq(snug_predict(session, &nearest, 1, &y), SNUG_OK);
    exact = (double)nearest;
    ck_assert_int_eq(snug_predict_f64(session, &exact, 1, &row), SNUG_OK);
    ck_assert_float_eq(y, row);
    snug_session_free(session);
    snug_free(bytes);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Rows that were not read through the model, half of them later than all that it was trained on. */
START_TEST(evaluates_data_with_other_offsets) {
    snug_dataset *data = sine_from(start);
    snug_model *model = train(data, SNUG_SCALING_STANDARD, 1);
    static double x[ROWS], y[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = start + 5 + (double)i / 10;
        y[i] = 2 * sin((x[i] - start) / 10);
    }
    snug_dataset *other = snug_dataset_from_values_f64(x, ROWS, 1, y, 1);
    ck_assert_double_gt(r2_of(model, other), 0.9);
    snug_dataset_free(other);

    /* Without a scaler a model is given floats. */
    snug_model *plain = mlp(1, 1);
    ck_assert_int_eq(snug_model_init(plain, 3), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(plain, snug_mse()), SNUG_OK);
    static float got[ROWS], expected[ROWS], floats[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = 0.1 * (double)i;
        floats[i] = (float)x[i];
    }
    predict_all(plain, x, got);
    snug_session *session = snug_session_new(plain, ROWS);
    ck_assert_int_eq(snug_predict(session, floats, ROWS, expected), SNUG_OK);
    ck_assert_mem_eq(got, expected, sizeof got);
    snug_session_free(session);
    snug_model_free(plain);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(warns_of_unscaled_seconds) {
    snug_dataset *data = sine_from(start);
    snug_model *model = mlp(1, 1);
    snug_fit_options o = {.epochs = 1, .batch_size = 20, .scaling = SNUG_SCALING_NONE};
    snug_history *history;
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_str_eq(snug_history_warning(history, 0),
                     "column \"x1\": digits were lost: without scaling its values, such as "
                     "1700000000, are 32-bit floats; \"scaling\": \"standard\" keeps their digits");
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Data of floats after a model of doubles, and the other way round: its scaler stays. */
START_TEST(trains_on_with_its_own_offsets) {
    snug_dataset *late = sine_from(start), *zero = sine_from(0);
    snug_model *model = train(late, SNUG_SCALING_STANDARD, 1);
    snug_fit_options o = {.optimizer = snug_adam(0.001), .epochs = 2, .batch_size = 20};
    ck_assert_msg(snug_fit(model, late, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_double_gt(r2_of(model, late), 0.9);
    ck_assert_double_lt(r2_of(model, zero), 0);
    snug_model_free(model);
    snug_dataset_free(zero);
    snug_dataset_free(late);
}
END_TEST

static char digits_warning[256];

static void keep_warning(snug_log_level level, const char *message, void *user) {
    (void)level;
    (void)user;
    snprintf(digits_warning, sizeof digits_warning, "%s", message);
}

/* A single row has no range that a float would lose, and is read without an offset. */
START_TEST(a_row_that_lost_digits_is_warned_of) {
    snug_dataset *data = sine_from(start);
    snug_model *model = train(data, SNUG_SCALING_STANDARD, 1);
    const double x = start + 10.25, y = 1;
    snug_dataset *one = snug_dataset_from_values_f64(&x, 1, 1, &y, 1);
    snug_set_log(keep_warning, NULL);
    (void)r2_of(model, data);
    ck_assert_str_eq(digits_warning, "");
    (void)r2_of(model, one);
    ck_assert_ptr_nonnull(strstr(digits_warning, "the data: column \"x1\": digits may be lost"));
    snug_set_log(NULL, NULL);
    snug_dataset_free(one);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *clock_suite(void) {
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("clock");
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, learns_seconds_since_1970_as_those_since_the_start);
    tcase_add_test(tests, predicts_from_doubles_also_after_loading);
    tcase_add_test(tests, a_row_that_lost_digits_is_warned_of);
    tcase_add_test(tests, evaluates_data_with_other_offsets);
    tcase_add_test(tests, warns_of_unscaled_seconds);
    tcase_add_test(tests, trains_on_with_its_own_offsets);
    TCase *threads = tcase_create("threads");
    tcase_set_timeout(threads, 60);
    tcase_set_tags(threads, "threads");
    tcase_add_test(threads, trains_alike_with_any_number_of_threads);
    suite_add_tcase(suite, threads);
    return suite;
}

REGISTER_SUITE(clock_suite)
