/* Penalties and the limit of the norm of weights: the fields that every layer with weights has. */
#ifndef SNUG_LAYERS_PENALTY_H
#define SNUG_LAYERS_PENALTY_H

#include <stddef.h>

#include <snug/kind.h>

#include "kinds/field_macros.h"

typedef struct snug_penalties {
    double l1, l2, max_norm;
} snug_penalties;

/* `which` is l1, l2 or max_norm. */
#define SNUG_PENALTY_FIELD(config, member, which, help_line)                                       \
    {.name = #which,                                                                               \
     .help = (help_line),                                                                          \
     .kind = SNUG_FIELD_REAL,                                                                      \
     .offset = offsetof(config, member.which), /* NOLINT(bugprone-macro-parentheses) */            \
     SNUG_AT_LEAST(0)}

/* Three rows of a table of fields; biases are exempt from all of them. */
#define SNUG_PENALTY_FIELDS(config, member)                                                        \
    SNUG_PENALTY_FIELD(config, member, l1,                                                         \
                       "adds l1 times the sum of |w| to the loss of training, of scaled targets"), \
        SNUG_PENALTY_FIELD(                                                                        \
            config, member, l2,                                                                    \
            "adds l2 times the sum of w^2 to the loss of training, of scaled targets"),            \
        SNUG_PENALTY_FIELD(config, member, max_norm,                                               \
                           "largest norm of the weights into one unit, after each step; 0: any")

/* Copies the penalties and the limit of a configuration to a tensor. */
static inline void snug_penalize(snug_tensor *weight, const snug_penalties *penalties) {
    weight->l1 = penalties->l1;
    weight->l2 = penalties->l2;
    weight->max_norm = penalties->max_norm;
}

/* Whether any of the three is set. */
static inline bool snug_penalizes(const snug_penalties *penalties) {
    return penalties->l1 > 0 || penalties->l2 > 0 || penalties->max_norm > 0;
}

#endif
