/* Losses, metrics and predictions in the units of the targets; models that keep their scaling. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kinds/builtin_kinds.h"
#include "kinds/object.h"
#include "model/copy.h"
#include "support/errors.h"
#include "support/suite.h"
#include "support/units.h"

/* ---- what is reported ------------------------------------------------------------------------ */

/* The mean loss of the predictions and the targets as they are. */
static double loss_by_hand(const snug_object *loss, const float *predictions) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    const snug_targets targets = {.values = unit_targets()};
    return kind->evaluate(loss->config, UNIT_ROWS, UNIT_OUTPUTS, predictions, &targets, 0, NULL) /
           UNIT_ROWS;
}

static void check_reports(const char *spec) {
    float predictions[UNIT_VALUES];
    snug_dataset *data = two_units();
    snug_history *history;
    snug_fit_options o = {.loss = snug_loss_new(spec),
                          .optimizer = snug_adam(0.01),
                          .epochs = 4,
                          .batch_size = UNIT_ROWS,
                          .validation_data = data,
                          .seed = 3};
    snug_model *before = untrained(data, spec);
    snug_model *model = fitted(data, o, &history);
    /* Before the first step, with all rows in one batch: the model as it was initialized. */
    double first = snug_metrics_get(snug_history_train(history, 1), "loss");
    ck_assert_double_eq_tol(first / metric_of(before, data, "loss"), 1, 1e-6);
    double last = snug_metrics_get(snug_history_validation(history, 4), "loss");
    double evaluated = metric_of(model, data, "loss");
    ck_assert_double_eq(last, evaluated);
    predict_units(model, predictions);
    /* Predictions of 3e5 in float32 have an error of 0.016. */
    ck_assert_double_eq_tol(loss_by_hand(model->loss, predictions) / evaluated, 1, 2e-4);
    snug_history_free(history);
    snug_model_free(before);
    snug_model_free(model);
    snug_dataset_free(data);
}

START_TEST(losses_are_in_the_units_of_the_targets) {
    for (const snug_kind *const *k = snug_builtin_kinds(SNUG_GROUP_LOSS); *k != NULL; k++) {
        if (((const snug_loss_kind *)(const void *)*k)->magnitude != NULL) {
            check_reports((*k)->name);
        }
    }
    check_reports("{\"type\": \"huber\", \"delta\": 30000}");
    check_reports("{\"type\": \"quantile\", \"tau\": 0.8}");
}
END_TEST

