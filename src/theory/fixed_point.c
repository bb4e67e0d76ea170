#include <math.h>

#include "theory/fixed_point.h"
#include "theory/roots.h"

/* The variances between which fixed points are looked for, and the logarithm of their bounds. */
static const double least = 1e-8, most = 1e8, reach = 18.420680743952367;

/* A point this near to variance 1, by ratio, is the one that layers of such inputs begin at. */
static const double beside = 1e-3;

typedef struct search {
    const snug_gaussian_function *f;
    const snug_theory_weights *weights;
    bool random;  /* the state is the second moment of x, otherwise its variance */
    double noise; /* the logarithm of a ratio of variances that may be that of 1 */
} search;

static void set_found(const search *s, double mean, double variance,
                      snug_theory_fixed_point *point) {
    *point = (snug_theory_fixed_point){.found = true, .mean = mean, .variance = variance};
    snug_map_layer(s->f, s->weights, mean, variance, &point->layer);
    point->rate = snug_theory_spectral_radius(&point->layer);
    point->norm = snug_theory_spectral_norm(&point->layer);
    /* By more than what rounds: 1e-9, or what functions in float leave. */
    point->attracting = point->rate < 1.0 - fmax(1e-9, s->noise);
}

static void set_other(const snug_theory_fixed_point *other, snug_theory_fixed_point *point) {
    point->other_mean = other->mean;
    point->other_variance = other->variance;
    point->other_rate = other->rate;
}

/* Sets the limits from both sides, and the common one. */
static void set_limits(double below, double above, snug_theory_fixed_point *point) {
    bool same = isfinite(above) ? fabs(below - above) <= 1e-9 * above : below >= above;
    point->limit_below = below;
    point->limit_above = above;
    point->limit = same ? above : (double)NAN;
}

/* ---- weights of sum 0: one variable ---------------------------------------------------------- */

/*
 * Without a mean of z, the next state depends on the state alone: the variance of x, or for random
 * weights its second moment. Returns the logarithm of the next state over the state of logarithm u.
 */
static double log_ratio(const void *context, double u) {
    const search *s = context;
    snug_theory_layer y;
    snug_map_layer(s->f, s->weights, 0.0, exp(u), &y);
    double next = s->random ? y.second_moment : y.variance;
    return isfinite(next) ? log(next) - u : INFINITY;
}

enum { NODES_MAX = 160 };

/*
 * Sets ascending logarithms of states above 1. Their distance is a factor of 1.5 next to 1, where
 * fixed points are by design and others may be near, then 1/32 of a decade, and above 100 1/9.
 */
static size_t place_nodes(double *nodes) {
    size_t count = 0;
    for (double u = beside; u < reach && count + 1 < NODES_MAX;) {
        nodes[count++] = u;
        u += fmin(0.5 * u, u < 4.6 ? 0.072 : 0.25);
    }
    nodes[count++] = reach;
    return count;
}

/*
 * Finds the logarithms of all fixed states, ascending. Returns whether one of them is next to 1:
 * 1 itself if it is one but for rounding, also one of a whole line of fixed points.
 */
static bool find_states(const search *s, snug_roots *states) {
    const snug_real_function f = {log_ratio, s, s->noise};
    double above[NODES_MAX], nodes[2 * NODES_MAX + 1];
    size_t count = place_nodes(above);
    for (size_t i = 0; i < count; i++) {
        nodes[i] = -above[count - 1 - i];
        nodes[count + 1 + i] = above[i];
    }
    nodes[count] = 0.0;
    states->count = 0;
    if (fabs(log_ratio(s, 0.0)) > s->noise) {
        snug_roots_find(&f, nodes, 2 * count + 1, states);
    } else {
        snug_roots_find(&f, nodes, count, states);
        snug_roots_add(states, 0.0);
        snug_roots_find(&f, nodes + count + 1, count, states);
    }
    for (size_t i = 0; i < states->count; i++) {
        if (fabs(states->at[i]) <= beside) {
            return true;
        }
    }
    return false;
}

