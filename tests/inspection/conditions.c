/* Each condition of self-normalization that does not hold has its note, and no other has one. */
#include <string.h>

#include "inspection/support.h"
#include "support/errors.h"
#include "support/suite.h"

#define DENSE(units) "{\"type\": \"dense\", \"units\": " #units "}"
#define HE(units) "{\"type\": \"dense\", \"units\": " #units ", \"init\": \"he_normal\"}"

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
    /* behind the last self-normalizing layer any other may follow */
    {"[" DENSE(40) ", \"selu\", " DENSE(40) ", \"relu\", " DENSE(3) "]", NULL},
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

static Suite *conditions_suite(void) {
    Suite *suite = suite_create("conditions");
    TCase *tests = tcase_create("conditions");
    tcase_add_loop_test(tests, are_noted, 0, CASES);
    tcase_add_test(tests, of_inputs_are_noted);
    tcase_add_test(tests, of_trained_weights_are_noted);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(conditions_suite)
