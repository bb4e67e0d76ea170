/* Batch and layer normalization against the formulas in double. */
#include <math.h>
#include <string.h>

#include "support.h"
#include "support/suite.h"

enum { ROWS = 7, COLUMNS = 5 };

static void numbers(float x[ROWS * COLUMNS]) {
    snug_random stream = {.seed = 5, .purpose = 2};
    snug_random_normal(&stream, 0, ROWS * COLUMNS, x);
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        x[i] = 3 * x[i] + (float)(i % COLUMNS);
    }
}

/* Mean and population variance of n numbers with `stride` between their starts. */
static void moments(size_t n, size_t stride, const float *x, double *mean, double *variance) {
    *mean = *variance = 0;
    for (size_t i = 0; i < n; i++) {
        *mean += (double)x[i * stride] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        *variance += pow((double)x[i * stride] - *mean, 2) / (double)n;
    }
}

START_TEST(layer_norm) {
    float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"layer_norm\", \"epsilon\": 0.01}");
    float *weight = tensor_of(model, "0.weight"), *bias = tensor_of(model, "0.bias");
    numbers(x);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert(weight[j] == 1 && bias[j] == 0);
        weight[j] = 1 + 0.5F * (float)j;
        bias[j] = (float)j - 2;
    }
    run_layer(model, true, ROWS, x, y);
    for (size_t i = 0; i < ROWS; i++) {
        double mean, variance;
        moments(COLUMNS, 1, x + i * COLUMNS, &mean, &variance);
        for (size_t j = 0; j < COLUMNS; j++) {
            double normal = ((double)x[i * COLUMNS + j] - mean) / sqrt(variance + 0.01);
            ck_assert_double_eq_tol((double)y[i * COLUMNS + j],
                                    normal * (double)weight[j] + (double)bias[j], 1e-5);
        }
    }
    snug_model_free(model);
}
END_TEST

START_TEST(batch_norm) {
    float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    snug_model *model =
        model_of(COLUMNS, "{\"type\": \"batch_norm\", \"momentum\": 0.3, \"epsilon\": 0.01}");
    float *weight = tensor_of(model, "0.weight"), *bias = tensor_of(model, "0.bias");
    float *mean_of = tensor_of(model, "0.running_mean");
    float *variance_of = tensor_of(model, "0.running_var");
    numbers(x);
    weight[2] = 2.5F;
    bias[2] = -1;
    run_layer(model, true, ROWS, x, y);
    for (size_t j = 0; j < COLUMNS; j++) {
        double mean, variance;
        moments(ROWS, COLUMNS, x + j, &mean, &variance);
        for (size_t i = 0; i < ROWS; i++) {
            double normal = ((double)x[i * COLUMNS + j] - mean) / sqrt(variance + 0.01);
            ck_assert_double_eq_tol((double)y[i * COLUMNS + j],
                                    normal * (double)weight[j] + (double)bias[j], 1e-5);
        }
        ck_assert_double_eq_tol((double)mean_of[j], 0.3 * mean, 1e-5);
        ck_assert_double_eq_tol((double)variance_of[j], 0.7 + 0.3 * variance * ROWS / (ROWS - 1),
                                1e-4);
    }
    run_layer(model, false, ROWS, x, y);
    ck_assert_double_eq_tol((double)y[COLUMNS + 2],
                            ((double)x[COLUMNS + 2] - (double)mean_of[2]) /
                                    sqrt((double)variance_of[2] + 0.01) * 2.5 -
                                1,
                            1e-5);
    snug_model_free(model);
}
END_TEST

START_TEST(without_scale_and_shift) {
    snug_model *batch = model_of(COLUMNS, "{\"type\": \"batch_norm\", \"affine\": false}");
    snug_model *layer = model_of(COLUMNS, "{\"type\": \"layer_norm\", \"affine\": false}");
    float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
    double mean, variance;
    ck_assert_uint_eq(snug_model_parameter_count(batch), 0);
    ck_assert_uint_eq(snug_model_tensor_count(batch), 2);
    ck_assert_uint_eq(snug_model_tensor_count(layer), 0);
    numbers(x);
    run_layer(layer, true, ROWS, x, y);
    moments(COLUMNS, 1, y + COLUMNS, &mean, &variance);
    ck_assert_double_eq_tol(mean, 0, 1e-6);
    ck_assert_double_eq_tol(variance, 1, 1e-4);
    snug_model_free(batch);
    snug_model_free(layer);
}
END_TEST

