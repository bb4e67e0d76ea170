/*
 * Postprocessing as JSON, in a model file: {"min": [...], "max": [...], "temperature": 1.25,
 * "threshold": 0.4}, where each member is there only if it was fitted.
 */
#include <float.h>

#include "core/status.h"
#include "json/json_build.h"
#include "postprocessing/postprocessing.h"
#include "schema/json_members.h"

/* ---- a number above 0 ------------------------------------------------------------------------ */

static void write_positive(const snug_json_member *member, const void *base, cJSON *object,
                           bool *failed) {
    double number = *(const double *)snug_json_const_member_of(member, base);
    if (number > 0) {
        snug_json_number(object, member->key, number, failed);
    }
}

static snug_status read_positive(const snug_json_member *member, void *base, const cJSON *json,
                                 const char *path, bool newer) {
    double *number = snug_json_member_of(member, base);
    (void)newer;
    if (!cJSON_IsNumber(json) || !(json->valuedouble > 0 && json->valuedouble <= DBL_MAX)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a finite number above 0", path);
    }
    *number = json->valuedouble;
    return SNUG_OK;
}

static const snug_json_codec positive_codec = {write_positive, read_positive};

static const snug_json_member members[] = {
    {"min", &snug_json_numbers_codec, offsetof(snug_postprocessing, min), false},
    {"max", &snug_json_numbers_codec, offsetof(snug_postprocessing, max), false},
    {"temperature", &positive_codec, offsetof(snug_postprocessing, temperature), false},
    {"threshold", &positive_codec, offsetof(snug_postprocessing, threshold), false},
    {.key = NULL}};

/* ---- the whole ------------------------------------------------------------------------------- */

cJSON *snug_postprocessing_write(const snug_postprocessing *postprocessing) {
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_members_write(members, postprocessing, json, &failed);
    if (!failed) {
        return json;
    }
    cJSON_Delete(json);
    return NULL;
}

/* Checks the conditions on several values. */
static snug_status check(const snug_postprocessing *postprocessing, const char *path) {
    if ((postprocessing->min != NULL) != (postprocessing->max != NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must have both \"min\" and \"max\", or neither",
                         path);
    }
    for (size_t i = 0; postprocessing->min != NULL && i < postprocessing->targets; i++) {
        if (!(postprocessing->min[i] <= postprocessing->max[i])) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "%s.max[%zu]: must be at least the min, %g (got %g)", path, i,
                             postprocessing->min[i], postprocessing->max[i]);
        }
    }
    if (postprocessing->threshold >= 1) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.threshold: must be below 1 (got %g)", path,
                         postprocessing->threshold);
    }
    return SNUG_OK;
}

snug_postprocessing *snug_postprocessing_read(const cJSON *json, const char *path, bool newer) {
    static const snug_json_member *const tables[] = {members, NULL};
    if (snug_json_members_check(tables, json, path, newer) != SNUG_OK) {
        return NULL;
    }
    snug_postprocessing *postprocessing = snug_postprocessing_new();
    snug_status status = postprocessing != NULL
                             ? snug_json_members_read(members, postprocessing, json, path, newer)
                             : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = check(postprocessing, path);
    }
    if (status == SNUG_OK) {
        return postprocessing;
    }
    snug_postprocessing_free(postprocessing);
    return NULL;
}
