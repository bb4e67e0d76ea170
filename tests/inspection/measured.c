/* Statistics of layers against values worked out by hand, in blocks and in threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "inspection/support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

static void set(snug_model *model, size_t index, const float *values, size_t n) {
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor(model, index, &info), SNUG_OK);
    ck_assert_uint_eq(info.rows * info.columns, n);
    memcpy(info.values, values, n * sizeof *values);
}

/* ---- by hand --------------------------------------------------------------------------------- */

/*
 * 2 -> 2 relu -> 1, of three rows:
 *
 *     x       1  2      -1  0.5     3 -2      z1 = x1 + 0.5 x2 + 0.25     z2 = x2 - 2 x1 - 1
 *     z    2.25 -1    -0.5  1.5  2.25 -9
 *     relu 2.25  0       0  1.5  2.25  0      y = 2 a1 - 4 a2 + 0.5
 *     y       5       -5.5          5
 *     t       4         -5          7         loss (y - t)^2
 *     dy      2         -1         -4
 *     da    4 -8      -2  4      -8 16
 *     dz    4  0       0  4      -8  0
 */
static snug_model *small_network(void) {
    snug_model *model = inspected_model(
        2, "[{\"type\": \"dense\", \"units\": 2}, \"relu\", {\"type\": \"dense\", \"units\": 1}]",
        "mse");
    set(model, 0, (float[]){1, -2, 0.5F, 1}, 4); /* inputs x units */
    set(model, 1, (float[]){0.25F, -1}, 2);
    set(model, 2, (float[]){2, -4}, 2);
    set(model, 3, (float[]){0.5F}, 1);
    return model;
}

static snug_dataset *three_rows(void) {
    static const float x[] = {1, 2, -1, 0.5F, 3, -2}, t[] = {4, -5, 7};
    return snug_dataset_from_values(x, 3, 2, t, 1);
}

