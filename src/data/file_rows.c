#include "data/file_rows.h"

#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"

enum { BLOCK = 2048 }; /* values converted at a time */

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
    if (type == 'f')
        return size == 4 ? v.f4 : (float)v.f8;
    if (type == 'i')
        return size == 1 ? v.i1 : size == 2 ? v.i2 : size == 4 ? (float)v.i4 : (float)v.i8;
    return size == 1 ? v.u1 : size == 2 ? v.u2 : size == 4 ? (float)v.u4 : (float)v.u8;
}

static void convert(const snug_file_rows *from, const unsigned char *bytes, size_t n, float *x) {
    for (size_t i = 0; i < n; i++, bytes += from->size) {
        unsigned char own[8] = {0};
        for (size_t k = 0; k < from->size; k++)
            own[k] = bytes[from->swapped ? from->size - 1 - k : k];
        x[i] = number(from->type, from->size, own);
    }
}

static snug_status read_converted(const snug_file_rows *from, size_t at, size_t count, float *x) {
    unsigned char block[BLOCK * sizeof(double)];
    snug_status status = SNUG_OK;
    for (size_t done = 0; status == SNUG_OK && done < count;) {
        size_t n = count - done < BLOCK ? count - done : BLOCK;
        status = snug_bytes_read(&from->file, at + done * from->size, n * from->size, block);
        if (status == SNUG_OK)
            convert(from, block, n, x + done);
        done += n;
    }
    return status;
}

snug_status snug_file_rows_read(const snug_file_rows *from, size_t first, size_t rows, float *x) {
    size_t count = rows * from->columns;
    size_t at = from->start + first * from->columns * from->size;
    bool floats = from->type == 'f' && from->size == sizeof *x && !from->swapped;
    snug_status status = floats ? snug_bytes_read(&from->file, at, count * sizeof *x, x)
                                : read_converted(from, at, count, x);
    if (status == SNUG_OK && from->type == 'f')
        status = snug_check_finite(from->file.name, first, x, rows, from->columns);
    return status;
}

bool snug_file_rows_exceed(const snug_file_rows *from, size_t size, size_t most) {
    return from->rows * from->columns > most / size;
}

snug_file_rows *snug_file_rows_keep(snug_file_rows *opened) {
    snug_file_rows *kept = snug_alloc(1, sizeof *kept);
    char *name = snug_copy_string(opened->file.name);
    if (!kept || !name) {
        snug_release(kept);
        snug_release(name);
        return NULL;
    }
    *kept = *opened;
    kept->name = name;
    kept->file.name = name;
    opened->file = snug_bytes_of(NULL, NULL, 0);
    return kept;
}

void snug_file_rows_free(snug_file_rows *kept) {
    if (!kept)
        return;
    snug_bytes_close(&kept->file);
    snug_release(kept->name);
    snug_release(kept);
}
