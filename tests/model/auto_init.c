/*
 * "init": "auto": weights of variance 1 / (fan_in E f^2) for the activation f before the layer, and
 * which activation that is. The warning of alpha dropout takes the activation from the same place.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

#define AUTO(units) "{\"type\": \"dense\", \"units\": " #units ", \"init\": \"auto\"}"
#define PLAIN(units) "{\"type\": \"dense\", \"units\": " #units ", \"init\": \"lecun_normal\"}"
#define STANDARDIZED(name) "{\"type\": \"standardized\", \"of\": \"" name "\"}"

/* A model of 6 inputs with these layers, ended by NULL, and initial weights. */
static snug_model *model_of(const char *const *layers) {
    snug_model *model = snug_model_new(6);
    for (; *layers != NULL; layers++) {
        ck_assert_msg(snug_model_add(model, snug_layer_new(*layers)) == SNUG_OK, "%s",
                      snug_error());
    }
    ck_assert_msg(snug_model_init(model, 11) == SNUG_OK, "%s", snug_error());
    return model;
}

/* Returns the tensor of that name. */
static snug_tensor_info tensor_of(snug_model *model, const char *name) {
    snug_tensor_info info = {0};
    for (size_t i = 0; i < snug_model_tensor_count(model); i++) {
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        if (strcmp(info.name, name) == 0) {
            return info;
        }
    }
    ck_abort_msg("no tensor %s", name);
    return info;
}

/* ---- which activation is before a layer ------------------------------------------------------ */

/*
 * Layers of which one has auto, the name of its weight, and E f^2 of what it gets: 1 where the
 * layer before is no activation. The weights are those of lecun_normal divided by the root.
 */
static const struct {
    const char *layers[8], *weight;
    double square;
} orders[] = {
    {{AUTO(7)}, "0.weight", 1.0},
    {{PLAIN(5), "relu", AUTO(7)}, "2.weight", 0.5},
    {{PLAIN(5), "tanh", AUTO(7)}, "2.weight", 0.39429449039784118},
    {{PLAIN(5), "selu", AUTO(7)}, "2.weight", 1.0},
    {{PLAIN(5), STANDARDIZED("gelu"), AUTO(7)}, "2.weight", 1.0},
    {{PLAIN(5), "identity", AUTO(7)}, "2.weight", 1.0},
    {{PLAIN(5), "exp", AUTO(7)}, "2.weight", 7.3890560989306502},
    {{PLAIN(5), AUTO(7)}, "1.weight", 1.0},
    /* the last of several activations */
    {{PLAIN(5), "relu", "tanh", AUTO(7)}, "3.weight", 0.39429449039784118},
    {{"relu", AUTO(7)}, "1.weight", 0.5},
    /* layers that keep what comes in */
    {{PLAIN(5), "relu", "{\"type\": \"dropout\", \"rate\": 0.25}", AUTO(7)}, "3.weight", 0.5},
    {{PLAIN(5), "elu", "alpha_dropout", "gaussian_noise", AUTO(7)},
     "4.weight",
     0.64494541749292386},
    {{PLAIN(5), "relu", "feature_scale", AUTO(7)}, "3.weight", 0.5},
    {{PLAIN(5), "{\"type\": \"parametric_activation\", \"function\": \"relu\"}", AUTO(7)},
     "2.weight",
     0.5},
    /* layers that make outputs of their own; a normalized layer has the mean square 1 */
    {{PLAIN(5), "relu", "batch_norm", AUTO(7)}, "3.weight", 1.0},
    {{PLAIN(5), "batch_norm", "relu", AUTO(7)}, "3.weight", 0.5},
    {{PLAIN(5), "relu", "layer_norm", AUTO(7)}, "3.weight", 1.0},
    {{PLAIN(5), "prelu", AUTO(7)}, "2.weight", 1.0},
    {{PLAIN(5), "softmax", AUTO(7)}, "2.weight", 1.0},
    {{"{\"type\": \"periodic_embedding\", \"units\": 3}", AUTO(7)}, "1.weight", 1.0},
    {{PLAIN(5), "relu", "{\"type\": \"residual\", \"layers\": [" PLAIN(5) ", \"relu\"]}", AUTO(7)},
     "3.weight",
     1.0},
    {{PLAIN(5), "{\"type\": \"highway\", \"layers\": [" PLAIN(5) ", \"relu\"]}", AUTO(7)},
     "2.weight",
     1.0},
    /* the first layer of a block gets what the block gets */
    {{PLAIN(5), "relu", "{\"type\": \"residual\", \"layers\": [" AUTO(7) "]}"},
     "2.layers.0.weight",
     0.5},
    {{"{\"type\": \"residual\", \"layers\": [" PLAIN(5) ", \"tanh\", \"dropout\", " AUTO(6) "]}"},
     "0.layers.3.weight",
     0.39429449039784118},
    {{PLAIN(5), "relu",
      "{\"type\": \"batch_ensemble\", \"units\": 4, \"members\": 3, "
      "\"init\": \"auto\"}"},
     "2.weight",
     0.5},
};

