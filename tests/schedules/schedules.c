/* Schedules: their values by independent formulas, their fields, and the loss that they watch. */
#include <math.h>

#include "schedules/schedule.h"
#include "support/errors.h"
#include "support/fields.h"
#include "support/suite.h"

static snug_object *schedule_of(const char *spec) {
    snug_object *schedule = snug_object_parse(SNUG_GROUP_SCHEDULE, spec);
    ck_assert_msg(schedule != NULL, "%s", snug_error());
    return schedule;
}

static const struct {
    const char *spec;
    uint64_t step, steps, steps_an_epoch;
    double factor;
} values[] = {
    {"constant", 0, 10, 5, 1.0},
    {"constant", 9, 10, 5, 1.0},
    /* floor(epoch / 3) = 0, 1, 2 */
    {"{\"type\": \"step\", \"every\": 3, \"gamma\": 0.25}", 20, 70, 7, 1.0},
    {"{\"type\": \"step\", \"every\": 3, \"gamma\": 0.25}", 21, 70, 7, 0.25},
    {"{\"type\": \"step\", \"every\": 3, \"gamma\": 0.25}", 48, 70, 7, 0.0625},
    {"{\"type\": \"exponential\", \"gamma\": 0.5}", 6, 70, 7, 1.0},
    {"{\"type\": \"exponential\", \"gamma\": 0.5}", 27, 70, 7, 0.125},
    /* the whole run: 60 and 90 degrees; then with a minimum */
    {"cosine", 0, 12, 5, 1.0},
    {"cosine", 4, 12, 5, 0.75},
    {"cosine", 6, 12, 5, 0.5},
    {"{\"type\": \"cosine\", \"minimum\": 0.2}", 8, 12, 5, 0.4},
    {"{\"type\": \"cosine\", \"minimum\": 0.2}", 12, 12, 5, 0.2},
    /* periods of 2 epochs of 3 steps */
    {"{\"type\": \"cosine\", \"period\": 2}", 5, 100, 3, 0.06698729810778065},
    {"{\"type\": \"cosine\", \"period\": 2}", 6, 100, 3, 1.0},
    {"{\"type\": \"cosine\", \"period\": 2}", 14, 100, 3, 0.75},
    /* periods of 1, 3 and 9 epochs of 4 steps: restarts at 4 and 16 */
    {"{\"type\": \"cosine\", \"period\": 1, \"multiplier\": 3}", 2, 99, 4, 0.5},
    {"{\"type\": \"cosine\", \"period\": 1, \"multiplier\": 3}", 4, 99, 4, 1.0},
    {"{\"type\": \"cosine\", \"period\": 1, \"multiplier\": 3}", 8, 99, 4, 0.75},
    {"{\"type\": \"cosine\", \"period\": 1, \"multiplier\": 3}", 16, 99, 4, 1.0},
    {"{\"type\": \"cosine\", \"period\": 1, \"multiplier\": 3}", 34, 99, 4, 0.5},
    /* waves end at the shares (2^n - 1) / 15: steps 0, 2, 6 and 14 of 30 */
    {"coslog", 0, 30, 10, 0.0},
    {"coslog", 1, 30, 10, 0.930430970431205},
    {"coslog", 2, 30, 10, 0.0},
    {"coslog", 14, 30, 10, 0.0},
    {"coslog", 29, 30, 10, 0.020563690960599124},
    {"{\"type\": \"coslog\", \"cycles\": 2}", 1, 6, 3, 0.930430970431205},
    {"flat_cosine", 6, 12, 3, 1.0},
    {"flat_cosine", 8, 12, 3, 0.75},
    {"flat_cosine", 9, 12, 3, 0.5},
    {"flat_cosine", 12, 12, 3, 0.0},
    {"{\"type\": \"flat_cosine\", \"flat\": 0.25}", 3, 12, 3, 1.0},
    {"{\"type\": \"flat_cosine\", \"flat\": 0.25}", 6, 12, 3, 0.75},
    {"{\"type\": \"flat_cosine\", \"flat\": 0}", 6, 12, 3, 0.5},
    {"polynomial", 3, 12, 5, 0.75},
    {"{\"type\": \"polynomial\", \"power\": 2, \"end\": 0.2}", 3, 12, 5, 0.65},
    {"{\"type\": \"polynomial\", \"power\": 0.5, \"end\": 0.25}", 12, 12, 5, 0.25},
    /* turns at step 0.4 * 10 - 1 = 3, ends at step 9 */
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10}", 0,
     10, 5, 0.25},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10}", 1,
     10, 5, 0.4375},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10}", 3,
     10, 5, 1.0},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10}", 6,
     10, 5, 0.5125},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10}", 9,
     10, 5, 0.025},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10, "
     "\"curve\": \"linear\"}",
     1, 10, 5, 0.5},
    {"{\"type\": \"one_cycle\", \"peak\": 0.4, \"initial_divisor\": 4, \"final_divisor\": 10, "
     "\"curve\": \"linear\"}",
     5, 10, 5, 0.675},
    {"one_cycle", 0, 1, 1, 0.04 / 10000},
    /* fewer steps than 1 / peak: the turn is before the first; from PyTorch, but the last */
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.3}", 0,
     2, 1, 0.81645127840613252},
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.3}", 1,
     2, 1, 0.025000000000000001},
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.3}", 1,
     3, 1, 0.47606907937661819},
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.1, "
     "\"curve\": \"linear\"}",
     0, 3, 1, 0.74722222222222223},
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.2}", 0,
     4, 1, 0.99063282419657483},
    {"{\"type\": \"one_cycle\", \"initial_divisor\": 4, \"final_divisor\": 10, \"peak\": 0.2}", 0,
     5, 1, 1},
    {"reduce_on_plateau", 3, 10, 5, 1.0},
    /* 4 steps up; the last of them has the whole rate */
    {"{\"type\": \"warmup\", \"steps\": 4}", 0, 12, 5, 0.25},
    {"{\"type\": \"warmup\", \"steps\": 4}", 2, 12, 5, 0.75},
    {"{\"type\": \"warmup\", \"steps\": 4}", 3, 12, 5, 1.0},
    {"{\"type\": \"warmup\", \"steps\": 4}", 11, 12, 5, 1.0},
    {"warmup", 1, 12, 5, 0.4},
    {"{\"type\": \"warmup\", \"epochs\": 0.5}", 0, 12, 5, 1.0 / 3.0},
    {"{\"type\": \"warmup\", \"epochs\": 100}", 2, 12, 5, 0.25},
    /* 0.07 times 100 is 7.000000000000001 in double: 7 steps; a part of a step counts as one */
    {"{\"type\": \"warmup\", \"epochs\": 1.1}", 4, 100, 10, 5.0 / 11.0},
    {"{\"type\": \"warmup\", \"epochs\": 0.07}", 3, 1000, 100, 4.0 / 7.0},
    {"{\"type\": \"warmup\", \"epochs\": 1.101}", 4, 100, 10, 5.0 / 12.0},
    {"{\"type\": \"warmup\", \"epochs\": 1e-300}", 0, 100, 10, 1.0},
    /* then 12 steps of a cosine: 60 degrees at its step 4 */
    {"{\"type\": \"warmup\", \"steps\": 5, \"then\": \"cosine\"}", 9, 17, 5, 0.75},
    {"{\"type\": \"warmup\", \"steps\": 2, \"then\": {\"type\": \"one_cycle\", "
     "\"initial_divisor\": 4, \"peak\": 0.4}}",
     0, 12, 5, 0.125},
};

