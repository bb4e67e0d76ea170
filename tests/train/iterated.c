/* Optimizers that look at all rows at once: their objective, and the time of schedules. */
#include <float.h>
#include <math.h>
#include <string.h>

#include <snug/kind.h>

#include "support/problems.h"
#include "support/suite.h"

/* ---- an objective after one that was not finite ---------------------------------------------- */

enum { ROWS = 12, COLUMNS = 2, PARAMETERS = 2 };

typedef struct probe_config {
    double learning_rate;
} probe_config;

static double losses[3];
static float gradients[3][PARAMETERS];

/* Looks at the parameters, at others whose loss overflows in the second batch, and again. */
static bool probe(const void *config, size_t n, uint64_t t, double rate,
                  const snug_objective *objective, float *parameters, float *const *moments,
                  double *numbers) {
    float kept[PARAMETERS], *gradient = moments[0];
    (void)config;
    (void)t;
    (void)rate;
    (void)numbers;
    ck_assert_uint_ge(n, PARAMETERS);
    memcpy(kept, parameters, sizeof kept);
    for (int look = 0; look < 3; look++) {
        for (size_t i = 0; i < PARAMETERS; i++) {
            parameters[i] = look == 1 ? FLT_MAX : kept[i];
        }
        losses[look] = objective->evaluate(objective->user, gradient);
        memcpy(gradients[look], gradient, sizeof gradients[look]);
    }
    return false;
}

static const snug_field probe_fields[] = {{.name = "learning_rate",
                                           .help = "is not used",
                                           .kind = SNUG_FIELD_REAL,
                                           .offset = offsetof(probe_config, learning_rate),
                                           .initial = 1},
                                          {.kind = SNUG_FIELD_END}};

static const snug_optimizer_kind probe_kind = {
    .base = {.name = "probe",
             .summary = "looks at the objective three times",
             .fields = probe_fields,
             .config_size = sizeof(probe_config)},
    .moments = 1,
    .learning_rate = offsetof(probe_config, learning_rate),
    .iterate = probe,
};

/* The first five rows are 0, and so is their loss at any weights. */
static snug_dataset *rows_that_overflow_late(void) {
    static float x[ROWS * COLUMNS], y[ROWS];
    for (size_t i = 5; i < ROWS; i++) {
        x[i * COLUMNS] = 3.0F + (float)i;
        x[i * COLUMNS + 1] = 2.0F;
        y[i] = 0.5F * (float)i - 7.0F;
    }
    return snug_dataset_from_values(x, ROWS, COLUMNS, y, 1);
}

START_TEST(an_overflow_leaves_nothing_for_the_next_look) {
    snug_dataset *data = rows_that_overflow_late();
    snug_model *model = snug_model_new(COLUMNS);
    ck_assert_int_eq(snug_register_optimizer(&probe_kind), SNUG_OK);
    snug_model_add(model, snug_layer_new("{\"type\": \"dense\", \"units\": 1, \"bias\": false}"));
    snug_fit_options o = {.optimizer = snug_optimizer_new("probe"),
                          .epochs = 1,
                          .batch_size = 5,
                          .scaling = SNUG_SCALING_NONE,
                          .keep_order = true};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert(isfinite(losses[0]) && isinf(losses[1]));
    ck_assert_double_eq(losses[2], losses[0]);
    ck_assert(fabsf(gradients[0][0]) > 0.1F);
    ck_assert_mem_eq(gradients[2], gradients[0], sizeof gradients[0]);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- schedules ------------------------------------------------------------------------------- */

enum { EPOCHS = 6 };

static void losses_of(const char *schedule, size_t batch_size, double *epochs) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2);
    snug_history *history;
    snug_fit_options o = {.optimizer = snug_optimizer_new("lbfgs"),
                          .schedule = snug_schedule_new(schedule),
                          .epochs = EPOCHS,
                          .batch_size = batch_size,
                          .seed = 2};
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(snug_history_epoch_count(history), EPOCHS);
    for (size_t i = 0; i < EPOCHS; i++) {
        epochs[i] = snug_metrics_get(snug_history_train(history, i + 1), "loss");
    }
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}

static const char *const schedules[] = {
    "{\"type\": \"warmup\", \"epochs\": 5}",
    "{\"type\": \"warmup\", \"steps\": 4}",
    "{\"type\": \"exponential\", \"gamma\": 0.4}",
    "{\"type\": \"step\", \"every\": 2, \"gamma\": 0.2}",
    "cosine",
    "{\"type\": \"cosine\", \"period\": 3}",
    "polynomial",
    "{\"type\": \"one_cycle\", \"initial_divisor\": 10}",
};

/* An iteration is an epoch's only step, however few rows go through the model at once. */
START_TEST(a_schedule_counts_iterations) {
    double whole[EPOCHS], parts[EPOCHS], steady[EPOCHS], apart = 0;
    losses_of("constant", BLOB_ROWS, steady);
    losses_of(schedules[_i], BLOB_ROWS, whole);
    losses_of(schedules[_i], 10, parts);
    for (size_t i = 0; i < EPOCHS; i++) {
        ck_assert_msg(fabs(parts[i] - whole[i]) <= 0.01 * whole[i],
                      "%s: the loss of epoch %zu is %g in batches, %g at once", schedules[_i],
                      i + 1, parts[i], whole[i]);
        apart = fmax(apart, fabs(whole[i] - steady[i]) / steady[i]);
    }
    ck_assert_double_gt(apart, 0.05);
}
END_TEST

static Suite *iterated_suite(void) {
    Suite *suite = suite_create("iterated");
    TCase *tc = tcase_create("iterated");
    tcase_add_test(tc, an_overflow_leaves_nothing_for_the_next_look);
    tcase_add_loop_test(tc, a_schedule_counts_iterations, 0, sizeof schedules / sizeof *schedules);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(iterated_suite)
