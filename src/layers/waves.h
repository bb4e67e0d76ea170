/*
 * Waves of numeric columns: sines and cosines of 2 pi w x + b, with several trained frequencies w
 * and phases b for each column.
 *
 * A row of memory begins with the x of n columns. Behind them are planes of n x K numbers, for K
 * waves a column: sines, cosines, and the gradients by those that are used.
 *
 *     cosines alone    x | sines | cosines | by cosines
 *     both             x | sines | cosines | by sines   | by cosines
 *
 * snug_waves_angle_gradients() turns the gradients into those by the angles, in the third plane.
 */
#ifndef SNUG_LAYERS_WAVES_H
#define SNUG_LAYERS_WAVES_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/graph.h>

typedef struct snug_waves {
    size_t columns; /* n */
    size_t count;   /* K */
    bool both;      /* the sines are used too */
    size_t stride;  /* floats from one row of memory to the next */
} snug_waves;

static const float snug_two_pi = 6.28318530717958648F;

/* Returns a plane of a row of memory: 0 the sines, 1 the cosines, 2 and 3 the gradients. */
static inline float *snug_waves_plane(const snug_waves *w, float *row, size_t plane) {
    return row + w->columns * (1 + plane * w->count);
}

/*
 * Computes the sines and cosines of `rows` rows, whose x are there. Frequencies and phases are
 * n x K; phases may be NULL for 0.
 */
void snug_waves_forward(const snug_waves *w, size_t rows, const float *frequencies,
                        const float *phases, float *memory);

/*
 * Turns the gradients ds by sines and dc by cosines of `rows` rows into those by the angles,
 * cos ds - sin dc, or - sin dc where the cosines alone are used.
 */
void snug_waves_angle_gradients(const snug_waves *w, size_t rows, float *memory);

/*
 * Adds 2 pi x d, where d are the angle gradients of one row, to the gradients of the frequencies
 * first .. first + count - 1, the first of which is sums[0].
 */
void snug_waves_add_frequencies(const snug_waves *w, size_t first, size_t count, float *memory,
                                float *sums);

/*
 * Adds the waves of x, n x 1, to a graph: n x K cosines, or with .both sines and cosines side by
 * side.
 */
snug_value snug_waves_graph(snug_graph *graph, const snug_waves *w, snug_value x,
                            const float *frequencies, const float *phases);

#endif
