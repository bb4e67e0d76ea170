#include <string.h>
#include <time.h>

#include "core/memory.h"
#include "core/processors.h"
#include "core/status.h"
#include "core/string_list.h"
#include "experiment/overrides.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "tune/default_space.h"
#include "tune/plan.h"

/* The most rungs, and the most models that are averaged. */
enum { MOST_RUNGS = 6, MOST_MODELS = 1000 };

/* ---- experiments of trials ------------------------------------------------------------------- */

static bool starts_with(const char *string, const char *start) {
    return strncmp(string, start, strlen(start)) == 0;
}

/* Appends "PATH=VALUE" to a list with capacity. */
static snug_status append_override(snug_strings *overrides, const char *path, const cJSON *value) {
    char *json = snug_json_print(value, false);
    char *override = json != NULL ? snug_format("%s=%s", path, json) : NULL;
    snug_status status =
        override != NULL ? snug_strings_append(overrides, override) : SNUG_ERROR_MEMORY;
    snug_release(json);
    snug_release(override);
    return status;
}

/* Returns the experiment with those of a trial's values whose paths start with `start`. */
static snug_experiment *apply(const snug_tune_plan *plan, size_t trial, const cJSON *values,
                              const char *start) {
    snug_strings overrides;
    snug_experiment *e = NULL;
    snug_status status = snug_strings_reserve(&overrides, plan->space.count);
    for (const cJSON *v = trial > 0 ? values->child : NULL; v != NULL && status == SNUG_OK;
         v = v->next) {
        if (starts_with(v->string, start)) {
            status = append_override(&overrides, v->string, v);
        }
    }
    if (status == SNUG_OK) {
        e = snug_experiment_override(plan->experiment, (const char *const *)overrides.items,
                                     overrides.count);
    }
    snug_strings_clear(&overrides);
    return e;
}

size_t snug_tune_plan_epochs(const snug_tune_plan *plan, size_t rung, size_t epochs) {
    size_t divisor = 1;
    for (size_t r = rung + 1; r < plan->options.rungs; r++) {
        divisor *= SNUG_TUNE_ETA;
    }
    return (epochs + divisor - 1) / divisor;
}

snug_experiment *snug_tune_plan_experiment(const snug_tune_plan *plan, size_t trial, size_t rung,
                                           const cJSON *values) {
    snug_experiment *e = apply(plan, trial, values, "");
    if (e != NULL) {
        e->train.fit.epochs = snug_tune_plan_epochs(plan, rung, e->train.fit.epochs);
    }
    return e;
}