/* The same layers with another name for the initializer, of the same length, and spaces. */
static snug_model *without_auto(const char *const *layers) {
    char copies[8][400];
    const char *specs[9] = {NULL};
    for (size_t i = 0; layers[i] != NULL; i++) {
        const char *found = strstr(layers[i], "\"auto\"");
        int before = found != NULL ? (int)(found - layers[i]) : (int)strlen(layers[i]);
        int length = snprintf(copies[i], sizeof copies[i], "%.*s%s%s", before, layers[i],
                              found != NULL ? "\"lecun_normal\"" : "",
                              found != NULL ? found + strlen("\"auto\"") : "");
        ck_assert_int_lt(length, (int)sizeof copies[i]);
        specs[i] = copies[i];
    }
    return model_of(specs);
}

START_TEST(weights_are_divided_by_what_comes_in) {
    snug_model *model = model_of(orders[_i].layers), *plain = without_auto(orders[_i].layers);
    snug_tensor_info w = tensor_of(model, orders[_i].weight);
    snug_tensor_info expected = tensor_of(plain, orders[_i].weight);
    double root = sqrt(orders[_i].square);
    ck_assert_uint_eq(w.rows, expected.rows);
    for (size_t i = 0; i < w.rows * w.columns; i++) {
        double value = (double)expected.values[i] / root;
        ck_assert_msg(fabs((double)w.values[i] - value) <= 1e-7 * fabs(value),
                      "%s: weight %zu is %.9g, not %.9g", orders[_i].weight, i, (double)w.values[i],
                      value);
    }
    snug_model_free(plain);
    snug_model_free(model);
}
END_TEST

/* A network built again of its configuration has the same activations before its layers. */
START_TEST(auto_is_kept_in_configurations) {
    static const char *const layers[] = {PLAIN(5), "relu", "dropout", AUTO(7), NULL};
    snug_model *model = model_of(layers), *again;
    char *config = snug_model_config(model);
    ck_assert_ptr_nonnull(strstr(config, "\"auto\""));
    again = snug_model_parse_config(config, strlen(config));
    ck_assert_msg(again != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(again, 11), SNUG_OK);
    snug_tensor_info a = tensor_of(model, "3.weight"), b = tensor_of(again, "3.weight");
    ck_assert_int_eq(memcmp(a.values, b.values, a.rows * a.columns * sizeof *a.values), 0);
    snug_free(config);
    snug_model_free(again);
    snug_model_free(model);
}
END_TEST

/* ---- an activation that is 0 ----------------------------------------------------------------- */

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = 0.0F * x[i];
    }
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)y;
    (void)dy;
    forward(config, rows, columns, x, dx);
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    forward(config, 1, n, x, dydx);
}

static const snug_activation_kind nothing = {.base = {.name = "nothing", .summary = "0"},
                                             .flags = SNUG_READS_INPUT,
                                             .forward = forward,
                                             .backward = backward,
                                             .derivative = derivative};

START_TEST(nothing_to_divide_by_is_an_error) {
    ck_assert_int_eq(snug_register_activation(&nothing), SNUG_OK);
    snug_model *model = snug_model_new(3);
    snug_model_add(model, snug_layer_new("nothing"));
    snug_model_add(model, snug_layer_new(AUTO(2)));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_ERROR_CONFIG);
    expect_location("1.weight:");
    snug_model_free(model);
}
END_TEST

/* ---- deep networks --------------------------------------------------------------------------- */

enum { WIDTH = 192, ROWS = 48, SEEDS = 3 };

/*
 * Returns the mean over seeds of the logarithm of the variance of the last layer's outputs, behind
 * `depth` layers with the activation.
 */
static double log_variance(const char *activation, const char *init, size_t depth) {
    static float x[ROWS * WIDTH], y[ROWS * WIDTH];
    char dense[100];
    double sum = 0.0;
    const snug_random stream = {.seed = 99};
    snug_random_normal(&stream, 0, ROWS * WIDTH, x);
    snprintf(dense, sizeof dense, "{\"type\": \"dense\", \"units\": %d, \"init\": \"%s\"}",
             (int)WIDTH, init);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        double square = 0.0;
        snug_model *model = snug_model_new(WIDTH);
        for (size_t i = 0; i < depth; i++) {
            snug_model_add(model, snug_layer_new(dense));
            snug_model_add(model, snug_layer_new(activation));
        }
        snug_model_add(model, snug_layer_new(dense));
        snug_model_set_loss(model, snug_loss_new("mse"));
        ck_assert_msg(snug_model_init(model, seed) == SNUG_OK, "%s", snug_error());
        snug_session *session = snug_session_new(model, ROWS);
        ck_assert_int_eq(snug_predict(session, x, ROWS, y), SNUG_OK);
        for (size_t i = 0; i < ROWS * WIDTH; i++) {
            square += (double)y[i] * (double)y[i] / (double)(ROWS * WIDTH);
        }
        sum += log(square) / (double)SEEDS;
        snug_session_free(session);
        snug_model_free(model);
    }
    return sum;
}

