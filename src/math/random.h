/*
 * Random numbers from Philox4x32-10, a counter-based generator: a function that turns a counter and
 * a key into 128 random bits. There is no state to carry along or to share between threads, and any
 * number of a stream can be computed on its own. <snug/kind.h> declares the streams and their
 * uniform and normal numbers. A stream is stored in the 128 bits of the counter and the 64 of the
 * key, 4 numbers of 32 bits from each counter:
 *
 *     counter   [ block, low | block, high | step | purpose ]      block = index / 4
 *     key       [ seed, low  | seed, high ]
 */
#ifndef SNUG_MATH_RANDOM_H
#define SNUG_MATH_RANDOM_H

#include <snug/kind.h> /* IWYU pragma: export */

/*
 * Values of snug_random.purpose. No two uses of random numbers have the same purpose, so that they
 * are independent although they all have the seed of the model.
 */
enum {
    SNUG_PURPOSE_SHUFFLE = 1,
    SNUG_PURPOSE_SPLIT,
    SNUG_PURPOSE_CHECK,
    SNUG_PURPOSE_TUNE,
    SNUG_PURPOSE_FIT_ROWS,
    SNUG_PURPOSE_FOLDS,
    SNUG_PURPOSE_LAYER = 0x10000,     /* + the layer's number in the plan: masks and noise */
    SNUG_PURPOSE_INIT = 0x20000000,   /* + the tensor's number in the plan: initial weights */
    SNUG_PURPOSE_FIT = 0x40000000,    /* + the layer's number: what is fitted to training rows */
    SNUG_PURPOSE_EXPLAIN = 0x60000000 /* + the column: permutations of its values */
};

/* Computes one block, out = Philox4x32-10(counter, key), as published by Salmon et al. 2011. */
void snug_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Returns number `index` of the stream as 32 random bits. */
uint32_t snug_random_bits(const snug_random *stream, uint64_t index);

/*
 * Shuffles order[0 .. n - 1] by the algorithm of Fisher and Yates. Every permutation is equally
 * likely, up to the period of the stream: there is no modulo bias.
 */
void snug_random_shuffle(const snug_random *stream, size_t n, size_t *order);

#endif
