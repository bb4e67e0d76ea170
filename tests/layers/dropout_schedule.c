/* Dropout and alpha dropout whose rate follows a schedule. */
#include <string.h>

#include <snug/train.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 64, COLUMNS = 16, N = ROWS * COLUMNS, STEPS = 10 };

/* At step s of 10 the rate is 0.4 (1 - s / 10), and it is 0.4 without a schedule. */
static const struct {
    const char *scheduled, *plain, *half;
} layers[] = {
    {"{\"type\": \"dropout\", \"rate\": 0.4, \"schedule\": \"polynomial\"}",
     "{\"type\": \"dropout\", \"rate\": 0.4}", "{\"type\": \"dropout\", \"rate\": 0.2}"},
    {"{\"type\": \"alpha_dropout\", \"rate\": 0.4, \"schedule\": \"polynomial\"}",
     "{\"type\": \"alpha_dropout\", \"rate\": 0.4}",
     "{\"type\": \"alpha_dropout\", \"rate\": 0.2}"},
};

static void normal_numbers(float *x) {
    const snug_random stream = {.seed = 8, .purpose = 1};
    snug_random_normal(&stream, 0, N, x);
}

/* The outputs and dx of a layer behind a dense one, at a step of the run; step < 0: none is set. */
static void run_at(const char *spec, int step, const float *x, float *y, float *gradient) {
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_dense(COLUMNS));
    snug_model_add(model, snug_layer_new(spec));
    ck_assert_msg(snug_model_init(model, 3) == SNUG_OK, "%s", snug_error());
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *loss = snug_mse();
    const float *outputs;
    size_t n;
    static const float zeros[N];
    if (step >= 0) {
        const snug_schedule_time time = {(uint64_t)step, STEPS, 5};
        ck_assert_int_eq(snug_session_set_time(session, &time), SNUG_OK);
    }
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &outputs), SNUG_OK);
    memcpy(y, outputs, N * sizeof *y);
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.values = zeros}, NULL), SNUG_OK);
    memcpy(gradient, snug_session_gradients(session, &n), COLUMNS * COLUMNS * sizeof *gradient);
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(model);
}

/* The scheduled layer at a step, against a layer of a constant rate. */
static void check_same(const char *scheduled, int step, const char *constant) {
    static float x[N], y[N], other[N];
    float gradient[COLUMNS * COLUMNS], other_gradient[COLUMNS * COLUMNS];
    normal_numbers(x);
    run_at(scheduled, step, x, y, gradient);
    run_at(constant, -1, x, other, other_gradient);
    ck_assert_mem_eq(y, other, sizeof y);
    ck_assert_mem_eq(gradient, other_gradient, sizeof gradient);
}

START_TEST(the_factor_multiplies_the_rate) {
    check_same(layers[_i].scheduled, 0, layers[_i].plain);
    check_same(layers[_i].scheduled, 5, layers[_i].half);
    check_same(layers[_i].scheduled, STEPS, "identity");
}
END_TEST

START_TEST(without_a_time_the_factor_is_1) {
    check_same(layers[_i].scheduled, -1, layers[_i].plain);
}
END_TEST

/* ---- in training ----------------------------------------------------------------------------- */

/* The weights after so many epochs of two steps. */
static void fit(const char *spec, size_t epochs, size_t threads, float *weights) {
    static float x[N];
    int32_t classes[ROWS];
    normal_numbers(x);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)(i % 2);
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, COLUMNS, classes);
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_layer_new(spec));
    snug_model_add(model, snug_dense(2));
    const snug_fit_options options = {.epochs = epochs,
                                      .batch_size = ROWS / 2,
                                      .accumulate = 1,
                                      .threads = threads,
                                      .scaling = SNUG_SCALING_NONE,
                                      .seed = 4};
    ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
    memcpy(weights, tensor_of(model, "1.weight"), 2 * COLUMNS * sizeof *weights);
    snug_model_free(model);
    snug_dataset_free(data);
}

static bool fits_alike(const char *a, size_t threads_a, const char *b, size_t threads_b,
                       size_t epochs) {
    float weights[2 * COLUMNS], others[2 * COLUMNS];
    fit(a, epochs, threads_a, weights);
    fit(b, epochs, threads_b, others);
    return memcmp(weights, others, sizeof weights) == 0;
}

/* The rate is 0.4 in the first epoch and 0 in the others. */
static const char falling[] = "{\"type\": \"dropout\", \"rate\": 0.4, \"schedule\": "
                              "{\"type\": \"step\", \"every\": 1, \"gamma\": 0}}";
/* The rate is 0.2 in the first of two steps. */
static const char rising[] = "{\"type\": \"dropout\", \"rate\": 0.4, \"schedule\": "
                             "{\"type\": \"warmup\", \"epochs\": 1, \"then\": \"constant\"}}";

START_TEST(training_sets_the_time) {
    const char *plain = layers[0].plain;
    ck_assert(fits_alike(falling, 1, plain, 1, 1));
    ck_assert(!fits_alike(falling, 1, plain, 1, 2));
    ck_assert(!fits_alike(falling, 1, "identity", 1, 2));
    ck_assert(!fits_alike(rising, 1, plain, 1, 1));
    ck_assert(fits_alike(falling, 1, falling, 3, 2));
    ck_assert(fits_alike(rising, 1, rising, 3, 2));
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static void refuse(const char *spec) {
    snug_layer *layer = snug_layer_new(spec);
    ck_assert_int_eq(snug_layer_status(layer), SNUG_ERROR_CONFIG);
    expect_location("schedule must not depend on the loss");
    snug_layer_free(layer);
}

START_TEST(refuses_schedules_of_the_loss) {
    refuse("{\"type\": \"dropout\", \"schedule\": \"reduce_on_plateau\"}");
    refuse("{\"type\": \"alpha_dropout\", \"schedule\": {\"type\": \"warmup\", \"then\": "
           "\"reduce_on_plateau\"}}");
}
END_TEST

START_TEST(refuses_a_run_without_steps) {
    snug_model *model = model_of(COLUMNS, layers[0].scheduled);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    ck_assert(snug_session_set_time(session, &(snug_schedule_time){0, 0, 1}) != SNUG_OK);
    expect_error(SNUG_ERROR_ARGUMENT, "the time:");
    ck_assert(snug_session_set_time(session, &(snug_schedule_time){0, 1, 0}) != SNUG_OK);
    ck_assert_int_eq(snug_session_set_time(session, NULL), SNUG_OK);
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

static Suite *dropout_schedule_suite(void) {
    Suite *suite = suite_create("dropout schedule");
    TCase *tc = tcase_create("dropout schedule");
    const int count = sizeof layers / sizeof *layers;
    tcase_add_loop_test(tc, the_factor_multiplies_the_rate, 0, count);
    tcase_add_loop_test(tc, without_a_time_the_factor_is_1, 0, count);
    tcase_add_test(tc, training_sets_the_time);
    tcase_add_test(tc, refuses_schedules_of_the_loss);
    tcase_add_test(tc, refuses_a_run_without_steps);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(dropout_schedule_suite)
