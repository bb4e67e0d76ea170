/* One temperature and one threshold of a run, fitted on all folds together. */
#include <math.h>

#include "support.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

/* The blobs, of whose classes 0 and 1 are one. */
static snug_dataset *two_classes(void) {
    static float x[BLOB_ROWS * BLOB_COLUMNS];
    static int32_t classes[BLOB_ROWS];
    snug_dataset *all = blobs();
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(all, i, x + i * BLOB_COLUMNS), SNUG_OK);
        classes[i] = snug_dataset_class(all, i) == 2;
    }
    snug_dataset_free(all);
    return snug_dataset_from_arrays(x, BLOB_ROWS, BLOB_COLUMNS, classes);
}

/* Returns the F1 of the second class, of rows that are of it where p[i] > threshold. */
static double f1_at(const snug_dataset *data, const double *p, double threshold) {
    double right = 0, taken = 0, actual = 0;
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        bool second = snug_dataset_class(data, i) == 1;
        right += second && p[i] > threshold;
        taken += p[i] > threshold;
        actual += second;
    }
    return 2 * right / (taken + actual);
}

/* Returns the log loss of rows with these probabilities, whose logits are multiplied by `factor`.
 */
static double log_loss_of(const snug_dataset *data, const double *p, double factor) {
    double sum = 0;
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        double z = factor * log(p[i] / (1 - p[i]));
        sum += log1p(exp(snug_dataset_class(data, i) == 1 ? -z : z));
    }
    return sum / BLOB_ROWS;
}

/* Sets the out-of-fold probabilities of the second class. */
static void out_of_fold(const snug_folds *folds, double *p) {
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        snug_out_of_fold row;
        ck_assert_int_eq(snug_folds_out_of_fold(folds, i, &row), SNUG_OK);
        ck_assert_int_eq(row.class_index,
                         (double)row.prediction[1] > snug_model_threshold(snug_folds_model(folds)));
        p[i] = (double)row.prediction[1];
    }
}

/* One threshold of all members and their mean, of the best F1 of all rows together. */
START_TEST(one_threshold_decides_all_rows) {
    double p[BLOB_ROWS];
    snug_dataset *data = two_classes();
    snug_experiment *e = folds_experiment("\"epochs\": 2, \"threshold_metric\": \"f1_binary\"");
    snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K});
    const snug_model *model = snug_folds_model(folds);
    double threshold = snug_model_threshold(model);
    out_of_fold(folds, p);
    ck_assert_double_ne(threshold, 0.5);
    for (size_t i = 0; i < K; i++) {
        ck_assert_double_eq(snug_model_threshold(snug_model_member(model, i)), threshold);
    }
    for (int i = 1; i < 1000; i++) {
        ck_assert_double_le(f1_at(data, p, i / 1000.0), f1_at(data, p, threshold) + 1e-12);
    }
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* One temperature of all members has the least log loss of all rows together. */
START_TEST(one_temperature_calibrates_all_rows) {
    double p[BLOB_ROWS];
    snug_dataset *data = two_classes();
    snug_experiment *e = folds_experiment(
        "\"epochs\": 2, \"calibration\": \"temperature\", \"metrics\": [\"log_loss\"]");
    snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K});
    snug_folds *refit = folds_train(e, data, (snug_folds_options){.folds = K, .refit = true});
    const snug_model *model = snug_folds_model(folds);
    double temperature = snug_model_temperature(snug_model_member(model, 0)), mean = 0;
    out_of_fold(folds, p);
    ck_assert_double_gt(fabs(temperature - 1), 0.01);
    ck_assert_double_lt(log_loss_of(data, p, 1), log_loss_of(data, p, 1.02));
    ck_assert_double_lt(log_loss_of(data, p, 1), log_loss_of(data, p, 1 / 1.02));
    ck_assert_double_eq(snug_model_temperature(snug_folds_model(refit)), temperature);
    for (size_t i = 0; i < K; i++) { /* members are evaluated with it */
        snug_fold fold;
        ck_assert_double_eq(snug_model_temperature(snug_model_member(model, i)), temperature);
        ck_assert_int_eq(snug_folds_member(folds, i, &fold), SNUG_OK);
        mean += snug_metrics_get(&fold.metrics, "log_loss") * (double)fold.metrics.rows;
    }
    ck_assert_double_eq_tol(mean / BLOB_ROWS, log_loss_of(data, p, 1), 1e-5);
    snug_folds_free(folds);
    snug_folds_free(refit);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* What a model cannot have is refused before anything is trained. */
START_TEST(a_threshold_between_three_classes_is_refused) {
    snug_folds *folds;
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 1, \"threshold_metric\": \"f1_macro\"");
    ck_assert_int_eq(snug_folds_train(e, data, &(snug_folds_options){.folds = 2}, &folds),
                     SNUG_ERROR_ARGUMENT);
    expect_location("threshold_metric: is for two classes");
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

static bool stop_after_two(const snug_folds_progress *at, void *user) {
    (void)user;
    ck_assert_uint_eq(at->members, K);
    return at->finished < 2;
}

/* The members that were finished before a stop give their model its threshold too. */
START_TEST(a_stopped_run_has_a_threshold) {
    snug_dataset *data = two_classes();
    snug_experiment *e = folds_experiment("\"epochs\": 2, \"threshold_metric\": \"f1_binary\"");
    const snug_folds_options o = {.folds = K, .threads = 1, .callback = stop_after_two};
    snug_folds *folds;
    ck_assert_int_eq(snug_folds_train(e, data, &o, &folds), SNUG_STOPPED);
    const snug_model *model = snug_folds_model(folds);
    ck_assert_double_ne(snug_model_threshold(model), 0.5);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_double_eq(snug_model_threshold(snug_model_member(model, i)),
                            snug_model_threshold(model));
    }
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

static Suite *folds_calibration(void) {
    Suite *suite = suite_create("calibration over folds");
    TCase *tc = tcase_create("calibration over folds");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, one_threshold_decides_all_rows);
    tcase_add_test(tc, one_temperature_calibrates_all_rows);
    tcase_add_test(tc, a_threshold_between_three_classes_is_refused);
    tcase_add_test(tc, a_stopped_run_has_a_threshold);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(folds_calibration)
