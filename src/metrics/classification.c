/*
 * Metrics of classes, some of labels too, as scikit-learn has them, where nothing to divide by
 * gives 0 (zero_division=0).
 */
#include <math.h>

#include "metrics/accumulator.h"
#include "metrics/class_stats.h"

static double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0.0;
}

static double accuracy(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return accumulator->weight > 0 ? accumulator->correct / accumulator->weight : (double)NAN;
}

static double error(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    return 1 - accuracy(accumulator, kind);
}

/* The mean recall of the classes that rows have. */
static double balanced_accuracy(const snug_metric_accumulator *accumulator,
                                const snug_metric_kind *kind) {
    const snug_class_stats *stats = accumulator->stats;
    double sum = 0, classes = 0;
    (void)kind;
    for (size_t k = 0; k < stats->classes; k++) {
        sum += ratio(stats->counts[k].right, stats->counts[k].actual);
        classes += stats->counts[k].actual > 0;
    }
    return sum / classes;
}

/*
 * The correlation of the classes with those that rows are taken for, R_K of Gorodkin 2004
 * ("Comparing two K-category assignments by a K-category correlation coefficient"):
 *
 *     (c s - sum p_k t_k) / sqrt((s^2 - sum p_k^2) (s^2 - sum t_k^2))
 *
 * with s the weight of all rows, c of those that are right, t_k of those of class k, and p_k of
 * those taken for it.
 */
static double matthews_corrcoef(const snug_metric_accumulator *accumulator,
                                const snug_metric_kind *kind) {
    const snug_class_stats *stats = accumulator->stats;
    double right = 0, both = 0, predicted = 0, predicted2 = 0, actual = 0, actual2 = 0;
    (void)kind;
    for (size_t k = 0; k < stats->classes; k++) {
        const snug_class_count *count = &stats->counts[k];
        right += count->right;
        both += count->predicted * count->actual;
        predicted += count->predicted;
        predicted2 += count->predicted * count->predicted;
        actual += count->actual;
        actual2 += count->actual * count->actual;
    }
    /* s is summed up in both ways, so that a factor is exactly 0 where there is a single class. */
    double product = (predicted * predicted - predicted2) * (actual * actual - actual2);
    return ratio(right * actual - both, sqrt(product));
}

static double top_k_accuracy(const snug_metric_accumulator *accumulator,
                             const snug_metric_kind *kind) {
    double right = 0;
    for (size_t rank = 0; rank < kind->k && rank < accumulator->stats->classes; rank++) {
        right += accumulator->stats->counts[rank].ranked;
    }
    return accumulator->weight > 0 ? right / accumulator->weight : (double)NAN;
}

/* ---- precision, recall, F1 ------------------------------------------------------------------- */

static double precision_of(const snug_class_count *count) {
    return ratio(count->right, count->predicted);
}

static double recall_of(const snug_class_count *count) {
    return ratio(count->right, count->actual);
}

/* 2 p r / (p + r), without dividing by 0 where the class is met and never decided. */
static double f1_of(const snug_class_count *count) {
    return ratio(2 * count->right, count->predicted + count->actual);
}

typedef double score_of(const snug_class_count *count);

/* The mean over the classes that rows have or were taken for. */
static double macro(const snug_metric_accumulator *accumulator, score_of *of) {
    const snug_class_stats *stats = accumulator->stats;
    double sum = 0, classes = 0;
    for (size_t k = 0; k < stats->classes; k++) {
        if (!stats->counts[k].present) {
            continue;
        }
        sum += of(&stats->counts[k]);
        classes += 1;
    }
    return sum / classes;
}

/* The score of all classes' counts together. */
static double micro(const snug_metric_accumulator *accumulator, score_of *of) {
    snug_class_count all = {0};
    for (size_t k = 0; k < accumulator->stats->classes; k++) {
        all.actual += accumulator->stats->counts[k].actual;
        all.predicted += accumulator->stats->counts[k].predicted;
        all.right += accumulator->stats->counts[k].right;
    }
    return of(&all);
}

/* The second of two classes is the positive one. */
static double binary(const snug_metric_accumulator *accumulator, score_of *of) {
    return of(&accumulator->stats->counts[1]);
}

