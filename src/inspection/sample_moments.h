/* Mean, variance and mean absolute value of many numbers, which come in blocks. */
#ifndef SNUG_INSPECTION_SAMPLE_MOMENTS_H
#define SNUG_INSPECTION_SAMPLE_MOMENTS_H

#include <stddef.h>

/* All zero: of no numbers. */
typedef struct snug_sample_moments {
    double count, mean;
    double squares;  /* sum of the squared distances from the mean */
    double absolute; /* sum of the absolute values */
} snug_sample_moments;

/* Returns the moments of n numbers. */
snug_sample_moments snug_moments_of(size_t n, const float *x);

/* Returns the moments of x times a factor. */
snug_sample_moments snug_moments_scaled(snug_sample_moments moments, double factor);

/*
 * Adds the moments of more numbers, without losing digits where the mean is far from 0 (Chan, Golub
 * and LeVeque 1983, "Algorithms for computing the sample variance").
 */
void snug_moments_add(snug_sample_moments *to, const snug_sample_moments *more);

/* Return the population variance and the mean absolute value; NaN of no numbers. */
double snug_moments_variance(const snug_sample_moments *moments);
double snug_moments_absolute(const snug_sample_moments *moments);

#endif
