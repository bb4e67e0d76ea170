/* NPY files of numpy, versions 1 to 3. */
#ifndef SNUG_FORMATS_NPY_H
#define SNUG_FORMATS_NPY_H

#include <snug/data.h>

#include "data/row_file.h"

typedef struct snug_npy {
    snug_row_file values; /* columns: the product of all dimensions but the first */
    size_t dimensions;
} snug_npy;

/*
 * Reads the header of a file, which the array takes over, and checks that the file is as long as
 * the header says. A compressed file is decompressed into memory. Close .values.file also after a
 * failure.
 */
snug_status snug_npy_open(snug_npy *npy, snug_byte_source *source);

/* Whether a file that begins with bytes[n] is an NPY file. */
bool snug_npy_sniff(const unsigned char *bytes, size_t n);

/*
 * Reads a dataset as snug_dataset_read_npy() does, with another limit than SNUG_MAX_IN_MEMORY.
 * `wanted` is what the targets are to be, SNUG_TARGET_CLASSES or SNUG_TARGET_VALUES; with both, one
 * column of whole numbers from 0 on is classes; with 0, their type decides.
 */
snug_dataset *snug_npy_dataset(const char *features, const char *targets, unsigned wanted,
                               size_t max_in_memory);

#endif
