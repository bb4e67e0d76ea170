/*
 * What `snug bench` and the programs in bench/ share: a clock, and rounds of several sides that
 * alternate, because the frequency of a CPU drifts. The medians of the rounds are compared.
 */
#ifndef SNUG_CLI_BENCH_TIMING_H
#define SNUG_CLI_BENCH_TIMING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_ROUNDS = 7 };

/* One of the things that are compared: run(work) is timed. */
typedef struct bench_side {
    void (*run)(const void *work);
    const void *work;
    double times[BENCH_ROUNDS]; /* seconds a run */
} bench_side;

/* Returns seconds of a clock that only goes forward. */
static inline double bench_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Returns the seconds of a run, the mean of as many runs as take `seconds` or more. */
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

/* Times `count` sides in BENCH_ROUNDS alternating rounds, each side for `seconds` in each. */
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

/* Sorts the times of the rounds and returns their median. */
static inline double bench_median(double times[BENCH_ROUNDS]) {
    qsort(times, BENCH_ROUNDS, sizeof *times, bench_ascending);
    return times[BENCH_ROUNDS / 2];
}

/*
 * Returns the seconds of each side in a round: the only argument of a program, or 0.05. Prints the
 * usage and ends the program where there is another argument.
 */
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
