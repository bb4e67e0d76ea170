/* Preprocessing from JSON, perhaps of a damaged file: every number and count is checked. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "core/string_set.h"
#include "data/table_schema.h"

/* An object; a key that is not among the known ones is a mistake, unless the file is newer. */
static snug_status check_object(const cJSON *json, const char *path, const char *const *keys,
                                bool newer) {
    if (!cJSON_IsObject(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an object (got %s)", path,
                         snug_json_type(json));
    }
    for (const cJSON *member = json->child; member != NULL && !newer; member = member->next) {
        const char *const *key = keys;
        while (*key != NULL && strcmp(*key, member->string) != 0) {
            key++;
        }
        if (*key == NULL) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s: unknown key \"%.200s\"", path, member->string);
        }
    }
    return SNUG_OK;
}

static snug_status check_array(const cJSON *json, const char *path, const char *key) {
    if (cJSON_IsArray(json) && json->child != NULL) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG, "%s.%s: must be an array with entries (got %s)", path, key,
                     cJSON_IsArray(json) ? "none" : snug_json_type(json));
}

static snug_status read_text(const cJSON *json, const char *path, const char *key, char **text) {
    if (!cJSON_IsString(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.%s: must be a text (got %s)", path, key,
                         json != NULL ? snug_json_type(json) : "nothing");
    }
    *text = snug_copy_string(json->valuestring);
    return *text != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* An array of different texts; a key that is not there is an empty list. */
static snug_status read_strings(const cJSON *object, const char *path, const char *key,
                                snug_strings *strings) {
    const cJSON *array = snug_json_get(object, key);
    if (array == NULL) {
        return SNUG_OK;
    }
    snug_string_set names = {0};
    snug_status status = check_array(array, path, key);
    size_t i = 0;
    for (const cJSON *item = array->child; item != NULL && status == SNUG_OK;
         item = item->next, i++) {
        if (!cJSON_IsString(item)) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s.%s[%zu]: must be a text (got %s)", path, key,
                               i, snug_json_type(item));
        } else {
            status = snug_string_set_add(&names, item->valuestring, NULL);
        }
        if (status == SNUG_OK && names.list.count == i) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s.%s[%zu]: \"%.200s\" stands twice", path, key,
                               i, item->valuestring);
        }
    }
    if (status == SNUG_OK) {
        status = snug_strings_copy(strings, &names.list);
    }
    snug_string_set_clear(&names);
    return status;
}

static snug_status read_column(const cJSON *json, const char *path, bool newer,
                               snug_column *column) {
    static const char *const keys[] = {"name", "categories", "integer", NULL};
    snug_status status = check_object(json, path, keys, newer);
    if (status == SNUG_OK) {
        status = read_text(snug_json_get(json, "name"), path, "name", &column->name);
    }
    if (status == SNUG_OK) {
        status = read_strings(json, path, "categories", &column->categories);
    }
    const cJSON *integer = snug_json_get(json, "integer");
    if (status == SNUG_OK && integer != NULL && !cJSON_IsBool(integer)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.integer: must be true or false", path);
    }
    column->integer = cJSON_IsTrue(integer);
    return status;
}

static snug_status check_column_names(const snug_table_schema *table, const char *path) {
    snug_string_set names = {0};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        status = snug_string_set_add(&names, table->columns[i].name, NULL);
        if (status == SNUG_OK && names.list.count == i) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s.columns[%zu].name: \"%.200s\" stands twice",
                               path, i, table->columns[i].name);
        }
    }
    snug_string_set_clear(&names);
    return status;
}

