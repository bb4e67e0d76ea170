/*
 * The gradient check, over every layer x activation x loss of the registry; and that it can fail.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kinds/object.h"
#include "model/model.h"
#include "support.h"
#include "support/errors.h"
#include "support/members.h"
#include "support/registry.h"
#include "support/suite.h"

enum { ROWS = 7, INPUTS = 5 };

/* What the last layer's width and the targets must be for a loss. */
static snug_dataset *data_for(const snug_loss_kind *loss, const float *x, size_t *outputs) {
    static const int32_t classes[ROWS] = {0, 2, 1, 1, 0, 2, 2};
    static float values[ROWS * 3];
    *outputs = 3;
    if (loss->targets & SNUG_TARGET_CLASSES) {
        return snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
    }
    fill_numbers(3, ROWS * 3, values);
    for (size_t i = 0; i < ROWS * 3; i++) { /* within a range, or far from the outputs: no kinks */
        values[i] = loss->values != NULL ? fabsf(values[i]) / (1 + fabsf(values[i]))
                                         : values[i] + copysignf(4, values[i]);
    }
    return snug_dataset_from_values(x, ROWS, INPUTS, values, 3);
}

/* Biases that are not 0: a row whose units are all off would give equal outputs, at a kink. */
static void fill_biases(snug_model *model) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        const char *dot = strrchr(slot->name, '.');
        if (dot != NULL && strcmp(dot, ".bias") == 0 && !slot->tensor->state) {
            fill_numbers(i + 1, slot->size, model->parameters + slot->offset);
        }
    }
}

/*
 * dense, the activation, dense where they are to be apart, the layer, a linear one, under a loss.
 */
static snug_status check_pair(const char *activation, bool apart, const char *layer,
                              const snug_kind *kind, const snug_loss_kind *loss, bool *zero) {
    float x[ROWS * INPUTS];
    char last[128];
    size_t outputs;
    snug_dataset *data;
    snug_model *model = snug_model_new(INPUTS);
    snug_gradient_report report = {.max_entries = 12, .seed = 5, .max_rows = ROWS};
    snug_status status;
    fill_numbers(11, ROWS * INPUTS, x);
    data = data_for(loss, x, &outputs);
    snug_model_add(model, snug_dense(6));
    snug_model_add(model, snug_layer_new(activation));
    if (apart) {
        snug_model_add(model, snug_dense(6));
    }
    snug_model_add(model, snug_layer_new(layer));
    layer_after(kind, outputs, last, sizeof last);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new(last)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    fill_biases(model);
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss->base.name)), SNUG_OK);
    status = snug_check_gradients(model, data, &report);
    ck_assert(report.passed == (status == SNUG_OK));
    ck_assert(status != SNUG_OK || report.count >= 4);
    *zero = false;
    for (size_t i = 0; i < report.count; i++) {
        *zero = *zero || report.checks[i].zero;
    }
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

/*
 * The layer in question after the activation; not at once, where that lets nothing through which
 * the layer's parameters depend on, as a rectifier before prelu.
 */
static void check_one(const char *layer, const snug_kind *kind, const char *activation,
                      const snug_loss_kind *loss) {
    bool zero;
    snug_status status = check_pair(activation, false, layer, kind, loss, &zero);
    if (status == SNUG_OK && zero) {
        status = check_pair(activation, true, layer, kind, loss, &zero);
    }
    ck_assert_msg(!zero, "%s, %s, %s: a gradient is zero", layer, activation, loss->base.name);
    ck_assert_msg(status == SNUG_OK, "%s, %s, %s: %s", layer, activation, loss->base.name,
                  snug_error());
}

/* How a layer kind is written in the smallest way: its name, and values for what is required. */
static void smallest_spec(const snug_kind *kind, char *spec, size_t size) {
    int n = snprintf(spec, size, "{\"type\": \"%s\"", kind->name);
    for (const snug_field *f = kind->fields; f != NULL && f->kind != SNUG_FIELD_END; f++) {
        const char *value = f->kind == SNUG_FIELD_OBJECT   ? "\"tanh\""
                            : f->kind == SNUG_FIELD_LAYERS ? "[{\"type\": \"dense\", \"units\": 6}]"
                                                           : "6";
        value = test_value(f) != NULL ? test_value(f) : value;
        if (f->required || test_value(f) != NULL) {
            n += snprintf(spec + n, size - (size_t)n, ", \"%s\": %s", f->name, value);
        }
    }
    snprintf(spec + n, size - (size_t)n, "}");
}

/* The built-in kinds alone: another test may have registered kinds that are made to fail. */
static void check_kinds(size_t layer, size_t activation, size_t loss) {
    char spec[512];
    const snug_kind *kind = snug_kind_at(SNUG_GROUP_LAYER, layer);
    const snug_kind *last = snug_kind_at(SNUG_GROUP_LOSS, loss);
    smallest_spec(kind, spec, sizeof spec);
    check_one(spec, kind, snug_kind_at(SNUG_GROUP_ACTIVATION, activation)->name,
              (const snug_loss_kind *)(const void *)last);
}

