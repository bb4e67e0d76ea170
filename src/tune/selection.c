#include <math.h>
#include <string.h>

#include "calibration/threshold.h"
#include "core/memory.h"
#include "core/status.h"
#include "metrics/accumulator.h"
#include "model/loss.h"
#include "model/targets.h"
#include "postprocessing/postprocessing.h"
#include "tune/selection.h"

/* How bad a mean is: its metric, negative where greater is better; by its loss where that ties. */
typedef struct mean_error {
    double metric, loss;
} mean_error;

static const mean_error worst_error = {(double)INFINITY, (double)INFINITY};

static bool is_better(mean_error a, mean_error b) {
    return a.metric < b.metric || (a.metric == b.metric && a.loss < b.loss);
}

/* What a mean of predictions is evaluated with. */
typedef struct selection {
    const snug_selection_rule *rule;
    size_t rows, outputs, count;
    float **predictions; /* of each model, rows x outputs; NULL: it cannot be averaged */
    double *sums;        /* rows x outputs: of the predictions that are selected */
    double *mean;        /* rows x outputs: of these and one more */
    float *z;            /* rows x outputs: what the output function makes the mean of */
    int32_t *classes;    /* rows, or NULL */
    float *values;       /* rows x outputs, or NULL */
    float *row_weights;  /* rows */
    const snug_activation_kind *output;
    snug_metric_accumulator accumulator;
} selection;

/* ---- predictions ----------------------------------------------------------------------------- */

/* Predicts all rows, a block at a time. */
static snug_status predict_rows(snug_session *session, const snug_dataset *data, double *block,
                                size_t block_rows, size_t outputs, float *out) {
    size_t rows = snug_dataset_row_count(data), columns = snug_dataset_column_count(data);
    snug_status status = SNUG_OK;
    for (size_t first = 0; first < rows && status == SNUG_OK; first += block_rows) {
        size_t count = rows - first < block_rows ? rows - first : block_rows;
        for (size_t i = 0; i < count && status == SNUG_OK; i++) {
            status = snug_dataset_row_f64(data, first + i, block + i * columns);
        }
        if (status == SNUG_OK) {
            status = snug_predict_f64(session, block, count, out + first * outputs);
        }
    }
    return status;
}

/* Returns a model's predictions of all rows, for snug_release(); NULL on failure. */
static float *predict(const snug_model *model, const snug_dataset *data, size_t outputs) {
    enum { BLOCK = 256 };
    size_t rows = snug_dataset_row_count(data);
    snug_session *session = snug_session_new(model, BLOCK);
    double *block = snug_alloc(BLOCK * snug_dataset_column_count(data), sizeof *block);
    float *out = snug_alloc(rows * outputs, sizeof *out);
    bool ok = session != NULL && block != NULL && out != NULL &&
              predict_rows(session, data, block, BLOCK, outputs, out) == SNUG_OK;
    snug_session_free(session);
    snug_release(block);
    if (!ok) {
        snug_release(out);
        return NULL;
    }
    return out;
}

/* Returns whether a model can be averaged with the first one. */
static bool fits(const snug_model *first, const snug_model *other) {
    snug_model *members[] = {(snug_model *)first, (snug_model *)other};
    snug_model *both = snug_model_new_ensemble(members, 2);
    snug_model_free(both);
    return both != NULL;
}

/* ---- evaluating a mean ----------------------------------------------------------------------- */

/* Copies the targets and weights of all rows. */
static snug_status copy_targets(selection *s, const snug_dataset *data) {
    bool classes = snug_dataset_class_count(data) > 0;
    s->row_weights = snug_alloc(s->rows, sizeof *s->row_weights);
    if (classes) {
        s->classes = snug_alloc(s->rows, sizeof *s->classes);
    } else {
        s->values = snug_alloc(s->rows * s->outputs, sizeof *s->values);
    }
    if (s->row_weights == NULL || (classes ? s->classes == NULL : s->values == NULL)) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < s->rows; i++) {
        s->row_weights[i] = snug_dataset_weight(data, i);
        if (classes) {
            s->classes[i] = snug_dataset_class(data, i);
        } else {
            memcpy(s->values + i * s->outputs, snug_dataset_values(data, i),
                   s->outputs * sizeof *s->values);
        }
    }
    return SNUG_OK;
}

