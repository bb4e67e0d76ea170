/*
 * Postprocessing: what prediction does with the outputs of a network beyond the output function of
 * the loss. A model has what was fitted to its training or validation rows, and stores it in its
 * file.
 *
 *     classes   logits / temperature -> softmax or sigmoid -> the second of two classes where its
 *               probability is above the threshold
 *     values    values in the targets' units, clipped to the range of the training targets
 */
#ifndef SNUG_POSTPROCESSING_POSTPROCESSING_H
#define SNUG_POSTPROCESSING_POSTPROCESSING_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

typedef struct snug_postprocessing {
    size_t targets;     /* numbers of .min and .max; first, for snug_json_numbers_codec */
    double *min, *max;  /* the range of each target, owned; NULL: values are not clipped */
    double temperature; /* above 0; 0: none, which is 1 */
    double threshold;   /* between 0 and 1; 0: none, which is 0.5 */
} snug_postprocessing;

/* Returns postprocessing that does nothing; NULL without memory. */
snug_postprocessing *snug_postprocessing_new(void);

/* Returns a copy; NULL without memory. */
snug_postprocessing *snug_postprocessing_copy(const snug_postprocessing *postprocessing);

/* Frees postprocessing; ignores NULL. */
void snug_postprocessing_free(snug_postprocessing *postprocessing);

/*
 * Widens the range of each of `targets` targets to hold values[rows][targets]; a first call sets
 * it. Fails without memory.
 */
snug_status snug_postprocessing_widen(snug_postprocessing *postprocessing, size_t targets,
                                      size_t rows, const float *values);

/*
 * Clips values[rows][outputs] in place, where each target has outputs / targets neighbouring
 * outputs. `origin`, unless NULL, has a number for each output, that the values are relative to.
 * NaN remains.
 */
void snug_postprocessing_clip(const snug_postprocessing *postprocessing, const double *origin,
                              size_t rows, size_t outputs, float *values);

/*
 * Returns how far the logit of the second class must be above that of the first, before they are
 * divided by the temperature, for the second class to be predicted: temperature * log(threshold /
 * (1 - threshold)), 0 for NULL.
 */
float snug_postprocessing_margin(const snug_postprocessing *postprocessing);

/* Returns the postprocessing as JSON, exact to the bit; NULL without memory. cJSON_Delete() it. */
cJSON *snug_postprocessing_write(const snug_postprocessing *postprocessing);

/*
 * Reads what snug_postprocessing_write() made. `path` is the path of the value in the file, for
 * error messages; `newer` is whether the file has a newer format version, whose unknown keys are
 * ignored. Returns NULL where a value is wrong, and without memory.
 */
snug_postprocessing *snug_postprocessing_read(const cJSON *json, const char *path, bool newer);

#endif
