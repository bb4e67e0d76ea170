/* Each condition of self-normalization that does not hold has its note, and no other has one. */
#include <stdio.h>
#include <string.h>

#include "inspection/support.h"
#include "support/errors.h"
#include "support/suite.h"

#define DENSE(units) "{\"type\": \"dense\", \"units\": " #units "}"
#define HE(units) "{\"type\": \"dense\", \"units\": " #units ", \"init\": \"he_normal\"}"

#define AUTO(units) "{\"type\": \"dense\", \"units\": " #units ", \"init\": \"auto\"}"
#define DROPOUT "{\"type\": \"dropout\", \"rate\": 0.2}"
#define RESIDUAL(layers) "{\"type\": \"residual\", \"layers\": [" layers "]}"
#define HIGHWAY(layers) "{\"type\": \"highway\", \"layers\": [" layers "]}"

/* A model, and how its only note begins; NULL: it has none. */
static const struct {
    const char *layers, *note;
} cases[] = {
    {"[" DENSE(40) ", \"selu\", " DENSE(40) ", \"selu\", " DENSE(3) "]", NULL},
    {"[" DENSE(40) ", \"selu\", {\"type\": \"alpha_dropout\", \"rate\": 0.3}, " DENSE(
         40) ", \"selu\", " DENSE(3) "]",
     NULL},
    /* without self-normalizing activations there is no condition */
    {"[" HE(4) ", \"relu\", {\"type\": \"dropout\", \"rate\": 0.3}, " HE(4) ", \"relu\", " DENSE(
         3) "]",
     NULL},
    {"[" DENSE(40) ", \"selu\", " HE(40) ", \"selu\", " DENSE(3) "]",
     "model.layers[2]: initial weights before a self-normalizing activation have variance 2/"},
    {"[" HE(40) ", \"selu\", " HE(40) ", \"selu\", " HE(3) "]",
     "model.layers[0] and 1 other: initial weights"},
    {"[" DENSE(40) ", \"selu\", {\"type\": \"dropout\", \"rate\": 0.2}, " DENSE(3) "]",
     "model.layers[2]: noise in training makes of variance 1 a variance of 1.25"},
    {"[" DENSE(40) ", \"selu\", {\"type\": \"gaussian_noise\", \"deviation\": 0.5}, " DENSE(3) "]",
     "model.layers[2]: noise in training makes of variance 1 a variance of 1.25"},
    {"[" DENSE(40) ", \"selu\", " DENSE(40) ", \"relu\", " DENSE(40) ", \"selu\", " DENSE(3) "]",
     "model.layers[3]: this activation makes of variance 1 a variance of 0.341"},
    /* the last hidden layer's, too, but not what the model's outputs go through */
    {"[" DENSE(40) ", \"selu\", " DENSE(40) ", \"relu\", " DENSE(3) "]",
     "model.layers[3]: this activation makes of variance 1 a variance of 0.341"},
    {"[" DENSE(40) ", \"selu\", " DENSE(3) ", \"relu\"]", NULL},
    {"[" DENSE(40) ", \"selu\", " DENSE(40) ", \"prelu\", " DENSE(40) ", \"selu\", " DENSE(3) "]",
     "model.layers[3]: this activation makes of variance 1 a variance of 0.442"},
    /* "auto" and He's weights make up for ReLU */
    {"[" DENSE(40) ", \"relu\", " AUTO(40) ", \"selu\", " DENSE(3) "]", NULL},
    {"[" DENSE(40) ", \"relu\", " HE(40) ", \"selu\", " DENSE(3) "]", NULL},
    {"[" DENSE(40) ", \"relu\", " DENSE(40) ", \"selu\", " DENSE(3) "]",
     "model.layers[1]: this activation makes of variance 1 a variance of 0.341"},
    /* a fixed point that repels */
    {"[" DENSE(40) ", {\"type\": \"standardized\", \"of\": \"tanh\"}, " DENSE(3) "]", NULL},
    {"[" DENSE(40) ", {\"type\": \"standardized\", \"of\": \"gelu\"}, " DENSE(3) "]",
     "model.layers[1]: the fixed point of this activation repels: each layer multiplies"},
    /* normalization behind a skip brings the variance back */
    {"[" DENSE(40) ", \"selu\", " RESIDUAL(DENSE(40) ", \"selu\"") ", \"layer_norm\", " DENSE(
         3) "]",
     NULL},
    {"[" DENSE(40) ", \"selu\", " RESIDUAL(DENSE(40) ", \"selu\"") ", " DENSE(3) "]",
     "model.layers[2]: the skip of this block makes the variance "},
    /* inside of blocks */
    {"[" DENSE(40) ", \"selu\", " HIGHWAY(HE(40) ", \"selu\"") ", " DENSE(3) "]",
     "model.layers[2].layers[0]: initial weights before a self-normalizing activation"},
    {"[" DENSE(40) ", \"selu\", " HIGHWAY(DENSE(40) ", \"selu\", " DROPOUT) ", " DENSE(3) "]",
     "model.layers[2].layers[2]: noise in training makes of variance 1 a variance of 1.25"},
    {"[" DENSE(40) ", \"selu\", " HIGHWAY(DENSE(40) ", \"relu\"") ", " DENSE(
         40) ", \"selu\", " DENSE(3) "]",
     "model.layers[2].layers[1]: this activation makes of variance 1 a variance of 0.341"},
    /* the identity changes nothing */
    {"[" DENSE(40) ", \"selu\", \"identity\", " DENSE(40) ", \"selu\", " DENSE(3) "]", NULL},
    {"[" DENSE(7) ", \"selu\", " DENSE(40) ", \"selu\", " DENSE(3) "]",
     "model.layers[2]: sums of the outputs of 7 self-normalizing units"},
    {"[" DENSE(7) ", \"selu\", " DENSE(3) "]", NULL},
    {"[{\"type\": \"dense\", \"units\": 40, \"bias_init\": {\"type\": \"constant\", \"value\": "
     "-0.75}}, \"selu\", " DENSE(3) "]",
     "model.layers[0]: biases before a self-normalizing activation are 0.75"},
};

