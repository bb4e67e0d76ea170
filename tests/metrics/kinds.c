/*
 * Every metric against the values of scikit-learn 1.2 on the same rows (zero_division=0,
 * sample_weight).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metrics/metrics.h"
#include "support/confusion.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

typedef struct expected {
    const char *name;
    double value;
} expected;

/* All that are expected are there, and nothing else but what is listed in `others`. */
static void compare(const snug_model *model, const snug_dataset *data, const expected *rows,
                    size_t count, size_t others) {
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_str_eq(m.values[0].name, "loss");
    ck_assert_uint_eq(m.count, count + others);
    for (size_t i = 0; i < count; i++) {
        double value = snug_metrics_get(&m, rows[i].name);
        ck_assert_msg(fabs(value - rows[i].value) <= 2e-6 * fmax(1, fabs(rows[i].value)),
                      "%s: %.9g instead of %.9g", rows[i].name, value, rows[i].value);
    }
}

/*
 * ---- 17 rows of four classes: the second is never decided, the fourth has no rows -------------
 */

static const float four_x[] = {
    1.75F,   -2.6875F, -0.375F, -0.8125F, 1.5F,   -2.6875F, -0.875F, 0.1875F,  -0.5F,   -3.6875F,
    -0.375F, -0.5625F, 0.5F,    -2.9375F, 0.375F, 0.6875F,  0.75F,   -3.9375F, -0.125F, -0.8125F,
    -0.25F,  -3.4375F, 0.125F,  0.1875F,  -0.25F, -3.1875F, -0.375F, -0.8125F, -0.5F,   -2.6875F,
    -0.875F, 1.4375F,  0.75F,   -4.9375F, 1.125F, -0.8125F, 0.75F,   -2.9375F, -1.875F, -0.0625F,
    0.5F,    -1.9375F, -1.125F, 0.9375F,  -1,     -2.4375F, -0.625F, 1.6875F,  0.5F,    0.3125F,
    0.875F,  0.9375F,  0.75F,   -2.6875F, 0.125F, 1.4375F,  0.25F,   -2.6875F, 0.125F,  0.6875F,
    0.5F,    -3.1875F, 0.375F,  0.1875F,  0,      -1.9375F, -1.125F, -1.0625F};
static const int32_t four_y[] = {2, 2, 0, 2, 1, 1, 1, 0, 2, 0, 0, 1, 1, 1, 0, 0, 0};
static const float four_w[] = {2.25F, 2.5F,  0.5F, 0,     2.5F, 1.25F, 1.75F, 1.5F, 3,
                               1,     1.25F, 0,    1.25F, 2,    2.75F, 2.75F, 1};
static const expected four[] = {
    {"accuracy", 0.284403669725},
    {"balanced_accuracy", 0.27631907977},
    {"top_2_accuracy", 0.587155963303},
    {"top_3_accuracy", 0.678899082569},
    {"precision_macro", 0.300649350649},
    {"precision_micro", 0.284403669725},
    {"recall_macro", 0.207239309827},
    {"recall_micro", 0.284403669725},
    {"f1_macro", 0.230272108844},
    {"f1_micro", 0.284403669725},
    {"roc_auc", 0.4240048033},
    {"log_loss", 2.31410798817},
    {"matthews_corrcoef", 0.0779294284665},
    {"brier_score", 0.992710664821},
    {"expected_calibration_error", 0.294619898929},
};

