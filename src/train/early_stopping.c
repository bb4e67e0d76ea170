#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "train/early_stopping.h"

snug_status snug_early_stopping_start(snug_early_stopping_state *s,
                                      const snug_early_stopping *options, const snug_model *model,
                                      unsigned targets, bool has_validation) {
    *s = (snug_early_stopping_state){0};
    if (options->patience == 0) {
        return SNUG_OK;
    }
    if (!has_validation) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "early_stopping: needs validation rows, which it "
                                              "watches: a share of the data, or data of their own");
    }
    s->metric = snug_metric_find(options->metric, targets, "early_stopping.metric");
    if (s->metric == NULL) {
        return snug_error_status();
    }
    if (s->metric->value == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "early_stopping.metric: \"%s\" is not a number that could improve",
                         options->metric);
    }
    s->options = options;
    if (options->keep == SNUG_KEEP_LAST) {
        return SNUG_OK;
    }
    s->parameters = snug_alloc(model->plan->parameters, sizeof(float));
    s->state = snug_alloc(model->plan->state, sizeof(float));
    return s->parameters != NULL && s->state != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_early_stopping_clear(snug_early_stopping_state *s) {
    snug_release(s->parameters);
    snug_release(s->state);
    *s = (snug_early_stopping_state){0};
}

/* Returns whether a value is better than the best by more than min_delta. NaN never is. */
static bool improves(const snug_early_stopping_state *s, double value) {
    double delta = s->options->min_delta;
    if (s->best_epoch == 0) {
        return !isnan(value);
    }
    return s->metric->greater ? value > s->best + delta : value < s->best - delta;
}

/* Returns whether a value that does not improve is as good as the best. NaN never is. */
static bool ties(const snug_early_stopping_state *s, double value) {
    return s->best_epoch > 0 && (s->metric->greater ? value >= s->best : value <= s->best);
}

static void keep_weights(snug_early_stopping_state *s, size_t epoch, const snug_model *model) {
    s->kept_epoch = epoch;
    if (s->parameters != NULL) {
        memcpy(s->parameters, model->parameters, model->plan->parameters * sizeof(float));
        memcpy(s->state, model->state, model->plan->state * sizeof(float));
    }
}

bool snug_early_stopping_watch(snug_early_stopping_state *s, size_t epoch,
                               const snug_metrics *validation, const snug_model *model) {
    if (s->options == NULL || epoch < s->options->start_epoch) {
        return false;
    }
    double value = snug_metrics_get(validation, s->metric->name);
    if (!improves(s, value)) {
        if (s->options->keep == SNUG_KEEP_LAST_BEST && ties(s, value)) {
            keep_weights(s, epoch, model);
        }
        return ++s->waited >= s->options->patience;
    }
    s->best = value;
    s->best_epoch = epoch;
    s->waited = 0;
    keep_weights(s, epoch, model);
    return false;
}

snug_status snug_early_stopping_check(const snug_early_stopping_state *s, bool ended,
                                      snug_warnings *warnings) {
    static const char advice[] = "watch another metric, or take other validation rows";
    if (s->options == NULL || s->best_epoch > 0 || s->waited == 0) {
        return SNUG_OK;
    }
    const char *name = s->metric->name;
    if (s->waited >= s->options->patience) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "early_stopping.metric: \"%s\" of the validation rows had no value in any "
                         "of %zu epochs: %s",
                         name, s->waited, advice);
    }
    if (ended) {
        return snug_warn(warnings,
                         "early_stopping.metric: \"%s\" of the validation rows had no value in any "
                         "epoch, so the weights are the last ones: %s",
                         name, advice);
    }
    return SNUG_OK;
}

size_t snug_early_stopping_restore(const snug_early_stopping_state *s, snug_model *model) {
    if (s->parameters == NULL || s->best_epoch == 0) {
        return 0;
    }
    memcpy(model->parameters, s->parameters, model->plan->parameters * sizeof(float));
    memcpy(model->state, s->state, model->plan->state * sizeof(float));
    return s->kept_epoch;
}