/* Sets the point of a fixed state. Returns false where it has no variance. */
static bool set_state(const search *s, double u, snug_theory_fixed_point *point) {
    snug_theory_layer y;
    double state = exp(u);
    snug_map_layer(s->f, s->weights, 0.0, state, &y);
    double variance = s->random ? state - y.mean * y.mean : state;
    if (!(variance > 0.0)) {
        return false;
    }
    set_found(s, y.mean, variance, point);
    return true;
}

/* Returns the fixed state next to u in one direction, or its bound, 0 or infinity as logarithm. */
static double next_state(const snug_roots *states, double u, bool up) {
    double nearest = up ? INFINITY : -INFINITY;
    for (size_t i = 0; i < states->count; i++) {
        double at = states->at[i];
        if (up ? at > u && at < nearest : at < u && at > nearest) {
            nearest = at;
        }
    }
    return nearest;
}

/*
 * Returns the logarithm of the state that layers approach from a state: -infinity, that of a fixed
 * point, or infinity; NaN where they keep the state or jump around. Layers that still move after
 * the last step do so slowly, and so not beyond the next fixed point.
 */
static double follow_state(const search *s, const snug_roots *states, double u) {
    enum { STEPS = 100 };
    double move = 0.0, moved = 0.0;
    for (int i = 0; i < STEPS; i++) {
        double below = next_state(states, u, false), above = next_state(states, u, true);
        if (i > 0 && fmin(u - below, above - u) < 1e-6) {
            return u - below < above - u ? below : above;
        }
        moved = move;
        move = log_ratio(s, u);
        if (fabs(move) <= s->noise) {
            return i > 0 ? next_state(states, u, moved > 0.0) : (double)NAN;
        }
        u += move;
        if (!(fabs(u) <= reach)) {
            return u < 0.0 ? -INFINITY : INFINITY;
        }
    }
    return move * moved > 0.0 ? next_state(states, u, move > 0.0) : (double)NAN;
}

/* Returns the variance of a limit that follow_state() returned. */
static double variance_of(const search *s, double u) {
    snug_theory_fixed_point point = {.variance = 0.0};
    if (!isfinite(u)) {
        return exp(u); /* 0, infinity or NaN */
    }
    return set_state(s, u, &point) ? point.variance : 0.0;
}

/* A fixed point, and how well it describes what layers do that begin at variance 1. */
typedef struct candidate {
    snug_theory_fixed_point point;
    double distance; /* of its state to 1, by ratio, as a logarithm */
    int rank;        /* 3: next to 1; 2: approached from there; 1: attracting; 0: repelling */
} candidate;

static bool is_better(const candidate *a, const candidate *b) {
    return a->rank > b->rank || (a->rank == b->rank && a->distance < b->distance);
}

/* Sets the best of the fixed states as `point`, and the best attracting one of the others. */
static void choose_states(const search *s, const snug_roots *states, double limit,
                          snug_theory_fixed_point *point) {
    candidate best = {.rank = -1}, other = {.rank = 0};
    for (size_t i = 0; i < states->count; i++) {
        double u = states->at[i];
        candidate c = {.distance = fabs(u)};
        if (!set_state(s, u, &c.point)) {
            continue;
        }
        bool approached = c.point.attracting && fabs(u - limit) <= 1e-9;
        c.rank = c.distance <= beside ? 3 : approached ? 2 : c.point.attracting ? 1 : 0;
        candidate next = c;
        if (is_better(&c, &best)) {
            next = best;
            best = c;
        }
        if (next.point.attracting && is_better(&next, &other)) {
            other = next;
        }
    }
    *point = best.point;
    set_other(&other.point, point);
}

static void find_in_one_variable(const search *s, snug_theory_fixed_point *point) {
    snug_roots states;
    double offset = find_states(s, &states) ? 2.0 * beside : 0.0;
    double below = follow_state(s, &states, -offset), above = follow_state(s, &states, offset);
    choose_states(s, &states, above, point);
    set_limits(variance_of(s, below), variance_of(s, above), point);
}

/* ---- any weights: two variables -------------------------------------------------------------- */

