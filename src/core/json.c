#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/json_syntax.h"
#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"

/* ---- where a value stands -------------------------------------------------------------------- */

/* The way from the top to a value, each step on the stack of the walk. */
typedef struct trail {
    const struct trail *parent; /* NULL: the top */
    const cJSON *value;
    size_t index; /* in an array */
} trail;

/* Appends "model.layers[2]" and answers the length; what does not fit is cut. */
static size_t write_trail(const trail *place, char *text, size_t size) {
    if (place->parent == NULL) {
        return 0;
    }
    size_t used = write_trail(place->parent, text, size);
    int more;
    if (cJSON_IsArray(place->parent->value)) {
        more = snprintf(text + used, size - used, "[%zu]", place->index);
    } else {
        more =
            snprintf(text + used, size - used, "%s%s", used > 0 ? "." : "", place->value->string);
    }
    used += more > 0 ? (size_t)more : 0;
    return used < size ? used : size - 1;
}

/* "iris.json: model.layers[2]: what is wrong", the path left out at the top. */
static snug_status fail_at(const char *name, const trail *place, const char *what) {
    char path[256] = "";
    size_t used = write_trail(place, path, sizeof path);
    return snug_fail(SNUG_ERROR_CONFIG, "%s: %s%s%s", name, path, used > 0 ? ": " : "", what);
}

/* ---- what the grammar allows and we do not --------------------------------------------------- */

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The first key that stands twice, or NULL. */
static const char *repeated_key(const char **keys, size_t count) {
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0) {
            return keys[i];
        }
    }
    return NULL;
}

static snug_status check_keys(const char *name, const trail *place) {
    size_t count = 0;
    for (const cJSON *member = place->value->child; member != NULL; member = member->next) {
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
    for (const cJSON *member = place->value->child; member != NULL; member = member->next) {
        keys[count++] = member->string;
    }
    const char *twice = repeated_key(keys, count);
    snug_release(keys);
    if (twice == NULL) {
        return SNUG_OK;
    }
    char what[256];
    snprintf(what, sizeof what, "the key \"%s\" stands twice", twice);
    return fail_at(name, place, what);
}

static snug_status check_tree(const char *name, const trail *place) {
    if (cJSON_IsNumber(place->value) && !isfinite(place->value->valuedouble)) {
        return fail_at(name, place, "the number is too large");
    }
    if (cJSON_IsObject(place->value)) {
        snug_status status = check_keys(name, place);
        if (status != SNUG_OK) {
            return status;
        }
    }
    size_t index = 0;
    for (const cJSON *child = place->value->child; child != NULL; child = child->next, index++) {
        trail step = {.parent = place, .value = child, .index = index};
        snug_status status = check_tree(name, &step);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

/* ---- parsing --------------------------------------------------------------------------------- */

/*
 * cJSON asks the locale for the decimal point. The text is known to be right, so only memory lacks.
 */
static cJSON *parse_tree(const char *text, size_t n) {
    locale_t before = snug_locale_enter();
    cJSON *tree = cJSON_ParseWithLengthOpts(text, n, NULL, 0);
    snug_locale_leave(before);
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

/* ---- asking ---------------------------------------------------------------------------------- */

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
        return "a text";
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
