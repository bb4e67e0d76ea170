/* What a run over folds has found out. */
#include <math.h>

#include "core/status.h"
#include "folds/run.h"

const snug_model *snug_folds_model(const snug_folds *folds) {
    return folds != NULL ? folds->model : NULL;
}

size_t snug_folds_refit_epochs(const snug_folds *folds) {
    return folds != NULL ? folds->refit_epochs : 0;
}

size_t snug_folds_member_count(const snug_folds *folds) {
    return folds != NULL ? folds->fold_count * folds->seed_count : 0;
}

snug_status snug_folds_member(const snug_folds *folds, size_t i, snug_fold *fold) {
    if (folds == NULL || fold == NULL) {
        return snug_fail_null(folds == NULL ? "the folds" : "the fold");
    }
    if (i >= snug_folds_member_count(folds)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no member %zu: the folds have %zu", i,
                         snug_folds_member_count(folds));
    }
    *fold = folds->members[i].result;
    return SNUG_OK;
}

/* Sets the mean and the deviation of metric number k over the finished members. */
static void summarize(const snug_folds *folds, size_t k, double *mean, double *deviation) {
    size_t members = snug_folds_member_count(folds), count = 0;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < members; i++) {
        const snug_fold *fold = &folds->members[i].result;
        sum += fold->finished ? fold->metrics.values[k].value : 0;
        count += fold->finished;
    }
    *mean = sum / (double)count;
    for (size_t i = 0; i < members; i++) {
        const snug_fold *fold = &folds->members[i].result;
        double off = fold->finished ? fold->metrics.values[k].value - *mean : 0;
        squares += off * off;
    }
    *deviation = count > 1 ? sqrt(squares / (double)(count - 1)) : 0;
}

snug_status snug_folds_metrics(const snug_folds *folds, snug_metrics *mean,
                               snug_metrics *deviation) {
    const snug_metrics *first = NULL;
    snug_metrics means = {0}, deviations = {0};
    for (size_t i = 0; first == NULL && i < snug_folds_member_count(folds); i++) {
        first = folds->members[i].result.finished ? &folds->members[i].result.metrics : NULL;
    }
    if (first == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "the folds have no member that is finished");
    }
    means.count = deviations.count = first->count;
    means.rows = deviations.rows = folds->row_count;
    for (size_t k = 0; k < first->count; k++) {
        means.values[k].name = deviations.values[k].name = first->values[k].name;
        summarize(folds, k, &means.values[k].value, &deviations.values[k].value);
    }
    if (mean != NULL) {
        *mean = means;
    }
    if (deviation != NULL) {
        *deviation = deviations;
    }
    return SNUG_OK;
}

snug_status snug_folds_out_of_fold(const snug_folds *folds, size_t row,
                                   snug_out_of_fold *prediction) {
    if (folds == NULL || prediction == NULL) {
        return snug_fail_null(folds == NULL ? "the folds" : "the prediction");
    }
    if (!folds->complete) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the folds were stopped: not every row has a prediction");
    }
    if (row >= folds->row_count) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no row %zu: the folds have %zu", row,
                         folds->row_count);
    }
    *prediction = (snug_out_of_fold){.fold = folds->fold_of[row],
                                     .prediction = folds->predictions + row * folds->outputs,
                                     .class_index = folds->classes[row]};
    return SNUG_OK;
}

const char *snug_folds_warning(const snug_folds *folds, size_t index) {
    return folds != NULL ? snug_warnings_get(&folds->warnings, index) : NULL;
}
