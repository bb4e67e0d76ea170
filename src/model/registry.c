/*
 * The built-in kinds: the one place that knows them all. A new kind is one line here, and a file
 * that defines its descriptor, snug_<group>_<name>_kind. The order is that of `snug describe`.
 */
#include "core/object.h"

#define LAYERS(X)                                                                                  \
    X(layer, dense)                                                                                \
    X(layer, activation)                                                                           \
    X(layer, prelu)                                                                                \
    X(layer, dropout)                                                                              \
    X(layer, alpha_dropout)                                                                        \
    X(layer, gaussian_noise)                                                                       \
    X(layer, batch_norm)                                                                           \
    X(layer, layer_norm)                                                                           \
    X(layer, residual)                                                                             \
    X(layer, highway)

#define ACTIVATIONS(X)                                                                             \
    X(activation, elu)                                                                             \
    X(activation, selu)                                                                            \
    X(activation, celu)                                                                            \
    X(activation, relu)                                                                            \
    X(activation, leaky_relu)                                                                      \
    X(activation, tanh)                                                                            \
    X(activation, sigmoid)                                                                         \
    X(activation, exp)                                                                             \
    X(activation, identity)                                                                        \
    X(activation, softmax)                                                                         \
    X(activation, relu6)                                                                           \
    X(activation, thresholded_relu)                                                                \
    X(activation, hard_tanh)                                                                       \
    X(activation, hard_sigmoid)                                                                    \
    X(activation, hard_swish)                                                                      \
    X(activation, softplus)                                                                        \
    X(activation, softsign)                                                                        \
    X(activation, silu)                                                                            \
    X(activation, mish)                                                                            \
    X(activation, gelu)                                                                            \
    X(activation, log_sigmoid)                                                                     \
    X(activation, log_softmax)

#define LOSSES(X)                                                                                  \
    X(loss, mse)                                                                                   \
    X(loss, softmax_cross_entropy)                                                                 \
    X(loss, binary_cross_entropy)                                                                  \
    X(loss, mae)                                                                                   \
    X(loss, huber)                                                                                 \
    X(loss, log_cosh)                                                                              \
    X(loss, quantile)                                                                              \
    X(loss, poisson)                                                                               \
    X(loss, kl_divergence)                                                                         \
    X(loss, hinge)                                                                                 \
    X(loss, focal)

#define OPTIMIZERS(X)                                                                              \
    X(optimizer, sgd)                                                                              \
    X(optimizer, adam)                                                                             \
    X(optimizer, adamw)                                                                            \
    X(optimizer, nadam)                                                                            \
    X(optimizer, radam)                                                                            \
    X(optimizer, adamax)                                                                           \
    X(optimizer, adagrad)                                                                          \
    X(optimizer, adadelta)                                                                         \
    X(optimizer, rmsprop)                                                                          \
    X(optimizer, rprop)                                                                            \
    X(optimizer, lion)                                                                             \
    X(optimizer, lbfgs)

#define SCHEDULES(X)                                                                               \
    X(schedule, constant)                                                                          \
    X(schedule, step)                                                                              \
    X(schedule, exponential)                                                                       \
    X(schedule, cosine)                                                                            \
    X(schedule, polynomial)                                                                        \
    X(schedule, one_cycle)                                                                         \
    X(schedule, reduce_on_plateau)                                                                 \
    X(schedule, warmup)

#define INITS(X)                                                                                   \
    X(init, lecun_normal)                                                                          \
    X(init, lecun_uniform)                                                                         \
    X(init, he_normal)                                                                             \
    X(init, he_uniform)                                                                            \
    X(init, glorot_normal)                                                                         \
    X(init, glorot_uniform)                                                                        \
    X(init, orthogonal)                                                                            \
    X(init, normal)                                                                                \
    X(init, truncated_normal)                                                                      \
    X(init, uniform)                                                                               \
    X(init, constant)                                                                              \
    X(init, zeros)

#define DECLARE(group, name) extern const snug_##group##_kind snug_##group##_##name##_kind;
LAYERS(DECLARE)
ACTIVATIONS(DECLARE)
LOSSES(DECLARE)
OPTIMIZERS(DECLARE)
SCHEDULES(DECLARE)
INITS(DECLARE)

#define BASE(group, name) &snug_##group##_##name##_kind.base,
static const snug_kind *const layers[] = {LAYERS(BASE) NULL};
static const snug_kind *const activations[] = {ACTIVATIONS(BASE) NULL};
static const snug_kind *const losses[] = {LOSSES(BASE) NULL};
static const snug_kind *const optimizers[] = {OPTIMIZERS(BASE) NULL};
static const snug_kind *const schedules[] = {SCHEDULES(BASE) NULL};
static const snug_kind *const inits[] = {INITS(BASE) NULL};

const snug_kind *const *snug_builtin_kinds(snug_group group) {
    static const snug_kind *const *const groups[SNUG_GROUP_COUNT] = {
        [SNUG_GROUP_LAYER] = layers,       [SNUG_GROUP_ACTIVATION] = activations,
        [SNUG_GROUP_LOSS] = losses,        [SNUG_GROUP_OPTIMIZER] = optimizers,
        [SNUG_GROUP_SCHEDULE] = schedules, [SNUG_GROUP_INIT] = inits,
    };
    return groups[group];
}
