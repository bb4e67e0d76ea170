/* Each allocation of a search may fail: there is no leak, and an error message or a result. */
#include <stdio.h>

#include "core/memory.h"
#include "support.h"
#include "support/failing.h"
#include "support/suite.h"

static bool go_on(const snug_tune_progress *at, void *user) {
    (void)user;
    return at->trial == NULL || at->trial->values != NULL;
}

/* A short search with all that a search can have. */
static snug_status search(const snug_experiment *e, const char *journal) {
    snug_tuning *tuning;
    snug_tune_options options = {
        .space = "{\"train.batch_size\": [30, 60], \"data.scaling\": [\"standard\", \"none\"]}",
        .trials = 3,
        .rungs = 2,
        .ensemble = 2,
        .jobs = 1, /* the allocator that fails counts calls of one thread */
        .journal = journal,
        .callback = go_on};
    snug_status status = snug_tune(e, &options, &tuning);
    ck_assert((tuning != NULL) == (status == SNUG_OK));
    snug_tuning_free(tuning);
    (void)remove(journal);
    return status;
}

START_TEST(each_allocation_may_fail) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    ck_assert_int_eq(search(e, journal), SNUG_OK);
    failing_start(SIZE_MAX);
    ck_assert_int_eq(search(e, journal), SNUG_OK);
    size_t calls = failing_calls();
    ck_assert_uint_eq(failing_stop(), 0);
    ck_assert_uint_gt(calls, 1000);
    for (size_t k = (size_t)_i; k < calls; k += 61) {
        failing_start(k);
        snug_status status = search(e, journal);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert_msg(status == SNUG_OK || snug_error()[0] != '\0', "call %zu", k);
    }
    snug_release(journal);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static Suite *memory(void) {
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_set_tags(tests, "exhaustive");
    tcase_add_loop_test(tests, each_allocation_may_fail, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(memory)
