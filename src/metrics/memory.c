/* What a model needs in memory. */
#include "core/status.h"
#include "model/model.h"
#include "optim/optimizer.h"
#include "session/session.h"

snug_status snug_model_memory(const snug_model *model, size_t batch_size,
                              const snug_optimizer *optimizer, snug_memory_info *info) {
    snug_status status = optimizer != NULL ? snug_optimizer_status(optimizer) : SNUG_OK;
    if (status == SNUG_OK) {
        status = snug_model_check_layers(model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (info == NULL) {
        return snug_fail_null("the info");
    }
    size_t floats = snug_session_floats(model, batch_size, true);
    size_t moments = optimizer != NULL ? snug_optimizer_moments(optimizer) : 0;
    if (floats == SIZE_MAX) {
        return snug_error_status();
    }
    info->parameters = (model->plan->parameters + model->plan->state) * sizeof(float);
    info->gradients = model->plan->parameters * sizeof(float);
    info->moments = moments * model->plan->parameters * sizeof(float);
    info->activations = floats * sizeof(float) - info->gradients;
    info->total = info->parameters + info->gradients + info->moments + info->activations;
    return SNUG_OK;
}
