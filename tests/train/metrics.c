/* Metrics against values worked out by hand. */
#include <math.h>
#include <string.h>

#include "suites.h"
#include "train/metrics.h"

/* 2 -> 2 with the identity as its weight. */
static snug_model *identity_model(const char *loss) {
    snug_model *model = snug_model_new(2);
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    memcpy(info.values, (float[]){1, 0, 0, 1}, 4 * sizeof(float));
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}

START_TEST(test_regression) {
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

START_TEST(test_classification) {
    static const float x[] = {2, 1, 0, 3, 5, 4, 1, 1.5F, -1, -2};
    static const int32_t classes[] = {0, 1, 1, 0, 0};
    size_t counts[4];
    snug_model *model = identity_model("softmax_cross_entropy");
    snug_dataset *data = snug_dataset_from_arrays(x, 5, 2, classes);
    snug_metrics m;
    double loss =
        log1p(exp(-1)) + log1p(exp(-3)) + log1p(exp(1)) + log1p(exp(0.5)) + log1p(exp(-1));
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), loss / 5, 1e-6);
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 3.0 / 5);
    ck_assert_int_eq(snug_confusion(model, data, 2, counts), SNUG_OK);
    ck_assert_uint_eq(counts[0], 2); /* 0 as 0 */
    ck_assert_uint_eq(counts[1], 1); /* 0 as 1 */
    ck_assert_uint_eq(counts[2], 1);
    ck_assert_uint_eq(counts[3], 1);
    ck_assert_int_eq(snug_confusion(model, data, 1, counts), SNUG_ERROR_ARGUMENT);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(test_a_single_output_of_two_classes) {
    static const float x[] = {2, -1, 0.5F};
    static const int32_t classes[] = {1, 0, 0};
    size_t counts[4];
    snug_model *model = snug_model_new(1);
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 1, classes);
    snug_tensor_info info;
    snug_metrics m;
    snug_model_add(model, snug_dense(1));
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    info.values[0] = 1;
    ck_assert_int_eq(snug_model_set_loss(model, snug_binary_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"),
                            (log1p(exp(-2)) + log1p(exp(-1)) + log1p(exp(0.5))) / 3, 1e-6);
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 2.0 / 3);
    ck_assert_int_eq(snug_confusion(model, data, 2, counts), SNUG_OK);
    ck_assert_uint_eq(counts[0], 1);
    ck_assert_uint_eq(counts[1], 1);
    ck_assert_uint_eq(counts[2], 0);
    ck_assert_uint_eq(counts[3], 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

Suite *metrics_suite(void) {
    Suite *suite = suite_create("metrics");
    TCase *tc = tcase_create("metrics");
    tcase_add_test(tc, test_regression);
    tcase_add_test(tc, test_classification);
    tcase_add_test(tc, test_a_single_output_of_two_classes);
    suite_add_tcase(suite, tc);
    return suite;
}
