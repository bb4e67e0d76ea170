/* Reading the space of a search, and the combinations of a grid. */
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json.h"
#include "tune/space.h"

static const snug_distribution distributions[] = {{"uniform", false, false},
                                                  {"log_uniform", true, false},
                                                  {"integer", false, true},
                                                  {"log_integer", true, true}};

enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions };

#define POINTS "points"
#define EXPECTED                                                                                   \
    "must be a list of values, or a range such as {\"log_uniform\": [1e-4, 1e-1]}, {\"uniform\": " \
    "[0, 0.5]}, {\"integer\": [1, 8]} or {\"log_integer\": [16, 512]}"

/* ---- ranges ---------------------------------------------------------------------------------- */

static const snug_distribution *find_distribution(const char *name) {
    for (size_t i = 0; i < DISTRIBUTIONS; i++) {
        if (strcmp(distributions[i].name, name) == 0) {
            return &distributions[i];
        }
    }
    return NULL;
}

static snug_status fail_unknown(const char *name) {
    const char *names[DISTRIBUTIONS + 1] = {POINTS};
    for (size_t i = 0; i < DISTRIBUTIONS; i++) {
        names[i + 1] = distributions[i].name;
    }
    const char *near = snug_nearest_name(name, names, DISTRIBUTIONS + 1);
    if (near != NULL) {
        return snug_fail(SNUG_ERROR_CONFIG, "unknown distribution \"%s\"; did you mean \"%s\"?",
                         name, near);
    }
    return snug_fail(SNUG_ERROR_CONFIG, "unknown distribution \"%s\": " EXPECTED, name);
}

static bool is_pair_of_numbers(const cJSON *json) {
    return cJSON_IsArray(json) && cJSON_GetArraySize(json) == 2 && cJSON_IsNumber(json->child) &&
           cJSON_IsNumber(json->child->next);
}

/* Reads the ends of a range, [low, high]. */
static snug_status read_ends(snug_dimension *d, const cJSON *json) {
    const char *name = d->distribution->name;
    if (!is_pair_of_numbers(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be two numbers, [low, high] (got %s)", name,
                         snug_json_type(json));
    }
    d->low = json->child->valuedouble;
    d->high = json->child->next->valuedouble;
    if (!(d->low < d->high)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: the first number must be below the second (got [%g, %g])", name,
                         d->low, d->high);
    }
    if (d->distribution->logarithmic && !(d->low > 0)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: both numbers must be above 0 (got [%g, %g])", name,
                         d->low, d->high);
    }
    uint64_t low, high;
    if (d->distribution->whole &&
        !(snug_json_whole(json->child, &low) && snug_json_whole(json->child->next, &high))) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: both must be whole numbers of at least 0 (got [%g, %g])", name,
                         d->low, d->high);
    }
    return SNUG_OK;
}

/* Reads how many points of a range a grid takes. */
static snug_status read_points(snug_dimension *d, const cJSON *json) {
    uint64_t points;
    if (!snug_json_whole(json, &points) || points < 2 || points > 1000) {
        return snug_fail(SNUG_ERROR_CONFIG, POINTS ": must be a whole number from 2 to 1000");
    }
    d->points = (size_t)points;
    return SNUG_OK;
}

/* Reads {"uniform": [low, high]}, beside which "points" may be. */
static snug_status read_range(snug_dimension *d, const cJSON *json) {
    for (const cJSON *member = json->child; member != NULL; member = member->next) {
        snug_status status;
        if (strcmp(member->string, POINTS) == 0) {
            status = read_points(d, member);
        } else if (d->distribution != NULL) {
            return snug_fail(SNUG_ERROR_CONFIG, "has two distributions, \"%s\" and \"%s\"",
                             d->distribution->name, member->string);
        } else {
            d->distribution = find_distribution(member->string);
            status = d->distribution != NULL ? read_ends(d, member) : fail_unknown(member->string);
        }
        if (status != SNUG_OK) {
            return status;
        }
    }
    return d->distribution != NULL ? SNUG_OK
                                   : snug_fail(SNUG_ERROR_CONFIG, EXPECTED " (got no range)");
}

/* ---- reading --------------------------------------------------------------------------------- */

static snug_status read_list(snug_dimension *d, const cJSON *json) {
    if (json->child == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG, "must have at least one value");
    }
    d->list = cJSON_Duplicate(json, true);
    d->points = (size_t)cJSON_GetArraySize(json);
    return d->list != NULL ? SNUG_OK : snug_fail_memory(1);
}

static snug_status read_dimension(snug_dimension *d, const cJSON *json) {
    d->path = snug_copy_string(json->string);
    if (d->path == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = cJSON_IsArray(json)    ? read_list(d, json)
                         : cJSON_IsObject(json) ? read_range(d, json)
                                                : snug_fail(SNUG_ERROR_CONFIG, EXPECTED " (got %s)",
                                                            snug_json_type(json));
    return status == SNUG_OK || status == SNUG_ERROR_MEMORY ? status : snug_fail_in("%s", d->path);
}

bool snug_path_contains(const char *path, const char *inner) {
    bool one_of_all = false;
    while (*path != '\0') {
        if (*path == '[' && *inner == '[' && (path[1] == '*' || inner[1] == '*')) {
            one_of_all = one_of_all || inner[1] != '*';
            path += strcspn(path, "]");
            inner += strcspn(inner, "]");
        }
        if (*path != *inner) {
            return false;
        }
        path += *path != '\0';
        inner += *inner != '\0';
    }
    return *inner == '.' || *inner == '[' || (*inner == '\0' && one_of_all);
}

/* Values are set in the order of the file: what is inside of another value must come after it. */
static snug_status check_order(const snug_space *space) {
    for (size_t i = 0; i < space->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (snug_path_contains(space->dimensions[i].path, space->dimensions[j].path)) {
                return snug_fail(SNUG_ERROR_CONFIG,
                                 "%s: would replace \"%s\", which it contains: must be before it",
                                 space->dimensions[i].path, space->dimensions[j].path);
            }
        }
    }
    return SNUG_OK;
}

snug_status snug_space_read(snug_space *space, const cJSON *json) {
    *space = (snug_space){0};
    if (!cJSON_IsObject(json)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "must be an object of paths and their values, such as "
                         "{\"train.batch_size\": [64, 256]} (got %s)",
                         snug_json_type(json));
    }
    if (json->child == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG, "must have at least one path, such as "
                                            "{\"train.batch_size\": [64, 256]}");
    }
    space->dimensions = snug_alloc((size_t)cJSON_GetArraySize(json), sizeof *space->dimensions);
    if (space->dimensions == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *member = json->child; member != NULL; member = member->next) {
        snug_status status = read_dimension(&space->dimensions[space->count++], member);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return check_order(space);
}

void snug_space_clear(snug_space *space) {
    for (size_t i = 0; i < space->count; i++) {
        snug_release(space->dimensions[i].path);
        cJSON_Delete(space->dimensions[i].list);
    }
    snug_release(space->dimensions);
    *space = (snug_space){0};
}
