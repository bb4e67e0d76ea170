/* What the initializers share: independent weights of mean 0 and a given variance. */
#ifndef SNUG_INIT_FILL_H
#define SNUG_INIT_FILL_H

#include <snug/kind.h>

/* gain / fans, and 0 where a tensor has no fans at all. */
double snug_fan_variance(double gain, double fans);

/* w[i] = sqrt(variance) * (number i of the stream's normal numbers) */
void snug_fill_normal(const snug_random *stream, double variance, size_t n, float *w);

/* w[i] = number i of the stream's uniform numbers, spread over (-sqrt(3 variance), sqrt(3 variance)) */
void snug_fill_uniform(const snug_random *stream, double variance, size_t n, float *w);

#endif
