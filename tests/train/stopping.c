/* Early stopping beside a run that goes on: which epoch ends it, and whose weights are kept. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { EPOCHS = 40, MOST_WEIGHTS = 64 };

/* What a run without early stopping went through, by the callback. */
typedef struct course {
    const char *metric;
    double values[EPOCHS];
    float weights[EPOCHS][MOST_WEIGHTS];
    size_t count; /* weights of the first layer */
} course;

static size_t first_weights(const snug_model *model, float *weights) {
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor((snug_model *)(uintptr_t)model, 0, &info), SNUG_OK);
    ck_assert_uint_le(info.rows * info.columns, MOST_WEIGHTS);
    memcpy(weights, info.values, info.rows * info.columns * sizeof *weights);
    return info.rows * info.columns;
}

static bool record(const snug_progress *at, void *user) {
    course *c = user;
    if (at->epoch_end) {
        c->values[at->epoch - 1] = snug_metrics_get(at->validation, c->metric);
        c->count = first_weights(at->model, c->weights[at->epoch - 1]);
    }
    return true;
}

static snug_fit_options options_of(void) {
    return (snug_fit_options){.optimizer = snug_adam(0.05),
                              .epochs = EPOCHS,
                              .batch_size = 10,
                              .validation = 0.3,
                              .seed = 3};
}

static course run_on(const char *metric) {
    course c = {.metric = metric};
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    o.callback = record;
    o.user = &c;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    snug_model_free(model);
    return c;
}

/* The rule by itself: the epochs, from 0, that ends the run and that is the best. */
static size_t expect(const course *c, const snug_early_stopping *stopping, bool greater,
                     size_t *best) {
    double sign = greater ? -1 : 1, record_value = INFINITY;
    size_t first = 0;
    for (size_t i = stopping->start_epoch > 0 ? stopping->start_epoch - 1 : 0; i < EPOCHS; i++) {
        double value = sign * c->values[i];
        if (value < record_value - stopping->min_delta) {
            record_value = value;
            *best = first = i;
        } else if (value <= record_value && stopping->keep == SNUG_KEEP_LAST_BEST) {
            *best = i;
        }
        if (i - first >= stopping->patience) {
            return i;
        }
    }
    return EPOCHS - 1;
}

static void compare(const course *c, snug_early_stopping stopping, bool greater) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    snug_history *history;
    float weights[MOST_WEIGHTS];
    size_t best = 0;
    size_t end = expect(c, &stopping, greater, &best);
    size_t kept = stopping.keep_last || stopping.keep == SNUG_KEEP_LAST ? end : best;
    o.early_stopping = stopping;
    ck_assert_uint_lt(end, EPOCHS - 1);
    ck_assert(best < end || stopping.keep == SNUG_KEEP_LAST_BEST);
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(snug_history_epoch_count(history), end + 1);
    ck_assert_uint_eq(snug_history_best(history), kept + 1);
    ck_assert_uint_eq(first_weights(model, weights), c->count);
    ck_assert_mem_eq(weights, c->weights[kept], c->count * sizeof *weights);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(stops_and_restores) {
    course c = run_on("loss");
    compare(&c, (snug_early_stopping){.patience = 2}, false);
    compare(&c, (snug_early_stopping){.patience = 3, .min_delta = 0.02}, false);
    compare(&c, (snug_early_stopping){.patience = 3, .min_delta = 0.02, .keep_last = true}, false);
    compare(&c,
            (snug_early_stopping){.patience = 3, .min_delta = 0.02, .keep = SNUG_KEEP_LAST_BEST},
            false);
}
END_TEST

