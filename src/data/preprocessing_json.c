/*
 * Preprocessing as JSON, which a model file holds.
 *
 * Each key is one row of a table: its name, the codec that writes and reads its value, and the
 * member that has it. The order of the rows is the order of the keys in the file. A file may be
 * damaged or hostile: every value is checked when it is read, and conditions on several values once
 * all of them are there.
 */
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "core/string_set.h"
#include "data/json_members.h"
#include "data/table_schema.h"

/* ---- the columns of a schema ----------------------------------------------------------------- */

static const snug_json_member column_members[] = {
    {"name", &snug_json_string_codec, offsetof(snug_column, name), true},
    {"categories", &snug_json_names_codec, offsetof(snug_column, categories), false},
    {"integer", &snug_json_flag_codec, offsetof(snug_column, integer), false},
    {.key = NULL}};

static void write_columns(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    cJSON *array = table->columns != NULL ? snug_json_array(object, member->key, failed) : NULL;
    for (size_t i = 0; array != NULL && i < table->column_count && !*failed; i++) {
        snug_json_members_write(column_members, &table->columns[i],
                                snug_json_object(array, NULL, failed), failed);
    }
}

static snug_status check_column_names(const snug_table_schema *table, const char *path) {
    snug_string_set names = {0};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        status = snug_string_set_add(&names, table->columns[i].name, NULL);
        if (status == SNUG_OK && names.list.count == i) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s[%zu].name: \"%.200s\" occurs twice", path, i,
                               table->columns[i].name);
        }
    }
    snug_string_set_clear(&names);
    return status;
}

static snug_status read_column(const cJSON *json, const char *path, bool newer,
                               snug_column *column) {
    snug_status status = snug_json_members_check(column_members, NULL, json, path, newer);
    return status == SNUG_OK ? snug_json_members_read(column_members, column, json, path, newer)
                             : status;
}

static snug_status read_columns(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    snug_status status = snug_json_check_array(json, path);
    (void)member;
    if (status != SNUG_OK) {
        return status;
    }
    table->column_count = (size_t)cJSON_GetArraySize(json);
    table->columns = snug_alloc(table->column_count, sizeof *table->columns);
    if (table->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    const cJSON *item = json->child;
    for (size_t i = 0; item != NULL && status == SNUG_OK; item = item->next, i++) {
        char *item_path = snug_format("%s[%zu]", path, i);
        status = item_path != NULL ? read_column(item, item_path, newer, &table->columns[i])
                                   : SNUG_ERROR_MEMORY;
        snug_release(item_path);
        table->features += snug_column_features(&table->columns[i]);
    }
    return status == SNUG_OK ? check_column_names(table, path) : status;
}

static const snug_json_codec columns_codec = {write_columns, read_columns};

/* ---- the number of features of a schema without columns -------------------------------------- */

static void write_features(const snug_json_member *member, const void *base, cJSON *object,
                           bool *failed) {
    const snug_table_schema *table = base;
    if (table->columns == NULL) {
        snug_json_number(object, member->key, (double)table->features, failed);
    }
}

static snug_status read_features(const snug_json_member *member, void *base, const cJSON *json,
                                 const char *path, bool newer) {
    snug_table_schema *table = base;
    uint64_t count;
    (void)member;
    (void)newer;
    if (!snug_json_whole(json, &count) || count == 0 || count > SIZE_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a whole number of at least 1", path);
    }
    table->features = table->column_count = (size_t)count;
    return SNUG_OK;
}

static const snug_json_codec features_codec = {write_features, read_features};

/* ---- the positions of the targets ------------------------------------------------------------ */

static void write_positions(const snug_json_member *member, const void *base, cJSON *object,
                            bool *failed) {
    const snug_table_schema *table = base;
    if (table->target_columns == NULL) {
        return;
    }
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < snug_table_schema_target_count(table) && !*failed; i++) {
        snug_json_number(array, NULL, (double)table->target_columns[i], failed);
    }
}

/* The row after those of the targets, so that their number is known; check_positions() follows. */
static snug_status read_positions(const snug_json_member *member, void *base, const cJSON *json,
                                  const char *path, bool newer) {
    snug_table_schema *table = base;
    size_t targets = snug_table_schema_target_count(table), i = 0;
    (void)member;
    (void)newer;
    if (!cJSON_IsArray(json) || (size_t)cJSON_GetArraySize(json) != targets || targets == 0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: must be an array of %zu whole number%s, one a target", path, targets,
                         targets == 1 ? "" : "s");
    }
    table->target_columns = snug_alloc(targets, sizeof *table->target_columns);
    if (table->target_columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next, i++) {
        uint64_t position;
        if (!snug_json_whole(item, &position) || position > SIZE_MAX) {
            position = 0; /* which is no position: check_positions() refuses it */
        }
        table->target_columns[i] = (size_t)position;
    }
    return SNUG_OK;
}

