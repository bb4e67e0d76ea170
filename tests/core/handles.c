#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "kinds/field_value.h"
#include "kinds/handles.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

static snug_handle *new_schedule(double gamma) {
    return snug_handle_new(SNUG_GROUP_SCHEDULE,
                           snug_object_make(SNUG_GROUP_SCHEDULE, "exponential",
                                            SNUG_FIELDS(snug_number("gamma", gamma))),
                           sizeof(snug_handle));
}

static snug_status check(const snug_handle *handle) {
    return snug_handle_check(handle, SNUG_GROUP_SCHEDULE, "the schedule");
}

static snug_status take(snug_handle *handle) {
    return snug_handle_take(handle, SNUG_GROUP_SCHEDULE, "the schedule");
}

static void is_refused(snug_status status) {
    ck_assert_int_eq(status, SNUG_ERROR_ARGUMENT);
    expect_location("the schedule was handed");
}

START_TEST(a_handle_is_taken_over_once) {
    snug_handle *handle = new_schedule(0.75);
    ck_assert_int_eq(check(handle), SNUG_OK);
    ck_assert_int_eq(check(handle), SNUG_OK);
    ck_assert_uint_eq(snug_handle_count(), 1);
    ck_assert_int_eq(take(handle), SNUG_OK);
    ck_assert_uint_eq(snug_handle_count(), 0);
    is_refused(take(handle));
    is_refused(check(handle));
    snug_handle_free(handle, SNUG_GROUP_SCHEDULE); /* ignored: the caller has it */
    ck_assert_str_eq(handle->object->kind->name, "exponential");
    snug_handle_release(handle);
    is_refused(take(handle));
}
END_TEST

START_TEST(a_failed_handle_keeps_its_error) {
    snug_handle *handle = new_schedule(-0.5);
    char message[256];
    snprintf(message, sizeof message, "%s", snug_error());
    ck_assert_ptr_nonnull(strstr(message, "exponential.gamma: must be"));
    for (int i = 0; i < 2; i++) {
        snug_fail(SNUG_ERROR_FILE, "something else");
        ck_assert_int_eq(check(handle), SNUG_ERROR_ARGUMENT);
        expect_location(message);
    }
    snug_fail(SNUG_ERROR_FILE, "something else");
    ck_assert_int_eq(take(handle), SNUG_ERROR_ARGUMENT);
    expect_location(message);
    is_refused(take(handle));
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

START_TEST(handles_leave_the_list_in_any_order) {
    static const size_t orders[][4] = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {2, 0, 3, 1}};
    for (size_t i = 0; i < 4; i++) {
        snug_handle *handles[4];
        for (size_t j = 0; j < 4; j++) {
            handles[j] = new_schedule(0.25 + 0.125 * (double)j);
        }
        for (size_t j = 0; j < 4; j++) {
            snug_handle *handle = handles[orders[i][j]];
            ck_assert_int_eq(check(handle), SNUG_OK);
            snug_handle_free(handle, SNUG_GROUP_SCHEDULE);
            is_refused(check(handle));
            ck_assert_uint_eq(snug_handle_count(), 3 - j);
        }
    }
}
END_TEST

