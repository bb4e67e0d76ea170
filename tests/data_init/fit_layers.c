/*
 * What layers take of the training rows before the first step: which rows, through which layers,
 * once, and with nothing half done.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data_init/fit_layers.h"
#include "model/copy.h"
#include "support/failing.h"
#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 211, COLUMNS = 6, UNITS = 7 };

static float raw[ROWS * COLUMNS];
static int32_t classes[ROWS];

/* Columns of different sizes; number 4 is constant. */
static snug_dataset *some_rows(size_t rows) {
    const snug_random stream = {.seed = 8, .purpose = 1};
    snug_random_normal(&stream, 0, ROWS * COLUMNS, raw);
    for (size_t i = 0; i < ROWS; i++) {
        float *row = raw + i * COLUMNS;
        classes[i] = (int32_t)(i % 3);
        row[0] = 40 * row[0] + 100;
        row[1] = expf(row[1]);
        row[2] += row[0];
        row[4] = 7.1F;
    }
    return snug_dataset_from_arrays(raw, rows, COLUMNS, classes);
}

static snug_model *model_of(const char *layers) {
    char config[2000];
    int n = snprintf(config, sizeof config, "{\"model\": {\"inputs\": %d, \"layers\": %s}}",
                     COLUMNS, layers);
    snug_model *model = snug_model_parse_config(config, (size_t)n);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    return model;
}

/* A model with its scaler and new weights. */
static snug_model *new_model(const char *layers, const snug_dataset *data) {
    snug_model *model = model_of(layers);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
    return model;
}

static snug_model *fitted_model(const char *layers, const snug_dataset *data) {
    snug_model *model = new_model(layers, data);
    ck_assert_msg(snug_model_fit_layers(model, data, 5) == SNUG_OK, "%s", snug_error());
    return model;
}

static const float *tensor(snug_model *model, const char *name) {
    for (size_t k = 0; k < snug_model_tensor_count(model); k++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        if (strcmp(info.name, name) == 0) {
            return info.values;
        }
    }
    ck_abort_msg("no tensor %s", name);
    return NULL;
}

/* ---- the same layers in double --------------------------------------------------------------- */

/* The rows, standardized; the constant column is 0. */
static void standardize(size_t rows, double *x) {
    for (size_t j = 0; j < COLUMNS; j++) {
        double mean = 0, square = 0;
        for (size_t i = 0; i < rows; i++) {
            mean += (double)raw[i * COLUMNS + j] / (double)rows;
        }
        for (size_t i = 0; i < rows; i++) {
            square += pow((double)raw[i * COLUMNS + j] - mean, 2) / (double)rows;
        }
        for (size_t i = 0; i < rows; i++) {
            x[i * COLUMNS + j] = j == 4 ? 0 : ((double)raw[i * COLUMNS + j] - mean) / sqrt(square);
        }
    }
}

/* z = x w, and where there is one + b */
static void map_rows(size_t rows, size_t inputs, const double *x, const float *w, const float *b,
                     double *z) {
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < UNITS; j++) {
            z[i * UNITS + j] = b != NULL ? (double)b[j] : 0;
            for (size_t k = 0; k < inputs; k++) {
                z[i * UNITS + j] += x[i * inputs + k] * (double)w[k * UNITS + j];
            }
        }
    }
}

static double variance_of(size_t n, size_t stride, const double *z) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        mean += z[i * stride] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        square += pow(z[i * stride] - mean, 2) / (double)n;
    }
    return square;
}

static void check_units(const double *z) {
    for (size_t j = 0; j < UNITS; j++) {
        ck_assert_double_eq_tol(variance_of(ROWS, UNITS, z + j), 1, 1e-4);
    }
}

