#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json_path.h"
#include "metrics/metrics.h"

unsigned snug_metric_targets(const snug_loss_kind *loss, bool classes) {
    if (classes) {
        return SNUG_TARGET_CLASSES;
    }
    return loss->binary ? SNUG_TARGET_VALUES | SNUG_TARGET_LABELS : SNUG_TARGET_VALUES;
}

const snug_metric_kind *snug_metric_at(size_t index) {
#define TABLE(family) snug_##family##_metrics,
    const snug_metric_kind *const families[] = {SNUG_METRIC_FAMILIES(TABLE)};
#undef TABLE
    for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
        for (const snug_metric_kind *kind = families[f]; kind->name != NULL; kind++) {
            if (index-- == 0) {
                return kind;
            }
        }
    }
    return NULL;
}

const char *snug_metric_name(size_t index) {
    const snug_metric_kind *kind = snug_metric_at(index);
    return kind != NULL ? kind->name : NULL;
}

/* ---- by name --------------------------------------------------------------------------------- */

static snug_status fail_unknown(const char *name, unsigned targets, const char *where) {
    const char *names[64];
    const snug_metric_kind *kind;
    char known[512];
    size_t count = 0;
    for (size_t i = 0; (kind = snug_metric_at(i)) != NULL && count < 64; i++) {
        if (kind->targets & targets) {
            names[count++] = kind->name;
        }
    }
    const char *nearest = snug_nearest_name(name, names, count);
    if (nearest != NULL) {
        return snug_fail_at(where, "unknown metric \"%s\"; did you mean \"%s\"?", name, nearest);
    }
    snug_quote_names(names, count, known, sizeof known);
    return snug_fail_at(where, "unknown metric \"%s\"; known are %s", name, known);
}

static const char *targets_named(unsigned targets) {
    if (targets & SNUG_TARGET_CLASSES) {
        return "classes";
    }
    return targets & SNUG_TARGET_VALUES ? "values" : "labels of 0 and 1";
}

const snug_metric_kind *snug_metric_find(const char *name, unsigned targets, const char *where) {
    const snug_metric_kind *kind;
    for (size_t i = 0; (kind = snug_metric_at(i)) != NULL; i++) {
        if (strcmp(kind->name, name) != 0) {
            continue;
        }
        if (kind->targets & targets) {
            return kind;
        }
        snug_fail_at(where, "the metric \"%s\" is of %s, and the targets are %s", name,
                     targets_named(kind->targets), targets_named(targets));
        return NULL;
    }
    fail_unknown(name, targets, where);
    return NULL;
}

/* ---- selections ------------------------------------------------------------------------------ */

static bool suits(const snug_metric_kind *kind, const snug_selection *selection) {
    size_t n = selection->classes;
    return (kind->targets & selection->targets) && n >= kind->min_classes &&
           (kind->max_classes == 0 || n <= kind->max_classes);
}

static bool is_selected(const snug_selection *selection, const snug_metric_kind *kind) {
    for (size_t i = 0; i < selection->count; i++) {
        if (selection->kinds[i] == kind) {
            return true;
        }
    }
    return false;
}

static void add(snug_selection *selection, const snug_metric_kind *kind) {
    if (is_selected(selection, kind) || selection->count == SNUG_METRICS_MAX) {
        return;
    }
    selection->kinds[selection->count++] = kind;
    selection->flags |= kind->flags;
}

void snug_select(snug_selection *selection, unsigned with, unsigned without) {
    const snug_metric_kind *kind;
    for (size_t i = 0; (kind = snug_metric_at(i)) != NULL; i++) {
        if (suits(kind, selection) && (kind->flags & with) == with && !(kind->flags & without)) {
            add(selection, kind);
        }
    }
}

snug_status snug_select_name(snug_selection *selection, const char *name, const char *where) {
    const snug_metric_kind *kind = snug_metric_find(name, selection->targets, where);
    if (kind == NULL) {
        return snug_error_status();
    }
    if (!suits(kind, selection)) {
        return snug_fail_at(where, "the metric \"%s\" needs %s %zu classes (got %zu)", name,
                            selection->classes < kind->min_classes ? "at least" : "at most",
                            selection->classes < kind->min_classes ? kind->min_classes
                                                                   : kind->max_classes,
                            selection->classes);
    }
    if (selection->count == SNUG_METRICS_MAX && !is_selected(selection, kind)) {
        return snug_fail_at(where, "%d metrics are the most", SNUG_METRICS_MAX);
    }
    add(selection, kind);
    return SNUG_OK;
}

snug_status snug_select_names(snug_selection *selection, const char *const *names, size_t count,
                              const char *where) {
    if (count == 0) {
        snug_select(selection, SNUG_METRIC_BY_DEFAULT, 0);
        return SNUG_OK;
    }
    if (names == NULL) {
        return snug_fail_null("the names of the metrics");
    }
    add(selection, &snug_any_metrics[0]);
    for (size_t i = 0; i < count; i++) {
        if (names[i] == NULL) {
            return snug_fail_null("the name of a metric");
        }
        char *place = snug_format("%s[%zu]", where, i);
        snug_status status =
            place != NULL ? snug_select_name(selection, names[i], place) : SNUG_ERROR_MEMORY;
        snug_release(place);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}
