#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "metrics/class_stats.h"

static bool make_scores(snug_class_stats *detail, size_t rows) {
    detail->scores = snug_alloc(rows * detail->outputs, sizeof *detail->scores);
    detail->labels = snug_alloc(rows, sizeof *detail->labels);
    detail->ranking = snug_alloc(rows, sizeof *detail->ranking);
    return detail->scores != NULL && detail->labels != NULL && detail->ranking != NULL;
}

static bool make_confusion(snug_class_stats *detail) {
    size_t cells;
    if (!snug_multiply(detail->classes, detail->classes, &cells)) {
        snug_fail_memory(detail->classes);
        return false;
    }
    detail->confusion = snug_alloc(cells, sizeof *detail->confusion);
    return detail->confusion != NULL;
}

snug_class_stats *snug_class_stats_new(size_t classes, size_t outputs, size_t rows, bool matrix) {
    snug_class_stats *detail = snug_alloc(1, sizeof *detail);
    size_t scores = 0;
    bool keeps = snug_multiply(rows, outputs, &scores) && scores > 0 && scores <= SNUG_SCORES_MAX;
    if (detail == NULL) {
        return NULL;
    }
    *detail = (snug_class_stats){.classes = classes, .outputs = outputs};
    detail->counts = snug_alloc(classes, sizeof *detail->counts);
    if (detail->counts != NULL && (!keeps || make_scores(detail, rows)) &&
        (!matrix || make_confusion(detail))) {
        snug_class_stats_reset(detail);
        return detail;
    }
    snug_class_stats_free(detail);
    return NULL;
}

void snug_class_stats_free(snug_class_stats *detail) {
    if (detail == NULL) {
        return;
    }
    snug_release(detail->counts);
    snug_release(detail->confusion);
    snug_release(detail->scores);
    snug_release(detail->labels);
    snug_release(detail->ranking);
    snug_release(detail);
}

void snug_class_stats_reset(snug_class_stats *detail) {
    detail->rows = 0;
    detail->log_loss = 0;
    detail->probabilities = true;
    memset(detail->counts, 0, detail->classes * sizeof *detail->counts);
    if (detail->confusion != NULL) {
        memset(detail->confusion, 0, detail->classes * detail->classes * sizeof(double));
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

void snug_class_stats_add(snug_class_stats *detail, const float *z, const float *prediction,
                          size_t decided, size_t label, double weight) {
    size_t n = detail->outputs;
    size_t rank = n > 1 ? rank_of(n, z, label) : decided != label;
    detail->counts[label].actual += weight;
    detail->counts[label].present = true;
    detail->counts[decided].predicted += weight;
    detail->counts[decided].present = true;
    detail->counts[label].right += decided == label ? weight : 0;
    detail->counts[rank].ranked += weight;
    if (detail->confusion != NULL) {
        detail->confusion[label * detail->classes + decided] += weight;
    }
    detail->probabilities = detail->probabilities && are_probabilities(n, prediction);
    detail->log_loss += weight * log_loss_of(n, prediction, label);
    if (detail->scores != NULL) {
        memcpy(detail->scores + detail->rows * n, prediction, n * sizeof *prediction);
        detail->labels[detail->rows] =
            (snug_label){.class = (int32_t)label, .weight = (float)weight};
    }
    detail->rows++;
}

void snug_class_stats_add_labels(snug_class_stats *detail, const float *prediction, const float *y,
                                 double weight) {
    for (size_t j = 0; j < detail->outputs; j++) {
        snug_class_count *count = &detail->counts[j];
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

/* Of one class against the rest, by the predictions of one output. */
static double area_of(const snug_class_stats *detail, size_t class, size_t output) {
    for (size_t i = 0; i < detail->rows; i++) {
        detail->ranking[i] = (snug_score){.score = detail->scores[i * detail->outputs + output],
                                          .weight = detail->labels[i].weight,
                                          .positive = (size_t)detail->labels[i].class == class};
    }
    return area(detail->ranking, detail->rows);
}

double snug_class_stats_roc_auc(const snug_class_stats *detail) {
    double sum = 0, count = 0;
    if (detail->scores == NULL) {
        return (double)NAN;
    }
    for (size_t i = 0; i < detail->rows * detail->outputs; i++) {
        if (isnan(detail->scores[i])) {
            return (double)NAN;
        }
    }
    if (detail->classes == 2) {
        return area_of(detail, 1, detail->outputs - 1);
    }
    for (size_t k = 0; k < detail->classes; k++) {
        double one = area_of(detail, k, k);
        sum += isnan(one) ? 0 : one;
        count += isnan(one) ? 0 : 1;
    }
    return sum / count;
}
