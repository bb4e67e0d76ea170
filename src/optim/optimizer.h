/* An optimizer at work: its kind and configuration, its moments and its step counter. */
#ifndef SNUG_OPTIM_OPTIMIZER_H
#define SNUG_OPTIM_OPTIMIZER_H

#include <snug/optimizer.h>

#include "core/handles.h"

/* The moments and the counter belong to one model. */
struct snug_optimizer {
    snug_handle handle; /* of a failed one nothing else is there */
    float *moments;     /* flat vectors, each 64-byte aligned; NULL without any, as before step 1 */
    size_t n;           /* parameters of the model; any before the first step */
    size_t stride;      /* floats from one moment to the next */
    uint64_t t;         /* steps done, with the one at work */
    double rate;        /* learning rate of the step at work */
    double numbers[SNUG_OPTIMIZER_NUMBERS]; /* of iterate() */
};

/*
 * A handle of the list, as snug_handle_new() makes it: takes the object over, never returns NULL.
 */
snug_optimizer *snug_optimizer_wrap(snug_object *object);

/* Frees an optimizer that snug_handle_take() took over; takes NULL. */
void snug_optimizer_delete(snug_optimizer *optimizer);

/* How many moments the optimizer keeps of each parameter. */
size_t snug_optimizer_moments(const snug_optimizer *optimizer);

/* epsilon as float: what rounds to 0 would make 0/0 of a parameter that never had a gradient. */
float snug_optimizer_epsilon(double epsilon);

/*
 * 1 - beta^t: the share of its limit that a running mean of equal numbers, which started at 0, has
 * reached in step t.
 */
double snug_bias_correction(double beta, uint64_t t);

/*
 * A step in parts: begin, as snug_optimizer_apply() says, and then each of the n parameters in one
 * part. A part is `count` parameters from `first` on in the flat vector, and their gradients.
 */
snug_status snug_optimizer_begin(snug_optimizer *optimizer, size_t n, double factor);
void snug_optimizer_part(const snug_optimizer *optimizer, size_t first, size_t count,
                         const float *gradient, float *parameters);

/* Whether it looks at all rows at once, by snug_optimizer_iterate(). */
bool snug_optimizer_iterates(const snug_optimizer *optimizer);

/* One iteration over all rows; *more says whether another can do better. Otherwise as a step. */
snug_status snug_optimizer_iterate(snug_optimizer *optimizer, size_t n, double factor,
                                   const snug_objective *objective, float *parameters, bool *more);

/*
 * One step: its number is t + 1, its learning rate the configured one times `factor`. The first
 * step allocates the moments; from then on n must stay the same. On failure nothing has changed.
 */
snug_status snug_optimizer_apply(snug_optimizer *optimizer, size_t n, double factor,
                                 const float *gradient, float *parameters);

#endif
