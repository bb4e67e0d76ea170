#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "experiment/overrides.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"

/* Replaces a plain name by {"type": name}, and returns that object; NULL without memory. */
static cJSON *open_name(cJSON *parent, cJSON *item) {
    bool failed = false;
    cJSON *object = snug_json_object(NULL, NULL, &failed);
    if (!failed) {
        snug_json_string(object, "type", item->valuestring, &failed);
    }
    if (!failed) {
        failed = !(cJSON_IsArray(parent)
                       ? cJSON_ReplaceItemViaPointer(parent, item, object)
                       : cJSON_ReplaceItemInObjectCaseSensitive(parent, item->string, object));
    }
    if (!failed) {
        return object;
    }
    cJSON_Delete(object);
    snug_fail_memory(1);
    return NULL;
}

/* Returns the value of a key, an object that is made where it is missing; NULL on failure. */
static cJSON *step_key(cJSON *parent, const char *key) {
    bool failed = false;
    cJSON *item = cJSON_IsObject(parent) ? cJSON_GetObjectItemCaseSensitive(parent, key) : NULL;
    if (!cJSON_IsObject(parent)) {
        snug_fail(SNUG_ERROR_CONFIG, "\"%s\" is looked for in %s", key, snug_json_type(parent));
        return NULL;
    }
    if (item == NULL) {
        item = snug_json_object(parent, key, &failed);
        return failed ? NULL : item;
    }
    return cJSON_IsString(item) ? open_name(parent, item) : item;
}

/* Returns the entry of an array that an index in brackets at *path names, and skips the index. */
static cJSON *step_index(cJSON *array, char **path) {
    char *end;
    unsigned long index = strtoul(*path + 1, &end, 10);
    cJSON *item;
    if (end == *path + 1 || *end != ']' || !cJSON_IsArray(array) ||
        index >= (unsigned long)cJSON_GetArraySize(array)) {
        snug_fail(SNUG_ERROR_CONFIG, "\"%s\" must be the index, from 0, of an array's entry",
                  *path);
        return NULL;
    }
    *path = end + 1;
    item = cJSON_GetArrayItem(array, (int)index);
    return cJSON_IsString(item) ? open_name(array, item) : item;
}

/* Returns the value that an override sets, which the caller owns: JSON, or otherwise a string. */
static cJSON *parse_value(const char *value) {
    cJSON *json = snug_json_parse("(value)", value, strlen(value));
    if (json == NULL) {
        json = cJSON_CreateString(value);
    }
    if (json == NULL) {
        snug_fail_memory(1);
    }
    return json;
}

