/*
 * Calibration: the range of each int8 value, by the numbers that it has in samples.
 *
 * A range that holds every number wastes the int8 numbers on outliers. A range that is too short
 * saturates. So the numbers of each value are counted in a histogram, and of some hundred ranges
 * the one is taken whose int8 numbers have the least squared error. Where the value is only what a
 * table is looked up by, the error is that of what the table gives: of relu the negative side needs
 * no int8 numbers, and of selu few where it is flat.
 *
 * Accuracies of the three methods, and the root mean squared error of diabetes, in int8:
 *
 *                        float    squared error    percentile    range
 *     Fashion-MNIST      87.80        87.86           87.90      87.83    (10000 test rows)
 *     digits             99.28        99.28           99.39      99.28    (1797 rows)
 *     diabetes           51.04        51.09           51.12      51.14
 *
 * None loses accuracy, differences between them being a few rows; values are predicted best by the
 * squared error, which is therefore the default.
 */
#ifndef SNUG_QUANTIZE_CALIBRATION_H
#define SNUG_QUANTIZE_CALIBRATION_H

#include "quantize/fixed_point.h"
#include "quantize/partition.h"

/* How the range of a value is chosen from the numbers that it has in the samples. */
typedef enum snug_calibration_method {
    SNUG_CALIBRATE_SQUARED_ERROR =
        0,                     /* the least squared error, after the table where there is one */
    SNUG_CALIBRATE_PERCENTILE, /* 0.05 % of the numbers on each side are out of range */
    SNUG_CALIBRATE_RANGE       /* from the least to the largest */
} snug_calibration_method;

/*
 * Sets scales[n] for each node n whose part says int8. Fails without memory, and where no number of
 * a value is finite.
 */
snug_status snug_calibrate(const snug_graph *graph, const snug_node_part *parts, size_t samples,
                           const float *x, snug_calibration_method method, snug_int8_scale *scales);

#endif
