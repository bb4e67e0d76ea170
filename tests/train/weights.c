/* Weights of rows and classes, several values and labels: training, metrics and gradient checks. */
#include <math.h>
#include <string.h>

#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

static snug_dataset *weighed(snug_dataset *data, const float *weights) {
    ck_assert_msg(snug_dataset_set_weights(data, weights) == SNUG_OK, "%s", snug_error());
    return data;
}

/* ---- fit ------------------------------------------------------------------------------------- */

/* Row i of the blobs weighs i % 3, or occurs so often in a selection. */
static snug_dataset *often_or_heavy(snug_dataset *all, bool heavy) {
    float weights[BLOB_ROWS];
    size_t rows[3 * BLOB_ROWS], count = 0;
    snug_dataset *chosen;
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        weights[i] = (float)(i / 3 % 3);
        for (size_t k = 0; k < i / 3 % 3; k++) {
            rows[count++] = i;
        }
    }
    if (heavy) {
        return weighed(all, weights);
    }
    chosen = snug_dataset_select(all, rows, count);
    snug_dataset_free(all);
    return chosen;
}

/* The metrics after a few steps with the whole data as a batch. */
static snug_metrics trained_on(bool heavy, snug_dataset *all, const char *loss, size_t accumulate) {
    snug_dataset *data = often_or_heavy(all, heavy);
    snug_model *model = mlp(BLOB_COLUMNS, snug_dataset_output_count(data) > 0 ? 2 : BLOB_CLASSES);
    snug_fit_options o = {.loss = snug_loss_new(loss),
                          .optimizer = snug_adam(0.03),
                          .epochs = 12,
                          .batch_size = snug_dataset_row_count(data) / accumulate + 1,
                          .accumulate = accumulate,
                          .keep_order = true,
                          .scaling = SNUG_SCALING_NONE,
                          .target_scaling = SNUG_TARGET_SCALING_NONE};
    snug_metrics m;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    snug_dataset_free(data);
    snug_model_free(model);
    return m;
}

static void check_alike(snug_dataset *(*make)(void), const char *loss, size_t accumulate) {
    snug_metrics often = trained_on(false, make(), loss, accumulate);
    snug_metrics heavy = trained_on(true, make(), loss, accumulate);
    ck_assert_uint_eq(heavy.count, often.count);
    ck_assert_uint_eq(heavy.rows, BLOB_ROWS);
    for (size_t i = 0; i < often.count; i++) {
        double expected = often.values[i].value;
        ck_assert_msg(fabs(heavy.values[i].value - expected) <= 1e-3 * fmax(1, fabs(expected)),
                      "%s with %s: %g and %g", often.values[i].name, loss, heavy.values[i].value,
                      expected);
    }
}

START_TEST(weights_train_as_repetition_does) {
    check_alike(blobs, "softmax_cross_entropy", 1);
    check_alike(blobs, "{\"type\": \"softmax_cross_entropy\", \"class_weights\": \"balanced\"}", 1);
    check_alike(lines, "mse", 1);
    check_alike(blobs, "softmax_cross_entropy", 3);
}
END_TEST

START_TEST(rows_that_weigh_nothing_are_refused) {
    static const float x[4] = {1, 2, 3, 4}, weights[4] = {0, 0, 0, 1};
    static const int32_t classes[4] = {0, 1, 0, 1};
    snug_dataset *all = weighed(snug_dataset_from_arrays(x, 4, 1, classes), weights);
    snug_dataset *some = snug_dataset_select(all, (size_t[]){0, 1, 2}, 3);
    snug_model *model = mlp(1, 2);
    snug_fit_options o = {.epochs = 1, .validation = 0.5};
    snug_metrics m;
    ck_assert_int_eq(snug_fit(model, some, NULL, NULL), SNUG_ERROR_DATA);
    expect_location("the data:");
    ck_assert_int_eq(snug_fit(model, all, &o, NULL), SNUG_ERROR_DATA);
    ck_assert_msg(strstr(snug_error(), " rows: every row weighs 0"), "%s", snug_error());
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(model, some, &m), SNUG_ERROR_DATA);
    snug_dataset_free(some);
    snug_dataset_free(all);
    snug_model_free(model);
}
END_TEST

/* Balanced weights are computed by training, and go into the file as the list they have become. */
START_TEST(balanced_weights_are_saved_as_numbers) {
    snug_dataset *all = blobs();
    snug_dataset *data = snug_dataset_select(all, (size_t[]){0, 1, 3, 4, 6, 9, 5, 12}, 8);
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *loaded;
    snug_fit_options o = {.loss = snug_loss_new("{\"type\": \"softmax_cross_entropy\", "
                                                "\"class_weights\": \"balanced\"}"),
                          .epochs = 2};
    snug_metrics m, again;
    char *bytes;
    size_t size;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(loaded, data, &again), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "loss"), snug_metrics_get(&again, "loss"));
    bytes[size - 1] = 0;
    for (size_t i = 0; i < 8; i++) { /* 8 bytes of a length, then text */
        bytes[i] = ' ';
    }
    /* 8 / (3 * [5, 2, 1]) */
    ck_assert_ptr_nonnull(strstr(bytes, "1.3333333333333333"));
    ck_assert_ptr_nonnull(strstr(bytes, "2.6666666666666665"));
    ck_assert_ptr_null(strstr(bytes, "balanced"));
    snug_free(bytes);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
    snug_dataset_free(all);
}
END_TEST

