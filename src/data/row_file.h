/* Rows of numbers in a file: NPY, or IDX that is not compressed. */
#ifndef SNUG_DATA_ROW_FILE_H
#define SNUG_DATA_ROW_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "files/byte_source.h"
#include "schema/offsets.h"

/* Features that would take more bytes of memory than this stay in their file. */
#define SNUG_MAX_IN_MEMORY ((size_t)1 << 30)

enum { SNUG_MAX_DIMENSIONS = 64 }; /* numpy's own limit */

typedef struct snug_row_file {
    snug_byte_source file;
    char *name;   /* that .file.name points to after snug_row_file_keep(); owned */
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
    size_t shape[SNUG_MAX_DIMENSIONS];
} snug_row_file;

/*
 * Sets x[rows x columns] to the rows from `first` on, each value minus the offset of its column
 * (see schema/offsets.h; NULL: all 0). Fails where a value is not finite or is there no more, and
 * with offsets without memory.
 */
snug_status snug_row_file_read(const snug_row_file *from, const double *offsets, size_t first,
                               size_t rows, float *x);

/* Sets x[columns] to the values of one row. Fails as snug_row_file_read() does. */
snug_status snug_row_file_read_f64(const snug_row_file *from, size_t row, double *x);

/*
 * Returns the spans of the columns by at most 4096 rows, in 64 blocks that are evenly distributed
 * over the file: enough to see which columns need an offset, and quick also where the file is
 * larger than the memory. Columns whose type a float holds exactly have empty spans. The caller
 * releases them; NULL without memory, and where the rows cannot be read.
 */
snug_column_span *snug_row_file_measure(const snug_row_file *from);

/* bytes[rows x columns] = all rows of a file whose values are single bytes, as they are. */
snug_status snug_row_file_bytes(const snug_row_file *from, uint8_t *bytes);

/* Whether the rows as `size` bytes a value take more than `most`; their product is known to fit. */
bool snug_row_file_exceeds(const snug_row_file *from, size_t size, size_t most);

/* Moves an open file to the heap, to stay open; NULL on failure, when `opened` is still open. */
snug_row_file *snug_row_file_keep(snug_row_file *opened);
void snug_row_file_free(snug_row_file *kept); /* takes NULL */

#endif
