/*
 * Learning-rate factors, the ntk parametrization, and weight decay by a schedule and without
 * biases, beside a linear model that is trained here, in double precision.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 12, INPUTS = 5, UNITS = 3, STEPS = 30, PARAMETERS = (INPUTS + 1) * UNITS };

/* What is trained, beside the optimizer's fields. */
typedef struct variant {
    const char *fields; /* of the dense layer, in JSON */
    bool ntk;
    double weight_factor, bias_factor;
    bool keep_biases;
    const char *decay_schedule; /* "flat_cosine", or NULL */
} variant;

static const double rate = 0.03, decay = 0.2, beta1 = 0.9, beta2 = 0.95, epsilon = 1e-8;

static const variant variants[] = {
    {"", false, 1.0, 1.0, false, NULL},
    {", \"learning_rate_factor\": 0.25, \"bias_learning_rate_factor\": 3", false, 0.25, 3.0, false,
     NULL},
    {", \"parametrization\": \"ntk\", \"bias_learning_rate_factor\": 0.1", true, 1.0, 0.1, false,
     NULL},
    {"", false, 1.0, 1.0, true, NULL},
    {", \"parametrization\": \"ntk\", \"learning_rate_factor\": 2", true, 2.0, 1.0, true,
     "flat_cosine"},
};

/* ---- the reference --------------------------------------------------------------------------- */

/*
 * A parameter as it is defined: the weights of "ntk" are W, and the layer computes with
 * W / sqrt(fan_in). `scale` is 1 / sqrt(fan_in) for them, otherwise 1.
 */
typedef struct parameter {
    double value, m, v, factor, scale;
    bool decays;
} parameter;

static double x_at(size_t i, size_t k) {
    return sin(1.3 * (double)i + 2.1 * (double)k);
}

static double target_at(size_t i, size_t j) {
    return cos(0.7 * (double)i - (double)j);
}

/* AdamW of Loshchilov and Hutter 2019, where the decay does not depend on the factor. */
static void adamw(parameter *p, double gradient, int t, double decay_factor) {
    p->m = beta1 * p->m + (1.0 - beta1) * gradient;
    p->v = beta2 * p->v + (1.0 - beta2) * gradient * gradient;
    double mean = p->m / (1.0 - pow(beta1, t)), square = p->v / (1.0 - pow(beta2, t));
    double shrink = p->decays ? rate * decay * decay_factor : 0.0;
    p->value -= shrink * p->value + rate * p->factor * mean / (sqrt(square) + epsilon);
}

/* The gradients of the mean square error of all rows: dy = 2 (y - target) / (rows units). */
static void gradients_of(const parameter *p, double *gradients) {
    memset(gradients, 0, PARAMETERS * sizeof *gradients);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < UNITS; j++) {
            const parameter *bias = &p[INPUTS * UNITS + j];
            double y = bias->value;
            for (size_t k = 0; k < INPUTS; k++) {
                y += x_at(i, k) * p[k * UNITS + j].value * p[k * UNITS + j].scale;
            }
            double dy = 2.0 * (y - target_at(i, j)) / (ROWS * UNITS);
            gradients[INPUTS * UNITS + j] += dy;
            for (size_t k = 0; k < INPUTS; k++) {
                gradients[k * UNITS + j] += dy * x_at(i, k) * p[k * UNITS + j].scale;
            }
        }
    }
}

static double decay_factor_at(const variant *v, int t) {
    double share = (double)(t - 1) / STEPS;
    return v->decay_schedule == NULL || share <= 0.5
               ? 1.0
               : (1.0 + cos(acos(-1.0) * (2 * share - 1))) / 2;
}

/* Trains from the initial weights, which it replaces. */
static void train_reference(const variant *v, double *weights) {
    parameter p[PARAMETERS];
    double gradients[PARAMETERS];
    for (size_t i = 0; i < PARAMETERS; i++) {
        bool bias = i >= INPUTS * UNITS;
        double scale = v->ntk && !bias ? 1.0 / sqrt(INPUTS) : 1.0;
        p[i] = (parameter){.value = weights[i] / scale,
                           .factor = bias ? v->bias_factor : v->weight_factor,
                           .scale = scale,
                           .decays = !bias || !v->keep_biases};
    }
    for (int t = 1; t <= STEPS; t++) {
        gradients_of(p, gradients);
        for (size_t i = 0; i < PARAMETERS; i++) {
            adamw(&p[i], gradients[i], t, decay_factor_at(v, t));
        }
    }
    for (size_t i = 0; i < PARAMETERS; i++) {
        weights[i] = p[i].value * p[i].scale;
    }
}

/* ---- the model ------------------------------------------------------------------------------- */

static snug_model *model_of(const variant *v) {
    char config[512];
    const int length =
        snprintf(config, sizeof config,
                 "{\"model\": {\"inputs\": %d, \"layers\": [{\"type\": \"dense\", \"units\": %d, "
                 "\"bias_init\": {\"type\": \"constant\", \"value\": 0.5}%s}]}}",
                 INPUTS, UNITS, v->fields);
    snug_model *model = snug_model_parse_config(config, (size_t)length);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    return model;
}

static void fill_data(float *x, float *targets) {
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t k = 0; k < INPUTS; k++) {
            x[i * INPUTS + k] = (float)x_at(i, k);
        }
        for (size_t j = 0; j < UNITS; j++) {
            targets[i * UNITS + j] = (float)target_at(i, j);
        }
    }
}

/* The weights, inputs x units, and then the biases. */
static void weights_of(snug_model *model, double *weights) {
    for (size_t k = 0; k < 2; k++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        for (size_t i = 0; i < info.rows * info.columns; i++) {
            weights[k * INPUTS * UNITS + i] = (double)info.values[i];
        }
    }
}

