/*
 * Microkernels: matrix products that are so small that all of C is in vector registers while they
 * run. They are compiled for each CPU path from one template, math/gemm_microkernel.inc.h;
 * math/gemm_driver.c cuts a product of any size into calls of them. A tile is the part of C that
 * one of them computes.
 */
#ifndef SNUG_MATH_GEMM_MICROKERNELS_H
#define SNUG_MATH_GEMM_MICROKERNELS_H

#include <stdbool.h>
#include <stddef.h>

#define SNUG_TILE_ROWS 16 /* the most rows of a tile, on any path */
#define SNUG_WIDE_ROWS 3  /* how many widths there are of tiles of a single row */

/*
 * The arguments of a microkernel, which computes C := (C +) A B (+ bias). The count of rows and of
 * vectors of columns is that of the microkernel.
 *
 *     A   rows x k; entry (i, l) is a[i * a_row + l * a_step], which serves A and its transpose
 *     B   k x columns; row l starts at b[l * b_step] and is readable up to whole vectors
 *     C   rows x columns; row i starts at c[i * c_row]; of the last vector, `lanes` are in C
 *
 * bias has a number for each column, or is NULL. C is read only if `add`.
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

/* Computes the tile, and the blocks - 1 tiles of as many rows that follow below it. */
typedef void snug_microkernel_fn(const snug_microkernel_call *tile, size_t blocks);

/* The microkernels of one CPU path. */
typedef struct snug_microkernels {
    size_t lanes;   /* floats in a vector */
    size_t wide;    /* vectors of the widest tile of one row */
    size_t rows[2]; /* the most rows of a tile of 1 vector of columns, and of 2 */
    /* tile[vectors - 1][rows], for 1 or 2 vectors and 1 row up to .rows[vectors - 1] */
    snug_microkernel_fn *tile[2][SNUG_TILE_ROWS + 1];
    snug_microkernel_fn *row[SNUG_WIDE_ROWS]; /* tiles of one row and .wide >> i vectors */
    /*
     * Copies a panel: to[i][j] = from[i][j]. Rows of `to` are 1 or 2 whole vectors, as few as hold
     * `columns`, and end with zeros.
     */
    void (*pack)(size_t rows, size_t columns, const float *from, size_t from_row, float *to);
    /* Transposes: to[j][i] = from[i][j]; `from` is rows x columns. */
    void (*transpose)(size_t rows, size_t columns, const float *from, size_t from_row, float *to,
                      size_t to_row);
} snug_microkernels;

/* Returns the microkernels of the path that snug_cpu_path() names. */
const snug_microkernels *snug_microkernels_chosen(void);

#endif
