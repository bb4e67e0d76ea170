/* Metrics against values worked out by hand. */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "metrics/accumulator.h"
#include "support/confusion.h"
#include "support/suite.h"

/* 2 -> 2 with the identity as its weight. */
static snug_model *identity_model(const char *loss) {
    snug_model *model = snug_model_new(2);
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    memcpy(info.values, (float[]){1, 0, 0, 1}, 4 * sizeof(float));
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}

START_TEST(regression) {
    static const float x[] = {1, 10, 2, 20, 4, 40}, y[] = {1, 12, 3, 20, 5, 37};
    snug_model *model = identity_model("mse");
    snug_dataset *data = snug_dataset_from_values(x, 3, 2, y, 2);
    snug_metrics m;
    double r2a = 1 - 2.0 / 8, r2b = 1 - 13.0 / (144 + 400 + 1369 - 69.0 * 69 / 3);
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_uint_eq(m.rows, 3);
    ck_assert_uint_eq(m.count, 6);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), (4.0 + 1 + 1 + 9) / 6, 1e-6);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "mae"), (2.0 + 1 + 1 + 3) / 6, 1e-6);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "r2"), (r2a + r2b) / 2, 1e-6);
    ck_assert(isnan(snug_metrics_get(&m, "accuracy")));
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(classification) {
    static const float x[] = {2, 1, 0, 3, 5, 4, 1, 1.5F, -1, -2};
    static const int32_t classes[] = {0, 1, 1, 0, 0};
    double counts[4];
    snug_model *model = identity_model("softmax_cross_entropy");
    snug_dataset *data = snug_dataset_from_arrays(x, 5, 2, classes);
    snug_metrics m;
    double loss =
        log1p(exp(-1)) + log1p(exp(-3)) + log1p(exp(1)) + log1p(exp(0.5)) + log1p(exp(-1));
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), loss / 5, 1e-6);
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 3.0 / 5);
    ck_assert_int_eq(confusion_of(model, data, 2, counts), SNUG_OK);
    ck_assert_double_eq(counts[0], 2); /* 0 as 0 */
    ck_assert_double_eq(counts[1], 1); /* 0 as 1 */
    ck_assert_double_eq(counts[2], 1);
    ck_assert_double_eq(counts[3], 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(a_single_output_of_two_classes) {
    static const float x[] = {2, -1, 0.5F};
    static const int32_t classes[] = {1, 0, 0};
    double counts[4];
    snug_model *model = snug_model_new(1);
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 1, classes);
    snug_tensor_info info;
    snug_metrics m;
    snug_model_add(model, snug_dense(1));
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    info.values[0] = 1;
    ck_assert_int_eq(snug_model_set_loss(model, snug_binary_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"),
                            (log1p(exp(-2)) + log1p(exp(-1)) + log1p(exp(0.5))) / 3, 1e-6);
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 2.0 / 3);
    ck_assert_int_eq(confusion_of(model, data, 2, counts), SNUG_OK);
    ck_assert_double_eq(counts[0], 1);
    ck_assert_double_eq(counts[1], 1);
    ck_assert_double_eq(counts[2], 0);
    ck_assert_double_eq(counts[3], 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * A row of weight 0 counts not at all: neither its target of 1e9 nor its prediction shifts the
 * sums.
 */
START_TEST(a_row_of_weight_0_shifts_no_sums) {
    static const float x[] = {0, 0, 1, 10, 2, 20, 4, 40}, y[] = {1e9F, -1e9F, 1, 12, 3, 20, 5, 37};
    static const float weights[] = {0, 1, 1, 1};
    snug_model *model = identity_model("mse");
    snug_dataset *data = snug_dataset_from_values(x, 4, 2, y, 2);
    snug_metrics m;
    double r2a = 1 - 2.0 / 8, r2b = 1 - 13.0 / (144 + 400 + 1369 - 69.0 * 69 / 3);
    double ev_a = 1 - (2 - 4.0 / 3) / 8, ev_b = 1 - (13 - 1.0 / 3) / (1913 - 69.0 * 69 / 3);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "r2"), (r2a + r2b) / 2, 1e-9);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "explained_variance"), (ev_a + ev_b) / 2, 1e-9);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * As in scikit-learn: r2 is not defined of one row, explained_variance is 1. Nor of one that
 * counts.
 */
START_TEST(r2_of_one_row_is_not_a_number) {
    static const float x[] = {3, 5, 1, 1}, y[] = {2, 8, 4, 7};
    static const float weights[] = {1, 0};
    snug_model *model = identity_model("mse");
    snug_metrics m;
    for (size_t rows = 1; rows <= 2; rows++) {
        snug_dataset *data = snug_dataset_from_values(x, rows, 2, y, 2);
        ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
        ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
        ck_assert(isnan(snug_metrics_get(&m, "r2")));
        ck_assert_double_eq(snug_metrics_get(&m, "explained_variance"), 1);
        ck_assert_double_eq(snug_metrics_get(&m, "mae"), 2);
        char *line = snug_metrics_to_json(1, &m, NULL);
        ck_assert_msg(strstr(line, "\"r2\":null") != NULL, "%s", line);
        snug_free(line);
        snug_dataset_free(data);
    }
    snug_model_free(model);
}
END_TEST

/*
 * Equal outputs rank from the last class to the first, as in top_k_accuracy_score, whose order is
 * np.argsort(y_score, kind="mergesort")[::-1]: here 2 1 0 3, twice 3 2 1 0, and 0 3 2 1.
 */
START_TEST(equal_outputs_rank_the_last_class_first) {
    static const float x[] = {4, 4, 4, 1, 2, 2, 2, 2, 2, 2, 2, 2, 5, 0, 0, 0};
    static const int32_t classes[] = {0, 1, 3, 2};
    static const char *const names[] = {"top_2_accuracy", "top_3_accuracy"};
    snug_model *model = snug_model_new(4);
    snug_dataset *data = snug_dataset_from_arrays(x, 4, 4, classes);
    snug_tensor_info info;
    snug_metrics m;
    ck_assert_int_eq(snug_model_add(model, snug_dense(4)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    for (size_t i = 0; i < 16; i++) {
        info.values[i] = i % 5 == 0;
    }
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_evaluate_metrics(model, data, names, 2, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq(snug_metrics_get(&m, "top_2_accuracy"), 0.25);
    ck_assert_double_eq(snug_metrics_get(&m, "top_3_accuracy"), 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *metrics_suite(void) {
    Suite *suite = suite_create("metrics");
    TCase *tc = tcase_create("metrics");
    tcase_add_test(tc, regression);
    tcase_add_test(tc, classification);
    tcase_add_test(tc, a_single_output_of_two_classes);
    tcase_add_test(tc, a_row_of_weight_0_shifts_no_sums);
    tcase_add_test(tc, r2_of_one_row_is_not_a_number);
    tcase_add_test(tc, equal_outputs_rank_the_last_class_first);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(metrics_suite)