/* Prepares the selection of models that are to be averaged with the first. */
static snug_status start(selection *s, const snug_model *const *models, size_t count,
                         const snug_dataset *data, const snug_selection_rule *rule) {
    const snug_model *first = models[0];
    *s = (selection){.rule = rule,
                     .rows = snug_dataset_row_count(data),
                     .outputs = snug_model_output_count(first),
                     .count = count,
                     .output = snug_model_output(first)};
    snug_selection metrics = snug_selection_for(first, snug_dataset_class_count(data) > 0);
    snug_status status = snug_select_name(&metrics, "loss", "metric");
    if (status == SNUG_OK) {
        status = snug_select_name(&metrics, rule->metric->name, "metric");
    }
    if (status == SNUG_OK) {
        status = snug_metric_accumulator_start(&s->accumulator, first, &metrics, s->rows);
    }
    size_t cells = s->rows * s->outputs;
    s->predictions = snug_alloc(count, sizeof(float *));
    s->sums = snug_alloc(cells, sizeof *s->sums);
    s->mean = snug_alloc(cells, sizeof *s->mean);
    s->z = snug_alloc(cells, sizeof *s->z);
    if (s->output == NULL || s->predictions == NULL || s->sums == NULL || s->mean == NULL ||
        s->z == NULL) {
        return snug_error_status();
    }
    return status == SNUG_OK ? copy_targets(s, data) : status;
}

static void clear(selection *s) {
    for (size_t i = 0; i < s->count && s->predictions != NULL; i++) {
        snug_release(s->predictions[i]);
    }
    snug_release(s->predictions);
    snug_release(s->sums);
    snug_release(s->mean);
    snug_release(s->z);
    snug_release(s->classes);
    snug_release(s->values);
    snug_release(s->row_weights);
    snug_metric_accumulator_clear(&s->accumulator);
}

/*
 * Sets s->z to what the output function makes the mean of: of what is selected, `size` predictions,
 * and of those of one model more, or NULL.
 */
static void invert_mean(selection *s, size_t size, const float *added) {
    size_t cells = s->rows * s->outputs, models = size + (added != NULL ? 1 : 0);
    for (size_t i = 0; i < cells; i++) {
        double more = added != NULL ? (double)added[i] : 0;
        s->mean[i] = (s->sums[i] + more) / (double)models;
    }
    s->output->inverse(NULL, s->rows, s->outputs, s->mean, s->z);
}

/* Sets *threshold to the best one of the mean with the logits s->z; to 0.5 where none is chosen. */
static snug_status fit_threshold(const selection *s, double *threshold) {
    *threshold = 0.5;
    if (s->rule->threshold == NULL) {
        return SNUG_OK;
    }
    const snug_logits logits = {.rows = s->rows,
                                .outputs = s->outputs,
                                .z = s->z,
                                .classes = s->classes,
                                .weights = s->row_weights};
    return snug_threshold_fit(&logits, 1, s->rule->threshold, threshold);
}

/*
 * Lets the metric decide on classes as an ensemble of that mean would. The temperatures of the
 * members are in their predictions already. Without memory the mean decides at 0.5: the threshold
 * of the result, which is fitted in the end, fails then.
 */
static void decide(selection *s) {
    double threshold = 0.5;
    if (s->rule->metric->flags & SNUG_METRIC_OF_DECISIONS) {
        (void)fit_threshold(s, &threshold);
    }
    s->accumulator.decision.margin =
        snug_postprocessing_margin(&(snug_postprocessing){.threshold = threshold});
}

