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

/* Returns the widths of all layers, inputs first, and their number in *count. Free with free(). */
size_t *bench_widths(const bench_shape *shape, size_t *count);

/* Returns the network as a JSON config: dense layers with SELU between. Free with free(). */
char *bench_config(const bench_shape *shape);

/* Rows with classes, a function of the shape alone. */
typedef struct bench_data {
    float *x;
    uint8_t *bytes; /* one of the two is NULL */
    int32_t *classes;
    snug_dataset *dataset; /* borrows them */
} bench_data;

/*
 * Makes the rows of a shape. Returns an exit status, after an error message where it is not
 * CLI_DONE. Free with bench_data_clear() in either case.
 */
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

/* Medians of the rounds; of the bare products, those with the better layout of the weights. */
typedef struct bench_result {
    double step, bare; /* seconds */
    double operations; /* of the bare products: 2 m n k each */
} bench_result;

/* Measures one job. Returns an exit status, after an error message where it is not CLI_DONE. */
int bench_measure(const bench_job *job, bench_result *result);

#endif
