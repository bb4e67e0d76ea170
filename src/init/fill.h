/* What the initializers share: independent weights, and variances that follow the fans. */
#ifndef SNUG_INIT_FILL_H
#define SNUG_INIT_FILL_H

#include <snug/kind.h>

#include "core/field_macros.h"

/* The deviation of standard normal numbers that are cut at -2 and 2. */
#define SNUG_TRUNCATED_DEVIATION 0.87962566103423978

/* The field "gain" that every initializer has. */
#define SNUG_GAIN_FIELD(config)                                                                    \
    SNUG_REAL_FIELD(config, gain, 1, SNUG_AT_LEAST(0), "times every weight")

/* w[i] = mean + deviation * (number i of the stream's normal numbers) */
void snug_fill_normal(const snug_random *stream, double mean, double deviation, size_t n, float *w);

/*
 * The same with normal numbers in [-2, 2]: in the place of number i that is outside comes the first
 * of the numbers i + n, i + 2n ... that is not.
 */
void snug_fill_truncated(const snug_random *stream, double mean, double deviation, size_t n,
                         float *w);

/* w[i] = number i of the stream's uniform numbers, spread over (min, max) */
void snug_fill_uniform(const snug_random *stream, double min, double max, size_t n, float *w);

/* ---- variances that follow the fans ---------------------------------------------------------- */

/* The configuration of a kind whose variance is gain^2 times what the fans ask for. */
typedef struct snug_scaled_config {
    double gain;
    bool truncated;
} snug_scaled_config;

/* "gain"; for normal weights "truncated" too. */
extern const snug_field snug_scaled_fields[];
extern const snug_field snug_scaled_normal_fields[];

/* gain^2 * scale / fans, and 0 where a tensor has no fans at all. */
double snug_scaled_variance(const void *config, double scale, double fans);

/* Weights of mean 0 and that variance: normal, truncated or not, and uniform. */
void snug_fill_scaled_normal(const void *config, const snug_random *stream, double variance,
                             size_t n, float *w);
void snug_fill_scaled_uniform(const snug_random *stream, double variance, size_t n, float *w);

#endif
