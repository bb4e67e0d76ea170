/* What the initializers share: independent random weights, and variances that follow the fans. */
#ifndef SNUG_INIT_FILL_H
#define SNUG_INIT_FILL_H

#include <snug/kind.h>

#include "kinds/field_macros.h"

/* The deviation of standard normal numbers that are cut at -2 and 2. */
#define SNUG_TRUNCATED_DEVIATION 0.87962566103423978

/* The field "gain" that every initializer has. */
#define SNUG_GAIN_FIELD(config)                                                                    \
    SNUG_REAL_FIELD(config, gain, 1, SNUG_AT_LEAST(0), "times every weight")

/* Sets w[i] = mean + deviation * z[i] for the standard normal numbers z[0..n) of the stream. */
void snug_fill_normal(const snug_random *stream, double mean, double deviation, size_t n, float *w);

/*
 * Sets w[i] = mean + deviation * z with z normal in [-2, 2]: number i of the stream or, where that
 * is outside, the first of the numbers i + n, i + 2n ... that is not. So each weight depends on its
 * own index alone.
 */
void snug_fill_truncated(const snug_random *stream, double mean, double deviation, size_t n,
                         float *w);

/* Sets w[i] to number i of the stream, uniform in (min, max). */
void snug_fill_uniform(const snug_random *stream, double min, double max, size_t n, float *w);

/* ---- variances that follow the fans ---------------------------------------------------------- */

/* The configuration of lecun_normal and its relatives. */
typedef struct snug_scaled_config {
    double gain;
    bool truncated;
} snug_scaled_config;

/* The tables of their fields: "gain"; for normal weights "truncated" too. */
extern const snug_field snug_scaled_fields[];
extern const snug_field snug_scaled_normal_fields[];

/* Returns gain^2 * scale / fans, or 0 where a tensor has no fans at all. */
double snug_scaled_variance(const void *config, double scale, double fans);

/*
 * Fill w[0..n) with weights of mean 0 and the variance: normal ones, truncated if the configuration
 * says so (then of a larger deviation before the cut, so that the variance is right after it), or
 * uniform ones in +-sqrt(3 variance).
 */
void snug_fill_scaled_normal(const void *config, const snug_random *stream, double variance,
                             size_t n, float *w);
void snug_fill_scaled_uniform(const snug_random *stream, double variance, size_t n, float *w);

#endif