/* Sums of large numbers round; what they lose is found again in the sums of deviations. */
START_TEST(means_far_from_0) {
    enum { MANY = 4001 };
    static float far[MANY], normal[MANY];
    static const char *const specs[] = {"layer_norm", "batch_norm"};
    for (size_t i = 0; i < MANY; i++) {
        far[i] = 300007.0F + (float)(i % 3);
    }
    for (size_t k = 0; k < 2; k++) {
        size_t columns = k == 0 ? MANY : 1;
        snug_model *model = model_of(columns, specs[k]);
        double mean, variance;
        run_layer(model, true, MANY / columns, far, normal);
        moments(MANY, 1, normal, &mean, &variance);
        ck_assert_msg(fabs(mean) <= 0.05 && fabs(variance - 1) <= 0.01, "%s: mean %g, variance %g",
                      specs[k], mean, variance);
        snug_model_free(model);
    }
}
END_TEST

/*
 * Squares of such numbers are no floats. A layer may make NaN of them, which training reports, or
 * 0; it must not make large finite numbers of them.
 */
START_TEST(a_variance_that_is_no_float_is_not_taken_as_0) {
    static const char *const layers[] = {"layer_norm", "batch_norm"};
    for (size_t k = 0; k < 2; k++) {
        float x[ROWS * COLUMNS], y[ROWS * COLUMNS];
        snug_model *model = model_of(COLUMNS, layers[k]);
        numbers(x);
        for (size_t i = 0; i < ROWS * COLUMNS; i++) {
            x[i] *= 1e36F;
        }
        run_layer(model, true, ROWS, x, y);
        for (size_t i = 0; i < ROWS * COLUMNS; i++) {
            ck_assert_msg(!(fabsf(y[i]) > 10.0F), "%s: %g of %g", layers[k], (double)y[i],
                          (double)x[i]);
        }
        snug_model_free(model);
    }
}
END_TEST

/* One row has no variance: it is normalized as in prediction, and the statistics stay. */
START_TEST(batch_norm_of_one_row) {
    static const float target[1] = {2.5F};
    float x[ROWS * COLUMNS], trained[COLUMNS], predicted[COLUMNS], mean[COLUMNS], variance[COLUMNS];
    snug_model *model = model_of(COLUMNS, "{\"type\": \"batch_norm\", \"momentum\": 0.3}");
    float *mean_of = tensor_of(model, "0.running_mean");
    float *variance_of = tensor_of(model, "0.running_var");
    snug_gradient_report report = {.max_rows = 1};
    numbers(x);
    tensor_of(model, "0.weight")[3] = 1.75F;
    run_layer(model, true, ROWS, x, (float[ROWS * COLUMNS]){0});
    memcpy(mean, mean_of, sizeof mean);
    memcpy(variance, variance_of, sizeof variance);
    run_layer(model, true, 1, x, trained);
    run_layer(model, false, 1, x, predicted);
    ck_assert_mem_eq(trained, predicted, sizeof trained);
    ck_assert_mem_eq(mean, mean_of, sizeof mean);
    ck_assert_mem_eq(variance, variance_of, sizeof variance);
    ck_assert(fabsf(trained[3]) > 0.01F);
    snug_model_add(model, snug_dense(1));
    ck_assert_int_eq(snug_model_init(model, 4), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    snug_dataset *data = snug_dataset_from_values(x, 1, COLUMNS, target, 1);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *norm_suite(void) {
    Suite *suite = suite_create("normalization");
    TCase *tc = tcase_create("normalization");
    tcase_add_test(tc, layer_norm);
    tcase_add_test(tc, a_variance_that_is_no_float_is_not_taken_as_0);
    tcase_add_test(tc, batch_norm);
    tcase_add_test(tc, means_far_from_0);
    tcase_add_test(tc, batch_norm_of_one_row);
    tcase_add_test(tc, without_scale_and_shift);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(norm_suite)
