/* Tiles: small matrix products that stay in registers, compiled for each CPU path. */
#ifndef SNUG_MATH_GEMM_MICROKERNELS_H
#define SNUG_MATH_GEMM_MICROKERNELS_H

#include <stdbool.h>
#include <stddef.h>

#define SNUG_TILE_ROWS 16
#define SNUG_WIDE_ROWS 3

/*
 * C := (C +) A B (+ bias): A is rows x k, its entry (i, l) at a[i * a_row + l * a_step]; B is k x
 * columns, its rows b_step apart and readable up to a whole number of vectors; bias may be NULL. Of
 * the last vector of C's columns there are `lanes`.
 */
typedef struct snug_microkernel_call {
    size_t k;
    const float *a;
    size_t a_row, a_step;
    const float *b;
    size_t b_step;
    const float *bias;
    float *c;
    size_t c_row, lanes;
    bool add;
} snug_microkernel_call;

/* That tile, and the blocks - 1 tiles of as many rows that follow below it. */
typedef void snug_microkernel_fn(const snug_microkernel_call *tile, size_t blocks);

/*
 * What a CPU path has: tile[vectors - 1][rows] for 1 or 2 vectors of .lanes floats, up to
 * .rows[vectors - 1].
 */
typedef struct snug_microkernels {
    size_t lanes, wide, rows[2];
    snug_microkernel_fn *tile[2][SNUG_TILE_ROWS + 1];
    snug_microkernel_fn *row[SNUG_WIDE_ROWS]; /* of 1 row and .wide >> i vectors */
    /*
     * to[i][j] = from[i][j] for 1 or 2 vectors of columns, the last filled up with 0, in rows as
     * wide
     */
    void (*pack)(size_t rows, size_t columns, const float *from, size_t from_row, float *to);
    /* to[j][i] = from[i][j]; from is rows x columns */
    void (*transpose)(size_t rows, size_t columns, const float *from, size_t from_row, float *to,
                      size_t to_row);
} snug_microkernels;

/* Those of the path that snug_cpu_path() names. */
const snug_microkernels *snug_microkernels_chosen(void);

#endif
