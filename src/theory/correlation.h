/*
 * Correlation of the activations of two samples. In a wide layer the inputs z1 and z2 of a unit for
 * two samples are jointly Gaussian; how their correlation changes from layer to layer decides
 * whether a deep network can still tell the samples apart (Poole et al. 2016, "Exponential
 * expressivity in deep neural networks through transient chaos").
 */
#ifndef SNUG_THEORY_CORRELATION_H
#define SNUG_THEORY_CORRELATION_H

#include "theory/quadrature.h"

/*
 * Returns the correlation of f(z1) and f(z2) for jointly Gaussian z1 and z2 of that mean, variance
 * and correlation; NaN where f(z) is constant. The error is about 1e-10. It costs some 10^7
 * evaluations of f, and more for correlations near 1.
 */
double snug_theory_correlate(const snug_scalar_function *f, double mean, double variance,
                             double correlation);

#endif
