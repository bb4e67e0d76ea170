/*
 * Permutation importance. Each thread has a copy of the data, in which it exchanges the values of
 * one column, evaluates the model and restores the column. Tasks are the repeats of all columns;
 * which thread does one does not matter, because a permutation depends on the seed, the column and
 * the repeat alone, and an evaluation has the same bits in any thread.
 */
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include <snug/explain.h>
#include <snug/session.h>

#include "core/memory.h"
#include "core/processors.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "explain/columns.h"
#include "explain/copied_rows.h"
#include "math/random.h"
#include "metrics/accumulator.h"
#include "model/data_match.h"

enum { DEFAULT_REPEATS = 5 };

/* What one thread works with. */
typedef struct worker {
    snug_dataset *copy;
    size_t *order; /* of the rows, while a column is exchanged */
    snug_status status;
    char *message; /* of its first error, owned; NULL: none, or no memory for it */
} worker;

typedef struct explanation {
    const snug_model *model;
    snug_dataset *data; /* matched with the model; owned */
    const snug_metric_kind *metric;
    snug_explain_columns columns;
    size_t repeats;
    uint64_t seed;
    double baseline;
    double *differences; /* columns x repeats */
    worker *workers;
    size_t worker_count;
    snug_thread_pool *pool;
    atomic_size_t next; /* task */
} explanation;

/* ---- one task -------------------------------------------------------------------------------- */

/* Copies a column's features from the data's row order[i] to row i of a worker's copy. */
static void exchange(const explanation *e, const worker *w, const snug_explain_column *column) {
    const size_t columns = snug_dataset_column_count(w->copy), rows = w->copy->count;
    const float *from = snug_copied_features(e->data) + column->first;
    float *to = snug_copied_features(w->copy) + column->first;
    for (size_t i = 0; i < rows; i++) {
        memcpy(to + i * columns, from + w->order[i] * columns, column->count * sizeof *to);
    }
}

static void restore_order(const worker *w) {
    for (size_t i = 0; i < w->copy->count; i++) {
        w->order[i] = i;
    }
}

/* Sets *value to the metric of the model on some data. */
static snug_status evaluate(const explanation *e, const snug_dataset *data, double *value) {
    snug_metrics metrics;
    snug_status status = snug_evaluate_parallel(e->model, data, &e->metric->name, 1, 1, &metrics);
    if (status == SNUG_OK) {
        *value = snug_metrics_get(&metrics, e->metric->name);
    }
    return status;
}

/* Permutes a column, and sets the difference of its metric to that of the data as it is. */
static snug_status run_task(const explanation *e, const worker *w, size_t task) {
    const snug_explain_column *column = &e->columns.items[task / e->repeats];
    const snug_random stream = {.seed = e->seed,
                                .purpose = SNUG_PURPOSE_EXPLAIN + (uint32_t)column->number,
                                .step = (uint32_t)(task % e->repeats)};
    double value = 0;
    restore_order(w);
    snug_random_shuffle(&stream, w->copy->count, w->order);
    exchange(e, w, column);
    snug_status status = evaluate(e, w->copy, &value);
    e->differences[task] = e->metric->greater ? e->baseline - value : value - e->baseline;
    restore_order(w);
    exchange(e, w, column);
    return status;
}

