/* Residual and highway blocks, and a model of every layer that there is. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support.h"
#include "support/errors.h"
#include "support/members.h"
#include "support/suite.h"

enum { ROWS = 3, COLUMNS = 4 };

static const float x[ROWS * COLUMNS] = {0.5F,   -1, 2,  0.25F, 1.5F, 0,
                                        -0.75F, 3,  -2, 0.1F,  0.2F, -0.3F};

START_TEST(residual_of_the_same_width) {
    float y[ROWS * COLUMNS];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"residual\", \"layers\": [\"tanh\"]}");
    ck_assert_uint_eq(snug_model_tensor_count(model), 0);
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        ck_assert_double_eq_tol((double)y[i], (double)x[i] + tanh((double)x[i]), 1e-6);
    }
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        ck_assert_double_eq_tol((double)y[i], (double)x[i] + tanh((double)x[i]), 1e-6);
    }
    snug_model_free(model);
}
END_TEST

START_TEST(residual_with_a_projection) {
    float y[ROWS * 2];
    snug_model *model = model_of(
        COLUMNS, "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 2}]}");
    float *p = tensor_of(model, "0.projection.weight");
    float *w = tensor_of(model, "0.layers.0.weight"), *b = tensor_of(model, "0.layers.0.bias");
    b[1] = 0.5F;
    ck_assert_uint_eq(snug_model_parameter_count(model), 2 * COLUMNS * 2 + 2);
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t o = 0; o < 2; o++) {
            double sum = (double)b[o];
            for (size_t j = 0; j < COLUMNS; j++) {
                sum += (double)x[i * COLUMNS + j] * ((double)p[j * 2 + o] + (double)w[j * 2 + o]);
            }
            ck_assert_double_eq_tol((double)y[i * 2 + o], sum, 1e-5);
        }
    }
    snug_model_free(model);
}
END_TEST

START_TEST(highway_mixes_by_its_gate) {
    float y[ROWS * COLUMNS];
    snug_model *model =
        model_of(COLUMNS, "{\"type\": \"highway\", \"layers\": [\"tanh\"], \"gate_bias\": -1.5}");
    float *w = tensor_of(model, "0.gate.weight"), *b = tensor_of(model, "0.gate.bias");
    ck_assert(b[0] == -1.5F);
    b[3] = 1;
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t o = 0; o < COLUMNS; o++) {
            double in = (double)x[i * COLUMNS + o], z = (double)b[o], t;
            for (size_t j = 0; j < COLUMNS; j++) {
                z += (double)x[i * COLUMNS + j] * (double)w[j * COLUMNS + o];
            }
            t = 1 / (1 + exp(-z));
            ck_assert_double_eq_tol((double)y[i * COLUMNS + o], t * tanh(in) + (1 - t) * in, 1e-5);
        }
    }
    snug_model_free(model);
}
END_TEST

START_TEST(a_highway_keeps_the_width) {
    snug_model *model = snug_model_new(COLUMNS);
    ck_assert_int_eq(
        snug_model_add(model, snug_layer_new("{\"type\": \"highway\", \"layers\": [{\"type\": "
                                             "\"dense\", \"units\": 3}]}")),
        SNUG_ERROR_CONFIG);
    expect_location("model.layers[0]:");
    snug_model_free(model);
}
END_TEST

START_TEST(weight_norm) {
    static const int32_t classes[ROWS] = {0, 1, 1};
    float y[ROWS * 2];
    snug_model *model =
        model_of(COLUMNS, "{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true}");
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, COLUMNS, classes);
    float *v = tensor_of(model, "0.weight_v"), *g = tensor_of(model, "0.weight_g");
    snug_gradient_report report = {.max_rows = ROWS};
    ck_assert_uint_eq(snug_model_parameter_count(model), COLUMNS * 2 + 2 + 2);
    g[1] = 2.5F;
    run_layer(model, true, ROWS, x, y);
    for (size_t o = 0; o < 2; o++) {
        double square = 0;
        for (size_t j = 0; j < COLUMNS; j++) {
            square += (double)v[j * 2 + o] * (double)v[j * 2 + o];
        }
        for (size_t i = 0; i < ROWS; i++) {
            double sum = 0;
            for (size_t j = 0; j < COLUMNS; j++) {
                sum += (double)x[i * COLUMNS + j] * (double)v[j * 2 + o];
            }
            ck_assert_double_eq_tol((double)y[i * 2 + o], (double)g[o] * sum / sqrt(square), 1e-5);
        }
    }
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(report.count, 3);
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static const char *const initializers[] = {
    "\"lecun_normal\"",
    "{\"type\": \"constant\", \"value\": 0.5}",
    "{\"type\": \"uniform\", \"min\": 0, \"max\": 1}",
    "{\"type\": \"normal\", \"mean\": 1, \"std\": 0.1}",
    "\"orthogonal\"",
};

/* W starts as what the initializer made: the lengths are those of its columns. */
START_TEST(weight_norm_starts_with_the_initial_weights) {
    char spec[200];
    float plain_y[ROWS * 3], y[ROWS * 3];
    snprintf(spec, sizeof spec, "{\"type\": \"dense\", \"units\": 3, \"init\": %s}",
             initializers[_i]);
    snug_model *plain = model_of(COLUMNS, spec);
    snprintf(spec, sizeof spec,
             "{\"type\": \"dense\", \"units\": 3, \"weight_norm\": true, \"init\": %s}",
             initializers[_i]);
    snug_model *model = model_of(COLUMNS, spec);
    const float *w = tensor_of(plain, "0.weight"), *g = tensor_of(model, "0.weight_g");
    ck_assert_mem_eq(w, tensor_of(model, "0.weight_v"), COLUMNS * 3 * sizeof *w);
    for (size_t o = 0; o < 3; o++) {
        double square = 0;
        for (size_t j = 0; j < COLUMNS; j++) {
            square += (double)w[j * 3 + o] * (double)w[j * 3 + o];
        }
        ck_assert_double_eq_tol((double)g[o], sqrt(square), 1e-6 * sqrt(square));
    }
    run_layer(plain, false, ROWS, x, plain_y);
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS * 3; i++) {
        ck_assert_float_eq_tol(y[i], plain_y[i], 2e-6F);
    }
    snug_model_free(plain);
    snug_model_free(model);
}
END_TEST

