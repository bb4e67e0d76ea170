/* Gathering metrics batch by batch. */
#ifndef SNUG_TRAIN_METRICS_H
#define SNUG_TRAIN_METRICS_H

#include <snug/train.h>

#include "model/session.h"
#include "train/detail.h"
#include "train/metric_kinds.h"

/* Weighed sums of one output's values and errors. */
typedef struct snug_sums {
    double absolute, squared; /* |error|, error^2 */
    double y, y2;             /* targets, shifted by those of the first row that weighs something */
    double error, error2;     /* errors, shifted in the same way */
} snug_sums;

/* Sums over the rows seen so far. */
typedef struct snug_tally {
    snug_selection selection;
    const snug_object *loss;
    const snug_activation_kind *output;
    size_t outputs, rows;
    size_t counted; /* rows of values that weigh something */
    snug_loss_sum loss_sum;
    double weight, correct; /* sums of the rows' weights: of all rows, of those that are right */
    snug_sums *sums;        /* an output each */
    float *shifts, *error_shifts;
    float *predictions;  /* outputs: one row */
    double wrong;        /* the weights of the rows, each as often as it has a wrong label */
    snug_detail *detail; /* of classes, where a metric needs it, or NULL */
} snug_tally;

/* The empty selection for a model's targets: classes, or values. */
snug_selection snug_selection_for(const snug_model *model, bool classes);

/* For at most `rows` rows; free with snug_tally_clear(), also when it fails. */
snug_status snug_tally_start(snug_tally *tally, const snug_model *model,
                             const snug_selection *selection, size_t rows);
void snug_tally_clear(snug_tally *tally);
void snug_tally_reset(snug_tally *tally);

/*
 * Adds rows with their outputs of the last layer, and what snug_loss_evaluate() answered of them.
 */
void snug_tally_add(snug_tally *tally, size_t rows, const float *z, const snug_targets *targets,
                    const snug_loss_sum *loss);

/* The metrics selected but those that have one of the flags `without`. */
void snug_tally_read(const snug_tally *tally, unsigned without, snug_metrics *metrics);

#endif