/*
 * Returns the error of the mean of what is selected, `size` predictions, and those of one model
 * more. Metrics are functions of a last layer's outputs, so that the output function is inverted.
 */
static mean_error error_with(selection *s, size_t size, const float *added) {
    invert_mean(s, size, added);
    decide(s);
    snug_targets targets = {.classes = s->classes, .values = s->values, .weights = s->row_weights};
    snug_loss_sum sum = snug_loss_of(s->accumulator.loss, s->rows, s->outputs, s->z, &targets);
    snug_metrics metrics;
    snug_metric_accumulator_reset(&s->accumulator);
    snug_metric_accumulator_add(&s->accumulator, s->rows, s->z, &targets, &sum);
    snug_metric_accumulator_read(&s->accumulator, 0, &metrics);
    double metric = snug_metrics_get(&metrics, s->rule->metric->name);
    double loss = snug_metrics_get(&metrics, "loss");
    bool greater = s->rule->metric->greater;
    return isnan(metric) ? worst_error : (mean_error){greater ? -metric : metric, loss};
}

/* ---- the selection --------------------------------------------------------------------------- */

/* Returns the model with which the mean is best, and sets *error to that mean's. */
static size_t find_best(selection *s, size_t size, mean_error *error) {
    size_t best = 0;
    *error = worst_error;
    for (size_t i = 0; i < s->count; i++) {
        mean_error with =
            s->predictions[i] != NULL ? error_with(s, size, s->predictions[i]) : worst_error;
        if (is_better(with, *error)) {
            *error = with;
            best = i;
        }
    }
    return best;
}

/* Fits the threshold of the mean of the models that are selected. */
static snug_status fit_final_threshold(selection *s, const size_t *weights, double *threshold) {
    size_t cells = s->rows * s->outputs, size = 0;
    memset(s->sums, 0, cells * sizeof *s->sums);
    for (size_t k = 0; k < s->count; k++) {
        for (size_t i = 0; i < cells && weights[k] > 0; i++) {
            s->sums[i] += (double)weights[k] * (double)s->predictions[k][i];
        }
        size += weights[k];
    }
    invert_mean(s, size, NULL);
    return fit_threshold(s, threshold);
}

/* Adds models one by one, the first of them first; keeps the weights of the best size. */
static void select(selection *s, size_t most, size_t *order, size_t *weights) {
    mean_error best_error = worst_error, error = error_with(s, 0, s->predictions[0]);
    size_t best_size = 1;
    for (size_t size = 0; size < most; size++) {
        order[size] = size > 0 ? find_best(s, size, &error) : 0;
        const float *added = s->predictions[order[size]];
        for (size_t i = 0; i < s->rows * s->outputs; i++) {
            s->sums[i] += (double)added[i];
        }
        if (is_better(error, best_error)) {
            best_error = error;
            best_size = size + 1;
        }
    }
    memset(weights, 0, s->count * sizeof *weights);
    for (size_t i = 0; i < best_size; i++) {
        weights[order[i]]++;
    }
}

snug_status snug_selection_run(const snug_model *const *models, size_t count, size_t most,
                               const snug_dataset *data, const snug_selection_rule *rule,
                               size_t *weights, double *threshold) {
    selection s;
    size_t *order = snug_alloc(most, sizeof *order);
    snug_status status = start(&s, models, count, data, rule);
    if (order == NULL) {
        status = SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        if (i == 0 || fits(models[0], models[i])) {
            s.predictions[i] = predict(models[i], data, s.outputs);
            status = s.predictions[i] != NULL ? SNUG_OK : snug_error_status();
        } else if (snug_error_status() == SNUG_ERROR_MEMORY) {
            status = SNUG_ERROR_MEMORY;
        }
    }
    if (status == SNUG_OK) {
        select(&s, most, order, weights);
        status = fit_final_threshold(&s, weights, threshold);
    }
    clear(&s);
    snug_release(order);
    return status;
}