static const struct {
    const char *init, *name;
} without_length[] = {{"\"zeros\"", "zeros"},
                      {"{\"type\": \"constant\", \"value\": 0}", "constant"},
                      {"{\"type\": \"normal\", \"std\": 0}", "normal"},
                      {"{\"type\": \"constant\", \"value\": 1e-30}", "constant"}};

START_TEST(weight_norm_refuses_columns_without_a_length) {
    char spec[200], message[200];
    snug_model *model = snug_model_new(COLUMNS);
    snprintf(spec, sizeof spec,
             "{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true, \"init\": %s}",
             without_length[_i].init);
    snprintf(message, sizeof message,
             "0.weight_v: the initializer \"%s\" gives column 0 the length %s, by which weight "
             "normalization divides: take another",
             without_length[_i].name, _i < 3 ? "0" : "2e-30");
    ck_assert_int_eq(snug_model_add(model, snug_layer_new(spec)), SNUG_OK);
    for (int again = 0; again < 2; again++) { /* it is left without weights */
        ck_assert_int_eq(snug_model_init(model, 3), SNUG_ERROR_CONFIG);
        expect_location(message);
        ck_assert_ptr_null(snug_session_new(model, 1));
    }
    snug_model_free(model);
}
END_TEST

/* A length that training has made 0 leaves a weight of 0, not NaN. */
START_TEST(weight_norm_of_zeros_is_finite) {
    static const int32_t classes[ROWS] = {1, 0, 1};
    float y[ROWS * 2];
    const float *gradients;
    size_t n;
    snug_model *model =
        model_of(COLUMNS, "{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true}");
    snug_loss *loss = snug_softmax_cross_entropy();
    float *v = tensor_of(model, "0.weight_v");
    for (size_t j = 0; j < COLUMNS; j++) {
        v[j * 2 + 1] = 0;
    }
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert(y[i * 2] != 0 && y[i * 2 + 1] == 0);
    }
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    const float *out;
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &out), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, NULL),
                     SNUG_OK);
    gradients = snug_session_gradients(session, &n);
    for (size_t i = 0; i < n; i++) {
        ck_assert(isfinite(gradients[i]));
    }
    snug_session_free(session);
    snug_loss_free(loss);
    snug_model_free(model);
}
END_TEST

