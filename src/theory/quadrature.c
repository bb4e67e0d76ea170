#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "theory/quadrature.h"

/*
 * The real line is cut where the integrand may have a kink; on each panel the density times the
 * integrand is smooth, and Gauss-Legendre quadrature with 16 nodes has an error that falls like
 * the 32nd power of the panel's width. A panel counts as done when the sum over its two halves
 * agrees with it, and the halves' sum is what is added; otherwise each half is treated alike.
 */
enum { NODES = 8, PANELS_MAX = 20000, DEPTH_MAX = 52, BREAKS_MAX = 128 };

/* The positive nodes of the Legendre polynomial of degree 16, and their weights. */
static const double nodes[NODES] = {
    0.095012509837637440185, 0.28160355077925891323, 0.45801677765722738634, 0.61787624440264374845,
    0.7554044083550030339,   0.86563120238783174388, 0.94457502307323257608, 0.98940093499164993260,
};
static const double weights[NODES] = {
    0.18945061045506849629,  0.18260341504492358887,  0.16915651939500253819,
    0.14959598881657673208,  0.12462897125553387205,  0.09515851168249278481,
    0.062253523938647892863, 0.027152459411754094852,
};

/* Beyond it the density is below 1e-147, and matters only for functions that grow exponentially. */
static const double range = 26.0;

/* Panels beyond the range: their width, and how many there may be until the density is 0. */
static const double outer_width = 2.0;
enum { OUTER_MAX = 6 };

/*
 * From here on an integral over the last of them is taken for a part of an infinite one: the
 * density, below 1e-281 there, leaves less of every power of x.
 */
static const double infinite = 1e-100;

typedef struct integration {
    const snug_integrand *integrand;
    double mean, deviation;
    double tolerance[SNUG_INTEGRAND_MAX]; /* largest error of one panel */
} integration;

/* An interval of t with the integrals over it, and over the absolute values. */
typedef struct panel {
    double low, high;
    double sums[SNUG_INTEGRAND_MAX], sizes[SNUG_INTEGRAND_MAX];
    int depth;
} panel;

/* Adds weight times the density times the integrand at t. */
static void add_node(const integration *run, double t, double weight, panel *p) {
    const double inverse_root = 0.39894228040143267794; /* 1 / sqrt(2 pi) */
    double values[SNUG_INTEGRAND_MAX];
    run->integrand->evaluate(run->integrand->context, t, run->mean + run->deviation * t, values);
    double factor = weight * inverse_root * exp(-0.5 * t * t);
    for (size_t k = 0; k < run->integrand->count; k++) {
        p->sums[k] += factor * values[k];
        p->sizes[k] += factor * fabs(values[k]);
    }
}

static panel integrate_panel(const integration *run, double low, double high, int depth) {
    panel p = {.low = low, .high = high, .depth = depth};
    double center = 0.5 * (low + high), half = 0.5 * (high - low);
    for (int i = 0; i < NODES; i++) {
        add_node(run, center - half * nodes[i], half * weights[i], &p);
        add_node(run, center + half * nodes[i], half * weights[i], &p);
    }
    return p;
}

/* ---- where the line is cut ------------------------------------------------------------------- */

/* Sorted places, t as well as places of x that are turned into t. */
typedef struct breaks {
    double at[BREAKS_MAX];
    size_t count;
} breaks;

/* Inserts t unless it is there, is out of range or does not fit. */
static void insert_break(breaks *b, double t) {
    if (!(fabs(t) < range) || b->count == BREAKS_MAX) {
        return;
    }
    size_t i = b->count;
    while (i > 0 && b->at[i - 1] > t) {
        i--;
    }
    if (i > 0 && b->at[i - 1] == t) {
        return;
    }
    memmove(b->at + i + 1, b->at + i, (b->count - i) * sizeof *b->at);
    b->at[i] = t;
    b->count++;
}

