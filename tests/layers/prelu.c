/* PReLU against its formula, with one slope and with one a unit; and in several threads. */
#include <stdio.h>

#include "support.h"
#include "support/suite.h"

enum { ROWS = 5, COLUMNS = 3 };

static const float x[ROWS * COLUMNS] = {0.5F, -1, 2,     0.25F, -1.5F, 0,     -0.75F, 3,
                                        -2,   4,  -0.1F, -8,    1,     -0.3F, 0.6F};

START_TEST(one_slope) {
    float y[ROWS * COLUMNS];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"prelu\"}");
    float *slope = tensor_of(model, "0.weight");
    ck_assert_uint_eq(snug_model_parameter_count(model), 1);
    ck_assert(slope[0] == 0.25F);
    slope[0] = -0.5F;
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        ck_assert(y[i] == (x[i] > 0 ? x[i] : -0.5F * x[i]));
    }
    snug_model_free(model);
}
END_TEST

START_TEST(a_slope_a_unit) {
    float y[ROWS * COLUMNS];
    snug_model *model =
        model_of(COLUMNS, "{\"type\": \"prelu\", \"shared\": false, \"initial\": 0.125}");
    float *slope = tensor_of(model, "0.weight");
    ck_assert_uint_eq(snug_model_parameter_count(model), COLUMNS);
    slope[1] = 2;
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        float a = i % COLUMNS == 1 ? 2 : 0.125F;
        ck_assert(y[i] == (x[i] > 0 ? x[i] : a * x[i]));
    }
    snug_model_free(model);
}
END_TEST

/* The gradient of a sum of y w is, for each slope, the sum of x w over what is not above 0. */
START_TEST(gradients) {
    for (int shared = 0; shared < 2; shared++) {
        const float *z, *gradient;
        float target[ROWS * COLUMNS];
        size_t n;
        double expected[COLUMNS] = {0};
        snug_model *model =
            model_of(COLUMNS, shared ? "prelu" : "{\"type\": \"prelu\", \"shared\": false}");
        snug_session *session = snug_session_new_training(model, ROWS, 1);
        snug_loss *loss = snug_mse();
        ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
        for (size_t i = 0; i < ROWS * COLUMNS; i++) {
            target[i] = z[i] - 0.5F * (float)(i + 1); /* d mse / dz = 2 / (15) (i + 1) / 2 */
            expected[shared ? 0 : i % COLUMNS] +=
                x[i] > 0 ? 0 : (double)x[i] * (double)(i + 1) / (ROWS * COLUMNS);
        }
        ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.values = target}, NULL),
                         SNUG_OK);
        gradient = snug_session_gradients(session, &n);
        for (size_t j = 0; j < (shared ? 1 : COLUMNS); j++) {
            ck_assert_double_eq_tol((double)gradient[j], expected[j], 1e-5);
        }
        snug_loss_free(loss);
        snug_session_free(session);
        snug_model_free(model);
    }
}
END_TEST

static snug_model *dense_before(const char *init, const char *next) {
    char spec[100];
    snug_model *model;
    snprintf(spec, sizeof spec, "{\"type\": \"dense\", \"units\": 7, \"init\": %s}", init);
    model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_layer_new(spec));
    snug_model_add(model, snug_layer_new("batch_norm")); /* keeps columns apart */
    snug_model_add(model, snug_layer_new(next));
    snug_model_add(model, snug_tanh());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    return model;
}

/*
 * He et al. 2015 derive the initializer for this layer; a layer without one leaves it to
 * lecun_normal.
 */
START_TEST(a_layer_before_it_takes_he_normal) {
    static const char *const pairs[][2] = {{"prelu", "\"he_normal\""},
                                           {"layer_norm", "\"lecun_normal\""},
                                           {"tanh", "\"glorot_normal\""}};
    for (size_t i = 0; i < 3; i++) {
        snug_model *by_default = dense_before("null", pairs[i][0]);
        snug_model *named = dense_before(pairs[i][1], pairs[i][0]);
        ck_assert_mem_eq(tensor_of(by_default, "0.weight"), tensor_of(named, "0.weight"),
                         COLUMNS * 7 * sizeof(float));
        snug_model_free(by_default);
        snug_model_free(named);
    }
}
END_TEST

static Suite *prelu_suite(void) {
    Suite *s = suite_create("prelu");
    TCase *tc = tcase_create("prelu");
    tcase_add_test(tc, one_slope);
    tcase_add_test(tc, a_slope_a_unit);
    tcase_add_test(tc, gradients);
    tcase_add_test(tc, a_layer_before_it_takes_he_normal);
    suite_add_tcase(s, tc);
    return s;
}

REGISTER_SUITE(prelu_suite)