/* How a kind is written in the smallest way: its name, and values for what is required. */
static int smallest_spec(const snug_kind *kind, char *spec, size_t size) {
    int n = snprintf(spec, size, "{\"type\": \"%s\"", kind->name);
    for (const snug_field *f = kind->fields; f != NULL && f->kind != SNUG_FIELD_END; f++) {
        const char *value = f->kind == SNUG_FIELD_OBJECT   ? "\"tanh\""
                            : f->kind == SNUG_FIELD_LAYERS ? "[{\"type\": \"dense\", \"units\": 6}]"
                                                           : "6";
        value = test_value(f) != NULL ? test_value(f) : value;
        if (f->required || test_value(f) != NULL) {
            n += snprintf(spec + n, size - (size_t)n, ", \"%s\": %s", f->name, value);
        }
    }
    return n + snprintf(spec + n, size - (size_t)n, "}");
}

START_TEST(every_layer_in_one_model) {
    enum { COUNT = 31, INPUTS = 6 };
    static float data_x[COUNT * INPUTS], before[COUNT * 3], after[COUNT * 3];
    static int32_t classes[COUNT];
    snug_random stream = {.seed = 4, .purpose = 9};
    snug_model *model = snug_model_new(INPUTS), *loaded;
    snug_dataset *data;
    snug_session *session;
    const snug_kind *kind;
    char *bytes, spec[512];
    size_t size, layers = 0;
    const snug_layer_kind *ensemble = NULL;
    snug_random_normal(&stream, 0, COUNT * INPUTS, data_x);
    for (size_t i = 0; i < COUNT; i++) {
        classes[i] = (int32_t)(i % 3);
    }
    for (; (kind = snug_kind_at(SNUG_GROUP_LAYER, layers)) != NULL; layers++) {
        const snug_layer_kind *layer = (const snug_layer_kind *)(const void *)kind;
        if (layer->flags & SNUG_TAKES_MEMBERS) {
            ensemble = layer; /* comes last, because not every layer can follow it */
            continue;
        }
        smallest_spec(kind, spec, sizeof spec);
        ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
    }
    ck_assert_uint_ge(layers, 9);
    smallest_spec(&ensemble->base, spec, sizeof spec);
    snug_model_add(model, snug_layer_new(spec));
    layer_after(&ensemble->base, 3, spec, sizeof spec);
    ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
    data = snug_dataset_from_arrays(data_x, COUNT, INPUTS, classes);
    ck_assert_msg(snug_fit(model, data, &(snug_fit_options){.epochs = 5, .batch_size = 8}, NULL) ==
                      SNUG_OK,
                  "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    session = snug_session_new(model, 8);
    ck_assert_int_eq(snug_predict(session, data_x, COUNT, before), SNUG_OK);
    snug_session_free(session);
    session = snug_session_new(loaded, 8);
    ck_assert_int_eq(snug_predict(session, data_x, COUNT, after), SNUG_OK);
    snug_session_free(session);
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert(isfinite(before[0]));
    snug_free(bytes);
    snug_dataset_free(data);
    snug_model_free(loaded);
    snug_model_free(model);
}
END_TEST

static Suite *blocks_suite(void) {
    Suite *suite = suite_create("blocks");
    TCase *tc = tcase_create("blocks");
    tcase_add_test(tc, residual_of_the_same_width);
    tcase_add_test(tc, residual_with_a_projection);
    tcase_add_test(tc, highway_mixes_by_its_gate);
    tcase_add_test(tc, a_highway_keeps_the_width);
    tcase_add_test(tc, weight_norm);
    tcase_add_loop_test(tc, weight_norm_starts_with_the_initial_weights, 0,
                        sizeof initializers / sizeof *initializers);
    tcase_add_loop_test(tc, weight_norm_refuses_columns_without_a_length, 0,
                        sizeof without_length / sizeof *without_length);
    tcase_add_test(tc, weight_norm_of_zeros_is_finite);
    tcase_add_test(tc, every_layer_in_one_model);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(blocks_suite)
