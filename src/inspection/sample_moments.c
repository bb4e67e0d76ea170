#include <math.h>

#include "inspection/sample_moments.h"

/* Two passes: the second one sums distances from the mean, which keep their digits. */
snug_sample_moments snug_moments_of(size_t n, const float *x) {
    snug_sample_moments m = {.count = (double)n};
    double sum = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)x[i];
        m.absolute += fabs((double)x[i]);
    }
    m.mean = n > 0 ? sum / m.count : 0;
    for (size_t i = 0; i < n; i++) {
        double distance = (double)x[i] - m.mean;
        rest += distance;
        m.squares += distance * distance;
    }
    /* The mean is rounded: what the distances add up to corrects it. */
    if (n > 0) {
        m.squares -= rest * rest / m.count;
        m.mean += rest / m.count;
    }
    return m;
}

snug_sample_moments snug_moments_scaled(snug_sample_moments moments, double factor) {
    moments.mean *= factor;
    moments.squares *= factor * factor;
    moments.absolute *= fabs(factor);
    return moments;
}

void snug_moments_add(snug_sample_moments *to, const snug_sample_moments *more) {
    double count = to->count + more->count;
    if (more->count == 0) {
        return;
    }
    double apart = more->mean - to->mean;
    to->squares += more->squares + apart * apart * to->count * more->count / count;
    to->mean += apart * more->count / count;
    to->absolute += more->absolute;
    to->count = count;
}

double snug_moments_variance(const snug_sample_moments *moments) {
    double squares = moments->squares < 0 ? 0 : moments->squares; /* by rounding; NaN stays */
    return moments->count > 0 ? squares / moments->count : (double)NAN;
}

double snug_moments_absolute(const snug_sample_moments *moments) {
    return moments->count > 0 ? moments->absolute / moments->count : (double)NAN;
}
