/*
 * The tensors of a safetensors file of another program, and which of them belongs to a tensor of a
 * model: see snug_model_import_weights() in <snug/import.h>.
 */
#ifndef SNUG_IMPORT_FILE_TENSORS_H
#define SNUG_IMPORT_FILE_TENSORS_H

#include "model_file/safetensors.h"
#include "plan/plan.h"

/* A tensor of the file. */
typedef struct snug_file_tensor {
    const char *name; /* belongs to the file */
    snug_entry entry;
    bool used; /* a tensor of the model has it */
} snug_file_tensor;

typedef struct snug_file_tensors {
    snug_file_tensor *items; /* owned, in the order of their names */
    size_t count;
    size_t ignored;     /* so many counters of batches were left out */
    size_t prefix;      /* bytes at the start of each name that are left out */
    uint64_t *layers;   /* owned: the numbers of the layers with tensors, ascending; or NULL */
    size_t layer_count; /* of .layers */
} snug_file_tensors;

/* Lists the tensors of an open file, which must outlive the list. Clear it also after a failure. */
snug_status snug_file_tensors_list(snug_file_tensors *tensors, const snug_safetensors *file);
void snug_file_tensors_clear(snug_file_tensors *tensors);

/*
 * Finds out which start of the names is left out and whether layers are numbered otherwise, for the
 * model of a plan. Logs a warning, which begins with `path`, where one is so.
 */
snug_status snug_file_tensors_match(snug_file_tensors *tensors, const snug_plan *plan,
                                    const char *path);

/* Returns the tensor that belongs to a slot of the plan, or NULL. */
snug_file_tensor *snug_file_tensors_find(const snug_file_tensors *tensors, const snug_plan *plan,
                                         const snug_tensor_slot *slot);

/*
 * Return the inputs of the first numbered layer of the file, and the outputs of the last: the
 * columns or the rows of its matrix, or the length of its vector. 0: not known.
 */
size_t snug_file_tensors_inputs(const snug_file_tensors *tensors);
size_t snug_file_tensors_outputs(const snug_file_tensors *tensors);

#endif
