#include "kinds/kind_group.h"

bool snug_is_group(snug_group group) {
    return (size_t)group < SNUG_GROUP_COUNT;
}

const char *snug_group_name(snug_group group) {
    static const char *const names[SNUG_GROUP_COUNT] = {
        [SNUG_GROUP_LAYER] = "layers",       [SNUG_GROUP_ACTIVATION] = "activations",
        [SNUG_GROUP_LOSS] = "losses",        [SNUG_GROUP_OPTIMIZER] = "optimizers",
        [SNUG_GROUP_SCHEDULE] = "schedules", [SNUG_GROUP_INIT] = "inits",
    };
    return snug_is_group(group) ? names[group] : "unknown";
}

const char *snug_group_singular(snug_group group) {
    static const char *const names[SNUG_GROUP_COUNT] = {
        [SNUG_GROUP_LAYER] = "layer",       [SNUG_GROUP_ACTIVATION] = "activation",
        [SNUG_GROUP_LOSS] = "loss",         [SNUG_GROUP_OPTIMIZER] = "optimizer",
        [SNUG_GROUP_SCHEDULE] = "schedule", [SNUG_GROUP_INIT] = "initializer",
    };
    return snug_is_group(group) ? names[group] : "kind";
}