static const snug_json_codec positions_codec = {write_positions, read_positions};

/* ---- what a missing value does --------------------------------------------------------------- */

static void write_missing(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    snug_json_string(object, member->key, snug_missing_names[table->missing], failed);
}

static snug_status read_missing(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    for (int i = 0; cJSON_IsString(json) && snug_missing_names[i] != NULL; i++) {
        if (strcmp(json->valuestring, snug_missing_names[i]) == 0) {
            table->missing = (snug_missing)i;
            return SNUG_OK;
        }
    }
    return snug_fail(SNUG_ERROR_CONFIG, "%s: must be \"error\" or \"mean\"", path);
}

static const snug_json_codec missing_codec = {write_missing, read_missing};

/* ---- the numbers of a scaler, one a feature -------------------------------------------------- */

/* Nine digits name a float; as the double nearest to it, it would take seventeen. */
static double short_decimal(float number) {
    char digits[SNUG_NUMBER_LENGTH];
    snprintf(digits, sizeof digits, "%.9g", (double)number);
    return strtod(digits, NULL);
}

static void write_floats(const snug_json_member *member, const void *base, cJSON *object,
                         bool *failed) {
    const snug_scaler *scaler = base;
    const float *numbers = *(float *const *)snug_json_const_member_of(member, base);
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < scaler->features && !*failed; i++) {
        snug_json_number(array, NULL, short_decimal(numbers[i]), failed);
    }
}

static snug_status read_floats(const snug_json_member *member, void *base, const cJSON *json,
                               const char *path, bool newer) {
    const snug_scaler *scaler = base;
    float **numbers = snug_json_member_of(member, base);
    size_t count = scaler->features, i = 0;
    (void)newer;
    if (!cJSON_IsArray(json) || (size_t)cJSON_GetArraySize(json) != count) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be an array of %zu numbers, one a feature",
                         path, count);
    }
    *numbers = snug_alloc(count, sizeof **numbers);
    if (*numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next, i++) {
        if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= (double)FLT_MAX)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a finite 32-bit number", path, i);
        }
        (*numbers)[i] = (float)item->valuedouble;
    }
    return SNUG_OK;
}

static const snug_json_codec floats_codec = {write_floats, read_floats};

/* ---- the kind of scaling, in two keys -------------------------------------------------------- */

static void write_standardize(const snug_json_member *member, const void *base, cJSON *object,
                              bool *failed) {
    const snug_scaler *scaler = base;
    snug_json_bool(object, member->key, scaler->scaling != SNUG_SCALING_NONE, failed);
}

