/* Layers with trained factors, feature_scale and parametric_activation; and how dense starts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "kinds/object.h"
#include "support.h"
#include "support/suite.h"

enum { ROWS = 5, COLUMNS = 3, N = ROWS * COLUMNS };

static const float x[N] = {0.5F, -1, 2,     0.25F, -1.5F, 0,     -0.75F, 3,
                           -2,   4,  -0.1F, -8,    1,     -0.3F, 0.6F};
static const float factors[COLUMNS] = {-0.5F, 0.25F, 1.75F};

static const char scaled[] = "feature_scale";
static const char parametric[] = "{\"type\": \"parametric_activation\", \"function\": \"tanh\"}";

/* What the layer computes of one number: factor x, or the mixture with tanh. */
static double value_of(bool scales, double factor, double input) {
    return scales ? factor * input : (1.0 - factor) * input + factor * tanh(input);
}

START_TEST(start_at_one) {
    float y[N], plain[N];
    snug_model *scale = model_of(COLUMNS, scaled);
    snug_model *mixture = model_of(COLUMNS, parametric), *function = model_of(COLUMNS, "tanh");
    run_layer(scale, true, ROWS, x, y);
    ck_assert_mem_eq(y, x, sizeof y);
    run_layer(mixture, true, ROWS, x, y);
    run_layer(function, true, ROWS, x, plain);
    ck_assert_mem_eq(y, plain, sizeof y);
    snug_model_free(scale);
    snug_model_free(mixture);
    snug_model_free(function);
}
END_TEST

/* The outputs, and the gradient of a sum of y w for each factor. */
START_TEST(follow_their_formula) {
    const bool scales = _i == 0;
    float target[N];
    double expected[COLUMNS] = {0};
    const float *y, *gradient;
    size_t n;
    snug_model *model = model_of(COLUMNS, scales ? scaled : parametric);
    memcpy(tensor_of(model, "0.weight"), factors, sizeof factors);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &y), SNUG_OK);
    for (size_t i = 0; i < N; i++) {
        double input = (double)x[i];
        double wanted = value_of(scales, (double)factors[i % COLUMNS], input);
        ck_assert_double_eq_tol((double)y[i], wanted, 2e-6 * fmax(1.0, fabs(wanted)));
        target[i] = y[i] - 0.5F * (float)(i + 1); /* d mse / dy = 2 / N (i + 1) / 2 */
        double change = scales ? input : tanh(input) - input;
        expected[i % COLUMNS] += change * (double)(i + 1) / N;
    }
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.values = target}, NULL),
                     SNUG_OK);
    gradient = snug_session_gradients(session, &n);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert_double_eq_tol((double)gradient[j], expected[j], 1e-5);
    }
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

