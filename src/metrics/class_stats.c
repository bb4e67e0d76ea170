#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "metrics/class_stats.h"

static bool make_scores(snug_class_stats *stats, size_t rows) {
    stats->scores = snug_alloc(rows * stats->outputs, sizeof *stats->scores);
    stats->labels = snug_alloc(rows, sizeof *stats->labels);
    stats->ranking = snug_alloc(rows, sizeof *stats->ranking);
    return stats->scores != NULL && stats->labels != NULL && stats->ranking != NULL;
}

static bool make_confusion(snug_class_stats *stats) {
    size_t cells;
    if (!snug_multiply(stats->classes, stats->classes, &cells)) {
        snug_fail_memory(stats->classes);
        return false;
    }
    stats->confusion = snug_alloc(cells, sizeof *stats->confusion);
    return stats->confusion != NULL;
}

snug_class_stats *snug_class_stats_new(size_t classes, size_t outputs, size_t rows, bool matrix) {
    snug_class_stats *stats = snug_alloc(1, sizeof *stats);
    size_t scores = 0;
    bool keeps = snug_multiply(rows, outputs, &scores) && scores > 0 && scores <= SNUG_SCORES_MAX;
    if (stats == NULL) {
        return NULL;
    }
    *stats = (snug_class_stats){.classes = classes, .outputs = outputs};
    stats->counts = snug_alloc(classes, sizeof *stats->counts);
    if (stats->counts != NULL && (!keeps || make_scores(stats, rows)) &&
        (!matrix || make_confusion(stats))) {
        snug_class_stats_reset(stats);
        return stats;
    }
    snug_class_stats_free(stats);
    return NULL;
}

void snug_class_stats_free(snug_class_stats *stats) {
    if (stats == NULL) {
        return;
    }
    snug_release(stats->counts);
    snug_release(stats->confusion);
    snug_release(stats->scores);
    snug_release(stats->labels);
    snug_release(stats->ranking);
    snug_release(stats);
}

void snug_class_stats_reset(snug_class_stats *stats) {
    stats->rows = 0;
    stats->log_loss = stats->squared = 0;
    memset(stats->gaps, 0, sizeof stats->gaps);
    stats->probabilities = true;
    memset(stats->counts, 0, stats->classes * sizeof *stats->counts);
    if (stats->confusion != NULL) {
        memset(stats->confusion, 0, stats->classes * stats->classes * sizeof(double));
    }
}

/*
 * How many outputs rank before the label's: the larger ones and, of equal ones, those of later
 * classes, as in scikit-learn's top_k_accuracy_score, which turns a stable sort around.
 */
static size_t rank_of(size_t n, const float *z, size_t label) {
    size_t before = 0;
    for (size_t j = 0; j < n; j++) {
        before += j > label ? z[j] >= z[label] : z[j] > z[label];
    }
    return before;
}

static bool are_probabilities(size_t n, const float *prediction) {
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        if (!(prediction[j] >= 0.0F && prediction[j] <= 1.0F)) {
            return false;
        }
        sum += (double)prediction[j];
    }
    return n == 1 || fabs(sum - 1) < 1e-3;
}

/*
 * -log of the label's probability, which a float does not tell from 0 or 1 nearer than its epsilon.
 */
static double log_loss_of(size_t n, const float *prediction, size_t label) {
    const double least = (double)FLT_EPSILON;
    double p = (double)prediction[n > 1 ? label : 0];
    p = fmin(fmax(p, least), 1 - least);
    return -log(n > 1 || label == 1 ? p : 1 - p);
}

/*
 * The sum over the classes of (probability - 1 of the right class, 0 of another)^2; of two classes
 * that of the second alone, as in scikit-learn's brier_score_loss.
 */
static double squared_error_of(size_t n, const float *prediction, size_t label) {
    double sum = 0;
    for (size_t j = n <= 2 ? n - 1 : 0; j < n; j++) {
        size_t class = n == 1 ? 1 : j;
        double error = (double)prediction[j] - (class == label ? 1 : 0);
        sum += error * error;
    }
    return sum;
}

