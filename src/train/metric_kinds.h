/* The metrics by their names: a row of the table in metric_kinds.c each. */
#ifndef SNUG_TRAIN_METRIC_KINDS_H
#define SNUG_TRAIN_METRIC_KINDS_H

#include <stdbool.h>

#include <snug/kind.h>

typedef struct snug_metric_kind {
    const char *name;
    const char *summary; /* one line */
    unsigned targets;    /* SNUG_TARGET_CLASSES, SNUG_TARGET_VALUES or both: what it judges */
    bool greater;        /* a greater one is better */
} snug_metric_kind;

/* In the order in which they are reported; ended by a name of NULL. */
extern const snug_metric_kind snug_metric_kinds[];

/*
 * The metric of that name for such targets. NULL: there is none, and the sentence, which suggests the
 * nearest, begins with `where`.
 */
const snug_metric_kind *snug_metric_find(const char *name, snug_target target, const char *where);

#endif
