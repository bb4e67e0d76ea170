#include <stdio.h>

#include "checkpoint/parts.h"
#include "core/status.h"

/* ---- the optimizer --------------------------------------------------------------------------- */

void snug_saved_add_optimizer(snug_saved_values *values, snug_optimizer *optimizer) {
    snug_saved_add_one(values, SNUG_SAVED_UINT64, &optimizer->t, "optimizer.t");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, optimizer->numbers, SNUG_OPTIMIZER_NUMBERS,
                   sizeof *optimizer->numbers, "optimizer.numbers");
}

void snug_saved_add_moments(snug_saved_values *values, snug_optimizer *optimizer,
                            const snug_plan *plan) {
    for (size_t k = 0; optimizer->t > 0 && k < snug_optimizer_moments(optimizer); k++) {
        char name[40];
        snprintf(name, sizeof name, "optimizer.moment.%zu", k);
        snug_saved_add_flat(values, SNUG_SAVED_FLOAT, optimizer->moments + k * optimizer->stride,
                            plan, false, name);
    }
}

/* ---- metrics --------------------------------------------------------------------------------- */

void snug_saved_add_accumulator(snug_saved_values *values, snug_metric_accumulator *a) {
    snug_saved_add_one(values, SNUG_SAVED_SIZE, &a->rows, "metrics.rows");
    snug_saved_add_one(values, SNUG_SAVED_SIZE, &a->counted, "metrics.counted");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->loss_sum.sum, "metrics.loss");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->loss_sum.weight, "metrics.loss_weight");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->weight, "metrics.weight");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->correct, "metrics.correct");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->covered, "metrics.covered");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &a->wrong, "metrics.wrong");
    if (a->stats != NULL) {
        snug_saved_add_one(values, SNUG_SAVED_SIZE, &a->stats->rows, "metrics.scores");
    }
}

/* Adds the statistics of classes. */
static void add_stats(snug_saved_values *values, snug_class_stats *s) {
    const size_t n = s->classes, size = sizeof *s->counts;
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &s->log_loss, "metrics.log_loss");
    snug_saved_add_one(values, SNUG_SAVED_DOUBLE, &s->squared, "metrics.squared_error");
    snug_saved_add_one(values, SNUG_SAVED_BOOL, &s->probabilities, "metrics.probabilities");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, s->gaps, SNUG_CALIBRATION_BINS, sizeof(double),
                   "metrics.gaps");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, &s->counts->actual, n, size, "metrics.actual");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, &s->counts->predicted, n, size, "metrics.predicted");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, &s->counts->right, n, size, "metrics.right");
    snug_saved_add(values, SNUG_SAVED_DOUBLE, &s->counts->ranked, n, size, "metrics.ranked");
    snug_saved_add(values, SNUG_SAVED_BOOL, &s->counts->present, n, size, "metrics.present");
    if (s->confusion != NULL) {
        snug_saved_add(values, SNUG_SAVED_DOUBLE, s->confusion, n * n, sizeof(double),
                       "metrics.confusion");
    }
    if (s->scores != NULL && s->rows > 0) {
        snug_saved_add_floats(values, s->scores, s->rows * s->outputs, "metrics.score");
        snug_saved_add(values, SNUG_SAVED_INT32, &s->labels->class, s->rows, sizeof *s->labels,
                       "metrics.label");
        snug_saved_add(values, SNUG_SAVED_FLOAT, &s->labels->weight, s->rows, sizeof *s->labels,
                       "metrics.label_weight");
    }
}

void snug_saved_add_sums(snug_saved_values *values, snug_metric_accumulator *a) {
    const size_t sums = sizeof *a->sums / sizeof(double); /* all members of it are double */
    snug_saved_add(values, SNUG_SAVED_DOUBLE, &a->sums->absolute, a->outputs * sums, sizeof(double),
                   "metrics.sums");
    snug_saved_add_floats(values, a->shifts, a->outputs, "metrics.shifts");
    snug_saved_add_floats(values, a->error_shifts, a->outputs, "metrics.error_shifts");
    if (a->stats != NULL) {
        add_stats(values, a->stats);
    }
}

snug_status snug_saved_check_accumulator(const snug_metric_accumulator *a, size_t most) {
    size_t scores = a->stats != NULL ? a->stats->rows : 0;
    if (a->rows <= most && a->counted <= most && scores <= most) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_FILE, "metrics.rows: must be at most the %zu of the batches so far",
                     most);
}