enum { CASES = sizeof cases / sizeof *cases };

START_TEST(are_noted) {
    snug_model *model = inspected_model(30, cases[_i].layers, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 30);
    snug_inspection *found = inspect(model, data, NULL);
    const char *note = snug_inspection_warning(found, 0);
    if (cases[_i].note == NULL) {
        ck_assert_msg(note == NULL, "%s", note);
    } else {
        ck_assert_ptr_nonnull(note);
        ck_assert_msg(strncmp(note, cases[_i].note, strlen(cases[_i].note)) == 0, "%s", note);
        ck_assert_ptr_null(snug_inspection_warning(found, 1));
    }
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(of_inputs_are_noted) {
    static float x[200 * 30];
    snug_model *model = inspected_model(30, cases[0].layers, "softmax_cross_entropy");
    const snug_random stream = {.seed = 2, .purpose = 1};
    for (int scale = 1; scale <= 3; scale += 2) {
        for (int shift = 0; shift <= 1; shift++) {
            snug_random_normal(&stream, 0, 200 * 30, x);
            for (size_t i = 0; i < sizeof x / sizeof *x; i++) {
                x[i] = (float)scale * x[i] + (float)shift;
            }
            snug_dataset *data = snug_dataset_from_arrays(x, 200, 30, NULL);
            snug_inspection *found =
                inspect(model, data, &(snug_inspect_options){.no_gradients = true});
            const char *note = snug_inspection_warning(found, 0);
            if (scale == 1 && shift == 0) {
                ck_assert_msg(note == NULL, "%s", note);
            } else {
                expect_message(note, "inputs: their mean is");
            }
            snug_inspection_free(found);
            snug_dataset_free(data);
        }
    }
    snug_model_free(model);
}
END_TEST

/* Training moved the weights: the initializer is right, and tau is 9. */
START_TEST(of_trained_weights_are_noted) {
    snug_model *model = inspected_model(30, cases[0].layers, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 30);
    const snug_fit_options one = {.epochs = 1, .optimizer = snug_sgd(1e-9, 0)};
    snug_tensor_info weight;
    ck_assert_int_eq(snug_fit(model, data, &one, NULL), SNUG_OK);
    snug_inspection *found = inspect(model, data, NULL);
    ck_assert_ptr_null(snug_inspection_warning(found, 0));
    snug_inspection_free(found);
    ck_assert_int_eq(snug_model_tensor(model, 2, &weight), SNUG_OK);
    for (size_t i = 0; i < weight.rows * weight.columns; i++) {
        weight.values[i] *= 3;
    }
    found = inspect(model, data, NULL);
    ck_assert_double_eq_tol(layer_of(found, 2)->tau.mean, 9, 1);
    expect_message(snug_inspection_warning(found, 0),
                   "model.layers[2]: the squares of a unit's weights add up to");
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* "auto" behind ReLU begins with a tau of 2, which training is compared with. */
START_TEST(of_trained_weights_are_compared_with_the_initial_ones) {
    snug_model *model =
        inspected_model(30, "[" DENSE(60) ", \"relu\", " AUTO(60) ", \"selu\", " DENSE(3) "]",
                        "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 30);
    const snug_fit_options one = {.epochs = 1, .optimizer = snug_sgd(1e-9, 0)};
    snug_tensor_info weight;
    ck_assert_int_eq(snug_fit(model, data, &one, NULL), SNUG_OK);
    snug_inspection *found = inspect(model, data, NULL);
    ck_assert_double_eq_tol(layer_of(found, 2)->tau.mean, 2, 0.2);
    ck_assert_ptr_null(snug_inspection_warning(found, 0));
    snug_inspection_free(found);
    ck_assert_int_eq(snug_model_tensor(model, 2, &weight), SNUG_OK);
    for (size_t i = 0; i < weight.rows * weight.columns; i++) {
        weight.values[i] *= 2;
    }
    found = inspect(model, data, NULL);
    const char *note = snug_inspection_warning(found, 0);
    expect_message(note, "model.layers[2]: the squares of a unit's weights add up to");
    ck_assert_ptr_nonnull(strstr(note, " on average and no longer to 2,"));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

#define FITTED                                                                                     \
    "{\"type\": \"dense\", \"units\": 64, \"parametrization\": \"ntk\", \"init\": "                \
    "\"data_driven\", \"bias_init\": \"data_driven\"}, {\"type\": \"parametric_activation\", "     \
    "\"function\": \"selu\"}, " DROPOUT

/* Columns alike, as in tables, so that fitted weights are large. */
static snug_dataset *alike_rows(size_t rows, size_t columns) {
    static float x[1 << 14], common[1 << 10];
    static int32_t classes[1 << 10];
    const snug_random stream = {.seed = 4, .purpose = 5};
    snug_random_normal(&stream, 0, rows * columns, x);
    snug_random_normal(&stream, rows * columns, rows, common);
    for (size_t i = 0; i < rows * columns; i++) {
        x[i] = 0.2F * x[i] + common[i / columns];
        classes[i / columns] = (int32_t)(i / columns % 3);
    }
    return snug_dataset_from_arrays(x, rows, columns, classes);
}

/* As the recipe "tabular" has them: neither before training nor behind it is there a note. */
START_TEST(of_weights_fitted_to_data_are_not_noted) {
    snug_model *model =
        inspected_model(30, "[" FITTED ", " FITTED ", " DENSE(3) "]", "softmax_cross_entropy");
    snug_dataset *data = alike_rows(300, 30);
    const snug_fit_options one = {.epochs = 1, .optimizer = snug_sgd(1e-9, 0)};
    ck_assert_int_eq(snug_model_fit_layers(model, data, 1), SNUG_OK);
    for (int trained = 0; trained <= 1; trained++) {
        snug_inspection *found = inspect(model, data, NULL);
        const char *note = snug_inspection_warning(found, 0);
        ck_assert_msg(note == NULL, "%s", note);
        ck_assert_double_gt(layer_of(found, 0)->tau.mean, 2);
        snug_inspection_free(found);
        if (trained == 0) {
            ck_assert_int_eq(snug_fit(model, data, &one, NULL), SNUG_OK);
        }
    }
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

enum { DEPTH = 24 };

/* Many hidden layers that nothing normalizes, and the only note of each. */
static const struct {
    const char *layer, *note;
} deep[] = {
    {"{\"type\": \"dense\", \"units\": 40, \"init\": \"lecun_normal\"}, \"relu\"", "falls"},
    {"{\"type\": \"dense\", \"units\": 40, \"init\": {\"type\": \"he_normal\", \"gain\": 2}}, "
     "\"relu\"",
     "grows"},
    {"{\"type\": \"dense\", \"units\": 40, \"init\": \"orthogonal\"}, \"tanh\"", NULL},
    {"{\"type\": \"dense\", \"units\": 40, \"init\": \"lecun_normal\"}, \"selu\"", NULL},
    {"{\"type\": \"dense\", \"units\": 40, \"init\": \"lecun_normal\"}, \"batch_norm\", \"relu\"",
     NULL},
};

START_TEST(of_a_variance_that_is_lost_with_depth_is_noted) {
    char layers[4000] = "[";
    for (int k = 0; k < DEPTH; k++) {
        size_t used = strlen(layers);
        snprintf(layers + used, sizeof layers - used, "%s, ", deep[_i].layer);
    }
    strcat(layers, DENSE(3) "]");
    snug_model *model = inspected_model(30, layers, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(300, 30);
    snug_inspection *found = inspect(model, data, NULL);
    const char *note = snug_inspection_warning(found, 0);
    if (deep[_i].note == NULL) {
        ck_assert_msg(note == NULL, "%s", note);
    } else {
        expect_message(note, "model.layers[47]: the variance of activations ");
        ck_assert_ptr_nonnull(strstr(note, deep[_i].note));
        ck_assert_ptr_null(snug_inspection_warning(found, 1));
    }
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *conditions_suite(void) {
    Suite *suite = suite_create("conditions");
    TCase *tests = tcase_create("conditions");
    tcase_add_loop_test(tests, are_noted, 0, CASES);
    tcase_add_test(tests, of_inputs_are_noted);
    tcase_add_test(tests, of_trained_weights_are_noted);
    tcase_add_test(tests, of_trained_weights_are_compared_with_the_initial_ones);
    tcase_add_test(tests, of_weights_fitted_to_data_are_not_noted);
    tcase_add_loop_test(tests, of_a_variance_that_is_lost_with_depth_is_noted, 0,
                        sizeof deep / sizeof *deep);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(conditions_suite)
