/*
 * Lays out the tensors of a layer in the flat vectors that plan/plan.h draws: each tensor gets its
 * offset, the padding behind it and the portion of its gradient that is made at once.
 */
#ifndef SNUG_PLAN_PLAN_TENSORS_H
#define SNUG_PLAN_PLAN_TENSORS_H

#include "plan/plan.h"

/*
 * Appends a slot for each tensor of a node, whose shape is known, to the plan's, and sets what the
 * node and the plan know of their tensors. `name` is the node's, such as "0" or "1.layers.0": a
 * tensor becomes "0.weight". On failure some slots may have been appended, without harm: the
 * caller restores the plan.
 *
 * Sizes are checked before they are added: a model of more floats than memory can address is
 * SNUG_ERROR_MEMORY.
 */
snug_status snug_plan_place_tensors(snug_plan *plan, snug_plan_node *node, const char *name);

#endif
