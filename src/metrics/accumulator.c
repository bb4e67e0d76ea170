#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "metrics/accumulator.h"

snug_selection snug_selection_for(const snug_model *model, bool classes) {
    const snug_loss_kind *loss = (const snug_loss_kind *)(const void *)model->loss->kind;
    return (snug_selection){.targets = snug_metric_targets(loss, classes),
                            .classes =
                                classes ? snug_loss_classes(model->loss, model->plan->outputs) : 0};
}

/* Finds the quantile by which a value is predicted where there are several. */
static void find_middle(snug_metric_accumulator *accumulator) {
    const double *shares = NULL;
    accumulator->quantiles = snug_loss_quantiles(accumulator->loss, &shares);
    for (size_t k = 1; k < accumulator->quantiles; k++) {
        if (fabs(shares[k] - 0.5) < fabs(shares[accumulator->middle] - 0.5)) {
            accumulator->middle = k;
        }
    }
}

snug_status snug_metric_accumulator_start(snug_metric_accumulator *accumulator,
                                          const snug_model *model, const snug_selection *selection,
                                          size_t rows) {
    size_t outputs = model->plan->outputs;
    *accumulator =
        (snug_metric_accumulator){.loss = model->loss, .outputs = outputs, .selection = *selection};
    accumulator->output = snug_model_output(model);
    accumulator->decision = snug_model_decision(model);
    accumulator->clipping = snug_model_clipping(model);
    find_middle(accumulator);
    const snug_target_scaler *scaler = snug_model_target_scaler(model);
    accumulator->origin = scaler != NULL ? scaler->mean : NULL;
    accumulator->sums = snug_alloc(outputs, sizeof *accumulator->sums);
    accumulator->shifts = snug_alloc(outputs, sizeof *accumulator->shifts);
    accumulator->error_shifts = snug_alloc(outputs, sizeof *accumulator->error_shifts);
    accumulator->predictions = snug_alloc(outputs, sizeof *accumulator->predictions);
    if (accumulator->output == NULL || accumulator->sums == NULL || accumulator->shifts == NULL ||
        accumulator->error_shifts == NULL || accumulator->predictions == NULL) {
        return snug_error_status();
    }
    if (!(selection->flags & SNUG_METRIC_NEEDS_CLASS_STATS)) {
        return SNUG_OK;
    }
    accumulator->stats =
        snug_class_stats_new(selection->classes > 0 ? selection->classes : outputs, outputs,
                             selection->flags & SNUG_METRIC_NEEDS_SCORES ? rows : 0,
                             selection->flags & SNUG_METRIC_NEEDS_CONFUSION);
    return accumulator->stats != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_metric_accumulator_clear(snug_metric_accumulator *accumulator) {
    snug_release(accumulator->sums);
    snug_release(accumulator->shifts);
    snug_release(accumulator->error_shifts);
    snug_release(accumulator->predictions);
    snug_class_stats_free(accumulator->stats);
    *accumulator = (snug_metric_accumulator){0};
}

void snug_metric_accumulator_reset(snug_metric_accumulator *accumulator) {
    accumulator->rows = accumulator->counted = 0;
    accumulator->loss_sum = (snug_loss_sum){0};
    accumulator->weight = accumulator->correct = accumulator->wrong = accumulator->covered = 0;
    memset(accumulator->sums, 0, accumulator->outputs * sizeof *accumulator->sums);
    if (accumulator->stats != NULL) {
        snug_class_stats_reset(accumulator->stats);
    }
}

static double weight_of(const snug_targets *targets, size_t row) {
    return targets->weights != NULL ? (double)targets->weights[row] : 1.0;
}

/* One row's predictions, of the outputs before the output function. */
static const float *predict(const snug_metric_accumulator *accumulator, const float *z) {
    accumulator->output->forward(NULL, 1, accumulator->outputs, z, accumulator->predictions);
    snug_sort_quantiles(accumulator->outputs, accumulator->quantiles, accumulator->predictions);
    if (accumulator->clipping != NULL) {
        snug_postprocessing_clip(accumulator->clipping, accumulator->origin, 1,
                                 accumulator->outputs, accumulator->predictions);
    }
    return accumulator->predictions;
}

/*
 * Rows of classes, decided by the outputs before the output function; one that weighs nothing is
 * left out.
 */
static void add_classes(snug_metric_accumulator *accumulator, size_t rows, const float *z,
                        const snug_targets *targets) {
    double correct = accumulator->correct;
    for (size_t i = 0; i < rows; i++) {
        const float *row = z + i * accumulator->outputs;
        double weight = weight_of(targets, i);
        size_t decided = snug_predicted_class(&accumulator->decision, row);
        size_t label = (size_t)targets->classes[i];
        if (!(weight > 0)) {
            continue;
        }
        if (decided == label) {
            correct += weight;
        }
        if (accumulator->stats != NULL) {
            snug_class_stats_add(accumulator->stats, row, predict(accumulator, row), decided, label,
                                 weight);
        }
    }
    accumulator->correct = correct;
}

static void add_values(snug_metric_accumulator *accumulator, const float *prediction,
                       const float *y, double weight) {
    for (size_t j = 0; j < accumulator->outputs; j++) {
        snug_sums *sums = &accumulator->sums[j];
        double error = (double)prediction[j] - (double)y[j];
        double y_shifted = (double)y[j] - (double)accumulator->shifts[j];
        double error_shifted = error - (double)accumulator->error_shifts[j];
        sums->absolute += weight * fabs(error);
        sums->squared += weight * error * error;
        sums->y += weight * y_shifted;
        sums->y2 += weight * y_shifted * y_shifted;
        sums->error += weight * error_shifted;
        sums->error2 += weight * error_shifted * error_shifted;
    }
    size_t last = accumulator->quantiles - 1;
    for (size_t j = 0; last > 0 && j < accumulator->outputs; j += accumulator->quantiles) {
        bool inside = y[j] >= prediction[j] && y[j] <= prediction[j + last];
        accumulator->covered += inside ? weight : 0;
    }
}

/*
 * Shifts by about what the sums are of, so that a variance is no difference of large numbers: by
 * the first row that weighs something, as one of weight 0 may hold any number.
 */
static void shift(snug_metric_accumulator *accumulator, const float *prediction, const float *y) {
    for (size_t j = 0; j < accumulator->outputs; j++) {
        accumulator->shifts[j] = y[j];
        accumulator->error_shifts[j] = prediction[j] - y[j];
    }
}

/* A label is 1 where it is, or is predicted to be, more likely than not. */
static void add_labels(snug_metric_accumulator *accumulator, const float *prediction,
                       const float *y, double weight) {
    size_t wrong = 0;
    for (size_t j = 0; j < accumulator->outputs; j++) {
        wrong += (prediction[j] > 0.5F) != (y[j] > 0.5F);
    }
    accumulator->wrong += weight * (double)wrong;
    accumulator->correct += wrong == 0 ? weight : 0;
    if (accumulator->stats != NULL) {
        snug_class_stats_add_labels(accumulator->stats, prediction, y, weight);
    }
}

/* Rows of values, and labels where they are yes or no; one that weighs nothing is left out. */
static void add_predictions(snug_metric_accumulator *accumulator, size_t rows, const float *z,
                            const snug_targets *targets) {
    for (size_t i = 0; i < rows; i++) {
        const float *prediction = predict(accumulator, z + i * accumulator->outputs);
        const float *y = targets->values + i * accumulator->outputs;
        double weight = weight_of(targets, i);
        if (!(weight > 0)) {
            continue;
        }
        if (accumulator->counted++ == 0) {
            shift(accumulator, prediction, y);
        }
        add_values(accumulator, prediction, y, weight);
        if (accumulator->selection.targets & SNUG_TARGET_LABELS) {
            add_labels(accumulator, prediction, y, weight);
        }
    }
}

void snug_metric_accumulator_add(snug_metric_accumulator *accumulator, size_t rows, const float *z,
                                 const snug_targets *targets, const snug_loss_sum *loss) {
    if (accumulator->selection.targets & SNUG_TARGET_CLASSES) {
        add_classes(accumulator, rows, z, targets);
    } else {
        add_predictions(accumulator, rows, z, targets);
    }
    double weight = accumulator->weight;
    for (size_t i = 0; i < rows; i++) {
        weight += weight_of(targets, i);
    }
    accumulator->weight = weight;
    accumulator->rows += rows;
    accumulator->loss_sum.sum += loss->sum;
    accumulator->loss_sum.weight += loss->weight;
}

void snug_metric_accumulator_read(const snug_metric_accumulator *accumulator, unsigned without,
                                  snug_metrics *metrics) {
    *metrics = (snug_metrics){.rows = accumulator->rows};
    if (accumulator->stats != NULL && accumulator->stats->confusion != NULL) {
        metrics->classes = accumulator->stats->classes;
        metrics->confusion = accumulator->stats->confusion;
    }
    for (size_t i = 0; i < accumulator->selection.count; i++) {
        const snug_metric_kind *kind = accumulator->selection.kinds[i];
        if (kind->value == NULL || kind->flags & without) {
            continue;
        }
        metrics->values[metrics->count].name = kind->name;
        metrics->values[metrics->count++].value = kind->value(accumulator, kind);
    }
}

double snug_metrics_get(const snug_metrics *metrics, const char *name) {
    for (size_t i = 0; metrics != NULL && name != NULL && i < metrics->count; i++) {
        if (strcmp(metrics->values[i].name, name) == 0) {
            return metrics->values[i].value;
        }
    }
    return (double)NAN;
}

/* ---- the loss as a metric -------------------------------------------------------------------- */

static double loss(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return snug_loss_mean(&accumulator->loss_sum);
}

/* The metrics of targets of any kind. */
const snug_metric_kind snug_any_metrics[] = {
    {"loss", "mean loss of a row", SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES, false, loss,
     SNUG_METRIC_BY_DEFAULT, 0, 0, 0},
    {0},
};