/*
 * In a layer of width n the mean square of one sample is off by a factor of about 1 +- sqrt(k/n),
 * where k is the kurtosis of f, at most 6 for these; over 24 layers and 3 seeds the mean logarithm
 * then has a deviation of sqrt(24 * 6 / 192 / 3) = 0.5, and a bias of -24 * 3 / 192 = -0.4. One
 * layer without the gain of ReLU would change it by log 2 = 0.69, 24 of them by 16.6. With GELU and
 * SiLU, larger inputs make the mean square grow more than in proportion, so that each layer
 * enlarges what is off: the variance 1 is a fixed point, but repels, and 24 layers are too many.
 */
static const struct {
    const char *activation;
    size_t depth;
} deep[] = {
    {"relu", 24}, {"tanh", 24},     {"elu", 24}, {"selu", 24}, {"sigmoid", 24},
    {"gelu", 8},  {"softplus", 24}, {"silu", 8}, {"serlu", 8}, {STANDARDIZED("relu"), 24},
};

START_TEST(variance_stays_near_1_over_many_layers) {
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        double log_of = log_variance(deep[i].activation, "auto", deep[i].depth);
        ck_assert_msg(fabs(log_of) < 1.2, "%s: the variance is e^%g", deep[i].activation, log_of);
    }
    ck_assert_double_lt(log_variance("relu", "lecun_normal", 24), -14.0);
    ck_assert_double_lt(log_variance("tanh", "lecun_normal", 24), -2.0);
    ck_assert_double_lt(log_variance("gelu", "lecun_normal", 8), -4.0);
}
END_TEST

/* ---- alpha dropout --------------------------------------------------------------------------- */

/* The warnings of the last snug_model_init(), one a line. */
static char warnings[2000];

static void collect(snug_log_level level, const char *message, void *user) {
    (void)user;
    if (level == SNUG_LOG_WARNING) {
        strncat(warnings, message, sizeof warnings - strlen(warnings) - 2);
        strcat(warnings, "\n");
    }
}

#define DROPOUT(fields) "{\"type\": \"alpha_dropout\", " fields "}"
static const struct {
    const char *activation, *dropout, *warning;
} dropouts[] = {
    {"selu", "alpha_dropout", NULL},
    {STANDARDIZED("selu"), "alpha_dropout", NULL},
    {"{\"type\": \"selu\", \"epsilon\": 0.0715749924558}", "alpha_dropout", NULL},
    {"{\"type\": \"selu\", \"epsilon\": 0.03}", "alpha_dropout",
     "take \"alpha\": 1.13821, \"scale\": 1, \"mean\": 0.237091, \"variance\": 0.943788"},
    {"{\"type\": \"selu\", \"epsilon\": 0.03}",
     DROPOUT("\"alpha\": 1.13821, \"mean\": 0.237, \"variance\": 0.944, \"scale\": 1"), NULL},
    {STANDARDIZED("gelu"), "alpha_dropout",
     "take \"alpha\": 0.479822, \"scale\": 1, \"mean\": 0, \"variance\": 1"},
    {STANDARDIZED("gelu"), DROPOUT("\"alpha\": 0.479822, \"scale\": 1"), NULL},
    {"relu", "alpha_dropout", "take dropout"},
    {"identity", "alpha_dropout", "take dropout"},
    {"softmax", "alpha_dropout", NULL}, /* nothing is known of it */
    {"batch_norm", "alpha_dropout", NULL},
};

START_TEST(alpha_dropout_wants_the_limit_of_the_activation_before) {
    const char *const layers[] = {PLAIN(5), dropouts[_i].activation, dropouts[_i].dropout, NULL};
    warnings[0] = '\0';
    snug_set_log(collect, NULL);
    snug_model *model = model_of(layers);
    if (dropouts[_i].warning == NULL) {
        ck_assert_str_eq(warnings, "");
    } else {
        ck_assert_ptr_nonnull(strstr(warnings, "model.layers[2]: alpha_dropout does not suit"));
        ck_assert_msg(strstr(warnings, dropouts[_i].warning) != NULL, "%s", warnings);
    }
    snug_set_log(NULL, NULL);
    snug_model_free(model);
}
END_TEST

static Suite *auto_init_suite(void) {
    Suite *suite = suite_create("auto_init");
    TCase *tests = tcase_create("auto");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, weights_are_divided_by_what_comes_in, 0,
                        sizeof orders / sizeof *orders);
    tcase_add_test(tests, auto_is_kept_in_configurations);
    tcase_add_test(tests, nothing_to_divide_by_is_an_error);
    tcase_add_loop_test(tests, alpha_dropout_wants_the_limit_of_the_activation_before, 0,
                        sizeof dropouts / sizeof *dropouts);
    suite_add_tcase(suite, tests);
    TCase *networks = tcase_create("deep networks");
    tcase_set_timeout(networks, 60);
    tcase_set_tags(networks, "exhaustive"); /* random numbers for 15 million weights */
    tcase_add_test(networks, variance_stays_near_1_over_many_layers);
    suite_add_tcase(suite, networks);
    return suite;
}

REGISTER_SUITE(auto_init_suite)
