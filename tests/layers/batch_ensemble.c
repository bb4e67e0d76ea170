/* Where the members of an ensemble can be, and what is made of them. */
#include <math.h>

#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { INPUTS = 4, MEMBERS = 3 };

#define ENSEMBLE "{\"type\": \"batch_ensemble\", \"units\": 5, \"members\": 3"

/* A model whose layers before the last are added, and the last one is refused. */
static void check_refused(const char *const *specs, const char *location) {
    snug_model *model = snug_model_new(INPUTS);
    for (; specs[1] != NULL; specs++) {
        ck_assert_msg(snug_model_add(model, snug_layer_new(*specs)) == SNUG_OK, "%s", snug_error());
    }
    ck_assert_int_eq(snug_model_add(model, snug_layer_new(*specs)), SNUG_ERROR_CONFIG);
    expect_location(location);
    snug_model_free(model);
}

START_TEST(layers_that_would_mix_members_are_refused) {
    static const char *const last[] = {"{\"type\": \"dense\", \"units\": 2}",
                                       "{\"type\": \"dense\", \"units\": 2, \"weight_norm\": true}",
                                       "batch_norm",
                                       "{\"type\": \"residual\", \"layers\": [\"selu\"]}",
                                       "{\"type\": \"highway\", \"layers\": [\"selu\"]}"};
    const char *const specs[] = {ENSEMBLE "}", "selu", last[_i], NULL};
    check_refused(specs, "model.layers[2]");
}
END_TEST

START_TEST(members_are_as_many_in_all_layers) {
    check_refused(
        (const char *[]){ENSEMBLE "}", "{\"type\": \"batch_ensemble\", \"units\": 5}", NULL},
        "model.layers[1]: members");
}
END_TEST

START_TEST(a_block_has_no_members) {
    check_refused((const char *[]){"{\"type\": \"residual\", \"layers\": [" ENSEMBLE "}]}", NULL},
                  "model.layers[0]");
}
END_TEST

START_TEST(layers_that_take_values_one_by_one_follow) {
    static const char *const specs[] = {ENSEMBLE "}",     "selu",
                                        "dropout",        "layer_norm",
                                        "prelu",          "alpha_dropout",
                                        "softmax",        ENSEMBLE "}",
                                        "gaussian_noise", ENSEMBLE ", \"shared\": false}"};
    snug_model *model = snug_model_new(INPUTS);
    snug_layer_info info;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        ck_assert_msg(snug_model_add(model, snug_layer_new(specs[i])) == SNUG_OK, "%s",
                      snug_error());
        ck_assert_int_eq(snug_model_layer(model, i, &info), SNUG_OK);
        ck_assert_uint_eq(info.members, MEMBERS);
        ck_assert_uint_eq(info.outputs, 5);
    }
    ck_assert_uint_eq(snug_model_output_count(model), 5);
    snug_model_free(model);
}
END_TEST

/* Members differ by the signs of r in the first layer, and by nothing in the second. */
START_TEST(scalings_start_with_signs_and_ones) {
    snug_model *model = snug_model_new(INPUTS);
    snug_model_add(model, snug_batch_ensemble(64, MEMBERS, true));
    snug_model_add(model, snug_batch_ensemble(3, MEMBERS, true));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    const float *first = tensor_of(model, "0.r"), *second = tensor_of(model, "1.r");
    double sum = 0;
    for (size_t i = 0; i < MEMBERS * INPUTS; i++) {
        ck_assert(fabsf(first[i]) == 1.0F);
        sum += (double)first[i];
    }
    ck_assert(fabs(sum) < MEMBERS * INPUTS);
    for (size_t i = 0; i < MEMBERS * 64; i++) {
        ck_assert(second[i] == 1.0F && tensor_of(model, "0.s")[i] == 1.0F);
    }
    snug_model_free(model);
}
END_TEST

static Suite *batch_ensemble_suite(void) {
    Suite *suite = suite_create("batch_ensemble");
    TCase *tests = tcase_create("members");
    tcase_add_loop_test(tests, layers_that_would_mix_members_are_refused, 0, 5);
    tcase_add_test(tests, members_are_as_many_in_all_layers);
    tcase_add_test(tests, a_block_has_no_members);
    tcase_add_test(tests, layers_that_take_values_one_by_one_follow);
    tcase_add_test(tests, scalings_start_with_signs_and_ones);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(batch_ensemble_suite)