/* Sets the value of a key. */
static snug_status put(cJSON *object, const char *key, const char *value) {
    bool failed = false;
    if (!cJSON_IsObject(object) || *key == '\0') {
        return snug_fail(SNUG_ERROR_CONFIG, "the path must end in a key or an index in brackets");
    }
    cJSON *json = parse_value(value);
    if (json == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    cJSON_DeleteItemFromObjectCaseSensitive(object, key);
    snug_json_add(object, key, json, &failed);
    return failed ? snug_error_status() : SNUG_OK;
}

/* Replaces an entry of an array, such as a whole layer. */
static snug_status replace(cJSON *array, cJSON *item, const char *value) {
    cJSON *json = parse_value(value);
    if (json == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    if (!cJSON_ReplaceItemViaPointer(array, item, json)) {
        cJSON_Delete(json);
        return snug_fail_memory(1);
    }
    return SNUG_OK;
}

/*
 * Follows the indices in brackets at *path from the array *at to the entry that they name, which
 * becomes *at. Where the path ends in them, replaces that entry by the value, and *at is NULL.
 */
static snug_status follow_indices(cJSON **at, char **path, const char *value) {
    while (**path == '[') {
        cJSON *array = *at, *item = step_index(array, path);
        if (item == NULL) {
            return snug_error_status();
        }
        if (**path == '\0') {
            *at = NULL;
            return replace(array, item, value);
        }
        *at = item;
    }
    return SNUG_OK;
}

/* Follows the path, whose separators it overwrites, and sets the value at its end. */
static snug_status apply(cJSON *root, char *path, const char *value) {
    cJSON *at = root;
    for (;;) {
        size_t length = strcspn(path, ".[");
        char separator = path[length];
        path[length] = '\0';
        if (separator == '\0') {
            return put(at, path, value);
        }
        at = step_key(at, path);
        if (at == NULL) {
            return snug_error_status();
        }
        path += length;
        *path = separator;
        snug_status status = follow_indices(&at, &path, value);
        if (status != SNUG_OK || at == NULL) {
            return status;
        }
        if (*path++ != '.') {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "the path must end in a key or an index in brackets");
        }
    }
}

/* ---- finding values -------------------------------------------------------------------------- */

/* Returns the entry of an array that an index in brackets at *path names, and skips the index. */
static const cJSON *find_index(const cJSON *array, const char **path) {
    char *end;
    unsigned long index = strtoul(*path + 1, &end, 10);
    bool found = end != *path + 1 && *end == ']' && cJSON_IsArray(array) &&
                 index < (unsigned long)cJSON_GetArraySize(array);
    *path = *end == ']' ? end + 1 : end;
    return found ? cJSON_GetArrayItem(array, (int)index) : NULL;
}

/* Returns the value of the key that is the next `length` characters. */
static const cJSON *find_key(const cJSON *object, const char *key, size_t length) {
    const cJSON *member = cJSON_IsObject(object) ? object->child : NULL;
    while (member != NULL &&
           (strncmp(member->string, key, length) != 0 || member->string[length] != '\0')) {
        member = member->next;
    }
    return member;
}

#define ALL "[*]"

/* Returns the value at a path from `at`, in which there is no "[*]"; NULL: there is none. */
static const cJSON *find_one(const cJSON *at, const char *path) {
    while (at != NULL && *path != '\0') {
        if (*path == '[') {
            at = find_index(at, &path);
        } else {
            path += *path == '.';
            size_t length = strcspn(path, ".[");
            at = find_key(at, path, length);
            path += length;
        }
    }
    return at;
}

/* Returns the value at a path, of a "[*]" the first; sets *same to whether all are equal. */
static const cJSON *find(const cJSON *root, const char *path, bool *same) {
    const char *all = strstr(path, ALL);
    *same = true;
    if (all == NULL) {
        return find_one(root, path);
    }
    char *start = snug_copy_text(path, (size_t)(all - path));
    const cJSON *array = start != NULL ? find_one(root, start) : NULL, *first = NULL;
    const cJSON *entry = array != NULL && cJSON_IsArray(array) ? array->child : NULL;
    for (; entry != NULL && entry->next != NULL; entry = entry->next) {
        const cJSON *value = find_one(entry, all + strlen(ALL));
        *same = *same && (first == NULL || value == NULL || cJSON_Compare(first, value, true));
        first = first != NULL ? first : value;
    }
    snug_release(start);
    return first;
}

const cJSON *snug_overrides_find(const cJSON *root, const char *path) {
    bool same;
    const cJSON *value = find(root, path, &same);
    return same ? value : NULL;
}

bool snug_overrides_have(const cJSON *root, const char *path) {
    bool same;
    return find(root, path, &same) != NULL;
}

/* ---- overrides ------------------------------------------------------------------------------- */

/* Sets the values that a path with a "[*]", at `all`, is for. */
static snug_status apply_to_all(cJSON *root, const char *path, const char *all, const char *value) {
    const char *rest = all + strlen(ALL);
    size_t set = 0;
    if (strstr(rest, ALL) != NULL) {
        return snug_fail(SNUG_ERROR_CONFIG, "\"" ALL "\" may be in a path once");
    }
    char *start = snug_copy_text(path, (size_t)(all - path));
    const cJSON *array = start != NULL ? find_one(root, start) : NULL;
    snug_status status = start != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    int count = cJSON_IsArray(array) ? cJSON_GetArraySize(array) : 0;
    for (int i = 0; i + 1 < count && status == SNUG_OK; i++) {
        char *one = snug_format("%s[%d]%s", start, i, rest);
        if (one == NULL) {
            status = SNUG_ERROR_MEMORY;
        } else if (find_one(root, one) != NULL) {
            status = apply(root, one, value);
            set++;
        }
        snug_release(one);
    }
    snug_release(start);
    return status == SNUG_OK && set == 0
               ? snug_fail(SNUG_ERROR_CONFIG,
                           "no entry but the last, which \"" ALL "\" leaves out, has such a value")
               : status;
}

snug_status snug_overrides_apply(cJSON *root, const char *const *overrides, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(overrides[i], '=');
        char *path;
        snug_status status;
        if (equals == NULL || equals == overrides[i]) {
            return snug_fail(SNUG_ERROR_ARGUMENT, "--set %s: must be KEY=VALUE, as train.epochs=5",
                             overrides[i]);
        }
        path = snug_copy_text(overrides[i], (size_t)(equals - overrides[i]));
        if (path == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        const char *all = strstr(path, ALL);
        status =
            all != NULL ? apply_to_all(root, path, all, equals + 1) : apply(root, path, equals + 1);
        snug_release(path);
        if (status != SNUG_OK) {
            return status == SNUG_ERROR_MEMORY ? status : snug_fail_in("--set %s", overrides[i]);
        }
    }
    return SNUG_OK;
}

/* ---- short keys ------------------------------------------------------------------------------ */

#define SHORT "restore_best_weights"

/* Checks the value against that of "keep", which is NULL where it is not given. */
static snug_status check_short(const cJSON *restores, const cJSON *keep) {
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
    if (check_short(restores, keep) != SNUG_OK) {
        return snug_error_status();
    }
    bool failed = false;
    if (keep == NULL) {
        snug_json_string(stopping, "keep", cJSON_IsTrue(restores) ? "best" : "last", &failed);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(stopping, SHORT);
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}
