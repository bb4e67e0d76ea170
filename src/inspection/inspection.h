/* The inside of an inspection: the statistics of all layers, and the notes on them. */
#ifndef SNUG_INSPECTION_INSPECTION_H
#define SNUG_INSPECTION_INSPECTION_H

#include <snug/inspection.h> /* IWYU pragma: export */

#include "inspection/unit_moments.h"

/* The most notes: one for each condition, and one on gradients. */
enum { SNUG_INSPECTION_NOTES = 16 };

struct snug_inspection {
    size_t rows, count;
    bool training;           /* the outputs are those of training */
    bool untrained;          /* the weights are the initial ones, which may be fitted to data */
    snug_schedule_time time; /* of the layers' schedules; no .steps: outside of a training */
    double mean, variance;   /* of the inputs */
    snug_layer_statistics *layers;
    snug_unit_moments *units; /* of each layer */
    snug_strings notes;       /* owned, at most SNUG_INSPECTION_NOTES */
};

/* Makes an inspection of so many layers. NULL without memory. */
snug_inspection *snug_inspection_new(size_t count);

/* Adds a note, printed as by printf(), which does not go to the log. Fails without memory. */
snug_status snug_inspection_note(snug_inspection *inspection, const char *format, ...)
    SNUG_PRINTF(2, 3);

#endif
