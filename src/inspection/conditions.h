/*
 * The conditions of self-normalization (Klambauer et al. 2017, theorem 1): standardized inputs,
 * units with omega = 0, tau = 1 and no bias, sums of many terms, and between the activations
 * nothing that changes mean or variance.
 */
#ifndef SNUG_INSPECTION_CONDITIONS_H
#define SNUG_INSPECTION_CONDITIONS_H

#include "inspection/inspection.h"
#include "model/model.h"

/*
 * Adds a note on each condition that does not hold, with its cure, in a model that has
 * self-normalizing activations: on the first layer that violates it, with the number of others.
 *
 * A model without such activations gets no note. Fails without memory.
 */
snug_status snug_inspection_check(snug_inspection *inspection, const snug_model *model);

#endif