START_TEST(every_layer_activation_and_loss) {
    const size_t layers = built_in_count(SNUG_GROUP_LAYER);
    const size_t activations = built_in_count(SNUG_GROUP_ACTIVATION);
    const size_t losses = built_in_count(SNUG_GROUP_LOSS);
    for (size_t i = 0; i < layers; i++) {
        for (size_t a = 0; a < activations; a++) {
            for (size_t l = 0; l < losses; l++) {
                check_kinds(i, a, l);
            }
        }
    }
    ck_assert_uint_ge(layers, 9);
    ck_assert_uint_ge(activations, 8);
    ck_assert_uint_ge(losses, 3);
}
END_TEST

/* Each kind two or three times, beside others each time: few enough for Valgrind. */
START_TEST(each_kind_beside_some_others) {
    const size_t layers = built_in_count(SNUG_GROUP_LAYER);
    const size_t activations = built_in_count(SNUG_GROUP_ACTIVATION);
    const size_t losses = built_in_count(SNUG_GROUP_LOSS);
    const size_t most = layers > activations ? layers : activations;
    ck_assert_uint_gt(layers, 0);
    ck_assert_uint_gt(activations, 0);
    ck_assert_uint_gt(losses, 0);
    for (size_t i = 0; i < 3 * (most > losses ? most : losses); i++) {
        check_kinds(i % layers, (i + i / layers) % activations, (i + i / activations) % losses);
    }
}
END_TEST

/* An activation whose backward is wrong by a tenth. */
static void wrong_forward(const void *config, size_t rows, size_t columns, const float *x,
                          float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = 3 * x[i];
    }
}

static void wrong_backward(const void *config, size_t rows, size_t columns, const float *x,
                           const float *y, const float *dy, float *dx) {
    (void)config, (void)x, (void)y;
    for (size_t i = 0; i < rows * columns; i++) {
        dx[i] = 3.3F * dy[i];
    }
}

static void wrong_derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config, (void)x;
    for (size_t i = 0; i < n; i++) {
        dydx[i] = 3;
    }
}

static const snug_activation_kind wrong = {
    .base = {.name = "wrong", .summary = "a wrong derivative"},
    .flags = SNUG_READS_OUTPUT,
    .forward = wrong_forward,
    .backward = wrong_backward,
    .derivative = wrong_derivative,
};

static snug_gradient_report check_small(const char *first, const char *then, snug_status *status) {
    float x[ROWS * INPUTS];
    static const int32_t classes[ROWS] = {0, 2, 1, 1, 0, 2, 2};
    snug_gradient_report report = {.seed = 1};
    snug_dataset *data;
    snug_model *model = snug_model_new(INPUTS);
    fill_numbers(2, ROWS * INPUTS, x);
    data = snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
    snug_model_add(model, snug_layer_new(first));
    snug_model_add(model, snug_layer_new(then));
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    *status = snug_check_gradients(model, data, &report);
    snug_dataset_free(data);
    snug_gradient_report_clear(&report);
    snug_model_free(model);
    return report;
}

START_TEST(a_wrong_small_tensor_is_found) {
    snug_status status;
    snug_gradient_report report;
    ck_assert_int_eq(snug_register_activation(&wrong), SNUG_OK);
    report = check_small("{\"type\": \"dense\", \"units\": 4}", "wrong", &status);
    ck_assert_int_eq(status, SNUG_ERROR_GRADIENT);
    ck_assert(!report.passed);
    ck_assert_msg(strstr(snug_error(), "0.weight: the gradient differs from central differences by "
                                       "0.09") != NULL,
                  "%s", snug_error());
}
END_TEST

/*
 * Weights of 0 before a rectifier: each is at a kink, where the gradient of 0 is that of one side.
 */
START_TEST(an_all_zero_gradient_at_kinks_fails) {
    snug_status status;
    snug_gradient_report report =
        check_small("{\"type\": \"dense\", \"units\": 4, \"init\": \"zeros\"}", "relu", &status);
    ck_assert_int_eq(status, SNUG_ERROR_GRADIENT);
    ck_assert(!report.passed);
    expect_location("0.weight:");
}
END_TEST

/* An activation whose backward lets nothing through. */
static void blocked_backward(const void *config, size_t rows, size_t columns, const float *x,
                             const float *y, const float *dy, float *dx) {
    (void)config, (void)x, (void)y, (void)dy;
    memset(dx, 0, rows * columns * sizeof *dx);
}

