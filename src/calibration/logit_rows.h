/* The outputs of last layers for rows of data, with classes and weights: what is fitted on. */
#ifndef SNUG_CALIBRATION_LOGIT_ROWS_H
#define SNUG_CALIBRATION_LOGIT_ROWS_H

#include "data/dataset.h"
#include "model/model.h"
#include "postprocessing/temperature.h"

typedef struct snug_logit_rows {
    size_t count, capacity, outputs;
    float *z;         /* capacity x outputs; owned, as the others are */
    float *weights;   /* capacity */
    int32_t *classes; /* capacity */
} snug_logit_rows;

/* Allocates memory for `capacity` rows of `outputs` logits. Clear them also after a failure. */
snug_status snug_logit_rows_make(snug_logit_rows *rows, size_t capacity, size_t outputs);
void snug_logit_rows_clear(snug_logit_rows *rows);

/*
 * Appends what the last layer of a model makes of data, before any temperature. The data is matched
 * with the model, has classes, and no more rows than were allocated.
 */
snug_status snug_logit_rows_append(snug_logit_rows *rows, const snug_model *model,
                                   const snug_dataset *data);

/* Returns the rows as the fitting functions take them; valid until they are cleared. */
snug_logits snug_logit_rows_view(const snug_logit_rows *rows);

#endif
