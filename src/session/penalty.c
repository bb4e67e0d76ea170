#include "math/penalty.h"
#include "session/penalty.h"

static bool penalized(const snug_tensor *tensor) {
    return tensor->l1 > 0 || tensor->l2 > 0;
}

double snug_penalty(const snug_model *model) {
    const snug_plan *plan = model->plan;
    double sum = 0;
    for (size_t i = 0; plan->penalized && i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        if (penalized(slot->tensor)) {
            sum += snug_penalty_value(slot->size, slot->tensor->l1, slot->tensor->l2,
                                      model->parameters + slot->offset);
        }
    }
    return sum;
}

void snug_penalty_backward(const snug_model *model, const snug_tensor_slot *slot, size_t first,
                           size_t count, double scale, float *gradients) {
    if (penalized(slot->tensor)) {
        snug_penalty_gradient(count, slot->tensor->l1, slot->tensor->l2, scale,
                              model->parameters + slot->offset + first, gradients);
    }
}

void snug_model_constrain(snug_model *model) {
    const snug_plan *plan = model->plan;
    for (size_t i = 0; plan->constrained && i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        size_t matrices = slot->tensor->matrices > 0 ? slot->tensor->matrices : 1;
        size_t rows = slot->rows / matrices, columns = slot->tensor->columns;
        for (size_t k = 0; slot->tensor->max_norm > 0 && k < matrices; k++) {
            snug_limit_columns(rows, columns, slot->tensor->max_norm,
                               model->parameters + slot->offset + k * rows * columns);
        }
    }
}
