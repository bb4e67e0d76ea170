/* What there is: every kind with its fields, as JSON, from the tables. */
#include <stdio.h>
#include <string.h>

#include <snug/describe.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/kind_registry.h"
#include "metrics/metrics.h"

#define SNUG_METRICS_GROUP "metrics"

/* ---- fields ---------------------------------------------------------------------------------- */

static void describe_field(const snug_field *field, cJSON *fields, bool *failed) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    cJSON *json = snug_json_object(fields, NULL, failed);
    char range[512] = "";
    if (type->print_range != NULL) {
        type->print_range(field, range, sizeof range);
    }
    snug_json_string(json, "name", field->name, failed);
    snug_json_string(json, "kind", type->name, failed);
    snug_field_write_default(field, "default", json, failed);
    snug_json_string(json, "range", range, failed);
    snug_json_bool(json, "required", field->required, failed);
    snug_json_string(json, "help", field->help, failed);
}

/* ---- kinds and groups ------------------------------------------------------------------------ */

static void describe_kind(const snug_kind *kind, cJSON *json, bool *failed) {
    snug_json_string(json, "name", kind->name, failed);
    snug_json_string(json, "summary", kind->summary, failed);
    cJSON *fields = snug_json_array(json, "fields", failed);
    for (const snug_field *field = kind->fields; snug_is_field(field) && !*failed; field++) {
        describe_field(field, fields, failed);
    }
}

static void describe_group(snug_group group, cJSON *json, bool *failed) {
    cJSON *kinds = snug_json_array(json, snug_group_name(group), failed);
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL && !*failed; i++) {
        describe_kind(kind, snug_json_object(kinds, NULL, failed), failed);
    }
}

/* Metrics have no fields, but stand in the list as kinds do. */
static void describe_metric(const snug_metric_kind *metric, cJSON *json, bool *failed) {
    const snug_kind kind = {.name = metric->name, .summary = metric->summary};
    describe_kind(&kind, json, failed);
}

static void describe_metrics(cJSON *json, bool *failed) {
    cJSON *metrics = snug_json_array(json, SNUG_METRICS_GROUP, failed);
    const snug_metric_kind *metric;
    for (size_t i = 0; (metric = snug_metric_at(i)) != NULL && !*failed; i++) {
        describe_metric(metric, snug_json_object(metrics, NULL, failed), failed);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

/* What stands before the colon of "init:constant". */
static const char *const prefixes[SNUG_GROUP_COUNT] = {
    [SNUG_GROUP_LAYER] = "layer",       [SNUG_GROUP_ACTIVATION] = "activation",
    [SNUG_GROUP_LOSS] = "loss",         [SNUG_GROUP_OPTIMIZER] = "optimizer",
    [SNUG_GROUP_SCHEDULE] = "schedule", [SNUG_GROUP_INIT] = "init",
};

/* Of the group "init" or "inits", `length` letters; SNUG_GROUP_COUNT: none. */
static snug_group group_of(const char *name, size_t length) {
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        const char *many = snug_group_name((snug_group)g);
        if ((strlen(prefixes[g]) == length && memcmp(name, prefixes[g], length) == 0) ||
            (strlen(many) == length && memcmp(name, many, length) == 0)) {
            return (snug_group)g;
        }
    }
    return SNUG_GROUP_COUNT;
}

/* "schedule:constant" or "init:constant": the groups of a name that several have. */
static snug_status fail_ambiguous(const char *name) {
    char forms[256] = "";
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        size_t used = strlen(forms);
        if (snug_kind_lookup((snug_group)g, name) != NULL) {
            snprintf(forms + used, sizeof forms - used, "%s\"%s:%s\"", used > 0 ? " or " : "",
                     prefixes[g], name);
        }
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "\"%s\" stands for several kinds: ask for %s", name,
                     forms);
}

/*
 * Every kind's name and then every metric's, as many as there is room for; answers how many there
 * are.
 */
