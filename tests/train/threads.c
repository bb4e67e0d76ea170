/* How many threads training and its validation take. */
#include <dirent.h>

#include "support/problems.h"
#include "support/suite.h"

/* Threads of this process; 0 where the system does not list them. */
static size_t count_threads(void) {
    size_t count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks != NULL && (task = readdir(tasks)) != NULL;) {
        count += task->d_name[0] != '.';
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
    return count;
}

static bool keep_count(const snug_progress *at, void *user) {
    (void)at;
    *(size_t *)user = count_threads();
    return true;
}

/* The process's threads while a large model, worth more than one thread, is trained. */
static size_t threads_of(size_t threads, bool validates) {
    size_t during = 0;
    snug_dataset *data = blobs();
    snug_model *model = snug_model_new(BLOB_COLUMNS);
    snug_fit_options o = {.epochs = 1,
                          .batch_size = 40,
                          .validation = validates ? 0.4 : 0,
                          .threads = threads,
                          .callback = keep_count,
                          .user = &during};
    snug_model_add(model, snug_dense(600));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(600));
    snug_model_add(model, snug_dense(BLOB_CLASSES));
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    snug_model_free(model);
    return during;
}

START_TEST(validation_takes_the_threads_of_training) {
    if (count_threads() == 0) {
        return;
    }
    (void)threads_of(2, false); /* with the first thread a sanitizer starts one of its own */
    size_t alone = threads_of(1, false);
    ck_assert_uint_eq(threads_of(1, true), alone);
    ck_assert_uint_eq(threads_of(3, false), alone + 2);
    ck_assert_uint_eq(threads_of(3, true), alone + 4);
}
END_TEST

static Suite *threads_suite(void) {
    Suite *suite = suite_create("threads");
    TCase *tc = tcase_create("threads");
    tcase_add_test(tc, validation_takes_the_threads_of_training);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(threads_suite)
