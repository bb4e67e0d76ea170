/*
 * Roots of a function of one real variable in an interval: all that are further apart than the
 * points where it is evaluated, and those where it touches 0 without a change of its sign.
 */
#ifndef SNUG_THEORY_ROOTS_H
#define SNUG_THEORY_ROOTS_H

#include <stddef.h>

typedef struct snug_real_function {
    double (*value)(const void *context, double x);
    const void *context;
    double noise; /* its error: smaller values count as 0 */
} snug_real_function;

enum { SNUG_ROOTS_MAX = 16 };

typedef struct snug_roots {
    double at[SNUG_ROOTS_MAX];
    size_t count;
} snug_roots;

/* Adds a root, unless there are SNUG_ROOTS_MAX. */
void snug_roots_add(snug_roots *roots, double x);

/*
 * Adds the roots between the ascending points x[0 .. count - 1], count >= 1. Where the function is
 * 0 at several points in a row it has no single root, and none is added.
 */
void snug_roots_find(const snug_real_function *f, const double *x, size_t count, snug_roots *roots);

#endif