START_TEST(metrics_are_those_of_the_predictions) {
    float predictions[UNIT_VALUES];
    double absolute = 0;
    snug_dataset *data = two_units();
    snug_model *model = fitted(data, (snug_fit_options){.epochs = 5}, NULL);
    predict_units(model, predictions);
    for (size_t i = 0; i < UNIT_VALUES; i++) {
        absolute += fabs((double)predictions[i] - (double)unit_targets()[i]) / UNIT_VALUES;
    }
    ck_assert_double_eq_tol(metric_of(model, data, "mae") / absolute, 1, 1e-5);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* The predictions are mean + deviation z, of the z that the layers give. */
START_TEST(predictions_have_the_units_of_the_targets) {
    float predictions[UNIT_VALUES];
    snug_dataset *data = two_units();
    snug_model *model = mlp(UNIT_COLUMNS, UNIT_OUTPUTS);
    snug_fit_options o = {.epochs = 3, .scaling = SNUG_SCALING_NONE};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
    const snug_target_scaler *scaler = target_scaler_of(model);
    snug_session *session = snug_session_new_training(model, UNIT_ROWS, 0);
    const float *z;
    ck_assert_int_eq(snug_forward(session, unit_features(), UNIT_ROWS, 0, &z), SNUG_OK);
    predict_units(model, predictions);
    for (size_t i = 0; i < UNIT_VALUES; i++) {
        double expected = scaler->mean[i % 2] + scaler->deviation[i % 2] * (double)z[i];
        ck_assert_double_eq_tol((double)predictions[i], expected, 1e-6 * fabs(expected) + 1e-9);
    }
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/*
 * The penalty is a part of what training makes small. It is reported in the units of the loss: for
 * a squared error it is multiplied by the targets' variance.
 */
START_TEST(a_penalty_counts_beside_the_scaled_loss) {
    snug_dataset *data = one_unit();
    snug_history *history;
    snug_model *model = snug_model_new(UNIT_COLUMNS);
    snug_model_add(model, snug_layer_new("{\"type\": \"dense\", \"units\": 1, \"l2\": 0.25}"));
    ck_assert_int_eq(snug_model_init(model, 8), SNUG_OK);
    double squares = 0;
    for (size_t i = 0; i < UNIT_COLUMNS; i++) {
        squares += (double)model->parameters[i] * (double)model->parameters[i];
    }
    snug_model *before = snug_model_copy(model);
    snug_fit_options o = {.epochs = 1, .batch_size = UNIT_ROWS};
    ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(before, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_scaler(before, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_target_scaler(before, data, SNUG_TARGET_SCALING_STANDARD),
                     SNUG_OK);
    double deviation = target_scaler_of(model)->deviation[0];
    double expected = metric_of(before, data, "loss") + deviation * deviation * 0.25 * squares;
    double reported = snug_metrics_get(snug_history_train(history, 1), "loss");
    ck_assert_double_eq_tol(reported / expected, 1, 1e-6);
    snug_gradient_report report = {0};
    ck_assert_msg(snug_check_gradients(before, data, &report) == SNUG_OK, "%s", snug_error());
    snug_gradient_report_clear(&report);
    snug_history_free(history);
    snug_model_free(before);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(early_stopping_watches_the_loss_as_reported) {
    snug_dataset *data = two_units(), *train, *validation;
    ck_assert_int_eq(snug_dataset_split(data, 0.3, 4, &train, &validation), SNUG_OK);
    /* No epoch improves by more than all that there is to improve, which is in the units. */
    snug_fit_options o = {
        .optimizer = snug_adam(0.02),
        .epochs = 60,
        .batch_size = 8,
        .validation_data = validation,
        .early_stopping = {.patience = 5, .min_delta = 2 * UNIT_MEAN * UNIT_MEAN}};
    snug_history *history;
    snug_model *model = fitted(train, o, &history);
    ck_assert_uint_eq(snug_history_epoch_count(history), 6);
    ck_assert_uint_eq(snug_history_best(history), 1);
    snug_history_free(history);
    snug_model_free(model);
    o.optimizer = snug_adam(0.02);
    o.early_stopping.min_delta = 0;
    model = fitted(train, o, &history);
    size_t best = snug_history_best(history);
    ck_assert_uint_gt(best, 1);
    ck_assert_double_eq(metric_of(model, validation, "loss"),
                        snug_metrics_get(snug_history_validation(history, best), "loss"));
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(data);
}
END_TEST

/* ---- models ---------------------------------------------------------------------------------- */

START_TEST(a_saved_model_predicts_the_same_bits) {
    float before[UNIT_VALUES], after[UNIT_VALUES];
    char *bytes, *again;
    size_t size, size_again;
    snug_dataset *data = two_units();
    snug_model *model = fitted(data, (snug_fit_options){.epochs = 3}, NULL);
    predict_units(model, before);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    snug_model *loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    predict_units(loaded, after);
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_double_eq(metric_of(loaded, data, "loss"), metric_of(model, data, "loss"));
    ck_assert_int_eq(snug_model_save_to_memory(loaded, &again, &size_again), SNUG_OK);
    ck_assert_uint_eq(size_again, size);
    ck_assert_mem_eq(again, bytes, size);
    snug_model *copy = snug_model_copy(loaded);
    predict_units(copy, after);
    ck_assert_mem_eq(before, after, sizeof before);
    snug_free(bytes);
    snug_free(again);
    snug_model_free(copy);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Training goes on with the units of the first rows, whatever the options and the new rows are. */
START_TEST(a_trained_model_keeps_its_scaling) {
    snug_dataset *data = two_units();
    static float other[UNIT_VALUES];
    for (size_t i = 0; i < UNIT_VALUES; i++) {
        other[i] = 3 * unit_targets()[i] + 17;
    }
    snug_dataset *more =
        snug_dataset_from_values(unit_features(), UNIT_ROWS, UNIT_COLUMNS, other, UNIT_OUTPUTS);
    snug_model *model = fitted(data, (snug_fit_options){.epochs = 3}, NULL);
    double mean = target_scaler_of(model)->mean[0];
    snug_fit_options o = {.epochs = 1, .target_scaling = SNUG_TARGET_SCALING_NONE};
    ck_assert_int_eq(snug_fit(model, more, &o, NULL), SNUG_OK);
    ck_assert_double_eq(target_scaler_of(model)->mean[0], mean);
    o = (snug_fit_options){.loss = snug_mae(), .epochs = 1};
    ck_assert_int_eq(snug_fit(model, more, &o, NULL), SNUG_OK);
    ck_assert_double_eq(target_scaler_of(model)->mean[0], mean);
    snug_model_free(model);
    snug_dataset_free(more);
    snug_dataset_free(data);
}
END_TEST

/* Fitting before training, and calls that fail, change nothing of what snug_fit() does. */
START_TEST(fitting_before_training_is_what_training_does) {
    float trained[UNIT_VALUES], looked_at[UNIT_VALUES];
    snug_dataset *data = two_units();
    snug_fit_options o = {.epochs = 2, .seed = 3};
    snug_model *model = fitted(data, o, NULL);
    predict_units(model, trained);
    snug_model *other = mlp(UNIT_COLUMNS, UNIT_OUTPUTS);
    ck_assert_int_eq(snug_model_fit_scaler(other, data, SNUG_SCALING_STANDARD), SNUG_OK);
    o.batch_size = 0;
    o.optimizer = snug_optimizer_new("lbfgs");
    o.clip_norm = 1; /* which goes with no optimizer of all rows */
    ck_assert_int_eq(snug_fit(other, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(target_scaler_of(other));
    o = (snug_fit_options){.epochs = 2, .seed = 3};
    ck_assert_int_eq(snug_fit(other, data, &o, NULL), SNUG_OK);
    predict_units(other, looked_at);
    ck_assert_mem_eq(trained, looked_at, sizeof trained);
    snug_model_free(other);
    other = untrained(data, "mse");
    ck_assert_int_eq(snug_fit(other, data, &o, NULL), SNUG_OK);
    predict_units(other, looked_at);
    ck_assert_mem_eq(trained, looked_at, sizeof trained);
    snug_model_free(other);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(fitting_the_targets_needs_loss_and_preprocessing) {
    snug_dataset *data = two_units(), *one = one_unit();
    snug_model *model = mlp(UNIT_COLUMNS, UNIT_OUTPUTS);
    const snug_target_scaling standard = SNUG_TARGET_SCALING_STANDARD;
    ck_assert_int_ne(snug_model_fit_target_scaler(NULL, data, standard), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, data, standard), SNUG_ERROR_ARGUMENT);
    expect_location("the model has no preprocessing yet");
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, data, standard), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_ne(snug_model_fit_target_scaler(model, NULL, standard), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, one, standard), SNUG_ERROR_DATA);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, data, standard), SNUG_OK);
    ck_assert_ptr_nonnull(target_scaler_of(model));
    snug_model_free(model);
    snug_dataset_free(one);
    snug_dataset_free(data);
}
END_TEST

/* A layer that is added later changes the outputs, to which the numbers do not belong. */
START_TEST(another_last_layer_is_not_scaled) {
    float predictions[UNIT_ROWS * 3];
    char *bytes;
    size_t size;
    snug_dataset *data = two_units();
    snug_model *model = fitted(data, (snug_fit_options){.epochs = 1}, NULL);
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
    predict_units(model, predictions);
    for (size_t i = 0; i < sizeof predictions / sizeof *predictions; i++) {
        ck_assert(fabsf(predictions[i]) < 1000);
    }
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_ERROR_CONFIG);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *target_units(void) {
    Suite *suite = suite_create("target_units");
    TCase *tests = tcase_create("target_units");
    tcase_add_test(tests, losses_are_in_the_units_of_the_targets);
    tcase_add_test(tests, metrics_are_those_of_the_predictions);
    tcase_add_test(tests, predictions_have_the_units_of_the_targets);
    tcase_add_test(tests, a_penalty_counts_beside_the_scaled_loss);
    tcase_add_test(tests, early_stopping_watches_the_loss_as_reported);
    tcase_add_test(tests, a_saved_model_predicts_the_same_bits);
    tcase_add_test(tests, a_trained_model_keeps_its_scaling);
    tcase_add_test(tests, fitting_before_training_is_what_training_does);
    tcase_add_test(tests, fitting_the_targets_needs_loss_and_preprocessing);
    tcase_add_test(tests, another_last_layer_is_not_scaled);
    suite_add_tcase(suite, tests);
    return suite;
}
REGISTER_SUITE(target_units)