/*
 * Cuts at the kinks, in multiples of the deviation, and in powers of 8 around x = 0, where
 * activations bend: a feature that is narrow beside the deviation would fall between the nodes of a
 * wide panel and not be seen.
 */
static void cut_line(const integration *run, const snug_scalar_function *f, breaks *b) {
    static const double deviations[] = {1.5, 3.0, 5.0, 8.0, 12.0, 18.0};
    b->at[0] = -range;
    b->at[1] = range;
    b->count = 2;
    for (size_t i = 0; i < f->kink_count; i++) {
        insert_break(b, (f->kinks[i] - run->mean) / run->deviation);
    }
    insert_break(b, -run->mean / run->deviation);
    for (size_t i = 0; i < sizeof deviations / sizeof *deviations; i++) {
        insert_break(b, deviations[i]);
        insert_break(b, -deviations[i]);
    }
    for (int i = 0; i < 10; i++) {
        double x = ldexp(64.0, -3 * i);
        insert_break(b, (x - run->mean) / run->deviation);
        insert_break(b, (-x - run->mean) / run->deviation);
    }
}

/* ---- halving --------------------------------------------------------------------------------- */

/* Returns whether the halves of a panel agree with it; what is not finite will not improve. */
static bool agrees(const integration *run, const panel *whole, const panel *left,
                   const panel *right) {
    for (size_t k = 0; k < run->integrand->count; k++) {
        double sum = left->sums[k] + right->sums[k];
        if (fabs(sum - whole->sums[k]) > run->tolerance[k] && isfinite(sum)) {
            return false;
        }
    }
    return true;
}

/* Returns whether a panel has so little of the integrals that its errors do not matter. */
static bool is_negligible(const integration *run, const panel *p) {
    for (size_t k = 0; k < run->integrand->count; k++) {
        if (p->sizes[k] > 0.01 * run->tolerance[k]) {
            return false;
        }
    }
    return true;
}

/* Sums that the integrand has not are 0. */
static void add_sums(const panel *p, panel *total) {
    for (size_t k = 0; k < SNUG_INTEGRAND_MAX; k++) {
        total->sums[k] += p->sums[k];
    }
}

/* Adds the integrals over a panel. Depth first: the stack holds one panel for each depth. */
static void add_panel(const integration *run, const panel *first, size_t *budget, panel *total) {
    panel stack[DEPTH_MAX + 2];
    size_t count = 0;
    stack[count++] = *first;
    while (count > 0) {
        panel whole = stack[--count];
        if (is_negligible(run, &whole)) {
            add_sums(&whole, total);
            continue;
        }
        double center = 0.5 * (whole.low + whole.high);
        panel left = integrate_panel(run, whole.low, center, whole.depth + 1);
        panel right = integrate_panel(run, center, whole.high, whole.depth + 1);
        if (whole.depth == DEPTH_MAX || *budget == 0 || agrees(run, &whole, &left, &right)) {
            add_sums(&left, total);
            add_sums(&right, total);
            continue;
        }
        --*budget;
        stack[count++] = left;
        stack[count++] = right;
    }
}

/* ---- the panels ------------------------------------------------------------------------------ */

/* All panels of the line, before any is halved. */
typedef struct line {
    panel panels[BREAKS_MAX + 2 * OUTER_MAX];
    size_t count;
} line;

/* Adds a panel; what halves may differ by is a share of the integrals over all panels so far. */
static void append_panel(integration *run, double low, double high, double share, line *all) {
    panel *p = &all->panels[all->count++];
    *p = integrate_panel(run, low, high, 0);
    for (size_t k = 0; k < run->integrand->count; k++) {
        run->tolerance[k] += share * p->sizes[k];
    }
}

static bool is_finite(const integration *run, const panel *p) {
    for (size_t k = 0; k < run->integrand->count; k++) {
        if (!(p->sizes[k] < infinite)) {
            return false;
        }
    }
    return true;
}

/*
 * Adds panels beyond the range, side -1 or 1, as long as the outermost one matters. Returns false
 * where the last one does, so that the integral cannot be told from an infinite one.
 */
