/* What the suites of this folder share. */
#ifndef SNUG_TESTS_ACTIVATIONS_SUPPORT_H
#define SNUG_TESTS_ACTIVATIONS_SUPPORT_H

#include <check.h> /* IWYU pragma: export */

#include "kinds/object.h"

/* The activation that a specification names; the test fails when there is none. */
snug_object *activation_new(const char *spec);
/*
 * An activation of a kind with the defaults of its fields, where a kind that needs another
 * activation gets tanh.
 */
snug_object *activation_of_kind(const snug_kind *kind);

const snug_activation_kind *activation_kind(const snug_object *object);

/*
 * Returns how many floats there are from a to b. 0 and -0 are one float; NaN is at distance 0 from
 * NaN, and infinitely far from every number.
 */
double ulp_between(float a, float b);

/* The step between floats at the size of x, for limits on absolute errors. */
double ulp_of(double x);

#endif
