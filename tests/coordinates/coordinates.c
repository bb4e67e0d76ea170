/* The coordinate check: widths, sizes of outputs, and what is wrong with a call. */
#include <math.h>
#include <stdio.h>

#include <snug/snug.h>

#include "support/errors.h"
#include "support/failing.h"
#include "support/problems.h"
#include "support/suite.h"

static snug_model *parse(const char *layers) {
    char config[1000];
    int n = snprintf(config, sizeof config, "{\"model\": {\"inputs\": %d, \"layers\": %s}}",
                     BLOB_COLUMNS, layers);
    snug_model *model = snug_model_parse_config(config, (size_t)n);
    ck_assert_msg(model != NULL, "%s", snug_error());
    return model;
}

static void check(const snug_model *model, const snug_dataset *data, size_t width, size_t steps,
                  snug_optimizer *optimizer, snug_coordinates *result) {
    const snug_fit_options o = {
        .optimizer = optimizer, .epochs = 1, .batch_size = 1000, .seed = 3, .threads = 1};
    ck_assert_msg(snug_coordinate_check(model, data, &o, width, steps, result) == SNUG_OK, "%s",
                  snug_error());
}

/* Hidden layers, in blocks too, have the width; the last one keeps its units. */
START_TEST(gives_hidden_layers_the_width) {
    snug_model *model = parse("[{\"type\": \"dense\", \"units\": 5}, \"selu\","
                              " {\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", "
                              "\"units\": 6}, {\"type\": \"dense\", \"units\": 7}]},"
                              " {\"type\": \"dense\", \"units\": 3}, \"identity\"]");
    snug_dataset *data = blobs();
    snug_coordinates c;
    check(model, data, 11, 2, NULL, &c);
    ck_assert_uint_eq(c.layer_count, 5);
    ck_assert_uint_eq(c.layers[0].outputs, 11);
    ck_assert_uint_eq(c.layers[2].outputs, 11);
    ck_assert_uint_eq(c.layers[3].outputs, 3);
    /* 11 x 11 and biases, twice, and no projection: the width stays */
    ck_assert_uint_eq(c.layers[2].parameters, 2 * (11 * 11 + 11));
    for (size_t i = 0; i < 3 * 5; i++) {
        ck_assert(isfinite(c.sizes[i]) && c.sizes[i] > 0);
    }
    snug_coordinates_clear(&c);
    ck_assert_ptr_null(c.sizes);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* The targets decide the last layer's units also where it is inside of a block. */
START_TEST(keeps_the_outputs_of_a_block) {
    snug_model *model = parse("[{\"type\": \"dense\", \"units\": 4}, \"selu\","
                              " {\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", "
                              "\"units\": 6}, {\"type\": \"dense\", \"units\": 3}]}]");
    snug_dataset *data = blobs();
    snug_coordinates c;
    check(model, data, 11, 2, NULL, &c);
    ck_assert_uint_eq(c.layers[0].outputs, 11);
    ck_assert_uint_eq(c.layers[2].outputs, 3);
    snug_coordinates_clear(&c);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Without a step that counts the sizes stay; step 0 is the model as it is initialized. */
START_TEST(measures_before_the_first_step_and_after_each) {
    snug_model *model = parse("[{\"type\": \"dense\", \"units\": 5}, \"tanh\","
                              " {\"type\": \"dense\", \"units\": 3}]");
    snug_model *same = parse("[{\"type\": \"dense\", \"units\": 9}, \"tanh\","
                             " {\"type\": \"dense\", \"units\": 3}]");
    snug_dataset *data = blobs();
    snug_coordinates still, moving;
    check(model, data, 9, 3, snug_sgd(1e-12, 0), &still);
    check(model, data, 9, 3, snug_adam(0.1), &moving);
    ck_assert_int_eq(snug_model_fit_scaler(same, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_init(same, 3), SNUG_OK);
    snug_inspection *found = snug_inspect(same, data, NULL);
    for (size_t i = 0; i < 3; i++) {
        double size = snug_inspection_layer(found, i)->mean_absolute;
        ck_assert_double_eq(moving.sizes[i], size);
        for (size_t step = 0; step <= 3; step++) {
            ck_assert_double_eq_tol(still.sizes[step * 3 + i], size, 1e-5);
        }
        ck_assert_double_gt(fabs(moving.sizes[3 * 3 + i] - size), 1e-3);
    }
    snug_inspection_free(found);
    snug_coordinates_clear(&still);
    snug_coordinates_clear(&moving);
    snug_dataset_free(data);
    snug_model_free(same);
    snug_model_free(model);
}
END_TEST

START_TEST(refuses_what_has_no_width) {
    snug_model *model = parse("[{\"type\": \"dense\", \"units\": 3}, \"selu\"]");
    snug_dataset *data = blobs();
    snug_coordinates c;
    const snug_fit_options o = {.optimizer = snug_adam(0.1)}; /* which is freed */
    ck_assert_int_eq(snug_coordinate_check(model, data, &o, 8, 1, &c), SNUG_ERROR_ARGUMENT);
    expect_location("the model has no hidden layer");
    ck_assert_int_eq(snug_coordinate_check(model, data, NULL, SIZE_MAX, 1, &c),
                     SNUG_ERROR_ARGUMENT);
    expect_location("width: must be a number of units");
    ck_assert_int_eq(snug_coordinate_check(NULL, data, NULL, 8, 1, &c), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_coordinate_check(model, data, NULL, 8, 1, NULL), SNUG_ERROR_ARGUMENT);
    snug_coordinates_clear(NULL);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(bears_every_failing_allocation) {
    snug_model *model = parse("[{\"type\": \"dense\", \"units\": 5}, \"tanh\","
                              " {\"type\": \"dense\", \"units\": 3}]");
    snug_dataset *data = blobs();
    size_t limit = 0;
    for (bool complete = false; !complete; limit++) {
        snug_coordinates c;
        failing_start(limit);
        const snug_fit_options o = {.batch_size = 1000, .threads = 1, .epochs = 1};
        complete = snug_coordinate_check(model, data, &o, 4, 1, &c) == SNUG_OK;
        ck_assert_msg(complete || snug_error_status() == SNUG_ERROR_MEMORY, "%s", snug_error());
        snug_coordinates_clear(&c);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_gt(limit, 30);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *coordinates_suite(void) {
    Suite *suite = suite_create("coordinates");
    TCase *tests = tcase_create("coordinates");
    tcase_add_test(tests, gives_hidden_layers_the_width);
    tcase_add_test(tests, keeps_the_outputs_of_a_block);
    tcase_add_test(tests, measures_before_the_first_step_and_after_each);
    tcase_add_test(tests, refuses_what_has_no_width);
    tcase_add_test(tests, bears_every_failing_allocation);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(coordinates_suite)
