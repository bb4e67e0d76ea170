/* Several quantiles of each target: loss, gradients, scaling, predictions, metrics, files. */
#include <math.h>
#include <string.h>

#include "model/loss.h"
#include "model/model.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 400, TARGETS = 2, TAUS = 3, OUTPUTS = TARGETS * TAUS };

static const double taus[TAUS] = {0.1, 0.45, 0.9};

/* Two targets of unlike units, whose spread grows with x. */
static snug_dataset *spread(void) {
    static float x[ROWS], y[ROWS * TARGETS];
    float noise[ROWS * TARGETS];
    const snug_random stream = {.seed = 12, .purpose = 3};
    snug_random_uniform(&stream, 0, ROWS * TARGETS, noise);
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = (float)(i * 7 % 401) / 100;
        y[TARGETS * i] = 1000 + 50 * x[i] + 20 * (1 + x[i]) * (noise[TARGETS * i] - 0.5F);
        y[TARGETS * i + 1] = 0.02F * (2 - x[i] * noise[TARGETS * i + 1]);
    }
    return snug_dataset_from_values(x, ROWS, 1, y, TARGETS);
}

static snug_model *fit_spread(const snug_dataset *data, snug_target_scaling scaling) {
    snug_model *model = mlp(1, OUTPUTS);
    snug_fit_options o = {.loss = snug_quantiles(taus, TAUS),
                          .optimizer = snug_adam(0.02),
                          .epochs = 60,
                          .batch_size = 20,
                          .target_scaling = scaling,
                          .seed = 6};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    return model;
}

static void predict(const snug_model *model, const snug_dataset *data, float *p) {
    static float x[ROWS];
    snug_session *session = snug_session_new(model, 64);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i), SNUG_OK);
    }
    ck_assert_int_eq(snug_predict(session, x, ROWS, p), SNUG_OK);
    snug_session_free(session);
}

/* The pinball loss, and the shares and errors that the metrics are. */
static void check_metrics(const snug_model *model, const snug_dataset *data) {
    static float p[ROWS * OUTPUTS];
    double loss = 0, absolute = 0, inside = 0;
    snug_metrics m;
    predict(model, data, p);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t t = 0; t < TARGETS; t++) {
            const float *of = p + i * OUTPUTS + t * TAUS;
            double y = (double)snug_dataset_values(data, i)[t];
            for (size_t k = 0; k < TAUS; k++) {
                double error = (double)of[k] - y;
                ck_assert(k == 0 || of[k] >= of[k - 1]);
                loss += error > 0 ? (1 - taus[k]) * error : -taus[k] * error;
            }
            absolute += fabs((double)of[1] - y);
            inside += (double)of[0] <= y && y <= (double)of[2] ? 1 : 0;
        }
    }
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss") / (loss / ROWS / OUTPUTS), 1, 1e-3);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "mae") / (absolute / ROWS / TARGETS), 1, 1e-3);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "interval_coverage"), inside / ROWS / TARGETS,
                            0.01);
    ck_assert(inside / ROWS / TARGETS > 0.7 && inside / ROWS / TARGETS < 0.9);
}

