/* Fitting the scaling of targets, and what training makes small then. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kinds/builtin_kinds.h"
#include "kinds/object.h"
#include "support/errors.h"
#include "support/suite.h"
#include "support/units.h"

/* ---- fitting --------------------------------------------------------------------------------- */

/* Of 1, 2, 4, 9 the mean is 4 and the variance 9.5; the row that weighs nothing does not count. */
START_TEST(mean_and_deviation_of_each_output) {
    static const float rows[5] = {0, 1, 2, 3, 4}, weights[5] = {1, 3, 0, 1, 0.5F};
    static const float values[15] = {1,     -100, 7, 2, 300, 7,   1e30F, 1e30F,
                                     1e30F, 4,    0, 7, 9,   200, 7};
    snug_dataset *data = snug_dataset_from_values(rows, 5, 1, values, 3);
    snug_model *model = mlp(1, 3);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    ck_assert_int_eq(snug_fit(model, data, &(snug_fit_options){.epochs = 1}, NULL), SNUG_OK);
    const snug_target_scaler *scaler = target_scaler_of(model);
    ck_assert_uint_eq(scaler->outputs, 3);
    ck_assert_double_eq(scaler->mean[0], 4);
    ck_assert_double_eq_tol(scaler->deviation[0], sqrt(9.5), 1e-15);
    ck_assert_double_eq(scaler->mean[1], 100);
    ck_assert_double_eq_tol(scaler->deviation[1], sqrt(25000), 1e-12);
    ck_assert_double_eq(scaler->mean[2], 7);
    ck_assert_double_eq(scaler->deviation[2], 1); /* it is constant */
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(none_and_classes_scale_nothing) {
    snug_dataset *values = two_units(), *classes = blobs();
    snug_model *model =
        fitted(values, (snug_fit_options){.target_scaling = SNUG_TARGET_SCALING_NONE}, NULL);
    ck_assert_ptr_null(target_scaler_of(model));
    /* The model keeps it. */
    ck_assert_int_eq(snug_fit(model, values, &(snug_fit_options){.epochs = 1}, NULL), SNUG_OK);
    ck_assert_ptr_null(target_scaler_of(model));
    snug_model_free(model);
    model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_int_eq(snug_fit(model, classes, &(snug_fit_options){.epochs = 1}, NULL), SNUG_OK);
    ck_assert_ptr_null(target_scaler_of(model));
    snug_model_free(model);
    snug_dataset_free(values);
    snug_dataset_free(classes);
}
END_TEST

static snug_dataset *fractions(void) {
    static float shares[UNIT_VALUES];
    for (size_t i = 0; i < UNIT_VALUES; i++) {
        shares[i] = (float)(i % 7) / 7;
    }
    return snug_dataset_from_values(unit_features(), UNIT_ROWS, UNIT_COLUMNS, shares, UNIT_OUTPUTS);
}

static char *bytes_after(const snug_dataset *data, const char *loss, snug_target_scaling scaling,
                         size_t *size) {
    char *bytes;
    snug_model *model = fitted(
        data, (snug_fit_options){.loss = snug_loss_new(loss), .target_scaling = scaling}, NULL);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_model_free(model);
    return bytes;
}

/* A loss scales its targets, or they have a domain and nothing changes. */
START_TEST(every_loss_of_values_scales_or_changes_nothing) {
    snug_dataset *data = fractions();
    size_t scaled = 0, left = 0;
    for (const snug_kind *const *k = snug_builtin_kinds(SNUG_GROUP_LOSS); *k != NULL; k++) {
        const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)*k;
        size_t sizes[2];
        if (!(kind->targets & SNUG_TARGET_VALUES)) {
            ck_assert(kind->magnitude == NULL);
            continue;
        }
        char *standard =
            bytes_after(data, kind->base.name, SNUG_TARGET_SCALING_STANDARD, &sizes[0]);
        char *none = bytes_after(data, kind->base.name, SNUG_TARGET_SCALING_NONE, &sizes[1]);
        bool same = sizes[0] == sizes[1] && memcmp(standard, none, sizes[0]) == 0;
        ck_assert_msg(same == (kind->magnitude == NULL), "%s", kind->base.name);
        ck_assert(kind->magnitude == NULL || kind->values == NULL);
        scaled += kind->magnitude != NULL;
        left += kind->magnitude == NULL;
        snug_free(standard);
        snug_free(none);
    }
    ck_assert_uint_ge(scaled, 5);
    ck_assert_uint_ge(left, 3);
    snug_dataset_free(data);
}
END_TEST

/* ---- what training makes small --------------------------------------------------------------- */

