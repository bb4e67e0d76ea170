/*
 * Random numbers for kinds: streams that give the same numbers for the same seed, on any machine.
 */
#ifndef SNUG_RANDOM_H
#define SNUG_RANDOM_H

#include <stdint.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A stream of counter-based random numbers (Philox4x32-10; Salmon et al. 2011, "Parallel random
 * numbers: as easy as 1, 2, 3"): value i of a stream is a pure function of the stream and i.
 */
typedef struct snug_random {
    uint64_t seed;
    uint32_t purpose; /* what the numbers are for; layers of one model have different purposes */
    uint32_t step;    /* training step, epoch, or 0 */
} snug_random;

/* out[i] is number first + i of the stream: uniform in [0, 1), a multiple of 2^-24. */
SNUG_API void snug_random_uniform(const snug_random *stream, uint64_t first, size_t n, float *out);

/* out[i] is number first + i of the stream: standard normal, by the Box-Muller transform. */
SNUG_API void snug_random_normal(const snug_random *stream, uint64_t first, size_t n, float *out);

#ifdef __cplusplus
}
#endif
#endif
