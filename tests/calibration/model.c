/* Calibrated models: what prediction, evaluation, files and training do by it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "calibration/calibration.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 12 };

/* Logits of the second class, too large; right in 8 rows of 12. Row 11 weighs nothing. */
static const float logits[ROWS] = {4, -3.5F, 2, 6, -5, -1, 0.5F, -2.5F, 3, -6, 1.5F, 9};
static const int32_t labels[ROWS] = {1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 0};
static const float row_weights[ROWS] = {1, 1, 1, 2, 1, 1, 0.5F, 1, 1, 1, 1, 0};

static snug_dataset *rows_of(size_t outputs) {
    static float two[2 * ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        two[2 * i] = 0.25F;
        two[2 * i + 1] = logits[i] + 0.25F;
    }
    snug_dataset *data =
        snug_dataset_from_arrays(outputs == 1 ? logits : two, ROWS, outputs, labels);
    ck_assert_int_eq(snug_dataset_set_weights(data, row_weights), SNUG_OK);
    return data;
}

static snug_model *model_of(size_t outputs) {
    return identity(outputs, outputs == 1 ? "binary_cross_entropy" : "softmax_cross_entropy");
}

static double metric(const snug_model *model, const snug_dataset *data, const char *name) {
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    return snug_metrics_get(&m, name);
}

/* The probabilities of the second class, and the classes. */
static void predict(const snug_model *model, const snug_dataset *data, double *p,
                    int32_t *classes) {
    size_t outputs = snug_model_output_count(model);
    float out[2 * ROWS], x[2 * ROWS];
    snug_session *session = snug_session_new(model, 5);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i * outputs), SNUG_OK);
    }
    ck_assert_int_eq(snug_predict_classes(session, x, ROWS, out, classes), SNUG_OK);
    for (size_t i = 0; i < ROWS; i++) {
        p[i] = (double)out[i * outputs + outputs - 1];
        ck_assert_uint_eq(snug_model_predicted_class(model, out + i * outputs), (size_t)classes[i]);
    }
    snug_session_free(session);
}

static double log_loss_by_hand(double temperature) {
    double sum = 0, weight = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double z = (double)logits[i] / temperature;
        sum += (double)row_weights[i] * log1p(exp(labels[i] == 1 ? -z : z));
        weight += (double)row_weights[i];
    }
    return sum / weight;
}

START_TEST(probabilities_and_losses_are_calibrated) {
    for (size_t outputs = 1; outputs <= 2; outputs++) {
        snug_dataset *data = rows_of(outputs);
        snug_model *model = model_of(outputs);
        double p[ROWS];
        int32_t before[ROWS], after[ROWS];
        predict(model, data, p, before);
        ck_assert_msg(snug_model_calibrate(model, data) == SNUG_OK, "%s", snug_error());
        double t = snug_model_temperature(model);
        ck_assert(t > 1.2 && t < 20);
        ck_assert_double_lt(log_loss_by_hand(t), log_loss_by_hand(t * 1.01));
        ck_assert_double_lt(log_loss_by_hand(t), log_loss_by_hand(t / 1.01));
        predict(model, data, p, after);
        for (size_t i = 0; i < ROWS; i++) {
            ck_assert_double_eq_tol(p[i], 1 / (1 + exp(-(double)logits[i] / t)), 1e-6);
            ck_assert_int_eq(before[i], after[i]);
        }
        ck_assert_double_eq_tol(metric(model, data, "log_loss"), log_loss_by_hand(t), 1e-6);
        ck_assert_double_eq_tol(metric(model, data, "loss"), log_loss_by_hand(t), 1e-6);
        ck_assert_int_eq(snug_model_calibrate(model, data), SNUG_OK); /* not of what it is now */
        ck_assert_double_eq(snug_model_temperature(model), t);
        snug_model_free(model);
        snug_dataset_free(data);
    }
}
END_TEST

/* F1 of the second class of those whose logit is above a limit. */
static double f1_above(double limit) {
    double right = 0, both = 0;
    for (size_t i = 0; i < ROWS; i++) {
        double weight = (double)row_weights[i];
        bool taken = (double)logits[i] > limit;
        right += taken && labels[i] == 1 ? weight : 0;
        both += (taken ? weight : 0) + (labels[i] == 1 ? weight : 0);
    }
    return 2 * right / both;
}

static char warning[512];

static void keep_warning(snug_log_level level, const char *message, void *user) {
    (void)user;
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    snprintf(warning, sizeof warning, "%s", message);
}

