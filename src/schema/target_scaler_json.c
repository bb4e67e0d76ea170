/* The scaling of targets as JSON, in a model file: {"mean": [...], "deviation": [...]}. */
#include <float.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_build.h"
#include "schema/json_members.h"
#include "schema/target_scaler.h"

static const snug_json_member scaler_members[] = {
    {"mean", &snug_json_numbers_codec, offsetof(snug_target_scaler, mean), true},
    {"deviation", &snug_json_numbers_codec, offsetof(snug_target_scaler, deviation), true},
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
