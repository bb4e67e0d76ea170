/*
 * What the benchmarks share: a clock, and rounds of several sides that alternate, because a clock
 * drifts.
 */
#ifndef SNUG_BENCH_MEASURE_H
#define SNUG_BENCH_MEASURE_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_ROUNDS = 7 };

typedef struct bench_side {
    void (*run)(const void *work);
    const void *work;
    double times[BENCH_ROUNDS]; /* seconds a run */
} bench_side;

static inline double bench_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds a run, over at least that many. */
static inline double bench_time(const bench_side *side, double seconds) {
    double began = bench_now(), elapsed = 0;
    size_t runs = 0;
    for (size_t burst = 1; elapsed < seconds; burst *= 2) {
        for (size_t i = 0; i < burst; i++) {
            side->run(side->work);
        }
        runs += burst;
        elapsed = bench_now() - began;
    }
    return elapsed / (double)runs;
}

static inline void bench_alternate(bench_side *sides, size_t count, double seconds) {
    for (size_t round = 0; round < BENCH_ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            sides[i].times[round] = bench_time(&sides[i], seconds);
        }
    }
}

static inline int bench_ascending(const void *left, const void *right) {
    double x = *(const double *)left, y = *(const double *)right;
    return (x > y) - (x < y);
}

static inline double bench_median(bench_side *side) {
    qsort(side->times, BENCH_ROUNDS, sizeof *side->times, bench_ascending);
    return side->times[BENCH_ROUNDS / 2];
}

/* The seconds of each side in a round: the only argument, or 0.05. */
static inline double bench_seconds(int argc, char **argv) {
    char *end = NULL;
    double seconds = argc > 1 ? strtod(argv[1], &end) : 0.05;
    if (argc > 2 || !(seconds > 0 && seconds <= 60) || (end != NULL && *end != '\0')) {
        fprintf(stderr, "usage: %s [SECONDS of each side in a round, up to 60]\n", argv[0]);
        exit(2);
    }
    return seconds;
}

#endif
