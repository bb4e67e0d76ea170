/*
 * The parts of the parameters that an optimizer steps with the same rate and the same weight decay.
 *
 * An optimizer's kind knows one learning rate and, in its configuration, one weight decay. Where
 * tensors differ in either, each part has a copy of the configuration, whose decay is set for each
 * step, and a rate:
 *
 *     parameters  | 0.weight | 0.bias   | 1.scale  | 3.weight | 3.bias   |
 *     parts       | factor 1 | no decay | factor 6 | factor 1 | no decay |
 *
 * A model whose tensors do not differ has one part, so that nothing is split up.
 */
#ifndef SNUG_OPTIM_STEP_PARTS_H
#define SNUG_OPTIM_STEP_PARTS_H

#include "kinds/object.h"
#include "optim/parameter_ranges.h"

/* What schedules multiply in one step: the learning rate and the weight decay. */
typedef struct snug_step_factors {
    double rate, decay;
} snug_step_factors;

/* Parameters up to `end`, from the end of the part before. */
typedef struct snug_step_part {
    size_t end;
    double rate_factor;
    bool decays;
    double rate;  /* of the step that began last */
    void *config; /* with the weight decay of that step; its strings and objects are borrowed */
} snug_step_part;

typedef struct snug_step_parts {
    snug_step_part *items; /* owned */
    size_t count;
    void *configs; /* of all parts; owned */
} snug_step_parts;

/*
 * Makes the parts for the ranges of a model's parameters, and copies of the optimizer's
 * configuration. `decay_biases`: whether biases have weight decay. Replaces earlier parts; on
 * failure there are none.
 */
snug_status snug_step_parts_make(snug_step_parts *parts, const snug_parameter_ranges *ranges,
                                 const snug_object *optimizer, bool decay_biases);

/* Frees the parts. */
void snug_step_parts_clear(snug_step_parts *parts);

/*
 * Sets the rates and the configurations for a step of the learning rate `rate`, whose weight decay
 * is the optimizer's times `decay_factor`.
 *
 * Decoupled weight decay takes rate x decay off a parameter whatever its rate factor is, as that
 * factor is about the size of the gradient's step. The kind multiplies the rate of the part and the
 * decay, and so the decay is divided by the factor.
 */
void snug_step_parts_begin(const snug_step_parts *parts, const snug_object *optimizer, double rate,
                           double decay_factor);

/* Returns the part that holds a parameter. */
const snug_step_part *snug_step_parts_find(const snug_step_parts *parts, size_t parameter);

#endif