static snug_status read_columns(const cJSON *array, const char *path, bool newer,
                                snug_table_schema *table) {
    snug_status status = check_array(array, path, "columns");
    if (status != SNUG_OK) {
        return status;
    }
    table->column_count = (size_t)cJSON_GetArraySize(array);
    table->columns = snug_alloc(table->column_count, sizeof *table->columns);
    if (table->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_column *column = table->columns;
    for (const cJSON *item = array->child; item != NULL; item = item->next, column++) {
        char *place = snug_format("%s.columns[%zu]", path, (size_t)(column - table->columns));
        status = place != NULL ? read_column(item, place, newer, column) : SNUG_ERROR_MEMORY;
        snug_release(place);
        if (status != SNUG_OK) {
            return status;
        }
        table->features += snug_column_features(column);
    }
    return check_column_names(table, path);
}

static snug_status read_features(const cJSON *json, const char *path, bool newer,
                                 snug_table_schema *table) {
    const cJSON *columns = snug_json_get(json, "columns"),
                *features = snug_json_get(json, "features");
    if ((columns == NULL) == (features == NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must have one of \"columns\" and \"features\"",
                         path);
    }
    if (columns != NULL) {
        return read_columns(columns, path, newer, table);
    }
    uint64_t count;
    if (!snug_json_whole(features, &count) || count == 0 || count > SIZE_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.features: must be a whole number of at least 1",
                         path);
    }
    table->features = table->column_count = (size_t)count;
    return SNUG_OK;
}

static snug_status read_targets(const cJSON *json, const char *path, snug_table_schema *table) {
    const cJSON *target = snug_json_get(json, "target");
    snug_status status =
        target != NULL ? read_text(target, path, "target", &table->target) : SNUG_OK;
    if (status == SNUG_OK) {
        status = read_strings(json, path, "classes", &table->classes);
    }
    if (status == SNUG_OK) {
        status = read_strings(json, path, "targets", &table->targets);
    }
    if (status == SNUG_OK && table->targets.count > 0 &&
        (table->classes.count > 0 || table->target != NULL)) {
        status = snug_fail(SNUG_ERROR_CONFIG,
                           "%s: \"targets\" are values, \"target\" and \"classes\" are not: "
                           "only one of them can be",
                           path);
    }
    return status;
}

/* A place among `places` columns, from 1, that is not taken; takes it. */
static snug_status read_place(const cJSON *item, const char *path, size_t places, bool *taken,
                              size_t i, size_t *place) {
    uint64_t whole;
    if (!snug_json_whole(item, &whole) || whole < 1 || whole > places) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s.target_columns[%zu]: must be a whole number from 1 to %zu", path, i,
                         places);
    }
    *place = (size_t)whole;
    if (taken[*place - 1]) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.target_columns[%zu]: %zu is there twice", path, i,
                         *place);
    }
    taken[*place - 1] = true;
    return SNUG_OK;
}

/* Older files lack the places of the targets. */
static snug_status read_target_columns(const cJSON *json, const char *path,
                                       snug_table_schema *table) {
    const cJSON *array = snug_json_get(json, "target_columns");
    size_t targets = snug_table_schema_target_count(table), places = table->column_count + targets;
    if (array == NULL) {
        return SNUG_OK;
    }
    if (!cJSON_IsArray(array) || (size_t)cJSON_GetArraySize(array) != targets || targets == 0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s.target_columns: must be an array of %zu whole number%s, one a target",
                         path, targets, targets == 1 ? "" : "s");
    }
    bool *taken = snug_alloc(places, sizeof *taken);
    table->target_columns = snug_alloc(targets, sizeof *table->target_columns);
    snug_status status =
        taken != NULL && table->target_columns != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    size_t i = 0;
    for (const cJSON *item = array->child; item != NULL && status == SNUG_OK;
         item = item->next, i++) {
        status = read_place(item, path, places, taken, i, &table->target_columns[i]);
    }
    snug_release(taken);
    return status;
}

static snug_status read_missing(const cJSON *json, const char *path, snug_table_schema *table) {
    const cJSON *missing = snug_json_get(json, "missing");
    const char *text = cJSON_IsString(missing) ? missing->valuestring : "";
    if (strcmp(text, "mean") != 0 && strcmp(text, "error") != 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.missing: must be \"error\" or \"mean\"", path);
    }
    table->missing = strcmp(text, "mean") == 0 ? SNUG_MISSING_MEAN : SNUG_MISSING_ERROR;
    return SNUG_OK;
}

static snug_status read_table(const cJSON *json, const char *path, bool newer,
                              snug_table_schema *table) {
    snug_status status = read_features(json, path, newer, table);
    if (status == SNUG_OK) {
        status = read_targets(json, path, table);
    }
    if (status == SNUG_OK) {
        status = read_strings(json, path, "weights", &table->weights);
    }
    if (status == SNUG_OK) {
        status = read_strings(json, path, "ignored", &table->ignored);
    }
    return status == SNUG_OK ? read_missing(json, path, table) : status;
}