static bool extend(integration *run, double side, size_t outermost, double share, line *all) {
    double inner = range;
    for (int i = 0; !is_negligible(run, &all->panels[outermost]); i++) {
        if (i == OUTER_MAX) {
            return is_finite(run, &all->panels[outermost]);
        }
        double outer = inner + outer_width;
        append_panel(run, fmin(side * inner, side * outer), fmax(side * inner, side * outer), share,
                     all);
        outermost = all->count - 1;
        inner = outer;
    }
    return true;
}

void snug_gaussian_expect(const snug_integrand *integrand, const snug_scalar_function *f,
                          double mean, double variance, double *results) {
    integration run = {.integrand = integrand, .mean = mean, .deviation = sqrt(variance)};
    breaks b;
    cut_line(&run, f, &b);
    /*
     * Halves may differ by what rounds: their sums, the integrand, and x next to a mean that is
     * many deviations away from 0.
     */
    double share = 4e-15 + 0.1 * (f->rounding + integrand->rounding) +
                   DBL_EPSILON * fabs(mean) / run.deviation;
    line all = {.count = 0};
    for (size_t i = 0; i + 1 < b.count; i++) {
        append_panel(&run, b.at[i], b.at[i + 1], share, &all);
    }
    size_t last = all.count - 1;
    bool finite = extend(&run, -1.0, 0, share, &all) && extend(&run, 1.0, last, share, &all);
    panel total = {.low = -range, .high = range};
    size_t budget = PANELS_MAX;
    for (size_t i = 0; i < all.count && finite; i++) {
        add_panel(&run, &all.panels[i], &budget, &total);
    }
    for (size_t k = 0; k < integrand->count; k++) {
        results[k] = finite ? total.sums[k] : (double)INFINITY;
    }
}

/* ---- moments --------------------------------------------------------------------------------- */

static void evaluate_means(const void *context, double t, double x, double *values) {
    const snug_scalar_function *f = context;
    double slope = f->derivative(f->context, x);
    (void)t;
    values[0] = f->value(f->context, x);
    values[1] = slope;
    values[2] = slope * slope;
}

typedef struct centered {
    const snug_scalar_function *f;
    double mean;
} centered;

static void evaluate_square(const void *context, double t, double x, double *values) {
    const centered *c = context;
    double distance = c->f->value(c->f->context, x) - c->mean;
    (void)t;
    values[0] = distance * distance;
}

double snug_centered_rounding(const snug_scalar_function *f, double mean, double variance) {
    double rounding = fmax(f->rounding, DBL_EPSILON);
    return variance > 0.0 ? fmin(rounding * fabs(mean) / sqrt(variance), 1.0) : rounding;
}

snug_gaussian_moments snug_theory_moments(const snug_scalar_function *f, double mean,
                                          double variance) {
    if (variance <= 0.0) {
        double value = f->value(f->context, mean), slope = f->derivative(f->context, mean);
        return (snug_gaussian_moments){.mean = value,
                                       .second_moment = value * value,
                                       .slope = slope,
                                       .squared_slope = slope * slope};
    }
    double means[3] = {0}, square = 0.0;
    snug_integrand integrand = {.count = 3, .evaluate = evaluate_means, .context = f};
    snug_gaussian_expect(&integrand, f, mean, variance, means);
    /* Centered, because E f^2 - (E f)^2 would lose the digits of a small variance. */
    centered c = {f, means[0]};
    integrand =
        (snug_integrand){.count = 1,
                         .evaluate = evaluate_square,
                         .context = &c,
                         .rounding = snug_centered_rounding(f, means[0], means[2] * variance)};
    snug_gaussian_expect(&integrand, f, mean, variance, &square);
    return (snug_gaussian_moments){.mean = means[0],
                                   .variance = square,
                                   .second_moment = square + means[0] * means[0],
                                   .slope = means[1],
                                   .squared_slope = means[2]};
}