/* The more alike the probabilities of rows that are all wrong become, the better they are. */
START_TEST(the_temperature_has_a_largest_value) {
    static const int32_t wrong[] = {0, 1, 0, 1};
    static const float z[] = {3, -2, 1, -4};
    snug_dataset *data = snug_dataset_from_arrays(z, 4, 1, wrong);
    snug_model *model = model_of(1);
    warning[0] = '\0';
    snug_set_log(keep_warning, NULL);
    ck_assert_msg(snug_model_calibrate(model, data) == SNUG_OK, "%s", snug_error());
    snug_set_log(NULL, NULL);
    ck_assert_double_eq(snug_model_temperature(model), 100);
    expect_message(warning, "calibration: the temperature is 100");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(the_threshold_is_the_best) {
    for (size_t outputs = 1; outputs <= 2; outputs++) {
        snug_dataset *data = rows_of(outputs);
        snug_model *model = model_of(outputs);
        double p[ROWS], best = 0;
        int32_t classes[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            best = fmax(best, f1_above((double)logits[i]));
        }
        ck_assert_double_gt(best, f1_above(0));
        ck_assert_int_eq(snug_model_calibrate(model, data), SNUG_OK);
        ck_assert_msg(snug_model_choose_threshold(model, data, "f1_binary") == SNUG_OK, "%s",
                      snug_error());
        double threshold = snug_model_threshold(model);
        ck_assert(threshold > 0 && threshold < 0.5);
        ck_assert_double_eq_tol(metric(model, data, "f1_binary"), best, 1e-9);
        predict(model, data, p, classes);
        for (size_t i = 0; i < ROWS; i++) {
            ck_assert_int_eq(classes[i], p[i] > threshold);
        }
        snug_model_free(model);
        snug_dataset_free(data);
    }
}
END_TEST

/* Where no threshold is better than 0.5, and where all rows have one class. */
START_TEST(the_threshold_remains_where_it_is_good) {
    static const float x[] = {-2, 3, -1, 4};
    static const int32_t y[] = {0, 1, 0, 1}, same[] = {1, 1, 1, 1};
    static const char *const names[] = {
        "accuracy", "error", "balanced_accuracy", "f1", "matthews_corrcoef", "precision_binary"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snug_dataset *data = snug_dataset_from_arrays(x, 4, 1, y);
        snug_model *model = model_of(1);
        ck_assert_int_eq(snug_model_choose_threshold(model, data, names[i]), SNUG_OK);
        ck_assert_double_eq(snug_model_threshold(model), 0.5);
        snug_dataset_free(data);
        data = snug_dataset_from_arrays(x, 4, 1, same);
        ck_assert_int_eq(snug_model_choose_threshold(model, data, names[i]), SNUG_OK);
        ck_assert(snug_model_threshold(model) > 0 && snug_model_threshold(model) <= 0.5);
        snug_dataset_free(data);
        snug_model_free(model);
    }
}
END_TEST

/*
 * Weights of which 3.4 + 34.4 + 5.7e-8 - 3.4 - 34.4 - 5.7e-8 is not 0 in doubles. The precision is
 * best, 9.9 / 53.8 / 2, where every row is taken for the first class.
 */
START_TEST(weights_of_any_size_leave_no_rest) {
    static const float z[] = {4, 3, 2, 1};
    static const int32_t classes[] = {0, 0, 0, 1};
    static const float weights[] = {3.4540233612060547F, 34.40510177612305F, 5.696209015582099e-08F,
                                    9.901310920715332F};
    snug_dataset *data = snug_dataset_from_arrays(z, 4, 1, classes);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    snug_model *model = model_of(1);
    ck_assert_int_eq(snug_model_choose_threshold(model, data, "precision"), SNUG_OK);
    ck_assert_double_gt(snug_model_threshold(model), 1 / (1 + exp(-4)));
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_saved_model_is_calibrated_alike) {
    snug_dataset *data = rows_of(2);
    snug_model *model = model_of(2);
    char *bytes;
    size_t size;
    double p[ROWS], again[ROWS];
    int32_t classes[ROWS], classes_again[ROWS];
    ck_assert_int_eq(snug_model_calibrate(model, data), SNUG_OK);
    ck_assert_int_eq(snug_model_choose_threshold(model, data, "recall_binary"), SNUG_OK);
    predict(model, data, p, classes);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    double temperature = snug_model_temperature(model);
    snug_model_free(model);
    model = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_double_eq(snug_model_temperature(model), temperature);
    predict(model, data, again, classes_again);
    ck_assert_mem_eq(p, again, sizeof p);
    ck_assert_mem_eq(classes, classes_again, sizeof classes);
    snug_free(bytes);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(refuses_what_cannot_be_calibrated) {
    snug_dataset *data = rows_of(1), *values = lines(), *three = blobs();
    snug_model *model = model_of(1), *of_values = identity(BLOB_COLUMNS, "mse");
    snug_model *of_three = identity(BLOB_COLUMNS, "softmax_cross_entropy");
    ck_assert_int_eq(snug_model_calibrate(NULL, data), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_calibrate(model, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_choose_threshold(model, data, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_calibrate(of_values, values), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "calibration:");
    ck_assert_int_eq(snug_model_choose_threshold(of_three, three, "f1"), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "threshold_metric:");
    ck_assert_int_ne(snug_model_choose_threshold(model, data, "roc_auc"), SNUG_OK);
    expect_error(SNUG_ERROR_CONFIG, "threshold_metric:");
    ck_assert_int_ne(snug_model_choose_threshold(model, data, "f2"), SNUG_OK);
    expect_error(SNUG_ERROR_CONFIG, "threshold_metric:");
    ck_assert_double_eq(snug_model_temperature(model), 1);
    snug_model_free(model);
    snug_model_free(of_values);
    snug_model_free(of_three);
    snug_dataset_free(data);
    snug_dataset_free(values);
    snug_dataset_free(three);
}
END_TEST

/* ---- after training -------------------------------------------------------------------------- */

static snug_fit_options noisy_options(snug_dataset *validation) {
    return (snug_fit_options){.optimizer = snug_adam(0.05),
                              .epochs = 60,
                              .batch_size = 8,
                              .validation_data = validation,
                              .seed = 4,
                              .calibration = "temperature"};
}

/* The rows of blobs(), where every fifth has another class. */
static snug_dataset *noisy_blobs(void) {
    static float x[BLOB_ROWS * BLOB_COLUMNS];
    static int32_t classes[BLOB_ROWS];
    snug_dataset *data = blobs();
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i * BLOB_COLUMNS), SNUG_OK);
        classes[i] = (snug_dataset_class(data, i) + (i % 5 == 0)) % BLOB_CLASSES;
    }
    snug_dataset_free(data);
    return snug_dataset_from_arrays(x, BLOB_ROWS, BLOB_COLUMNS, classes);
}

START_TEST(training_calibrates_on_the_validation_rows) {
    snug_dataset *data = blobs(), *validation = noisy_blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *plain = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = noisy_options(validation);
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    o = noisy_options(validation);
    o.calibration = NULL;
    ck_assert_int_eq(snug_fit(plain, data, &o, NULL), SNUG_OK);
    ck_assert_double_eq(snug_model_temperature(plain), 1);
    ck_assert_double_lt(metric(model, validation, "log_loss"),
                        metric(plain, validation, "log_loss"));
    ck_assert_int_eq(snug_model_calibrate(plain, validation), SNUG_OK);
    ck_assert_double_eq(snug_model_temperature(plain), snug_model_temperature(model));
    o = noisy_options(NULL);
    o.calibration = NULL;
    o.epochs = 1;
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK); /* drops it */
    ck_assert_double_eq(snug_model_temperature(model), 1);
    snug_model_free(model);
    snug_model_free(plain);
    snug_dataset_free(data);
    snug_dataset_free(validation);
}
END_TEST