snug_experiment *snug_tune_plan_data_experiment(const snug_tune_plan *plan, size_t trial,
                                                const cJSON *values) {
    return apply(plan, trial, values, "data.");
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Returns the value of one dimension in a trial after the first, to be freed. */
static cJSON *trial_value(const snug_tune_plan *plan, size_t trial, size_t dimension) {
    if (plan->options.grid) {
        size_t index = trial - 1 < plan->own ? trial - 1 : trial; /* trial 0 has that combination */
        return snug_space_grid_value(&plan->space, index, dimension);
    }
    double position = snug_space_draw(plan->experiment->train.fit.seed, trial, dimension);
    return snug_dimension_value(&plan->space.dimensions[dimension], position);
}

cJSON *snug_tune_plan_values(const snug_tune_plan *plan, size_t trial) {
    bool failed = false;
    cJSON *values = snug_json_object(NULL, NULL, &failed);
    for (size_t i = 0; i < plan->space.count && !failed; i++) {
        const char *path = plan->space.dimensions[i].path;
        const cJSON *own = trial == 0 ? snug_overrides_find(plan->config, path) : NULL;
        if (trial > 0) {
            snug_json_add(values, path, trial_value(plan, trial, i), &failed);
        } else if (own != NULL) {
            snug_json_copy(values, path, own, &failed);
        } else {
            snug_json_null(values, path, &failed);
        }
    }
    if (failed) {
        cJSON_Delete(values);
        return NULL;
    }
    return values;
}

char *snug_tune_plan_print_values(const snug_tune_plan *plan, size_t trial) {
    cJSON *values = snug_tune_plan_values(plan, trial);
    char *json = values != NULL ? snug_json_print(values, false) : NULL;
    cJSON_Delete(values);
    return json;
}

/* ---- checks ---------------------------------------------------------------------------------- */

/* Returns whether setting one of two paths may change the value at the other. */
static bool overlap(const char *a, const char *b) {
    return strcmp(a, b) == 0 || snug_path_contains(a, b) || snug_path_contains(b, a);
}

/* Trials are compared on the same rows and targets: none of these may differ between them. */
static snug_status check_rows(const snug_space *space) {
    static const char *const fixed[] = {"data.train",  "data.validation", "data.test", "data.split",
                                        "data.target", "data.weights",    "data.group"};
    for (size_t i = 0; i < space->count; i++) {
        const char *path = space->dimensions[i].path;
        for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++) {
            if (overlap(path, fixed[k])) {
                return snug_fail(SNUG_ERROR_CONFIG,
                                 "%s: %s must be the same in all trials, which are compared on the "
                                 "same rows",
                                 path, fixed[k]);
            }
        }
    }
    return SNUG_OK;
}

static bool is_by_loss(const snug_tune_plan *plan) {
    return strcmp(plan->metric->name, "loss") == 0;
}

/* A loss is no measure of trials that have different losses. */
static snug_status check_metric(const snug_tune_plan *plan) {
    for (size_t i = 0; i < plan->space.count; i++) {
        const char *path = plan->space.dimensions[i].path;
        if (is_by_loss(plan) && overlap(path, "train.loss")) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "%s: the metric \"loss\" cannot compare different losses; choose "
                             "another metric",
                             path);
        }
    }
    return SNUG_OK;
}

/* Fails where the experiment cannot have a value of a dimension, all else being as it is. */
static snug_status try_value(const snug_tune_plan *plan, const char *path, cJSON *value) {
    bool failed = false;
    cJSON *values = snug_json_object(NULL, NULL, &failed);
    if (failed) {
        cJSON_Delete(value);
        return SNUG_ERROR_MEMORY;
    }
    snug_json_add(values, path, value, &failed);
    snug_experiment *e = failed ? NULL : apply(plan, 1, values, "");
    snug_status status = e != NULL ? SNUG_OK : snug_error_status();
    snug_experiment_free(e);
    cJSON_Delete(values);
    return status;
}

/*
 * Tries each value of a list, or both ends of a range and one between, which is no whole number
 * where the range is not one of whole numbers.
 */
static snug_status try_dimension(const snug_tune_plan *plan, const snug_dimension *d) {
    static const double positions[] = {0.0, 1.0, 0.6180339887498949};
    size_t count = d->list != NULL ? d->points : sizeof positions / sizeof *positions;
    for (size_t i = 0; i < count; i++) {
        double position = d->list != NULL ? ((double)i + 0.5) / (double)count : positions[i];
        cJSON *value = snug_dimension_value(d, position);
        snug_status status = value != NULL ? try_value(plan, d->path, value) : SNUG_ERROR_MEMORY;
        if (status != SNUG_OK) {
            return status == SNUG_ERROR_MEMORY ? status : snug_fail_in("%s", d->path);
        }
    }
    return SNUG_OK;
}

/* A value inside of another that varies may be right for some of the other's values alone. */
static bool depends_on_earlier(const snug_space *space, size_t dimension) {
    for (size_t i = 0; i < dimension; i++) {
        if (snug_path_contains(space->dimensions[i].path, space->dimensions[dimension].path)) {
            return true;
        }
    }
    return false;
}

