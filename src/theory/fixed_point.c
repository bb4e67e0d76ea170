#include <math.h>

#include "theory/fixed_point.h"

/* The variances between which fixed points are looked for. */
static const double least = 1e-8, most = 1e8;

/* A ratio of variances this near to 1 is taken for 1: functions in float give no more digits. */
static const double resolution = 1e-6;

typedef struct search {
    const snug_gaussian_function *f;
    const snug_theory_weights *weights;
    bool random; /* the state is the second moment of x, otherwise its variance */
} search;

static void set_found(const search *s, double mean, double variance,
                      snug_theory_fixed_point *point) {
    *point = (snug_theory_fixed_point){.found = true, .mean = mean, .variance = variance};
    snug_map_layer(s->f, s->weights, mean, variance, &point->layer);
    point->rate = snug_theory_spectral_radius(&point->layer);
    point->norm = snug_theory_spectral_norm(&point->layer);
    point->attracting = point->rate < 1.0;
    point->limit = point->attracting ? variance : NAN;
}

/* ---- weights of sum 0: one variable ---------------------------------------------------------- */

/*
 * Without a mean of z, the next state depends on the state alone: the variance of x, or for random
 * weights its second moment. Returns the logarithm of the next state over the state.
 */
static double log_ratio(const search *s, double state) {
    snug_theory_layer y;
    snug_map_layer(s->f, s->weights, 0.0, state, &y);
    double next = s->random ? y.second_moment : y.variance;
    return isfinite(next) ? log(next / state) : INFINITY;
}

/* The root of log_ratio() between two states by the method of Illinois (Dowell, Jarratt 1971). */
static double find_root(const search *s, double low, double low_value, double high,
                        double high_value) {
    double a = log(low), b = log(high), at_a = low_value, at_b = high_value;
    for (int i = 0; i < 100 && fabs(b - a) > 1e-15; i++) {
        bool finite = isfinite(at_a) && isfinite(at_b);
        double c = finite ? b - at_b * (b - a) / (at_b - at_a) : 0.5 * (a + b);
        double at_c = log_ratio(s, exp(c));
        if (at_c * at_b < 0.0) {
            a = b;
            at_a = at_b;
        } else {
            at_a *= 0.5;
        }
        bool still = fabs(c - b) <= 1e-15;
        b = c;
        at_b = at_c;
        if (fabs(at_c) <= 0.0 || still) {
            break;
        }
    }
    return exp(b);
}

/* Keeps a point that is better than the one that was found before. */
static void consider(const search *s, double state, snug_theory_fixed_point *best) {
    snug_theory_fixed_point point;
    snug_theory_layer y;
    snug_map_layer(s->f, s->weights, 0.0, state, &y);
    double variance = s->random ? state - y.mean * y.mean : state;
    if (!(variance > 0.0)) {
        return;
    }
    set_found(s, y.mean, variance, &point);
    bool nearer = fabs(log(point.variance)) < fabs(log(best->variance));
    if (!best->found || point.attracting > best->attracting ||
        (point.attracting == best->attracting && nearer)) {
        *best = point;
    }
}

static void find_in_one_variable(const search *s, snug_theory_fixed_point *point) {
    enum { STEPS = 64 };
    /* Not at powers of ten, where fixed points are by design and the sign is that of rounding. */
    const double first = 1.3 * least, factor = pow(most / least, 1.0 / STEPS);
    double state = first, value = log_ratio(s, state), at_one = log_ratio(s, 1.0);
    *point = (snug_theory_fixed_point){.found = false};
    for (int i = 0; i < STEPS; i++) {
        double next = state * factor, next_value = log_ratio(s, next);
        bool clear = fmax(fabs(value), fabs(next_value)) > resolution;
        if (clear && (value < 0.0) != (next_value < 0.0)) {
            consider(s, find_root(s, state, value, next, next_value), point);
        }
        state = next;
        value = next_value;
    }
    if (!point->attracting) {
        bool moves = fabs(at_one) > resolution;
        point->limit = moves ? (at_one < 0.0 ? 0.0 : (double)INFINITY) : (double)NAN;
    }
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
    *singular = fabs(determinant) < resolution * resolution;
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
 * Follows the layers from mean 0 and variance 1 until they keep both. Returns the variance that
 * they approach otherwise: 0, infinity, or NaN where they do so too slowly.
 */
static double follow_layers(const search *s, double *mean, double *variance) {
    for (int i = 0; i < 500; i++) {
        snug_theory_layer y;
        snug_map_layer(s->f, s->weights, *mean, *variance, &y);
        if (!is_inside(y.mean, y.variance)) {
            return y.variance < least ? 0.0 : (double)INFINITY;
        }
        double moved = fabs(y.mean - *mean) + fabs(y.variance - *variance);
        *mean = y.mean;
        *variance = y.variance;
        if (moved < 1e-9 * y.variance) {
            return y.variance;
        }
    }
    return NAN;
}

/* Newton's method does the last digits, and finds points that layers do not approach. */
static void find_in_two_variables(const search *s, snug_theory_fixed_point *point) {
    static const double starts[] = {1.0, 0.1, 10.0};
    double mean = 0.0, variance = 1.0;
    *point = (snug_theory_fixed_point){.found = false};
    double limit = follow_layers(s, &mean, &variance);
    if (limit > 0.0 && isfinite(limit)) {
        (void)find_by_newton(s, mean, variance, point);
        limit = NAN;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts && !point->found; i++) {
        (void)find_by_newton(s, 0.0, starts[i], point);
    }
    if (!point->attracting) {
        point->limit = limit;
    }
}

void snug_fixed_point_find(const snug_gaussian_function *f, const snug_theory_weights *weights,
                           snug_theory_fixed_point *point) {
    search s = {f, weights, weights != NULL && weights->random};
    if (weights == NULL || fabs(weights->omega) <= 0.0) {
        find_in_one_variable(&s, point);
    } else {
        find_in_two_variables(&s, point);
    }
}