/* The accuracy of a few rows has the same value in several epochs. */
START_TEST(the_last_of_equal_epochs_is_kept_on_request) {
    course c = run_on("accuracy");
    snug_early_stopping first = {.patience = 4, .metric = "accuracy"}, last = first;
    size_t best_first = 0, best_last = 0;
    last.keep = SNUG_KEEP_LAST_BEST;
    ck_assert_uint_eq(expect(&c, &first, true, &best_first), expect(&c, &last, true, &best_last));
    ck_assert_uint_lt(best_first, best_last);
    ck_assert_double_eq(c.values[best_first], c.values[best_last]);
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    snug_history *history;
    float weights[MOST_WEIGHTS];
    o.early_stopping = last;
    ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_OK);
    ck_assert_uint_eq(snug_history_best(history), best_last + 1);
    first_weights(model, weights);
    ck_assert_mem_eq(weights, c.weights[best_last], c.count * sizeof *weights);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(refuses_two_wishes_for_the_weights) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    o.early_stopping =
        (snug_early_stopping){.patience = 2, .keep = SNUG_KEEP_LAST_BEST, .keep_last = true};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "early_stopping: keep_last");
    o = options_of();
    o.early_stopping = (snug_early_stopping){.patience = 2, .keep = (snug_keep)3};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "early_stopping.keep:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* Without .start_epoch the run would end before it. */
START_TEST(epochs_before_the_first_that_counts_are_passed_over) {
    course c = run_on("loss");
    const snug_early_stopping whole = {.patience = 2}, later = {.patience = 2, .start_epoch = 15};
    size_t best = 0;
    ck_assert_uint_lt(expect(&c, &whole, false, &best), later.start_epoch - 1);
    compare(&c, later, false);
}
END_TEST

START_TEST(a_greater_metric_is_better) {
    course c = run_on("accuracy");
    compare(&c, (snug_early_stopping){.patience = 4, .metric = "accuracy"}, true);
}
END_TEST

/* Restored also where every epoch is run. */
START_TEST(the_last_epoch_is_no_exception) {
    course c = run_on("loss");
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    float weights[MOST_WEIGHTS];
    size_t best = 0;
    o.early_stopping = (snug_early_stopping){.patience = 1000, .min_delta = 0.02};
    expect(&c, &o.early_stopping, false, &best);
    ck_assert_uint_lt(best, EPOCHS - 1);
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
    first_weights(model, weights);
    ck_assert_mem_eq(weights, c.weights[best], c.count * sizeof *weights);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* What ends a run from outside, in epoch `epoch` after its second batch. */
typedef struct intervention {
    size_t epoch;
    bool poisons; /* a weight becomes infinite; otherwise the callback stops the run */
} intervention;

static bool intervene(const snug_progress *at, void *user) {
    const intervention *wanted = user;
    if (at->epoch != wanted->epoch || at->epoch_end || at->batch != 2) {
        return true;
    }
    if (wanted->poisons) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor((snug_model *)(uintptr_t)at->model, 0, &info), SNUG_OK);
        info.values[0] = INFINITY;
    }
    return wanted->poisons;
}

/*
 * Trains until `wanted` ends the run; whether the model got the best weights of the epochs before.
 */
static bool ends_with_the_best(const course *c, intervention wanted, snug_early_stopping stopping) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    snug_history *history;
    float weights[MOST_WEIGHTS];
    size_t best = 0;
    expect(c, &stopping, false, &best);
    o.early_stopping = stopping;
    o.callback = intervene;
    o.user = &wanted;
    ck_assert_int_eq(snug_fit(model, data, &o, &history),
                     wanted.poisons ? SNUG_ERROR_DIVERGED : SNUG_STOPPED);
    ck_assert_uint_eq(snug_history_epoch_count(history), wanted.epoch - 1);
    bool restored = snug_history_restored(history);
    if (restored) {
        ck_assert_uint_lt(best, wanted.epoch - 1);
        ck_assert_uint_eq(snug_history_best(history), best + 1);
        first_weights(model, weights);
        ck_assert_mem_eq(weights, c->weights[best], c->count * sizeof *weights);
    }
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
    return restored;
}

