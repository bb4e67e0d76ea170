/* Metrics of labels alone; those that classes have too are in metric_classes.c. */
#include <math.h>

#include "metrics/accumulator.h"

static double hamming_loss(const snug_metric_accumulator *tally, const snug_metric_kind *kind) {
    (void)kind;
    return tally->weight > 0 ? tally->wrong / tally->weight / (double)tally->outputs : (double)NAN;
}

const snug_metric_kind snug_label_metrics[] = {
    {"hamming_loss", "share of the labels that are wrong", SNUG_TARGET_LABELS, false, hamming_loss,
     SNUG_METRIC_BY_DEFAULT, 0, 0, 0},
    {0},
};