START_TEST(a_handle_belongs_to_its_group) {
    snug_handle *handle = new_schedule(0.75);
    snug_object *object;
    ck_assert_int_eq(snug_handle_take_object(handle, SNUG_GROUP_LOSS, "the loss", &object),
                     SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(object);
    snug_handle_free(handle, SNUG_GROUP_OPTIMIZER);
    ck_assert_int_eq(snug_handle_take_object(handle, SNUG_GROUP_SCHEDULE, "the schedule", &object),
                     SNUG_OK);
    ck_assert_str_eq(object->kind->name, "exponential");
    snug_object_free(object);
}
END_TEST

START_TEST(null_is_refused_and_freed) {
    snug_fail(SNUG_ERROR_FILE, "something else");
    ck_assert_int_eq(check(NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the schedule:");
    snug_fail(SNUG_ERROR_FILE, "something else");
    ck_assert_int_eq(take(NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the schedule:");
    snug_handle_free(NULL, SNUG_GROUP_SCHEDULE);
}
END_TEST

/* The allocator mostly gives the block that was freed last. */
START_TEST(an_address_does_not_come_again_soon) {
    snug_handle *first = new_schedule(0.75);
    snug_handle_free(first, SNUG_GROUP_SCHEDULE);
    for (int i = 1; i < SNUG_HANDLE_ADDRESSES; i++) {
        snug_handle *next = new_schedule(0.5);
        is_refused(take(first));
        snug_handle_free(first, SNUG_GROUP_SCHEDULE);
        ck_assert_int_eq(check(next), SNUG_OK);
        snug_handle_free(next, SNUG_GROUP_SCHEDULE);
    }
}
END_TEST

/* Object and configuration, handle; and a failed one's handle. */
START_TEST(every_allocation_may_fail) {
    size_t failures = 0;
    for (snug_status status = SNUG_ERROR_MEMORY; status != SNUG_OK; failures++) {
        failing_start(failures);
        snug_handle *handle = new_schedule(0.75);
        ck_assert_ptr_nonnull(handle);
        snug_fail(SNUG_ERROR_FILE, "something else");
        status = check(handle);
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
        if (status != SNUG_OK) {
            ck_assert_ptr_nonnull(strstr(snug_error(), "out of memory"));
            ck_assert_int_eq(take(handle), SNUG_ERROR_MEMORY);
        }
        snug_handle_free(handle, SNUG_GROUP_SCHEDULE);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_ge(failures, 4);
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

/* Without any memory, the constant handle can be given and freed as often as one likes. */
START_TEST(without_memory_there_is_a_constant) {
    static const snug_group groups[] = {SNUG_GROUP_LAYER, SNUG_GROUP_LOSS, SNUG_GROUP_OPTIMIZER,
                                        SNUG_GROUP_SCHEDULE};
    for (size_t i = 0; i < 4; i++) {
        failing_start(0);
        snug_handle *handle = snug_handle_new(groups[i], NULL, sizeof(snug_handle));
        ck_assert_uint_eq(failing_stop(), 0);
        for (int times = 0; times < 2; times++) {
            ck_assert_int_eq(snug_handle_check(handle, groups[i], "it"), SNUG_ERROR_MEMORY);
            ck_assert_int_eq(snug_handle_take(handle, groups[i], "it"), SNUG_ERROR_MEMORY);
            ck_assert_ptr_nonnull(strstr(snug_error(), "out of memory"));
            snug_handle_free(handle, groups[i]);
        }
    }
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

enum { THREADS = 4, SHARED = 200 };

static snug_handle *shared[SHARED];
static pthread_barrier_t start;

/* Takes what no other thread has taken, and makes and frees handles of its own meanwhile. */
static void *compete(void *user) {
    size_t *taken = user;
    pthread_barrier_wait(&start);
    for (size_t i = 0; i < SHARED; i++) {
        snug_handle *own = new_schedule(i % 2 == 0 ? 0.5 : -0.5);
        *taken += take(shared[i]) == SNUG_OK; /* freed later: no address comes again here */
        snug_handle_free(own, SNUG_GROUP_SCHEDULE);
    }
    return NULL;
}

START_TEST(one_thread_gets_a_handle) {
    pthread_t threads[THREADS];
    size_t taken[THREADS] = {0}, total = 0;
    for (size_t i = 0; i < SHARED; i++) {
        shared[i] = new_schedule(0.75);
    }
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, compete, &taken[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        total += taken[i];
    }
    pthread_barrier_destroy(&start);
    for (size_t i = 0; i < SHARED; i++) {
        snug_handle_release(shared[i]);
    }
    ck_assert_uint_eq(total, SHARED);
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

static Suite *handles_suite(void) {
    Suite *suite = suite_create("handles");
    TCase *tests = tcase_create("handles");
    tcase_add_test(tests, a_handle_is_taken_over_once);
    tcase_add_test(tests, a_failed_handle_keeps_its_error);
    tcase_add_test(tests, handles_leave_the_list_in_any_order);
    tcase_add_test(tests, a_handle_belongs_to_its_group);
    tcase_add_test(tests, null_is_refused_and_freed);
    tcase_add_test(tests, an_address_does_not_come_again_soon);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, without_memory_there_is_a_constant);
    tcase_add_test(tests, one_thread_gets_a_handle);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(handles_suite)