/* Adds a row to the bin (i / 15, (i + 1) / 15] of its top probability. */
static void add_confidence(snug_class_stats *stats, const float *prediction, size_t label,
                           double weight) {
    size_t n = stats->outputs, top = 0;
    double confidence = (double)prediction[0];
    for (size_t j = 1; j < n; j++) {
        top = prediction[j] > prediction[top] ? j : top;
        confidence = (double)prediction[top];
    }
    if (n == 1) {
        top = confidence > 0.5;
        confidence = confidence > 0.5 ? confidence : 1 - confidence;
    }
    if (!(confidence >= 0 && confidence <= 1)) {
        return; /* no probability: there is no calibration error */
    }
    double bin = ceil(confidence * SNUG_CALIBRATION_BINS) - 1;
    stats->gaps[bin > 0 ? (size_t)bin : 0] += weight * ((top == label ? 1 : 0) - confidence);
}

void snug_class_stats_add(snug_class_stats *stats, const float *z, const float *prediction,
                          size_t decided, size_t label, double weight) {
    size_t n = stats->outputs;
    size_t rank = n > 1 ? rank_of(n, z, label) : decided != label;
    stats->counts[label].actual += weight;
    stats->counts[label].present = true;
    stats->counts[decided].predicted += weight;
    stats->counts[decided].present = true;
    stats->counts[label].right += decided == label ? weight : 0;
    stats->counts[rank].ranked += weight;
    if (stats->confusion != NULL) {
        stats->confusion[label * stats->classes + decided] += weight;
    }
    stats->probabilities = stats->probabilities && are_probabilities(n, prediction);
    stats->log_loss += weight * log_loss_of(n, prediction, label);
    stats->squared += weight * squared_error_of(n, prediction, label);
    add_confidence(stats, prediction, label, weight);
    if (stats->scores != NULL) {
        memcpy(stats->scores + stats->rows * n, prediction, n * sizeof *prediction);
        stats->labels[stats->rows] = (snug_label){.class = (int32_t)label, .weight = (float)weight};
    }
    stats->rows++;
}

void snug_class_stats_add_labels(snug_class_stats *stats, const float *prediction, const float *y,
                                 double weight) {
    for (size_t j = 0; j < stats->outputs; j++) {
        snug_class_count *count = &stats->counts[j];
        bool actual = y[j] > 0.5F, predicted = prediction[j] > 0.5F;
        count->present = true;
        count->actual += actual ? weight : 0;
        count->predicted += predicted ? weight : 0;
        count->right += actual && predicted ? weight : 0;
    }
}

/* ---- the area under the ROC curve ------------------------------------------------------------ */

static int by_score(const void *a, const void *b) {
    float x = ((const snug_score *)a)->score, y = ((const snug_score *)b)->score;
    return (x > y) - (x < y);
}

/* The share of pairs, one row of each side, whose positive has the higher score. */
static double area(snug_score *ranking, size_t rows) {
    double below = 0, pairs = 0, positives = 0;
    qsort(ranking, rows, sizeof *ranking, by_score);
    for (size_t first = 0, end; first < rows; first = end) {
        double here = 0, others = 0;
        for (end = first; end < rows && ranking[end].score == ranking[first].score; end++) {
            *(ranking[end].positive ? &here : &others) += (double)ranking[end].weight;
        }
        pairs += here * (below + 0.5 * others);
        positives += here;
        below += others;
    }
    return positives > 0 && below > 0 ? pairs / (positives * below) : (double)NAN;
}

/*
 * Returns the area under the ROC curve of one class against the rest, by the scores of one output.
 */
static double area_of(const snug_class_stats *stats, size_t class, size_t output) {
    for (size_t i = 0; i < stats->rows; i++) {
        stats->ranking[i] = (snug_score){.score = stats->scores[i * stats->outputs + output],
                                         .weight = stats->labels[i].weight,
                                         .positive = (size_t)stats->labels[i].class == class};
    }
    return area(stats->ranking, stats->rows);
}

double snug_class_stats_roc_auc(const snug_class_stats *stats) {
    double sum = 0, count = 0;
    if (stats->scores == NULL) {
        return (double)NAN;
    }
    for (size_t i = 0; i < stats->rows * stats->outputs; i++) {
        if (isnan(stats->scores[i])) {
            return (double)NAN;
        }
    }
    if (stats->classes == 2) {
        return area_of(stats, 1, stats->outputs - 1);
    }
    for (size_t k = 0; k < stats->classes; k++) {
        double one = area_of(stats, k, k);
        sum += isnan(one) ? 0 : one;
        count += isnan(one) ? 0 : 1;
    }
    return sum / count;
}
