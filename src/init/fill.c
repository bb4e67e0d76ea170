/* Random weights; all arithmetic in double, rounded to float32 once. */
#include "init/fill.h"
#include "kinds/field_macros.h"

void snug_fill_normal(const snug_random *stream, double mean, double deviation, size_t n,
                      float *w) {
    snug_random_normal(stream, 0, n, w);
    for (size_t i = 0; i < n; i++) {
        w[i] = (float)(mean + deviation * (double)w[i]);
    }
}

void snug_fill_truncated(const snug_random *stream, double mean, double deviation, size_t n,
                         float *w) {
    snug_random_normal(stream, 0, n, w);
    for (size_t i = 0; i < n; i++) {
        for (uint64_t next = (uint64_t)i + n; fabsf(w[i]) > 2.0F; next += n) {
            snug_random_normal(stream, next, 1, &w[i]);
        }
        w[i] = (float)(mean + deviation * (double)w[i]);
    }
}

void snug_fill_uniform(const snug_random *stream, double min, double max, size_t n, float *w) {
    double middle = 0.5 * (min + max), half = 0.5 * (max - min);
    snug_random_uniform(stream, 0, n, w);
    for (size_t i = 0; i < n; i++) {
        /* The numbers are multiples of 2^-24 from 0; half a step more makes them symmetric. */
        w[i] = (float)(middle + half * (2.0 * (double)w[i] + 0x1p-24 - 1.0));
    }
}

const snug_field snug_scaled_fields[] = {
    SNUG_GAIN_FIELD(snug_scaled_config),
    SNUG_FIELDS_END,
};

const snug_field snug_scaled_normal_fields[] = {
    SNUG_GAIN_FIELD(snug_scaled_config),
    SNUG_BOOL_FIELD(snug_scaled_config, truncated, false,
                    "no weight beyond 2 deviations, before it is scaled to the same variance"),
    SNUG_FIELDS_END,
};

double snug_scaled_variance(const void *config, double scale, double fans) {
    double gain = ((const snug_scaled_config *)config)->gain;
    return fans > 0.0 ? gain * gain * scale / fans : 0.0;
}

void snug_fill_scaled_normal(const void *config, const snug_random *stream, double variance,
                             size_t n, float *w) {
    double deviation = sqrt(variance);
    if (((const snug_scaled_config *)config)->truncated) {
        snug_fill_truncated(stream, 0.0, deviation / SNUG_TRUNCATED_DEVIATION, n, w);
    } else {
        snug_fill_normal(stream, 0.0, deviation, n, w);
    }
}

void snug_fill_scaled_uniform(const snug_random *stream, double variance, size_t n, float *w) {
    double limit = sqrt(3.0 * variance);
    snug_fill_uniform(stream, -limit, limit, n, w);
}