START_TEST(training_refuses_what_it_cannot_calibrate) {
    snug_dataset *data = blobs(), *values = lines();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *other = mlp(BLOB_COLUMNS, 2);
    snug_fit_options o = noisy_options(NULL);
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "calibration:");
    o = (snug_fit_options){.validation = 0.3, .threshold_metric = "f1"};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "threshold_metric:");
    o = (snug_fit_options){.validation = 0.3, .calibration = "isotonic"};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "calibration:");
    o = (snug_fit_options){.validation = 0.3, .calibration = "temperature"};
    ck_assert_int_eq(snug_fit(other, values, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "calibration:");
    snug_model_free(model);
    snug_model_free(other);
    snug_dataset_free(data);
    snug_dataset_free(values);
}
END_TEST

/* ---- without memory -------------------------------------------------------------------------- */

static snug_model *calibrated;
static snug_dataset *calibrating;

static bool calibrate_and_choose(void) {
    return snug_model_calibrate(calibrated, calibrating) == SNUG_OK &&
           snug_model_choose_threshold(calibrated, calibrating, "f1") == SNUG_OK;
}

START_TEST(survives_failing_allocations) {
    calibrating = rows_of(1);
    calibrated = model_of(1);
    ck_assert(calibrate_and_choose()); /* the postprocessing stays with the model */
    expect_every_failure(calibrate_and_choose);
    snug_model_free(calibrated);
    snug_dataset_free(calibrating);
}
END_TEST

static Suite *model_suite(void) {
    Suite *suite = suite_create("calibration");
    TCase *tests = tcase_create("calibration");
    tcase_add_test(tests, probabilities_and_losses_are_calibrated);
    tcase_add_test(tests, the_temperature_has_a_largest_value);
    tcase_add_test(tests, the_threshold_is_the_best);
    tcase_add_test(tests, the_threshold_remains_where_it_is_good);
    tcase_add_test(tests, weights_of_any_size_leave_no_rest);
    tcase_add_test(tests, a_saved_model_is_calibrated_alike);
    tcase_add_test(tests, refuses_what_cannot_be_calibrated);
    tcase_add_test(tests, training_calibrates_on_the_validation_rows);
    tcase_add_test(tests, training_refuses_what_it_cannot_calibrate);
    tcase_add_test(tests, survives_failing_allocations);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(model_suite)
