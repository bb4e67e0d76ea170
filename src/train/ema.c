/*
 * Averages the iterates of the optimizer (Polyak and Juditsky 1992), and the model's state in the
 * same way: running statistics of the last weights would not fit the averaged weights.
 */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "math/vector.h"
#include "train/ema.h"

struct snug_ema {
    double decay;
    size_t n, state_count;
    uint64_t updates;
    float *values, *state; /* the averages; while swapped, the model's own */
    bool swapped;
};

static snug_ema *new_average(const snug_model *model, double decay) {
    if (snug_model_check(model) != SNUG_OK) {
        return NULL;
    }
    if (!(decay >= 0.0 && decay < 1.0)) {
        snug_fail(SNUG_ERROR_ARGUMENT, "ema: must be in [0, 1) (got %g)", decay);
        return NULL;
    }
    snug_ema *ema = snug_alloc(1, sizeof *ema);
    if (ema == NULL) {
        return NULL;
    }
    *ema =
        (snug_ema){.decay = decay, .n = model->plan->parameters, .state_count = model->plan->state};
    ema->values = snug_alloc(ema->n, sizeof *ema->values);
    ema->state = snug_alloc(ema->state_count, sizeof *ema->state);
    if (ema->values != NULL && ema->state != NULL) {
        return ema;
    }
    snug_ema_free(ema);
    return NULL;
}

snug_ema *snug_ema_new(const snug_model *model, double decay) {
    return snug_constructed(SNUG_CONSTRUCTED_EMA, new_average(model, decay));
}

void snug_ema_free(snug_ema *ema) {
    if (ema == NULL) {
        return;
    }
    snug_release(ema->values);
    snug_release(ema->state);
    snug_release(ema);
}

static snug_status check(const snug_ema *ema, const snug_model *model) {
    if (ema == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_EMA, "the average");
    }
    snug_status status = snug_model_check(model);
    if (status != SNUG_OK) {
        return status;
    }
    if (model->plan->parameters == ema->n && model->plan->state == ema->state_count) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "the average is that of another model");
}

snug_status snug_ema_update(snug_ema *ema, const snug_model *model) {
    snug_status status = check(ema, model);
    if (status == SNUG_OK && ema->swapped) {
        status = snug_fail(SNUG_ERROR_ARGUMENT,
                           "the model has its average: swap it back before the next step");
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (ema->updates++ == 0) {
        memcpy(ema->values, model->parameters, ema->n * sizeof *ema->values);
        memcpy(ema->state, model->state, ema->state_count * sizeof *ema->state);
    } else {
        snug_lerp(ema->n, (float)(1.0 - ema->decay), model->parameters, ema->values);
        snug_lerp(ema->state_count, (float)(1.0 - ema->decay), model->state, ema->state);
    }
    return SNUG_OK;
}

snug_status snug_ema_swap(snug_ema *ema, snug_model *model) {
    snug_status status = check(ema, model);
    if (status != SNUG_OK || ema->updates == 0) {
        return status;
    }
    snug_swap(ema->n, model->parameters, ema->values);
    snug_swap(ema->state_count, model->state, ema->state);
    ema->swapped = !ema->swapped;
    return SNUG_OK;
}

void snug_ema_show(snug_ema *ema, snug_model *model, bool averaged) {
    if (ema != NULL && ema->swapped != averaged) {
        (void)snug_ema_swap(ema, model); /* it cannot fail: it is this model's */
    }
}

void snug_ema_add_to(snug_ema *ema, const snug_model *model, snug_saved_values *values) {
    if (ema == NULL) {
        return;
    }
    snug_saved_add_one(values, SNUG_SAVED_UINT64, &ema->updates, "ema.updates");
    snug_saved_add_one(values, SNUG_SAVED_BOOL, &ema->swapped, "ema.swapped");
    const snug_plan *plan = model->plan;
    snug_saved_add_flat(values, SNUG_SAVED_FLOAT, ema->values, plan, false, "ema.parameters");
    snug_saved_add_flat(values, SNUG_SAVED_FLOAT, ema->state, plan, true, "ema.state");
}
