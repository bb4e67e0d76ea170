#include "init/fill.h"

#include <math.h>

double snug_fan_variance(double gain, double fans) {
    return fans > 0.0 ? gain / fans : 0.0;
}

void snug_fill_normal(const snug_random *stream, double variance, size_t n, float *w) {
    double deviation = sqrt(variance);
    snug_random_normal(stream, 0, n, w);
    for (size_t i = 0; i < n; i++) {
        w[i] = (float)(deviation * (double)w[i]);
    }
}

void snug_fill_uniform(const snug_random *stream, double variance, size_t n, float *w) {
    double limit = sqrt(3.0 * variance);
    snug_random_uniform(stream, 0, n, w);
    for (size_t i = 0; i < n; i++) {
        /* The numbers are multiples of 2^-24 from 0; half a step more makes them symmetric. */
        w[i] = (float)(limit * (2.0 * (double)w[i] + 0x1p-24 - 1.0));
    }
}
