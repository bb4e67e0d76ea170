/*
 * An optimizer at work: its kind and configuration, its moments and its step counter.
 *
 * The learning rate of a step is
 *
 *     the configured one   x   the schedule's factor at that step   x   the factor of the tensor
 *
 * and its weight decay the configured one times the factor of a schedule of its own. train/batch.c
 * asks the schedules for their factors, by the number of the step (from 0; .t below counts from 1)
 * and the length of the run. They reach the optimizer on two ways: snug_train_step_run() passes
 * them to snug_optimizer_begin_step(), and for optimizers of full batches train/full_batch.c passes
 * them to snug_optimizer_iterate(). Both call start_step() in optimizer.c, which computes the rate
 * and the decay of each part of the parameters: see optim/step_parts.h. In a loop of the caller's
 * own both factors are 1.
 */
#ifndef SNUG_OPTIM_OPTIMIZER_H
#define SNUG_OPTIM_OPTIMIZER_H

#include <snug/optimizer.h> /* IWYU pragma: export */

#include "kinds/handles.h"
#include "optim/step_parts.h"

/* The moments and the counter belong to one model: the first one that the optimizer steps. */
struct snug_optimizer {
    snug_handle handle; /* with .status other than SNUG_OK, the members below do not exist */
    float *moments;     /* flat vectors, each 64-byte aligned; NULL without any and before step 1 */
    size_t n;           /* parameters of the model; undefined before step 1 */
    size_t stride;      /* floats from one moment to the next */
    uint64_t t;         /* number of the step that began last, from 1; 0: none */
    bool keeps_biases;  /* biases have no weight decay */
    snug_step_parts parts; /* the parameters with their rates and decay; empty until a step */
    double numbers[SNUG_OPTIMIZER_NUMBERS]; /* the kind's own, for iterate() */
};

/*
 * Returns a handle for the object, which it takes over, in the list of handles; see
 * snug_handle_new(). Never NULL: a failure is in the handle's status.
 */
snug_optimizer *snug_optimizer_wrap(snug_object *object);

/* Frees an optimizer that was taken over by snug_handle_take(). Takes NULL. */
void snug_optimizer_delete(snug_optimizer *optimizer);

/* Returns how many moments the optimizer keeps of each parameter. */
size_t snug_optimizer_moments(const snug_optimizer *optimizer);

/*
 * Returns epsilon as float, at least the smallest normal one: 0 would give 0/0 for a parameter that
 * never had a gradient.
 */
float snug_optimizer_epsilon(double epsilon);

/*
 * Returns 1 - beta^t, the bias correction of Adam (Kingma and Ba 2015): the expected value of a
 * running mean that started at 0 after t steps, as a share of its limit.
 */
double snug_bias_correction(double beta, uint64_t t);

/*
 * Begins a step: counts it and sets the learning rates and the weight decay, the configured ones
 * times `factors`. The first step allocates the moments; later ones fail for another number of
 * parameters. Fails for an optimizer of full batches. On failure nothing has changed.
 */
snug_status snug_optimizer_begin_step(snug_optimizer *optimizer,
                                      const snug_parameter_ranges *ranges,
                                      snug_step_factors factors);

/*
 * Updates the parameters first .. first + count - 1 by their gradients, gradients[0..count), in the
 * step that has begun. parameters[0] is the first of all. Each parameter of a step is updated once,
 * in any order and by any number of threads: parameters do not depend on each other.
 */
void snug_optimizer_update(const snug_optimizer *optimizer, size_t first, size_t count,
                           const float *gradients, float *parameters);

/*
 * Binds an optimizer that has made no step to the parameters, as if `t` steps had been made: their
 * moments are zero, and the caller sets them. With t == 0 it does nothing.
 */
snug_status snug_optimizer_resume(snug_optimizer *optimizer, const snug_parameter_ranges *ranges,
                                  uint64_t t);

/* Returns whether the optimizer's kind has a weight decay, which may be 0. */
bool snug_optimizer_decays(const snug_optimizer *optimizer);

/* Sets whether biases have weight decay from the next step on; they have it unless it is set. */
void snug_optimizer_decay_biases(snug_optimizer *optimizer, bool decays);

/* Returns whether the optimizer works on full batches, by snug_optimizer_iterate(). */
bool snug_optimizer_iterates(const snug_optimizer *optimizer);

/*
 * Begins a step as snug_optimizer_begin_step() does and makes it, an iteration that evaluates the
 * objective as often as it needs. *more: whether another iteration can improve on the parameters.
 */
snug_status snug_optimizer_iterate(snug_optimizer *optimizer, const snug_parameter_ranges *ranges,
                                   snug_step_factors factors, const snug_objective *objective,
                                   float *parameters, bool *more);

#endif