/* A function that mixes the columns, with strengths that differ. */
START_TEST(gradients_around_softmax) {
    static const float values[ROWS * 2] = {1, 0, -1, 0.5F, 2, 0, 0.25F, -2, 1, 1};
    snug_gradient_report report = {0};
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_dense(4));
    snug_model_add(model, snug_parametric_activation("softmax"));
    snug_model_add(model, snug_dense(2));
    ck_assert_msg(snug_model_init(model, 3) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    float *strengths = tensor_of(model, "1.weight");
    for (size_t j = 0; j < 4; j++) {
        strengths[j] = 0.3F + 0.4F * (float)j;
    }
    snug_dataset *data = snug_dataset_from_values(x, ROWS, COLUMNS, values, 2);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- initial weights ------------------------------------------------------------------------- */

/* A dense layer of those fields, and the next layer. */
static snug_model *dense_before(const char *fields, const char *next) {
    char spec[128];
    snug_model *model = snug_model_new(COLUMNS);
    snprintf(spec, sizeof spec, "{\"type\": \"dense\", \"units\": 7%s}", fields);
    snug_model_add(model, snug_layer_new(spec));
    snug_model_add(model, snug_layer_new(next));
    ck_assert_msg(snug_model_init(model, 3) == SNUG_OK, "%s", snug_error());
    return model;
}

static const struct {
    const char *fields, *next, *init;
} defaults[] = {
    {"", "{\"type\": \"parametric_activation\", \"function\": \"relu\"}", "he_normal"},
    {"", "{\"type\": \"parametric_activation\", \"function\": \"tanh\"}", "glorot_normal"},
    {"", "{\"type\": \"parametric_activation\", \"function\": \"selu\"}", "lecun_normal"},
    {"", "relu", "he_normal"},
    {", \"parametrization\": \"ntk\"", "relu", "lecun_normal"},
    {", \"parametrization\": \"ntk\", \"init\": \"he_uniform\"", "selu", "he_uniform"},
};

START_TEST(default_initial_weights) {
    char named[64];
    snprintf(named, sizeof named, ", \"init\": \"%s\"", defaults[_i].init);
    snug_model *model = dense_before(defaults[_i].fields, defaults[_i].next);
    snug_model *other = dense_before(named, "tanh");
    ck_assert_mem_eq(tensor_of(model, "0.weight"), tensor_of(other, "0.weight"),
                     COLUMNS * 7 * sizeof(float));
    snug_model_free(model);
    snug_model_free(other);
}
END_TEST

/* A bias has the inputs of its layer: uniform weights of variance 1/3 are below 1. */
START_TEST(initial_biases) {
    snug_model *zeros = dense_before("", "selu");
    snug_model *random = dense_before(", \"bias_init\": \"lecun_uniform\"", "selu");
    const float *none = tensor_of(zeros, "0.bias"), *bias = tensor_of(random, "0.bias");
    double largest = 0.0;
    for (size_t j = 0; j < 7; j++) {
        ck_assert(none[j] == 0.0F && bias[j] != 0.0F);
        largest = fmax(largest, fabs((double)bias[j]));
    }
    ck_assert(largest < 1.0 && largest > 0.4);
    snug_model_free(zeros);
    snug_model_free(random);
}
END_TEST

/* ---- in JSON --------------------------------------------------------------------------------- */

/* Fields that other readers do not know are there only where they are used. */
START_TEST(members_are_written_where_they_differ) {
    static const char all[] =
        "{\"type\": \"dense\", \"units\": 7, \"learning_rate_factor\": 0.5, "
        "\"bias_learning_rate_factor\": 2, \"parametrization\": \"ntk\", \"bias_init\": \"zeros\"}";
    static const char *const names[] = {"learning_rate_factor", "bias_learning_rate_factor",
                                        "parametrization", "bias_init"};
    snug_object *plain = snug_object_parse(SNUG_GROUP_LAYER, "{\"type\": \"dense\", \"units\": 7}");
    snug_object *full = snug_object_parse(SNUG_GROUP_LAYER, all);
    ck_assert(plain != NULL && full != NULL);
    cJSON *without = snug_object_write(plain), *with = snug_object_write(full);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert(!cJSON_HasObjectItem(without, names[i]));
        ck_assert_msg(cJSON_HasObjectItem(with, names[i]), "%s", names[i]);
    }
    cJSON_Delete(without);
    cJSON_Delete(with);
    snug_object_free(plain);
    snug_object_free(full);
}
END_TEST

static Suite *parametric_suite(void) {
    Suite *s = suite_create("parametric");
    TCase *tc = tcase_create("parametric");
    tcase_add_test(tc, start_at_one);
    tcase_add_loop_test(tc, follow_their_formula, 0, 2);
    tcase_add_test(tc, gradients_around_softmax);
    tcase_add_loop_test(tc, default_initial_weights, 0, sizeof defaults / sizeof *defaults);
    tcase_add_test(tc, initial_biases);
    tcase_add_test(tc, members_are_written_where_they_differ);
    suite_add_tcase(s, tc);
    return s;
}

REGISTER_SUITE(parametric_suite)
