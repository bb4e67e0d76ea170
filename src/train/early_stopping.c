#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "train/early_stopping.h"

static snug_status check(const snug_early_stopping *options, bool has_validation) {
    if (!has_validation) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "early_stopping: needs validation rows, which it "
                                              "watches: a share of the data, or data of their own");
    }
    if (!(options->min_delta >= 0.0 && isfinite(options->min_delta))) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "early_stopping.min_delta: must be at least 0 and finite (got %g)",
                         options->min_delta);
    }
    return SNUG_OK;
}

snug_status snug_early_stopping_start(snug_early_stopping_state *stopper,
                                      const snug_early_stopping *options, const snug_model *model,
                                      unsigned targets, bool has_validation) {
    const char *name = options->metric != NULL ? options->metric : "loss";
    *stopper = (snug_early_stopping_state){0};
    if (options->patience == 0) {
        return SNUG_OK;
    }
    if (check(options, has_validation) != SNUG_OK) {
        return SNUG_ERROR_ARGUMENT;
    }
    stopper->metric = snug_metric_find(name, targets, "early_stopping.metric");
    if (stopper->metric == NULL) {
        return snug_error_status();
    }
    if (stopper->metric->value == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "early_stopping.metric: \"%s\" is no number that could become better",
                         name);
    }
    stopper->options = options;
    if (options->keep_last) {
        return SNUG_OK;
    }
    stopper->parameters = snug_alloc(model->plan->parameters, sizeof(float));
    stopper->state = snug_alloc(model->plan->state, sizeof(float));
    return stopper->parameters != NULL && stopper->state != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_early_stopping_clear(snug_early_stopping_state *stopper) {
    snug_release(stopper->parameters);
    snug_release(stopper->state);
    *stopper = (snug_early_stopping_state){0};
}

/* By more than min_delta. A NaN is no improvement. */
static bool improves(const snug_early_stopping_state *stopper, double value) {
    double delta = stopper->options->min_delta;
    if (stopper->best_epoch == 0) {
        return !isnan(value);
    }
    return stopper->metric->greater ? value > stopper->best + delta : value < stopper->best - delta;
}

bool snug_early_stopping_watch(snug_early_stopping_state *stopper, size_t epoch,
                               const snug_metrics *validation, const snug_model *model) {
    double value;
    if (stopper->options == NULL) {
        return false;
    }
    value = snug_metrics_get(validation, stopper->metric->name);
    if (!improves(stopper, value)) {
        return ++stopper->waited >= stopper->options->patience;
    }
    stopper->best = value;
    stopper->best_epoch = epoch;
    stopper->waited = 0;
    if (stopper->parameters != NULL) {
        memcpy(stopper->parameters, model->parameters, model->plan->parameters * sizeof(float));
        memcpy(stopper->state, model->state, model->plan->state * sizeof(float));
    }
    return false;
}

snug_status snug_early_stopping_check(const snug_early_stopping_state *stopper, bool ended) {
    static const char advice[] = "watch another metric, or take other validation rows";
    if (stopper->options == NULL || stopper->best_epoch > 0 || stopper->waited == 0) {
        return SNUG_OK;
    }
    const char *name = stopper->metric->name;
    if (stopper->waited >= stopper->options->patience) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "early_stopping.metric: \"%s\" of the validation rows had no value in any "
                         "of %zu epochs: %s",
                         name, stopper->waited, advice);
    }
    if (ended) {
        snug_log(SNUG_LOG_WARNING,
                 "early_stopping.metric: \"%s\" of the validation rows had no value in any epoch, "
                 "so the weights are the last ones: %s",
                 name, advice);
    }
    return SNUG_OK;
}

size_t snug_early_stopping_restore(const snug_early_stopping_state *stopper, snug_model *model) {
    if (stopper->parameters == NULL || stopper->best_epoch == 0) {
        return 0;
    }
    memcpy(model->parameters, stopper->parameters, model->plan->parameters * sizeof(float));
    memcpy(model->state, stopper->state, model->plan->state * sizeof(float));
    return stopper->best_epoch;
}
