/*
 * One table per group, made of the lists in the header.
 */
#include "kinds/builtin_kinds.h"

#define BASE(group, name) &snug_##group##_##name##_kind.base,
static const snug_kind *const layers[] = {SNUG_BUILTIN_LAYERS(BASE) NULL};
static const snug_kind *const activations[] = {SNUG_BUILTIN_ACTIVATIONS(BASE) NULL};
static const snug_kind *const losses[] = {SNUG_BUILTIN_LOSSES(BASE) NULL};
static const snug_kind *const optimizers[] = {SNUG_BUILTIN_OPTIMIZERS(BASE) NULL};
static const snug_kind *const schedules[] = {SNUG_BUILTIN_SCHEDULES(BASE) NULL};
static const snug_kind *const inits[] = {SNUG_BUILTIN_INITS(BASE) NULL};

const snug_kind *const *snug_builtin_kinds(snug_group group) {
    static const snug_kind *const *const groups[SNUG_GROUP_COUNT] = {
        [SNUG_GROUP_LAYER] = layers,       [SNUG_GROUP_ACTIVATION] = activations,
        [SNUG_GROUP_LOSS] = losses,        [SNUG_GROUP_OPTIMIZER] = optimizers,
        [SNUG_GROUP_SCHEDULE] = schedules, [SNUG_GROUP_INIT] = inits,
    };
    return groups[group];
}
