/* Initial weights and biases of the members of an ensemble that are fitted to training rows. */
#ifndef SNUG_LAYERS_MEMBER_FIT_H
#define SNUG_LAYERS_MEMBER_FIT_H

#include <snug/kind.h>

/* The maps of k members of inputs x outputs: y = (x * r_m) W + b_m, or y = x W_m + b_m. */
typedef struct snug_member_fit {
    size_t members;     /* k */
    const float *scale; /* r, k x inputs, of a W of all; NULL: a W for each */
    const snug_object *weight_init, *bias_init; /* either may be NULL */
    float *weight; /* inputs x outputs, or k of them below each other */
    float *biases; /* k x outputs, or NULL */
} snug_member_fit;

/*
 * Lets the initializers change weights and biases as snug_fit_linear() does. A map of its own sees
 * its member's rows. The W of all sees row i as member i mod k does, and so does each b_m, with
 * random numbers of its own. Returns SNUG_OK, or the status of snug_fail().
 */
snug_status snug_fit_members(const snug_member_fit *maps, const snug_layer_fit *fit);

#endif
