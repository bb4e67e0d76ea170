#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"

enum { ABSOLUTE, SQUARED, SUM, SQUARE, SUMS };

snug_status snug_tally_start(snug_tally *tally, const snug_model *model, bool classes) {
    size_t outputs = model->plan->outputs;
    *tally = (snug_tally){.loss = model->loss, .outputs = outputs, .classes = classes};
    tally->targets =
        snug_metric_targets((const snug_loss_kind *)(const void *)model->loss->kind, classes);
    tally->output = snug_model_output(model);
    tally->sums = snug_alloc(outputs, SUMS * sizeof *tally->sums);
    tally->shifts = snug_alloc(outputs, sizeof *tally->shifts);
    tally->predictions = snug_alloc(outputs, sizeof *tally->predictions);
    if (tally->output != NULL && tally->sums != NULL && tally->shifts != NULL &&
        tally->predictions != NULL)
        return SNUG_OK;
    return snug_error_status();
}

void snug_tally_clear(snug_tally *tally) {
    snug_release(tally->sums);
    snug_release(tally->shifts);
    snug_release(tally->predictions);
    *tally = (snug_tally){0};
}

void snug_tally_reset(snug_tally *tally) {
    tally->rows = 0;
    tally->loss_sum = (snug_loss_sum){0};
    tally->weight = tally->correct = tally->wrong = 0;
    memset(tally->sums, 0, tally->outputs * SUMS * sizeof *tally->sums);
}

static size_t largest(size_t n, const float *z) {
    size_t best = 0;
    for (size_t j = 1; j < n; ++j)
        best = z[j] > z[best] ? j : best;
    return best;
}

static double weight_of(const snug_targets *targets, size_t row) {
    return targets->weights != NULL ? (double)targets->weights[row] : 1.0;
}

/*
 * Weighs right classes by the outputs before the output function, which keeps their order; a single
 * output of two classes is a logit, above 0 for the second.
 */
static void add_classes(snug_tally *tally, size_t rows, const float *z,
                        const snug_targets *targets) {
    for (size_t i = 0; i < rows; ++i) {
        const float *row = z + i * tally->outputs;
        size_t decided = tally->outputs == 1 ? row[0] > 0.0F : largest(tally->outputs, row);
        if (decided == (size_t)targets->classes[i])
            tally->correct += weight_of(targets, i);
    }
}

static void add_values(snug_tally *tally, const float *prediction, const float *y, double weight) {
    for (size_t j = 0; j < tally->outputs; ++j) {
        double *sums = tally->sums + j * SUMS;
        double error = (double)prediction[j] - (double)y[j];
        double shifted = (double)y[j] - (double)tally->shifts[j];
        sums[ABSOLUTE] += weight * fabs(error);
        sums[SQUARED] += weight * error * error;
        sums[SUM] += weight * shifted;
        sums[SQUARE] += weight * shifted * shifted;
    }
}

/* A label is 1 where it is, or is predicted to be, more likely than not. */
static void add_labels(snug_tally *tally, const float *prediction, const float *y, double weight) {
    size_t wrong = 0;
    for (size_t j = 0; j < tally->outputs; ++j)
        wrong += (prediction[j] > 0.5F) != (y[j] > 0.5F);
    tally->wrong += weight * (double)wrong;
    tally->correct += wrong == 0 ? weight : 0;
}

/* Rows of values, and labels where they are yes or no. */
static void add_predictions(snug_tally *tally, size_t rows, const float *z,
                            const snug_targets *targets) {
    if (tally->rows == 0 && rows > 0)
        memcpy(tally->shifts, targets->values, tally->outputs * sizeof(float));
    for (size_t i = 0; i < rows; ++i) {
        const float *y = targets->values + i * tally->outputs;
        double weight = weight_of(targets, i);
        tally->output->forward(NULL, 1, tally->outputs, z + i * tally->outputs, tally->predictions);
        add_values(tally, tally->predictions, y, weight);
        if (tally->targets & SNUG_TARGET_LABELS)
            add_labels(tally, tally->predictions, y, weight);
    }
}

void snug_tally_add(snug_tally *tally, size_t rows, const float *z, const snug_targets *targets,
                    const snug_loss_sum *loss) {
    if (tally->classes)
        add_classes(tally, rows, z, targets);
    else
        add_predictions(tally, rows, z, targets);
    for (size_t i = 0; i < rows; ++i)
        tally->weight += weight_of(targets, i);
    tally->rows += rows;
    tally->loss_sum.sum += loss->sum;
    tally->loss_sum.weight += loss->weight;
}

static void put(snug_metrics *metrics, const char *name, double value) {
    metrics->values[metrics->count].name = name;
    metrics->values[metrics->count++].value = value;
}

/* 1 - residual / total sum of squares; a constant target counts 1 where it is met, 0 otherwise. */
static double r2_of(const double *sums, double weight) {
    double total = sums[SQUARE] - sums[SUM] * sums[SUM] / weight;
    if (total <= 0)
        return sums[SQUARED] == 0 ? 1.0 : 0.0;
    return 1.0 - sums[SQUARED] / total;
}

void snug_tally_read(const snug_tally *tally, snug_metrics *metrics) {
    double weight = tally->weight > 0 ? tally->weight : 1.0, mae = 0, r2 = 0;
    *metrics = (snug_metrics){.rows = tally->rows};
    put(metrics, "loss", snug_loss_mean(&tally->loss_sum));
    if (tally->targets & (SNUG_TARGET_CLASSES | SNUG_TARGET_LABELS))
        put(metrics, "accuracy", tally->correct / weight);
    if (tally->targets & SNUG_TARGET_LABELS)
        put(metrics, "hamming_loss", tally->wrong / weight / (double)tally->outputs);
    if (tally->classes)
        return;
    for (size_t j = 0; j < tally->outputs; ++j) {
        mae += tally->sums[j * SUMS + ABSOLUTE] / weight;
        r2 += r2_of(tally->sums + j * SUMS, weight);
    }
    put(metrics, "mae", mae / (double)tally->outputs);
    put(metrics, "r2", r2 / (double)tally->outputs);
}

double snug_metrics_get(const snug_metrics *metrics, const char *name) {
    for (size_t i = 0; i < metrics->count; ++i)
        if (strcmp(metrics->values[i].name, name) == 0)
            return metrics->values[i].value;
    return (double)NAN;
}
