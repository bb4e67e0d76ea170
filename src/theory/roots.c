#include <math.h>
#include <stdbool.h>

#include "theory/roots.h"

/* A point and the value there. */
typedef struct sample {
    double x, value;
} sample;

static sample evaluate(const snug_real_function *f, double x) {
    return (sample){x, f->value(f->context, x)};
}

/* Returns -1, 0 or 1. */
static int sign_of(const snug_real_function *f, const sample *s) {
    if (fabs(s->value) <= f->noise) {
        return 0;
    }
    return s->value < 0.0 ? -1 : 1;
}

void snug_roots_add(snug_roots *roots, double x) {
    if (roots->count < SNUG_ROOTS_MAX) {
        roots->at[roots->count++] = x;
    }
}

/* Adds the root between points of different sign by the Illinois method (Dowell, Jarratt 1971). */
static void add_crossing(const snug_real_function *f, sample a, sample b, snug_roots *roots) {
    for (int i = 0; i < 100 && fabs(b.x - a.x) > 1e-15; i++) {
        bool finite = isfinite(a.value) && isfinite(b.value);
        double x = finite ? b.x - b.value * (b.x - a.x) / (b.value - a.value) : 0.5 * (a.x + b.x);
        sample c = evaluate(f, x);
        if (c.value * b.value < 0.0) {
            a = b;
        } else {
            a.value *= 0.5;
        }
        bool still = fabs(c.x - b.x) <= 1e-15;
        b = c;
        if (fabs(b.value) <= 0.0 || still) {
            break;
        }
    }
    snug_roots_add(roots, b.x);
}

/*
 * Looks for the point nearest to 0 between three of equal sign of which the middle one is nearest,
 * by golden section. Adds two roots if it is on the other side of 0, and one if it is at 0.
 */
static void add_touching(const snug_real_function *f, sample a, sample b, sample c,
                         snug_roots *roots) {
    const double share = 0.38196601125010515; /* (3 - sqrt(5)) / 2 */
    sample low = a, high = c;
    int sign = sign_of(f, &b);
    for (int i = 0; i < 60 && sign_of(f, &b) == sign; i++) {
        bool right = high.x - b.x > b.x - low.x;
        sample d = evaluate(f, b.x + share * (right ? high.x - b.x : low.x - b.x));
        bool nearer = sign * d.value < sign * b.value;
        if (nearer) {
            *(right ? &low : &high) = b;
            b = d;
        } else {
            *(right ? &high : &low) = d;
        }
    }
    if (sign_of(f, &b) == 0) {
        snug_roots_add(roots, b.x);
    } else if (sign_of(f, &b) != sign) {
        add_crossing(f, a, b, roots);
        add_crossing(f, b, c, roots);
    }
}

/* Adds the roots that three successive points show: between the first two, and near the second. */
static void add_between(const snug_real_function *f, const sample *s, snug_roots *roots) {
    const double near = 0.05; /* a smooth function that is further from 0 does not get there */
    int first = sign_of(f, &s[0]), second = sign_of(f, &s[1]), third = sign_of(f, &s[2]);
    if (first * second < 0) {
        add_crossing(f, s[0], s[1], roots);
    }
    if (second == 0 && first != 0 && third != 0) {
        snug_roots_add(roots, s[1].x);
    }
    double size = fabs(s[1].value);
    if (first * second > 0 && second * third > 0 && size < near && size < fabs(s[0].value) &&
        size < fabs(s[2].value)) {
        add_touching(f, s[0], s[1], s[2], roots);
    }
}

void snug_roots_find(const snug_real_function *f, const double *x, size_t count,
                     snug_roots *roots) {
    sample s[3] = {{0.0, 0.0}, evaluate(f, x[0]), {0.0, 0.0}};
    s[2] = s[1];
    for (size_t i = 1; i < count; i++) {
        s[0] = s[1];
        s[1] = s[2];
        s[2] = evaluate(f, x[i]);
        if (i > 1) {
            add_between(f, s, roots);
        }
    }
    if (count > 1 && sign_of(f, &s[1]) * sign_of(f, &s[2]) < 0) {
        add_crossing(f, s[1], s[2], roots);
    }
}
