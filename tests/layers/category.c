/* Embeddings of categories: rows of a table, their gradients, and codes that are no category. */
#include <math.h>
#include <string.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 8, COLUMNS = 4, UNITS = 3, OUTPUTS = 2 + 2 * UNITS };

/* Columns 0 and 2 hold 4 and 2 categories. */
static const char spec[] =
    "{\"type\": \"category_embedding\", \"columns\": [{\"column\": 2, \"categories\": 2}, "
    "{\"column\": 0, \"categories\": 4}], \"units\": 3}";

static const float x[ROWS * COLUMNS] = {
    0,  0.5F, 1,     -1, 3,   1.5F, 0,   2, 4,    0.1F, 2,    3, 1, 2.5F, 0,        4,
    -1, 7,    -0.5F, 5,  NAN, 1,    NAN, 6, 1e9F, 2,    3e9F, 7, 1, 0,    INFINITY, 8};

/* The rows of the tensor: 5 of column 0, the last for what is unknown, and 3 of column 2. */
static const size_t wanted[ROWS][2] = {{0, 6}, {3, 5}, {4, 7}, {1, 5},
                                       {4, 7}, {4, 7}, {4, 7}, {1, 7}};

START_TEST(outputs) {
    float y[ROWS * OUTPUTS];
    snug_model *model = model_of(COLUMNS, spec);
    const float *table = tensor_of(model, "0.weight");
    ck_assert_uint_eq(snug_model_parameter_count(model), 8 * UNITS);
    run_layer(model, false, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        const float *row = y + i * OUTPUTS;
        ck_assert(row[0] == x[i * COLUMNS + 1] && row[1] == x[i * COLUMNS + 3]);
        for (size_t j = 0; j < 2; j++) {
            const float *embedding = table + wanted[i][j] * UNITS;
            ck_assert(memcmp(row + 2 + j * UNITS, embedding, UNITS * sizeof *row) == 0);
        }
    }
    snug_model_free(model);
}
END_TEST

/* The gradient of a row of the table is the sum of dy where the row is used, otherwise 0. */
START_TEST(gradients) {
    const float *y, *gradient;
    float targets[ROWS * OUTPUTS];
    double sums[8 * UNITS] = {0};
    size_t n;
    snug_model *model = model_of(COLUMNS, spec);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &y), SNUG_OK);
    for (size_t i = 0; i < ROWS * OUTPUTS; i++) {
        size_t row = i / OUTPUTS, column = i % OUTPUTS;
        targets[i] = y[i] - 0.5F * (float)(i + 1);
        if (column >= 2) {
            size_t of = wanted[row][(column - 2) / UNITS] * UNITS + (column - 2) % UNITS;
            sums[of] += (double)(i + 1) / (ROWS * OUTPUTS);
        }
    }
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.values = targets}, NULL),
                     SNUG_OK);
    gradient = snug_session_gradients(session, &n);
    ck_assert_uint_ge(n, 8 * UNITS);
    for (size_t i = 0; i < 8 * UNITS; i++) {
        ck_assert_double_eq_tol((double)gradient[i], sums[i], 1e-5);
        ck_assert(i / UNITS != 2 || gradient[i] == 0.0F); /* category 2 occurs nowhere */
    }
    snug_session_free(session);
    snug_loss_free(loss);
    snug_model_free(model);
}
END_TEST

/* Without a column of categories nothing is changed, and nothing is trained. */
START_TEST(no_columns) {
    float y[ROWS * COLUMNS];
    snug_model *model = model_of(COLUMNS, "category_embedding");
    ck_assert_uint_eq(snug_model_parameter_count(model), 0);
    run_layer(model, true, ROWS, x, y);
    ck_assert(memcmp(x, y, sizeof y) == 0);
    snug_model_free(model);
}
END_TEST

START_TEST(wrong_columns) {
    static const char *const specs[][2] = {
        {"{\"type\": \"category_embedding\", \"columns\": [1]}",
         "model.layers[0]: columns: column 1: the number of its categories is not known"},
        {"{\"type\": \"category_embedding\", \"columns\": \"numeric\"}",
         "model.layers[0]: columns: numeric columns have no categories"},
    };
    snug_model *model = snug_model_new(COLUMNS);
    ck_assert_int_ne(snug_model_add(model, snug_layer_new(specs[_i][0])), SNUG_OK);
    expect_location(specs[_i][1]);
    snug_model_free(model);
}
END_TEST

static Suite *category_suite(void) {
    Suite *suite = suite_create("category embedding");
    TCase *tests = tcase_create("category embedding");
    tcase_add_test(tests, outputs);
    tcase_add_test(tests, gradients);
    tcase_add_test(tests, no_columns);
    tcase_add_loop_test(tests, wrong_columns, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(category_suite)
