/* Periodic embeddings against their formulas in double, for all and for listed columns. */
#include <math.h>
#include <stdio.h>

#include "core/memory.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 6, COLUMNS = 4, WAVES = 5 };

static const float x[ROWS * COLUMNS] = {0.5F,  -1,    2,    7,  0.25F, -1.5F, 0,     8,
                                        -0.7F, 3,     -2,   9,  4,     -0.1F, -8,    10,
                                        1,     -0.3F, 0.6F, 11, -40,   25,    0.01F, 12};

/* The angle 2 pi w x + b of wave k of chosen column j. */
static double angle_of(snug_model *model, size_t j, size_t k, float value, bool shifted) {
    const double turn = 6.283185307179586;
    const float *frequencies = tensor_of(model, "0.frequencies");
    double phase = shifted ? (double)tensor_of(model, "0.phases")[j * WAVES + k] : 0.0;
    return turn * (double)frequencies[j * WAVES + k] * (double)value + phase;
}

/* Output v of W and c of chosen column j: of the cosines, or of sines and cosines. */
static double made(snug_model *model, size_t j, size_t v, size_t outputs, float value, bool plr) {
    const float *weight = tensor_of(model, "0.weight");
    size_t height = plr ? 2 * WAVES : WAVES;
    double sum = (double)tensor_of(model, "0.bias")[j * outputs + v];
    for (size_t h = 0; h < height; h++) {
        double angle = angle_of(model, j, h % WAVES, value, !plr);
        double wave = plr && h < WAVES ? sin(angle) : cos(angle);
        sum += wave * (double)weight[(j * height + h) * outputs + v];
    }
    return plr && sum < 0 ? 0.0 : sum;
}

/* Columns 1 and 3 pass; 0 and 2 become three numbers each, behind them. */
static void check_outputs(bool plr) {
    float y[ROWS * 8];
    char *spec = snug_format("{\"type\": \"periodic_embedding\", \"columns\": [2, 0], \"variant\": "
                             "\"%s\", \"frequencies\": %d, \"units\": 3, \"sigma\": 0.6}",
                             plr ? "plr" : "pbld", WAVES);
    snug_model *model = model_of(COLUMNS, spec);
    ck_assert_uint_eq(snug_model_output_count(model), 8);
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        const float *row = x + i * COLUMNS, *out = y + i * 8;
        ck_assert(out[0] == row[1] && out[1] == row[3]);
        for (size_t j = 0; j < 2; j++) {
            const float *embedded = out + 2 + 3 * j, value = row[2 * j];
            ck_assert(plr || embedded[0] == value);
            for (size_t v = plr ? 0 : 1; v < 3; v++) {
                double wanted = plr ? made(model, j, v, 3, value, true)
                                    : made(model, j, v - 1, 2, value, false);
                ck_assert_double_eq_tol((double)embedded[v], wanted, 2e-5);
            }
        }
    }
    snug_model_free(model);
    snug_release(spec);
}

START_TEST(outputs) {
    check_outputs(_i == 1);
}
END_TEST

/* A dense layer, the embedding of some of its units, and another: every gradient is exact. */
START_TEST(gradients) {
    static const char *const specs[] = {
        "{\"type\": \"periodic_embedding\", \"columns\": [1, 2, 5], \"sigma\": 0.4}",
        "{\"type\": \"periodic_embedding\", \"columns\": [0, 4], \"variant\": \"plr\", "
        "\"frequencies\": 7, \"units\": 5, \"sigma\": 0.4}"};
    float targets[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        targets[i] = (float)i - 2.5F;
    }
    snug_dataset *data = snug_dataset_from_values(x, ROWS, COLUMNS, targets, 1);
    snug_model *model = snug_model_new(COLUMNS);
    snug_gradient_report report = {.seed = 2, .max_rows = ROWS};
    snug_model_add(model, snug_dense(6));
    snug_model_add(model, snug_tanh());
    snug_model_add(model, snug_layer_new(specs[_i]));
    ck_assert_int_eq(snug_model_add(model, snug_dense(1)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    for (size_t i = 0; i < report.count; i++) {
        ck_assert(!report.checks[i].zero);
    }
    snug_gradient_report_clear(&report);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(initial_values) {
    enum { INPUTS = 60, COUNT = INPUTS * 16 };
    snug_model *model = model_of(INPUTS, "{\"type\": \"periodic_embedding\", \"sigma\": 0.25}");
    const float *w = tensor_of(model, "0.frequencies"), *b = tensor_of(model, "0.phases");
    const float *weight = tensor_of(model, "0.weight");
    double square = 0.0, least = 0.0, most = 0.0, largest = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        square += (double)w[i] * (double)w[i];
        least = fmin(least, (double)b[i]);
        most = fmax(most, (double)b[i]);
        largest = fmax(largest, fabs((double)weight[i]));
    }
    ck_assert_double_eq_tol(sqrt(square / COUNT), 0.25, 0.03);
    ck_assert(least < -3 && least >= -3.1415928 && most > 3 && most <= 3.1415928);
    ck_assert(largest > 0.24 && largest <= 0.25);
    snug_model_free(model);
}
END_TEST

/* Nothing to embed: nothing is changed, and there is nothing to train. */
START_TEST(no_columns) {
    static const char *const specs[] = {
        "{\"type\": \"periodic_embedding\", \"columns\": []}",
        "{\"type\": \"periodic_embedding\", \"columns\": \"categorical\"}"};
    float y[ROWS * COLUMNS];
    snug_model *model = model_of(COLUMNS, specs[_i]);
    ck_assert_uint_eq(snug_model_parameter_count(model), 0);
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        ck_assert(y[i] == x[i]);
    }
    snug_model_free(model);
}
END_TEST

static void refuse(const char *spec, const char *location) {
    snug_model *model = snug_model_new(COLUMNS);
    ck_assert_int_ne(snug_model_add(model, snug_layer_new(spec)), SNUG_OK);
    expect_location(location);
    snug_model_free(model);
}

START_TEST(wrong_columns) {
    refuse("{\"type\": \"periodic_embedding\", \"columns\": [0, 4]}", "model.layers[0]: columns:");
    refuse("{\"type\": \"periodic_embedding\", \"columns\": [\"age\"]}",
           "model.layers[0]: columns: \"age\":");
    refuse("{\"type\": \"periodic_embedding\", \"units\": 1}", "units must be at least 2 in pbld");
}
END_TEST

static Suite *periodic_suite(void) {
    Suite *suite = suite_create("periodic embedding");
    TCase *tests = tcase_create("periodic embedding");
    tcase_add_loop_test(tests, outputs, 0, 2);
    tcase_add_loop_test(tests, gradients, 0, 2);
    tcase_add_test(tests, initial_values);
    tcase_add_loop_test(tests, no_columns, 0, 2);
    tcase_add_test(tests, wrong_columns);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(periodic_suite)
