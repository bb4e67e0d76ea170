#include "train/metric_kinds.h"

#include <string.h>

#include "core/fields.h"
#include "core/status.h"

enum {
    CLASSES = SNUG_TARGET_CLASSES,
    VALUES = SNUG_TARGET_VALUES,
    BOTH = SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES
};

const snug_metric_kind snug_metric_kinds[] = {
    {"loss", "mean loss of a row", BOTH, false},
    {"accuracy", "share of the rows whose class is right", CLASSES, true},
    {"mae", "mean absolute error", VALUES, false},
    {"r2", "1 - squared errors / squared deviations from the mean", VALUES, true},
    {0},
};

#define KINDS (sizeof snug_metric_kinds / sizeof *snug_metric_kinds - 1)

static snug_status fail_unknown(const char *name, snug_target target, const char *where) {
    const char *names[KINDS];
    char known[512];
    size_t count = 0;
    for (size_t i = 0; i < KINDS; ++i)
        if (snug_metric_kinds[i].targets & (unsigned)target)
            names[count++] = snug_metric_kinds[i].name;
    const char *nearest = snug_nearest(name, names, count);
    if (nearest != NULL)
        return snug_fail_at(where, "unknown metric \"%s\"; did you mean \"%s\"?", name, nearest);
    snug_quote_names(names, count, known, sizeof known);
    return snug_fail_at(where, "unknown metric \"%s\"; known are %s", name, known);
}

const snug_metric_kind *snug_metric_find(const char *name, snug_target target, const char *where) {
    for (size_t i = 0; i < KINDS; ++i) {
        const snug_metric_kind *kind = &snug_metric_kinds[i];
        if (strcmp(kind->name, name) != 0)
            continue;
        if (kind->targets & (unsigned)target)
            return kind;
        snug_fail_at(where, "the metric \"%s\" judges %s, and the targets are %s", name,
                     target == SNUG_TARGET_CLASSES ? "values" : "classes",
                     target == SNUG_TARGET_CLASSES ? "classes" : "values");
        return NULL;
    }
    fail_unknown(name, target, where);
    return NULL;
}
