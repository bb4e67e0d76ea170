/* L1 and L2 penalties and the largest norm of a unit's weights, by hand. */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 4, IN = 3, OUT = 2 };

static const float x[ROWS * IN] = {1, -2, 0.5F, 0.25F, 3, -1, 2, 0, 1, -1.5F, 0.75F, 2};
static const float y[ROWS * OUT] = {1, 0, -1, 2, 0.5F, 0.25F, 3, -2};

static float *values_of(snug_model *model, size_t index) {
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor(model, index, &info), SNUG_OK);
    return info.values;
}

/* 3 -> 2 with weights and biases that are not 0, but one. */
static snug_model *model_of(const char *spec) {
    static const float weights[IN * OUT] = {0.5F, -1.25F, 2, 0, -0.75F, 1.5F};
    snug_model *model = snug_model_new(IN);
    ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    memcpy(values_of(model, 0), weights, sizeof weights);
    memcpy(values_of(model, 1), (float[]){4, -3}, OUT * sizeof(float));
    return model;
}

/* Loss and gradients of the first tensor and of the bias. */
static double backward(snug_model *model, float *weight, float *bias) {
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    snug_targets targets = {.values = y};
    const float *z, *g;
    snug_tensor_info info;
    size_t n;
    double mean;
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &targets, &mean), SNUG_OK);
    g = snug_session_gradients(session, &n);
    memcpy(weight, g, IN * OUT * sizeof *g);
    ck_assert_int_eq(snug_model_tensor(model, 1, &info), SNUG_OK);
    memcpy(bias, g + info.offset, OUT * sizeof *g);
    snug_loss_free(loss);
    snug_session_free(session);
    return mean;
}

START_TEST(penalties_are_in_the_loss_and_its_gradient) {
    snug_model *plain = model_of("{\"type\": \"dense\", \"units\": 2}");
    snug_model *held = model_of("{\"type\": \"dense\", \"units\": 2, \"l1\": 0.3, \"l2\": 0.05}");
    const float *w = values_of(plain, 0);
    float g[IN * OUT], bias[OUT], held_g[IN * OUT], held_bias[OUT];
    double loss = backward(plain, g, bias), absolute = 6, squares = 0;
    for (size_t i = 0; i < IN * OUT; i++) {
        squares += (double)w[i] * (double)w[i];
    }
    ck_assert_double_eq_tol(backward(held, held_g, held_bias),
                            loss + 0.3 * absolute + 0.05 * squares, 1e-5);
    for (size_t i = 0; i < IN * OUT; i++) {
        double sign = w[i] > 0 ? 1 : w[i] < 0 ? -1 : 0;
        ck_assert_double_eq_tol((double)held_g[i], (double)g[i] + 0.3 * sign + 0.1 * (double)w[i],
                                1e-5);
    }
    ck_assert_mem_eq(bias, held_bias, sizeof bias);
    snug_model_free(plain);
    snug_model_free(held);
}
END_TEST

START_TEST(the_largest_norm) {
    snug_model *model = model_of("{\"type\": \"dense\", \"units\": 2, \"max_norm\": 1.5}");
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    snug_optimizer *sgd = snug_sgd(1e-4, 0); /* moves the weights by next to nothing */
    snug_targets targets = {.values = y};
    const float *z;
    const float *w = values_of(model, 0);
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &targets, NULL), SNUG_OK);
    ck_assert_int_eq(snug_optimizer_step(sgd, session), SNUG_OK);
    /* columns (0.5, 2, -0.75) of norm 2.1937 and (-1.25, 0, 1.5) of norm 1.9526 */
    for (size_t j = 0; j < OUT; j++) {
        ck_assert_double_eq_tol(
            hypot(hypot((double)w[j], (double)w[OUT + j]), (double)w[2 * OUT + j]), 1.5, 1e-6);
    }
    ck_assert_double_eq_tol((double)w[OUT], 2 * 1.5 / 2.193741, 2e-3);
    ck_assert_double_eq_tol((double)values_of(model, 1)[0], 4, 0.01);
    snug_optimizer_free(sgd);
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

/* A norm that no column has changes nothing, to the bit. */
START_TEST(short_columns_stay) {
    snug_dataset *data = snug_dataset_from_values(x, ROWS, IN, y, OUT);
    snug_model *plain = model_of("{\"type\": \"dense\", \"units\": 2}");
    snug_model *limited = model_of("{\"type\": \"dense\", \"units\": 2, \"max_norm\": 100}");
    ck_assert_int_eq(snug_fit(plain, data, &(snug_fit_options){.epochs = 3}, NULL), SNUG_OK);
    ck_assert_int_eq(snug_fit(limited, data, &(snug_fit_options){.epochs = 3}, NULL), SNUG_OK);
    ck_assert_mem_eq(values_of(plain, 0), values_of(limited, 0), IN * OUT * sizeof(float));
    snug_dataset_free(data);
    snug_model_free(plain);
    snug_model_free(limited);
}
END_TEST

