#include "train/metric_kinds.h"

#include <string.h>

#include "core/fields.h"
#include "core/status.h"

enum {
    CLASSES = SNUG_TARGET_CLASSES,
    VALUES = SNUG_TARGET_VALUES,
    LABELS = SNUG_TARGET_LABELS,
    BOTH = SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES
};

const snug_metric_kind snug_metric_kinds[] = {
    {"loss", "mean loss of a row", BOTH, false},
    {"accuracy", "share of the rows whose class, or each of whose labels, is right",
     CLASSES | LABELS, true},
    {"hamming_loss", "share of the labels that are wrong", LABELS, false},
    {"mae", "mean absolute error", VALUES, false},
    {"r2", "1 - squared errors / squared deviations from the mean", VALUES, true},
    {0},
};

unsigned snug_metric_targets(const snug_loss_kind *loss, bool classes) {
    if (classes)
        return CLASSES;
    return loss->binary ? VALUES | LABELS : VALUES;
}

#define KINDS (sizeof snug_metric_kinds / sizeof *snug_metric_kinds - 1)

static snug_status fail_unknown(const char *name, unsigned targets, const char *where) {
    const char *names[KINDS];
    char known[512];
    size_t count = 0;
    for (size_t i = 0; i < KINDS; ++i)
        if (snug_metric_kinds[i].targets & targets)
            names[count++] = snug_metric_kinds[i].name;
    const char *nearest = snug_nearest(name, names, count);
    if (nearest != NULL)
        return snug_fail_at(where, "unknown metric \"%s\"; did you mean \"%s\"?", name, nearest);
    snug_quote_names(names, count, known, sizeof known);
    return snug_fail_at(where, "unknown metric \"%s\"; known are %s", name, known);
}

static const char *judged(unsigned targets) {
    if (targets & CLASSES)
        return "classes";
    return targets & VALUES ? "values" : "labels of 0 and 1";
}

const snug_metric_kind *snug_metric_find(const char *name, unsigned targets, const char *where) {
    for (size_t i = 0; i < KINDS; ++i) {
        const snug_metric_kind *kind = &snug_metric_kinds[i];
        if (strcmp(kind->name, name) != 0)
            continue;
        if (kind->targets & targets)
            return kind;
        snug_fail_at(where, "the metric \"%s\" judges %s, and the targets are %s", name,
                     judged(kind->targets), judged(targets));
        return NULL;
    }
    fail_unknown(name, targets, where);
    return NULL;
}