static snug_status check_space(const snug_tune_plan *plan) {
    snug_status status = check_rows(&plan->space);
    if (status == SNUG_OK) {
        status = check_metric(plan);
    }
    for (size_t i = 0; i < plan->space.count && status == SNUG_OK; i++) {
        if (!depends_on_earlier(&plan->space, i)) {
            status = try_dimension(plan, &plan->space.dimensions[i]);
        }
    }
    return status;
}

/* ---- grids ----------------------------------------------------------------------------------- */

/*
 * Sets *own to whether the experiment with one value, which the function frees, is the experiment
 * as it is, `config`.
 */
static snug_status compare_with_own(const snug_tune_plan *plan, const char *path, cJSON *value,
                                    const char *config, bool *own) {
    bool failed = false;
    cJSON *values = snug_json_object(NULL, NULL, &failed);
    *own = false;
    if (failed) {
        cJSON_Delete(value);
        return SNUG_ERROR_MEMORY;
    }
    snug_json_add(values, path, value, &failed);
    snug_experiment *e = failed ? NULL : apply(plan, 1, values, "");
    char *other = e != NULL ? snug_experiment_config(e) : NULL;
    snug_status status = other != NULL ? SNUG_OK : snug_error_status();
    *own = other != NULL && strcmp(other, config) == 0;
    snug_release(other);
    snug_experiment_free(e);
    cJSON_Delete(values);
    return status == SNUG_ERROR_MEMORY ? status : SNUG_OK; /* a value that is refused is another */
}

/* Sets *point to the one of a dimension's points that the experiment has; to .points if to none. */
static snug_status find_own_point(const snug_tune_plan *plan, size_t dimension, size_t stride,
                                  const char *config, size_t *point) {
    const snug_dimension *d = &plan->space.dimensions[dimension];
    for (*point = 0; *point < d->points; (*point)++) {
        bool own = false;
        cJSON *value = snug_space_grid_value(&plan->space, *point * stride, dimension);
        snug_status status = value != NULL ? compare_with_own(plan, d->path, value, config, &own)
                                           : SNUG_ERROR_MEMORY;
        if (status != SNUG_OK || own) {
            return status;
        }
    }
    return SNUG_OK;
}

/*
 * Sets plan->own, of a grid of `count` combinations. Values are compared by the experiments that
 * they make, because one may be written in several ways, such as "selu" and {"type": "selu"}.
 */
static snug_status find_own(snug_tune_plan *plan, size_t count) {
    size_t stride = count, own = 0, found = 0;
    snug_status status = SNUG_OK;
    char *config = snug_experiment_config(plan->experiment);
    if (config == NULL) {
        return snug_error_status();
    }
    for (size_t i = 0; i < plan->space.count && found == i && status == SNUG_OK; i++) {
        size_t points = plan->space.dimensions[i].points, point;
        stride /= points; /* between combinations with neighbouring values of this dimension */
        status = find_own_point(plan, i, stride, config, &point);
        own += point * stride;
        found += point < points ? 1 : 0;
    }
    snug_release(config);
    plan->own = found == plan->space.count ? own : SIZE_MAX;
    return status;
}

/* Sets the number of trials to those of the grid, and reports which of them are left out. */
static snug_status start_grid(snug_tune_plan *plan) {
    size_t wanted = plan->options.trials, count;
    snug_status status = snug_space_grid_count(&plan->space, &count);
    if (status != SNUG_OK) {
        return status;
    }
    status = find_own(plan, count);
    if (status != SNUG_OK) {
        return status;
    }
    size_t extra = plan->own == SIZE_MAX ? 1 : 0; /* the experiment as it is */
    plan->trials = count + extra;
    if (wanted > 0 && wanted < plan->trials) {
        snug_log(SNUG_LOG_WARNING,
                 "a grid of %zu combinations, of which %zu %s tried: %zu trials, or no number of "
                 "trials, are all of them",
                 count, wanted - extra, wanted - extra == 1 ? "is" : "are", plan->trials);
    }
    return SNUG_OK;
}