/* One step of Newton's method for g(x) = x. Returns whether x has moved no more. */
static bool newton_step(const search *s, double *mean, double *variance, bool *singular) {
    snug_theory_layer y;
    snug_map_layer(s->f, s->weights, *mean, *variance, &y);
    double a = y.jacobian[0][0] - 1.0, b = y.jacobian[0][1];
    double c = y.jacobian[1][0], d = y.jacobian[1][1] - 1.0;
    double determinant = a * d - b * c;
    double first = *mean - y.mean, second = *variance - y.variance;
    *singular = fabs(determinant) < 1e-12;
    double by = (d * first - b * second) / determinant;
    double up = (a * second - c * first) / determinant;
    *mean += by;
    *variance += up;
    return fabs(by) <= 1e-14 * sqrt(*variance) && fabs(up) <= 1e-14 * *variance;
}

static bool is_inside(double mean, double variance) {
    return variance >= least && variance <= most && fabs(mean) <= most;
}

/* Newton's method from a start. Returns whether it found a point. */
static bool find_by_newton(const search *s, double mean, double variance,
                           snug_theory_fixed_point *point) {
    for (int i = 0; i < 50; i++) {
        bool singular, still = newton_step(s, &mean, &variance, &singular);
        if (singular || !is_inside(mean, variance)) {
            return false;
        }
        if (still) {
            set_found(s, mean, variance, point);
            return true;
        }
    }
    return false;
}

/*
 * Follows the layers from mean 0 and a variance until they keep both, and sets the point there.
 * Returns the variance that they approach: 0, infinity, or NaN where they do so too slowly or keep
 * those of the beginning.
 */
static double follow_layers(const search *s, double start, snug_theory_fixed_point *point) {
    double mean = 0.0, variance = start;
    *point = (snug_theory_fixed_point){.found = false};
    for (int i = 0; i < 500; i++) {
        snug_theory_layer y;
        snug_map_layer(s->f, s->weights, mean, variance, &y);
        if (!is_inside(y.mean, y.variance)) {
            return y.variance < least ? 0.0 : (double)INFINITY;
        }
        double moved = fabs(y.mean - mean) + fabs(y.variance - variance);
        mean = y.mean;
        variance = y.variance;
        if (moved < 1e-9 * variance) {
            /* Newton's method does the last digits. */
            return i > 0 && find_by_newton(s, mean, variance, point) ? point->variance
                                                                     : (double)NAN;
        }
    }
    return NAN;
}

/* Sets the fixed point next to mean 0 and variance 1. Returns false where there is none. */
static bool find_beside_start(const search *s, snug_theory_fixed_point *point) {
    set_found(s, 0.0, 1.0, point);
    if (fabs(point->layer.mean) <= s->noise && fabs(log(point->layer.variance)) <= s->noise) {
        return true;
    }
    return find_by_newton(s, 0.0, 1.0, point) && fabs(point->mean) <= beside &&
           fabs(log(point->variance)) <= beside;
}

/* Newton's method finds points that layers do not approach, too. */
static void find_in_two_variables(const search *s, snug_theory_fixed_point *point) {
    static const double starts[] = {1.0, 0.1, 10.0};
    snug_theory_fixed_point low, high;
    bool starts_there = find_beside_start(s, point);
    double offset = starts_there ? 2.0 * beside : 0.0;
    double below = follow_layers(s, exp(-offset), &low);
    double above = follow_layers(s, exp(offset), &high);
    if (!starts_there) {
        *point = high;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts && !point->found; i++) {
        point->found = find_by_newton(s, 0.0, starts[i], point);
    }
    if (!point->found) {
        *point = (snug_theory_fixed_point){.found = false};
    }
    for (int i = 0; i < 2; i++) {
        const snug_theory_fixed_point *other = i == 0 ? &low : &high;
        if (other->attracting && fabs(log(other->variance / point->variance)) > beside) {
            set_other(other, point);
        }
    }
    set_limits(below, above, point);
}

void snug_fixed_point_find(const snug_gaussian_function *f, const snug_theory_weights *weights,
                           snug_theory_fixed_point *point) {
    search s = {f, weights, weights != NULL && weights->random, fmax(1e-12, 10.0 * f->rounding)};
    if (weights == NULL || fabs(weights->omega) <= 0.0) {
        find_in_one_variable(&s, point);
    } else {
        find_in_two_variables(&s, point);
    }
}
