/*
 * Gradients over a million rows that repeat a few: those of the few, right to 1e-5. In one batch,
 * added up over many batches, and in an optimizer of all rows.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "support/suite.h"

enum { PERIOD = 8, ROWS = 1000000, BATCH = 32, INPUTS = 2, OUTPUTS = 3 };

static const char *const layers[] = {
    "{\"type\": \"batch_norm\"}",
    "{\"type\": \"feature_scale\"}",
    "{\"type\": \"parametric_activation\", \"function\": \"selu\"}",
    "{\"type\": \"prelu\", \"shared\": false}",
    "{\"type\": \"prelu\"}",
    "{\"type\": \"layer_norm\"}",
    "{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true}",
    "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 3}]}",
    "{\"type\": \"highway\", \"layers\": [{\"type\": \"dense\", \"units\": 2}]}",
};

/* The layer between two others, or dense layers alone. */
static snug_model *model_around(const char *layer) {
    snug_model *model = snug_model_new(INPUTS);
    if (layer != NULL) {
        ck_assert_msg(snug_model_add(model, snug_layer_new(layer)) == SNUG_OK, "%s", snug_error());
    } else {
        ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    }
    ck_assert_int_eq(snug_model_add(model, snug_dense(OUTPUTS)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 11), SNUG_OK);
    return model;
}

/*
 * Positive numbers on the whole, a period again and again; targets below most outputs, so that
 * little cancels.
 */
typedef struct table {
    float *x, *values;
} table;

static table make_table(size_t rows) {
    static const float numbers[PERIOD][INPUTS] = {{0.31F, 1.3F},  {0.77F, 0.9F}, {1.43F, -0.2F},
                                                  {0.59F, 0.71F}, {2.1F, 0.37F}, {-0.3F, 1.9F},
                                                  {0.93F, 1.1F},  {1.7F, 0.83F}};
    table t = {malloc(rows * INPUTS * sizeof(float)), malloc(rows * OUTPUTS * sizeof(float))};
    ck_assert(t.x != NULL && t.values != NULL);
    for (size_t i = 0; i < rows; i++) {
        memcpy(t.x + i * INPUTS, numbers[i % PERIOD], sizeof numbers[0]);
        for (size_t j = 0; j < OUTPUTS; j++) {
            t.values[i * OUTPUTS + j] = -3.0F + 0.4F * (float)j - 0.11F * (float)(i % PERIOD);
        }
    }
    return t;
}

static void free_table(table *t) {
    free(t->x);
    free(t->values);
}

static void run_batch(snug_session *session, const table *t, size_t rows) {
    snug_loss *loss = snug_mse();
    const float *y;
    const snug_targets targets = {.values = t->values};
    ck_assert_int_eq(snug_forward(session, t->x, rows, 0, &y), SNUG_OK);
    ck_assert_msg(snug_backward(session, loss, &targets, NULL) == SNUG_OK, "%s", snug_error());
    snug_loss_free(loss);
}

/* Each gradient is within 1e-5 of the largest of those that are expected. */
static void check_gradients(const snug_session *session, const float *expected, const char *what) {
    size_t n;
    const float *gradients = snug_session_gradients(session, &n);
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs((double)expected[i]));
    }
    ck_assert_double_gt(largest, 0.1);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(fabs((double)gradients[i] - (double)expected[i]) <= 1e-5 * largest,
                      "%s: gradient %zu is %.9g, not %.9g", what, i, (double)gradients[i],
                      (double)expected[i]);
    }
}

/* The gradients of the period alone. */
static float *period_gradients(snug_model *model, const table *t) {
    snug_session *session = snug_session_new_training(model, PERIOD, 1);
    size_t n;
    run_batch(session, t, PERIOD);
    const float *gradients = snug_session_gradients(session, &n);
    float *copy = malloc(n * sizeof *copy);
    memcpy(copy, gradients, n * sizeof *copy);
    snug_session_free(session);
    return copy;
}

enum { LAYERS = sizeof layers / sizeof *layers };

static const char *layer_number(int i) {
    return i < LAYERS ? layers[i] : NULL;
}

START_TEST(one_batch_of_many_rows) {
    table t = make_table(ROWS);
    snug_model *model = model_around(layer_number(_i));
    float *expected = period_gradients(model, &t);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    run_batch(session, &t, ROWS);
    check_gradients(session, expected, _i < LAYERS ? layers[_i] : "dense");
    snug_session_free(session);
    free(expected);
    snug_model_free(model);
    free_table(&t);
}
END_TEST

START_TEST(many_batches_that_are_added_up) {
    table t = make_table(BATCH);
    snug_model *model = model_around(layer_number(_i));
    float *expected = period_gradients(model, &t);
    snug_session *session = snug_session_new_training(model, BATCH, 1);
    ck_assert_int_eq(snug_session_accumulate(session, true), SNUG_OK);
    for (int again = 0; again < 2; again++) { /* the second time starts anew */
        for (size_t i = 0; i < ROWS / BATCH; i++) {
            run_batch(session, &t, BATCH);
        }
        ck_assert_int_eq(snug_clip_norm(session, 1e9, NULL), SNUG_OK);
        check_gradients(session, expected, _i < LAYERS ? layers[_i] : "dense");
    }
    snug_session_free(session);
    free(expected);
    snug_model_free(model);
    free_table(&t);
}
END_TEST

/*
 * The weights after one step over all rows in batches of so many; batches that are added up, or
 * L-BFGS.
 */
static float *trained(const table *t, size_t rows, size_t batch, bool iterates, size_t *n) {
    snug_dataset *data = snug_dataset_from_values(t->x, rows, INPUTS, t->values, OUTPUTS);
    snug_model *model = model_around(NULL);
    snug_fit_options o = {
        .optimizer = iterates ? snug_optimizer_new("{\"type\": \"lbfgs\", \"evaluations\": 1}")
                              : snug_optimizer_new("{\"type\": \"sgd\", \"learning_rate\": 0.1}"),
        .loss = snug_mse(),
        .epochs = 1,
        .batch_size = batch,
        .accumulate = iterates ? 0 : rows / batch,
        .keep_order = true,
        .scaling = SNUG_SCALING_NONE};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    *n = 0;
    float *all = NULL;
    for (size_t k = 0; k < snug_model_tensor_count(model); k++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        all = realloc(all, (*n + info.rows * info.columns) * sizeof *all);
        memcpy(all + *n, info.values, info.rows * info.columns * sizeof *all);
        *n += info.rows * info.columns;
    }
    snug_model_free(model);
    snug_dataset_free(data);
    return all;
}

START_TEST(training_over_many_batches) {
    table t = make_table(ROWS);
    size_t n, again;
    float *expected = trained(&t, PERIOD, PERIOD, _i == 1, &n);
    float *weights = trained(&t, ROWS, BATCH, _i == 1, &again);
    ck_assert_uint_eq(n, again);
    for (size_t i = 0; i < n; i++) {
        ck_assert_float_eq_tol(weights[i], expected[i], 1e-5F);
    }
    free(expected);
    free(weights);
    free_table(&t);
}
END_TEST

static Suite *many_rows_suite(void) {
    Suite *suite = suite_create("many rows");
    TCase *tests = tcase_create("many rows");
    tcase_set_timeout(tests, 300);
    tcase_set_tags(tests, "exhaustive");
    tcase_add_loop_test(tests, one_batch_of_many_rows, 0, LAYERS + 1);
    tcase_add_loop_test(tests, many_batches_that_are_added_up, 0, LAYERS + 1);
    tcase_add_loop_test(tests, training_over_many_batches, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(many_rows_suite)