/* What snug_fit() reports is the loss with the penalty; snug_evaluate() leaves it out. */
START_TEST(fit_reports_the_penalty) {
    snug_dataset *data = snug_dataset_from_values(x, ROWS, IN, y, OUT);
    snug_model *model = model_of("{\"type\": \"dense\", \"units\": 2, \"l2\": 0.5}");
    snug_metrics before;
    snug_history *history;
    double squares = 0;
    const float *w = values_of(model, 0);
    for (size_t i = 0; i < IN * OUT; i++) {
        squares += (double)w[i] * (double)w[i];
    }
    ck_assert_int_eq(snug_evaluate(model, data, &before), SNUG_OK);
    ck_assert_int_eq(snug_fit(model, data,
                              &(snug_fit_options){.epochs = 1,
                                                  .scaling = SNUG_SCALING_NONE,
                                                  .target_scaling = SNUG_TARGET_SCALING_NONE},
                              &history),
                     SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(snug_history_train(history, 1), "loss"),
                            snug_metrics_get(&before, "loss") + 0.5 * squares, 1e-5);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Added up over batches of 3 rows and 1, the penalty counts once. */
START_TEST(batches_added_up) {
    snug_model *model = model_of("{\"type\": \"dense\", \"units\": 2, \"l1\": 0.3, \"l2\": 0.5}");
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    float whole[IN * OUT], bias[OUT];
    const float *z, *g;
    size_t n;
    backward(model, whole, bias);
    ck_assert_int_eq(snug_session_accumulate(session, true), SNUG_OK);
    for (size_t first = 0; first < ROWS; first += 3) {
        snug_targets targets = {.values = y + first * OUT};
        ck_assert_int_eq(snug_forward(session, x + first * IN, first == 0 ? 3 : 1, 0, &z), SNUG_OK);
        ck_assert_int_eq(snug_backward(session, loss, &targets, NULL), SNUG_OK);
    }
    ck_assert_int_eq(snug_clip_value(session, 1e6), SNUG_OK); /* makes means of the sums */
    g = snug_session_gradients(session, &n);
    for (size_t i = 0; i < IN * OUT; i++) {
        ck_assert_double_eq_tol((double)g[i], (double)whole[i], 1e-5);
    }
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

static void check_gradients(const char *spec, size_t layers) {
    snug_dataset *data = snug_dataset_from_values(x, ROWS, IN, y, OUT);
    snug_model *model = snug_model_new(IN);
    snug_gradient_report report = {0};
    ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
    if (layers > 1) {
        ck_assert_int_eq(snug_model_add(model, snug_dense(OUT)), SNUG_OK);
    }
    ck_assert_int_eq(snug_model_init(model, 8), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s: %s", spec,
                  snug_error());
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(the_gradient_check_sees_them) {
    check_gradients("{\"type\": \"dense\", \"units\": 2, \"l1\": 0.5, \"l2\": 1.5}", 1);
    check_gradients("{\"type\": \"highway\", \"l1\": 0.25, \"l2\": 2,"
                    " \"layers\": [{\"type\": \"dense\", \"units\": 3, \"l2\": 1}]}",
                    2);
}
END_TEST

static void refuse(const char *spec, const char *message) {
    snug_layer *layer = snug_layer_new(spec);
    ck_assert_int_eq(snug_layer_status(layer), SNUG_ERROR_CONFIG);
    expect_location(message);
    snug_layer_free(layer);
}

START_TEST(wrong_fields) {
    refuse("{\"type\": \"dense\", \"units\": 2, \"l2\": -1}", "l2:");
    refuse("{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true, \"max_norm\": 1}", "l1");
}
END_TEST

static Suite *penalty_suite(void) {
    Suite *suite = suite_create("penalty");
    TCase *tc = tcase_create("penalty");
    tcase_add_test(tc, penalties_are_in_the_loss_and_its_gradient);
    tcase_add_test(tc, the_largest_norm);
    tcase_add_test(tc, short_columns_stay);
    tcase_add_test(tc, fit_reports_the_penalty);
    tcase_add_test(tc, batches_added_up);
    tcase_add_test(tc, the_gradient_check_sees_them);
    tcase_add_test(tc, wrong_fields);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(penalty_suite)
