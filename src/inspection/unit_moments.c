#include <math.h>

#include "inspection/unit_moments.h"

static size_t unit_count(const snug_plan_node *node) {
    return node->shape.outputs * node->shape.output_members;
}

static size_t most_units(const snug_plan_node *nodes, size_t count) {
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t own = unit_count(&nodes[i]);
        size_t inside = most_units(nodes[i].block, nodes[i].block_count);
        most = own > most ? own : most;
        most = inside > most ? inside : most;
    }
    return most;
}

size_t snug_most_units(const snug_model *model) {
    return most_units(model->plan->nodes, model->plan->count);
}

void snug_layer_tensors(const snug_model *model, const snug_plan_node *node,
                        const float *tensors[SNUG_LAYER_TENSORS_MAX]) {
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &model->plan->slots[node->first_tensor + k];
        tensors[k] = (slot->tensor->state ? model->state : model->parameters) + slot->offset;
    }
}

/* Sets the moments over the units; in two passes, so that no digits are lost. */
static void summarize(snug_unit_moments *m, const snug_unit_sums *units) {
    const double n = (double)m->count;
    double omega = 0, tau = 0, bias = 0;
    for (size_t u = 0; u < m->count; u++) {
        m->omega.mean += units[u].sum / n;
        m->tau.mean += units[u].square / n;
        m->bias.mean += units[u].bias / n;
    }
    for (size_t u = 0; u < m->count; u++) {
        double o = units[u].sum - m->omega.mean, b = units[u].bias - m->bias.mean;
        double t = units[u].square - m->tau.mean;
        omega += o * o / n;
        tau += t * t / n;
        bias += b * b / n;
        m->covariance += o * b / n;
    }
    m->omega.deviation = sqrt(omega);
    m->tau.deviation = sqrt(tau);
    m->bias.deviation = sqrt(bias);
}

snug_unit_moments snug_unit_moments_of(const snug_model *model, const snug_plan_node *node,
                                       snug_unit_sums *units) {
    snug_unit_moments moments = {.linear = node->kind->unit_sums != NULL};
    const float *tensors[SNUG_LAYER_TENSORS_MAX] = {NULL};
    if (!moments.linear) {
        return moments;
    }
    snug_layer_tensors(model, node, tensors);
    node->kind->unit_sums(node->object->config, &node->shape, tensors, units);
    moments.count = unit_count(node);
    summarize(&moments, units);
    return moments;
}
