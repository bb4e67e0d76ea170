/* snug_tune(): a whole search, and the result that is made of it. */
#include <string.h>

#include "calibration/calibration.h"
#include "calibration/threshold.h"
#include "core/memory.h"
#include "core/status.h"
#include "json/json_print.h"
#include "metrics/evaluate.h"
#include "tune/default_space.h"
#include "tune/search.h"
#include "tune/selection.h"
#include "tune/tuning.h"

/* What a call works with. */
typedef struct tuner {
    snug_tune_plan plan;
    snug_trial_data_set data;
    snug_journal journal;
    snug_search search;
    snug_run **ranking; /* the best first */
    size_t count;
} tuner;

/* Returns how many runs of the ranking have a model: those that did not fail come first. */
static size_t count_usable(const tuner *t) {
    size_t count = 0;
    while (count < t->count && t->ranking[count]->status == SNUG_TRIAL_OK) {
        count++;
    }
    /* A first trial that the time did not suffice for is better than nothing. */
    bool stopped = count == 0 && t->count > 0 && t->ranking[0]->model != NULL;
    return stopped ? 1 : count;
}

static snug_status fail_without_result(const tuner *t) {
    if (t->search.status == SNUG_STOPPED) {
        return snug_fail(SNUG_STOPPED, "stopped before a trial has ended");
    }
    for (size_t i = 0; i < t->count; i++) {
        const snug_run *run = t->ranking[i];
        if (run->status == SNUG_TRIAL_FAILED) {
            return snug_fail(SNUG_ERROR_DIVERGED, "each of the %zu trials failed; trial %zu: %s",
                             t->count, run->trial, run->message != NULL ? run->message : "");
        }
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "no trial has ended within the time: allow more");
}

/*
 * Gives a run its model where it is not in memory: loads it from beside the journal, or trains it
 * again, which gives the same bits.
 */
