/*
 * The built-in kinds: the one list of them all. A new kind is one line here, and a file that
 * defines its descriptor, snug_<group>_<name>_kind; a line without a descriptor is an error of the
 * linker. The order is that of `snug describe`.
 *
 * Kinds are defined in modules above this one. The list is here because every file that reads JSON
 * looks kinds up by name; it names descriptors and uses nothing else of those modules.
 */
#ifndef SNUG_KINDS_BUILTIN_KINDS_H
#define SNUG_KINDS_BUILTIN_KINDS_H

#include <snug/kind.h> /* IWYU pragma: export */

#define SNUG_BUILTIN_LAYERS(X)                                                                     \
    X(layer, dense)                                                                                \
    X(layer, batch_ensemble)                                                                       \
    X(layer, activation)                                                                           \
    X(layer, parametric_activation)                                                                \
    X(layer, feature_scale)                                                                        \
    X(layer, prelu)                                                                                \
    X(layer, dropout)                                                                              \
    X(layer, alpha_dropout)                                                                        \
    X(layer, gaussian_noise)                                                                       \
    X(layer, piecewise_linear_embedding)                                                           \
    X(layer, periodic_embedding)                                                                   \
    X(layer, category_embedding)                                                                   \
    X(layer, batch_norm)                                                                           \
    X(layer, layer_norm)                                                                           \
    X(layer, residual)                                                                             \
    X(layer, highway)

#define SNUG_BUILTIN_ACTIVATIONS(X)                                                                \
    X(activation, elu)                                                                             \
    X(activation, selu)                                                                            \
    X(activation, serlu)                                                                           \
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
    X(activation, standardized)                                                                    \
    X(activation, gaussian_poincare)                                                               \
    X(activation, log_softmax)

#define SNUG_BUILTIN_LOSSES(X)                                                                     \
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

#define SNUG_BUILTIN_OPTIMIZERS(X)                                                                 \
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

#define SNUG_BUILTIN_SCHEDULES(X)                                                                  \
    X(schedule, constant)                                                                          \
    X(schedule, step)                                                                              \
    X(schedule, exponential)                                                                       \
    X(schedule, cosine)                                                                            \
    X(schedule, coslog)                                                                            \
    X(schedule, flat_cosine)                                                                       \
    X(schedule, polynomial)                                                                        \
    X(schedule, one_cycle)                                                                         \
    X(schedule, reduce_on_plateau)                                                                 \
    X(schedule, warmup)

#define SNUG_BUILTIN_INITS(X)                                                                      \
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
    X(init, random_sign)                                                                           \
    X(init, constant)                                                                              \
    X(init, data_driven)                                                                           \
    X(init, lsuv)                                                                                  \
    X(init, auto)                                                                                  \
    X(init, zeros)

#define SNUG_DECLARE_KIND(group, name)                                                             \
    extern const snug_##group##_kind snug_##group##_##name##_kind;
SNUG_BUILTIN_LAYERS(SNUG_DECLARE_KIND)
SNUG_BUILTIN_ACTIVATIONS(SNUG_DECLARE_KIND)
SNUG_BUILTIN_LOSSES(SNUG_DECLARE_KIND)
SNUG_BUILTIN_OPTIMIZERS(SNUG_DECLARE_KIND)
SNUG_BUILTIN_SCHEDULES(SNUG_DECLARE_KIND)
SNUG_BUILTIN_INITS(SNUG_DECLARE_KIND)
#undef SNUG_DECLARE_KIND

/* Returns the built-in kinds of a group, ended by NULL. */
const snug_kind *const *snug_builtin_kinds(snug_group group);

#endif
