/* Philox4x32-10 and what is built on it. The streams are in <snug/kind.h>. */
#ifndef SNUG_MATH_RANDOM_H
#define SNUG_MATH_RANDOM_H

#include <snug/kind.h>

/* What a stream is for. A layer's streams are SNUG_PURPOSE_LAYER + its number in the plan. */
enum {
    SNUG_PURPOSE_SHUFFLE = 1,
    SNUG_PURPOSE_SPLIT,
    SNUG_PURPOSE_CHECK,
    SNUG_PURPOSE_LAYER = 0x10000,  /* masks and noise */
    SNUG_PURPOSE_INIT = 0x20000000 /* + the tensor's number in the plan: initial weights */
};

/* One block: out = Philox4x32-10(counter, key) as published by Salmon et al. 2011. */
void snug_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* Number `index` of the stream as 32 random bits. */
uint32_t snug_random_bits(const snug_random *stream, uint64_t index);

/* order[0..n-1] becomes a permutation of itself, by Fisher-Yates without modulo bias. */
void snug_random_shuffle(const snug_random *stream, size_t n, size_t *order);

#endif
