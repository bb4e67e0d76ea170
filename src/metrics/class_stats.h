/* What metrics of classes need beyond a training batch's running accumulator. */
#ifndef SNUG_METRICS_CLASS_STATS_H
#define SNUG_METRICS_CLASS_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <snug/status.h> /* IWYU pragma: export */

/* More scores than this are not kept, and have no area under the ROC curve: 64 MiB. */
#define SNUG_SCORES_MAX ((size_t)1 << 24)

/* Bins of equal width of the top probability, by which a calibration error is measured. */
enum { SNUG_CALIBRATION_BINS = 15 };

/* Weights of one class's rows, or of the rows that have one label. */
typedef struct snug_class_count {
    double actual, predicted, right;
    double ranked; /* of entry k: rows whose class has the k-th largest output, from 0 */
    bool present;  /* a row has the class or was taken for it */
} snug_class_count;

/* A prediction, with whether its class is the row's. */
typedef struct snug_score {
    float score, weight;
    bool positive;
} snug_score;

/* A row with its own class. */
typedef struct snug_label {
    int32_t class;
    float weight;
} snug_label;

typedef struct snug_class_stats {
    size_t classes, outputs, rows;
    snug_class_count *counts; /* a class each */
    double *confusion; /* classes x classes: weights of rows of class k taken for j; or NULL */
    double log_loss;   /* sum of -log of the right class's prediction */
    double squared;    /* sum of the squared errors of the probabilities, see brier_score */
    double gaps[SNUG_CALIBRATION_BINS]; /* sums of the right rows less their top probabilities */
    bool probabilities;  /* the predictions of every row are: from 0 to 1, of sum 1 */
    float *scores;       /* rows x outputs predictions, or NULL */
    snug_label *labels;  /* rows */
    snug_score *ranking; /* rows: work space */
} snug_class_stats;

/*
 * With memory for the scores of `rows` rows, unless that is 0 or too many, and for the confusion
 * matrix if `matrix`. NULL without memory. Free with snug_class_stats_free(), which takes NULL.
 */
snug_class_stats *snug_class_stats_new(size_t classes, size_t outputs, size_t rows, bool matrix);
void snug_class_stats_free(snug_class_stats *stats);
void snug_class_stats_reset(snug_class_stats *stats);

/*
 * Adds a row: its outputs of the last layer, by which the classes are ranked, the predictions made
 * of them, the class that is decided for, its own, and its weight.
 */
void snug_class_stats_add(snug_class_stats *stats, const float *z, const float *prediction,
                          size_t decided, size_t label, double weight);

/* Adds a row of labels, of which each is or is predicted to be there above 0.5. */
void snug_class_stats_add_labels(snug_class_stats *stats, const float *prediction, const float *y,
                                 double weight);

/*
 * Area under the ROC curve, a tie counting half; for more than two classes the mean of each against
 * the rest, over those with rows on both sides. NaN where there is none, or no scores were kept.
 */
double snug_class_stats_roc_auc(const snug_class_stats *stats);

#endif
