/*
 * Metrics of values: each output by itself, then the mean over the outputs, as scikit-learn has
 * them.
 */
#include <math.h>

#include "metrics/accumulator.h"

/* The mean over the targets, each by its middle output; weight is that of all rows. */
static double mean(const snug_metric_accumulator *accumulator,
                   double (*of)(const snug_sums *sums, double weight)) {
    double sum = 0;
    if (!(accumulator->weight > 0)) {
        return (double)NAN;
    }
    const size_t each = accumulator->quantiles, targets = accumulator->outputs / each;
    for (size_t j = accumulator->middle; j < accumulator->outputs; j += each) {
        sum += of(&accumulator->sums[j], accumulator->weight);
    }
    return sum / (double)targets;
}

static double mae_of(const snug_sums *sums, double weight) {
    return sums->absolute / weight;
}

static double mse_of(const snug_sums *sums, double weight) {
    return sums->squared / weight;
}

static double rmse_of(const snug_sums *sums, double weight) {
    return sqrt(sums->squared / weight);
}

/* 1 - residual / total sum of squares; a constant target counts 1 where it is met, 0 otherwise. */
static double share_explained(const snug_sums *sums, double weight, double residual) {
    double total = sums->y2 - sums->y * sums->y / weight;
    if (total <= 0) {
        return residual <= 0 ? 1.0 : 0.0;
    }
    return 1.0 - residual / total;
}

static double r2_of(const snug_sums *sums, double weight) {
    return share_explained(sums, weight, sums->squared);
}

/* As r2, without what a constant error costs. */
static double explained_variance_of(const snug_sums *sums, double weight) {
    return share_explained(sums, weight, sums->error2 - sums->error * sums->error / weight);
}

static double mae(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return mean(accumulator, mae_of);
}

static double mse(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return mean(accumulator, mse_of);
}

static double rmse(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return mean(accumulator, rmse_of);
}

/* Not defined of fewer than two rows, as in scikit-learn. */
static double r2(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return accumulator->counted < 2 ? (double)NAN : mean(accumulator, r2_of);
}

static double explained_variance(const snug_metric_accumulator *accumulator,
                                 const snug_metric_kind *kind) {
    (void)kind;
    return mean(accumulator, explained_variance_of);
}

/* Not defined where the loss has a single quantile, or none. */
static double interval_coverage(const snug_metric_accumulator *accumulator,
                                const snug_metric_kind *kind) {
    (void)kind;
    const size_t targets = accumulator->outputs / accumulator->quantiles;
    return accumulator->quantiles > 1 && accumulator->weight > 0
               ? accumulator->covered / accumulator->weight / (double)targets
               : (double)NAN;
}

#define ROW(name, text, greater, flags)                                                            \
    {#name, text, SNUG_TARGET_VALUES, greater, name, flags, 0, 0, 0}

const snug_metric_kind snug_value_metrics[] = {
    ROW(mae, "mean absolute error", false, SNUG_METRIC_BY_DEFAULT),
    ROW(mse, "mean squared error", false, 0),
    ROW(rmse, "square root of the mean squared error", false, 0),
    ROW(r2, "1 - squared errors / squared deviations from the mean", true, SNUG_METRIC_BY_DEFAULT),
    ROW(interval_coverage, "share of the targets between the lowest and the highest quantile", true,
        SNUG_METRIC_ON_REQUEST | SNUG_METRIC_OF_QUANTILES),
    ROW(explained_variance, "1 - variance of the errors / variance of the targets", true, 0),
    {0},
};
