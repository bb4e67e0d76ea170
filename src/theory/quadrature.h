/*
 * Expectations of functions of a Gaussian random variable by numerical integration.
 *
 * In a wide layer, each unit's input z is a sum of many terms and nearly Gaussian; what a layer
 * makes of mean and variance then follows from expectations of its activation f and of the
 * derivative f'. They are integrals of f times the density of z, computed here for any f.
 */
#ifndef SNUG_THEORY_QUADRATURE_H
#define SNUG_THEORY_QUADRATURE_H

#include <stddef.h>

/* A function of one real variable with its derivative, in double precision. */
typedef struct snug_scalar_function {
    double (*value)(const void *context, double x);
    double (*derivative)(const void *context, double x);
    const void *context;
    /*
     * Ascending places where the function or its derivative jumps, or bends within a distance much
     * smaller than 1. Between them both functions must be smooth. Kinks that are not listed cost
     * time and digits.
     */
    const double *kinks;
    size_t kink_count;
    double rounding; /* relative error of the two functions; 0: that of double */
} snug_scalar_function;

/* Moments of y = f(z) and f'(z) for z ~ N(mean, variance). */
typedef struct snug_gaussian_moments {
    double mean;          /* E f(z) */
    double variance;      /* Var f(z), with its digits even where it is much smaller than mean^2 */
    double second_moment; /* E f(z)^2 */
    double slope;         /* E f'(z) */
    double squared_slope; /* E f'(z)^2, by which a gradient's second moment grows */
} snug_gaussian_moments;

/* The most numbers that one integrand has. */
#define SNUG_INTEGRAND_MAX 8

/*
 * Several functions of the standard normal t and of x = mean + sqrt(variance) t, whose expectations
 * are computed at the same points.
 */
typedef struct snug_integrand {
    size_t count; /* at most SNUG_INTEGRAND_MAX */
    void (*evaluate)(const void *context, double t, double x, double *values);
    const void *context;
    double rounding; /* its relative error beside that of f: see snug_centered_rounding() */
} snug_integrand;

/*
 * Computes the expectations of an integrand for x ~ N(mean, variance), results[0 .. count - 1],
 * where variance > 0. `f` names the kinks and the rounding. The error is a few units in the last
 * place of the expectation of the absolute value, if the integrand grows at most as e^(2 abs(x)).
 * Not finite where the integrand is not: where most of the expectation of e^(2 x) is, that
 * overflows from a variance of about 120 on.
 */
void snug_gaussian_expect(const snug_integrand *integrand, const snug_scalar_function *f,
                          double mean, double variance, double *results);

/*
 * Returns the relative error of f(z) - mean where f(z) has that mean and a variance of about
 * `variance`: how many digits the subtraction loses.
 */
double snug_centered_rounding(const snug_scalar_function *f, double mean, double variance);

/*
 * Returns the moments of f for z ~ N(mean, variance), variance >= 0; a variance of 0 gives those of
 * the constant f(mean). Relative errors are about 1e-14, of mean and slope relative to E abs(f) and
 * E abs(f').
 */
snug_gaussian_moments snug_theory_moments(const snug_scalar_function *f, double mean,
                                          double variance);

#endif
