/*
 * Every allocation of building, training, saving and loading fails once; nothing leaks or breaks.
 */
#include <stdlib.h>
#include <string.h>

#include "model/copy.h"
#include "model/model.h"
#include "support/problems.h"
#include "support/suite.h"

typedef struct meter {
    size_t calls, fail_at; /* fail_at 0: never */
    long held;             /* blocks that are not freed */
} meter;

static void *resize(void *user, void *pointer, size_t old_size, size_t size, size_t alignment) {
    meter *m = user;
    void *fresh;
    if (size == 0) {
        m->held -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (++m->calls == m->fail_at) {
        return NULL;
    }
    if (posix_memalign(&fresh, alignment, size) != 0) {
        fresh = NULL;
    }
    if (fresh == NULL) {
        return NULL;
    }
    if (pointer != NULL) {
        memcpy(fresh, pointer, old_size < size ? old_size : size);
        free(pointer);
    } else {
        m->held += 1;
    }
    return fresh;
}

/* A whole life: data, model, training, evaluation, saving, loading. */
static snug_status live(void) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *loaded = NULL;
    static const char *const names[] = {"f1", "roc_auc", "confusion_matrix"};
    static const float weights[BLOB_ROWS] = {[0] = 2, [4] = 1, [5] = 0.5F, [20] = 1, [31] = 3};
    snug_fit_options o = {.loss = snug_loss_new("{\"type\": \"softmax_cross_entropy\", "
                                                "\"class_weights\": \"balanced\"}"),
                          .optimizer = snug_adam(0.01),
                          .epochs = 2,
                          .batch_size = 20,
                          .validation = 0.25,
                          .metrics = names,
                          .metric_count = 3,
                          .clip_norm = 1,
                          .accumulate = 2,
                          .ema = 0.5,
                          .early_stopping = {.patience = 1},
                          .threads = 2};
    snug_status status;
    snug_metrics m;
    char *bytes = NULL;
    size_t size = 0;
    status = data != NULL ? snug_dataset_set_weights(data, weights) : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_fit(model, data, &o, NULL);
    }
    snug_loss_free(o.loss); /* snug_fit() took them over, if it was called */
    snug_optimizer_free(o.optimizer);
    if (status == SNUG_OK) {
        status = snug_evaluate(model, data, &m);
    }
    if (status == SNUG_OK) {
        status = snug_model_save_to_memory(model, &bytes, &size);
    }
    if (status == SNUG_OK) {
        loaded = snug_model_load_from_memory(bytes, size);
        status = loaded != NULL ? SNUG_OK : snug_error_status();
    }
    snug_free(bytes);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

/* Values of two targets, which are scaled, by an optimizer of all rows. */
static snug_status live_with_values(void) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2), *loaded = NULL, *copy = NULL;
    snug_fit_options o = {.optimizer = snug_optimizer_new("lbfgs"),
                          .epochs = 1,
                          .batch_size = 20,
                          .validation = 0.25};
    char *bytes = NULL;
    size_t size = 0;
    snug_status status = data != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_fit(model, data, &o, NULL);
    }
    snug_optimizer_free(o.optimizer); /* snug_fit() took it over, if it was called */
    if (status == SNUG_OK) {
        copy = snug_model_copy(model);
        status =
            copy != NULL ? snug_model_save_to_memory(copy, &bytes, &size) : snug_error_status();
    }
    if (status == SNUG_OK) {
        loaded = snug_model_load_from_memory(bytes, size);
        status = loaded != NULL ? SNUG_OK : snug_error_status();
    }
    snug_free(bytes);
    snug_model_free(copy);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

/*
 * What a run is described by: an experiment's text, its options, its text again, a line of history.
 */
static snug_status describe(void) {
    static const char text[] =
        "{\"data\": {\"train\": \"none.csv\", \"validation\": 0.2},"
        " \"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 3, \"l1\": 0.1,"
        " \"bias_init\": \"uniform\"},"
        " {\"type\": \"dropout\", \"schedule\": \"cosine\"}]},"
        " \"train\": {\"early_stopping\": {\"patience\": 3, \"metric\": \"f1\"},"
        " \"metrics\": [\"roc_auc\", \"confusion_matrix\"], \"clip_norm\": 1, \"ema\": 0.5,"
        " \"weight_decay_schedule\": \"flat_cosine\"}}";
    const snug_metrics m = {.count = 1, .values[0] = {"loss", 0.5}};
    snug_experiment *e = snug_experiment_parse(text, sizeof text - 1, NULL);
    snug_status status = e != NULL ? SNUG_OK : snug_error_status();
    char *config = e != NULL ? snug_experiment_config(e) : NULL;
    char *line = config != NULL ? snug_metrics_to_json(1, &m, &m) : NULL;
    snug_fit_options o = {0};
    if (status == SNUG_OK && (config == NULL || line == NULL)) {
        status = snug_error_status();
    }
    if (status == SNUG_OK) {
        status = snug_experiment_options(e, &o);
    }
    snug_loss_free(o.loss);
    snug_optimizer_free(o.optimizer);
    snug_schedule_free(o.schedule);
    snug_schedule_free(o.weight_decay_schedule);
    snug_free(config);
    snug_free(line);
    snug_experiment_free(e);
    return status;
}

/* One allocation in `step` of `work`, which makes at least `least` of them. */
static void fail_each(snug_status (*work)(void), size_t least, size_t step) {
    meter m = {0};
    size_t total;
    snug_set_allocator(&(snug_allocator){.resize = resize, .user = &m});
    ck_assert_msg(work() == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(m.held, 0);
    total = m.calls;
    ck_assert_uint_gt(total, least);
    for (size_t k = 1; k <= total; k += step) {
        snug_status status;
        m.calls = 0;
        m.fail_at = k;
        status = work();
        ck_assert_msg(status == SNUG_ERROR_MEMORY, "allocation %zu of %zu: status %s, %s", k, total,
                      snug_status_name(status), snug_error());
        ck_assert_msg(m.held == 0, "allocation %zu of %zu: %ld blocks are left", k, total, m.held);
    }
    snug_set_allocator(NULL);
}

START_TEST(every_allocation_fails_once) {
    fail_each(live, 50, 1);
    fail_each(live_with_values, 50, 1);
    fail_each(describe, 20, 1);
}
END_TEST

START_TEST(some_allocations_fail_once) {
    fail_each(live, 50, 7);
    fail_each(live_with_values, 50, 7);
    fail_each(describe, 20, 1);
}
END_TEST

static Suite *memory_suite(void) {
    Suite *suite = suite_create("memory");
    TCase *tc = tcase_create("memory");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, some_allocations_fail_once);
    suite_add_tcase(suite, tc);
    TCase *all = tcase_create("all allocations");
    tcase_set_timeout(all, 300);
    tcase_set_tags(all, "exhaustive");
    tcase_add_test(all, every_allocation_fails_once);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(memory_suite)