static const snug_activation_kind blocked = {
    .base = {.name = "blocked", .summary = "a derivative of 0 that is not"},
    .flags = SNUG_READS_OUTPUT,
    .forward = wrong_forward,
    .backward = blocked_backward,
    .derivative = wrong_derivative,
};

START_TEST(an_all_zero_gradient_that_differences_deny_fails) {
    snug_status status;
    snug_gradient_report report;
    ck_assert_int_eq(snug_register_activation(&blocked), SNUG_OK);
    report = check_small("{\"type\": \"dense\", \"units\": 4}", "blocked", &status);
    ck_assert_int_eq(status, SNUG_ERROR_GRADIENT);
    ck_assert(!report.passed);
    ck_assert_msg(
        strstr(snug_error(), "0.weight: every gradient is zero where central differences give ") !=
            NULL,
        "%s", snug_error());
}
END_TEST

/* x[rows][columns] under a model of one dense layer. */
static snug_status check_linear(const snug_dataset *data, size_t outputs, snug_loss *loss,
                                snug_gradient_report *report) {
    snug_model *model = snug_model_new(snug_dataset_column_count(data));
    snug_status status;
    ck_assert_int_eq(snug_model_add(model, snug_dense(outputs)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, loss), SNUG_OK);
    status = snug_check_gradients(model, data, report);
    snug_model_free(model);
    return status;
}

/* Inside the margin, as many rows of each class pull the bias up as down: its gradient is 0. */
START_TEST(a_gradient_that_is_zero_passes) {
    static const float x[] = {0.25F, -0.5F, 0.125F, 0.375F, -0.25F, 0.5F};
    static const int32_t classes[] = {0, 1, 0, 1, 0, 1};
    snug_dataset *data = snug_dataset_from_arrays(x, 6, 1, classes);
    snug_gradient_report report = {.seed = 1};
    snug_status status = check_linear(data, 1, snug_loss_new("hinge"), &report);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    ck_assert(report.passed);
    ck_assert_uint_eq(report.count, 2);
    ck_assert(!report.checks[0].zero);
    ck_assert(report.checks[1].zero && report.checks[1].passed);
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
}
END_TEST

/*
 * The error of the first of three outputs changes its sign between one and two of the least steps:
 * a difference over the longer one is no derivative, whichever formula it is part of.
 */
START_TEST(a_kink_between_two_steps) {
    static const double places[] = {3.6e-4, 4.5e-4, 5.4e-4, -3.6e-4, -4.5e-4, -5.4e-4};
    const float x = 1, y[3] = {0.5F + (float)places[_i], 3.5F, -2};
    snug_dataset *data = snug_dataset_from_values(&x, 1, 1, y, 3);
    snug_gradient_report report;
    snug_model *model = snug_model_new(1);
    snug_model_add(model, snug_layer_new("{\"type\": \"dense\", \"units\": 3, \"init\": "
                                         "{\"type\": \"constant\", \"value\": 0.5}}"));
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    report = (snug_gradient_report){.loss = snug_loss_new("mae")};
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(report.checks[0].kinks, 1);
    ck_assert_uint_eq(report.checks[0].checked, 2);
    snug_loss_free((snug_loss *)(uintptr_t)report.loss);
    snug_gradient_report_clear(&report);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* The first rows weigh 0: others are taken. */
START_TEST(rows_of_weight_0_are_not_checked) {
    enum { MANY = 20 };
    float x[MANY], y[MANY], weights[MANY];
    snug_gradient_report report = {.seed = 1};
    for (size_t i = 0; i < MANY; i++) {
        x[i] = 0.3F * (float)i - 2;
        y[i] = i < 9 ? 1e30F : 7 - (float)i;
        weights[i] = i < 9 ? 0 : 2;
    }
    snug_dataset *data = snug_dataset_from_values(x, MANY, 1, y, 1);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    ck_assert_msg(check_linear(data, 1, snug_mse(), &report) == SNUG_OK, "%s", snug_error());
    ck_assert(report.passed);
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
}
END_TEST

static Suite *gradients_suite(void) {
    Suite *suite = suite_create("gradients");
    TCase *tc = tcase_create("central differences");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, each_kind_beside_some_others);
    tcase_add_test(tc, a_wrong_small_tensor_is_found);
    tcase_add_test(tc, an_all_zero_gradient_at_kinks_fails);
    tcase_add_test(tc, an_all_zero_gradient_that_differences_deny_fails);
    tcase_add_test(tc, a_gradient_that_is_zero_passes);
    tcase_add_loop_test(tc, a_kink_between_two_steps, 0, 6);
    tcase_add_test(tc, rows_of_weight_0_are_not_checked);
    suite_add_tcase(suite, tc);
    TCase *all = tcase_create("all of them");
    tcase_set_timeout(all, 300);
    tcase_set_tags(all, "exhaustive");
    tcase_add_test(all, every_layer_activation_and_loss);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(gradients_suite)