/* Minus each bias is within the values of its unit, and the biases differ. */
static void check_biases(const double *z, const float *b) {
    for (size_t j = 0; j < UNITS; j++) {
        double low = (double)INFINITY, high = -low;
        for (size_t i = 0; i < ROWS; i++) {
            low = fmin(low, z[i * UNITS + j]);
            high = fmax(high, z[i * UNITS + j]);
        }
        ck_assert(-(double)b[j] > low && -(double)b[j] < high);
        ck_assert(j == 0 || b[j] != b[j - 1]);
    }
}

static void apply(const char *activation, size_t n, double *z) {
    for (size_t i = 0; i < n; i++) {
        float x = (float)z[i], y;
        ck_assert_int_eq(snug_activation_apply(activation, 1, &x, &y, NULL), SNUG_OK);
        z[i] = (double)y;
    }
}

/* ---- data_driven and lsuv -------------------------------------------------------------------- */

#define DENSE(fields) "{\"type\": \"dense\", \"units\": 7, " fields "}"
#define DRIVEN "\"init\": \"data_driven\", \"bias_init\": \"data_driven\""

static const char driven[] =
    "[" DENSE(DRIVEN) ", \"selu\", {\"type\": \"alpha_dropout\", \"rate\": 0.3}, "
                      "{\"type\": \"residual\", \"layers\": [" DENSE(DRIVEN) ", \"mish\", " DENSE(
                          DRIVEN) "]}, "
                                  "{\"type\": \"dense\", \"units\": 3, \"init\": \"zeros\"}]";

