/* The storage of a scaler; scaler_fit.c fits it, gather.c applies it. */
#include <string.h>

#include "core/memory.h"
#include "data/scaler.h"
#include "schema/offsets.h"

const char *const snug_scaling_names[] = {
    [SNUG_SCALING_STANDARD] = "standard",
    [SNUG_SCALING_NONE] = "none",
    [SNUG_SCALING_MIN_MAX] = "min_max",
    [SNUG_SCALING_ROBUST] = "robust",
    [SNUG_SCALING_ROBUST_CLIP] = "robust_clip",
    [SNUG_SCALING_STANDARD_CLIP] = "standard_clip",
    NULL,
};

float snug_scaling_limit(snug_scaling scaling) {
    return scaling == SNUG_SCALING_ROBUST_CLIP     ? 3.0F
           : scaling == SNUG_SCALING_STANDARD_CLIP ? 5.0F
                                                   : 0.0F;
}

snug_scaler *snug_scaler_new(size_t features) {
    snug_scaler *scaler = snug_alloc(1, sizeof *scaler);
    if (scaler == NULL) {
        return NULL;
    }
    scaler->features = features;
    scaler->shift = snug_alloc(features, sizeof *scaler->shift);
    scaler->factor = snug_alloc(features, sizeof *scaler->factor);
    scaler->fill = snug_alloc(features, sizeof *scaler->fill);
    if (scaler->shift != NULL && scaler->factor != NULL && scaler->fill != NULL) {
        return scaler;
    }
    snug_scaler_free(scaler);
    return NULL;
}

/* Lists the features of the columns for category_embedding, unless NULL, and counts them. */
static size_t find_codes(const snug_table_schema *table, size_t *codes) {
    size_t count = 0, first = 0;
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        if (table->columns[i].embedding) {
            if (codes != NULL) {
                codes[count] = first;
            }
            count++;
        }
        first += snug_column_features(&table->columns[i]);
    }
    return count;
}

snug_status snug_scaler_find_codes(snug_scaler *scaler, const snug_table_schema *table) {
    size_t count = find_codes(table, NULL);
    snug_release(scaler->codes);
    scaler->codes = NULL;
    scaler->code_count = 0;
    if (count == 0) {
        return SNUG_OK;
    }
    scaler->codes = snug_alloc(count, sizeof *scaler->codes);
    if (scaler->codes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    scaler->code_count = find_codes(table, scaler->codes);
    return SNUG_OK;
}

static bool copy_codes(snug_scaler *copy, const snug_scaler *scaler) {
    if (scaler->code_count == 0) {
        return true;
    }
    copy->codes = snug_alloc(scaler->code_count, sizeof *copy->codes);
    if (copy->codes == NULL) {
        return false;
    }
    copy->code_count = scaler->code_count;
    memcpy(copy->codes, scaler->codes, scaler->code_count * sizeof *copy->codes);
    return true;
}

snug_scaler *snug_scaler_copy(const snug_scaler *scaler) {
    snug_scaler *copy = snug_scaler_new(scaler->features);
    if (copy == NULL) {
        return NULL;
    }
    copy->scaling = scaler->scaling;
    memcpy(copy->shift, scaler->shift, scaler->features * sizeof *copy->shift);
    memcpy(copy->factor, scaler->factor, scaler->features * sizeof *copy->factor);
    memcpy(copy->fill, scaler->fill, scaler->features * sizeof *copy->fill);
    if (snug_offsets_copy(scaler->offsets, scaler->features, &copy->offsets) &&
        copy_codes(copy, scaler)) {
        return copy;
    }
    snug_scaler_free(copy);
    return NULL;
}

void snug_scaler_free(snug_scaler *scaler) {
    if (scaler == NULL) {
        return;
    }
    snug_release(scaler->shift);
    snug_release(scaler->factor);
    snug_release(scaler->fill);
    snug_release(scaler->offsets);
    snug_release(scaler->codes);
    snug_release(scaler);
}
