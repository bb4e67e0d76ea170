#include <math.h>

#include "optim/line_search.h"

/* A step along the line, with the loss and its slope there. */
typedef struct point {
    double step, value, slope;
} point;

typedef struct search {
    const snug_line *line;
    size_t left; /* evaluations */
    point last;  /* where it was evaluated last */
} search;

/* Evaluates the loss at a step and counts it. */
static point evaluate(search *s, double step) {
    s->last.step = step;
    s->last.value = s->line->at(s->line->user, step, &s->last.slope);
    s->left -= s->left > 0 ? 1 : 0;
    return s->last;
}

/* The first Wolfe condition: the loss decreases enough. False for a value that is not finite. */
static bool decreases(const search *s, const point *p) {
    const double c1 = 1e-4;
    return p->value <= s->line->value + c1 * p->step * s->line->slope;
}

/* The second, in its strong form: the slope is much flatter than at the start. */
static bool is_flat(const search *s, const point *p) {
    const double c2 = 0.9;
    return fabs(p->slope) <= -c2 * s->line->slope;
}

/*
 * Where the cubic through two points' values and slopes is lowest (Nocedal and Wright, equation
 * 3.59), kept a tenth of the interval away from its ends; the middle where there is no such cubic.
 */
static double between(const point *a, const point *b) {
    double width = b->step - a->step, middle = a->step + 0.5 * width;
    double d1 = a->slope + b->slope - 3.0 * (a->value - b->value) / (a->step - b->step);
    double square = d1 * d1 - a->slope * b->slope;
    double d2 = copysign(sqrt(square), width);
    double step = b->step - width * (b->slope + d2 - d1) / (b->slope - a->slope + 2.0 * d2);
    double share = (step - a->step) / width;
    if (!(square >= 0.0) || !isfinite(share)) {
        return middle;
    }
    return a->step + width * fmin(fmax(share, 0.1), 0.9);
}

/*
 * Shrinks the interval between `low`, the best point that decreases, and `high`, beyond which the
 * step must not go (algorithm 3.6); returns the best point when a point satisfies both conditions,
 * no evaluation is left or the interval is narrow.
 */
static point zoom(search *s, point low, point high) {
    const double narrow = 1e-9;
    while (s->left > 0 && fabs(high.step - low.step) > narrow * fmax(low.step, high.step)) {
        point p = evaluate(s, between(&low, &high));
        if (!decreases(s, &p) || p.value >= low.value) {
            high = p;
            continue;
        }
        if (is_flat(s, &p)) {
            return p;
        }
        if (p.slope * (high.step - low.step) >= 0.0) {
            high = low;
        }
        low = p;
    }
    return low;
}

/*
 * Doubles the step until an interval holds a point that satisfies both conditions (algorithm 3.5),
 * and zooms into it.
 */
static point find(search *s, double first) {
    point previous = {0.0, s->line->value, s->line->slope}, p = evaluate(s, first);
    for (bool started = false; s->left > 0; started = true) {
        if (!decreases(s, &p) || (started && p.value >= previous.value)) {
            return zoom(s, previous, p);
        }
        if (is_flat(s, &p)) {
            return p;
        }
        if (p.slope >= 0.0) {
            return zoom(s, p, previous);
        }
        previous = p;
        p = evaluate(s, 2.0 * p.step);
    }
    return decreases(s, &p) ? p : previous;
}

bool snug_line_search(const snug_line *line, double first, double *value) {
    search s = {.line = line, .left = line->most};
    point best = find(&s, first);
    if (s.last.step != best.step) {
        evaluate(&s, best.step);
    }
    *value = s.last.value;
    return best.step > 0.0;
}
