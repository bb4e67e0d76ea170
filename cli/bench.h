/* What `snug bench` measures: the five shapes of networks, their data, and rounds of both sides. */
#ifndef SNUG_CLI_BENCH_H
#define SNUG_CLI_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <snug/snug.h>

/* A network with what it is trained on. */
typedef struct bench_shape {
    const char *name, *title;
    size_t widths[8];        /* inputs first, ended by 0 */
    size_t deep, deep_width; /* that many layers of that width follow the inputs */
    size_t batch, rows;
    bool images; /* bytes, which are standardized; otherwise float32 of mean 0 and variance 1 */
    const char *optimizer;
} bench_shape;

extern const bench_shape bench_shapes[];
extern const size_t bench_shape_count;

/* The widths of all layers, inputs first, of which there are *count; free() them. */
size_t *bench_widths(const bench_shape *shape, size_t *count);

/* The network as a JSON config: dense layers with SELU between; free() it. */
char *bench_config(const bench_shape *shape);

/* Rows with classes, a function of the shape alone. */
typedef struct bench_data {
    float *x;
    uint8_t *bytes; /* one of the two is NULL */
    int32_t *classes;
    snug_dataset *dataset; /* borrows them */
} bench_data;

/* Answers an exit status, after saying why; clear it in either case. */
int bench_data_make(bench_data *data, const bench_shape *shape);
void bench_data_clear(bench_data *data);

/* x[i] of the rows, for i < count: uniform, of mean 0 and variance 1. */
void bench_numbers(float *x, size_t count);

/* ---- one measurement ------------------------------------------------------------------------- */

typedef struct bench_job {
    const bench_shape *shape;
    size_t predicted; /* rows that are predicted at once, or 0: training */
    size_t threads;
    double seconds; /* of each side in a round */
} bench_job;

/* Medians of the rounds; the floor is that of the better layout of the weights. */
typedef struct bench_result {
    double step, floor; /* seconds */
    double operations;  /* of the floor: 2 m n k a product */
} bench_result;

/* Answers an exit status, after saying why. */
int bench_measure(const bench_job *job, bench_result *result);

#endif
