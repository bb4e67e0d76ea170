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

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "data/preprocessing.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "schema/json_members.h"
#include "schema/offsets.h"

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

static snug_status check_count(const cJSON *json, const char *path, size_t count) {
    return cJSON_IsArray(json) && (size_t)cJSON_GetArraySize(json) == count
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_CONFIG, "%s: must be an array of %zu numbers, one a feature",
                           path, count);
}

static snug_status read_floats(const snug_json_member *member, void *base, const cJSON *json,
                               const char *path, bool newer) {
    const snug_scaler *scaler = base;
    float **numbers = snug_json_member_of(member, base);
    size_t count = scaler->features, i = 0;
    (void)newer;
    if (check_count(json, path, count) != SNUG_OK) {
        return snug_error_status();
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

/* ---- the offsets of features ----------------------------------------------------------------- */

static void write_offsets(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_scaler *scaler = base;
    if (scaler->offsets == NULL) {
        return;
    }
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < scaler->features && !*failed; i++) {
        snug_json_number(array, NULL, scaler->offsets[i], failed);
    }
}

/* The key is missing where all offsets are 0. */
static snug_status read_offsets(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_scaler *scaler = base;
    size_t count = scaler->features, i = 0;
    (void)member;
    (void)newer;
    if (check_count(json, path, count) != SNUG_OK) {
        return snug_error_status();
    }
    scaler->offsets = snug_alloc(count, sizeof *scaler->offsets);
    if (scaler->offsets == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next, i++) {
        if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= (double)FLT_MAX)) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s[%zu]: must be a finite 32-bit number", path, i);
        }
        scaler->offsets[i] = item->valuedouble;
    }
    return SNUG_OK;
}

static const snug_json_codec offsets_codec = {write_offsets, read_offsets};

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

/* The key is missing where "standardize" says everything: standard scaling, or none. */
static snug_status read_scaling(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_scaler *scaler = base;
    int found = snug_json_find_name(snug_scaling_names, json);
    (void)member;
    (void)newer;
    if (scaler->scaling != SNUG_SCALING_STANDARD || found < (int)SNUG_SCALING_MIN_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: must be \"min_max\", \"robust\", \"robust_clip\" or "
                         "\"standard_clip\", with \"standardize\": true",
                         path);
    }
    scaler->scaling = (snug_scaling)found;
    return SNUG_OK;
}

static const snug_json_codec scaling_codec = {write_scaling, read_scaling};

/* ---- the scaler ------------------------------------------------------------------------------ */

static const snug_json_member scaler_members[] = {
    {"shift", &floats_codec, offsetof(snug_scaler, shift), true},
    {"factor", &floats_codec, offsetof(snug_scaler, factor), true},
    {"fill", &floats_codec, offsetof(snug_scaler, fill), true},
    {"standardize", &standardize_codec, 0, true},
    {"scaling", &scaling_codec, 0, false},
    {"offset", &offsets_codec, 0, false},
    {.key = NULL}};

/* ---- the scaler of the targets --------------------------------------------------------------- */

static void write_target_scaler(const snug_json_member *member, const void *base, cJSON *object,
                                bool *failed) {
    const snug_preprocessing *preprocessing = base;
    if (preprocessing->target_scaler != NULL && !*failed) {
        snug_json_add(object, member->key,
                      snug_target_scaler_write(preprocessing->target_scaler, failed), failed);
    }
}

static snug_status read_target_scaler(const snug_json_member *member, void *base, const cJSON *json,
                                      const char *path, bool newer) {
    snug_preprocessing *preprocessing = base;
    (void)member;
    preprocessing->target_scaler = snug_target_scaler_read(json, path, newer);
    return preprocessing->target_scaler != NULL ? SNUG_OK : snug_error_status();
}

static const snug_json_codec target_scaler_codec = {write_target_scaler, read_target_scaler};

/* Missing in files of models whose targets are not scaled. */
static const snug_json_member target_members[] = {
    {"target_scaling", &target_scaler_codec, 0, false}, {.key = NULL}};

/* ---- writing --------------------------------------------------------------------------------- */

cJSON *snug_preprocessing_write(const snug_preprocessing *preprocessing) {
    bool failed = false;
    locale_t before = snug_locale_enter();
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    snug_json_members_write(snug_table_schema_members, preprocessing->table, json, &failed);
    snug_json_members_write(scaler_members, preprocessing->scaler, json, &failed);
    snug_json_members_write(target_members, preprocessing, json, &failed);
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

static snug_status check_scaler(const snug_scaler *scaler, const char *path) {
    /* The columns that are constant in the training rows. */
    bool zeros = snug_scaling_limit(scaler->scaling) > 0;
    for (size_t i = 0; i < scaler->features; i++) {
        if (!(scaler->factor[i] > 0 || (zeros && scaler->factor[i] == 0))) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s.factor[%zu]: must be %s0 (got %g)", path, i,
                             zeros ? "at least " : "above ", (double)scaler->factor[i]);
        }
        if (scaler->scaling == SNUG_SCALING_NONE &&
            (scaler->shift[i] != 0 || scaler->factor[i] != 1 ||
             snug_offset(scaler->offsets, i) != 0)) {
            return snug_fail(
                SNUG_ERROR_CONFIG,
                "%s: without \"standardize\" shift[%zu] and offset[%zu] must be 0, and "
                "factor[%zu] 1",
                path, i, i, i);
        }
    }
    return SNUG_OK;
}

/*
 * Reads what preprocessing has beside its two parts, which takes NULL. A model from a file keeps
 * the targets as they are.
 */
static snug_preprocessing *complete(snug_preprocessing *preprocessing, const cJSON *json,
                                    const char *path, bool newer) {
    if (preprocessing == NULL) {
        return NULL;
    }
    preprocessing->target_scaler_fitted = true;
    if (snug_json_members_read(target_members, preprocessing, json, path, newer) == SNUG_OK) {
        return snug_preprocessing_keep(preprocessing, newer ? json : NULL);
    }
    snug_preprocessing_free(preprocessing);
    return NULL;
}

snug_preprocessing *snug_preprocessing_read(const cJSON *json, const char *path, bool newer) {
    static const snug_json_member *const tables[] = {snug_table_schema_members, scaler_members,
                                                     target_members, NULL};
    if (snug_json_members_check(tables, json, path, newer) != SNUG_OK) {
        return NULL;
    }
    snug_table_schema *table = snug_table_schema_new(0);
    snug_scaler *scaler = snug_alloc(1, sizeof *scaler);
    snug_status status = table != NULL && scaler != NULL
                             ? snug_table_schema_read(json, path, newer, table)
                             : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        scaler->features = table->features;
        status = snug_json_members_read(scaler_members, scaler, json, path, newer);
    }
    if (status == SNUG_OK) {
        status = check_scaler(scaler, path);
    }
    /* The scaler has as many numbers as features, so that the file is as large as it claims. */
    if (status == SNUG_OK) {
        status = snug_table_schema_check_positions(table, path);
    }
    if (status == SNUG_OK) {
        return complete(snug_preprocessing_new(table, scaler), json, path, newer);
    }
    snug_table_schema_free(table);
    snug_scaler_free(scaler);
    return NULL;
}
