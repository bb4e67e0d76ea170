/* Successive halving: which trials go on, in whichever order they end. */
#include <math.h>

#include "support/suite.h"
#include "tune/halving.h"

/* A search whose trainings take one step each, in `threads` threads. */
typedef struct simulation {
    snug_halving halving;
    snug_run runs[256];
    size_t count;
    size_t trained[8]; /* trainings in each rung */
} simulation;

/* The metric of a trial in a rung: some are the same, so that ties are met. */
static double metric_of(size_t trial, size_t rung) {
    return (double)(trial * 37 % 11) + 0.25 * (double)(rung * trial % 3);
}

static bool fails(size_t trial) {
    return trial % 5 == 3;
}

/* Starts trainings in free threads and ends that of one thread, until there are no more. */
static void simulate(simulation *s, size_t rungs, size_t trials, size_t threads, size_t seed) {
    snug_run *busy[8] = {NULL};
    snug_status status;
    *s = (simulation){.halving = {.rungs = rungs, .trials = trials}};
    static const snug_metric_kind metric = {.name = "loss"};
    s->halving.metric = &metric;
    for (size_t step = 0; step < 10000; step++) {
        size_t trial, rung, thread = (step * seed + step / 3) % threads;
        if (busy[thread] != NULL) {
            snug_halving_end(&s->halving, busy[thread]);
            busy[thread] = NULL;
        } else if (snug_halving_next(&s->halving, &trial, &rung, &status)) {
            snug_run *run = busy[thread] = &s->runs[s->count++];
            bool failed = fails(trial);
            *run = (snug_run){.trial = trial,
                              .rung = rung,
                              .status = failed ? SNUG_TRIAL_FAILED : SNUG_TRIAL_OK,
                              .metric = failed ? (double)NAN : metric_of(trial, rung)};
            s->trained[rung]++;
        }
        ck_assert_int_eq(status, SNUG_OK);
    }
    for (size_t thread = 0; thread < threads; thread++) {
        ck_assert_ptr_null(busy[thread]);
    }
    snug_halving_clear(&s->halving);
}

static const snug_run *find(const simulation *s, size_t trial, size_t rung) {
    for (size_t i = 0; i < s->count; i++) {
        if (s->runs[i].trial == trial && s->runs[i].rung == rung) {
            return &s->runs[i];
        }
    }
    return NULL;
}

START_TEST(one_rung_trains_each_trial_once) {
    simulation s;
    simulate(&s, 1, 20, 1, 1);
    ck_assert_uint_eq(s.count, 20);
    for (size_t trial = 0; trial < 20; trial++) {
        ck_assert_uint_eq(s.runs[trial].trial, trial);
        ck_assert_uint_eq(s.runs[trial].rung, 0);
    }
}
END_TEST

START_TEST(thirds_go_on) {
    simulation s;
    simulate(&s, 3, 1 + 18, 1, 1);
    ck_assert_uint_eq(s.trained[0], 18);
    ck_assert_uint_eq(s.trained[1], 6);
    ck_assert_uint_eq(s.trained[2], 1 + 2); /* with the experiment as it is */
    ck_assert_ptr_nonnull(find(&s, 0, 2));
    ck_assert_ptr_null(find(&s, 0, 0));
}
END_TEST

/* Each that goes on is better than each that does not, in its bracket, and did not fail. */
START_TEST(the_best_go_on) {
    simulation s;
    simulate(&s, 3, 1 + 9, 1, 1);
    for (size_t trial = 1; trial <= 9; trial++) {
        const snug_run *run = find(&s, trial, 0);
        for (size_t other = 1; other <= 9 && find(&s, trial, 1) != NULL; other++) {
            ck_assert(!fails(trial));
            ck_assert(find(&s, other, 1) != NULL || fails(other) ||
                      metric_of(other, 0) >= run->metric);
        }
    }
}
END_TEST

START_TEST(number_and_order_of_threads_change_nothing) {
    simulation one, many;
    for (size_t trials = 1; trials < 40; trials += 3) {
        simulate(&one, 3, trials, 1, 1);
        for (size_t seed = 1; seed < 8; seed++) {
            simulate(&many, 3, trials, 1 + seed % 4, seed);
            ck_assert_uint_eq(many.count, one.count);
            for (size_t i = 0; i < one.count; i++) {
                ck_assert_ptr_nonnull(find(&many, one.runs[i].trial, one.runs[i].rung));
            }
        }
    }
}
END_TEST

/* A bracket that the trials do not fill still sends its best on. */
START_TEST(the_last_bracket_may_be_smaller) {
    simulation s;
    simulate(&s, 2, 1 + 2, 2, 1);
    ck_assert_uint_eq(s.trained[0], 2);
    ck_assert_uint_eq(s.trained[1], 1 + 1);
}
END_TEST

static Suite *halving(void) {
    Suite *suite = suite_create("halving");
    TCase *tests = tcase_create("halving");
    tcase_add_test(tests, one_rung_trains_each_trial_once);
    tcase_add_test(tests, thirds_go_on);
    tcase_add_test(tests, the_best_go_on);
    tcase_add_test(tests, the_last_bracket_may_be_smaller);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("threads");
    tcase_set_tags(many, "threads");
    tcase_add_test(many, number_and_order_of_threads_change_nothing);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(halving)