#define SCORE(score, average)                                                                      \
    static double score##_##average(const snug_metric_accumulator *accumulator,                    \
                                    const snug_metric_kind *kind) {                                \
        (void)kind;                                                                                \
        return average(accumulator, score##_of);                                                   \
    }

SCORE(precision, macro)
SCORE(precision, micro)
SCORE(precision, binary)
SCORE(recall, macro)
SCORE(recall, micro)
SCORE(recall, binary)
SCORE(f1, macro)
SCORE(f1, micro)
SCORE(f1, binary)

/* ---- by the predicted probabilities ---------------------------------------------------------- */

static double roc_auc(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return snug_class_stats_roc_auc(accumulator->stats);
}

static double log_loss(const snug_metric_accumulator *accumulator, const snug_metric_kind *kind) {
    (void)kind;
    return accumulator->stats->probabilities && accumulator->weight > 0
               ? accumulator->stats->log_loss / accumulator->weight
               : (double)NAN;
}

/* Brier 1950, "Verification of forecasts expressed in terms of probability". */
static double brier_score(const snug_metric_accumulator *accumulator,
                          const snug_metric_kind *kind) {
    (void)kind;
    return accumulator->stats->probabilities && accumulator->weight > 0
               ? accumulator->stats->squared / accumulator->weight
               : (double)NAN;
}

/*
 * The sum over the bins of |right rows - sum of their top probabilities| / all rows: Guo, Pleiss,
 * Sun and Weinberger 2017, "On calibration of modern neural networks".
 */
static double expected_calibration_error(const snug_metric_accumulator *accumulator,
                                         const snug_metric_kind *kind) {
    const snug_class_stats *stats = accumulator->stats;
    double sum = 0;
    (void)kind;
    for (size_t i = 0; i < SNUG_CALIBRATION_BINS; i++) {
        sum += fabs(stats->gaps[i]);
    }
    return stats->probabilities && accumulator->weight > 0 ? sum / accumulator->weight
                                                           : (double)NAN;
}

/* ---- the table ------------------------------------------------------------------------------- */

enum {
    CLASSES = SNUG_TARGET_CLASSES,
    LABELS = SNUG_TARGET_LABELS,
    DECISIONS = SNUG_METRIC_NEEDS_CLASS_STATS | SNUG_METRIC_OF_DECISIONS
};

#define ROW(name, text, targets, greater, value, flags, min, max)                                  \
    {name, text, targets, greater, value, flags, min, max, 0}
#define SCORE_ROW(name, text, value)                                                               \
    ROW(name, text ", mean over the classes", CLASSES | LABELS, true, value##_macro, DECISIONS, 0, \
        0),                                                                                        \
        ROW(name "_macro", text ", mean over the classes", CLASSES | LABELS, true, value##_macro,  \
            DECISIONS, 0, 0),                                                                      \
        ROW(name "_micro", text ", of all classes' rows together", CLASSES | LABELS, true,         \
            value##_micro, DECISIONS, 0, 0),                                                       \
        ROW(name "_binary", text ", of the second of two classes", CLASSES, true, value##_binary,  \
            DECISIONS, 2, 2)
#define TOP_ROW(name, number, more)                                                                \
    {name,                                                                                         \
     "share of the rows whose class is among the " #number " most probable",                       \
     SNUG_TARGET_CLASSES,                                                                          \
     true,                                                                                         \
     top_k_accuracy,                                                                               \
     SNUG_METRIC_NEEDS_CLASS_STATS | (more),                                                       \
     (number) + 1,                                                                                 \
     0,                                                                                            \
     number}

const snug_metric_kind snug_class_metrics[] = {
    ROW("accuracy", "share of the rows whose class, or each of whose labels, is right",
        CLASSES | LABELS, true, accuracy, SNUG_METRIC_BY_DEFAULT | SNUG_METRIC_OF_DECISIONS, 0, 0),
    ROW("error", "1 - accuracy", CLASSES | LABELS, false, error,
        SNUG_METRIC_ON_REQUEST | SNUG_METRIC_OF_DECISIONS, 0, 0),
    ROW("balanced_accuracy", "mean recall of the classes", CLASSES, true, balanced_accuracy,
        DECISIONS, 0, 0),
    ROW("matthews_corrcoef", "correlation of the classes with those that rows are taken for",
        CLASSES, true, matthews_corrcoef, DECISIONS, 0, 0),
    TOP_ROW("top_2_accuracy", 2, SNUG_METRIC_ON_REQUEST),
    TOP_ROW("top_3_accuracy", 3, 0),
    TOP_ROW("top_5_accuracy", 5, 0),
    TOP_ROW("top_10_accuracy", 10, SNUG_METRIC_ON_REQUEST),
    SCORE_ROW("precision", "share that is right of the rows taken for a class", precision),
    SCORE_ROW("recall", "share of a class's rows that were found", recall),
    SCORE_ROW("f1", "harmonic mean of precision and recall", f1),
    ROW("roc_auc", "area under the ROC curve; of each class against the rest where there are more",
        CLASSES, true, roc_auc, SNUG_METRIC_NEEDS_CLASS_STATS | SNUG_METRIC_NEEDS_SCORES, 0, 0),
    ROW("log_loss", "mean -log of the right class's probability", CLASSES, false, log_loss,
        SNUG_METRIC_NEEDS_CLASS_STATS, 0, 0),
    ROW("brier_score",
        "mean squared error of the probabilities, summed over the classes; of two, of the second's",
        CLASSES, false, brier_score, SNUG_METRIC_NEEDS_CLASS_STATS, 0, 0),
    ROW("expected_calibration_error",
        "how far the top probability is from the share that is right, in 15 bins", CLASSES, false,
        expected_calibration_error, SNUG_METRIC_NEEDS_CLASS_STATS, 0, 0),
    ROW("confusion_matrix", "the rows of each class by the class that they were taken for", CLASSES,
        false, NULL,
        SNUG_METRIC_NEEDS_CLASS_STATS | SNUG_METRIC_NEEDS_CONFUSION | SNUG_METRIC_ON_REQUEST, 0, 0),
    {0},
};

/* ---- of labels alone ------------------------------------------------------------------------- */

static double hamming_loss(const snug_metric_accumulator *accumulator,
                           const snug_metric_kind *kind) {
    (void)kind;
    return accumulator->weight > 0
               ? accumulator->wrong / accumulator->weight / (double)accumulator->outputs
               : (double)NAN;
}

const snug_metric_kind snug_label_metrics[] = {
    {"hamming_loss", "share of the labels that are wrong", SNUG_TARGET_LABELS, false, hamming_loss,
     SNUG_METRIC_BY_DEFAULT, 0, 0, 0},
    {0},
};
