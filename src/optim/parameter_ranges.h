/*
 * What an optimizer needs to know of a model's parameters: how many there are, and which of them
 * have a learning rate of their own or are biases. The plan of a model makes it (plan/plan.h).
 */
#ifndef SNUG_OPTIM_PARAMETER_RANGES_H
#define SNUG_OPTIM_PARAMETER_RANGES_H

#include <stdbool.h>
#include <stddef.h>

/* Parameters with the same properties, from `first` on to the first one of the next range. */
typedef struct snug_parameter_range {
    size_t first;
    double rate_factor; /* times the learning rate; above 0 */
    bool bias;          /* without weight decay where biases have none */
} snug_parameter_range;

/* The ranges of a flat vector; the first one begins at 0. */
typedef struct snug_parameter_ranges {
    size_t parameters; /* floats in the vector */
    const snug_parameter_range *items;
    size_t count; /* 0: all parameters are weights of rate factor 1 */
} snug_parameter_ranges;

#endif
