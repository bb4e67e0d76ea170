#include "core/memory.h"
#include "core/status.h"
#include "data/preprocessing.h"
#include "json/json.h"

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
    if (snug_scaler_find_codes(scaler, table) == SNUG_OK) {
        return preprocessing;
    }
    snug_preprocessing_free(preprocessing);
    return NULL;
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

/* Gives a new copy the scaler of the targets; without memory frees the copy and returns NULL. */
static snug_preprocessing *copy_target_scaler(snug_preprocessing *copy,
                                              const snug_preprocessing *preprocessing) {
    if (copy == NULL) {
        return NULL;
    }
    copy->target_scaler_fitted = preprocessing->target_scaler_fitted;
    if (preprocessing->target_scaler == NULL) {
        return copy;
    }
    copy->target_scaler = snug_target_scaler_copy(preprocessing->target_scaler);
    if (copy->target_scaler != NULL) {
        return copy;
    }
    snug_preprocessing_free(copy);
    return NULL;
}

snug_preprocessing *snug_preprocessing_copy(const snug_preprocessing *preprocessing) {
    snug_table_schema *table = snug_table_schema_copy(preprocessing->table);
    snug_scaler *scaler = table != NULL ? snug_scaler_copy(preprocessing->scaler) : NULL;
    snug_preprocessing *copy =
        copy_target_scaler(snug_preprocessing_new(table, scaler), preprocessing);
    return snug_preprocessing_keep(copy, preprocessing->newer);
}

void snug_preprocessing_free(snug_preprocessing *preprocessing) {
    if (preprocessing == NULL) {
        return;
    }
    cJSON_Delete(preprocessing->newer);
    snug_table_schema_free(preprocessing->table);
    snug_scaler_free(preprocessing->scaler);
    snug_target_scaler_free(preprocessing->target_scaler);
    snug_release(preprocessing);
}

/*
 * A feature has at most ten JSON values: its column, the column's name, categories, integer and
 * embedding, one category, and a number each of shift, factor, fill and offset.
 */
enum { VALUES_A_FEATURE = 10 };

size_t snug_preprocessing_values(size_t features) {
    return SNUG_JSON_MAX_VALUES + VALUES_A_FEATURE * features;
}
