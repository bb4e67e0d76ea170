#include <math.h>
#include <string.h>

#include "cpu/simd.h"
#include "math/random.h"

enum {
    NUMBERS_A_BLOCK = 4, /* 32-bit numbers that one counter gives */
    AT_ONCE = 256        /* numbers that are made at a time, on the stack: whole blocks of them */
};

/* Multipliers and key increments of Philox4x32 (Salmon et al. 2011, table 2 and section 3.1). */
#define MULTIPLIER_0 UINT32_C(0xD2511F53)
#define MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define WEYL_0 UINT32_C(0x9E3779B9)
#define WEYL_1 UINT32_C(0xBB67AE85)
#define ROUNDS 10

#define TWO_PI 6.283185307179586476925286766559

/*
 * Turns the four numbers of the counter into random ones by Philox4x32-10. A round multiplies two
 * of them by constants to 64 bits, mixes the upper halves with the other two and the key, and
 * exchanges the pairs; the key moves on by a constant each round. Ten rounds pass all tests of the
 * authors with a margin of three. All is plain integer arithmetic: the same bits on every CPU path.
 */
SNUG_INLINE void philox(uint32_t c[NUMBERS_A_BLOCK], uint32_t k0, uint32_t k1) {
#pragma GCC unroll 10
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t product_0 = (uint64_t)MULTIPLIER_0 * c[0];
        uint64_t product_1 = (uint64_t)MULTIPLIER_1 * c[2];
        c[0] = (uint32_t)(product_1 >> 32) ^ c[1] ^ k0;
        c[1] = (uint32_t)product_1;
        c[2] = (uint32_t)(product_0 >> 32) ^ c[3] ^ k1;
        c[3] = (uint32_t)product_0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
}

void snug_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    memcpy(out, counter, NUMBERS_A_BLOCK * sizeof *out);
    philox(out, key[0], key[1]);
}

/*
 * Computes the stream's blocks from number `block` on, `count` blocks of 4 numbers. Blocks do not
 * depend on each other, so that the loop vectorizes over them.
 */
SNUG_KERNEL(stream_blocks, (const snug_random *stream, uint64_t block, size_t count, uint32_t *out),
            (stream, block, count, out)) {
    const snug_random s = *stream;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = block + i;
        uint32_t c[NUMBERS_A_BLOCK] = {(uint32_t)number, (uint32_t)(number >> 32), s.step,
                                       s.purpose};
        philox(c, (uint32_t)s.seed, (uint32_t)(s.seed >> 32));
        out[4 * i] = c[0];
        out[4 * i + 1] = c[1];
        out[4 * i + 2] = c[2];
        out[4 * i + 3] = c[3];
    }
}

uint32_t snug_random_bits(const snug_random *stream, uint64_t index) {
    uint32_t bits[NUMBERS_A_BLOCK];
    stream_blocks(stream, index / NUMBERS_A_BLOCK, 1, bits);
    return bits[index % NUMBERS_A_BLOCK];
}

/* Turns n random bit patterns, whole blocks of them, into n numbers of a distribution. */
typedef void numbers_fn(size_t n, const uint32_t *bits, float *out);

/* The upper 24 bits are an integer that a float holds exactly; as int32_t it converts fast. */
SNUG_KERNEL(uniform_numbers, (size_t n, const uint32_t *bits, float *out), (n, bits, out)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        out[i] = (float)(int32_t)(bits[i] >> 8) * 0x1p-24F;
    }
}

/*
 * Turns pairs of uniform numbers into pairs of normal ones (Box and Muller 1958, "A note on the
 * generation of random normal deviates"). The first of a pair is in (0, 1], so that its logarithm
 * is finite. In double and with the C library's functions, because a stream's normal numbers must
 * not depend on the CPU path.
 */
static void normal_numbers(size_t n, const uint32_t *bits, float *out) {
    for (size_t i = 0; i < n; i += 2) {
        double radius = sqrt(-2.0 * log(((double)bits[i] + 1.0) * 0x1p-32));
        double angle = TWO_PI * ((double)bits[i + 1] * 0x1p-32);
        out[i] = (float)(radius * cos(angle));
        out[i + 1] = (float)(radius * sin(angle));
    }
}

/*
 * Makes numbers first .. first + n - 1 of the stream, in portions of at most AT_ONCE. Whole blocks
 * are computed; those of their numbers that come before `first` are left out.
 */
static void fill(const snug_random *stream, uint64_t first, size_t n, float *out,
                 numbers_fn *make) {
    uint64_t block = first / NUMBERS_A_BLOCK;
    size_t skipped = (size_t)(first % NUMBERS_A_BLOCK);
    while (n > 0) {
        uint32_t bits[AT_ONCE];
        float numbers[AT_ONCE];
        size_t count = n < AT_ONCE - skipped ? n : AT_ONCE - skipped;
        size_t blocks = (skipped + count + NUMBERS_A_BLOCK - 1) / NUMBERS_A_BLOCK;
        stream_blocks(stream, block, blocks, bits);
        make(blocks * NUMBERS_A_BLOCK, bits, numbers);
        memcpy(out, numbers + skipped, count * sizeof *out);
        block += blocks;
        out += count;
        n -= count;
        skipped = 0;
    }
}

void snug_random_uniform(const snug_random *stream, uint64_t first, size_t n, float *out) {
    fill(stream, first, n, out, uniform_numbers);
}

void snug_random_normal(const snug_random *stream, uint64_t first, size_t n, float *out) {
    fill(stream, first, n, out, normal_numbers);
}

/* Reads a stream from its start, number after number. */
typedef struct reader {
    const snug_random *stream;
    uint64_t block;         /* the block that is computed next */
    size_t read;            /* how many of .bits are used up */
    uint32_t bits[AT_ONCE]; /* the numbers before that block */
} reader;

static uint64_t next_64_bits(reader *r) {
    if (r->read == AT_ONCE) {
        stream_blocks(r->stream, r->block, AT_ONCE / NUMBERS_A_BLOCK, r->bits);
        r->block += AT_ONCE / NUMBERS_A_BLOCK;
        r->read = 0;
    }
    const uint32_t *pair = r->bits + r->read;
    r->read += 2;
    return (uint64_t)pair[1] << 32 | pair[0];
}

/*
 * Returns a number below `bound`, each equally likely. number % bound alone would favor the small
 * ones unless `bound` divides 2^64, so that numbers at or above the largest multiple of the bound
 * are thrown away. The first comparison avoids the division of the second one nearly always.
 */
static uint64_t below(reader *r, uint64_t bound) {
    for (;;) {
        uint64_t number = next_64_bits(r);
        if (number < UINT64_MAX - bound || number < UINT64_MAX - UINT64_MAX % bound) {
            return number % bound;
        }
    }
}

/* Exchanges the last number with any one up to it, then the last but one, and so on. */
void snug_random_shuffle(const snug_random *stream, size_t n, size_t *order) {
    reader r = {.stream = stream, .read = AT_ONCE};
    for (size_t left = n; left > 1; left--) {
        size_t pick = (size_t)below(&r, left);
        size_t last = order[left - 1];
        order[left - 1] = order[pick];
        order[pick] = last;
    }
}