START_TEST(every_unit_gets_variance_one) {
    static double x[ROWS * COLUMNS], a[ROWS * UNITS], z[ROWS * UNITS];
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(driven, data);
    standardize(ROWS, x);
    map_rows(ROWS, COLUMNS, x, tensor(model, "0.weight"), NULL, z);
    check_units(z);
    check_biases(z, tensor(model, "0.bias"));

    map_rows(ROWS, COLUMNS, x, tensor(model, "0.weight"), tensor(model, "0.bias"), a);
    apply("selu", ROWS * UNITS, a);
    map_rows(ROWS, UNITS, a, tensor(model, "3.layers.0.weight"), NULL, z);
    check_units(z);
    check_biases(z, tensor(model, "3.layers.0.bias"));

    map_rows(ROWS, UNITS, a, tensor(model, "3.layers.0.weight"), tensor(model, "3.layers.0.bias"),
             z);
    apply("mish", ROWS * UNITS, z);
    map_rows(ROWS, UNITS, z, tensor(model, "3.layers.2.weight"), NULL, a);
    check_units(a);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(weight_norm_starts_with_the_fitted_weights) {
    static double x[ROWS * COLUMNS], z[ROWS * UNITS];
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(
        "[" DENSE(DRIVEN ", \"weight_norm\": true") ", \"relu\", "
                                                    "{\"type\": \"dense\", \"units\": 3}]",
        data);
    const float *v = tensor(model, "0.weight_v"), *g = tensor(model, "0.weight_g");
    standardize(ROWS, x);
    map_rows(ROWS, COLUMNS, x, v, NULL, z);
    check_units(z);
    for (size_t j = 0; j < UNITS; j++) {
        double square = 0;
        for (size_t i = 0; i < COLUMNS; i++) {
            square += pow((double)v[i * UNITS + j], 2);
        }
        ck_assert_double_eq_tol((double)g[j], sqrt(square), 1e-6 * sqrt(square));
    }
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(lsuv_gives_all_outputs_variance_one) {
    static const char *const inits[] = {
        "\"init\": \"lsuv\"", "\"init\": {\"type\": \"lsuv\", \"of\": \"he_uniform\"}",
        "\"init\": {\"type\": \"lsuv\", \"of\": {\"type\": \"normal\", \"std\": 30}}"};
    static double x[ROWS * COLUMNS], z[ROWS * UNITS], second[ROWS * UNITS];
    char layers[500];
    snprintf(layers, sizeof layers,
             "[{\"type\": \"dense\", \"units\": 7, %s}, \"relu\", {\"type\": \"dense\", "
             "\"units\": 7, %s}, {\"type\": \"dense\", \"units\": 3}]",
             inits[_i], inits[_i]);
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(layers, data);
    standardize(ROWS, x);
    map_rows(ROWS, COLUMNS, x, tensor(model, "0.weight"), tensor(model, "0.bias"), z);
    ck_assert_double_eq_tol(variance_of(ROWS * UNITS, 1, z), 1, 1.01e-3);
    apply("relu", ROWS * UNITS, z);
    map_rows(ROWS, UNITS, z, tensor(model, "2.weight"), NULL, second);
    ck_assert_double_eq_tol(variance_of(ROWS * UNITS, 1, second), 1, 1.01e-3);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* A single row has no variance: the weights stay, and a bias is minus the row's value. */
START_TEST(one_row_leaves_the_weights) {
    static double x[ROWS * COLUMNS], z[UNITS];
    static const float values[] = {1, 2, 3};
    snug_dataset_free(some_rows(1));
    for (size_t j = 0; j < COLUMNS; j++) {
        x[j] = (double)raw[j];
    }
    snug_dataset *data = snug_dataset_from_values(raw, 1, COLUMNS, values, 3);
    snug_model *model = model_of("[" DENSE(DRIVEN) ", {\"type\": \"dense\", \"units\": 3, "
                                                   "\"init\": \"lsuv\"}]");
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
    float before[COLUMNS * UNITS];
    memcpy(before, tensor(model, "0.weight"), sizeof before);
    ck_assert_msg(snug_model_fit_layers(model, data, 1) == SNUG_OK, "%s", snug_error());
    ck_assert_mem_eq(before, tensor(model, "0.weight"), sizeof before);
    map_rows(1, COLUMNS, x, before, NULL, z);
    for (size_t j = 0; j < UNITS; j++) {
        ck_assert_double_eq_tol((double)tensor(model, "0.bias")[j], -z[j], 1e-5 * (1 + fabs(z[j])));
    }
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* ---- members of an ensemble ------------------------------------------------------------------ */

enum { MEMBERS = 3 };

#define ENSEMBLE(shared)                                                                           \
    "[{\"type\": \"batch_ensemble\", \"units\": 7, \"members\": 3, \"shared\": " shared            \
    ", " DRIVEN "}, \"selu\", {\"type\": \"batch_ensemble\", \"units\": 7, \"members\": 3, "       \
    "\"shared\": false, " DRIVEN                                                                   \
    "}, {\"type\": \"batch_ensemble\", \"units\": 3, \"members\": 3, \"shared\": false}]"

/* In both layers, each unit of each member of a map of its own has the variance 1. */
START_TEST(each_member_gets_variance_one) {
    static double x[ROWS * COLUMNS], z[ROWS * UNITS], second[ROWS * UNITS];
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(ENSEMBLE("false"), data);
    standardize(ROWS, x);
    for (size_t m = 0; m < MEMBERS; m++) {
        const float *bias = tensor(model, "0.bias") + m * UNITS;
        const float *weight = tensor(model, "0.weight") + m * COLUMNS * UNITS;
        map_rows(ROWS, COLUMNS, x, weight, NULL, z);
        check_units(z);
        check_biases(z, bias);
        map_rows(ROWS, COLUMNS, x, weight, bias, z);
        apply("selu", ROWS * UNITS, z);
        map_rows(ROWS, UNITS, z, tensor(model, "2.weight") + m * UNITS * UNITS, NULL, second);
        check_units(second);
        check_biases(second, tensor(model, "2.bias") + m * UNITS);
    }
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* A W of all members gives variance 1 where row i is seen as member i mod k sees it. */
START_TEST(shared_weights_get_variance_one_over_the_members) {
    static double x[ROWS * COLUMNS], z[ROWS * UNITS];
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(ENSEMBLE("true"), data);
    const float *scale = tensor(model, "0.r"), *bias = tensor(model, "0.bias");
    standardize(ROWS, x);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        x[i] *= (double)scale[i / COLUMNS % MEMBERS * COLUMNS + i % COLUMNS];
    }
    map_rows(ROWS, COLUMNS, x, tensor(model, "0.weight"), NULL, z);
    check_units(z);
    for (size_t m = 0; m < MEMBERS; m++) {
        check_biases(z, bias + m * UNITS);
    }
    ck_assert_mem_ne(bias, bias + UNITS, UNITS * sizeof *bias);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* ---- once, and for new weights alone --------------------------------------------------------- */

static void check_same(const snug_model *a, const snug_model *b, bool same) {
    size_t bytes = a->plan->parameters * sizeof(float);
    ck_assert((memcmp(a->parameters, b->parameters, bytes) == 0) == same);
}

START_TEST(only_new_weights_are_fitted) {
    snug_dataset *data = some_rows(ROWS);
    snug_model *plain = new_model(driven, data), *model = snug_model_copy(plain);
    ck_assert_int_eq(snug_model_fit_layers(model, data, 5), SNUG_OK);
    check_same(model, plain, false);
    snug_model *copy = snug_model_copy(model);
    ck_assert_int_eq(snug_model_fit_layers(copy, data, 6), SNUG_OK);
    check_same(model, copy, true);
    snug_model_free(copy);

    char *bytes;
    size_t size;
    ck_assert_int_eq(snug_model_save_to_memory(plain, &bytes, &size), SNUG_OK);
    copy = snug_model_load_from_memory(bytes, size);
    ck_assert_int_eq(snug_model_fit_layers(copy, data, 5), SNUG_OK);
    check_same(plain, copy, true);
    snug_model_free(copy);
    snug_free(bytes);

    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK); /* new ones again */
    check_same(model, plain, true);
    ck_assert_int_eq(snug_model_fit_layers(model, data, 5), SNUG_OK);
    check_same(model, plain, false);
    snug_model_free(model);
    snug_model_free(plain);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_step_makes_weights_old) {
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = new_model(driven, data);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_optimizer *optimizer = snug_sgd(0.1, 0);
    snug_loss *loss = snug_softmax_cross_entropy();
    const float *z;
    ck_assert_int_eq(snug_forward(session, raw, ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, NULL),
                     SNUG_OK);
    ck_assert_int_eq(snug_optimizer_step(optimizer, session), SNUG_OK);
    snug_model *stepped = snug_model_copy(model);
    ck_assert_int_eq(snug_model_fit_layers(model, data, 5), SNUG_OK);
    check_same(model, stepped, true);
    snug_optimizer_free(optimizer);
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(stepped);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static void fit_model(snug_model *model, const snug_dataset *data, size_t threads) {
    ck_assert_msg(
        snug_fit(model, data,
                 &(snug_fit_options){
                     .optimizer = snug_adam(0.01), .epochs = 2, .seed = 5, .threads = threads},
                 NULL) == SNUG_OK,
        "%s", snug_error());
}

/* snug_fit() fits the layers by itself, with weights of its own or of snug_model_init(). */
START_TEST(fit_does_it_with_the_same_bits) {
    snug_dataset *data = some_rows(ROWS);
    snug_model *by_hand = fitted_model(driven, data), *initialized = new_model(driven, data);
    snug_model *model = model_of(driven), *in_threads = model_of(driven);
    fit_model(by_hand, data, 1);
    fit_model(initialized, data, 1);
    fit_model(model, data, 1);
    fit_model(in_threads, data, 3);
    check_same(by_hand, model, true);
    check_same(initialized, model, true);
    check_same(in_threads, model, true);
    snug_model_free(by_hand);
    snug_model_free(initialized);
    snug_model_free(model);
    snug_model_free(in_threads);
    snug_dataset_free(data);
}
END_TEST

START_TEST(without_memory_the_model_stays) {
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = new_model(driven, data), *before = snug_model_copy(model);
    snug_status status = SNUG_ERROR_MEMORY;
    size_t failures = 0;
    while (status != SNUG_OK) {
        failing_start(failures);
        status = snug_model_fit_layers(model, data, 5);
        size_t left = failing_stop();
        ck_assert_uint_eq(left, 0);
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
        check_same(model, before, status != SNUG_OK);
        failures++;
    }
    ck_assert_uint_gt(failures, 15);
    snug_model_free(model);
    snug_model_free(before);
    snug_dataset_free(data);
}
END_TEST

static size_t warnings;

static void count_warning(snug_log_level level, const char *message, void *user) {
    (void)message;
    (void)user;
    warnings += level == SNUG_LOG_WARNING;
}

START_TEST(selu_after_fitted_weights_does_not_warn) {
    static const char *const layers[] = {
        "[" DENSE(DRIVEN) ", \"selu\"]",
        "[" DENSE("\"init\": {\"type\": \"data_driven\", \"gain\": 2}") ", \"selu\"]",
        "[" DENSE("\"init\": {\"type\": \"lsuv\", \"of\": \"he_normal\"}") ", \"selu\"]"};
    snug_model *model = model_of(layers[_i]);
    warnings = 0;
    snug_set_log(count_warning, NULL);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    snug_set_log(NULL, NULL);
    ck_assert_uint_eq(warnings, 0);
    snug_model_free(model);
}
END_TEST

START_TEST(null_and_other_data_are_errors) {
    snug_dataset *data = some_rows(ROWS);
    snug_dataset *narrow = snug_dataset_from_arrays(raw, 20, COLUMNS - 1, classes);
    snug_model *model = model_of(driven);
    ck_assert_int_ne(snug_model_fit_layers(NULL, data, 1), SNUG_OK);
    ck_assert_int_ne(snug_model_fit_layers(model, data, 1), SNUG_OK); /* no weights */
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_ne(snug_model_fit_layers(model, NULL, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_layers(model, narrow, 1), SNUG_ERROR_DATA);
    snug_model_free(model);
    snug_dataset_free(narrow);
    snug_dataset_free(data);
}
END_TEST

/* ---- what a layer gets ----------------------------------------------------------------------- */

/* y = x - mean of the rows that fit() got; state 1 is the sum of row number times class there. */
static snug_status centre_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "mean", .columns = shape->inputs, .state = true};
    shape->tensors[1] = (snug_tensor){.name = "sum", .columns = 1, .state = true};
    shape->tensor_count = 2;
    shape->fitted = true;
    return SNUG_OK;
}

static void centre_forward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; i++) {
        run->y[i] = run->x[i] - run->tensors[0][i % run->inputs];
    }
}

static void centre_backward(const void *config, const snug_layer_call *run) {
    (void)config;
    if (run->dx != NULL) {
        memcpy(run->dx, run->dy, run->rows * run->inputs * sizeof *run->dx);
    }
}

static snug_status centre_fit(const void *config, const snug_layer_fit *fit) {
    size_t columns = fit->shape->inputs;
    (void)config;
    if (fit->class_count != 3 || fit->target_count != 0 || fit->targets->values != NULL) {
        return snug_fail(SNUG_ERROR_DATA, "the targets are three classes");
    }
    for (size_t i = 0; i < fit->rows * columns; i++) {
        fit->tensors[0][i % columns] += fit->x[i] / (float)fit->rows;
    }
    for (size_t i = 0; i < fit->rows; i++) {
        fit->tensors[1][0] += (float)(i * (size_t)fit->targets->classes[i]);
    }
    return SNUG_OK;
}

static const snug_layer_kind centre = {
    .base = {.name = "test_fitted_mean", .summary = "minus the mean of the training rows"},
    .flags = SNUG_COLUMNWISE | SNUG_IN_PLACE,
    .plan = centre_plan,
    .forward = centre_forward,
    .backward = centre_backward,
    .fit = centre_fit,
};

/* Each gets what the fitted ones before it make of the rows: the second has nothing to subtract. */
START_TEST(layers_get_rows_and_targets_in_order) {
    ck_assert_msg(snug_register_layer(&centre) == SNUG_OK, "%s", snug_error());
    snug_dataset *data = some_rows(ROWS);
    snug_model *model = fitted_model(
        "[\"test_fitted_mean\", {\"type\": \"dense\", \"units\": 7}, \"exp\", "
        "{\"type\": \"residual\", \"layers\": [\"test_fitted_mean\", \"test_fitted_mean\"]}, "
        "{\"type\": \"dense\", \"units\": 3}]",
        data);
    const float *first = tensor(model, "0.mean"), *outer = tensor(model, "3.layers.0.mean");
    const float *again = tensor(model, "3.layers.1.mean");
    double sum = 0;
    for (size_t i = 0; i < ROWS; i++) {
        sum += (double)(i * (size_t)classes[i]);
    }
    ck_assert_double_eq((double)tensor(model, "3.layers.1.sum")[0], sum);
    for (size_t j = 0; j < UNITS; j++) {
        ck_assert(j >= COLUMNS || fabsf(first[j]) < 1e-5F); /* standardized before */
        ck_assert_float_gt(outer[j], 0.5F);
        ck_assert_float_eq_tol(again[j], 0, 1e-4F * outer[j]);
    }
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(rows_are_spread_and_differ_by_seed) {
    static const size_t counts[][2] = {{1, 1}, {7, 7}, {100, 7}, {4200, 4096}, {99991, 4096}};
    size_t order[4096], other[4096], rows = counts[_i][0], count = counts[_i][1];
    snug_fit_choose_rows(rows, count, 3, order);
    snug_fit_choose_rows(rows, count, 4, other);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_lt(order[i], rows);
        ck_assert(i == 0 || order[i] > order[i - 1]);
        ck_assert(order[i] + rows / count + 1 >= i * rows / count);
    }
    ck_assert((memcmp(order, other, count * sizeof *order) == 0) == (rows == count));
}
END_TEST

START_TEST(wide_models_get_fewer_rows) {
    snug_model *model = mlp(3, 3), *wide = snug_model_new(1 << 20);
    ck_assert_int_eq(snug_model_add(wide, snug_dense(2)), SNUG_OK);
    ck_assert_uint_eq(snug_fit_row_count(model, 17), 17);
    ck_assert_uint_eq(snug_fit_row_count(model, 4097), 4096);
    ck_assert_uint_eq(snug_fit_row_count(wide, 4097), 64);
    snug_model_free(model);
    snug_model_free(wide);
}
END_TEST

static Suite *fit_layers_suite(void) {
    Suite *suite = suite_create("data_init");
    TCase *tests = tcase_create("fit_layers");
    tcase_add_test(tests, every_unit_gets_variance_one);
    tcase_add_test(tests, weight_norm_starts_with_the_fitted_weights);
    tcase_add_loop_test(tests, lsuv_gives_all_outputs_variance_one, 0, 3);
    tcase_add_test(tests, each_member_gets_variance_one);
    tcase_add_test(tests, shared_weights_get_variance_one_over_the_members);
    tcase_add_test(tests, one_row_leaves_the_weights);
    tcase_add_test(tests, only_new_weights_are_fitted);
    tcase_add_test(tests, a_step_makes_weights_old);
    tcase_add_test(tests, fit_does_it_with_the_same_bits);
    tcase_add_test(tests, without_memory_the_model_stays);
    tcase_add_loop_test(tests, selu_after_fitted_weights_does_not_warn, 0, 3);
    tcase_add_test(tests, null_and_other_data_are_errors);
    tcase_add_test(tests, layers_get_rows_and_targets_in_order);
    tcase_add_loop_test(tests, rows_are_spread_and_differ_by_seed, 0, 5);
    tcase_add_test(tests, wide_models_get_fewer_rows);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(fit_layers_suite)