static snug_status read_standardize(const snug_json_member *member, void *base, const cJSON *json,
                                    const char *path, bool newer) {
    snug_scaler *scaler = base;
    (void)member;
    (void)newer;
    if (!cJSON_IsBool(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be true or false", path);
    }
    scaler->scaling = cJSON_IsTrue(json) ? SNUG_SCALING_STANDARD : SNUG_SCALING_NONE;
    return SNUG_OK;
}

static const snug_json_codec standardize_codec = {write_standardize, read_standardize};

static void write_scaling(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_scaler *scaler = base;
    if (scaler->scaling > SNUG_SCALING_NONE) {
        snug_json_string(object, member->key, snug_scaling_names[scaler->scaling], failed);
    }
}

/* The key is there for the kinds that "standardize": true alone does not name. */
static snug_status read_scaling(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_scaler *scaler = base;
    bool scaled = scaler->scaling == SNUG_SCALING_STANDARD && cJSON_IsString(json);
    (void)member;
    (void)newer;
    for (int i = SNUG_SCALING_MIN_MAX; scaled && snug_scaling_names[i] != NULL; i++) {
        if (strcmp(json->valuestring, snug_scaling_names[i]) == 0) {
            scaler->scaling = (snug_scaling)i;
            return SNUG_OK;
        }
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "%s: must be \"min_max\" or \"robust\", with \"standardize\": true", path);
}

static const snug_json_codec scaling_codec = {write_scaling, read_scaling};

/* ---- the tables ------------------------------------------------------------------------------ */

#define AT(member) offsetof(snug_table_schema, member)
static const snug_json_member schema_members[] = {
    {"columns", &columns_codec, 0, false}, /* or "features" */
    {"features", &features_codec, 0, false},
    {"target", &snug_json_string_codec, AT(target), false},
    {"classes", &snug_json_names_codec, AT(classes), false},
    {"targets", &snug_json_names_codec, AT(targets), false},
    {"target_columns", &positions_codec, 0, false}, /* older files lack it */
    {"weights", &snug_json_names_codec, AT(weights), false},
    {"ignored", &snug_json_names_codec, AT(ignored), false},
    {"missing", &missing_codec, 0, true},
    {.key = NULL}};
#undef AT

static const snug_json_member scaler_members[] = {
    {"shift", &floats_codec, offsetof(snug_scaler, shift), true},
    {"factor", &floats_codec, offsetof(snug_scaler, factor), true},
    {"fill", &floats_codec, offsetof(snug_scaler, fill), true},
    {"standardize", &standardize_codec, 0, true},
    {"scaling", &scaling_codec, 0, false},
    {.key = NULL}};

/* ---- writing --------------------------------------------------------------------------------- */

cJSON *snug_preprocessing_write(const snug_preprocessing *preprocessing) {
    bool failed = false;
    locale_t before = snug_locale_enter();
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_members_write(schema_members, preprocessing->table, json, &failed);
    snug_json_members_write(scaler_members, preprocessing->scaler, json, &failed);
    snug_locale_leave(before);
    if (preprocessing->newer != NULL && !failed) {
        snug_json_merge(json, preprocessing->newer, &failed);
    }
    if (!failed) {
        return json;
    }
    cJSON_Delete(json);
    return NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static snug_status check_schema(const snug_table_schema *table, const char *path) {
    if (table->targets.count > 0 && (table->classes.count > 0 || table->target != NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: \"targets\" are values, \"target\" and \"classes\" are not: "
                         "only one of them can be",
                         path);
    }
    return SNUG_OK;
}

/* Checks that each target has a position of its own among the columns of features and targets. */
static snug_status check_positions(const snug_table_schema *table, const char *path) {
    size_t targets = snug_table_schema_target_count(table);
    size_t positions = table->column_count + targets;
    if (table->target_columns == NULL) {
        return SNUG_OK;
    }
    bool *taken = snug_alloc(positions, sizeof *taken);
    snug_status status = taken != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < targets && status == SNUG_OK; i++) {
        size_t position = table->target_columns[i];
        if (position < 1 || position > positions) {
            status = snug_fail(SNUG_ERROR_CONFIG,
                               "%s.target_columns[%zu]: must be a whole number from 1 to %zu", path,
                               i, positions);
        } else if (taken[position - 1]) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s.target_columns[%zu]: %zu is there twice",
                               path, i, position);
        } else {
            taken[position - 1] = true;
        }
    }
    snug_release(taken);
    return status;
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

static snug_status read_schema(const cJSON *json, const char *path, bool newer,
                               snug_table_schema *table) {
    bool columns = snug_json_get(json, "columns") != NULL;
    if (columns == (snug_json_get(json, "features") != NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must have one of \"columns\" and \"features\"",
                         path);
    }
    snug_status status = snug_json_members_read(schema_members, table, json, path, newer);
    return status == SNUG_OK ? check_schema(table, path) : status;
}

snug_preprocessing *snug_preprocessing_read(const cJSON *json, const char *path, bool newer) {
    if (snug_json_members_check(schema_members, scaler_members, json, path, newer) != SNUG_OK) {
        return NULL;
    }
    snug_table_schema *table = snug_table_schema_new(0);
    snug_scaler *scaler = snug_alloc(1, sizeof *scaler);
    snug_status status =
        table != NULL && scaler != NULL ? read_schema(json, path, newer, table) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        scaler->features = table->features;
        status = snug_json_members_read(scaler_members, scaler, json, path, newer);
    }
    if (status == SNUG_OK) {
        status = check_scaler(scaler, path);
    }
    /* The scaler has as many numbers as features, so that the file is as large as it claims. */
    if (status == SNUG_OK) {
        status = check_positions(table, path);
    }
    if (status == SNUG_OK) {
        return snug_preprocessing_keep(snug_preprocessing_new(table, scaler), newer ? json : NULL);
    }
    snug_table_schema_free(table);
    snug_scaler_free(scaler);
    return NULL;
}