/* Exactly `count` finite floats. */
static snug_status read_floats(const cJSON *json, const char *path, const char *key, size_t count,
                               float **numbers) {
    const cJSON *array = snug_json_get(json, key);
    if (!cJSON_IsArray(array) || (size_t)cJSON_GetArraySize(array) != count) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.%s: must be an array of %zu numbers, one a feature",
                         path, key, count);
    }
    *numbers = snug_alloc(count, sizeof **numbers);
    if (*numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t i = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, i++) {
        if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= (double)FLT_MAX)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s.%s[%zu]: must be a finite 32-bit number", path,
                             key, i);
        }
        (*numbers)[i] = (float)item->valuedouble;
    }
    return SNUG_OK;
}

static snug_status check_scaler(const snug_scaler *scaler, const char *path) {
    for (size_t i = 0; i < scaler->features; i++) {
        if (!(scaler->factor[i] > 0)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s.factor[%zu]: must be above 0 (got %g)", path, i,
                             (double)scaler->factor[i]);
        }
        if (scaler->scaling == SNUG_SCALING_NONE &&
            (scaler->shift[i] != 0 || scaler->factor[i] != 1)) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "%s: without \"standardize\" shift[%zu] must be 0 and factor[%zu] 1",
                             path, i, i);
        }
    }
    return SNUG_OK;
}

/* "scaling" stands beside "standardize" where that alone does not tell. */
static snug_status read_scaling(const cJSON *json, const char *path, snug_scaling *scaling) {
    const cJSON *standardize = snug_json_get(json, "standardize"),
                *name = snug_json_get(json, "scaling");
    if (!cJSON_IsBool(standardize)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s.standardize: must be true or false", path);
    }
    *scaling = cJSON_IsTrue(standardize) ? SNUG_SCALING_STANDARD : SNUG_SCALING_NONE;
    if (name == NULL) {
        return SNUG_OK;
    }
    for (int i = SNUG_SCALING_MIN_MAX;
         snug_scaling_names[i] != NULL && *scaling == SNUG_SCALING_STANDARD; i++) {
        if (cJSON_IsString(name) && strcmp(name->valuestring, snug_scaling_names[i]) == 0) {
            *scaling = (snug_scaling)i;
            return SNUG_OK;
        }
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "%s.scaling: must be \"min_max\" or \"robust\", with \"standardize\": true",
                     path);
}

static snug_status read_scaler(const cJSON *json, const char *path, snug_scaler *scaler) {
    snug_status status = read_scaling(json, path, &scaler->scaling);
    if (status == SNUG_OK) {
        status = read_floats(json, path, "shift", scaler->features, &scaler->shift);
    }
    if (status == SNUG_OK) {
        status = read_floats(json, path, "factor", scaler->features, &scaler->factor);
    }
    if (status == SNUG_OK) {
        status = read_floats(json, path, "fill", scaler->features, &scaler->fill);
    }
    return status == SNUG_OK ? check_scaler(scaler, path) : status;
}

snug_preprocessing *snug_preprocessing_read(const cJSON *json, const char *path, bool newer) {
    static const char *const keys[] = {"columns", "features",       "target",  "classes",
                                       "targets", "missing",        "shift",   "factor",
                                       "fill",    "standardize",    "scaling", "weights",
                                       "ignored", "target_columns", NULL};
    if (check_object(json, path, keys, newer) != SNUG_OK) {
        return NULL;
    }
    snug_table_schema *table = snug_table_schema_new(0);
    snug_scaler *scaler = snug_alloc(1, sizeof *scaler);
    snug_status status =
        table != NULL && scaler != NULL ? read_table(json, path, newer, table) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        scaler->features = table->features;
        status = read_scaler(json, path, scaler);
    }
    if (status == SNUG_OK) { /* now the file is known to be of as many features as it says */
        status = read_target_columns(json, path, table);
    }
    if (status == SNUG_OK) {
        return snug_preprocessing_keep(snug_preprocessing_new(table, scaler), newer ? json : NULL);
    }
    snug_table_schema_free(table);
    snug_scaler_free(scaler);
    return NULL;
}
