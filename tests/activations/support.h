/* What the suites of this folder share. */
#ifndef SNUG_TESTS_ACTIVATIONS_SUPPORT_H
#define SNUG_TESTS_ACTIVATIONS_SUPPORT_H

#include <check.h>

#include "core/object.h"

/* The activation that a specification names; the test fails when there is none. */
snug_object *activation_new(const char *spec);
const snug_activation_kind *activation_kind(const snug_object *object);

/* How many floats lie between two; zeros of both signs are one, NaN is near NaN alone. */
double ulp_between(float a, float b);

/* The step between floats at the size of x, for limits on absolute errors. */
double ulp_of(double x);

#endif
