#include <math.h>
#include <stdarg.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "inspection/inspection.h"

snug_inspection *snug_inspection_new(size_t count) {
    snug_inspection *inspection = snug_alloc(1, sizeof *inspection);
    if (inspection == NULL) {
        return NULL;
    }
    inspection->count = count;
    inspection->layers = snug_alloc(count, sizeof *inspection->layers);
    inspection->units = snug_alloc(count, sizeof *inspection->units);
    if (inspection->layers == NULL || inspection->units == NULL ||
        snug_strings_reserve(&inspection->notes, SNUG_INSPECTION_NOTES) != SNUG_OK) {
        snug_inspection_free(inspection);
        return NULL;
    }
    return inspection;
}

void snug_inspection_free(snug_inspection *inspection) {
    if (inspection == NULL) {
        return;
    }
    snug_strings_clear(&inspection->notes);
    snug_release(inspection->layers);
    snug_release(inspection->units);
    snug_release(inspection);
}

snug_status snug_inspection_note(snug_inspection *inspection, const char *format, ...) {
    char message[SNUG_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    snug_print_message(message, format, values);
    va_end(values);
    return inspection->notes.count < SNUG_INSPECTION_NOTES
               ? snug_strings_append(&inspection->notes, message)
               : SNUG_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

size_t snug_inspection_row_count(const snug_inspection *inspection) {
    return inspection != NULL ? inspection->rows : 0;
}

size_t snug_inspection_layer_count(const snug_inspection *inspection) {
    return inspection != NULL ? inspection->count : 0;
}

const snug_layer_statistics *snug_inspection_layer(const snug_inspection *inspection,
                                                   size_t layer) {
    return layer < snug_inspection_layer_count(inspection) ? &inspection->layers[layer] : NULL;
}

void snug_inspection_input(const snug_inspection *inspection, double *mean, double *variance) {
    if (mean != NULL) {
        *mean = inspection != NULL ? inspection->mean : (double)NAN;
    }
    if (variance != NULL) {
        *variance = inspection != NULL ? inspection->variance : (double)NAN;
    }
}

const char *snug_inspection_warning(const snug_inspection *inspection, size_t index) {
    return inspection != NULL && index < inspection->notes.count ? inspection->notes.items[index]
                                                                 : NULL;
}