/* ---- start ----------------------------------------------------------------------------------- */

static snug_status find_metric(snug_tune_plan *plan) {
    const snug_experiment *e = plan->experiment;
    const snug_early_stopping *stop = &e->train.fit.early_stopping;
    const char *name = plan->options.metric;
    if (name == NULL) {
        name = stop->patience > 0 && stop->metric != NULL ? stop->metric : "loss";
    }
    plan->metric = snug_metric_find(name, snug_experiment_metric_targets(e), "metric");
    if (plan->metric == NULL) {
        return snug_error_status();
    }
    return plan->metric->value != NULL
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, "metric: %s is no number", name);
}

static snug_status read_space(snug_tune_plan *plan) {
    const char *text = plan->options.space, *name = plan->options.space_name;
    cJSON *json = text != NULL
                      ? snug_json_parse(name, text, strlen(text))
                      : snug_default_space(plan->experiment, plan->config, is_by_loss(plan));
    if (json == NULL) {
        return snug_error_status();
    }
    snug_status status = snug_space_read(&plan->space, json);
    cJSON_Delete(json);
    if (status == SNUG_OK) {
        status = check_space(plan);
    }
    if (status == SNUG_OK && plan->options.grid) {
        status = start_grid(plan);
    }
    return status == SNUG_OK || status == SNUG_ERROR_MEMORY ? status : snug_fail_in("%s", name);
}

static snug_status complete_options(snug_tune_options *o) {
    if (!(o->seconds >= 0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "seconds: must be at least 0 (got %g)", o->seconds);
    }
    if (o->trials == 0 && o->seconds <= 0 && !o->grid) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "a number of trials or a time is needed, or both");
    }
    if (o->rungs > MOST_RUNGS) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "rungs: must be at most %d (got %zu)", MOST_RUNGS,
                         o->rungs);
    }
    if (o->ensemble > MOST_MODELS) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "ensemble: must be at most %d (got %zu)", MOST_MODELS,
                         o->ensemble);
    }
    o->space_name = o->space_name != NULL ? o->space_name : "space";
    o->jobs = o->jobs > 0 ? o->jobs : snug_processors();
    o->ensemble = o->ensemble > 0 ? o->ensemble : 1;
    o->rungs = o->rungs > 0 ? o->rungs : 1;
    return SNUG_OK;
}

static snug_status parse_config(snug_tune_plan *plan) {
    char *config = snug_experiment_config(plan->experiment);
    if (config == NULL) {
        return snug_error_status();
    }
    plan->config = snug_json_parse("(experiment)", config, strlen(config));
    snug_release(config);
    return plan->config != NULL ? SNUG_OK : snug_error_status();
}

snug_status snug_tune_plan_start(snug_tune_plan *plan, const snug_experiment *experiment,
                                 const snug_tune_options *options) {
    *plan = (snug_tune_plan){.experiment = experiment,
                             .trials = SIZE_MAX,
                             .own = SIZE_MAX,
                             .started = snug_tune_seconds()};
    if (experiment == NULL) {
        return snug_fail_null("the experiment");
    }
    plan->options = options != NULL ? *options : (snug_tune_options){0};
    snug_status status = complete_options(&plan->options);
    if (status == SNUG_OK) {
        status = find_metric(plan);
    }
    if (status == SNUG_OK) {
        status = parse_config(plan);
    }
    if (status == SNUG_OK) {
        status = read_space(plan);
    }
    if (status == SNUG_OK && plan->options.trials > 0 && plan->options.trials < plan->trials) {
        plan->trials = plan->options.trials;
    }
    return status;
}

double snug_tune_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void snug_tune_plan_clear(snug_tune_plan *plan) {
    snug_space_clear(&plan->space);
    cJSON_Delete(plan->config);
    *plan = (snug_tune_plan){0};
}
