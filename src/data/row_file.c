#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/finite.h"
#include "data/row_file.h"

enum {
    BLOCK = 2048, /* values converted, or rows turned, at a time */
    SAMPLE = 64   /* rows of a block that is measured, and blocks of a file */
};

/* Where values are written: as floats or, to keep all digits, as doubles; the other is NULL. */
typedef struct numbers {
    float *f4;
    double *f8;
} numbers;

static numbers numbers_from(numbers x, size_t i) {
    numbers from = {NULL, NULL};
    if (x.f4 != NULL) {
        from.f4 = x.f4 + i;
    } else {
        from.f8 = x.f8 + i;
    }
    return from;
}

/* A value of any type. */
typedef union number {
    float f4;
    double f8;
    int8_t i1;
    int16_t i2;
    int32_t i4;
    int64_t i8;
    uint8_t u1;
    uint16_t u2;
    uint32_t u4;
    uint64_t u8;
} number;

static float float_of(char type, size_t size, number v) {
    if (type == 'f') {
        return size == 4 ? v.f4 : (float)v.f8;
    }
    if (type == 'i') {
        return size == 1 ? v.i1 : size == 2 ? v.i2 : size == 4 ? (float)v.i4 : (float)v.i8;
    }
    return size == 1 ? v.u1 : size == 2 ? v.u2 : size == 4 ? (float)v.u4 : (float)v.u8;
}

static double double_of(char type, size_t size, number v) {
    if (type == 'f') {
        return size == 4 ? (double)v.f4 : v.f8;
    }
    if (type == 'i') {
        return size == 1 ? v.i1 : size == 2 ? v.i2 : size == 4 ? v.i4 : (double)v.i8;
    }
    return size == 1 ? v.u1 : size == 2 ? v.u2 : size == 4 ? v.u4 : (double)v.u8;
}

static void convert(const snug_row_file *from, const unsigned char *bytes, size_t n, numbers x) {
    for (size_t i = 0; i < n; i++, bytes += from->size) {
        unsigned char own[8] = {0};
        number value;
        for (size_t k = 0; k < from->size; k++) {
            own[k] = bytes[from->swapped ? from->size - 1 - k : k];
        }
        memcpy(&value, own, sizeof own);
        if (x.f4 != NULL) {
            x.f4[i] = float_of(from->type, from->size, value);
        } else {
            x.f8[i] = double_of(from->type, from->size, value);
        }
    }
}

/* Where value number `index` of the file is. */
static size_t offset_of(const snug_row_file *from, size_t index) {
    return from->start + index * from->size;
}

static snug_status read_converted(const snug_row_file *from, size_t at, size_t count, numbers x) {
    unsigned char block[BLOCK * sizeof(double)];
    snug_status status = SNUG_OK;
    for (size_t done = 0; status == SNUG_OK && done < count;) {
        size_t n = count - done < BLOCK ? count - done : BLOCK;
        status = snug_byte_source_read(&from->file, at + done * from->size, n * from->size, block);
        if (status == SNUG_OK) {
            convert(from, block, n, numbers_from(x, done));
        }
        done += n;
    }
    return status;
}

/* `count` values that are neighbours in the file. */
static snug_status read_values(const snug_row_file *from, size_t index, size_t count, numbers x) {
    bool floats = from->type == 'f' && from->size == sizeof *x.f4 && !from->swapped;
    size_t at = offset_of(from, index);
    return floats && x.f4 != NULL
               ? snug_byte_source_read(&from->file, at, count * sizeof *x.f4, x.f4)
               : read_converted(from, at, count, x);
}

/* ---- Fortran order --------------------------------------------------------------------------- */

/* Number of a column in the file: the indices of its dimensions, counted from the other end. */
static size_t stored_column(const snug_row_file *from, size_t column) {
    size_t stored = 0;
    for (size_t d = from->dimensions; d-- > 0;) {
        stored = stored * from->shape[d] + column % from->shape[d];
        column /= from->shape[d];
    }
    return stored;
}

/* Rows first to first + rows, of which there are at most BLOCK, from a piece of each column. */
static snug_status read_turned(const snug_row_file *from, size_t first, size_t rows, numbers x) {
    float floats[BLOCK] = {0};
    double doubles[BLOCK] = {0};
    numbers piece = {NULL, NULL};
    if (x.f4 != NULL) {
        piece.f4 = floats;
    } else {
        piece.f8 = doubles;
    }
    snug_status status = SNUG_OK;
    for (size_t j = 0; status == SNUG_OK && j < from->columns; j++) {
        status = read_values(from, stored_column(from, j) * from->rows + first, rows, piece);
        for (size_t i = 0; status == SNUG_OK && i < rows; i++) {
            if (x.f4 != NULL) {
                x.f4[i * from->columns + j] = floats[i];
            } else {
                x.f8[i * from->columns + j] = doubles[i];
            }
        }
    }
    return status;
}

static snug_status turn_bytes(const snug_row_file *from, size_t first, size_t rows,
                              uint8_t *bytes) {
    uint8_t piece[BLOCK];
    snug_status status = SNUG_OK;
    for (size_t j = 0; status == SNUG_OK && j < from->columns; j++) {
        size_t index = stored_column(from, j) * from->rows + first;
        status = snug_byte_source_read(&from->file, offset_of(from, index), rows, piece);
        for (size_t i = 0; status == SNUG_OK && i < rows; i++) {
            bytes[i * from->columns + j] = piece[i];
        }
    }
    return status;
}

