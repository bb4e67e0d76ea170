/*
 * The metrics by their names: one file per family, one row of its table per metric. A metric is a
 * function of an accumulator, which sums over rows with their weights.
 */
#ifndef SNUG_METRICS_METRICS_H
#define SNUG_METRICS_METRICS_H

#include <stdbool.h>

#include <snug/metrics.h> /* IWYU pragma: export */

struct snug_metric_accumulator;

enum {
    SNUG_METRIC_BY_DEFAULT = 1,        /* of every epoch, unless told otherwise */
    SNUG_METRIC_NEEDS_CLASS_STATS = 2, /* reads the accumulator's stats */
    SNUG_METRIC_NEEDS_SCORES = 4,      /* reads the predictions of all rows in it */
    SNUG_METRIC_ON_REQUEST = 8,        /* only where it is asked for by its name */
    SNUG_METRIC_NEEDS_CONFUSION = 16,  /* reads the confusion matrix; no number: .value is NULL */
    SNUG_METRIC_OF_DECISIONS = 32,     /* reads the classes that rows are taken for, and no more */
    SNUG_METRIC_OF_QUANTILES = 64      /* unasked too, where a loss has several quantiles */
};

/* Beside snug_target: values of which each is a yes or a no. */
enum { SNUG_TARGET_LABELS = 4 };

/*
 * Returns the targets, SNUG_TARGET_* added up, whose metrics apply under a loss: `classes` is
 * whether its targets are classes.
 */
unsigned snug_metric_targets(const snug_loss_kind *loss, bool classes);

typedef struct snug_metric_kind {
    const char *name;
    const char *summary; /* one line */
    unsigned targets; /* SNUG_TARGET_CLASSES, _VALUES and SNUG_TARGET_LABELS: what it evaluates */
    bool greater;     /* a greater one is better */
    /* NaN where the rows do not define it. */
    double (*value)(const struct snug_metric_accumulator *accumulator,
                    const struct snug_metric_kind *kind);
    unsigned flags;
    size_t min_classes, max_classes; /* for which it says something; 0: any */
    size_t k;                        /* of the top k */
} snug_metric_kind;

/*
 * The families, in the order in which they are reported: X(the middle of the name of its table,
 * which is ended by a name of NULL). "any" is in accumulator.c, "class" and "label" are in
 * classification.c, "value" is in regression.c.
 */
#define SNUG_METRIC_FAMILIES(X) X(any) X(class) X(label) X(value)

#define SNUG_DECLARE_METRICS(family) extern const snug_metric_kind snug_##family##_metrics[];
SNUG_METRIC_FAMILIES(SNUG_DECLARE_METRICS)
#undef SNUG_DECLARE_METRICS

/* All of them in the order in which they are reported: NULL past the last. */
const snug_metric_kind *snug_metric_at(size_t index);

/* Their names: NULL past the last. */
const char *snug_metric_name(size_t index);

/*
 * The metric of that name for such targets, SNUG_TARGET_* added up. NULL: there is none, and the
 * error message, which suggests the nearest, begins with `where`.
 */
const snug_metric_kind *snug_metric_find(const char *name, unsigned targets, const char *where);

/* The metrics that an accumulator computes. */
typedef struct snug_selection {
    unsigned targets; /* SNUG_TARGET_* added up */
    size_t classes;   /* 0 for values */
    size_t count;
    const snug_metric_kind *kinds[SNUG_METRICS_MAX];
    unsigned flags; /* of all of them together */
} snug_selection;

/* Adds those that have the flags `with` and none of `without`. */
void snug_select(snug_selection *selection, unsigned with, unsigned without);

/* Adds one by its name, once. */
snug_status snug_select_name(snug_selection *selection, const char *name, const char *where);

/*
 * Adds the loss and `count` by their names, which are in the list `where`; none: the usual ones.
 */
snug_status snug_select_names(snug_selection *selection, const char *const *names, size_t count,
                              const char *where);

#endif
