/*
 * Mean and variance that a layer keeps. With weights of sum 0, or random ones, the next state
 * depends on one number alone, and fixed points are the roots of the logarithm of its growth. That
 * number is 1 in networks of standardized inputs; layers that begin there, or next to it, approach
 * the next fixed point in the direction in which they move. Otherwise the state has two numbers,
 * and fixed points are found by following layers and by Newton's method.
 */
#ifndef SNUG_THEORY_FIXED_POINT_H
#define SNUG_THEORY_FIXED_POINT_H

#include "theory/mapping.h"

/*
 * Finds the fixed points of f that snug_theory_find_fixed_point() describes, for weights that
 * snug_theory_check() accepts; NULL: omega 0 and tau 1. It always sets `point`, whether there is
 * one or not.
 */
void snug_fixed_point_find(const snug_gaussian_function *f, const snug_theory_weights *weights,
                           snug_theory_fixed_point *point);

#endif
