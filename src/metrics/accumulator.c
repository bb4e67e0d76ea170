#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "metrics/accumulator.h"
#include "model/targets.h"

snug_selection snug_selection_for(const snug_model *model, bool classes) {
    const snug_loss_kind *loss = (const snug_loss_kind *)(const void *)model->loss->kind;
    return (snug_selection){.targets = snug_metric_targets(loss, classes),
                            .classes =
                                classes ? snug_loss_classes(model->loss, model->plan->outputs) : 0};
}

snug_status snug_metric_accumulator_start(snug_metric_accumulator *tally, const snug_model *model,
                                          const snug_selection *selection, size_t rows) {
    size_t outputs = model->plan->outputs;
    *tally =
        (snug_metric_accumulator){.loss = model->loss, .outputs = outputs, .selection = *selection};
    tally->output = snug_model_output(model);
    tally->sums = snug_alloc(outputs, sizeof *tally->sums);
    tally->shifts = snug_alloc(outputs, sizeof *tally->shifts);
    tally->error_shifts = snug_alloc(outputs, sizeof *tally->error_shifts);
    tally->predictions = snug_alloc(outputs, sizeof *tally->predictions);
    if (tally->output == NULL || tally->sums == NULL || tally->shifts == NULL ||
        tally->error_shifts == NULL || tally->predictions == NULL) {
        return snug_error_status();
    }
    if (!(selection->flags & SNUG_METRIC_NEEDS_CLASS_STATS)) {
        return SNUG_OK;
    }
    tally->detail =
        snug_class_stats_new(selection->classes > 0 ? selection->classes : outputs, outputs,
                             selection->flags & SNUG_METRIC_NEEDS_SCORES ? rows : 0,
                             selection->flags & SNUG_METRIC_NEEDS_CONFUSION);
    return tally->detail != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_metric_accumulator_clear(snug_metric_accumulator *tally) {
    snug_release(tally->sums);
    snug_release(tally->shifts);
    snug_release(tally->error_shifts);
    snug_release(tally->predictions);
    snug_class_stats_free(tally->detail);
    *tally = (snug_metric_accumulator){0};
}

void snug_metric_accumulator_reset(snug_metric_accumulator *tally) {
    tally->rows = tally->counted = 0;
    tally->loss_sum = (snug_loss_sum){0};
    tally->weight = tally->correct = tally->wrong = 0;
    memset(tally->sums, 0, tally->outputs * sizeof *tally->sums);
    if (tally->detail != NULL) {
        snug_class_stats_reset(tally->detail);
    }
}

static double weight_of(const snug_targets *targets, size_t row) {
    return targets->weights != NULL ? (double)targets->weights[row] : 1.0;
}

/* One row's predictions, of the outputs before the output function. */
static const float *predict(const snug_metric_accumulator *tally, const float *z) {
    tally->output->forward(NULL, 1, tally->outputs, z, tally->predictions);
    return tally->predictions;
}

/*
 * Rows of classes, decided by the outputs before the output function; one that weighs nothing is
 * left out.
 */
static void add_classes(snug_metric_accumulator *tally, size_t rows, const float *z,
                        const snug_targets *targets) {
    double correct = tally->correct;
    size_t classes = snug_loss_classes(tally->loss, tally->outputs);
    for (size_t i = 0; i < rows; i++) {
        const float *row = z + i * tally->outputs;
        double weight = weight_of(targets, i);
        size_t decided = snug_predicted_class(classes, tally->outputs, row);
        size_t label = (size_t)targets->classes[i];
        if (!(weight > 0)) {
            continue;
        }
        if (decided == label) {
            correct += weight;
        }
        if (tally->detail != NULL) {
            snug_class_stats_add(tally->detail, row, predict(tally, row), decided, label, weight);
        }
    }
    tally->correct = correct;
}

static void add_values(snug_metric_accumulator *tally, const float *prediction, const float *y,
                       double weight) {
    for (size_t j = 0; j < tally->outputs; j++) {
        snug_sums *sums = &tally->sums[j];
        double error = (double)prediction[j] - (double)y[j];
        double y_shifted = (double)y[j] - (double)tally->shifts[j];
        double error_shifted = error - (double)tally->error_shifts[j];
        sums->absolute += weight * fabs(error);
        sums->squared += weight * error * error;
        sums->y += weight * y_shifted;
        sums->y2 += weight * y_shifted * y_shifted;
        sums->error += weight * error_shifted;
        sums->error2 += weight * error_shifted * error_shifted;
    }
}

/*
 * Shifts by about what the sums are of, so that a variance is no difference of large numbers: by
 * the first row that weighs something, as one of weight 0 may hold any number.
 */
static void shift(snug_metric_accumulator *tally, const float *prediction, const float *y) {
    for (size_t j = 0; j < tally->outputs; j++) {
        tally->shifts[j] = y[j];
        tally->error_shifts[j] = prediction[j] - y[j];
    }
}

/* A label is 1 where it is, or is predicted to be, more likely than not. */
static void add_labels(snug_metric_accumulator *tally, const float *prediction, const float *y,
                       double weight) {
    size_t wrong = 0;
    for (size_t j = 0; j < tally->outputs; j++) {
        wrong += (prediction[j] > 0.5F) != (y[j] > 0.5F);
    }
    tally->wrong += weight * (double)wrong;
    tally->correct += wrong == 0 ? weight : 0;
    if (tally->detail != NULL) {
        snug_class_stats_add_labels(tally->detail, prediction, y, weight);
    }
}

/* Rows of values, and labels where they are yes or no; one that weighs nothing is left out. */
static void add_predictions(snug_metric_accumulator *tally, size_t rows, const float *z,
                            const snug_targets *targets) {
    for (size_t i = 0; i < rows; i++) {
        const float *prediction = predict(tally, z + i * tally->outputs);
        const float *y = targets->values + i * tally->outputs;
        double weight = weight_of(targets, i);
        if (!(weight > 0)) {
            continue;
        }
        if (tally->counted++ == 0) {
            shift(tally, prediction, y);
        }
        add_values(tally, prediction, y, weight);
        if (tally->selection.targets & SNUG_TARGET_LABELS) {
            add_labels(tally, prediction, y, weight);
        }
    }
}

void snug_metric_accumulator_add(snug_metric_accumulator *tally, size_t rows, const float *z,
                                 const snug_targets *targets, const snug_loss_sum *loss) {
    if (tally->selection.targets & SNUG_TARGET_CLASSES) {
        add_classes(tally, rows, z, targets);
    } else {
        add_predictions(tally, rows, z, targets);
    }
    double weight = tally->weight;
    for (size_t i = 0; i < rows; i++) {
        weight += weight_of(targets, i);
    }
    tally->weight = weight;
    tally->rows += rows;
    tally->loss_sum.sum += loss->sum;
    tally->loss_sum.weight += loss->weight;
}

void snug_metric_accumulator_read(const snug_metric_accumulator *tally, unsigned without,
                                  snug_metrics *metrics) {
    *metrics = (snug_metrics){.rows = tally->rows};
    if (tally->detail != NULL && tally->detail->confusion != NULL) {
        metrics->classes = tally->detail->classes;
        metrics->confusion = tally->detail->confusion;
    }
    for (size_t i = 0; i < tally->selection.count; i++) {
        const snug_metric_kind *kind = tally->selection.kinds[i];
        if (kind->value == NULL || kind->flags & without) {
            continue;
        }
        metrics->values[metrics->count].name = kind->name;
        metrics->values[metrics->count++].value = kind->value(tally, kind);
    }
}

double snug_metrics_get(const snug_metrics *metrics, const char *name) {
    for (size_t i = 0; i < metrics->count; i++) {
        if (strcmp(metrics->values[i].name, name) == 0) {
            return metrics->values[i].value;
        }
    }
    return (double)NAN;
}
