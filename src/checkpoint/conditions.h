/*
 * The conditions of a run: everything that its bits depend on beside the checkpoint itself, as a
 * JSON object. A checkpoint keeps those of its run, and a run that is resumed compares them with
 * its own. What differs is named by its path:
 *
 *     train.batch_size is 32 (was 16), the values of the training data are not those of the
 *     checkpoint (data.contents)
 */
#ifndef SNUG_CHECKPOINT_CONDITIONS_H
#define SNUG_CHECKPOINT_CONDITIONS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "model/model.h"

enum { SNUG_DIFFERENCES_SIZE = 640 };

/* What differs between the conditions of two runs. */
typedef struct snug_differences {
    size_t count;
    char list[SNUG_DIFFERENCES_SIZE]; /* of the first ones, for a message; "": none */
    size_t length;                    /* of the list */
} snug_differences;

/* Compares two values and all that is in them; members may have any order. */
void snug_conditions_compare(const cJSON *then, const cJSON *now, snug_differences *differences);

/*
 * Compares only what must not drift, because the values of a checkpoint mean something else with
 * it: the shapes of tensors, which optimizer, which metrics, which of them early stopping watches.
 */
void snug_conditions_compare_kinds(const cJSON *then, const cJSON *now,
                                   snug_differences *differences);

/* Adds the config of the model and the shapes of its tensors, which its flat vectors lack. */
void snug_conditions_add_model(cJSON *conditions, const snug_model *model, bool *failed);

/*
 * Adds what depends on the machine and on the library: versions, the CPU path and, where OpenBLAS
 * computes layers of the model, its kernels and the number of `threads`.
 */
void snug_conditions_add_machine(cJSON *conditions, const snug_model *model, size_t threads,
                                 bool *failed);

#endif
