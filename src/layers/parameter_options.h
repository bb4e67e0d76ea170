/*
 * How fast the weights and biases of a layer learn and how its biases start: the fields that layers
 * with a linear part share.
 *
 *     {"type": "dense", "units": 256, "parametrization": "ntk", "bias_learning_rate_factor": 0.1}
 *
 * "ntk" is the neural tangent parametrization z = W x / sqrt(fan_in) + b, with entries of W of size
 * 1 (Jacot et al. 2018, "Neural tangent kernel"). What is trained and saved is W / sqrt(fan_in),
 * the plain weights: they start with variance 1/fan_in, and where W moves by some length, they move
 * by 1 / sqrt(fan_in) of it, which is a factor of the learning rate. That is exact for optimizers
 * whose steps do not depend on the size of the gradient, such as adam and lion. The gradient of the
 * plain weights is sqrt(fan_in) times that of W, so that sgd takes longer steps by this factor.
 */
#ifndef SNUG_LAYERS_PARAMETER_OPTIONS_H
#define SNUG_LAYERS_PARAMETER_OPTIONS_H

#include <math.h>
#include <stddef.h>

#include <snug/kind.h>

#include "kinds/field_macros.h"

typedef struct snug_rate_factors {
    double learning_rate_factor, bias_learning_rate_factor;
} snug_rate_factors;

typedef struct snug_parameter_options {
    snug_rate_factors factors;
    int parametrization;
    snug_object *bias_init;
} snug_parameter_options;

enum { SNUG_PARAMETRIZATION_STANDARD, SNUG_PARAMETRIZATION_NTK };

/* The range of a factor: the learning rate and the weight decay divided by it stay numbers. */
#define SNUG_RATE_FACTOR_RANGE SNUG_FROM_TO(1e-6, 1e6)

/* NOLINTBEGIN(bugprone-macro-parentheses): `config` is a type, `member` the name of a member */

/* A field of a layer whose configuration has the double member itself. */
#define SNUG_RATE_FACTOR_FIELD(config, member, help_line)                                          \
    {SNUG_FIELD(config, member, REAL, help_line), .initial = 1, SNUG_RATE_FACTOR_RANGE}

/* The same, of a layer whose files leave it out where it is 1. */
#define SNUG_SPARSE_RATE_FACTOR_FIELD(config, member, help_line)                                   \
    {SNUG_FIELD(config, member, REAL, help_line), .initial = 1, SNUG_RATE_FACTOR_RANGE,            \
     .sparse = true}

/* Two rows of a table of fields, of layers with weights and biases. */
#define SNUG_RATE_FACTOR_FIELDS(config, member)                                                    \
    {.name = "learning_rate_factor",                                                               \
     .help = "times the learning rate of the weights",                                             \
     .kind = SNUG_FIELD_REAL,                                                                      \
     .offset = offsetof(config, member.learning_rate_factor),                                      \
     .initial = 1,                                                                                 \
     SNUG_RATE_FACTOR_RANGE,                                                                       \
     .sparse = true},                                                                              \
    {                                                                                              \
        .name = "bias_learning_rate_factor", .help = "times the learning rate of the biases",      \
        .kind = SNUG_FIELD_REAL, .offset = offsetof(config, member.bias_learning_rate_factor),     \
        .initial = 1, SNUG_RATE_FACTOR_RANGE, .sparse = true                                       \
    }

/* Four rows of a table of fields; `member` is a snug_parameter_options. */
#define SNUG_PARAMETER_FIELDS(config, member)                                                      \
    SNUG_RATE_FACTOR_FIELDS(config, member.factors),                                               \
        {.name = "parametrization",                                                                \
         .help = "ntk: as if W / sqrt(inputs) were the weights and W, of size 1, were trained",    \
         .kind = SNUG_FIELD_CHOICE,                                                                \
         .offset = offsetof(config, member.parametrization),                                       \
         .initial = SNUG_PARAMETRIZATION_STANDARD,                                                 \
         .choices = snug_parametrizations,                                                         \
         .sparse = true},                                                                          \
    {                                                                                              \
        .name = "bias_init", .help = "initial biases; null: 0", .kind = SNUG_FIELD_OBJECT,         \
        .offset = offsetof(config, member.bias_init), .group = SNUG_GROUP_INIT, .sparse = true     \
    }

/* NOLINTEND(bugprone-macro-parentheses) */

/* The names of the parametrizations, ended by NULL. */
static const char *const snug_parametrizations[] = {"standard", "ntk", NULL};

/* Returns the factor of the learning rate of weights that lead from fan_in inputs. */
static inline double snug_weight_rate_factor(const snug_parameter_options *options, size_t fan_in) {
    double factor = options->factors.learning_rate_factor;
    return options->parametrization == SNUG_PARAMETRIZATION_NTK ? factor / sqrt((double)fan_in)
                                                                : factor;
}

/* Returns the default initializer of weights: what suits the next layer or, for ntk, 1/fan_in. */
static inline const snug_object *snug_default_init(const snug_parameter_options *options,
                                                   const snug_layer_shape *shape) {
    return options->parametrization == SNUG_PARAMETRIZATION_NTK ? shape->lecun_init
                                                                : shape->next_init;
}

/* Returns the tensor of the biases of so many units that have fan_in inputs each. */
static inline snug_tensor snug_bias_tensor(const snug_parameter_options *options, size_t fan_in,
                                           size_t units) {
    return (snug_tensor){.name = "bias",
                         .columns = units,
                         .bias = true,
                         .learning_rate_factor = options->factors.bias_learning_rate_factor,
                         .init = options->bias_init,
                         .fan_in = fan_in,
                         .fan_out = units};
}

/*
 * Sets tensors[0] and tensors[1] to the scales and the shifts, which training begins at 1 and 0, of
 * a layer that normalizes n columns. Both are biases: no weight decay is on them.
 */
static inline void snug_plan_scale_and_shift(const snug_rate_factors *factors, size_t n,
                                             snug_tensor *tensors) {
    tensors[0] = (snug_tensor){.name = "weight",
                               .columns = n,
                               .initial = 1.0F,
                               .bias = true,
                               .learning_rate_factor = factors->learning_rate_factor};
    tensors[1] = (snug_tensor){.name = "bias",
                               .columns = n,
                               .bias = true,
                               .learning_rate_factor = factors->bias_learning_rate_factor};
}

#endif
