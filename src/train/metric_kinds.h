/* The metrics by their names: a row of the table in metric_kinds.c each. */
#ifndef SNUG_TRAIN_METRIC_KINDS_H
#define SNUG_TRAIN_METRIC_KINDS_H

#include <stdbool.h>

#include <snug/kind.h>

/* Beside snug_target: values of which each is a yes or a no. */
enum { SNUG_TARGET_LABELS = 4 };

/* What metrics can judge of a loss whose targets are classes, or values: SNUG_TARGET_* added up. */
unsigned snug_metric_targets(const snug_loss_kind *loss, bool classes);

typedef struct snug_metric_kind {
    const char *name;
    const char *summary; /* one line */
    unsigned targets;    /* SNUG_TARGET_CLASSES, _VALUES and SNUG_TARGET_LABELS: what it judges */
    bool greater;        /* a greater one is better */
} snug_metric_kind;

/* In the order in which they are reported; ended by a name of NULL. */
extern const snug_metric_kind snug_metric_kinds[];

/*
 * The metric of that name for such targets, SNUG_TARGET_* added up. NULL: there is none, and the sentence, which suggests the
 * nearest, begins with `where`.
 */
const snug_metric_kind *snug_metric_find(const char *name, unsigned targets, const char *where);

#endif
