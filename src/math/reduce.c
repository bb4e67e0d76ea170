#include <string.h>

#include "cpu/simd.h"
#include "math/reduce.h"

SNUG_KERNEL(add, (size_t n, const float *x, float *y), (n, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] += x[i];
    }
}

SNUG_KERNEL(add_rows, (size_t rows, size_t columns, const float *bias, float *y, size_t stride),
            (rows, columns, bias, y, stride)) {
    for (size_t i = 0; i < rows; i++) {
        add_body(fused, columns, bias, y + i * stride);
    }
}

/* The most columns whose sums stay in registers at a time: 2 vectors of 16, 4 of 8, 8 of 4. */
enum { WIDEST = 32 };

/*
 * Adds up some columns of x, from the first row to the last. Their number is known to the compiler
 * where this is inlined, so that the array `wide` becomes registers. An addition has to wait for
 * the one before in its column, not for those of other columns: the more columns, the less waiting.
 */
SNUG_INLINE void sum_columns(size_t rows, const size_t columns, const float *x, size_t stride,
                             float *sums) {
    float wide[WIDEST];
    memcpy(wide, sums, columns * sizeof *sums);
    for (size_t i = 0; i < rows; i++, x += stride) {
#pragma omp simd
        for (size_t j = 0; j < columns; j++) {
            wide[j] += x[j];
        }
    }
    memcpy(sums, wide, columns * sizeof *sums);
}

/*
 * Sums all columns of x, whose rows are `stride` floats apart: as many strips of 32 columns as
 * there are, then of 16, 8, 4, 2 and 1.
 */
SNUG_KERNEL(sum_rows, (size_t rows, size_t columns, const float *x, size_t stride, float *sums),
            (rows, columns, x, stride, sums)) {
    size_t j = 0;
#define SUM_COLUMNS(count)                                                                         \
    for (; columns - j >= (count); j += (count)) {                                                 \
        sum_columns(rows, count, x + j, stride, sums + j);                                         \
    }
    SUM_COLUMNS(32)
    SUM_COLUMNS(16)
    SUM_COLUMNS(8)
    SUM_COLUMNS(4)
    SUM_COLUMNS(2)
    SUM_COLUMNS(1)
#undef SUM_COLUMNS
}

/* The columns whose sums in double are on the stack at a time. */
enum { STRIP = 64 };

/* Makes the sums of a strip of columns: blocks of rows in float, and the blocks' sums in double. */
static void sum_strip(size_t rows, snug_matrix_part part, snug_add_part *add_to, const void *user,
                      size_t count, float *const *sums) {
    double totals[SNUG_SUMS][STRIP];
    float block[SNUG_SUMS][STRIP];
    float *const blocks[SNUG_SUMS] = {block[0], block[1]};
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < part.columns; j++) {
            totals[k][j] = (double)sums[k][part.column + j];
        }
    }
    for (part.row = 0; part.row < rows; part.row += part.rows) {
        const size_t left = rows - part.row;
        part.rows = left < SNUG_ROWS_A_BLOCK ? left : SNUG_ROWS_A_BLOCK;
        memset(block, 0, sizeof block);
        add_to(user, &part, blocks);
        for (size_t k = 0; k < count; k++) {
            for (size_t j = 0; j < part.columns; j++) {
                totals[k][j] += (double)block[k][j];
            }
        }
    }
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j < part.columns; j++) {
            sums[k][part.column + j] = (float)totals[k][j];
        }
    }
}

void snug_sum_parts(size_t rows, size_t columns, snug_add_part *add_to, const void *user, bool add,
                    size_t count, float *const *sums) {
    for (size_t k = 0; k < count && !add; k++) {
        memset(sums[k], 0, columns * sizeof *sums[k]);
    }
    if (rows <= SNUG_ROWS_AT_ONCE) {
        add_to(user, &(snug_matrix_part){.rows = rows, .columns = columns}, sums);
        return;
    }
    for (size_t j = 0; j < columns; j += STRIP) {
        const size_t left = columns - j;
        const snug_matrix_part strip = {.column = j, .columns = left < STRIP ? left : STRIP};
        sum_strip(rows, strip, add_to, user, count, sums);
    }
}

/* What snug_sum_rows() hands to add_part() through snug_sum_parts(). */
typedef struct matrix {
    size_t columns;
    const float *x;
} matrix;

static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const matrix *m = user;
    sum_rows(part->rows, part->columns, m->x + part->row * m->columns + part->column, m->columns,
             sums[0]);
}

void snug_add_to_rows(size_t rows, size_t columns, const float *bias, float *y, size_t stride) {
    add_rows(rows, columns, bias, y, stride);
}

void snug_sum_rows(size_t rows, size_t columns, const float *x, bool add, float *sums) {
    snug_sum_parts(rows, columns, add_part, &(matrix){columns, x}, add, 1, &sums);
}

void snug_vector_add(size_t n, const float *x, float *y) {
    add(n, x, y);
}
