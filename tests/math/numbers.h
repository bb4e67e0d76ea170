/* Random shapes and matrices for the tests of products. */
#ifndef SNUG_TESTS_MATH_NUMBERS_H
#define SNUG_TESTS_MATH_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* Begins the row of numbers that the others take from. */
void seed_numbers(uint64_t seed);

/* From least to most. */
size_t random_size(size_t least, size_t most);

/* rows x stride numbers in [-1, 1), for free(). */
float *random_matrix(size_t rows, size_t stride);

/* The same n numbers, for free(). */
float *copied(const float *values, size_t n);

/* Of a[i] from b[i]; infinity where one is NaN. */
double largest_difference(size_t n, const float *a, const float *b);

#endif
