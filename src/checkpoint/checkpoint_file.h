/* Writing the values of a checkpoint to a file, and reading them from it. */
#ifndef SNUG_CHECKPOINT_CHECKPOINT_FILE_H
#define SNUG_CHECKPOINT_CHECKPOINT_FILE_H

#include <cjson/cJSON.h>

#include "checkpoint/checkpoint.h"
#include "model_file/safetensors.h"

/*
 * Writes a checkpoint of the values and of the conditions, which are JSON. The file is written
 * beside `path` and renamed to it, after it was synced: the checkpoint that was there before is
 * whole until then, and whole after a failure. Fails with SNUG_ERROR_FILE and the path.
 */
snug_status snug_checkpoint_write(const char *path, const char *conditions,
                                  const snug_saved_values *values);

/* A checkpoint that is being read. */
typedef struct snug_checkpoint_file {
    snug_byte_source source;
    snug_safetensors tensors;
    cJSON *conditions; /* owned; an object */
} snug_checkpoint_file;

/*
 * Opens the checkpoint at `path`, which is borrowed; *file stays where it is, as its members point
 * to each other. Fails for what is no checkpoint, as a model, for one of a newer format, and for a
 * damaged one. Close it also after a failure.
 */
snug_status snug_checkpoint_open(snug_checkpoint_file *file, const char *path);
void snug_checkpoint_close(snug_checkpoint_file *file);

/* Returns how many numbers the file has under a name; 0: there is none of that name. */
size_t snug_checkpoint_count(const snug_checkpoint_file *file, const char *name);

/*
 * Reads all values of the list, or, where it fails, none. Fails where the file lacks one of them,
 * or has it in another type or of another length.
 */
snug_status snug_checkpoint_read(const snug_checkpoint_file *file, const snug_saved_values *values);

#endif
