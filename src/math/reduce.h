/* Sums over the rows of a matrix, and over vectors. */
#ifndef SNUG_MATH_REDUCE_H
#define SNUG_MATH_REDUCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How float sums over the rows of a batch are made: one addition after the other up to so many
 * rows. Beyond, what each addition rounds off would add up too, so blocks of rows are summed in
 * this way, and the blocks' sums in double. Neither depends on the number of threads.
 */
enum { SNUG_ROWS_AT_ONCE = 4096, SNUG_ROWS_A_BLOCK = 256 };

enum { SNUG_SUMS = 2 };

/* Some rows, and some columns, of what is summed. */
typedef struct snug_matrix_part {
    size_t row, rows, column, columns;
} snug_matrix_part;

/*
 * Adds what these rows add to the sums of these columns, sums[k][0] being that of the first of
 * them.
 */
typedef void snug_add_part(const void *user, const snug_matrix_part *part, float *const *sums);

/*
 * Adds to sums[k][0 .. columns - 1], for k < count <= SNUG_SUMS, what all rows add: by one call of
 * add_to() where the rows are summed at once.
 */
void snug_sum_parts(size_t rows, size_t columns, snug_add_part *add_to, const void *user,
                    size_t count, float *const *sums);

/* y[i][j] += bias[j]; y is rows x columns, its rows `stride` apart */
void snug_add_to_rows(size_t rows, size_t columns, const float *bias, float *y, size_t stride);

/*
 * sums[j] = the sum over i of x[i][j], from the first row to the last, or with `add` that is added
 * to it; x is rows x columns. In blocks where the rows are more than SNUG_ROWS_AT_ONCE.
 */
void snug_sum_rows(size_t rows, size_t columns, const float *x, bool add, float *sums);

/* y[i] += x[i] */
void snug_vector_add(size_t n, const float *x, float *y);

#endif
