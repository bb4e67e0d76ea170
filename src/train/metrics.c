#include "train/metrics.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"

enum { ABSOLUTE, SQUARED, SUM, SQUARE, SUMS };

snug_status snug_tally_start(snug_tally *tally, const snug_model *model, bool classes) {
    size_t outputs = model->plan->outputs;
    *tally = (snug_tally){.loss = model->loss, .outputs = outputs, .classes = classes};
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
    tally->rows = tally->correct = 0;
    tally->loss_sum = 0;
    memset(tally->sums, 0, tally->outputs * SUMS * sizeof *tally->sums);
}

static size_t largest(size_t n, const float *z) {
    size_t best = 0;
    for (size_t j = 1; j < n; ++j)
        best = z[j] > z[best] ? j : best;
    return best;
}

/*
 * Counts right classes from the outputs before the output function, which keeps their order; a single
 * output of two classes is a logit, above 0 for the second.
 */
static size_t count_correct(const snug_tally *tally, size_t rows, const float *z,
                            const int32_t *classes) {
    size_t correct = 0;
    for (size_t i = 0; i < rows; ++i) {
        const float *row = z + i * tally->outputs;
        size_t decided = tally->outputs == 1 ? row[0] > 0.0F : largest(tally->outputs, row);
        correct += decided == (size_t)classes[i];
    }
    return correct;
}

static void add_values(snug_tally *tally, const float *prediction, const float *y) {
    for (size_t j = 0; j < tally->outputs; ++j) {
        double *sums = tally->sums + j * SUMS;
        double error = (double)prediction[j] - (double)y[j];
        double shifted = (double)y[j] - (double)tally->shifts[j];
        sums[ABSOLUTE] += fabs(error);
        sums[SQUARED] += error * error;
        sums[SUM] += shifted;
        sums[SQUARE] += shifted * shifted;
    }
}

void snug_tally_add(snug_tally *tally, size_t rows, const float *z, const snug_targets *targets,
                    double loss_sum) {
    if (tally->classes) {
        tally->correct += count_correct(tally, rows, z, targets->classes);
    } else {
        if (tally->rows == 0 && rows > 0)
            memcpy(tally->shifts, targets->values, tally->outputs * sizeof(float));
        for (size_t i = 0; i < rows; ++i) {
            tally->output->forward(NULL, 1, tally->outputs, z + i * tally->outputs,
                                   tally->predictions);
            add_values(tally, tally->predictions, targets->values + i * tally->outputs);
        }
    }
    tally->rows += rows;
    tally->loss_sum += loss_sum;
}

static void put(snug_metrics *metrics, const char *name, double value) {
    metrics->values[metrics->count].name = name;
    metrics->values[metrics->count++].value = value;
}

/* 1 - residual / total sum of squares; a constant target counts 1 where it is met, 0 otherwise. */
static double r2_of(const double *sums, double rows) {
    double total = sums[SQUARE] - sums[SUM] * sums[SUM] / rows;
    if (total <= 0)
        return sums[SQUARED] == 0 ? 1.0 : 0.0;
    return 1.0 - sums[SQUARED] / total;
}

void snug_tally_read(const snug_tally *tally, snug_metrics *metrics) {
    double rows = (double)tally->rows, mae = 0, r2 = 0;
    *metrics = (snug_metrics){.rows = tally->rows};
    put(metrics, "loss", tally->loss_sum / rows);
    if (tally->classes) {
        put(metrics, "accuracy", (double)tally->correct / rows);
        return;
    }
    for (size_t j = 0; j < tally->outputs; ++j) {
        mae += tally->sums[j * SUMS + ABSOLUTE] / rows;
        r2 += r2_of(tally->sums + j * SUMS, rows);
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