static snug_status restore_model(tuner *t, snug_run *run) {
    if (run->model == NULL) {
        run->model = snug_journal_load_model(&t->journal, run);
    }
    if (run->model != NULL) {
        return SNUG_OK;
    }
    snug_run again = {.trial = run->trial, .rung = run->rung};
    snug_run_train(&again, &t->plan, &t->data, NULL, NULL);
    run->model = again.model;
    again.model = NULL;
    snug_status status =
        run->model != NULL
            ? SNUG_OK
            : snug_fail(SNUG_ERROR_DIVERGED, "trial %zu failed when it was trained again: %s",
                        run->trial, again.message != NULL ? again.message : "");
    snug_run_clear(&again);
    return status;
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Returns the experiment that a run trained, which the caller frees; NULL on failure. */
static snug_experiment *experiment_of(const tuner *t, const snug_run *run) {
    cJSON *values = snug_tune_plan_values(&t->plan, run->trial);
    snug_experiment *e =
        values != NULL ? snug_tune_plan_experiment(&t->plan, run->trial, run->rung, values) : NULL;
    cJSON_Delete(values);
    return e;
}

static snug_status set_config(snug_tuning *tuning, const tuner *t, const snug_run *best) {
    snug_experiment *e = experiment_of(t, best);
    tuning->config = e != NULL ? snug_experiment_config(e) : NULL;
    snug_experiment_free(e);
    return tuning->config != NULL ? SNUG_OK : snug_error_status();
}

/* Adds a model to the members of the result, and `weight` times to the list of models. */
static void add_member(snug_tuning *tuning, const snug_run *run, size_t weight, snug_model **models,
                       size_t *size) {
    tuning->members[tuning->member_count++] = (snug_tuning_member){run->trial, weight};
    for (size_t k = 0; k < weight; k++) {
        models[(*size)++] = run->model;
    }
}

/*
 * Averages the models of runs, each as often as its weight; `most` is the sum of the weights. A
 * mean gets the threshold; a single model keeps the one that it was trained with.
 */
static snug_status average(snug_tuning *tuning, const tuner *t, const size_t *weights, size_t count,
                           size_t most, double threshold) {
    size_t size = 0;
    snug_model **models = snug_alloc(most, sizeof *models);
    if (models == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        if (weights[i] > 0) {
            add_member(tuning, t->ranking[i], weights[i], models, &size);
        }
    }
    if (tuning->member_count == 1) { /* the model itself: the mean of copies would be the same */
        tuning->model = models[0];
        for (size_t i = 0; i < count; i++) {
            t->ranking[i]->model = t->ranking[i]->model != models[0] ? t->ranking[i]->model : NULL;
        }
    } else {
        tuning->model = snug_model_new_ensemble(models, size);
    }
    snug_release(models);
    if (tuning->model == NULL) {
        return snug_error_status();
    }
    return tuning->member_count > 1 ? snug_calibration_set_threshold(tuning->model, threshold)
                                    : SNUG_OK;
}

/* Selects what is averaged of the best `count` models; thresholds are chosen as by the best one. */
static snug_status select(const tuner *t, const snug_model *const *models, size_t count,
                          size_t *weights, double *threshold) {
    snug_experiment *best = experiment_of(t, t->ranking[0]);
    if (best == NULL) {
        return snug_error_status();
    }
    snug_selection_rule rule = {.metric = t->plan.metric};
    const char *name = best->train.fit.threshold_metric;
    snug_status status = SNUG_OK;
    if (name != NULL) {
        rule.threshold = snug_threshold_metric(name);
        status = rule.threshold != NULL ? SNUG_OK : snug_error_status();
    }
    snug_experiment_free(best);
    return status == SNUG_OK
               ? snug_selection_run(models, count, t->plan.options.ensemble,
                                    t->data.items[0]->validation, &rule, weights, threshold)
               : status;
}

/* Makes the result of the best models: of the best one alone, or an ensemble. */
static snug_status set_model(snug_tuning *tuning, tuner *t) {
    size_t most = t->plan.options.ensemble, usable = count_usable(t);
    size_t count = most == 1 ? 1 : snug_search_candidate_count(&t->plan);
    count = count < usable ? count : usable;
    double threshold = 0.5;
    const snug_model **models = snug_alloc(count, sizeof *models);
    size_t *weights = snug_alloc(count, sizeof *weights);
    tuning->members = snug_alloc(count, sizeof *tuning->members);
    snug_status status =
        models != NULL && weights != NULL && tuning->members != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        status = restore_model(t, t->ranking[i]);
        models[i] = t->ranking[i]->model;
    }
    if (status == SNUG_OK && count == 1) {
        weights[0] = 1;
    } else if (status == SNUG_OK) {
        status = select(t, models, count, weights, &threshold);
    }
    if (status == SNUG_OK) {
        status = average(tuning, t, weights, count, most, threshold);
    }
    snug_release(models);
    snug_release(weights);
    return status;
}

/* Evaluates the result by the experiment's metrics and the one that it was chosen by. */
static snug_status evaluate_on(const snug_tuning *tuning, const snug_tune_plan *plan,
                               const snug_dataset *data, snug_metrics *metrics) {
    const snug_fit_options *fit = &plan->experiment->train.fit;
    return snug_evaluate_also(tuning->model, data, fit->metrics, fit->metric_count,
                              plan->metric->name, 1, metrics);
}

static snug_status evaluate(snug_tuning *tuning, const tuner *t) {
    const snug_trial_data *data = t->data.items[0];
    snug_status status = evaluate_on(tuning, &t->plan, data->validation, &tuning->validation);
    if (status == SNUG_OK && data->test != NULL) {
        status = evaluate_on(tuning, &t->plan, data->test, &tuning->test);
        tuning->has_test = status == SNUG_OK;
    }
    return status;
}

/*
 * Sets the importance by the first training of each trial: all of them were for the same share of
 * the epochs, but that of trial 0 where there are several rungs.
 */
