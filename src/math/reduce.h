/*
 * Sums over the rows of a matrix: of gradients over a batch, of columns for their means.
 *
 * How float sums over the rows of a batch are made: up to SNUG_ROWS_AT_ONCE rows by one addition
 * after the other. Over more rows, what each addition rounds off would add up too, so that blocks
 * of SNUG_ROWS_A_BLOCK rows are summed in this way, and the sums of the blocks in double:
 *
 *     rows      0 .. 255     256 .. 511     512 .. 767     ...
 *     float     block sum    block sum      block sum
 *     double    total   +=   block sum  +=  block sum  +=  ...     rounded to float at the end
 *
 * Neither way depends on the number of threads.
 */
#ifndef SNUG_MATH_REDUCE_H
#define SNUG_MATH_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

enum { SNUG_ROWS_AT_ONCE = 4096, SNUG_ROWS_A_BLOCK = 256 };

/* The most sums that snug_sum_parts() makes at the same time. */
enum { SNUG_SUMS = 2 };

/* The rows row .. row + rows - 1 and the columns column .. column + columns - 1 of a matrix. */
typedef struct snug_matrix_part {
    size_t row, rows, column, columns;
} snug_matrix_part;

/*
 * Adds the contributions of part->rows rows, one row after the other, to the sums of
 * part->columns columns: sums[k][0] is the sum number k of column part->column.
 */
typedef void snug_add_part(const void *user, const snug_matrix_part *part, float *const *sums);

/*
 * Sets sums[k][0 .. columns - 1], for k < count <= SNUG_SUMS, to the contributions of all rows, or
 * with `add` adds these to them: in blocks where there are more than SNUG_ROWS_AT_ONCE rows,
 * otherwise by a single call of add_to().
 */
void snug_sum_parts(size_t rows, size_t columns, snug_add_part *add_to, const void *user, bool add,
                    size_t count, float *const *sums);

/* y[i][j] += bias[j] for all rows of y, rows x columns, which are `stride` floats apart. */
void snug_add_to_rows(size_t rows, size_t columns, const float *bias, float *y, size_t stride);

/*
 * sums[j] = the sum over i of x[i][j], from the first row of x (rows x columns) to the last; with
 * `add` it is added to sums[j]. In blocks where there are more than SNUG_ROWS_AT_ONCE rows.
 */
void snug_sum_rows(size_t rows, size_t columns, const float *x, bool add, float *sums);

/* y[i] += x[i] */
void snug_vector_add(size_t n, const float *x, float *y);

#endif
