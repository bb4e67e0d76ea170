#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_syntax.h"

/* ---- paths of values ------------------------------------------------------------------------- */

/* The path from the top to a value: a list of its parents, on the stack of the recursion. */
typedef struct trail {
    const struct trail *parent; /* NULL: the top */
    const cJSON *value;
    size_t index; /* in an array */
} trail;

/* Prints "model.layers[2]" and returns the length; the end of a longer path is left out. */
static size_t write_trail(const trail *at, char *buffer, size_t size) {
    if (at->parent == NULL) {
        return 0;
    }
    size_t used = write_trail(at->parent, buffer, size);
    int more;
    if (cJSON_IsArray(at->parent->value)) {
        more = snprintf(buffer + used, size - used, "[%zu]", at->index);
    } else {
        more = snprintf(buffer + used, size - used, "%s%s", used > 0 ? "." : "", at->value->string);
    }
    used += more > 0 ? (size_t)more : 0;
    return used < size ? used : size - 1;
}

/* Fails with "iris.json: model.layers[2]: WHAT", at the top without the path. */
static snug_status fail_at(const char *name, const trail *at, const char *what) {
    char path[256] = "";
    size_t used = write_trail(at, path, sizeof path);
    return snug_fail(SNUG_ERROR_CONFIG, "%s: %s%s%s", name, path, used > 0 ? ": " : "", what);
}

/* ---- what the grammar allows and Snug does not ----------------------------------------------- */

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts the keys; returns one that is there twice, or NULL. */
static const char *repeated_key(const char **keys, size_t count) {
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0) {
            return keys[i];
        }
    }
    return NULL;
}

static snug_status check_keys(const char *name, const trail *at) {
    size_t count = 0;
    for (const cJSON *member = at->value->child; member != NULL; member = member->next) {
        count++;
    }
    if (count < 2) {
        return SNUG_OK;
    }
    const char **keys = snug_alloc(count, sizeof *keys);
    if (keys == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    count = 0;
    for (const cJSON *member = at->value->child; member != NULL; member = member->next) {
        keys[count++] = member->string;
    }
    const char *duplicate = repeated_key(keys, count);
    snug_release(keys);
    if (duplicate == NULL) {
        return SNUG_OK;
    }
    char what[256];
    snprintf(what, sizeof what, "the key \"%s\" is given twice", duplicate);
    return fail_at(name, at, what);
}

static snug_status check_tree(const char *name, const trail *at) {
    if (cJSON_IsNumber(at->value) && !isfinite(at->value->valuedouble)) {
        return fail_at(name, at, "the number is too large");
    }
    if (cJSON_IsObject(at->value)) {
        snug_status status = check_keys(name, at);
        if (status != SNUG_OK) {
            return status;
        }
    }
    size_t index = 0;
    for (const cJSON *child = at->value->child; child != NULL; child = child->next, index++) {
        trail child_trail = {.parent = at, .value = child, .index = index};
        snug_status status = check_tree(name, &child_trail);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

/* ---- parsing --------------------------------------------------------------------------------- */

/*
 * Parses in the "C" locale, because cJSON takes the decimal point from the locale. The syntax was
 * checked before, so a failure can only be one of memory.
 */
static cJSON *parse_tree(const char *text, size_t n) {
    locale_t old_locale = snug_locale_enter();
    cJSON *tree = cJSON_ParseWithLengthOpts(text, n, NULL, 0);
    snug_locale_leave(old_locale);
    if (tree == NULL) {
        snug_fail_memory(n);
    }
    return tree;
}

cJSON *snug_json_parse(const char *name, const char *text, size_t n) {
    return snug_json_parse_max(name, text, n, SNUG_JSON_MAX_VALUES);
}

cJSON *snug_json_parse_max(const char *name, const char *text, size_t n, size_t most) {
    if (snug_json_check_syntax(name, text, n, most) != SNUG_OK) {
        return NULL;
    }
    cJSON *tree = parse_tree(text, n);
    if (tree != NULL && check_tree(name, &(trail){.value = tree}) != SNUG_OK) {
        cJSON_Delete(tree);
        return NULL;
    }
    return tree;
}

/* ---- access -------------------------------------------------------------------------------- */

const cJSON *snug_json_get(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

const char *snug_json_type(const cJSON *value) {
    if (value == NULL) {
        return "nothing";
    }
    switch (value->type & 0xFF) {
    case cJSON_False:
        return "false";
    case cJSON_True:
        return "true";
    case cJSON_NULL:
        return "null";
    case cJSON_Number:
        return "a number";
    case cJSON_String:
        return "a string";
    case cJSON_Array:
        return "an array";
    case cJSON_Object:
        return "an object";
    default:
        return "nothing";
    }
}

bool snug_json_whole(const cJSON *value, uint64_t *whole) {
    if (!cJSON_IsNumber(value)) {
        return false;
    }
    double number = value->valuedouble;
    if (!(number >= 0.0 && number <= SNUG_JSON_LARGEST_WHOLE) || number != floor(number)) {
        return false;
    }
    *whole = (uint64_t)number;
    return true;
}
