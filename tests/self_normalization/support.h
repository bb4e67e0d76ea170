/* Networks of equal hidden layers, for tests of what depth does. */
#ifndef SNUG_TESTS_SELF_NORMALIZATION_SUPPORT_H
#define SNUG_TESTS_SELF_NORMALIZATION_SUPPORT_H

#include <snug/snug.h>

/* `depth` times a dense layer of `width` units with an initializer and an activation, by names. */
typedef struct deep_network {
    size_t inputs, depth, width;
    size_t outputs; /* units of one more dense layer without activation; 0: no such layer */
    const char *init, *activation;
} deep_network;

/* Returns a new model without weights, which the caller owns. */
snug_model *build_deep(const deep_network *network);

#endif