START_TEST(has_its_values) {
    const double state[SNUG_SCHEDULE_STATE] = {0.0};
    snug_object *schedule = schedule_of(values[_i].spec);
    const snug_schedule_time time = {values[_i].step, values[_i].steps, values[_i].steps_an_epoch};
    double found = snug_schedule_factor(schedule, &time, state);
    ck_assert_msg(fabs(found - values[_i].factor) <= 1e-14, "%s at %d: %.17g instead of %.17g",
                  values[_i].spec, (int)time.step, found, values[_i].factor);
    snug_object_free(schedule);
}
END_TEST

START_TEST(nothing_is_constant) {
    const snug_schedule_time time = {3, 10, 5};
    ck_assert(snug_schedule_factor(NULL, &time, NULL) == 1.0);
    snug_schedule_watch(NULL, &time, 1.0, NULL);
}
END_TEST

/* Any schedule gives a factor in [0, 1] at each step, also in a run of one step. */
START_TEST(every_kind_stays_between_0_and_1) {
    size_t count = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_SCHEDULE, count)) != NULL;
         count++) {
        snug_object *schedule = schedule_of(kind->name);
        double state[SNUG_SCHEDULE_STATE] = {0.0};
        for (uint64_t steps = 1; steps < 40; steps += 19) {
            for (uint64_t step = 0; step < steps; step++) {
                const snug_schedule_time time = {step, steps, 4};
                double factor = snug_schedule_factor(schedule, &time, state);
                ck_assert_msg(factor >= 0.0 && factor <= 1.0, "%s: %g", kind->name, factor);
                snug_schedule_watch(schedule, &time, 2.0, state);
            }
        }
        snug_object_free(schedule);
    }
    ck_assert_uint_eq(count, built_in_count(SNUG_GROUP_SCHEDULE));
}
END_TEST

/* ---- the loss that falls no longer ----------------------------------------------------------- */