static snug_optimizer *new_optimizer(void) {
    return snug_optimizer_make(
        "adamw", SNUG_FIELDS(snug_number("learning_rate", rate), snug_number("beta1", beta1),
                             snug_number("beta2", beta2), snug_number("epsilon", epsilon),
                             snug_number("weight_decay", decay)));
}

static void fit(const variant *v, snug_model *model) {
    float x[ROWS * INPUTS], targets[ROWS * UNITS];
    fill_data(x, targets);
    snug_dataset *data = snug_dataset_from_values(x, ROWS, INPUTS, targets, UNITS);
    const snug_fit_options options = {
        .loss = snug_mse(),
        .optimizer = new_optimizer(),
        .weight_decay_schedule =
            v->decay_schedule != NULL ? snug_schedule_new(v->decay_schedule) : NULL,
        .keep_biases = v->keep_biases,
        .epochs = STEPS,
        .batch_size = ROWS,
        .keep_order = true,
        .scaling = SNUG_SCALING_NONE,
        .target_scaling = SNUG_TARGET_SCALING_NONE};
    ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
}

/* A loop of the caller's own. */
static void step_by_hand(snug_model *model) {
    float x[ROWS * INPUTS], targets[ROWS * UNITS];
    fill_data(x, targets);
    snug_session *session = snug_session_new_training(model, ROWS, 0);
    snug_loss *loss = snug_mse();
    snug_optimizer *optimizer = new_optimizer();
    for (int t = 1; t <= STEPS; t++) {
        const float *outputs;
        const snug_targets these = {.values = targets};
        ck_assert_int_eq(snug_forward(session, x, ROWS, (uint64_t)t, &outputs), SNUG_OK);
        ck_assert_int_eq(snug_backward(session, loss, &these, NULL), SNUG_OK);
        ck_assert_int_eq(snug_optimizer_step(optimizer, session), SNUG_OK);
    }
    snug_optimizer_free(optimizer);
    snug_loss_free(loss);
    snug_session_free(session);
}

static void compare(const char *how, const double *found, const double *expected) {
    for (size_t i = 0; i < PARAMETERS; i++) {
        ck_assert_msg(fabs(found[i] - expected[i]) <= 2e-5, "%s: parameter %zu: %.8g, not %.8g",
                      how, i, found[i], expected[i]);
    }
}

START_TEST(trains_as_the_definition) {
    const variant *v = &variants[_i];
    double expected[PARAMETERS], found[PARAMETERS], first[PARAMETERS];
    snug_model *model = model_of(v);
    weights_of(model, first);
    memcpy(expected, first, sizeof expected);
    ck_assert(first[PARAMETERS - 1] == 0.5);
    train_reference(v, expected);
    fit(v, model);
    weights_of(model, found);
    compare("snug_fit()", found, expected);
    snug_model_free(model);
    if (v->keep_biases) {
        return; /* which only options ask for */
    }
    model = model_of(v);
    step_by_hand(model);
    weights_of(model, found);
    compare("a loop", found, expected);
    snug_model_free(model);
}
END_TEST

/* Each field changes what comes out: the comparison above would miss one that does nothing. */
START_TEST(variants_differ) {
    double weights[PARAMETERS] = {0}, plain[PARAMETERS] = {0};
    snug_model *model = model_of(&variants[0]);
    weights_of(model, plain);
    train_reference(&variants[0], plain);
    snug_model_free(model);
    model = model_of(&variants[_i]);
    weights_of(model, weights);
    train_reference(&variants[_i], weights);
    snug_model_free(model);
    double most = 0.0;
    for (size_t i = 0; i < PARAMETERS; i++) {
        most = fmax(most, fabs(weights[i] - plain[i]));
    }
    ck_assert_double_gt(most, 1e-3);
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static void check_refused(snug_fit_options options, const char *fields, const char *location) {
    float x[ROWS * INPUTS], targets[ROWS * UNITS];
    const variant v = {.fields = fields};
    fill_data(x, targets);
    snug_dataset *data = snug_dataset_from_values(x, ROWS, INPUTS, targets, UNITS);
    snug_model *model = model_of(&v);
    ck_assert(snug_fit(model, data, &options, NULL) != SNUG_OK);
    expect_error(SNUG_ERROR_ARGUMENT, location);
    snug_model_free(model);
    snug_dataset_free(data);
}

START_TEST(refuses_factors_where_all_rows_make_one_step) {
    check_refused((snug_fit_options){.loss = snug_mse(), .optimizer = snug_lbfgs(1.0)},
                  ", \"learning_rate_factor\": 2", "learning_rate_factor or ntk");
}
END_TEST

START_TEST(refuses_a_schedule_of_a_decay_that_is_not_there) {
    check_refused((snug_fit_options){.loss = snug_mse(),
                                     .optimizer = snug_rprop(0.01),
                                     .weight_decay_schedule = snug_schedule_constant()},
                  "", "weight_decay_schedule");
}
END_TEST

static Suite *rates_suite(void) {
    Suite *suite = suite_create("rates");
    TCase *tcase = tcase_create("rates");
    const int count = sizeof variants / sizeof variants[0];
    tcase_add_loop_test(tcase, trains_as_the_definition, 0, count);
    tcase_add_loop_test(tcase, variants_differ, 1, count);
    tcase_add_test(tcase, refuses_factors_where_all_rows_make_one_step);
    tcase_add_test(tcase, refuses_a_schedule_of_a_decay_that_is_not_there);
    suite_add_tcase(suite, tcase);
    return suite;
}
REGISTER_SUITE(rates_suite)
