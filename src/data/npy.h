/* NPY files of numpy, versions 1 to 3: the header. */
#ifndef SNUG_DATA_NPY_H
#define SNUG_DATA_NPY_H

#include <stdbool.h>

#include "core/bytes.h"

typedef struct snug_npy {
    snug_bytes file;
    size_t start;                     /* of the values */
    char type;                        /* 'f', 'i', 'u' or 'b' (bool) */
    size_t size;                      /* bytes a value */
    bool swapped;                     /* in the other byte order than this machine's */
    size_t dimensions, rows, columns; /* columns: the product of all dimensions but the first */
} snug_npy;

/* Opens a file and checks that it is as long as its header says. Close .file also after a failure. */
snug_status snug_npy_open(snug_npy *npy, const char *path);

#endif
