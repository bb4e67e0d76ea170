/* Training with batch_norm: batches of one row, rows of weight 0, and averaged weights. */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 11, COLUMNS = 3 };

static float x[ROWS * COLUMNS], y[ROWS];

static snug_dataset *first_rows(size_t rows) {
    snug_random stream = {.seed = 8, .purpose = 4};
    snug_random_normal(&stream, 0, (size_t)ROWS * COLUMNS, x);
    for (size_t i = 0; i < ROWS; i++) {
        x[i * COLUMNS + 1] = 4.0F * x[i * COLUMNS + 1] - 2.0F;
        y[i] = x[i * COLUMNS] - 0.5F * x[i * COLUMNS + 1];
    }
    return snug_dataset_from_values(x, rows, COLUMNS, y, 1);
}

/* batch_norm on the features themselves, within a block if that is wanted, and a linear layer. */
static snug_model *normalized(bool in_block) {
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_layer_new(in_block ? "{\"type\": \"residual\", \"layers\": "
                                                    "[\"tanh\", \"batch_norm\"]}"
                                                  : "batch_norm"));
    snug_model_add(model, snug_dense(1));
    return model;
}

static float *tensor_of(snug_model *model, const char *name) {
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

/* ---- batches of one row ---------------------------------------------------------------------- */

static snug_model *fitted_to(size_t rows) {
    snug_dataset *data = first_rows(rows);
    snug_model *model = normalized(false);
    snug_fit_options o = {.optimizer = snug_sgd(0, 0),
                          .epochs = 2,
                          .batch_size = 5,
                          .keep_order = true,
                          .scaling = SNUG_SCALING_NONE};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    return model;
}

START_TEST(a_last_batch_of_one_row_moves_no_statistics) {
    snug_model *even = fitted_to(10), *ragged = fitted_to(11), *longer = fitted_to(9);
    static const char *const names[] = {"0.running_mean", "0.running_var"};
    for (size_t i = 0; i < 2; i++) {
        ck_assert_mem_eq(tensor_of(even, names[i]), tensor_of(ragged, names[i]),
                         COLUMNS * sizeof(float));
        ck_assert_mem_ne(tensor_of(even, names[i]), tensor_of(longer, names[i]),
                         COLUMNS * sizeof(float));
    }
    snug_model_free(even);
    snug_model_free(ragged);
    snug_model_free(longer);
}
END_TEST

/* Trains in shuffled batches on all rows, or on those alone that weigh more than 0. */
static char *trained_on(bool all, size_t *size) {
    static const float weights[ROWS] = {0, 2, 0, 0.5F, 1, 1.5F, 0, 3, 0.25F, 0, 1};
    static const size_t weighing[] = {1, 3, 4, 5, 7, 8, 10};
    snug_dataset *data = first_rows(ROWS), *rows;
    snug_model *model = normalized(false);
    snug_fit_options o = {.epochs = 3, .batch_size = 3, .seed = 6};
    char *bytes;
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    rows = snug_dataset_select(data, weighing, sizeof weighing / sizeof *weighing);
    ck_assert_msg(snug_fit(model, all ? data : rows, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_dataset_free(rows);
    snug_dataset_free(data);
    snug_model_free(model);
    return bytes;
}

START_TEST(rows_of_weight_0_count_not_at_all) {
    size_t a, b;
    char *all = trained_on(true, &a), *weighing = trained_on(false, &b);
    ck_assert_uint_eq(a, b);
    ck_assert_mem_eq(all, weighing, a);
    snug_free(all);
    snug_free(weighing);
}
END_TEST

static void refuse(bool in_block, size_t rows, snug_fit_options o, const char *message) {
    snug_dataset *data = first_rows(rows);
    snug_model *model = normalized(in_block);
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location(message);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(batches_of_one_row_are_refused) {
    refuse(false, ROWS, (snug_fit_options){.batch_size = 1}, "batch_size:");
    refuse(true, ROWS, (snug_fit_options){.batch_size = 1, .accumulate = 4}, "batch_size:");
    refuse(true, 1, (snug_fit_options){.batch_size = 8}, "the training rows:");
    refuse(false, 2, (snug_fit_options){.validation = 0.5}, "the training rows:");
}
END_TEST

/* ---- averaged weights ------------------------------------------------------------------------ */

enum { STATE = 2 * COLUMNS };

static void state_of(const snug_model *model, float *state) {
    snug_model *readable = (snug_model *)(uintptr_t)model;
    memcpy(state, tensor_of(readable, "0.running_mean"), COLUMNS * sizeof *state);
    memcpy(state + COLUMNS, tensor_of(readable, "0.running_var"), COLUMNS * sizeof *state);
}

/* A step an epoch, over all rows: the statistics come nearer to theirs. */
static void state_after(size_t epochs, double ema, float *state) {
    snug_dataset *data = first_rows(ROWS);
    snug_model *model = normalized(false);
    snug_fit_options o = {.optimizer = snug_sgd(0.5, 0),
                          .epochs = epochs,
                          .batch_size = ROWS,
                          .keep_order = true,
                          .seed = 2,
                          .ema = ema};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    state_of(model, state);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(the_state_is_averaged_as_the_weights) {
    float averaged[STATE], single[3][STATE];
    state_after(3, 0.75, averaged);
    for (size_t i = 0; i < 3; i++) {
        state_after(i + 1, 0, single[i]);
    }
    for (size_t j = 0; j < STATE; j++) {
        double average = 0.75 * (double)single[0][j] + 0.25 * (double)single[1][j];
        average = 0.75 * average + 0.25 * (double)single[2][j];
        ck_assert_double_eq_tol((double)averaged[j], average, 1e-6);
    }
    ck_assert(fabsf(averaged[COLUMNS] - single[2][COLUMNS]) > 1e-3F);
}
END_TEST

enum { EPOCHS = 12 };

static bool keep_state(const snug_progress *at, void *user) {
    float(*states)[STATE] = user;
    if (at->epoch_end) {
        state_of(at->model, states[at->epoch - 1]);
    }
    return true;
}

START_TEST(the_best_epoch_has_its_own_state) {
    float states[EPOCHS][STATE], kept[STATE];
    snug_dataset *data = first_rows(ROWS), *train, *validation;
    snug_model *model = normalized(false);
    snug_history *history;
    snug_metrics m;
    ck_assert_int_eq(snug_dataset_split(data, 0.4, 3, &train, &validation), SNUG_OK);
    snug_fit_options o = {.optimizer = snug_sgd(0.1, 0),
                          .epochs = EPOCHS,
                          .batch_size = 3,
                          .validation_data = validation,
                          .ema = 0.6,
                          .callback = keep_state,
                          .user = states,
                          .early_stopping = {.patience = 4}};
    ck_assert_msg(snug_fit(model, train, &o, &history) == SNUG_OK, "%s", snug_error());
    size_t best = snug_history_best(history) - 1; /* an index of states */
    ck_assert_uint_lt(best + 1, snug_history_epoch_count(history));
    state_of(model, kept);
    ck_assert_mem_eq(kept, states[best], sizeof kept);
    ck_assert_mem_ne(kept, states[best + 1], sizeof kept);
    ck_assert_int_eq(snug_evaluate(model, validation, &m), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "loss"),
                        snug_metrics_get(snug_history_validation(history, best + 1), "loss"));
    snug_history_free(history);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(the_state_comes_back) {
    float own[STATE], average[STATE], again[STATE];
    snug_model *model = normalized(false);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    snug_ema *ema = snug_ema_new(model, 0.75);
    ck_assert_int_eq(snug_ema_update(ema, model), SNUG_OK);
    tensor_of(model, "0.running_var")[1] = 9;
    tensor_of(model, "0.running_mean")[2] = -4;
    ck_assert_int_eq(snug_ema_update(ema, model), SNUG_OK);
    state_of(model, own);
    ck_assert_int_eq(snug_ema_swap(ema, model), SNUG_OK);
    state_of(model, average);
    ck_assert(average[2] == -1 && average[COLUMNS + 1] == 3 && average[0] == 0);
    ck_assert_int_eq(snug_ema_swap(ema, model), SNUG_OK);
    state_of(model, again);
    ck_assert_mem_eq(own, again, sizeof own);
    snug_ema_free(ema);
    snug_model_free(model);
}
END_TEST

/* A variance of 1e50 is no float: saving would refuse the model after all epochs. */
START_TEST(statistics_that_are_no_floats_are_reported) {
    snug_dataset *data = first_rows(ROWS);
    snug_model *model = normalized(false);
    snug_fit_options o = {.epochs = 2, .batch_size = ROWS, .scaling = SNUG_SCALING_NONE};
    for (size_t i = 0; i < ROWS; i++) {
        x[i * COLUMNS + 2] *= 1e25F;
    }
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DIVERGED);
    expect_location("0.running_var became infinite or NaN in epoch 2:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *normalized_suite(void) {
    Suite *suite = suite_create("normalized");
    TCase *tc = tcase_create("normalized");
    tcase_add_test(tc, a_last_batch_of_one_row_moves_no_statistics);
    tcase_add_test(tc, rows_of_weight_0_count_not_at_all);
    tcase_add_test(tc, the_state_is_averaged_as_the_weights);
    tcase_add_test(tc, the_best_epoch_has_its_own_state);
    tcase_add_test(tc, the_state_comes_back);
    tcase_add_test(tc, batches_of_one_row_are_refused);
    tcase_add_test(tc, statistics_that_are_no_floats_are_reported);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(normalized_suite)
