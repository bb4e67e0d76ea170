#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "numbers.h"

/* Knuth's MMIX generator: numbers that owe nothing to the library. */
static uint64_t state;

static uint64_t next(void) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return state >> 33;
}

void seed_numbers(uint64_t seed) {
    state = seed;
}

size_t random_size(size_t least, size_t most) {
    return least + next() % (most - least + 1);
}

float *random_matrix(size_t rows, size_t stride) {
    float *values = malloc(rows * stride * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < rows * stride; i++) {
        values[i] = (float)next() / (float)(1U << 30) - 1.0F;
    }
    return values;
}

float *copied(const float *values, size_t n) {
    float *other = malloc(n * sizeof *other);
    ck_assert_ptr_nonnull(other);
    return memcpy(other, values, n * sizeof *other);
}

double largest_difference(size_t n, const float *a, const float *b) {
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        double difference = fabs((double)a[i] - (double)b[i]);
        if (isnan(difference)) {
            return INFINITY;
        }
        largest = fmax(largest, difference);
    }
    return largest;
}