/* The factors after each of the losses. */
static void watch_losses(const char *spec, size_t n, const double *losses, const double *factors) {
    snug_object *schedule = schedule_of(spec);
    double state[SNUG_SCHEDULE_STATE] = {0.0};
    for (size_t i = 0; i < n; i++) {
        const snug_schedule_time time = {5 * (i + 1), 100, 5};
        snug_schedule_watch(schedule, &time, losses[i], state);
        double found = snug_schedule_factor(schedule, &time, state);
        ck_assert_msg(fabs(found - factors[i]) <= 1e-15, "epoch %zu: %.17g instead of %.17g", i,
                      found, factors[i]);
    }
    snug_object_free(schedule);
}

START_TEST(reduces_after_its_patience) {
    const double losses[] = {2.0, 1.0, 1.0, 0.95, 0.95, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7};
    /* 0.95 is no progress against 1.0 at a threshold of 10 %: three epochs of waiting by then. */
    const double factors[] = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3};
    watch_losses("{\"type\": \"reduce_on_plateau\", \"factor\": 0.5, \"patience\": 2, "
                 "\"threshold\": 0.1, \"minimum\": 0.3}",
                 sizeof losses / sizeof *losses, losses, factors);
}
END_TEST

START_TEST(cools_down_between_reductions) {
    const double losses[] = {1, 1, 1, 1, 1, 1, 1};
    const double factors[] = {1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25};
    watch_losses("{\"type\": \"reduce_on_plateau\", \"factor\": 0.5, \"patience\": 0, "
                 "\"cooldown\": 2}",
                 sizeof losses / sizeof *losses, losses, factors);
}
END_TEST

START_TEST(counts_negative_losses_and_no_numbers) {
    const double losses[] = {(double)NAN, (double)INFINITY, -1.0, -1.05, -2.0, (double)NAN};
    const double factors[] = {0.5, 0.25, 0.25, 0.125, 0.125, 0.0625};
    watch_losses("{\"type\": \"reduce_on_plateau\", \"factor\": 0.5, \"patience\": 0, "
                 "\"threshold\": 0.1}",
                 sizeof losses / sizeof *losses, losses, factors);
}
END_TEST

/* Losses of the warm-up do not count: the first that does is the third, after step 15. */
START_TEST(waits_for_the_end_of_the_warmup) {
    const double losses[] = {1, 1, 1, 1, 1};
    const double factors[] = {0.6, 1, 1, 0.5, 0.25};
    watch_losses("{\"type\": \"warmup\", \"epochs\": 2, \"then\": {\"type\": "
                 "\"reduce_on_plateau\", \"factor\": 0.5, \"patience\": 0}}",
                 sizeof losses / sizeof *losses, losses, factors);
}
END_TEST

/* ---- fields ---------------------------------------------------------------------------------- */

START_TEST(every_kind_keeps_its_fields) {
    check_fields_of(SNUG_GROUP_SCHEDULE);
    check_fields_of(SNUG_GROUP_OPTIMIZER);
}
END_TEST

static const struct {
    const char *spec, *location;
} wrong[] = {
    {"{\"type\": \"step\", \"every\": 0}", "every:"},
    {"{\"type\": \"exponential\", \"gamma\": 1.5}", "gamma:"},
    {"{\"type\": \"one_cycle\", \"peak\": 1}", "peak:"},
    {"{\"type\": \"one_cycle\", \"curve\": \"square\"}", "curve:"},
    {"{\"type\": \"warmup\", \"epochs\": 0}", "epochs:"},
    {"{\"type\": \"warmup\", \"then\": {\"type\": \"cosine\", \"minimum\": 2}}", "then.minimum:"},
    {"{\"type\": \"warmup\", \"then\": \"constnat\"}", "then:"},
};

START_TEST(says_what_is_wrong) {
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_SCHEDULE, wrong[_i].spec));
    expect_location(wrong[_i].location);
}
END_TEST

static Suite *schedules_suite(void) {
    Suite *suite = suite_create("schedules");
    TCase *tests = tcase_create("schedules");
    tcase_add_loop_test(tests, has_its_values, 0, sizeof values / sizeof *values);
    tcase_add_test(tests, nothing_is_constant);
    tcase_add_test(tests, every_kind_stays_between_0_and_1);
    tcase_add_test(tests, reduces_after_its_patience);
    tcase_add_test(tests, cools_down_between_reductions);
    tcase_add_test(tests, counts_negative_losses_and_no_numbers);
    tcase_add_test(tests, waits_for_the_end_of_the_warmup);
    tcase_add_test(tests, every_kind_keeps_its_fields);
    tcase_add_loop_test(tests, says_what_is_wrong, 0, sizeof wrong / sizeof *wrong);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(schedules_suite)
