/* The scaling of targets as JSON, in a model file: {"mean": [...], "deviation": [...]}. */
#include <float.h>
#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_build.h"
#include "schema/json_members.h"
#include "schema/target_scaler.h"

/* ---- numbers, one an output ------------------------------------------------------------------ */

static void write_numbers(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_target_scaler *scaler = base;
    const double *numbers = *(double *const *)snug_json_const_member_of(member, base);
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < scaler->outputs && !*failed; i++) {
        snug_json_number(array, NULL, numbers[i], failed);
    }
}

/* The first of the arrays decides on the number of outputs. */
static snug_status read_numbers(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_target_scaler *scaler = base;
    double **numbers = snug_json_member_of(member, base);
    size_t count = cJSON_IsArray(json) ? (size_t)cJSON_GetArraySize(json) : 0, i = 0;
    (void)newer;
    if (count == 0 || (scaler->outputs > 0 && count != scaler->outputs)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an array of numbers, one an output", path);
    }
    scaler->outputs = count;
    *numbers = snug_alloc(count, sizeof **numbers);
    if (*numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next, i++) {
        if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= (double)FLT_MAX)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a finite 32-bit number", path, i);
        }
        (*numbers)[i] = item->valuedouble;
    }
    return SNUG_OK;
}

static const snug_json_codec numbers_codec = {write_numbers, read_numbers};

static const snug_json_member scaler_members[] = {
    {"mean", &numbers_codec, offsetof(snug_target_scaler, mean), true},
    {"deviation", &numbers_codec, offsetof(snug_target_scaler, deviation), true},
    {.key = NULL}};

/* ---- the scaler ------------------------------------------------------------------------------ */

cJSON *snug_target_scaler_write(const snug_target_scaler *scaler, bool *failed) {
    cJSON *json = snug_json_object(NULL, NULL, failed);
    snug_json_members_write(scaler_members, scaler, json, failed);
    return json;
}

static snug_status check_deviations(const snug_target_scaler *scaler, const char *path) {
    for (size_t i = 0; i < scaler->outputs; i++) {
        if (!(scaler->deviation[i] >= (double)FLT_MIN)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s.deviation[%zu]: must be at least %g (got %g)",
                             path, i, (double)FLT_MIN, scaler->deviation[i]);
        }
    }
    return SNUG_OK;
}

snug_target_scaler *snug_target_scaler_read(const cJSON *json, const char *path, bool newer) {
    static const snug_json_member *const tables[] = {scaler_members, NULL};
    if (snug_json_members_check(tables, json, path, newer) != SNUG_OK) {
        return NULL;
    }
    snug_target_scaler *scaler = snug_alloc(1, sizeof *scaler);
    snug_status status = scaler != NULL
                             ? snug_json_members_read(scaler_members, scaler, json, path, newer)
                             : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = check_deviations(scaler, path);
    }
    if (status == SNUG_OK) {
        return scaler;
    }
    snug_target_scaler_free(scaler);
    return NULL;
}
