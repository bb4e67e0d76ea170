#include <float.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "core/string_set.h"
#include "json/json.h"
#include "json/json_build.h"
#include "schema/json_members.h"

/* ---- tables --------------------------------------------------------------------------------- */

void *snug_json_member_of(const snug_json_member *member, void *base) {
    return (char *)base + member->offset;
}

const void *snug_json_const_member_of(const snug_json_member *member, const void *base) {
    return (const char *)base + member->offset;
}

void snug_json_members_write(const snug_json_member *members, const void *base, cJSON *object,
                             bool *failed) {
    for (const snug_json_member *member = members; member->key != NULL && !*failed; member++) {
        member->codec->write(member, base, object, failed);
    }
}

snug_status snug_json_members_read(const snug_json_member *members, void *base, const cJSON *object,
                                   const char *path, bool newer) {
    snug_status status = SNUG_OK;
    for (const snug_json_member *member = members; member->key != NULL && status == SNUG_OK;
         member++) {
        const cJSON *json = snug_json_get(object, member->key);
        if (json == NULL && !member->required) {
            continue;
        }
        char *member_path = snug_format("%s.%s", path, member->key);
        status = member_path != NULL ? member->codec->read(member, base, json, member_path, newer)
                                     : SNUG_ERROR_MEMORY;
        snug_release(member_path);
    }
    return status;
}

static bool has_key(const snug_json_member *const *tables, const char *key) {
    for (; *tables != NULL; tables++) {
        for (const snug_json_member *member = *tables; member->key != NULL; member++) {
            if (strcmp(member->key, key) == 0) {
                return true;
            }
        }
    }
    return false;
}

snug_status snug_json_members_check(const snug_json_member *const *tables, const cJSON *json,
                                    const char *path, bool newer) {
    if (!cJSON_IsObject(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an object (got %s)", path,
                         snug_json_type(json));
    }
    for (const cJSON *value = json->child; value != NULL && !newer; value = value->next) {
        if (!has_key(tables, value->string)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s: unknown key \"%.200s\"", path, value->string);
        }
    }
    return SNUG_OK;
}

/* ---- strings: char * ------------------------------------------------------------------------- */

static void write_string(const snug_json_member *member, const void *base, cJSON *object,
                         bool *failed) {
    const char *string = *(char *const *)snug_json_const_member_of(member, base);
    if (string != NULL) {
        snug_json_string(object, member->key, string, failed);
    }
}

static snug_status read_string(const snug_json_member *member, void *base, const cJSON *json,
                               const char *path, bool newer) {
    char **string = snug_json_member_of(member, base);
    (void)newer;
    if (!cJSON_IsString(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a string (got %s)", path,
                         json != NULL ? snug_json_type(json) : "nothing");
    }
    *string = snug_copy_string(json->valuestring);
    return *string != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

const snug_json_codec snug_json_string_codec = {write_string, read_string};

int snug_json_find_name(const char *const *names, const cJSON *json) {
    for (int i = 0; cJSON_IsString(json) && names[i] != NULL; i++) {
        if (strcmp(json->valuestring, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

/* ---- lists of different strings: snug_strings ------------------------------------------------ */

static void write_names(const snug_json_member *member, const void *base, cJSON *object,
                        bool *failed) {
    const snug_strings *names = snug_json_const_member_of(member, base);
    cJSON *array = names->count > 0 ? snug_json_array(object, member->key, failed) : NULL;
    for (size_t i = 0; i < names->count && !*failed; i++) {
        snug_json_string(array, NULL, names->items[i], failed);
    }
}

snug_status snug_json_check_array(const cJSON *json, const char *path) {
    if (cJSON_IsArray(json) && json->child != NULL) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an array with entries (got %s)", path,
                     cJSON_IsArray(json) ? "none" : snug_json_type(json));
}

/* Adds entry i of an array, which must be a string that is not in the set. */
static snug_status add_name(snug_string_set *names, const cJSON *item, const char *path, size_t i) {
    if (!cJSON_IsString(item)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a string (got %s)", path, i,
                         snug_json_type(item));
    }
    snug_status status = snug_string_set_add(names, item->valuestring, NULL);
    if (status == SNUG_OK && names->list.count == i) {
        status = snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: \"%.200s\" occurs twice", path, i,
                           item->valuestring);
    }
    return status;
}

static snug_status read_names(const snug_json_member *member, void *base, const cJSON *json,
                              const char *path, bool newer) {
    snug_string_set names = {0};
    snug_status status = snug_json_check_array(json, path);
    size_t i = 0;
    (void)newer;
    for (const cJSON *item = json->child; item != NULL && status == SNUG_OK; item = item->next) {
        status = add_name(&names, item, path, i++);
    }
    if (status == SNUG_OK) {
        status = snug_strings_copy(snug_json_member_of(member, base), &names.list);
    }
    snug_string_set_clear(&names);
    return status;
}

const snug_json_codec snug_json_names_codec = {write_names, read_names};

/* ---- flags: bool ----------------------------------------------------------------------------- */

static void write_flag(const snug_json_member *member, const void *base, cJSON *object,
                       bool *failed) {
    if (*(const bool *)snug_json_const_member_of(member, base)) {
        snug_json_bool(object, member->key, true, failed);
    }
}

static snug_status read_flag(const snug_json_member *member, void *base, const cJSON *json,
                             const char *path, bool newer) {
    (void)newer;
    if (!cJSON_IsBool(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be true or false", path);
    }
    *(bool *)snug_json_member_of(member, base) = cJSON_IsTrue(json);
    return SNUG_OK;
}

const snug_json_codec snug_json_flag_codec = {write_flag, read_flag};

/* ---- numbers, as many as the struct begins with ---------------------------------------------- */

static void write_numbers(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const size_t count = *(const size_t *)base;
    const double *numbers = *(double *const *)snug_json_const_member_of(member, base);
    if (numbers == NULL) {
        return;
    }
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < count && !*failed; i++) {
        snug_json_number(array, NULL, numbers[i], failed);
    }
}

static snug_status read_numbers(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    size_t *known = base;
    double **numbers = snug_json_member_of(member, base);
    size_t count = cJSON_IsArray(json) ? (size_t)cJSON_GetArraySize(json) : 0, i = 0;
    (void)newer;
    if (count == 0 || (*known > 0 && count != *known)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an array of numbers, one an output", path);
    }
    *known = count;
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

const snug_json_codec snug_json_numbers_codec = {write_numbers, read_numbers};
