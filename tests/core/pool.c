/*
 * Threads that work together: every one runs each task, and none passes a barrier before the last.
 */
#include <stdatomic.h>

#include "core/thread_pool.h"
#include "support/suite.h"

enum { THREADS = 3, TASKS = 200 };

typedef struct counts {
    snug_thread_pool *pool;
    size_t runs[THREADS]; /* each thread's own: a task that runs twice shows */
    atomic_size_t before;
    atomic_size_t early; /* threads that passed the barrier before all had come */
} counts;

static void count_and_wait(void *user, size_t id) {
    counts *c = user;
    c->runs[id]++;
    atomic_fetch_add(&c->before, 1);
    snug_thread_pool_wait(c->pool);
    if (atomic_load(&c->before) % THREADS != 0) {
        atomic_fetch_add(&c->early, 1);
    }
    snug_thread_pool_wait(c->pool);
}

START_TEST(every_thread_runs_each_task_once) {
    counts c = {.pool = snug_thread_pool_new(THREADS)};
    ck_assert_ptr_nonnull(c.pool);
    ck_assert_uint_eq(snug_thread_pool_threads(c.pool), THREADS);
    for (size_t i = 1; i <= TASKS; i++) {
        snug_thread_pool_run(c.pool, count_and_wait, &c);
        for (size_t id = 0; id < THREADS; id++) {
            ck_assert_uint_eq(c.runs[id], i);
        }
    }
    ck_assert_uint_eq(atomic_load(&c.before), TASKS * THREADS);
    ck_assert_uint_eq(atomic_load(&c.early), 0);
    snug_thread_pool_free(c.pool);
}
END_TEST

static void count(void *user, size_t id) {
    size_t *runs = user;
    *runs += id == 0 ? 1 : 100;
}

START_TEST(no_pool_is_the_caller_alone) {
    size_t runs = 0;
    snug_thread_pool_run(NULL, count, &runs);
    ck_assert_uint_eq(runs, 1);
    ck_assert_uint_eq(snug_thread_pool_threads(NULL), 1);
    snug_thread_pool_wait(NULL);
    snug_thread_pool_free(NULL);
}
END_TEST

START_TEST(a_pool_of_one_starts_no_thread) {
    size_t runs = 0;
    snug_thread_pool *pool = snug_thread_pool_new(1);
    ck_assert_ptr_nonnull(pool);
    snug_thread_pool_run(pool, count, &runs);
    ck_assert_uint_eq(runs, 1);
    snug_thread_pool_free(pool);
}
END_TEST

START_TEST(a_pool_without_a_task_ends) {
    for (int i = 0; i < 20; i++) {
        snug_thread_pool *pool = snug_thread_pool_new(THREADS);
        ck_assert_ptr_nonnull(pool);
        snug_thread_pool_free(pool);
    }
}
END_TEST

static Suite *pool_suite(void) {
    Suite *suite = suite_create("pool");
    TCase *tests = tcase_create("pool");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_thread_runs_each_task_once);
    tcase_add_test(tests, no_pool_is_the_caller_alone);
    tcase_add_test(tests, a_pool_of_one_starts_no_thread);
    tcase_add_test(tests, a_pool_without_a_task_ends);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(pool_suite)
