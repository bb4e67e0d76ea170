/* Gathering metrics batch by batch. */
#ifndef SNUG_METRICS_ACCUMULATOR_H
#define SNUG_METRICS_ACCUMULATOR_H

#include <snug/metrics.h> /* IWYU pragma: export */

#include "metrics/class_stats.h"
#include "metrics/metrics.h"
#include "model/targets.h"   /* IWYU pragma: export */
#include "session/session.h" /* IWYU pragma: export */

/* Weighed sums of one output's values and errors. */
typedef struct snug_sums {
    double absolute, squared; /* |error|, error^2 */
    double y, y2;             /* targets, shifted by those of the first row that weighs something */
    double error, error2;     /* errors, shifted in the same way */
} snug_sums;

/* Sums over the rows seen so far. */
typedef struct snug_metric_accumulator {
    snug_selection selection;
    const snug_object *loss;
    const snug_activation_kind *output;
    size_t outputs, rows;
    size_t counted; /* rows of values that weigh something */
    snug_loss_sum loss_sum;
    double weight, correct; /* sums of the rows' weights: of all rows, of those that are right */
    snug_sums *sums;        /* an output each */
    float *shifts, *error_shifts;
    float *predictions;                  /* outputs: one row */
    snug_decision decision;              /* of the model on a class */
    const snug_postprocessing *clipping; /* of the model's values, or NULL */
    size_t quantiles, middle;            /* outputs of a target; which of them is nearest to 0.5 */
    double covered;                      /* weights of the targets between the outer quantiles */
    const double *origin;    /* what values are relative to, a number an output; NULL: 0 */
    double wrong;            /* the weights of the rows, each as often as it has a wrong label */
    snug_class_stats *stats; /* of classes, where a metric needs it, or NULL */
} snug_metric_accumulator;

/* The empty selection for a model's targets: classes, or values. */
snug_selection snug_selection_for(const snug_model *model, bool classes);

/* For at most `rows` rows; free with snug_metric_accumulator_clear(), also when it fails. */
snug_status snug_metric_accumulator_start(snug_metric_accumulator *accumulator,
                                          const snug_model *model, const snug_selection *selection,
                                          size_t rows);
void snug_metric_accumulator_clear(snug_metric_accumulator *accumulator);
void snug_metric_accumulator_reset(snug_metric_accumulator *accumulator);

/*
 * Adds rows with their outputs of the last layer, and what snug_loss_evaluate() returned for them.
 * Where targets are scaled, outputs and targets are those of snug_session_unscale(): in the
 * targets' units, but both less a constant, on which no metric of values depends.
 */
void snug_metric_accumulator_add(snug_metric_accumulator *accumulator, size_t rows, const float *z,
                                 const snug_targets *targets, const snug_loss_sum *loss);

/* The metrics selected but those that have one of the flags `without`. */
void snug_metric_accumulator_read(const snug_metric_accumulator *accumulator, unsigned without,
                                  snug_metrics *metrics);

#endif
