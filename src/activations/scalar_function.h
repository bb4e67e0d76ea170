/* An elementwise activation as a function of one number in double precision. */
#ifndef SNUG_ACTIVATIONS_SCALAR_FUNCTION_H
#define SNUG_ACTIVATIONS_SCALAR_FUNCTION_H

#include <stdbool.h>

#include <snug/kind.h>

#include "theory/quadrature.h"

/* An activation's function, with the memory that it refers to: it must not be copied or moved. */
typedef struct snug_activation_function {
    snug_scalar_function function; /* what the quadrature takes */
    const snug_activation_kind *kind;
    const void *config;
    double kinks[SNUG_KINKS_MAX];
} snug_activation_function;

/* Returns whether y[i] depends on x[i] alone, so that the kind has a function of one number. */
bool snug_activation_is_elementwise(const snug_activation_kind *kind);

/*
 * Returns the activation in a field of an activation's configuration, which that one computes with;
 * NULL: it has none.
 */
const snug_object *snug_activation_within(const snug_kind *kind, const void *config);

/*
 * Sets f to the function of an elementwise activation, which is used as long as `config` is valid:
 * the functions in double of its kind or, without them, those in float. The latter are evaluated at
 * the nearest float and followed along their slope to x. A kind around another activation has the
 * precision of that one.
 */
void snug_activation_function_init(snug_activation_function *f, const snug_activation_kind *kind,
                                   const void *config);

#endif
