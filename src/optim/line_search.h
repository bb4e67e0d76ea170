/* A step along a descent direction that satisfies the strong Wolfe conditions. */
#ifndef SNUG_OPTIM_LINE_SEARCH_H
#define SNUG_OPTIM_LINE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* phi(step), and *slope = phi'(step); a value that is not finite counts as too large. */
typedef double snug_line_fn(void *user, double step, double *slope);

typedef struct snug_line {
    snug_line_fn *at;
    void *user;
    double value, slope; /* at 0; the slope is below 0 */
    size_t most;         /* evaluations */
} snug_line;

/*
 * Nocedal and Wright 2006, "Numerical optimization", algorithms 3.5 and 3.6, with c1 = 1e-4 and c2
 * = 0.9, from step `first` on. Whether a lower value was found; *value is that of the step at which
 * `at` was called last. Otherwise that was at 0.
 */
bool snug_line_search(const snug_line *line, double first, double *value);

#endif
