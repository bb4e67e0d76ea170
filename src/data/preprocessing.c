/* Preprocessing as JSON, for the model file. The reading is in preprocess_read.c. */
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "data/preprocessing.h"
#include "data/table_schema.h"

snug_preprocessing *snug_preprocessing_new(snug_table_schema *table, snug_scaler *scaler) {
    snug_preprocessing *preprocessing = NULL;
    if (table != NULL && scaler != NULL) {
        preprocessing = snug_alloc(1, sizeof *preprocessing);
    }
    if (preprocessing == NULL) {
        snug_table_schema_free(table);
        snug_scaler_free(scaler);
        return NULL;
    }
    preprocessing->table = table;
    preprocessing->scaler = scaler;
    return preprocessing;
}

snug_preprocessing *snug_preprocessing_keep(snug_preprocessing *preprocessing, const cJSON *json) {
    if (preprocessing == NULL || json == NULL) {
        return preprocessing;
    }
    preprocessing->newer = cJSON_Duplicate(json, true);
    if (preprocessing->newer != NULL) {
        return preprocessing;
    }
    snug_fail_memory(sizeof *json);
    snug_preprocessing_free(preprocessing);
    return NULL;
}

snug_preprocessing *snug_preprocessing_copy(const snug_preprocessing *preprocessing) {
    snug_table_schema *table = snug_table_schema_copy(preprocessing->table);
    snug_scaler *scaler = table != NULL ? snug_scaler_copy(preprocessing->scaler) : NULL;
    return snug_preprocessing_keep(snug_preprocessing_new(table, scaler), preprocessing->newer);
}

void snug_preprocessing_free(snug_preprocessing *preprocessing) {
    if (preprocessing == NULL) {
        return;
    }
    cJSON_Delete(preprocessing->newer);
    snug_table_schema_free(preprocessing->table);
    snug_scaler_free(preprocessing->scaler);
    snug_release(preprocessing);
}

const char *const snug_scaling_names[] = {
    [SNUG_SCALING_STANDARD] = "standard",
    [SNUG_SCALING_NONE] = "none",
    [SNUG_SCALING_MIN_MAX] = "min_max",
    [SNUG_SCALING_ROBUST] = "robust",
    NULL,
};

size_t snug_preprocessing_values(size_t features) {
    enum {
        A_FEATURE = 8
    }; /* column, name, categories, one of these, integer, shift, factor, fill */
    return SNUG_JSON_MAX_VALUES + A_FEATURE * features;
}

static void write_strings(cJSON *json, const char *key, const snug_strings *strings, bool *failed) {
    if (strings->count == 0) {
        return;
    }
    cJSON *array = snug_json_array(json, key, failed);
    for (size_t i = 0; i < strings->count && !*failed; i++) {
        snug_json_string(array, NULL, strings->items[i], failed);
    }
}

static void write_target_columns(cJSON *json, const snug_table_schema *table, bool *failed) {
    if (table->target_columns == NULL) {
        return;
    }
    cJSON *array = snug_json_array(json, "target_columns", failed);
    for (size_t i = 0; i < snug_table_schema_target_count(table) && !*failed; i++) {
        snug_json_number(array, NULL, (double)table->target_columns[i], failed);
    }
}

static void write_columns(cJSON *json, const snug_table_schema *table, bool *failed) {
    if (table->columns == NULL) {
        snug_json_number(json, "features", (double)table->features, failed);
        return;
    }
    cJSON *array = snug_json_array(json, "columns", failed);
    for (size_t i = 0; i < table->column_count && !*failed; i++) {
        cJSON *column = snug_json_object(array, NULL, failed);
        snug_json_string(column, "name", table->columns[i].name, failed);
        write_strings(column, "categories", &table->columns[i].categories, failed);
        if (table->columns[i].integer) {
            snug_json_bool(column, "integer", true, failed);
        }
    }
}

/* Nine digits name a float; as the double nearest to it, it would take seventeen. */
static double short_decimal(float number) {
    char text[SNUG_NUMBER_LENGTH];
    snprintf(text, sizeof text, "%.9g", (double)number);
    return strtod(text, NULL);
}

static void write_floats(cJSON *json, const char *key, const float *numbers, size_t count,
                         bool *failed) {
    cJSON *array = snug_json_array(json, key, failed);
    for (size_t i = 0; i < count && !*failed; i++) {
        snug_json_number(array, NULL, short_decimal(numbers[i]), failed);
    }
}

cJSON *snug_preprocessing_write(const snug_preprocessing *preprocessing) {
    const snug_table_schema *table = preprocessing->table;
    const snug_scaler *scaler = preprocessing->scaler;
    bool failed = false;
    locale_t before = snug_locale_enter();
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    write_columns(json, table, &failed);
    if (table->target != NULL) {
        snug_json_string(json, "target", table->target, &failed);
    }
    write_strings(json, "classes", &table->classes, &failed);
    write_strings(json, "targets", &table->targets, &failed);
    write_target_columns(json, table, &failed);
    write_strings(json, "weights", &table->weights, &failed);
    write_strings(json, "ignored", &table->ignored, &failed);
    snug_json_string(json, "missing", table->missing == SNUG_MISSING_MEAN ? "mean" : "error",
                     &failed);
    write_floats(json, "shift", scaler->shift, scaler->features, &failed);
    write_floats(json, "factor", scaler->factor, scaler->features, &failed);
    write_floats(json, "fill", scaler->fill, scaler->features, &failed);
    snug_json_bool(json, "standardize", scaler->scaling != SNUG_SCALING_NONE, &failed);
    if (scaler->scaling > SNUG_SCALING_NONE) {
        snug_json_string(json, "scaling", snug_scaling_names[scaler->scaling], &failed);
    }
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
