/* What there is: every kind with its fields, as JSON, from the tables. */
#include <stdio.h>
#include <string.h>

#include <snug/data.h>
#include <snug/describe.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "kinds/kind_registry.h"
#include "metrics/metrics.h"

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

/*
 * Metrics and data formats have a name and a summary, but no fields and no configuration, so that
 * they are no kinds. They are described as kinds without fields.
 */
typedef struct plain_group {
    const char *name;   /* "metrics", the key in JSON */
    const char *prefix; /* before the colon of "metric:mae" */
    /* Return the name and the summary of member number `index`, or NULL past the last. */
    const char *(*member_name)(size_t index);
    const char *(*member_summary)(size_t index);
} plain_group;

static const char *metric_name(size_t index) {
    const snug_metric_kind *metric = snug_metric_at(index);
    return metric != NULL ? metric->name : NULL;
}

static const char *metric_summary(size_t index) {
    const snug_metric_kind *metric = snug_metric_at(index);
    return metric != NULL ? metric->summary : NULL;
}

static const plain_group plain_groups[] = {
    {"metrics", "metric", metric_name, metric_summary},
    {"formats", "format", snug_data_format_name, snug_data_format_summary},
};

enum { PLAIN_GROUP_COUNT = sizeof plain_groups / sizeof *plain_groups };

static void describe_member(const plain_group *group, size_t index, cJSON *json, bool *failed) {
    const snug_kind kind = {.name = group->member_name(index),
                            .summary = group->member_summary(index)};
    describe_kind(&kind, json, failed);
}

static void describe_plain_group(const plain_group *group, cJSON *json, bool *failed) {
    cJSON *members = snug_json_array(json, group->name, failed);
    for (size_t i = 0; group->member_name(i) != NULL && !*failed; i++) {
        describe_member(group, i, snug_json_object(members, NULL, failed), failed);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

/* The part before the colon of "init:constant". */
static const char *const prefixes[SNUG_GROUP_COUNT] = {
    [SNUG_GROUP_LAYER] = "layer",       [SNUG_GROUP_ACTIVATION] = "activation",
    [SNUG_GROUP_LOSS] = "loss",         [SNUG_GROUP_OPTIMIZER] = "optimizer",
    [SNUG_GROUP_SCHEDULE] = "schedule", [SNUG_GROUP_INIT] = "init",
};

/*
 * Returns the group of that name, "init" or "inits", of `length` letters; SNUG_GROUP_COUNT: none.
 */
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
    return snug_fail(SNUG_ERROR_ARGUMENT, "\"%s\" names several kinds: ask for %s", name, forms);
}

/*
 * Lists the name of every kind and then of every member of a plain group, as many as fit into
 * `capacity`. Returns how many there are.
 */
static size_t list_names(const char **names, size_t capacity) {
    size_t count = 0;
    const snug_kind *kind;
    const char *name;
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        for (size_t i = 0; (kind = snug_kind_at((snug_group)g, i)) != NULL; i++, count++) {
            if (count < capacity) {
                names[count] = kind->name;
            }
        }
    }
    for (size_t g = 0; g < PLAIN_GROUP_COUNT; g++) {
        for (size_t i = 0; (name = plain_groups[g].member_name(i)) != NULL; i++, count++) {
            if (count < capacity) {
                names[count] = name;
            }
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

/* Returns what follows the group's prefix or name and a colon, or NULL. */
static const char *after_prefix(const plain_group *group, const char *name) {
    const char *const prefixed[] = {group->prefix, group->name};
    for (size_t i = 0; i < sizeof prefixed / sizeof *prefixed; i++) {
        size_t length = strlen(prefixed[i]);
        if (strncmp(name, prefixed[i], length) == 0 && name[length] == ':') {
            return name + length + 1;
        }
    }
    return NULL;
}

static bool is_kind(const char *name) {
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        if (snug_kind_lookup((snug_group)g, name) != NULL) {
            return true;
        }
    }
    return false;
}

/*
 * Finds a member of a plain group by a name that no kind has, or as "metric:mae". Returns its group
 * and sets *index; NULL: there is none.
 */
static const plain_group *find_member(const char *name, size_t *index) {
    bool kind = is_kind(name);
    for (size_t g = 0; g < PLAIN_GROUP_COUNT; g++) {
        const char *after = after_prefix(&plain_groups[g], name), *member;
        const char *wanted = after != NULL ? after : name;
        for (size_t i = 0; (member = plain_groups[g].member_name(i)) != NULL; i++) {
            if (strcmp(member, wanted) == 0 && (after != NULL || !kind)) {
                *index = i;
                return &plain_groups[g];
            }
        }
    }
    return NULL;
}

static void fail_unknown_group(const char *name, size_t length) {
    const char *names[SNUG_GROUP_COUNT + PLAIN_GROUP_COUNT];
    char known[160];
    memcpy(names, prefixes, sizeof prefixes);
    for (size_t g = 0; g < PLAIN_GROUP_COUNT; g++) {
        names[SNUG_GROUP_COUNT + g] = plain_groups[g].prefix;
    }
    snug_quote_names(names, sizeof names / sizeof *names, known, sizeof known);
    snug_fail(SNUG_ERROR_ARGUMENT, "unknown group \"%.*s\"; known are %s",
              (int)(length < 200 ? length : 200), name, known);
}

static const snug_kind *find_by_prefix(const char *name, const char *colon, snug_group *group) {
    size_t length = (size_t)(colon - name);
    *group = group_of(name, length);
    if (*group != SNUG_GROUP_COUNT) {
        return snug_kind_find(*group, colon + 1);
    }
    for (size_t g = 0; g < PLAIN_GROUP_COUNT; g++) {
        if (after_prefix(&plain_groups[g], name) != NULL) {
            fail_unknown(colon + 1);
            return NULL;
        }
    }
    fail_unknown_group(name, length);
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

static void describe_all(cJSON *json, bool *failed) {
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        describe_group((snug_group)g, json, failed);
    }
    for (size_t g = 0; g < PLAIN_GROUP_COUNT; g++) {
        describe_plain_group(&plain_groups[g], json, failed);
    }
}

char *snug_describe(const char *name) {
    bool failed = false;
    size_t index = 0;
    snug_group group = SNUG_GROUP_COUNT;
    const plain_group *plain = name != NULL ? find_member(name, &index) : NULL;
    const snug_kind *kind = name != NULL && plain == NULL ? find_described(name, &group) : NULL;
    if (name != NULL && kind == NULL && plain == NULL) {
        return NULL;
    }
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (kind != NULL) {
        snug_json_string(json, "group", snug_group_name(group), &failed);
        describe_kind(kind, json, &failed);
    } else if (plain != NULL) {
        snug_json_string(json, "group", plain->name, &failed);
        describe_member(plain, index, json, &failed);
    } else {
        describe_all(json, &failed);
    }
    char *text = failed ? NULL : snug_json_print(json, true);
    cJSON_Delete(json);
    return text;
}
