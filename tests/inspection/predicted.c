/* Predictions of layers that have tensors of their own agree with what is measured of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inspection/support.h"
#include "support/suite.h"

static void set_tensor(snug_model *model, size_t index, const float *values, size_t n) {
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor(model, index, &info), SNUG_OK);
    ck_assert_uint_eq(info.rows * info.columns, n);
    memcpy(info.values, values, n * sizeof *values);
}

/* The first tensor of the layer behind a dense one; state comes behind all parameters. */
enum { FIRST_OWN = 2 };

/* Layers with tensors, and how many of these, the first ones, get random values. */
static const struct {
    const char *layer;
    int tensors;
    bool training;
} knowing[] = {
    {"{\"type\": \"parametric_activation\", \"function\": \"selu\"}", 0, false},
    {"{\"type\": \"parametric_activation\", \"function\": \"selu\"}", 1, false},
    {"{\"type\": \"parametric_activation\", \"function\": \"thresholded_relu\"}", 1, false},
    {"{\"type\": \"prelu\", \"shared\": false}", 1, false},
    {"\"feature_scale\"", 1, false},
    {"\"layer_norm\"", 2, false},
    {"\"batch_norm\"", 0, false},
    {"\"batch_norm\"", 2, true},
};

START_TEST(are_predicted_of_layers_with_tensors) {
    char layers[300];
    float values[60];
    const snug_random stream = {.seed = 8, .purpose = 9};
    snprintf(layers, sizeof layers, "[{\"type\": \"dense\", \"units\": 60}, %s, %s]",
             knowing[_i].layer, "{\"type\": \"dense\", \"units\": 3}");
    snug_model *model = inspected_model(400, layers, "mse");
    snug_dataset *data = normal_rows(1280, 400);
    for (size_t j = 0; j < 60; j++) {
        values[j] = 0.5F;
    }
    set_tensor(model, 1, values, 60); /* a mean other than 0 */
    for (int k = 0; k < knowing[_i].tensors; k++) {
        snug_random_normal(&stream, (uint64_t)(k + 1) * 60, 60, values);
        set_tensor(model, FIRST_OWN + (size_t)k, values, 60);
    }
    snug_inspection *found =
        inspect(model, data,
                &(snug_inspect_options){.training = knowing[_i].training, .no_gradients = true});
    const snug_layer_statistics *layer = layer_of(found, 1);
    ck_assert_double_eq_tol(layer->mean, layer->theory.mean, 0.02);
    ck_assert_double_eq_tol(layer->variance / layer->theory.variance, 1, 0.05);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* At the start the strengths are 1, and the prediction is that of the activation itself. */
#define DENSE(units) "{\"type\": \"dense\", \"units\": " units "}"
#define RESIDUAL(layers) "{\"type\": \"residual\", \"layers\": [" layers "]}"
#define HIGHWAY(more, layers) "{\"type\": \"highway\", " more "\"layers\": [" layers "]}"

static const char *const blocks[] = {
    RESIDUAL("\"selu\", " DENSE("300")),
    RESIDUAL(DENSE("200") ", \"tanh\""), /* with a projection */
    RESIDUAL(DENSE("300") ", \"selu\", " RESIDUAL(DENSE("300"))),
    HIGHWAY("", DENSE("300") ", \"selu\""),
    HIGHWAY("\"gate_bias\": 1, ", DENSE("300") ", \"softplus\""),
};

/* Their outputs, and the gradients that go back through them. */
START_TEST(are_predicted_of_blocks) {
    char layers[600];
    float biases[300];
    snprintf(layers, sizeof layers, "[%s, %s, %s]", DENSE("300"), blocks[_i], DENSE("3"));
    snug_model *model = inspected_model(400, layers, "softmax_cross_entropy");
    snug_dataset *data = normal_rows(320, 400);
    for (size_t j = 0; j < 300; j++) {
        biases[j] = 0.3F + 0.2F * (float)(j % 3);
    }
    set_tensor(model, 1, biases, 300); /* a mean other than 0 */
    snug_inspection *found = inspect(model, data, NULL);
    const snug_layer_statistics *first = layer_of(found, 0), *block = layer_of(found, 1);
    ck_assert_double_eq_tol(block->mean, block->theory.mean, 0.05);
    ck_assert_double_eq_tol(block->variance / block->theory.variance, 1, 0.06);
    ck_assert_double_gt(fabs(block->variance / first->variance - 1), 0.1);
    /* they come from three outputs alone: few for a mean over units */
    ck_assert_double_eq_tol(first->gradient_variance / first->theory.gradient_variance, 1, 0.2);
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Without a linear layer, what a block makes of its inputs is not independent of them. */
START_TEST(are_not_those_of_blocks_without_weights) {
    snug_model *model =
        inspected_model(30, "[" RESIDUAL("\"tanh\"") ", " DENSE("3") "]", "softmax_cross_entropy");
    snug_dataset *data = normal_rows(64, 30);
    snug_inspection *found = inspect(model, data, NULL);
    ck_assert(isnan(layer_of(found, 0)->theory.variance));
    ck_assert(!isnan(layer_of(found, 1)->theory.variance));
    snug_inspection_free(found);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(are_those_of_the_activation_at_the_start) {
    static const char *const layers[] = {
        "[{\"type\": \"dense\", \"units\": 40}, \"selu\", {\"type\": \"dense\", \"units\": 3}]",
        "[{\"type\": \"dense\", \"units\": 40}, {\"type\": \"parametric_activation\", "
        "\"function\": "
        "\"selu\"}, {\"type\": \"dense\", \"units\": 3}]"};
    snug_dataset *data = normal_rows(300, 30);
    snug_inspection *found[2];
    for (int k = 0; k < 2; k++) {
        snug_model *model = inspected_model(30, layers[k], "softmax_cross_entropy");
        found[k] = inspect(model, data, NULL);
        snug_model_free(model);
    }
    for (size_t i = 0; i < 2; i++) {
        const snug_layer_theory *plain = &layer_of(found[0], i)->theory;
        const snug_layer_theory *parametric = &layer_of(found[1], i)->theory;
        expect_near(parametric->mean, plain->mean);
        expect_near(parametric->variance, plain->variance);
        ck_assert_double_eq_tol(parametric->gradient_variance / plain->gradient_variance, 1, 0.3);
    }
    snug_inspection_free(found[0]);
    snug_inspection_free(found[1]);
    snug_dataset_free(data);
}
END_TEST

static Suite *predicted_suite(void) {
    Suite *suite = suite_create("predictions of layers");
    TCase *tests = tcase_create("predictions of layers");
    tcase_add_loop_test(tests, are_predicted_of_layers_with_tensors, 0,
                        sizeof knowing / sizeof *knowing);
    tcase_add_loop_test(tests, are_predicted_of_blocks, 0, sizeof blocks / sizeof *blocks);
    tcase_add_test(tests, are_not_those_of_blocks_without_weights);
    tcase_add_test(tests, are_those_of_the_activation_at_the_start);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(predicted_suite)
