/*
 * Checkpoints: a training run as a file, from which it goes on as if it had not been interrupted.
 *
 * A checkpoint is a safetensors file of its own, DIR/checkpoint.safetensors, beside no model. Its
 * header names it: "snug.kind" is "checkpoint", "snug.format" its version by the rules of
 * model_file/format.h, and "snug.conditions" has what the bits of the run depend on. Its tensors
 * are numbers and vectors of the run, by their names: "position.epoch",
 * "model.parameters.0.weight", "optimizer.moment.0.0.weight" ... train/run_state.c lists them.
 *
 *     list of values  --snug_checkpoint_write()-->  file                    checkpoint_file.h
 *     file  --snug_checkpoint_open(), snug_checkpoint_read()-->  the same list
 *     conditions then and now  --snug_conditions_compare()-->  what differs    conditions.h
 *
 * The caller builds the same list of values for writing and for reading, so that each value is
 * declared once: where it is in memory, and its name in the file.
 *
 * snug_fit() does all of it by its options: .checkpoint is the directory, .checkpoint_name the name
 * of the file in it, without ".safetensors" (NULL: "checkpoint"). Several runs share one directory
 * by different names: member K of folds has "member-K". A run that ended has a checkpoint, too,
 * from which it resumes to its end at once, with the same model and the same history. So a caller
 * of several runs gives each of them .resume: those that were finished cost no epoch, and those
 * that have no checkpoint yet start from the beginning.
 */
#ifndef SNUG_CHECKPOINT_CHECKPOINT_H
#define SNUG_CHECKPOINT_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <snug/status.h> /* IWYU pragma: export */

#include "plan/plan.h"

/* The type of a value in memory. In a file a size and a bool are 64 bits wide. */
typedef enum snug_saved_type {
    SNUG_SAVED_FLOAT,
    SNUG_SAVED_DOUBLE,
    SNUG_SAVED_INT32,
    SNUG_SAVED_UINT64,
    SNUG_SAVED_SIZE,
    SNUG_SAVED_BOOL,
    SNUG_SAVED_TYPES
} snug_saved_type;

enum { SNUG_SAVED_NAME_SIZE = 256 };

/* `count` numbers in memory; from one to the next are `stride` bytes. */
typedef struct snug_saved_value {
    char name[SNUG_SAVED_NAME_SIZE]; /* in the file */
    snug_saved_type type;
    void *first; /* borrowed; it is written to where a file is read */
    size_t count, stride;
} snug_saved_value;

/* All zero: empty. */
typedef struct snug_saved_values {
    snug_saved_value *items; /* owned */
    size_t count, capacity;
    snug_status status; /* of the first addition that failed, for lack of memory */
} snug_saved_values;

/*
 * Adds numbers whose name is printed as by printf(). A failure is noted in .status, and later
 * additions then do nothing: a chain of them needs one check. Where count is 0, nothing is added.
 */
void snug_saved_add(snug_saved_values *values, snug_saved_type type, void *first, size_t count,
                    size_t stride, const char *name, ...) SNUG_PRINTF(6, 7);

/* Adds one number. */
void snug_saved_add_one(snug_saved_values *values, snug_saved_type type, void *value,
                        const char *name);

/* Adds a vector of n floats, one behind the other. */
void snug_saved_add_floats(snug_saved_values *values, float *first, size_t n, const char *name);

/*
 * Adds the tensors of a flat vector of a model, each as "NAME.0.weight": the parameters', or with
 * `state` the state's. The padding between them is zero and is not saved, so that a file does not
 * depend on it. The numbers of the vector are of the type FLOAT or DOUBLE.
 */
void snug_saved_add_flat(snug_saved_values *values, snug_saved_type type, void *vector,
                         const snug_plan *plan, bool state, const char *name);

/* Frees the list; the values stay. */
void snug_saved_clear(snug_saved_values *values);

#endif