START_TEST(class_weights_that_do_not_fit_are_refused) {
    snug_dataset *classes = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.loss = snug_loss_new("{\"type\": \"softmax_cross_entropy\", "
                                                "\"class_weights\": [1, 2]}"),
                          .epochs = 1};
    ck_assert_int_eq(snug_fit(model, classes, &o, NULL), SNUG_ERROR_DATA);
    expect_location("the loss softmax_cross_entropy has");
    snug_dataset_free(classes);
    snug_model_free(model);
}
END_TEST

/* ---- metrics --------------------------------------------------------------------------------- */

/* A model that hands its two inputs through. */
static snug_model *through(const char *loss) {
    snug_model *model = snug_model_new(2);
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    memcpy(info.values, (float[]){1, 0, 0, 1}, 4 * sizeof(float));
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}

static snug_metrics evaluated(const char *loss, snug_dataset *data) {
    snug_model *model = through(loss);
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    snug_model_free(model);
    snug_dataset_free(data);
    return m;
}

START_TEST(metrics_are_weighed) {
    static const float x[] = {2, 1, 0, 3, 5, 4, 1, 1.5F}, y[] = {1, 1, 2, 3, 5, 2, 0, 1};
    static const float weights[] = {0.5F, 3, 0, 1.5F};
    static const int32_t classes[] = {0, 1, 1, 0}; /* right, right, wrong, wrong */
    snug_metrics m = evaluated("softmax_cross_entropy",
                               weighed(snug_dataset_from_arrays(x, 4, 2, classes), weights));
    ck_assert_double_eq_tol(snug_metrics_get(&m, "accuracy"), 3.5 / 5, 1e-12);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"),
                            (0.5 * log1p(exp(-1)) + 3 * log1p(exp(-3)) + 1.5 * log1p(exp(0.5))) / 5,
                            1e-6);
    m = evaluated("mse", weighed(snug_dataset_from_values(x, 4, 2, y, 2), weights));
    /* errors 1 0, -2 0, 0 2, 1 0.5; means (0.5 + 6) / 5 and (0.5 + 9 + 1.5) / 5 */
    double total0 = 0.5 * 1 + 3 * 4 - 6.5 * 6.5 / 5, total1 = 0.5 + 27 + 1.5 - 11 * 11 / 5.0;
    ck_assert_double_eq_tol(snug_metrics_get(&m, "mae"), (0.5 + 6 + 1.5 + 0.75) / 10, 1e-6);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), (0.5 + 12 + 1.5 + 0.375) / 10, 1e-6);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "r2"),
                            (1 - (0.5 + 12 + 1.5) / total0 + 1 - 0.375 / total1) / 2, 1e-6);
}
END_TEST

/* scikit-learn: accuracy_score and hamming_loss of labels, with sample_weight. */
START_TEST(labels_have_their_metrics) {
    static const float x[] = {2, 1, -1, 3, 5, -4, -1, -1.5F}, y[] = {1, 1, 1, 1, 1, 0, 1, 1};
    static const float weights[] = {1, 2, 4, 0.5F};
    snug_metrics m = evaluated("binary_cross_entropy", snug_dataset_from_values(x, 4, 2, y, 2));
    ck_assert_uint_eq(m.count, 17);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "f1"), (2.0 / 3 + 0.8) / 2, 1e-12);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "recall_macro"), (0.5 + 2.0 / 3) / 2, 1e-12);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "f1_micro"), 8.0 / 11, 1e-12);
    ck_assert_double_eq(snug_metrics_get(&m, "precision_micro"), 1);
    ck_assert_str_eq(m.values[1].name, "accuracy");
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 2.0 / 4);
    ck_assert_double_eq(snug_metrics_get(&m, "hamming_loss"), 3.0 / 8);
    m = evaluated("binary_cross_entropy",
                  weighed(snug_dataset_from_values(x, 4, 2, y, 2), weights));
    ck_assert_double_eq_tol(snug_metrics_get(&m, "accuracy"), 5 / 7.5, 1e-12);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "hamming_loss"), (2 + 2 * 0.5) / 15, 1e-12);
}
END_TEST

