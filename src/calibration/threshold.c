#include <math.h>
#include <stdlib.h>

#include "calibration/threshold.h"
#include "core/memory.h"
#include "core/status.h"
#include "json/json_path.h"
#include "metrics/accumulator.h"

const snug_metric_kind *snug_threshold_metric(const char *name) {
    const snug_metric_kind *metric =
        snug_metric_find(name, SNUG_TARGET_CLASSES, "threshold_metric");
    if (metric == NULL || metric->flags & SNUG_METRIC_OF_DECISIONS) {
        return metric;
    }
    snug_fail_at("threshold_metric",
                 "the metric \"%s\" does not depend on the predicted classes alone, as "
                 "\"f1_binary\" and \"balanced_accuracy\" do",
                 name);
    return NULL;
}

/* ---- sweeping the threshold ------------------------------------------------------------------ */

typedef struct row {
    double probability, weight; /* of the second class; of the row */
    size_t class;
} row;

/* The rows by their probabilities, falling, and the metric of the decisions at one threshold. */
typedef struct sweep {
    row *rows;
    size_t count;
    const snug_metric_kind *metric;
    snug_class_stats *stats;
    snug_metric_accumulator accumulator;
} sweep;

static int by_falling_probability(const void *a, const void *b) {
    double x = ((const row *)a)->probability, y = ((const row *)b)->probability;
    return (x < y) - (x > y);
}

static double probability_of(const snug_logits *logits, double temperature, size_t i) {
    const float *z = logits->z + i * logits->outputs;
    double logit = logits->outputs == 1 ? (double)z[0] : (double)z[1] - (double)z[0];
    return 1 / (1 + exp(-logit / temperature));
}

/* Counts a row as taken for a class, with the sign of `weight`. */
static void count(sweep *s, const row *r, size_t decided, double weight) {
    snug_class_count *of = &s->stats->counts[decided];
    of->predicted += weight;
    of->right += decided == r->class ? weight : 0;
    s->accumulator.correct += decided == r->class ? weight : 0;
}

/* Starts with every row taken for the first class. */
static void start(sweep *s, const snug_logits *logits, double temperature) {
    for (size_t i = 0; i < logits->rows; i++) {
        double weight = logits->weights != NULL ? (double)logits->weights[i] : 1;
        if (weight > 0) {
            s->rows[s->count++] = (row){.probability = probability_of(logits, temperature, i),
                                        .weight = weight,
                                        .class = (size_t)logits->classes[i]};
        }
    }
    qsort(s->rows, s->count, sizeof *s->rows, by_falling_probability);
    for (size_t i = 0; i < s->count; i++) {
        const row *r = &s->rows[i];
        s->stats->counts[r->class].actual += r->weight;
        s->accumulator.weight += r->weight;
        count(s, r, 0, r->weight);
    }
}

/*
 * Returns the metric of the present decisions. A class is present if a row has it or is taken for
 * it. Where no row is left for the first class its sums are set to 0: the weights that were taken
 * away may leave rounding errors, whose ratio would be any number.
 */
static double value_of(sweep *s, size_t taken) {
    snug_class_count *first = &s->stats->counts[0], *second = &s->stats->counts[1];
    first->present = first->actual > 0 || taken < s->count;
    second->present = second->actual > 0 || taken > 0;
    if (taken == s->count) {
        first->predicted = first->right = 0;
    }
    double value = s->metric->value(&s->accumulator, s->metric);
    return s->metric->greater ? value : -value;
}

/* Returns the threshold between the first `taken` rows, of the second class, and the others. */
static double threshold_between(const sweep *s, size_t taken) {
    const double least = 1e-12;
    double above = taken > 0 ? s->rows[taken - 1].probability : 1;
    double below = taken < s->count ? s->rows[taken].probability : 0;
    double middle = below < 0.5 && above > 0.5 ? 0.5 : (above + below) / 2;
    return fmin(fmax(middle, least), 1 - least);
}

/* Takes one more probability at a time for the second class, and keeps the best threshold. */
static double find_best(sweep *s) {
    const double rounding = 1e-12;
    double best = -INFINITY, chosen = 0.5;
    for (size_t taken = 0; taken <= s->count; taken++) {
        bool splits_equal_rows = taken > 0 && taken < s->count &&
                                 s->rows[taken - 1].probability == s->rows[taken].probability;
        if (!splits_equal_rows) {
            double value = value_of(s, taken), threshold = threshold_between(s, taken);
            bool nearer = fabs(threshold - 0.5) < fabs(chosen - 0.5);
            if (value > best + rounding || (value > best - rounding && nearer)) {
                best = fmax(value, best);
                chosen = threshold;
            }
        }
        if (taken < s->count) {
            count(s, &s->rows[taken], 0, -s->rows[taken].weight);
            count(s, &s->rows[taken], 1, s->rows[taken].weight);
        }
    }
    return chosen;
}

snug_status snug_threshold_fit(const snug_logits *logits, double temperature,
                               const snug_metric_kind *metric, double *threshold) {
    sweep s = {.metric = metric};
    *threshold = 0.5;
    s.rows = snug_alloc(logits->rows, sizeof *s.rows);
    s.stats = snug_class_stats_new(2, logits->outputs, 0, false);
    s.accumulator.stats = s.stats;
    snug_status status = s.rows != NULL && s.stats != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        start(&s, logits, temperature);
        *threshold = find_best(&s);
    }
    snug_class_stats_free(s.stats);
    snug_release(s.rows);
    return status;
}
