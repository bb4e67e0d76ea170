/* snug_register_layer() and the functions like it: check a descriptor, then add it. */
#include "core/status.h"
#include "kinds/kind_check.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"

static snug_status register_kind(snug_group group, const snug_kind *kind) {
    if (kind == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no %s to register: the pointer is NULL",
                         snug_group_singular(group));
    }
    snug_status status = snug_kind_check(group, kind);
    return status == SNUG_OK ? snug_kind_add(group, kind) : status;
}

snug_status snug_register_activation(const snug_activation_kind *kind) {
    return register_kind(SNUG_GROUP_ACTIVATION, kind != NULL ? &kind->base : NULL);
}

snug_status snug_register_layer(const snug_layer_kind *kind) {
    return register_kind(SNUG_GROUP_LAYER, kind != NULL ? &kind->base : NULL);
}

snug_status snug_register_loss(const snug_loss_kind *kind) {
    return register_kind(SNUG_GROUP_LOSS, kind != NULL ? &kind->base : NULL);
}

snug_status snug_register_optimizer(const snug_optimizer_kind *kind) {
    return register_kind(SNUG_GROUP_OPTIMIZER, kind != NULL ? &kind->base : NULL);
}

snug_status snug_register_schedule(const snug_schedule_kind *kind) {
    return register_kind(SNUG_GROUP_SCHEDULE, kind != NULL ? &kind->base : NULL);
}

snug_status snug_register_init(const snug_init_kind *kind) {
    return register_kind(SNUG_GROUP_INIT, kind != NULL ? &kind->base : NULL);
}
