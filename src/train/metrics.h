/* Gathering metrics batch by batch. */
#ifndef SNUG_TRAIN_METRICS_H
#define SNUG_TRAIN_METRICS_H

#include <snug/train.h>

#include "model/session.h"
#include "train/metric_kinds.h"

/* Sums over the rows seen so far. The sums of values are a column each. */
typedef struct snug_tally {
    const snug_object *loss;
    const snug_activation_kind *output;
    size_t outputs, rows;
    snug_loss_sum loss_sum;
    double weight, correct; /* sums of the rows' weights: of all rows, of those that are right */
    double
        *sums; /* outputs x (absolute error, squared error, y, y^2), y shifted by the first row */
    float *shifts;
    float *predictions; /* outputs: one row */
    double wrong;       /* the weights of the rows, each as often as it has a wrong label */
    unsigned targets;   /* what metrics can judge: see snug_metric_targets() */
    bool classes;
} snug_tally;

/* A tally for targets that are classes, or values; free with snug_tally_clear(), also when it fails. */
snug_status snug_tally_start(snug_tally *tally, const snug_model *model, bool classes);
void snug_tally_clear(snug_tally *tally);
void snug_tally_reset(snug_tally *tally);

/* Adds rows with their outputs of the last layer, and what snug_loss_evaluate() answered of them. */
void snug_tally_add(snug_tally *tally, size_t rows, const float *z, const snug_targets *targets,
                    const snug_loss_sum *loss);

void snug_tally_read(const snug_tally *tally, snug_metrics *metrics);

#endif
