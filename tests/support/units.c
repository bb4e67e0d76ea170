#include "support/units.h"

static float x[UNIT_ROWS * UNIT_COLUMNS], y[UNIT_VALUES];

static void fill(void) {
    const snug_random stream = {.seed = 23, .purpose = 5};
    snug_random_normal(&stream, 0, UNIT_ROWS * UNIT_COLUMNS, x);
    for (size_t i = 0; i < UNIT_ROWS; i++) {
        double a = (double)x[i * UNIT_COLUMNS], b = (double)x[i * UNIT_COLUMNS + 1];
        y[i * UNIT_OUTPUTS] = (float)(UNIT_MEAN + UNIT_DEVIATION * (a - 0.5 * b + 0.2 * a * b));
        y[i * UNIT_OUTPUTS + 1] = (float)(2e-3 * (0.3 - b * b + a));
    }
}

const float *unit_features(void) {
    fill();
    return x;
}

const float *unit_targets(void) {
    fill();
    return y;
}

snug_dataset *two_units(void) {
    fill();
    return snug_dataset_from_values(x, UNIT_ROWS, UNIT_COLUMNS, y, UNIT_OUTPUTS);
}

snug_dataset *one_unit(void) {
    static float first[UNIT_ROWS];
    fill();
    for (size_t i = 0; i < UNIT_ROWS; i++) {
        first[i] = y[i * UNIT_OUTPUTS];
    }
    return snug_dataset_from_values(x, UNIT_ROWS, UNIT_COLUMNS, first, 1);
}

const snug_target_scaler *target_scaler_of(const snug_model *model) {
    return snug_model_preprocessing(model)->target_scaler;
}

snug_model *fitted(const snug_dataset *data, snug_fit_options o, snug_history **history) {
    snug_model *model = mlp(UNIT_COLUMNS, snug_dataset_output_count(data));
    ck_assert_msg(snug_fit(model, data, &o, history) == SNUG_OK, "%s", snug_error());
    return model;
}

snug_model *untrained(const snug_dataset *data, const char *loss) {
    snug_model *model = mlp(UNIT_COLUMNS, snug_dataset_output_count(data));
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_target_scaler(model, data, SNUG_TARGET_SCALING_STANDARD),
                     SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    return model;
}

double metric_of(const snug_model *model, const snug_dataset *data, const char *name) {
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    return snug_metrics_get(&m, name);
}

void predict_units(const snug_model *model, float *predictions) {
    snug_session *session = snug_session_new(model, 7);
    ck_assert_int_eq(snug_predict(session, x, UNIT_ROWS, predictions), SNUG_OK);
    snug_session_free(session);
}