START_TEST(are_those_of_a_small_network) {
    static const struct {
        double mean, variance, absolute, gradient_mean, gradient_variance;
    } wanted[] = {{-0.75, 94.625 / 6 - 0.5625, 16.5 / 6, 0, 16},
                  {1, 1.0625, 1, 1, 69},
                  {1.5, 24.5, 15.5 / 3, -1, 6}};
    snug_model *model = small_network();
    snug_dataset *data = three_rows();
    snug_inspection *found = inspect(model, data, NULL);
    double mean, variance;
    ck_assert_uint_eq(snug_inspection_row_count(found), 3);
    ck_assert_uint_eq(snug_inspection_layer_count(found), 3);
    for (size_t i = 0; i < 3; i++) {
        const snug_layer_statistics *layer = layer_of(found, i);
        expect_near(layer->mean, wanted[i].mean);
        expect_near(layer->variance, wanted[i].variance);
        expect_near(layer->mean_absolute, wanted[i].absolute);
        expect_near(layer->gradient_mean, wanted[i].gradient_mean);
        expect_near(layer->gradient_variance, wanted[i].gradient_variance);
    }
    snug_inspection_input(found, &mean, &variance);
    expect_near(mean, 3.5 / 6);
    expect_near(variance, 19.25 / 6 - 3.5 / 6 * 3.5 / 6);
    ck_assert_ptr_null(snug_inspection_layer(found, 3));
    ck_assert_ptr_null(snug_inspection_warning(found, 0));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(of_units_are_those_of_a_small_network) {
    snug_model *model = small_network();
    snug_dataset *data = three_rows();
    snug_inspection *found = inspect(model, data, NULL);
    const snug_layer_statistics *first = layer_of(found, 0), *relu = layer_of(found, 1);
    expect_near(first->omega.mean, 0.25);
    expect_near(first->omega.deviation, 1.25);
    expect_near(first->tau.mean, 3.125);
    expect_near(first->tau.deviation, 1.875);
    expect_near(layer_of(found, 2)->omega.mean, -2);
    expect_near(layer_of(found, 2)->omega.deviation, 0);
    expect_near(layer_of(found, 2)->tau.mean, 20);
    ck_assert(isnan(relu->omega.mean) && isnan(relu->tau.deviation));
    expect_near(relu->saturated, 0.5);
    ck_assert(isnan(first->saturated));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* The chains of the theory, with E relu and E relu^2 of a Gaussian in closed form. */
START_TEST(have_their_prediction_beside_them) {
    snug_model *model = small_network();
    snug_dataset *data = three_rows();
    snug_inspection *found = inspect(model, data, NULL);
    const double m = 3.5 / 6, v = 19.25 / 6 - m * m;
    const double u1 = 1.5 * m + 0.25, u2 = -m - 1;
    const double mean = (u1 + u2) / 2, variance = 3.125 * v + pow((u1 - u2) / 2, 2);
    const double s = sqrt(variance), above = erfc(-mean / s / sqrt(2)) / 2;
    const double density = exp(-mean * mean / variance / 2) / sqrt(2 * acos(-1));
    const double relu = mean * above + s * density;
    const double spread = (mean * mean + variance) * above + mean * s * density - relu * relu;
    expect_near(layer_of(found, 0)->theory.mean, mean);
    expect_near(layer_of(found, 0)->theory.variance, variance);
    expect_near(layer_of(found, 1)->theory.mean, relu);
    expect_near(layer_of(found, 1)->theory.variance, spread);
    expect_near(layer_of(found, 2)->theory.mean, 0.5 - 2 * relu);
    expect_near(layer_of(found, 2)->theory.variance, 20 * spread);
    expect_near(layer_of(found, 2)->theory.gradient_variance, 7);
    expect_near(layer_of(found, 1)->theory.gradient_variance, 7.0 * 20 / 2);
    expect_near(layer_of(found, 0)->theory.gradient_variance, 70 * above);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(of_gradients_count_the_weights_of_rows) {
    snug_model *model = small_network();
    snug_dataset *data = three_rows();
    ck_assert_int_eq(snug_dataset_set_weights(data, (float[]){0.5F, 3, 1}), SNUG_OK);
    snug_inspection *found = inspect(model, data, NULL);
    expect_near(layer_of(found, 2)->gradient_mean, -2); /* of 1, -3 and -4 */
    expect_near(layer_of(found, 2)->gradient_variance, 26.0 / 3 - 4);
    expect_near(layer_of(found, 2)->mean, 1.5);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- blocks, threads, rows ------------------------------------------------------------------- */

#define DEEP                                                                                       \
    "[{\"type\": \"dense\", \"units\": 21}, \"selu\", {\"type\": \"alpha_dropout\", \"rate\": "    \
    "0.1},"                                                                                        \
    " {\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 21}, \"tanh\"]},"     \
    " {\"type\": \"batch_norm\"}, {\"type\": \"dense\", \"units\": 9, \"weight_norm\": true}, "    \
    "\"elu\","                                                                                     \
    " {\"type\": \"dense\", \"units\": 3}]"

static void expect_same(const snug_inspection *a, const snug_inspection *b) {
    ck_assert_uint_eq(snug_inspection_layer_count(a), snug_inspection_layer_count(b));
    char *first = snug_inspection_to_json(a), *second = snug_inspection_to_json(b);
    ck_assert_str_eq(first, second);
    snug_free(first);
    snug_free(second);
}

START_TEST(are_the_same_in_any_number_of_threads) {
    snug_model *model = inspected_model(13, DEEP, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(1111, 13); /* five blocks, the last of 87 rows */
    for (int training = 0; training < 2; training++) {
        snug_inspect_options options = {.threads = 1, .training = training == 1};
        snug_inspection *alone = inspect(model, data, &options);
        ck_assert_uint_eq(snug_inspection_row_count(alone), 1111);
        for (options.threads = 3; options.threads <= 7; options.threads += 4) {
            snug_inspection *together = inspect(model, data, &options);
            expect_same(alone, together);
            snug_inspection_free(together);
        }
        snug_inspection_free(alone);
    }
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* In one block, and of more rows than one: what a program computes of all outputs at once. */
START_TEST(of_blocks_are_those_of_all_rows) {
    enum { ROWS = 700, COLUMNS = 5, UNITS = 4 };
    snug_model *model =
        inspected_model(COLUMNS, "[{\"type\": \"dense\", \"units\": 4}]", "softmax_cross_entropy");
    snug_dataset *data = normal_rows(ROWS, COLUMNS);
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    static float x[ROWS * COLUMNS];
    const float *y;
    double mean = 0, square = 0;
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i * COLUMNS), SNUG_OK);
    }
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &y), SNUG_OK);
    for (size_t i = 0; i < ROWS * UNITS; i++) {
        mean += (double)y[i] / (ROWS * UNITS);
    }
    for (size_t i = 0; i < ROWS * UNITS; i++) {
        square += pow((double)y[i] - mean, 2) / (ROWS * UNITS);
    }
    snug_inspection *found = inspect(model, data, NULL);
    ck_assert_double_eq_tol(layer_of(found, 0)->mean, mean, 1e-12);
    ck_assert_double_eq_tol(layer_of(found, 0)->variance, square, 1e-12);
    snug_inspection_free(found);
    snug_session_free(session);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(are_of_as_many_rows_as_wanted) {
    static float x[1000];
    for (size_t i = 0; i < 1000; i++) {
        x[i] = (float)i;
    }
    snug_model *model = inspected_model(1, "[\"identity\"]", "mse");
    snug_dataset *data = snug_dataset_from_arrays(x, 1000, 1, NULL);
    const snug_inspect_options some = {.rows = 300, .threads = 2};
    snug_inspection *found = inspect(model, data, &some);
    double mean = 0;
    for (size_t i = 0; i < 300; i++) { /* 0, 3, 6, 9, 13 ... */
        mean += floor((double)i * 1000 / 300) / 300;
    }
    ck_assert_uint_eq(snug_inspection_row_count(found), 300);
    ck_assert_double_eq_tol(layer_of(found, 0)->mean, mean, 1e-9);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(leave_the_model_as_it_is) {
    snug_model *model = inspected_model(13, DEEP, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 13);
    char *before, *after;
    size_t size, size_after;
    ck_assert_int_eq(snug_model_save_to_memory(model, &before, &size), SNUG_OK);
    snug_inspection_free(inspect(model, data, &(snug_inspect_options){.training = true}));
    ck_assert_int_eq(snug_model_save_to_memory(model, &after, &size_after), SNUG_OK);
    ck_assert_uint_eq(size, size_after);
    ck_assert_int_eq(memcmp(before, after, size), 0);
    snug_free(before);
    snug_free(after);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- layers ---------------------------------------------------------------------------------- */

/* W = g V / |V|: of columns of length g. */
START_TEST(of_units_know_weight_normalization) {
    snug_model *model =
        inspected_model(2, "[{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true}]", "mse");
    snug_dataset *data = snug_dataset_from_arrays((float[]){1, 2, 3, 5}, 2, 2, NULL);
    set(model, 0, (float[]){3, 0, 4, -2}, 4);
    set(model, 1, (float[]){10, 0.5F}, 2);
    snug_inspection *found = inspect(model, data, NULL);
    expect_near(layer_of(found, 0)->omega.mean, (14 - 0.5) / 2); /* of 6 + 8 and -0.5 */
    expect_near(layer_of(found, 0)->tau.mean, (100 + 0.25) / 2);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Of member m W * r_m * s_m; those of a map of its own are its own. */
START_TEST(of_units_know_members) {
    snug_model *model = inspected_model(
        2,
        "[{\"type\": \"batch_ensemble\", \"units\": 1, \"members\": 2},"
        " {\"type\": \"batch_ensemble\", \"units\": 1, \"members\": 2, \"shared\": false}]",
        "mse");
    static const float x[] = {1, 2, 3, 5}, t[] = {1, 2};
    snug_dataset *data = snug_dataset_from_values(x, 2, 2, t, 1);
    set(model, 0, (float[]){3, -1}, 2);       /* W */
    set(model, 1, (float[]){1, 2, -1, 1}, 4); /* r */
    set(model, 2, (float[]){2, 10}, 2);       /* s */
    set(model, 4, (float[]){0.5F, -2}, 2);
    snug_inspection *found = inspect(model, data, NULL);
    const snug_layer_statistics *first = layer_of(found, 0), *last = layer_of(found, 1);
    expect_near(first->omega.mean, (2.0 * (3 - 2) + 10.0 * (-3 - 1)) / 2);
    expect_near(first->tau.mean, (4.0 * (9 + 4) + 100.0 * (9 + 1)) / 2);
    expect_near(last->omega.mean, -0.75);
    expect_near(last->tau.mean, (0.25 + 4) / 2);
    ck_assert_uint_eq(first->layer.members, 2);
    /* members' outputs 2 (3 x1 - 2 x2) and 10 (-3 x1 - x2) */
    expect_near(first->mean, (-2 - 50 - 2 - 140) / 4.0);
    ck_assert(isfinite(first->gradient_variance) && isfinite(first->theory.gradient_variance));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* 24 layers of 256 SELU units: what is measured is near what is predicted. */
START_TEST(agree_with_the_prediction_in_a_deep_network) {
    snug_model *model = snug_model_new(256);
    snug_dataset *data = normal_rows(500, 256);
    for (size_t i = 0; i < 24; i++) {
        ck_assert_int_eq(snug_model_add(model, snug_dense(256)), SNUG_OK);
        ck_assert_int_eq(snug_model_add(model, snug_selu()), SNUG_OK);
    }
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    snug_inspection *found = inspect(model, data, NULL);
    for (size_t i = 0; i < 48; i++) {
        const snug_layer_statistics *layer = layer_of(found, i);
        ck_assert_double_eq_tol(layer->mean, layer->theory.mean, 0.05);
        ck_assert_double_eq_tol(layer->variance, layer->theory.variance, 0.15);
        ck_assert_double_eq_tol(layer->theory.variance, 1, 0.1);
        ck_assert_double_eq_tol(layer->gradient_variance / layer->theory.gradient_variance, 1,
                                0.35);
    }
    /* By about 1.07 a layer gradients grow towards the first one. */
    ck_assert_double_gt(layer_of(found, 0)->gradient_variance,
                        3 * layer_of(found, 47)->gradient_variance);
    ck_assert_ptr_null(snug_inspection_warning(found, 0));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Dropout changes outputs in training alone, and is predicted there. */
START_TEST(of_training_have_dropout) {
    snug_model *model = inspected_model(
        64,
        "[{\"type\": \"dropout\", \"rate\": 0.5}, {\"type\": \"gaussian_noise\", \"deviation\": 2},"
        " {\"type\": \"alpha_dropout\", \"rate\": 0.2}]",
        "softmax_cross_entropy");
    snug_dataset *data = normal_rows(4000, 64);
    snug_inspection *prediction = inspect(model, data, NULL);
    snug_inspection *training = inspect(model, data, &(snug_inspect_options){.training = true});
    for (size_t i = 0; i < 3; i++) {
        const snug_layer_statistics *layer = layer_of(training, i);
        ck_assert_double_eq_tol(layer_of(prediction, i)->variance, 1, 0.02);
        ck_assert_double_eq_tol(layer_of(prediction, i)->theory.variance, 1, 0.02);
        ck_assert_double_eq_tol(layer->variance, layer->theory.variance,
                                0.02 * layer->theory.variance);
        ck_assert_double_eq_tol(layer->mean, layer->theory.mean, 0.02);
    }
    ck_assert_double_eq_tol(layer_of(training, 0)->theory.variance, 2, 0.02);
    ck_assert_double_eq_tol(layer_of(training, 1)->theory.variance, 6, 0.05);
    snug_inspection_free(prediction);
    snug_inspection_free(training);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- what is not there, and what is wrong ---------------------------------------------------- */

START_TEST(without_targets_have_no_gradients) {
    snug_model *model = small_network(), *aimless = snug_model_new(2);
    snug_dataset *data = snug_dataset_from_arrays((float[]){1, 2, 3, 5}, 2, 2, NULL);
    snug_inspection *found = inspect(model, data, NULL);
    ck_assert(isnan(layer_of(found, 0)->gradient_mean));
    ck_assert(isnan(layer_of(found, 2)->gradient_variance));
    ck_assert(isnan(layer_of(found, 2)->theory.gradient_variance));
    ck_assert(isfinite(layer_of(found, 2)->theory.variance));
    expect_message(snug_inspection_warning(found, 0), "no gradients: the data");
    snug_inspection_free(found);
    found = inspect(model, data, &(snug_inspect_options){.no_gradients = true});
    ck_assert_ptr_null(snug_inspection_warning(found, 0));
    snug_inspection_free(found);
    ck_assert_int_eq(snug_model_add(aimless, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(aimless, 1), SNUG_OK);
    found = inspect(aimless, data, NULL);
    expect_message(snug_inspection_warning(found, 0), "no gradients: the model");
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(aimless);
    snug_model_free(model);
}
END_TEST

START_TEST(of_what_does_not_fit_fail) {
    snug_model *model = small_network(), *empty = snug_model_new(2);
    snug_dataset *data = three_rows(), *wide = normal_rows(5, 3), *classes = normal_rows(5, 2);
    ck_assert_ptr_null(snug_inspect(model, wide, NULL));
    expect_error(SNUG_ERROR_DATA, "the data");
    ck_assert_ptr_null(snug_inspect(model, classes, NULL));
    expect_error(SNUG_ERROR_DATA, "the data");
    ck_assert_ptr_null(
        snug_inspect(model, data, &(snug_inspect_options){.threads = SNUG_MAX_THREADS + 1}));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(snug_inspect(NULL, data, NULL));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(snug_inspect(model, NULL, NULL));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_add(empty, snug_dense(2)), SNUG_OK);
    ck_assert_ptr_null(snug_inspect(empty, data, NULL)); /* it has no weights */
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    snug_dataset_free(classes);
    snug_dataset_free(wide);
    snug_dataset_free(data);
    snug_model_free(empty);
    snug_model_free(model);
}
END_TEST

START_TEST(bear_every_failing_allocation) {
    snug_model *model = inspected_model(13, DEEP, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 13);
    size_t limit = 0;
    for (bool complete = false; !complete; limit++) {
        failing_start(limit);
        snug_inspection *found = snug_inspect(model, data, &(snug_inspect_options){.threads = 2});
        char *text = found != NULL ? snug_inspection_to_json(found) : NULL;
        complete = text != NULL;
        ck_assert_msg(complete || snug_error_status() == SNUG_ERROR_MEMORY, "%s", snug_error());
        snug_free(text);
        snug_inspection_free(found);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_gt(limit, 30);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *measured_suite(void) {
    Suite *suite = suite_create("inspection");
    TCase *tests = tcase_create("measured");
    tcase_add_test(tests, are_those_of_a_small_network);
    tcase_add_test(tests, of_units_are_those_of_a_small_network);
    tcase_add_test(tests, have_their_prediction_beside_them);
    tcase_add_test(tests, of_gradients_count_the_weights_of_rows);
    tcase_add_test(tests, are_the_same_in_any_number_of_threads);
    tcase_add_test(tests, of_blocks_are_those_of_all_rows);
    tcase_add_test(tests, are_of_as_many_rows_as_wanted);
    tcase_add_test(tests, leave_the_model_as_it_is);
    tcase_add_test(tests, of_units_know_weight_normalization);
    tcase_add_test(tests, of_units_know_members);
    tcase_add_test(tests, of_training_have_dropout);
    tcase_add_test(tests, without_targets_have_no_gradients);
    tcase_add_test(tests, of_what_does_not_fit_fail);
    suite_add_tcase(suite, tests);
    /* Many products, and a pool of threads for each allocation, are too slow under Valgrind. */
    TCase *slow = tcase_create("slow");
    tcase_set_tags(slow, "exhaustive");
    tcase_add_test(slow, agree_with_the_prediction_in_a_deep_network);
    tcase_add_test(slow, bear_every_failing_allocation);
    suite_add_tcase(suite, slow);
    return suite;
}

REGISTER_SUITE(measured_suite)