/* roc_auc: the mean over the three classes that have rows. Not listed: loss, 3 short names. */
START_TEST(four_classes_with_weights) {
    snug_dataset *data = snug_dataset_from_arrays(four_x, 17, 4, four_y);
    snug_model *model = identity(4, "softmax_cross_entropy");
    static const char *const asked[] = {"top_2_accuracy"};
    snug_metrics m;
    double top_2;
    ck_assert_int_eq(snug_dataset_set_weights(data, four_w), SNUG_OK);
    ck_assert_int_eq(snug_evaluate_metrics(model, data, asked, 1, &m), SNUG_OK);
    ck_assert_uint_eq(m.count, 2);
    top_2 = snug_metrics_get(&m, "top_2_accuracy");
    ck_assert_double_eq_tol(top_2, four[2].value, 1e-6);
    ck_assert_str_eq(four[2].name, "top_2_accuracy");
    compare(model, data, four, 2, 4 + 12);
    compare(model, data, four + 3, sizeof four / sizeof *four - 3, 3 + 3);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * ---- 13 rows of two classes, with ties --------------------------------------------------------
 */

static const float two_x[] = {0.25F, -1,    0.25F, -1,    0.25F, 0.5F,  0.25F, 0,     0.25F,
                              -0.5F, 0.25F, 2.5F,  0.25F, 1,     0.25F, -2,    0.25F, 1,
                              0.25F, 1,     0.25F, -1.5F, 0.25F, 0.5F,  0.25F, -0.5F};
static const int32_t two_y[] = {0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0};
static const expected two[] = {
    {"accuracy", 0.769230769231},         {"balanced_accuracy", 0.775},
    {"precision_macro", 0.761904761905},  {"precision_micro", 0.769230769231},
    {"precision_binary", 0.666666666667}, {"recall_macro", 0.775},
    {"recall_micro", 0.769230769231},     {"recall_binary", 0.8},
    {"f1_macro", 0.763636363636},         {"f1_micro", 0.769230769231},
    {"f1_binary", 0.727272727273},        {"roc_auc", 0.8875},
    {"log_loss", 0.444359132398},         {"matthews_corrcoef", 0.536745040122},
    {"brier_score", 0.141234992599},      {"expected_calibration_error", 0.159598647097},
};

START_TEST(two_classes) {
    snug_dataset *data = snug_dataset_from_arrays(two_x, 13, 2, two_y);
    snug_model *model = identity(2, "softmax_cross_entropy");
    snug_metrics m;
    compare(model, data, two, sizeof two / sizeof *two, 1 + 3);
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "f1"), snug_metrics_get(&m, "f1_macro"));
    ck_assert_double_eq(snug_metrics_get(&m, "recall"), snug_metrics_get(&m, "recall_macro"));
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* The same rows by one output, whose logit is the difference of the two. */
START_TEST(two_classes_by_one_output) {
    float x[13];
    snug_model *model = identity(1, "binary_cross_entropy");
    snug_dataset *data;
    for (size_t i = 0; i < 13; i++) {
        x[i] = two_x[2 * i + 1] - two_x[2 * i];
    }
    data = snug_dataset_from_arrays(x, 13, 1, two_y);
    compare(model, data, two, sizeof two / sizeof *two, 1 + 3);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * ---- 9 rows of two values ---------------------------------------------------------------------
 */

static const float line_x[] = {99.5F,  -3.5F, 99,     -2.5F,  104.5F,  -3.25F,
                               101.5F, 1.5F,  97,     -2.75F, 100.75F, -4.25F,
                               100,    -3,    99.75F, -2,     101.5F,  -2.5F};
static const float line_y[] = {98.75F, -4.25F, 98, -3, 102.25F, -3.75F,  100.75F, 0.75F, 97.5F,
                               -2.5F,  99.5F,  -5, 98, -3,      100.75F, -4,      100,   -1.5F};
static const float line_w[] = {2.5F, 1.5F, 2.25F, 1.5F, 1, 1.5F, 0.25F, 0.25F, 1.5F};
static const expected line[] = {
    {"mae", 0.946428571429},
    {"mse", 1.18176020408},
    {"rmse", 1.04234284327},
    {"r2", 0.52199959738},
    {"explained_variance", 0.802450895724},
};

START_TEST(values_with_weights) {
    snug_dataset *data = snug_dataset_from_values(line_x, 9, 2, line_y, 2);
    snug_model *model = identity(2, "mse");
    ck_assert_int_eq(snug_dataset_set_weights(data, line_w), SNUG_OK);
    compare(model, data, line, sizeof line / sizeof *line, 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * A target that does not change, met but for a constant: nothing to explain, no variance of errors.
 */
START_TEST(a_constant_target) {
    static const float x[] = {5.25F, 5.25F, 5.25F}, y[] = {5, 5, 5};
    snug_dataset *data = snug_dataset_from_values(x, 3, 1, y, 1);
    snug_model *model = identity(1, "mse");
    snug_metrics m;
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "r2"), 0);
    ck_assert_double_eq(snug_metrics_get(&m, "explained_variance"), 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* More rows than a block of an evaluation has for each thread. */
START_TEST(any_number_of_threads) {
    enum { ROWS = 1500 };
    static float x[ROWS * 2];
    static int32_t y[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[2 * i] = two_x[2 * (i % 13)] + 0.001F * (float)i;
        x[2 * i + 1] = two_x[2 * (i % 13) + 1];
        y[i] = two_y[i % 13];
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 2, y);
    snug_model *model = identity(2, "softmax_cross_entropy");
    static const char *const names[] = {"accuracy", "log_loss"};
    snug_metrics one, three;
    ck_assert_int_eq(snug_evaluate_parallel(model, data, names, 2, 1, &one), SNUG_OK);
    ck_assert_int_eq(snug_evaluate_parallel(model, data, names, 2, 3, &three), SNUG_OK);
    ck_assert_uint_eq(one.count, 3);
    for (size_t i = 0; i < one.count; i++) {
        ck_assert_double_eq(one.values[i].value, three.values[i].value);
    }
    ck_assert_int_eq(snug_evaluate_parallel(model, data, names, 2, SNUG_MAX_THREADS + 1, &three),
                     SNUG_ERROR_ARGUMENT);
    expect_location("threads:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* One class alone has no ROC curve; sigmoids of two outputs are no probabilities. */
START_TEST(what_is_not_defined) {
    static const int32_t one[13] = {0};
    snug_dataset *data = snug_dataset_from_arrays(two_x, 13, 2, one);
    snug_model *model = identity(2, "softmax_cross_entropy");
    snug_metrics m;
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert(isnan(snug_metrics_get(&m, "roc_auc")));
    ck_assert_double_eq(snug_metrics_get(&m, "recall_binary"), 0);
    ck_assert_double_eq(snug_metrics_get(&m, "matthews_corrcoef"), 0);
    ck_assert_int_eq(snug_model_set_loss(model, snug_binary_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert(isnan(snug_metrics_get(&m, "log_loss")));
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * ---- names ------------------------------------------------------------------------------------
 */

START_TEST(the_table) {
    const snug_metric_kind *kind;
    size_t count = 0;
    for (; (kind = snug_metric_at(count)) != NULL; count++) {
        ck_assert_int_eq(kind->value == NULL, (kind->flags & SNUG_METRIC_NEEDS_CONFUSION) != 0);
        ck_assert_ptr_null(strchr(kind->summary, '\n'));
        ck_assert(!(kind->flags & SNUG_METRIC_NEEDS_SCORES) ||
                  (kind->flags & SNUG_METRIC_NEEDS_CLASS_STATS));
        for (size_t i = 0; i < count; i++) {
            ck_assert_str_ne(snug_metric_at(i)->name, kind->name);
        }
    }
    ck_assert_uint_eq(count, 33);
    ck_assert_uint_le(count, SNUG_METRICS_MAX);
    ck_assert(!snug_metric_find("log_loss", SNUG_TARGET_CLASSES, "x")->greater);
    ck_assert(snug_metric_find("r2", SNUG_TARGET_VALUES, "x")->greater);
}
END_TEST

static void refuse(const char *const *names, size_t count, const char *location) {
    snug_dataset *data = snug_dataset_from_arrays(two_x, 13, 2, two_y);
    snug_model *model = identity(2, "softmax_cross_entropy");
    snug_fit_options o = {.metrics = names, .metric_count = count};
    snug_metrics m;
    ck_assert_int_ne(snug_evaluate_metrics(model, data, names, count, &m), SNUG_OK);
    expect_location(location);
    ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
    expect_location(location);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(wrong_names) {
    refuse((const char *const[]){"f1", "f1_marco"}, 2, "metrics[1]:");
    refuse((const char *const[]){"rmse"}, 1, "metrics[0]:");
    refuse((const char *const[]){"top_3_accuracy"}, 1, "metrics[0]:");
}
END_TEST

static bool no_curve_within(const snug_progress *at, void *user) {
    size_t *epochs = user;
    ck_assert_uint_eq(at->train->count, at->epoch_end ? 4 : 3);
    ck_assert(isnan(snug_metrics_get(at->train, "roc_auc")) == !at->epoch_end);
    *epochs += at->epoch_end;
    return true;
}

/* Chosen metrics, and the one that early stopping watches, are those of each epoch. */
START_TEST(metrics_of_each_epoch) {
    static const char *const names[] = {"roc_auc", "f1"};
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_history *history;
    const snug_metrics *train, *validation;
    snug_metrics all;
    size_t epochs = 0;
    snug_fit_options o = {
        .metrics = names,
        .metric_count = 2,
        .epochs = 2,
        .batch_size = 9,
        .validation_data = data,
        .early_stopping = {.patience = 9, .metric = "balanced_accuracy", .keep_last = true},
        .callback = no_curve_within,
        .user = &epochs};
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(epochs, 2);
    train = snug_history_train(history, 2);
    validation = snug_history_validation(history, 2);
    ck_assert_uint_eq(train->count, 4);
    ck_assert_str_eq(validation->values[1].name, "roc_auc");
    ck_assert_str_eq(validation->values[3].name, "balanced_accuracy");
    ck_assert_int_eq(snug_evaluate(model, data, &all), SNUG_OK);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_double_eq(validation->values[i].value,
                            snug_metrics_get(&all, validation->values[i].name));
    }
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* The matrix of the last epoch is that of the model; its sum is that of the rows' weights. */
static void expect_confusion(const snug_metrics *metrics, const snug_model *model,
                             const snug_dataset *data) {
    double counts[BLOB_CLASSES * BLOB_CLASSES];
    ck_assert_uint_eq(metrics->count, 1);
    ck_assert_uint_eq(metrics->classes, BLOB_CLASSES);
    ck_assert_int_eq(confusion_of(model, data, BLOB_CLASSES, counts), SNUG_OK);
    ck_assert_double_gt(counts[0], 0);
    for (size_t i = 0; i < BLOB_CLASSES * BLOB_CLASSES; i++) {
        ck_assert_double_eq(metrics->confusion[i], counts[i]);
    }
}

static void expect_confusion_line(const snug_history *history, const double *m) {
    char *got = snug_history_to_json(history, 2), wanted[256];
    ck_assert_ptr_nonnull(got);
    snprintf(wanted, sizeof wanted, "\"confusion_matrix\":[[%g,%g,%g],[%g,%g,%g],[%g,%g,%g]]}}",
             m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]);
    ck_assert_msg(strstr(got, wanted) != NULL, "%s in %s", wanted, got);
    snug_free(got);
}

START_TEST(the_confusion_matrix_of_each_epoch) {
    static const char *const names[] = {"confusion_matrix"};
    float weights[BLOB_ROWS];
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_history *history;
    snug_metrics metrics;
    snug_fit_options o = {
        .metrics = names, .metric_count = 1, .epochs = 2, .batch_size = 9, .validation_data = data};
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        weights[i] = 3;
    }
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    expect_confusion(snug_history_validation(history, 2), model, data);
    expect_confusion_line(history, snug_history_validation(history, 2)->confusion);
    ck_assert_ptr_ne(snug_history_train(history, 1)->confusion,
                     snug_history_train(history, 2)->confusion);
    snug_history_free(history);
    ck_assert_int_eq(snug_evaluate_confusion(model, data, &metrics), SNUG_OK);
    ck_assert_double_gt(snug_metrics_get(&metrics, "accuracy"), 0);
    ck_assert_double_gt(snug_metrics_get(&metrics, "f1_macro"), 0);
    double sum = 0;
    for (size_t i = 0; i < metrics.classes * metrics.classes; i++) {
        sum += metrics.confusion[i];
    }
    ck_assert_double_eq(sum, 3 * BLOB_ROWS); /* all rows weigh 3 */
    snug_metrics_clear(&metrics);
    snug_metrics_clear(NULL);
    o.early_stopping = (snug_early_stopping){.patience = 2, .metric = "confusion_matrix"};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("early_stopping.metric:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *metric_kinds_suite(void) {
    Suite *suite = suite_create("metric kinds");
    TCase *tc = tcase_create("metric kinds");
    tcase_add_test(tc, four_classes_with_weights);
    tcase_add_test(tc, two_classes);
    tcase_add_test(tc, two_classes_by_one_output);
    tcase_add_test(tc, values_with_weights);
    tcase_add_test(tc, a_constant_target);
    tcase_add_test(tc, any_number_of_threads);
    tcase_add_test(tc, what_is_not_defined);
    tcase_add_test(tc, the_table);
    tcase_add_test(tc, the_confusion_matrix_of_each_epoch);
    tcase_add_test(tc, wrong_names);
    tcase_add_test(tc, metrics_of_each_epoch);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(metric_kinds_suite)
