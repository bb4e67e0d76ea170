#include <math.h>

#include "core/status.h"
#include "math/vector.h"
#include "session/penalty.h"
#include "train/refine.h"

static snug_status check_limit(const char *name, double limit) {
    if (limit >= 0.0 && isfinite(limit)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "%s: must be at least 0 and finite (got %g)", name,
                     limit);
}

snug_status snug_refine_check(const snug_fit_options *options) {
    if (!(options->ema >= 0.0 && options->ema < 1.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "ema: must be in [0, 1) (got %g)", options->ema);
    }
    snug_status status = check_limit("clip_norm", options->clip_norm);
    return status == SNUG_OK ? check_limit("clip_value", options->clip_value) : status;
}

/* The first layer, in blocks too, that has one of the flags; or NULL. */
static const snug_plan_node *find_layer(const snug_plan_node *nodes, size_t count, unsigned flags) {
    for (size_t i = 0; i < count; i++) {
        const snug_plan_node *inner = find_layer(nodes[i].block, nodes[i].block_count, flags);
        if (nodes[i].uses & flags) {
            return &nodes[i];
        }
        if (inner != NULL) {
            return inner;
        }
    }
    return NULL;
}

snug_status snug_refine_check_rows(const snug_model *model, size_t batch_size, size_t rows) {
    const snug_plan_node *mixing =
        find_layer(model->plan->nodes, model->plan->count, SNUG_MIXES_ROWS);
    if (mixing == NULL || (batch_size > 1 && rows > 1)) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: must be at least 2 with a layer \"%s\", which needs more than one row in "
                     "a batch (got 1)",
                     batch_size > 1 ? "the training rows" : "batch_size", mixing->kind->base.name);
}

/* The first tensor of state with a number that is not finite, or NULL. */
static const char *find_broken_state(const snug_model *model) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        if (slot->tensor->state && !isfinite(snug_norm(slot->size, model->state + slot->offset))) {
            return slot->name;
        }
    }
    return NULL;
}

snug_status snug_refine_check_weights(const snug_model *model, size_t epoch) {
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

snug_status snug_refine_check_iterated(const snug_fit_options *o, const snug_model *model) {
    const snug_plan_node *changing =
        find_layer(model->plan->nodes, model->plan->count, SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS);
    const char *other = o->accumulate > 1                       ? "accumulate"
                        : o->clip_norm > 0 || o->clip_value > 0 ? "clipping"
                        : o->ema > 0                            ? "ema"
                        : model->plan->constrained              ? "max_norm"
                                                                : NULL;
    if (changing != NULL) {
        return snug_fail(
            SNUG_ERROR_ARGUMENT,
            "the optimizer looks at all rows again and again, and a layer \"%s\" gives it "
            "another loss each time: take the layer out, or another optimizer",
            changing->kind->base.name);
    }
    if (other != NULL) {
        return snug_fail(
            SNUG_ERROR_ARGUMENT,
            "%s: is for optimizers that step batch by batch; this one looks at all rows "
            "at once",
            other);
    }
    return SNUG_OK;
}

snug_status snug_refine_start(snug_refine *refine, const snug_fit_options *options,
                              snug_session *session, snug_model *model) {
    *refine = (snug_refine){.model = model};
    refine->group = options->accumulate > 0 ? options->accumulate : 1;
    if (options->ema > 0) {
        refine->ema = snug_ema_new(model, options->ema);
        if (refine->ema == NULL) {
            return snug_error_status();
        }
    }
    return snug_session_accumulate(session, refine->group > 1);
}

void snug_refine_clear(snug_refine *refine) {
    snug_ema_free(refine->ema);
    *refine = (snug_refine){0};
}

void snug_refine_stepped(const snug_refine *refine) {
    snug_model_constrain(refine->model);
    if (refine->ema != NULL) {
        (void)snug_ema_update(refine->ema, refine->model); /* it is this model's */
    }
}

void snug_refine_average(snug_refine *refine, bool averaged) {
    if (refine->ema != NULL && refine->averaged != averaged) {
        (void)snug_ema_swap(refine->ema, refine->model);
    }
    refine->averaged = averaged;
}
