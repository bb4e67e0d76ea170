#include <math.h>
#include <string.h>

#include "core/status.h"
#include "json/json_build.h"

void snug_json_add(cJSON *parent, const char *key, cJSON *owned, bool *failed) {
    if (owned != NULL && parent != NULL && !*failed &&
        (key != NULL ? cJSON_AddItemToObject(parent, key, owned)
                     : cJSON_AddItemToArray(parent, owned))) {
        return;
    }
    if (!*failed) {
        snug_fail_memory(sizeof(cJSON));
    }
    cJSON_Delete(owned);
    *failed = true;
}

/* Adds a fresh value, or makes it the top where there is no parent. */
static cJSON *add(cJSON *parent, const char *key, cJSON *value, bool *failed) {
    if (parent == NULL && value != NULL && !*failed) {
        return value;
    }
    snug_json_add(parent, key, value, failed);
    return *failed ? NULL : value;
}

cJSON *snug_json_object(cJSON *parent, const char *key, bool *failed) {
    return add(parent, key, cJSON_CreateObject(), failed);
}

cJSON *snug_json_array(cJSON *parent, const char *key, bool *failed) {
    return add(parent, key, cJSON_CreateArray(), failed);
}

void snug_json_string(cJSON *parent, const char *key, const char *string, bool *failed) {
    snug_json_add(parent, key, cJSON_CreateString(string), failed);
}

void snug_json_number(cJSON *parent, const char *key, double number, bool *failed) {
    if (!isfinite(number) && !*failed) {
        snug_fail(SNUG_ERROR_ARGUMENT, "%s: JSON has no number for %g",
                  key != NULL ? key : "an entry", number);
        *failed = true;
    }
    snug_json_add(parent, key, *failed ? NULL : cJSON_CreateNumber(number), failed);
}

void snug_json_bool(cJSON *parent, const char *key, bool value, bool *failed) {
    snug_json_add(parent, key, cJSON_CreateBool(value), failed);
}

void snug_json_null(cJSON *parent, const char *key, bool *failed) {
    snug_json_add(parent, key, cJSON_CreateNull(), failed);
}

void snug_json_copy(cJSON *parent, const char *key, const cJSON *value, bool *failed) {
    snug_json_add(parent, key, *failed ? NULL : cJSON_Duplicate(value, true), failed);
}

static void merge_arrays(cJSON *target, const cJSON *from, bool *failed) {
    if (cJSON_GetArraySize(target) != cJSON_GetArraySize(from)) {
        return;
    }
    const cJSON *item = from->child;
    for (cJSON *own = target->child; own != NULL && !*failed; own = own->next, item = item->next) {
        snug_json_merge(own, item, failed);
    }
}

/*
 * The keys of `from` differ, so each is looked for among the `count` first members of target alone.
 */
static void merge_member(cJSON *target, int count, const cJSON *member, bool *failed) {
    cJSON *own = target->child;
    for (int i = 0; i < count; i++, own = own->next) {
        if (strcmp(own->string, member->string) == 0) {
            snug_json_merge(own, member, failed);
            return;
        }
    }
    snug_json_copy(target, member->string, member, failed);
}

void snug_json_merge(cJSON *target, const cJSON *from, bool *failed) {
    if (cJSON_IsArray(target) && cJSON_IsArray(from)) {
        merge_arrays(target, from, failed);
    }
    if (!cJSON_IsObject(target) || !cJSON_IsObject(from)) {
        return;
    }
    int count = cJSON_GetArraySize(target);
    for (const cJSON *member = from->child; member != NULL && !*failed; member = member->next) {
        merge_member(target, count, member, failed);
    }
}
