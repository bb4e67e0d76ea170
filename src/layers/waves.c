#include "cpu/simd.h"
#include "layers/waves.h"
#include "math/elementary.h"

/* The waves of one x: sines and cosines of 2 pi w x + b, where b is NULL for 0. */
SNUG_INLINE void compute_waves(const bool fused, size_t waves, float x, const float *frequencies,
                               const float *phases, float *sines, float *cosines) {
    const float turns = 0x1.45f306p-3F; /* 1 / (2 pi) */
    if (phases == NULL) {
#pragma omp simd
        for (size_t k = 0; k < waves; k++) {
            snug_sincos_turns(fused, frequencies[k] * x, &sines[k], &cosines[k]);
        }
        return;
    }
#pragma omp simd
    for (size_t k = 0; k < waves; k++) {
        float t = snug_fma(fused, frequencies[k], x, phases[k] * turns);
        snug_sincos_turns(fused, t, &sines[k], &cosines[k]);
    }
}

SNUG_KERNEL(fill_waves,
            (const snug_waves *w, size_t rows, const float *frequencies, const float *phases,
             float *memory),
            (w, rows, frequencies, phases, memory)) {
    const size_t waves = w->count, plane = w->columns * waves;
    for (size_t i = 0; i < rows; i++, memory += w->stride) {
        float *sines = memory + w->columns;
        for (size_t j = 0; j < w->columns; j++, sines += waves) {
            const float *phase = phases != NULL ? phases + j * waves : NULL;
            compute_waves(fused, waves, memory[j], frequencies + j * waves, phase, sines,
                          sines + plane);
        }
    }
}

SNUG_KERNEL(find_angle_gradients, (const snug_waves *w, size_t rows, float *memory),
            (w, rows, memory)) {
    const size_t n = w->columns * w->count;
    const bool both = w->both;
    for (size_t i = 0; i < rows; i++) {
        const float *sines = memory + i * w->stride + w->columns, *cosines = sines + n;
        float *first = memory + i * w->stride + w->columns + 2 * n;
        const float *second = both ? first + n : first;
#pragma omp simd
        for (size_t k = 0; k < n; k++) {
            float by_sine = both ? cosines[k] * first[k] : 0.0F;
            first[k] = snug_fma(fused, -sines[k], second[k], by_sine);
        }
    }
}

SNUG_KERNEL(add_frequency_gradients,
            (size_t waves, size_t first, size_t count, const float *x, const float *d, float *sums),
            (waves, first, count, x, d, sums)) {
    const size_t end = first + count;
    for (size_t at = first; at < end;) {
        size_t column = at / waves, stop = (column + 1) * waves < end ? (column + 1) * waves : end;
        const float factor = snug_two_pi * x[column];
#pragma omp simd
        for (size_t k = at; k < stop; k++) {
            sums[k - first] = snug_fma(fused, factor, d[k], sums[k - first]);
        }
        at = stop;
    }
}

void snug_waves_forward(const snug_waves *w, size_t rows, const float *frequencies,
                        const float *phases, float *memory) {
    fill_waves(w, rows, frequencies, phases, memory);
}

void snug_waves_angle_gradients(const snug_waves *w, size_t rows, float *memory) {
    find_angle_gradients(w, rows, memory);
}

void snug_waves_add_frequencies(const snug_waves *w, size_t first, size_t count, float *memory,
                                float *sums) {
    add_frequency_gradients(w->count, first, count, memory, snug_waves_plane(w, memory, 2), sums);
}

/* Whole turns are taken away while that is exact; what is left is at most half a turn. */
snug_value snug_waves_graph(snug_graph *graph, const snug_waves *w, snug_value x,
                            const float *frequencies, const float *phases) {
    snug_value turns = snug_graph_constant(graph, w->columns, w->count, frequencies);
    turns = snug_graph_binary(graph, SNUG_MULTIPLY, turns, x);
    if (phases != NULL) {
        snug_value shift = snug_graph_constant(graph, w->columns, w->count, phases);
        shift = snug_graph_multiply_number(graph, shift, 1 / (double)snug_two_pi);
        turns = snug_graph_binary(graph, SNUG_ADD, turns, shift);
    }
    snug_value whole =
        snug_graph_unary(graph, SNUG_ROUND_DOWN, snug_graph_add_number(graph, turns, 0.5));
    turns = snug_graph_binary(graph, SNUG_SUBTRACT, turns, whole);
    snug_value angle = snug_graph_multiply_number(graph, turns, (double)snug_two_pi);
    snug_value cosines = snug_graph_unary(graph, SNUG_COS, angle);
    if (!w->both) {
        return cosines;
    }
    const snug_value both[] = {snug_graph_unary(graph, SNUG_SIN, angle), cosines};
    return snug_graph_concatenate(graph, 2, both);
}