/* Three labels, each told by another column; early stopping can watch them. */
START_TEST(learns_labels) {
    enum { ROWS = 120, LABELS = 3 };
    static float x[ROWS * LABELS], y[ROWS * LABELS];
    snug_random stream = {.seed = 8};
    snug_random_normal(&stream, 0, ROWS * LABELS, x);
    for (size_t i = 0; i < ROWS * LABELS; i++) {
        y[i] = x[i] + (i % LABELS > 0 ? 0.5F * x[i - 1] : 0) > 0.2F;
    }
    snug_dataset *data = snug_dataset_from_values(x, ROWS, LABELS, y, LABELS);
    snug_model *model = mlp(LABELS, LABELS);
    snug_fit_options o = {.loss = snug_binary_cross_entropy(),
                          .optimizer = snug_adam(0.02),
                          .epochs = 60,
                          .validation = 0.2,
                          .early_stopping = {.metric = "hamming_loss", .patience = 60},
                          .seed = 2};
    snug_metrics m;
    float out[LABELS];
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_ge(snug_metrics_get(&m, "accuracy"), 0.9);
    ck_assert_double_le(snug_metrics_get(&m, "hamming_loss"), 0.04);
    snug_session *session = snug_session_new(model, 1);
    ck_assert_int_eq(snug_predict(session, (float[]){3, 3, -3}, 1, out), SNUG_OK);
    ck_assert(out[0] > 0.9F && out[1] > 0.9F && out[2] < 0.1F); /* each a probability */
    snug_session_free(session);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(metrics_of_labels_are_for_labels) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2);
    snug_fit_options o = {.epochs = 1,
                          .validation = 0.2,
                          .early_stopping = {.metric = "hamming_loss", .patience = 2}};
    ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
    expect_location("early_stopping.metric:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- gradients ------------------------------------------------------------------------------- */

static void check_gradients(snug_dataset *data, size_t outputs, const char *loss) {
    snug_model *model = mlp(snug_dataset_column_count(data), outputs);
    snug_loss *made = snug_loss_new(loss);
    snug_gradient_report report = {.loss = made};
    ck_assert_msg(made != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_fit_scaler(model, data, false), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 9), SNUG_OK);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s: %s", loss,
                  snug_error());
    ck_assert(report.passed);
    snug_loss_free(made);
    snug_gradient_report_clear(&report);
    snug_model_free(model);
}

START_TEST(gradients_agree_with_weights_and_smoothing) {
    static float weights[BLOB_ROWS], labels[BLOB_ROWS * 2];
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        weights[i] = (float)(i % 4) * 0.7F;
        labels[2 * i] = i % 3 == 0;
        labels[2 * i + 1] = i % 2 == 0;
    }
    snug_dataset *classes = weighed(blobs(), weights), *values = weighed(lines(), weights);
    float *x = (float[BLOB_ROWS * 2]){0};
    snug_random_normal(&(snug_random){.seed = 4}, 0, BLOB_ROWS * 2, x);
    snug_dataset *both = weighed(snug_dataset_from_values(x, BLOB_ROWS, 2, labels, 2), weights);
    check_gradients(classes, BLOB_CLASSES, "softmax_cross_entropy");
    check_gradients(classes, BLOB_CLASSES,
                    "{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 0.2, "
                    "\"class_weights\": \"balanced\"}");
    check_gradients(classes, BLOB_CLASSES,
                    "{\"type\": \"binary_cross_entropy\", \"label_smoothing\": 0.1, "
                    "\"class_weights\": [1, 4, 0.2]}");
    check_gradients(values, 2, "mse");
    check_gradients(both, 2,
                    "{\"type\": \"binary_cross_entropy\", \"label_smoothing\": 0.1, "
                    "\"pos_weight\": 3}");
    snug_dataset_free(classes);
    snug_dataset_free(values);
    snug_dataset_free(both);
}
END_TEST

static Suite *weights_suite(void) {
    Suite *suite = suite_create("weights");
    TCase *fit = tcase_create("fit");
    tcase_add_test(fit, weights_train_as_repetition_does);
    tcase_add_test(fit, rows_that_weigh_nothing_are_refused);
    tcase_add_test(fit, balanced_weights_are_saved_as_numbers);
    tcase_add_test(fit, class_weights_that_do_not_fit_are_refused);
    suite_add_tcase(suite, fit);
    TCase *metrics = tcase_create("metrics");
    tcase_add_test(metrics, metrics_are_weighed);
    tcase_add_test(metrics, labels_have_their_metrics);
    tcase_add_test(metrics, learns_labels);
    tcase_add_test(metrics, metrics_of_labels_are_for_labels);
    suite_add_tcase(suite, metrics);
    TCase *gradients = tcase_create("gradients");
    tcase_add_test(gradients, gradients_agree_with_weights_and_smoothing);
    suite_add_tcase(suite, gradients);
    return suite;
}

REGISTER_SUITE(weights_suite)
