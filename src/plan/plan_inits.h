/*
 * Default initializers. Which one suits a layer's weights depends on the activation, or another
 * layer that asks for one, that comes *after* it: a layer waits for it. Between the two may be
 * layers that keep columns apart, such as batch_norm. LeCun normal comes before another layer, or
 * at the end, as Klambauer et al. 2017 recommend for SELU.
 */
#ifndef SNUG_PLAN_PLAN_INITS_H
#define SNUG_PLAN_PLAN_INITS_H

#include "plan/plan.h"

/* Returns the plan's initializer of a name, which is made once; NULL on failure. */
const snug_object *snug_plan_init(snug_plan *plan, const char *name);

/*
 * Gives the initializer that suits `layer` to the nodes before it that wait for theirs,
 * nodes[*open] .. nodes[count - 1], and moves *open behind them. Each node waits once, so that the
 * time is linear in the number of layers.
 */
snug_status snug_plan_choose_inits(snug_plan *plan, const snug_object *layer, snug_plan_node *nodes,
                                   size_t count, size_t *open);

#endif
