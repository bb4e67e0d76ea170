/* The importance of fields: of metrics that are known functions of the values. */
#include <math.h>

#include "support.h"
#include "support/suite.h"
#include "tune/importance.h"

enum { TRIALS = 200 };

#define SPACE                                                                                      \
    "{\"train.optimizer.learning_rate\": {\"log_uniform\": [0.001, 1]}, \"train.batch_size\": "    \
    "[8, "                                                                                         \
    "16, 32], \"train.ema\": {\"uniform\": [0, 0.5]}}"

/* The shares of the three fields where a trial's metric is `weights` times their positions. */
static void compute(const double weights[3], double shares[3]) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    snug_tune_plan plan;
    snug_run runs[TRIALS], *sorted[TRIALS];
    snug_status status =
        snug_tune_plan_start(&plan, e, &(snug_tune_options){.space = SPACE, .trials = TRIALS + 1});
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    for (size_t i = 0; i < TRIALS; i++) {
        runs[i] = (snug_run){.trial = i + 1};
        for (size_t k = 0; k < 3; k++) {
            runs[i].metric += weights[k] * snug_space_draw(3, i + 1, k);
        }
        sorted[i] = &runs[i];
    }
    snug_run_sort(sorted, TRIALS, plan.metric);
    snug_importance_compute(&plan, sorted, TRIALS, shares);
    snug_tune_plan_clear(&plan);
    snug_experiment_free(e);
    tune_folder_remove();
}

/*
 * Of a metric that is one field alone, quarters explain 1 - 1/16 of the variance of ranks, thirds
 * 1 - 1/9; of two equal independent fields each explains about half of that.
 */
START_TEST(shares_are_those_of_the_variance) {
    double shares[3];
    compute((const double[]){1, 0, 0}, shares);
    ck_assert(fabs(shares[0] - 15.0 / 16) < 0.02);
    ck_assert(shares[1] < 0.05 && shares[2] < 0.05);
    compute((const double[]){0, 1, 0}, shares);
    ck_assert(fabs(shares[1] - 8.0 / 9) < 0.02);
    compute((const double[]){1, 0, 1}, shares);
    ck_assert(fabs(shares[0] - 0.45) < 0.12 && fabs(shares[2] - 0.45) < 0.12);
    ck_assert(shares[1] < 0.05);
}
END_TEST

static Suite *importance(void) {
    Suite *suite = suite_create("importance");
    TCase *tests = tcase_create("importance");
    tcase_add_test(tests, shares_are_those_of_the_variance);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(importance)