/* ---- both orders ----------------------------------------------------------------------------- */

static snug_status read_rows(const snug_row_file *from, size_t first, size_t rows, numbers x) {
    size_t block = from->fortran ? BLOCK : rows;
    snug_status status = SNUG_OK;
    for (size_t done = 0; status == SNUG_OK && done < rows; done += block) {
        size_t n = rows - done < block ? rows - done : block;
        numbers to = numbers_from(x, done * from->columns);
        status = from->fortran ? read_turned(from, first + done, n, to)
                               : read_values(from, first * from->columns, n * from->columns, to);
    }
    return status;
}

/* Reads rows whose offsets are subtracted before they become floats, a few rows at a time. */
static snug_status read_moved(const snug_row_file *from, const double *offsets, size_t first,
                              size_t rows, float *x) {
    size_t columns = from->columns, block = columns < BLOCK ? BLOCK / columns : 1;
    double *values = snug_alloc(block * columns, sizeof *values);
    snug_status status = values != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t done = 0; status == SNUG_OK && done < rows; done += block) {
        size_t n = rows - done < block ? rows - done : block;
        status = read_rows(from, first + done, n, (numbers){.f8 = values});
        if (status == SNUG_OK) {
            snug_offsets_subtract(offsets, values, n, columns, x + done * columns);
        }
    }
    snug_release(values);
    return status;
}

snug_status snug_row_file_read(const snug_row_file *from, const double *offsets, size_t first,
                               size_t rows, float *x) {
    snug_status status = offsets == NULL ? read_rows(from, first, rows, (numbers){.f4 = x})
                                         : read_moved(from, offsets, first, rows, x);
    if (status == SNUG_OK && from->type == 'f') {
        status = snug_check_finite(from->file.name, first, x, rows, from->columns);
    }
    return status;
}

snug_status snug_row_file_read_f64(const snug_row_file *from, size_t row, double *x) {
    snug_status status = read_rows(from, row, 1, (numbers){.f8 = x});
    if (status == SNUG_OK && from->type == 'f') {
        status = snug_check_finite_f64(from->file.name, row, x, 1, from->columns);
    }
    return status;
}

/* ---- the range of values --------------------------------------------------------------------- */

static snug_status measure(const snug_row_file *from, double *values, snug_column_span *spans) {
    const size_t sample = (size_t)SAMPLE * SAMPLE;
    size_t blocks = from->rows > sample ? SAMPLE : (from->rows + SAMPLE - 1) / SAMPLE;
    for (size_t k = 0; k < blocks; k++) {
        size_t rows = from->rows < SAMPLE ? from->rows : SAMPLE, end = from->rows - rows;
        size_t first = from->rows > sample ? end / (SAMPLE - 1) * k : k * SAMPLE;
        first = k == blocks - 1 ? end : first;
        if (read_rows(from, first, rows, (numbers){.f8 = values}) != SNUG_OK) {
            return snug_error_status();
        }
        snug_spans_add(spans, values, rows, from->columns);
    }
    return SNUG_OK;
}

snug_column_span *snug_row_file_measure(const snug_row_file *from) {
    snug_column_span *spans = snug_spans_new(from->columns);
    bool exact = from->size < sizeof(float) || (from->type == 'f' && from->size == sizeof(float));
    size_t count;
    if (spans == NULL || exact) {
        return spans;
    }
    bool fits = snug_multiply(from->columns, SAMPLE, &count);
    double *values = fits ? snug_alloc(count, sizeof *values) : NULL;
    snug_status status = values != NULL ? measure(from, values, spans)
                         : fits         ? SNUG_ERROR_MEMORY
                                        : snug_fail_memory(SIZE_MAX);
    snug_release(values);
    if (status == SNUG_OK) {
        return spans;
    }
    snug_release(spans);
    return NULL;
}

snug_status snug_row_file_bytes(const snug_row_file *from, uint8_t *bytes) {
    if (!from->fortran) {
        return snug_byte_source_read(&from->file, from->start, from->rows * from->columns, bytes);
    }
    snug_status status = SNUG_OK;
    for (size_t first = 0; status == SNUG_OK && first < from->rows; first += BLOCK) {
        size_t rows = from->rows - first < BLOCK ? from->rows - first : BLOCK;
        status = turn_bytes(from, first, rows, bytes + first * from->columns);
    }
    return status;
}

bool snug_row_file_exceeds(const snug_row_file *from, size_t size, size_t most) {
    return from->rows * from->columns > most / size;
}

snug_row_file *snug_row_file_keep(snug_row_file *opened) {
    snug_row_file *kept = snug_alloc(1, sizeof *kept);
    char *name = snug_copy_string(opened->file.name);
    if (kept == NULL || name == NULL) {
        snug_release(kept);
        snug_release(name);
        return NULL;
    }
    *kept = *opened;
    kept->name = name;
    kept->file.name = name;
    opened->file = snug_byte_source_of(NULL, NULL, 0);
    return kept;
}

void snug_row_file_free(snug_row_file *kept) {
    if (kept == NULL) {
        return;
    }
    snug_byte_source_close(&kept->file);
    snug_release(kept->name);
    snug_release(kept);
}