START_TEST(a_run_that_is_cut_short_ends_with_its_best_weights) {
    course c = run_on("loss");
    const snug_early_stopping best = {.patience = 1000, .min_delta = 0.02};
    const snug_early_stopping last = {.patience = 1000, .min_delta = 0.02, .keep_last = true};
    ck_assert(ends_with_the_best(&c, (intervention){.epoch = EPOCHS - 1}, best));
    ck_assert(ends_with_the_best(&c, (intervention){.epoch = EPOCHS - 2, .poisons = true}, best));
    ck_assert(!ends_with_the_best(&c, (intervention){.epoch = EPOCHS - 1}, last));
    ck_assert(!ends_with_the_best(&c, (intervention){.epoch = 1}, best));
    ck_assert(!ends_with_the_best(&c, (intervention){.epoch = EPOCHS}, (snug_early_stopping){0}));
    ck_assert(!snug_history_restored(NULL));
}
END_TEST

/* ---- a metric that has no value -------------------------------------------------------------- */

static char warning[512];

static void keep_warning(snug_log_level level, const char *message, void *user) {
    (void)user;
    if (level == SNUG_LOG_WARNING) {
        snprintf(warning, sizeof warning, "%s", message);
    }
}

/* Watches the area under the ROC curve of rows of one class alone, of which there is none. */
static snug_status watch_one_class(size_t epochs, size_t patience, size_t *trained) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of();
    snug_history *history;
    size_t rows[5], count = 0;
    for (size_t i = 0; count < 5; i++) {
        if (snug_dataset_class(data, i) == 1) {
            rows[count++] = i;
        }
    }
    snug_dataset *one_class = snug_dataset_select(data, rows, count);
    o.epochs = epochs;
    o.validation = 0;
    o.validation_data = one_class;
    o.early_stopping = (snug_early_stopping){.patience = patience, .metric = "roc_auc"};
    warning[0] = '\0';
    snug_set_log(keep_warning, NULL);
    snug_status status = snug_fit(model, data, &o, &history);
    snug_set_log(NULL, NULL);
    *trained = snug_history_epoch_count(history);
    snug_history_free(history);
    snug_dataset_free(one_class);
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

START_TEST(a_metric_without_a_value_is_no_reason_to_stop) {
    size_t trained;
    ck_assert_int_eq(watch_one_class(20, 3, &trained), SNUG_ERROR_ARGUMENT);
    ck_assert_uint_eq(trained, 3);
    expect_location("early_stopping.metric:");
    ck_assert_str_eq(warning, "");
    ck_assert_int_eq(watch_one_class(2, 3, &trained), SNUG_OK);
    ck_assert_uint_eq(trained, 2);
    ck_assert_str_eq(warning,
                     "early_stopping.metric: \"roc_auc\" of the validation rows had no value in "
                     "any epoch, so the weights are the last ones: watch another metric, or take "
                     "other validation rows");
}
END_TEST

static void refuse(double validation, snug_early_stopping stopping, const char *location) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.validation = validation, .early_stopping = stopping};
    ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
    expect_location(location);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(wrong_options) {
    refuse(0, (snug_early_stopping){.patience = 2}, "early_stopping:");
    refuse(0.2, (snug_early_stopping){.patience = 2, .min_delta = -0.5},
           "early_stopping.min_delta:");
    refuse(0.2, (snug_early_stopping){.patience = 2, .metric = "acuracy"},
           "early_stopping.metric:");
    refuse(0.2, (snug_early_stopping){.patience = 2, .metric = "r2"}, "early_stopping.metric:");
}
END_TEST

static Suite *stopping_suite(void) {
    Suite *suite = suite_create("early stopping");
    TCase *tc = tcase_create("early stopping");
    tcase_add_test(tc, stops_and_restores);
    tcase_add_test(tc, the_last_of_equal_epochs_is_kept_on_request);
    tcase_add_test(tc, refuses_two_wishes_for_the_weights);
    tcase_add_test(tc, epochs_before_the_first_that_counts_are_passed_over);
    tcase_add_test(tc, a_greater_metric_is_better);
    tcase_add_test(tc, the_last_epoch_is_no_exception);
    tcase_add_test(tc, a_run_that_is_cut_short_ends_with_its_best_weights);
    tcase_add_test(tc, a_metric_without_a_value_is_no_reason_to_stop);
    tcase_add_test(tc, wrong_options);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(stopping_suite)
