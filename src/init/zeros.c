/*
 * All zeros: for a last layer whose first predictions are to be equal for all classes. Never for
 * hidden layers: their units would get the same gradient and stay equal.
 */
#include <string.h>

#include <snug/kind.h>

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    (void)config;
    (void)fan_in;
    (void)fan_out;
    return 0.0;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    (void)config;
    (void)stream;
    (void)fan_in;
    (void)fan_out;
    memset(w, 0, rows * columns * sizeof *w);
}

const snug_init_kind snug_init_zeros_kind = {
    .base = {.name = "zeros", .summary = "every weight 0"},
    .fill = fill,
    .variance = variance,
};
