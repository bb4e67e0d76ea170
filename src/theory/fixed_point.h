/*
 * Mean and variance that a layer keeps. With weights of sum 0, or random ones, the next state
 * depends on one number alone, and all its fixed points are found where the state's growth changes
 * its sign. Otherwise the state has two numbers, and one fixed point is found by following layers
 * and by Newton's method.
 */
#ifndef SNUG_THEORY_FIXED_POINT_H
#define SNUG_THEORY_FIXED_POINT_H

#include "theory/mapping.h"

/*
 * Finds the fixed point of f that snug_theory_find_fixed_point() describes, for weights that
 * snug_theory_check() accepts; NULL: omega 0 and tau 1. It always sets `point`, whether there is
 * one or not.
 */
void snug_fixed_point_find(const snug_gaussian_function *f, const snug_theory_weights *weights,
                           snug_theory_fixed_point *point);

#endif
