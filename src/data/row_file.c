#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/finite.h"
#include "data/row_file.h"

enum { BLOCK = 2048 }; /* values converted, or rows turned, at a time */

/* One value, its bytes in this machine's order. */
static float number(char type, size_t size, const unsigned char *bytes) {
    union {
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
    } v = {0};
    memcpy(&v, bytes, size);
    if (type == 'f') {
        return size == 4 ? v.f4 : (float)v.f8;
    }
    if (type == 'i') {
        return size == 1 ? v.i1 : size == 2 ? v.i2 : size == 4 ? (float)v.i4 : (float)v.i8;
    }
    return size == 1 ? v.u1 : size == 2 ? v.u2 : size == 4 ? (float)v.u4 : (float)v.u8;
}

static void convert(const snug_row_file *from, const unsigned char *bytes, size_t n, float *x) {
    for (size_t i = 0; i < n; i++, bytes += from->size) {
        unsigned char own[8] = {0};
        for (size_t k = 0; k < from->size; k++) {
            own[k] = bytes[from->swapped ? from->size - 1 - k : k];
        }
        x[i] = number(from->type, from->size, own);
    }
}

/* Where value number `index` of the file is. */
static size_t offset_of(const snug_row_file *from, size_t index) {
    return from->start + index * from->size;
}

static snug_status read_converted(const snug_row_file *from, size_t at, size_t count, float *x) {
    unsigned char block[BLOCK * sizeof(double)];
    snug_status status = SNUG_OK;
    for (size_t done = 0; status == SNUG_OK && done < count;) {
        size_t n = count - done < BLOCK ? count - done : BLOCK;
        status = snug_byte_source_read(&from->file, at + done * from->size, n * from->size, block);
        if (status == SNUG_OK) {
            convert(from, block, n, x + done);
        }
        done += n;
    }
    return status;
}

/* `count` values that are neighbours in the file. */
static snug_status read_values(const snug_row_file *from, size_t index, size_t count, float *x) {
    bool floats = from->type == 'f' && from->size == sizeof *x && !from->swapped;
    size_t at = offset_of(from, index);
    return floats ? snug_byte_source_read(&from->file, at, count * sizeof *x, x)
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
static snug_status read_turned(const snug_row_file *from, size_t first, size_t rows, float *x) {
    float piece[BLOCK];
    snug_status status = SNUG_OK;
    for (size_t j = 0; status == SNUG_OK && j < from->columns; j++) {
        status = read_values(from, stored_column(from, j) * from->rows + first, rows, piece);
        for (size_t i = 0; status == SNUG_OK && i < rows; i++) {
            x[i * from->columns + j] = piece[i];
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

snug_status snug_row_file_read(const snug_row_file *from, size_t first, size_t rows, float *x) {
    size_t block = from->fortran ? BLOCK : rows;
    snug_status status = SNUG_OK;
    for (size_t done = 0; status == SNUG_OK && done < rows; done += block) {
        size_t n = rows - done < block ? rows - done : block;
        float *to = x + done * from->columns;
        status = from->fortran ? read_turned(from, first + done, n, to)
                               : read_values(from, first * from->columns, n * from->columns, to);
    }
    if (status == SNUG_OK && from->type == 'f') {
        status = snug_check_finite(from->file.name, first, x, rows, from->columns);
    }
    return status;
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
