#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "experiment/start.h"
#include "tune/run.h"

/* Sets the metrics of the run's model on the validation rows. */
static snug_status evaluate(snug_run *run, const snug_tune_plan *plan,
                            const snug_trial_data *data) {
    snug_metrics metrics;
    snug_status status =
        snug_evaluate_parallel(run->model, data->validation, &plan->metric->name, 1, 1, &metrics);
    if (status != SNUG_OK) {
        return status;
    }
    run->metric = snug_metrics_get(&metrics, plan->metric->name);
    run->loss = snug_metrics_get(&metrics, "loss");
    snug_metrics_clear(&metrics);
    if (!isfinite(run->metric)) {
        return snug_fail(SNUG_ERROR_DIVERGED, "the metric \"%s\" of the validation rows is %s",
                         plan->metric->name, isnan(run->metric) ? "not defined" : "infinite");
    }
    return SNUG_OK;
}

/* Trains the run's model, in the calling thread alone. */
static snug_status fit(snug_run *run, const snug_experiment *e, const snug_trial_data *data,
                       snug_callback_fn *callback, void *user) {
    snug_fit_options options;
    snug_history *history = NULL;
    snug_status status = snug_experiment_options(e, &options);
    if (status != SNUG_OK) {
        return status;
    }
    options.validation_data = data->validation;
    options.threads = 1;
    options.callback = callback;
    options.user = user;
    options.inspect = (snug_inspect_steps){0};
    status = snug_fit(run->model, data->train, &options, &history);
    run->epochs = snug_history_epoch_count(history);
    snug_history_free(history);
    return status;
}

/* Trains and evaluates with the values of the trial. */
static snug_status train(snug_run *run, const snug_tune_plan *plan, snug_trial_data_set *set,
                         snug_callback_fn *callback, void *user) {
    cJSON *values = snug_tune_plan_values(plan, run->trial);
    if (values == NULL) {
        return snug_error_status();
    }
    const snug_trial_data *data = snug_trial_data_get(set, plan, run->trial, values);
    snug_experiment *e =
        data != NULL ? snug_tune_plan_experiment(plan, run->trial, run->rung, values) : NULL;
    cJSON_Delete(values);
    run->model = e != NULL ? snug_experiment_build_model(e, data->train) : NULL;
    if (run->model == NULL ||
        snug_experiment_start_model(e, run->model, e->train.fit.seed) != SNUG_OK) {
        snug_experiment_free(e);
        return snug_error_status();
    }
    snug_status status = fit(run, e, data, callback, user);
    snug_experiment_free(e);
    if (status == SNUG_STOPPED && run->epochs > 0 && evaluate(run, plan, data) != SNUG_OK) {
        return snug_error_status();
    }
    return status == SNUG_OK ? evaluate(run, plan, data) : status;
}

/* Forgets what a training that failed, or was stopped in its first epoch, left behind. */
static void forget_result(snug_run *run) {
    run->metric = run->loss = (double)NAN;
    snug_model_free(run->model);
    run->model = NULL;
}

void snug_run_train(snug_run *run, const snug_tune_plan *plan, snug_trial_data_set *data,
                    snug_callback_fn *callback, void *user) {
    double started = snug_tune_seconds();
    run->metric = run->loss = (double)NAN;
    bool was_muted = snug_log_mute(true);
    snug_status status = train(run, plan, data, callback, user);
    snug_log_mute(was_muted);
    run->seconds = snug_tune_seconds() - started;
    run->status = status == SNUG_OK        ? SNUG_TRIAL_OK
                  : status == SNUG_STOPPED ? SNUG_TRIAL_STOPPED
                                           : SNUG_TRIAL_FAILED;
    if (status != SNUG_OK) {
        run->message = snug_copy_string(status == SNUG_STOPPED ? "stopped" : snug_error());
    }
    if (run->status == SNUG_TRIAL_FAILED || isnan(run->metric)) {
        forget_result(run);
    }
}

void snug_run_clear(snug_run *run) {
    snug_model_free(run->model);
    snug_release(run->message);
    run->model = NULL;
    run->message = NULL;
}

snug_trial snug_run_describe(const snug_run *run, const char *values) {
    return (snug_trial){.number = run->trial,
                        .values = values,
                        .status = run->status,
                        .metric = run->metric,
                        .loss = run->loss,
                        .rung = run->rung,
                        .epochs = run->epochs,
                        .seconds = run->seconds,
                        .message = run->message != NULL ? run->message : ""};
}

/* Compares two numbers, of which a NaN is larger than all others. */
static int compare_numbers(double a, double b) {
    if (isnan(a) || isnan(b)) {
        return isnan(a) - isnan(b);
    }
    return (a > b) - (a < b);
}

int snug_run_compare(const snug_run *a, const snug_run *b, const snug_metric_kind *metric) {
    if ((a->status == SNUG_TRIAL_OK) != (b->status == SNUG_TRIAL_OK)) {
        return a->status == SNUG_TRIAL_OK ? -1 : 1;
    }
    double sign = metric->greater ? -1.0 : 1.0;
    int order = compare_numbers(sign * a->metric, sign * b->metric);
    if (order == 0) {
        order = compare_numbers(a->loss, b->loss);
    }
    if (order == 0) {
        order = (a->trial > b->trial) - (a->trial < b->trial);
    }
    return order;
}

/* By insertion: most runs come nearly sorted, and there are thousands at most. */
void snug_run_sort(snug_run **runs, size_t count, const snug_metric_kind *metric) {
    for (size_t i = 1; i < count; i++) {
        snug_run *run = runs[i];
        size_t k = i;
        for (; k > 0 && snug_run_compare(run, runs[k - 1], metric) < 0; k--) {
            runs[k] = runs[k - 1];
        }
        runs[k] = run;
    }
}
