#include <math.h>

#include "core/status.h"
#include "math/vector.h"
#include "model/model.h"
#include "session/threads.h"
#include "train/fit_check.h"

snug_status snug_fit_check_options(const snug_fit_options *options) {
    if (!(options->validation >= 0.0 && options->validation < 1.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "validation: must be in [0, 1) (got %g)",
                         options->validation);
    }
    if (options->validation > 0.0 && options->validation_data != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "validation: give a share of the rows or validation_data, not both");
    }
    if ((unsigned)options->scaling > SNUG_SCALING_STANDARD_CLIP ||
        (unsigned)options->target_scaling > SNUG_TARGET_SCALING_NONE) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "scaling or target_scaling: is none of the values of its enumeration");
    }
    return snug_threads_check(options->threads);
}

/* Returns the first layer that has one of the flags, before the layers of its block; or NULL. */
static const snug_plan_node *find_layer(const snug_plan_node *nodes, size_t count, unsigned flags) {
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].flags & flags) {
            return &nodes[i];
        }
        const snug_plan_node *inner = find_layer(nodes[i].block, nodes[i].block_count, flags);
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

snug_status snug_fit_check_rows(const snug_model *model, size_t batch_size, size_t row_count) {
    const snug_plan_node *mixing =
        find_layer(model->plan->nodes, model->plan->count, SNUG_MIXES_ROWS);
    if (mixing == NULL || (batch_size > 1 && row_count > 1)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: must be at least 2 with a layer \"%s\", which needs more than one row in "
                     "a batch (got 1)",
                     batch_size > 1 ? "the training rows" : "batch_size", mixing->kind->base.name);
}

snug_status snug_fit_check_full_batch(const snug_fit_options *options, const snug_model *model) {
    const snug_plan_node *changing =
        find_layer(model->plan->nodes, model->plan->count, SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS);
    if (changing != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the optimizer computes the loss of all rows repeatedly, and a layer "
                         "\"%s\" gives it another loss each time: remove the layer, or use another "
                         "optimizer",
                         changing->kind->base.name);
    }
    const char *other = options->accumulate > 1                             ? "accumulate"
                        : options->clip_norm > 0 || options->clip_value > 0 ? "clipping"
                        : options->ema > 0                                  ? "ema"
                        : model->plan->constrained                          ? "max_norm"
                        : model->plan->rate_factors ? "learning_rate_factor or ntk"
                                                    : NULL;
    if (other == NULL) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: is for optimizers that step batch by batch; this one uses all rows at "
                     "once",
                     other);
}

/* Returns the name of the first tensor of state that has a number that is not finite, or NULL. */
static const char *find_broken_state(const snug_model *model) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        if (slot->tensor->state && !isfinite(snug_norm(slot->size, model->state + slot->offset))) {
            return slot->name;
        }
    }
    return NULL;
}

snug_status snug_fit_check_weights(const snug_model *model, size_t epoch) {
    const char *state = find_broken_state(model);
    if (state != NULL) {
        return snug_fail(SNUG_ERROR_DIVERGED,
                         "%s became infinite or NaN in epoch %zu: scaled inputs or a smaller "
                         "learning rate may help",
                         state, epoch);
    }
    if (isfinite(snug_norm(model->plan->parameters, model->parameters))) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DIVERGED,
                     "the weights became infinite or NaN in epoch %zu: a smaller learning rate may "
                     "help",
                     epoch);
}