/* The targets standardized by hand, by the model's scaler. */
static snug_dataset *standardized(const snug_dataset *data, const snug_target_scaler *scaler) {
    static float by_hand[UNIT_VALUES];
    for (size_t i = 0; i < UNIT_ROWS * scaler->outputs; i++) {
        size_t j = i % scaler->outputs;
        double t = (double)snug_dataset_values(data, i / scaler->outputs)[j];
        by_hand[i] = (float)((t - scaler->mean[j]) / scaler->deviation[j]);
    }
    return snug_dataset_from_values(unit_features(), UNIT_ROWS, UNIT_COLUMNS, by_hand,
                                    scaler->outputs);
}

/* Both models must have nearly the same weights, which is more than similar predictions. */
static void expect_same_weights(const snug_model *a, const snug_model *b) {
    for (size_t i = 0; i < a->plan->parameters; i++) {
        ck_assert_double_eq_tol((double)a->parameters[i], (double)b->parameters[i], 1e-4);
    }
}

static snug_fit_options descent(const char *loss, double rate) {
    return (snug_fit_options){.loss = snug_loss_new(loss),
                              .optimizer = snug_sgd(rate, 0.5),
                              .batch_size = 11,
                              .epochs = 20,
                              .seed = 6};
}

START_TEST(squared_errors_train_as_on_standardized_targets) {
    snug_dataset *data = two_units();
    snug_model *model = fitted(data, descent("mse", 0.05), NULL);
    snug_dataset *scaled = standardized(data, target_scaler_of(model));
    snug_fit_options o = descent("mse", 0.05);
    o.target_scaling = SNUG_TARGET_SCALING_NONE;
    snug_model *by_hand = fitted(scaled, o, NULL);
    expect_same_weights(model, by_hand);
    ck_assert_double_gt(metric_of(model, data, "r2"), 0.5);
    snug_dataset_free(data);
    snug_dataset_free(scaled);
    snug_model_free(model);
    snug_model_free(by_hand);
}
END_TEST

/*
 * delta is 9000 units of the targets. On standardized targets that is 9000 / deviation, and as the
 * loss is divided by delta * deviation, the same steps need a rate that is as much larger.
 */
START_TEST(delta_is_in_the_units_of_the_targets) {
    const double delta = 9000, rate = 0.02;
    char spec[64];
    snug_dataset *data = one_unit();
    snug_model *model = fitted(data, descent("{\"type\": \"huber\", \"delta\": 9000}", rate), NULL);
    const snug_target_scaler *scaler = target_scaler_of(model);
    ck_assert_double_gt(scaler->deviation[0], 3 * delta);
    double relative = delta / scaler->deviation[0];
    snug_dataset *scaled = standardized(data, scaler);
    snprintf(spec, sizeof spec, "{\"type\": \"huber\", \"delta\": %.17g}", relative);
    snug_fit_options o = descent(spec, rate / relative);
    o.target_scaling = SNUG_TARGET_SCALING_NONE;
    snug_model *by_hand = fitted(scaled, o, NULL);
    expect_same_weights(model, by_hand);
    snug_dataset_free(data);
    snug_dataset_free(scaled);
    snug_model_free(model);
    snug_model_free(by_hand);
}
END_TEST

/* Weights of rows make no difference to how they are scaled back. */
START_TEST(gradients_of_every_loss_of_values) {
    snug_dataset *data = two_units();
    static float weights[UNIT_ROWS];
    size_t checked = 0;
    for (size_t i = 0; i < UNIT_ROWS; i++) {
        weights[i] = (float)(i % 3) * 0.7F;
    }
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    for (const snug_kind *const *k = snug_builtin_kinds(SNUG_GROUP_LOSS); *k != NULL; k++) {
        const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)*k;
        if (kind->magnitude == NULL) {
            continue;
        }
        snug_gradient_report report = {.max_rows = 20, .max_entries = 16};
        snug_model *model = untrained(data, kind->base.name);
        ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s: %s",
                      kind->base.name, snug_error());
        ck_assert_uint_eq(report.count, 4);
        for (size_t i = 0; i < report.count; i++) {
            ck_assert_msg(!report.checks[i].zero, "%s", kind->base.name);
        }
        snug_gradient_report_clear(&report);
        snug_model_free(model);
        checked++;
    }
    ck_assert_uint_ge(checked, 5);
    snug_dataset_free(data);
}
END_TEST