/* Does tasks until there are none. The log is mute: each evaluation would repeat its warnings. */
static void work(void *user, size_t id) {
    explanation *e = user;
    worker *w = &e->workers[id];
    const size_t tasks = e->columns.count * e->repeats;
    bool muted = snug_log_mute(true);
    for (size_t task; w->status == SNUG_OK && (task = atomic_fetch_add(&e->next, 1)) < tasks;) {
        w->status = run_task(e, w, task);
        if (w->status != SNUG_OK) {
            w->message = snug_copy_string(snug_error());
        }
    }
    (void)snug_log_mute(muted);
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Returns the first error of a worker, in the caller's thread. */
static snug_status first_error(const explanation *e) {
    for (size_t i = 0; i < e->worker_count; i++) {
        const worker *w = &e->workers[i];
        if (w->status != SNUG_OK) {
            return w->message != NULL ? snug_fail(w->status, "%s", w->message) : SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

static snug_status make_workers(explanation *e, size_t threads) {
    const size_t tasks = e->columns.count * e->repeats;
    size_t count = threads > 0 ? threads : snug_processors();
    count = count < tasks ? count : tasks;
    count = count < SNUG_MAX_THREADS ? count : SNUG_MAX_THREADS;
    e->worker_count = count > 0 ? count : 1;
    e->workers = snug_alloc(e->worker_count, sizeof *e->workers);
    if (e->workers == NULL) {
        e->worker_count = 0;
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < e->worker_count; i++) {
        worker *w = &e->workers[i];
        w->copy = snug_dataset_copy_rows(e->data);
        w->order = snug_alloc(e->data->count, sizeof *w->order);
        if (w->copy == NULL || w->order == NULL) {
            return snug_error_status();
        }
    }
    e->pool = e->worker_count > 1 ? snug_thread_pool_new(e->worker_count) : NULL;
    return e->worker_count == 1 || e->pool != NULL ? SNUG_OK : snug_error_status();
}

static snug_status run_all(explanation *e, size_t threads) {
    size_t tasks = 0;
    if (!snug_multiply(e->columns.count, e->repeats, &tasks)) {
        return snug_fail_memory(SIZE_MAX);
    }
    e->differences = snug_alloc(tasks, sizeof *e->differences);
    if (e->differences == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = evaluate(e, e->data, &e->baseline);
    if (status == SNUG_OK) {
        status = make_workers(e, threads);
    }
    if (status != SNUG_OK) {
        return status;
    }
    snug_thread_pool_run(e->pool, work, e);
    return first_error(e);
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Computes mean and deviation (with n - 1) of one column's differences. */
static void summarize(const explanation *e, size_t column, snug_column_importance *to) {
    const double *differences = e->differences + column * e->repeats;
    const double n = (double)e->repeats;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < e->repeats; i++) {
        sum += differences[i];
    }
    to->mean = sum / n;
    for (size_t i = 0; i < e->repeats; i++) {
        squares += (differences[i] - to->mean) * (differences[i] - to->mean);
    }
    to->deviation = e->repeats > 1 ? sqrt(squares / (n - 1)) : 0.0;
}

static snug_status fill_result(const explanation *e, snug_explanation *result) {
    *result = (snug_explanation){.metric = e->metric->name,
                                 .greater = e->metric->greater,
                                 .baseline = e->baseline,
                                 .rows = e->data->count,
                                 .repeats = e->repeats};
    result->columns = snug_alloc(e->columns.count, sizeof *result->columns);
    if (result->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (; result->count < e->columns.count; result->count++) {
        snug_column_importance *to = &result->columns[result->count];
        summarize(e, result->count, to);
        to->column = snug_copy_string(e->columns.items[result->count].name);
        if (to->column == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

/* Sets the metric. One that is no number, as the confusion matrix, has no differences. */
static snug_status choose_metric(explanation *e, const char *name) {
    snug_selection selection = snug_selection_for(e->model, snug_dataset_class_count(e->data) > 0);
    name = name != NULL ? name : "loss";
    snug_status status = snug_select_name(&selection, name, "metric");
    if (status != SNUG_OK) {
        return status;
    }
    e->metric = selection.kinds[0];
    return e->metric->value != NULL
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, "metric: %s is no number", name);
}

/* Fails where there is no other row whose values a row could get. */
static snug_status check_rows(const snug_dataset *data) {
    return data->count > 1
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, "the data has 1 row; importance, which exchanges "
                                                "values between rows, needs 2 at least");
}

/* Matches the data with the model, in memory of its own. */
static snug_status match(explanation *e, const snug_dataset *data) {
    snug_dataset *matched = NULL;
    snug_metrics metrics;
    /* It checks the model and the data as every evaluation does, and warns once. */
    snug_status status = snug_evaluate_parallel(e->model, data, NULL, 0, 0, &metrics);
    if (status == SNUG_OK) {
        status = snug_data_match(e->model, data, "the data", NULL, &matched);
    }
    if (status == SNUG_OK) {
        e->data = snug_dataset_copy_rows(matched);
        status = e->data != NULL ? check_rows(e->data) : snug_error_status();
    }
    snug_dataset_free(matched);
    return status;
}

static void clear(explanation *e) {
    for (size_t i = 0; i < e->worker_count; i++) {
        snug_dataset_free(e->workers[i].copy);
        snug_release(e->workers[i].order);
        snug_release(e->workers[i].message);
    }
    snug_release(e->workers);
    snug_thread_pool_free(e->pool);
    snug_release(e->differences);
    snug_release(e->columns.items);
    snug_dataset_free(e->data);
}

static snug_status explain(explanation *e, const snug_dataset *data,
                           const snug_explain_options *options, snug_explanation *result) {
    snug_status status = match(e, data);
    if (status == SNUG_OK) {
        status = choose_metric(e, options->metric);
    }
    if (status == SNUG_OK) {
        status = snug_explain_columns_list(e->data, options->columns, options->column_count,
                                           &e->columns);
    }
    if (status == SNUG_OK) {
        status = run_all(e, options->threads);
    }
    return status == SNUG_OK ? fill_result(e, result) : status;
}

snug_status snug_explain_importance(const snug_model *model, const snug_dataset *data,
                                    const snug_explain_options *options, snug_explanation *result) {
    const snug_explain_options defaults = {0};
    if (result == NULL) {
        return snug_fail_null("the explanation");
    }
    *result = (snug_explanation){0};
    options = options != NULL ? options : &defaults;
    if (options->threads > SNUG_MAX_THREADS) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "threads: must be at most %d (got %zu)",
                         SNUG_MAX_THREADS, options->threads);
    }
    if (options->repeats > UINT32_MAX) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "repeats: must be at most %u (got %zu)", UINT32_MAX,
                         options->repeats);
    }
    explanation e = {.model = model,
                     .repeats = options->repeats > 0 ? options->repeats : DEFAULT_REPEATS,
                     .seed = options->seed};
    snug_status status = explain(&e, data, options, result);
    clear(&e);
    if (status != SNUG_OK) {
        snug_explanation_clear(result);
    }
    return status;
}

void snug_explanation_clear(snug_explanation *result) {
    if (result == NULL) {
        return;
    }
    for (size_t i = 0; result->columns != NULL && i < result->count; i++) {
        snug_release(result->columns[i].column);
    }
    snug_release(result->columns);
    *result = (snug_explanation){0};
}
