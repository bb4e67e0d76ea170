#include "core/random.h"

#include <math.h>

#define NUMBERS_A_BLOCK 4

/* Multipliers and key increments of Philox4x32 (Salmon et al. 2011, table 2 and section 3.1). */
#define MULTIPLIER_0 UINT32_C(0xD2511F53)
#define MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define WEYL_0 UINT32_C(0x9E3779B9)
#define WEYL_1 UINT32_C(0xBB67AE85)
#define ROUNDS 10

#define TWO_PI 6.283185307179586476925286766559

void snug_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t product_0 = (uint64_t)MULTIPLIER_0 * c0;
        uint64_t product_1 = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(product_1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product_1;
        c2 = (uint32_t)(product_0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product_0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

/* The block of the stream that holds its numbers 4 * block to 4 * block + 3. */
static void stream_block(const snug_random *stream, uint64_t block, uint32_t out[4]) {
    const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), stream->step,
                                 stream->purpose};
    const uint32_t key[2] = {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    snug_philox(counter, key, out);
}

uint32_t snug_random_bits(const snug_random *stream, uint64_t index) {
    uint32_t bits[NUMBERS_A_BLOCK];
    stream_block(stream, index / NUMBERS_A_BLOCK, bits);
    return bits[index % NUMBERS_A_BLOCK];
}

/* The four numbers of one block. */
typedef void block_fn(const uint32_t bits[NUMBERS_A_BLOCK], float out[NUMBERS_A_BLOCK]);

static void uniform_block(const uint32_t bits[NUMBERS_A_BLOCK], float out[NUMBERS_A_BLOCK]) {
    for (int i = 0; i < NUMBERS_A_BLOCK; i++)
        out[i] = (float)(bits[i] >> 8) * 0x1p-24F;
}

/*
 * Box and Muller 1958, on two pairs; the first of a pair lies in (0, 1], so that its log is finite.
 */
static void normal_block(const uint32_t bits[NUMBERS_A_BLOCK], float out[NUMBERS_A_BLOCK]) {
    for (int i = 0; i < NUMBERS_A_BLOCK; i += 2) {
        double radius = sqrt(-2.0 * log(((double)bits[i] + 1.0) * 0x1p-32));
        double angle = TWO_PI * ((double)bits[i + 1] * 0x1p-32);
        out[i] = (float)(radius * cos(angle));
        out[i + 1] = (float)(radius * sin(angle));
    }
}

static void fill(const snug_random *stream, uint64_t first, size_t n, float *out, block_fn *make) {
    size_t done = 0;
    while (done < n) {
        uint32_t bits[NUMBERS_A_BLOCK];
        float numbers[NUMBERS_A_BLOCK];
        stream_block(stream, (first + done) / NUMBERS_A_BLOCK, bits);
        make(bits, numbers);
        size_t lane = (size_t)((first + done) % NUMBERS_A_BLOCK);
        while (lane < NUMBERS_A_BLOCK && done < n)
            out[done++] = numbers[lane++];
    }
}

void snug_random_uniform(const snug_random *stream, uint64_t first, size_t n, float *out) {
    fill(stream, first, n, out, uniform_block);
}

void snug_random_normal(const snug_random *stream, uint64_t first, size_t n, float *out) {
    fill(stream, first, n, out, normal_block);
}

/* A stream read from its start, a block at a time. */
typedef struct reader {
    const snug_random *stream;
    uint64_t blocks; /* read so far */
    size_t left;     /* numbers of the last one that are still to come */
    uint32_t bits[NUMBERS_A_BLOCK];
} reader;

static uint64_t next_64_bits(reader *r) {
    if (r->left == 0) {
        stream_block(r->stream, r->blocks++, r->bits);
        r->left = NUMBERS_A_BLOCK;
    }
    const uint32_t *pair = r->bits + NUMBERS_A_BLOCK - r->left;
    r->left -= 2;
    return (uint64_t)pair[1] << 32 | pair[0];
}

/*
 * A number below `bound`, every one equally likely: what lies past the largest multiple of the
 * bound is thrown away.
 */
static uint64_t below(reader *r, uint64_t bound) {
    for (;;) {
        uint64_t number = next_64_bits(r);
        if (number < UINT64_MAX - bound || number < UINT64_MAX - UINT64_MAX % bound)
            return number % bound;
    }
}

void snug_random_shuffle(const snug_random *stream, size_t n, size_t *order) {
    reader r = {.stream = stream};
    for (size_t left = n; left > 1; left--) {
        size_t pick = (size_t)below(&r, left);
        size_t last = order[left - 1];
        order[left - 1] = order[pick];
        order[pick] = last;
    }
}