static size_t list_names(const char **names, size_t room) {
    size_t count = 0;
    const snug_kind *kind;
    const snug_metric_kind *metric;
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        for (size_t i = 0; (kind = snug_kind_at((snug_group)g, i)) != NULL; i++, count++) {
            if (count < room) {
                names[count] = kind->name;
            }
        }
    }
    for (size_t i = 0; (metric = snug_metric_at(i)) != NULL; i++, count++) {
        if (count < room) {
            names[count] = metric->name;
        }
    }
    return count;
}

static snug_status fail_unknown(const char *name) {
    size_t count = list_names(NULL, 0);
    const char **names = snug_alloc(count, sizeof *names);
    if (names == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    list_names(names, count);
    const char *nearest = snug_nearest_name(name, names, count);
    snug_release(names);
    if (nearest != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "nothing has the name \"%.200s\"; did you mean \"%s\"?", name, nearest);
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "nothing has the name \"%.200s\"", name);
}

/* What follows "metric:" or "metrics:", or NULL. */
static const char *after_metric(const char *name) {
    static const char *const prefixed[] = {"metric:", SNUG_METRICS_GROUP ":"};
    for (size_t i = 0; i < sizeof prefixed / sizeof *prefixed; i++) {
        if (strncmp(name, prefixed[i], strlen(prefixed[i])) == 0) {
            return name + strlen(prefixed[i]);
        }
    }
    return NULL;
}

/* A metric of a name that no kind has, also as "metric:mae"; NULL: none. */
static const snug_metric_kind *find_metric(const char *name) {
    const char *after = after_metric(name);
    const snug_metric_kind *metric;
    for (size_t g = 0; g < SNUG_GROUP_COUNT && after == NULL; g++) {
        if (snug_kind_lookup((snug_group)g, name) != NULL) {
            return NULL;
        }
    }
    for (size_t i = 0; (metric = snug_metric_at(i)) != NULL; i++) {
        if (strcmp(metric->name, after != NULL ? after : name) == 0) {
            return metric;
        }
    }
    return NULL;
}

static const snug_kind *find_by_prefix(const char *name, const char *colon, snug_group *group) {
    *group = group_of(name, (size_t)(colon - name));
    if (*group != SNUG_GROUP_COUNT) {
        return snug_kind_find(*group, colon + 1);
    }
    char known[128];
    snug_quote_names(prefixes, SNUG_GROUP_COUNT, known, sizeof known);
    snug_fail(SNUG_ERROR_ARGUMENT, "unknown group \"%.*s\"; known are %s",
              (int)(colon - name < 200 ? colon - name : 200), name, known);
    return NULL;
}

/* A name, or a group, a colon and a name. */
static const snug_kind *find_described(const char *name, snug_group *group) {
    const char *colon = strchr(name, ':');
    if (colon != NULL) {
        return find_by_prefix(name, colon, group);
    }
    const snug_kind *found = NULL;
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        const snug_kind *kind = snug_kind_lookup((snug_group)g, name);
        if (kind != NULL && found != NULL) {
            fail_ambiguous(name);
            return NULL;
        }
        if (kind != NULL) {
            found = kind;
            *group = (snug_group)g;
        }
    }
    if (found == NULL) {
        fail_unknown(name);
    }
    return found;
}

char *snug_describe(const char *name) {
    bool failed = false;
    snug_group group = SNUG_GROUP_COUNT;
    const snug_metric_kind *metric = name != NULL ? find_metric(name) : NULL;
    const snug_kind *kind = name != NULL && metric == NULL ? find_described(name, &group) : NULL;
    if (name != NULL && kind == NULL && metric == NULL) {
        return NULL;
    }
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (kind != NULL) {
        snug_json_string(json, "group", snug_group_name(group), &failed);
        describe_kind(kind, json, &failed);
    }
    if (metric != NULL) {
        snug_json_string(json, "group", SNUG_METRICS_GROUP, &failed);
        describe_metric(metric, json, &failed);
    }
    for (size_t g = 0; g < SNUG_GROUP_COUNT && name == NULL; g++) {
        describe_group((snug_group)g, json, &failed);
    }
    if (name == NULL) {
        describe_metrics(json, &failed);
    }
    char *text = failed ? NULL : snug_json_print(json, true);
    cJSON_Delete(json);
    return text;
}