START_TEST(learns_quantiles_of_two_targets) {
    snug_dataset *data = spread();
    snug_model *model = fit_spread(data, SNUG_TARGET_SCALING_STANDARD);
    check_metrics(model, data);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(names_and_files) {
    static float p[ROWS * OUTPUTS], again[ROWS * OUTPUTS];
    static const char *const names[] = {"y1_q0.1", "y1_q0.45", "y1_q0.9",
                                        "y2_q0.1", "y2_q0.45", "y2_q0.9"};
    char *bytes;
    size_t size;
    snug_dataset *data = spread();
    snug_model *model = fit_spread(data, SNUG_TARGET_SCALING_STANDARD);
    predict(model, data, p);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    snug_model_free(model);
    model = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(model != NULL, "%s", snug_error());
    predict(model, data, again);
    ck_assert_mem_eq(p, again, sizeof p);
    for (size_t j = 0; j < OUTPUTS; j++) {
        char *name = snug_model_prediction_name(model, j);
        ck_assert_str_eq(name, names[j]);
        snug_free(name);
    }
    ck_assert_ptr_null(snug_model_prediction_name(model, OUTPUTS));
    ck_assert_ptr_null(snug_model_prediction_name(NULL, 0));
    snug_free(bytes);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* The last layer lacks a unit a target. */
START_TEST(the_outputs_must_be_targets_times_quantiles) {
    snug_dataset *data = spread();
    snug_model *model = mlp(1, 4);
    snug_fit_options o = {.loss = snug_quantiles(taus, TAUS), .epochs = 1};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "the data: has 2 target values a row, of each of which");
    o = (snug_fit_options){.loss = snug_quantiles((double[]){0.5, 0.25}, 2), .epochs = 1};
    ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
    expect_error(SNUG_ERROR_ARGUMENT, "quantile: taus: must rise");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Errors of 1 and -2 for the quantile 0.25, of 0.5 and -0.5 for 0.75. */
START_TEST(loss_and_gradient_by_hand) {
    static const float z[] = {4, 3.5F, 1, 2.5F}, t[] = {3, 3, 3, 3};
    static const double expected[] = {0.75, 0.25, -0.25, -0.75};
    snug_loss *made = snug_loss_new("{\"type\": \"quantile\", \"taus\": [0.25, 0.75]}");
    snug_model *model = snug_model_new(1);
    snug_model_add(model, snug_dense(2));
    ck_assert_int_eq(snug_model_set_loss(model, made), SNUG_OK);
    const snug_targets targets = {.values = t};
    float dz[4];
    double sum = snug_loss_evaluate(model->loss, 2, 2, z, &targets, 1, dz);
    ck_assert_double_eq_tol(sum, (0.75 * 1 + 0.25 * 0.5 + 0.25 * 2 + 0.75 * 0.5) / 2, 1e-12);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq_tol((double)dz[i], expected[i] / 2, 1e-7);
    }
    snug_model_free(model);
}
END_TEST

START_TEST(sorts_crossing_quantiles) {
    float values[] = {3, 1, 2, -1, -1.5F, 7};
    snug_sort_quantiles(6, 3, values);
    static const float expected[] = {1, 2, 3, -1.5F, -1, 7};
    ck_assert_mem_eq(values, expected, sizeof values);
    snug_sort_quantiles(2, 1, values);
    ck_assert_float_eq(values[0], 1);
    float repeated[6] = {5, 8, 0, 0, 0, 0};
    snug_repeat_values(2, 3, repeated);
    static const float thrice[] = {5, 5, 5, 8, 8, 8};
    ck_assert_mem_eq(repeated, thrice, sizeof repeated);
}
END_TEST

/* L-BFGS makes the objective small, which is of each target. */
START_TEST(full_batches_make_the_objective_small) {
    snug_dataset *data = spread();
    snug_model *model = snug_model_new(1);
    snug_model_add(model, snug_dense(OUTPUTS));
    snug_history *history;
    snug_fit_options o = {.loss = snug_quantiles(taus, TAUS),
                          .optimizer = snug_optimizer_new("lbfgs"),
                          .epochs = 3,
                          .seed = 6};
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    double first = snug_metrics_get(snug_history_train(history, 1), "loss");
    double last = snug_metrics_get(snug_history_train(history, 3), "loss");
    ck_assert_msg(last <= first, "%g, then %g", first, last);
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *quantiles_suite(void) {
    Suite *suite = suite_create("quantiles");
    TCase *tests = tcase_create("quantiles");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, learns_quantiles_of_two_targets);
    tcase_add_test(tests, names_and_files);
    tcase_add_test(tests, the_outputs_must_be_targets_times_quantiles);
    tcase_add_test(tests, loss_and_gradient_by_hand);
    tcase_add_test(tests, sorts_crossing_quantiles);
    tcase_add_test(tests, full_batches_make_the_objective_small);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(quantiles_suite)
