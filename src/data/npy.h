/* NPY files of numpy, versions 1 to 3. */
#ifndef SNUG_DATA_NPY_H
#define SNUG_DATA_NPY_H

#include <snug/data.h>

#include "data/file_rows.h"

typedef struct snug_npy {
    snug_file_rows values; /* columns: the product of all dimensions but the first */
    size_t dimensions;
} snug_npy;

/* Opens a file and checks that it is as long as its header says. Close the file also after a failure. */
snug_status snug_npy_open(snug_npy *npy, const char *path);

/* snug_dataset_read_npy() with another limit than SNUG_MOST_IN_MEMORY. */
snug_dataset *snug_npy_dataset(const char *features, const char *targets, size_t most);

#endif