static snug_status set_importance(snug_tuning *tuning, const tuner *t) {
    snug_run **runs = snug_alloc(t->search.count, sizeof(snug_run *));
    size_t count = 0;
    if (runs == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < t->search.count; i++) {
        snug_run *run = t->search.runs[i];
        if (run->ended && run->rung == 0 && run->status != SNUG_TRIAL_STOPPED) {
            runs[count++] = run;
        }
    }
    snug_run_sort(runs, count, t->plan.metric);
    snug_status status = snug_tuning_set_importance(tuning, &t->plan, runs, count);
    snug_release(runs);
    return status;
}

static snug_status make_result(snug_tuning *tuning, tuner *t) {
    t->ranking = snug_search_ranking(&t->search, &t->count);
    tuning->metric = snug_copy_string(t->plan.metric->name);
    if (t->ranking == NULL || tuning->metric == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    if (count_usable(t) == 0) {
        return fail_without_result(t);
    }
    snug_status status = snug_tuning_set_trials(tuning, &t->plan, t->ranking, t->count);
    if (status == SNUG_OK) {
        status = set_importance(tuning, t);
    }
    if (status == SNUG_OK) {
        status = set_config(tuning, t, t->ranking[0]);
    }
    if (status == SNUG_OK) {
        status = set_model(tuning, t);
    }
    return status == SNUG_OK ? evaluate(tuning, t) : status;
}

/* ---- the call -------------------------------------------------------------------------------- */

static snug_status search(tuner *t, const snug_experiment *experiment,
                          const snug_tune_options *options) {
    snug_status status = snug_tune_plan_start(&t->plan, experiment, options);
    if (status == SNUG_OK) {
        status = snug_trial_data_start(&t->data, &t->plan);
    }
    if (status == SNUG_OK) {
        status = snug_journal_open(&t->journal, &t->plan);
    }
    return status == SNUG_OK ? snug_search_run(&t->search, &t->plan, &t->data, &t->journal)
                             : status;
}

/* Models beside the journal are kept for a search that goes on: not after one that is complete. */
static void clear(tuner *t, bool complete) {
    for (size_t i = 0; complete && i < t->count; i++) {
        snug_journal_remove_model(&t->journal, t->ranking[i]);
    }
    snug_release(t->ranking);
    snug_search_clear(&t->search);
    snug_journal_close(&t->journal);
    snug_trial_data_clear(&t->data);
    snug_tune_plan_clear(&t->plan);
}

snug_status snug_tune(const snug_experiment *experiment, const snug_tune_options *options,
                      snug_tuning **tuning) {
    if (tuning == NULL) {
        return snug_fail_null("the tuning");
    }
    *tuning = snug_alloc(1, sizeof **tuning);
    if (*tuning == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    tuner t = {.journal = {.descriptor = -1}};
    snug_status searched = search(&t, experiment, options), status = searched;
    if (searched == SNUG_OK || searched == SNUG_STOPPED) {
        status = make_result(*tuning, &t);
    }
    clear(&t, searched == SNUG_OK && status == SNUG_OK);
    if (status != SNUG_OK) {
        snug_tuning_free(*tuning);
        *tuning = NULL;
    }
    if (status == SNUG_OK && searched == SNUG_STOPPED) {
        return snug_fail(SNUG_STOPPED, "stopped by the callback");
    }
    return status;
}

char *snug_tune_space(const snug_experiment *experiment, const char *metric) {
    snug_tune_plan plan;
    snug_status status = snug_tune_plan_start(&plan, experiment,
                                              &(snug_tune_options){.trials = 1, .metric = metric});
    bool by_loss = status == SNUG_OK && strcmp(plan.metric->name, "loss") == 0;
    cJSON *space = status == SNUG_OK ? snug_default_space(experiment, plan.config, by_loss) : NULL;
    char *json = space != NULL ? snug_json_print(space, true) : NULL;
    cJSON_Delete(space);
    snug_tune_plan_clear(&plan);
    return json;
}