/* Whatever the units, a first gradient is of the size 1. */
START_TEST(gradients_do_not_depend_on_units) {
    static float values[UNIT_ROWS];
    for (double unit = 1e-12; unit < 1e13; unit *= 1e4) {
        for (const snug_kind *const *k = snug_builtin_kinds(SNUG_GROUP_LOSS); *k != NULL; k++) {
            const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)*k;
            if (kind->magnitude == NULL) {
                continue;
            }
            for (size_t i = 0; i < UNIT_ROWS; i++) {
                values[i] = (float)(unit * (5.0 + (double)unit_targets()[i * UNIT_OUTPUTS] /
                                                      UNIT_DEVIATION));
            }
            snug_dataset *data =
                snug_dataset_from_values(unit_features(), UNIT_ROWS, UNIT_COLUMNS, values, 1);
            snug_model *model = untrained(data, kind->base.name);
            snug_session *session = snug_session_new_training(model, UNIT_ROWS, 1);
            snug_loss *loss = snug_loss_new(kind->base.name);
            const snug_targets targets = {.values = values};
            const float *z;
            size_t n;
            double norm;
            ck_assert_int_eq(snug_forward(session, unit_features(), UNIT_ROWS, 0, &z), SNUG_OK);
            ck_assert_int_eq(snug_backward(session, loss, &targets, NULL), SNUG_OK);
            ck_assert_int_eq(snug_clip_norm(session, 1e6, &norm), SNUG_OK);
            ck_assert_ptr_nonnull(snug_session_gradients(session, &n));
            ck_assert_msg(norm > 0.1 && norm < 30, "%s in units of %g: %g", kind->base.name, unit,
                          norm);
            snug_loss_free(loss);
            snug_session_free(session);
            snug_model_free(model);
            snug_dataset_free(data);
        }
    }
}
END_TEST

START_TEST(all_rows_at_once_converge) {
    snug_dataset *data[] = {one_unit(), two_units()};
    for (size_t i = 0; i < 2; i++) {
        snug_fit_options o = {
            .optimizer = snug_optimizer_new("lbfgs"), .epochs = 200, .batch_size = 17, .seed = 2};
        snug_history *history;
        snug_model *model = fitted(data[i], o, &history);
        ck_assert_double_gt(metric_of(model, data[i], "r2"), 0.99);
        double before = INFINITY;
        for (size_t e = 1; i == 0 && e <= snug_history_epoch_count(history); e++) {
            double loss = snug_metrics_get(snug_history_train(history, e), "loss");
            ck_assert_double_le(loss, before);
            before = loss;
        }
        snug_history_free(history);
        snug_model_free(model);
        snug_dataset_free(data[i]);
    }
}
END_TEST

/* ---- a loop of one's own --------------------------------------------------------------------- */

START_TEST(backward_takes_targets_in_their_units) {
    double mean;
    size_t n;
    const float *z;
    snug_dataset *data = two_units();
    snug_model *model = mlp(UNIT_COLUMNS, UNIT_OUTPUTS);
    snug_loss *loss = snug_mse();
    const snug_targets targets = {.values = unit_targets()};
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_NONE), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    snug_session *older = snug_session_new_training(model, UNIT_ROWS, 1);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, data, SNUG_TARGET_SCALING_STANDARD),
                     SNUG_OK);
    snug_session *session = snug_session_new_training(model, UNIT_ROWS, 1);
    ck_assert_int_eq(snug_forward(session, unit_features(), UNIT_ROWS, 0, &z), SNUG_OK);
    ck_assert_double_lt(fabs((double)z[0]), 100);
    ck_assert_int_eq(snug_backward(session, loss, &targets, &mean), SNUG_OK);
    ck_assert_double_eq_tol(mean / metric_of(model, data, "loss"), 1, 1e-9);
    /* Another loss than the model's, which scales nothing, compares what forward gives. */
    snug_loss *poisson = snug_poisson();
    static const float counts[UNIT_VALUES] = {3};
    ck_assert_int_eq(snug_forward(session, unit_features(), UNIT_ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, poisson, &(snug_targets){.values = counts}, &mean),
                     SNUG_OK);
    ck_assert_double_lt(mean, 1e4);
    ck_assert_int_eq(snug_forward(older, unit_features(), UNIT_ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(older, loss, &targets, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the model has got its target scaling after the session was made");
    ck_assert_ptr_nonnull(snug_session_gradients(session, &n));
    snug_loss_free(poisson);
    snug_loss_free(loss);
    snug_session_free(older);
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *target_scaling(void) {
    Suite *suite = suite_create("target_scaling");
    TCase *tests = tcase_create("target_scaling");
    tcase_add_test(tests, mean_and_deviation_of_each_output);
    tcase_add_test(tests, none_and_classes_scale_nothing);
    tcase_add_test(tests, every_loss_of_values_scales_or_changes_nothing);
    tcase_add_test(tests, squared_errors_train_as_on_standardized_targets);
    tcase_add_test(tests, delta_is_in_the_units_of_the_targets);
    tcase_add_test(tests, gradients_of_every_loss_of_values);
    tcase_add_test(tests, gradients_do_not_depend_on_units);
    tcase_add_test(tests, all_rows_at_once_converge);
    tcase_add_test(tests, backward_takes_targets_in_their_units);
    suite_add_tcase(suite, tests);
    return suite;
}
REGISTER_SUITE(target_scaling)
