#include "core/memory.h"
#include "core/status.h"
#include "tune/importance.h"
#include "tune/tuning.h"

/* ---- making ---------------------------------------------------------------------------------- */

snug_status snug_tuning_set_trials(snug_tuning *tuning, const snug_tune_plan *plan,
                                   snug_run *const *runs, size_t count) {
    tuning->trials = snug_alloc(count, sizeof *tuning->trials);
    if (tuning->trials == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        char *values = snug_tune_plan_print_values(plan, runs[i]->trial);
        snug_trial *trial = &tuning->trials[tuning->trial_count++];
        *trial = snug_run_describe(runs[i], values);
        trial->message = snug_copy_string(trial->message);
        if (values == NULL || trial->message == NULL) {
            return snug_error_status();
        }
    }
    return SNUG_OK;
}

snug_status snug_tuning_set_importance(snug_tuning *tuning, const snug_tune_plan *plan,
                                       snug_run *const *runs, size_t count) {
    double *shares = snug_alloc(plan->space.count, sizeof *shares);
    tuning->importance = snug_alloc(plan->space.count, sizeof *tuning->importance);
    snug_status status = shares != NULL && tuning->importance != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        snug_importance_compute(plan, runs, count, shares);
    }
    for (size_t i = 0; i < plan->space.count && status == SNUG_OK; i++) {
        char *path = snug_copy_string(plan->space.dimensions[i].path);
        tuning->importance[tuning->importance_count++] = (snug_importance){path, shares[i]};
        status = path != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    }
    snug_release(shares);
    return status;
}

void snug_tuning_free(snug_tuning *tuning) {
    if (tuning == NULL) {
        return;
    }
    for (size_t i = 0; i < tuning->trial_count; i++) {
        snug_release((void *)tuning->trials[i].values);
        snug_release((void *)tuning->trials[i].message);
    }
    for (size_t i = 0; i < tuning->importance_count; i++) {
        snug_release((void *)tuning->importance[i].path);
    }
    snug_release(tuning->metric);
    snug_release(tuning->trials);
    snug_release(tuning->config);
    snug_release(tuning->importance);
    snug_release(tuning->members);
    snug_metrics_clear(&tuning->validation);
    snug_metrics_clear(&tuning->test);
    snug_model_free(tuning->model);
    snug_release(tuning);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Fails where element `index` of `count` is asked for and there is none. */
static snug_status check_index(const snug_tuning *tuning, const void *result, size_t index,
                               size_t count, const char *what) {
    if (tuning == NULL || result == NULL) {
        return snug_fail_null(tuning == NULL ? "the tuning" : what);
    }
    return index < count ? SNUG_OK
                         : snug_fail(SNUG_ERROR_ARGUMENT, "%s: there are %zu (got number %zu)",
                                     what, count, index);
}

const char *snug_tuning_metric(const snug_tuning *tuning) {
    return tuning != NULL ? tuning->metric : NULL;
}

size_t snug_tuning_trial_count(const snug_tuning *tuning) {
    return tuning != NULL ? tuning->trial_count : 0;
}

snug_status snug_tuning_trial(const snug_tuning *tuning, size_t index, snug_trial *trial) {
    size_t count = snug_tuning_trial_count(tuning);
    snug_status status = check_index(tuning, trial, index, count, "the trial");
    if (status == SNUG_OK) {
        *trial = tuning->trials[index];
    }
    return status;
}

size_t snug_tuning_importance_count(const snug_tuning *tuning) {
    return tuning != NULL ? tuning->importance_count : 0;
}

snug_status snug_tuning_importance(const snug_tuning *tuning, size_t index,
                                   snug_importance *importance) {
    size_t count = snug_tuning_importance_count(tuning);
    snug_status status = check_index(tuning, importance, index, count, "the importance");
    if (status == SNUG_OK) {
        *importance = tuning->importance[index];
    }
    return status;
}

char *snug_tuning_config(const snug_tuning *tuning) {
    if (tuning == NULL) {
        snug_fail_null("the tuning");
        return NULL;
    }
    return snug_copy_string(tuning->config);
}

const snug_model *snug_tuning_model(const snug_tuning *tuning) {
    return tuning != NULL ? tuning->model : NULL;
}

size_t snug_tuning_member_count(const snug_tuning *tuning) {
    return tuning != NULL ? tuning->member_count : 0;
}

snug_status snug_tuning_get_member(const snug_tuning *tuning, size_t index,
                                   snug_tuning_member *member) {
    size_t count = snug_tuning_member_count(tuning);
    snug_status status = check_index(tuning, member, index, count, "the member");
    if (status == SNUG_OK) {
        *member = tuning->members[index];
    }
    return status;
}

const snug_metrics *snug_tuning_validation(const snug_tuning *tuning) {
    return tuning != NULL ? &tuning->validation : NULL;
}

const snug_metrics *snug_tuning_test(const snug_tuning *tuning) {
    return tuning != NULL && tuning->has_test ? &tuning->test : NULL;
}
