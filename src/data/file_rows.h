/* Rows of numbers in a file: NPY, or IDX that is not compressed. */
#ifndef SNUG_DATA_FILE_ROWS_H
#define SNUG_DATA_FILE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/bytes.h"

/* Features that would take more bytes of memory than this stay in their file. */
#define SNUG_MOST_IN_MEMORY ((size_t)1 << 30)

enum { SNUG_MOST_DIMENSIONS = 64 }; /* numpy's own limit */

typedef struct snug_file_rows {
    snug_bytes file;
    char *name;   /* that .file.name points to after snug_file_rows_keep(); owned */
    size_t start; /* of the values */
    char type;    /* 'f', 'i', 'u' or 'b' (bool) */
    size_t size;  /* bytes a value */
    bool swapped; /* in the other byte order than this machine's */
    size_t rows, columns;
    /*
     * Fortran order: column by column, each with its value of every row. A column's own place
     * follows from the dimensions of a row, of which the first varies fastest here and the last in
     * `columns`.
     */
    bool fortran;
    size_t dimensions; /* of a row */
    size_t shape[SNUG_MOST_DIMENSIONS];
} snug_file_rows;

/*
 * x[rows x columns] = the rows from `first` on. Fails where one is not finite or is there no more.
 */
snug_status snug_file_rows_read(const snug_file_rows *from, size_t first, size_t rows, float *x);

/* bytes[rows x columns] = all rows of a file whose values are single bytes, as they are. */
snug_status snug_file_rows_bytes(const snug_file_rows *from, uint8_t *bytes);

/* Whether the rows as `size` bytes a value take more than `most`; their product is known to fit. */
bool snug_file_rows_exceed(const snug_file_rows *from, size_t size, size_t most);

/* Moves an open file to the heap, to stay open; NULL on failure, when `opened` is still open. */
snug_file_rows *snug_file_rows_keep(snug_file_rows *opened);
void snug_file_rows_free(snug_file_rows *kept); /* takes NULL */

#endif
