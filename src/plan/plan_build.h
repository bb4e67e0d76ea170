/*
 * Planning: layer by layer, the kind's plan() infers the shape from the number of inputs, which is
 * checked; then the tensors get their offsets (plan/plan_tensors.h), and the layers before get
 * their default initializers (plan/plan_inits.h).
 */
#ifndef SNUG_PLAN_PLAN_BUILD_H
#define SNUG_PLAN_PLAN_BUILD_H

#include "plan/plan.h"

/* Makes the plan of no layers. NULL for a number of inputs out of range, or without memory. */
snug_plan *snug_plan_new(size_t inputs);
void snug_plan_free(snug_plan *plan); /* takes NULL */

/*
 * Plans one more layer, which must outlive the plan. The time does not depend on the number of
 * layers before it, but nodes and slots may move. On failure the plan is as it was, and the error
 * message begins with the location, "model.layers[2]".
 */
snug_status snug_plan_append(snug_plan *plan, const snug_object *layer);

#endif
