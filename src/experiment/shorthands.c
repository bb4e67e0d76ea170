#include <string.h>

#include "core/status.h"
#include "experiment/shorthands.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"

#define SHORT "restore_best_weights"

/* Checks the value against that of "keep", which is NULL where it is not given. */
static snug_status check(const cJSON *restores, const cJSON *keep) {
    static const char path[] = "train.early_stopping." SHORT;
    if (!cJSON_IsBool(restores)) {
        return snug_fail_type(path, "true or false", restores);
    }
    if (!cJSON_IsString(keep)) {
        return SNUG_OK; /* the table of fields refuses a "keep" that is no string */
    }
    bool last = strcmp(keep->valuestring, "last") == 0;
    if (last != (bool)cJSON_IsTrue(restores)) {
        return SNUG_OK;
    }
    return snug_fail_at(path, "is %s where \"keep\" is \"%.40s\": give \"keep\" alone",
                        cJSON_IsTrue(restores) ? "true" : "false", keep->valuestring);
}

snug_status snug_shorthands_expand(cJSON *root) {
    cJSON *stopping = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(root, "train"), "early_stopping");
    const cJSON *restores = cJSON_GetObjectItemCaseSensitive(stopping, SHORT);
    if (!cJSON_IsObject(stopping) || restores == NULL) {
        return SNUG_OK;
    }
    const cJSON *keep = snug_json_get(stopping, "keep");
    if (check(restores, keep) != SNUG_OK) {
        return snug_error_status();
    }
    bool failed = false;
    if (keep == NULL) {
        snug_json_string(stopping, "keep", cJSON_IsTrue(restores) ? "best" : "last", &failed);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(stopping, SHORT);
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}
