/*
 * Initial weights. Each tensor is filled from a stream of random numbers of its own, selected by
 * its number, so that the weights depend on the seed and the layers alone.
 */
#include <float.h>
#include <math.h>

#include "core/status.h"
#include "math/random.h"
#include "model/model.h"
#include "plan/layer_parts.h"

static const snug_init_kind *init_kind(const snug_object *init) {
    return (const snug_init_kind *)(const void *)init->kind;
}

static float *values_of(const snug_model *model, const snug_tensor_slot *slot) {
    return (slot->tensor->state ? model->state : model->parameters) + slot->offset;
}

/*
 * Computes the sum of squares of a column. Fails where it is 0 or beyond the range of float: the
 * layer divides by its square root.
 */
static snug_status square_column(const snug_model *model, const snug_tensor_slot *slot,
                                 size_t column, double *square) {
    const snug_tensor *t = slot->tensor;
    const float *values = values_of(model, slot);
    *square = 0.0;
    for (size_t i = 0; i < slot->rows; i++) {
        double value = (double)values[i * t->columns + column];
        *square += value * value;
    }
    if (*square >= (double)FLT_MIN && *square <= (double)FLT_MAX) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "%s: the initializer \"%s\" gives column %zu the length %g, by which weight "
                     "normalization divides: take another",
                     slot->name, t->init != NULL ? t->init->kind->name : "constant", column,
                     sqrt(*square));
}

/* Sets a tensor to the lengths of the columns of the tensor before it: see .column_lengths. */
static snug_status fill_lengths(const snug_model *model, const snug_tensor_slot *slot) {
    float *lengths = values_of(model, slot);
    for (size_t j = 0; j < slot->tensor->columns; j++) {
        double square;
        snug_status status = square_column(model, slot - 1, j, &square);
        if (status != SNUG_OK) {
            return status;
        }
        lengths[j] = (float)sqrt(square);
    }
    return SNUG_OK;
}

/* Fills each matrix of a tensor from a stream of its own. */
static void fill_matrices(const snug_tensor_slot *slot, snug_random *stream, float *values) {
    const snug_tensor *t = slot->tensor;
    size_t count = t->matrices > 0 ? t->matrices : 1, rows = slot->rows / count;
    for (size_t i = 0; i < count; i++) {
        stream->step = (uint32_t)i;
        init_kind(t->init)->fill(t->init->config, stream, rows, t->columns, t->fan_in, t->fan_out,
                                 values + i * rows * t->columns);
    }
}

static snug_status fill_slot(const snug_model *model, size_t index, uint64_t seed) {
    const snug_tensor_slot *slot = &model->plan->slots[index];
    const snug_tensor *t = slot->tensor;
    float *values = values_of(model, slot);
    snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_INIT + (uint32_t)index};
    if (t->init != NULL) {
        fill_matrices(slot, &stream, values);
        return SNUG_OK;
    }
    if (t->fill != NULL) {
        t->fill(slot->config, &stream, slot->size, values);
        return SNUG_OK;
    }
    for (size_t i = 0; i < slot->size; i++) {
        values[i] = t->initial;
    }
    return t->column_lengths ? fill_lengths(model, slot) : SNUG_OK;
}

/*
 * Returns whether weights are fitted to training rows: they then have the variance that suits the
 * data, whichever they start with.
 */
static bool is_fitted(const snug_tensor *weight) {
    return init_kind(weight->init)->fit_weights != NULL;
}

/* Returns the first tensor of a node that an initializer fills, or NULL. */
static const snug_tensor *initialized_tensor(const snug_plan_node *node) {
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        if (node->shape.tensors[k].init != NULL) {
            return &node->shape.tensors[k];
        }
    }
    return NULL;
}

static bool normalizes_itself(const snug_plan_node *node) {
    const snug_object *function = snug_layer_first_activation(node->object);
    return function != NULL &&
           ((const snug_activation_kind *)(const void *)function->kind)->self_normalizing;
}

/*
 * Warns where weights before SELU have another variance than 1/fan_in, which theorem 1 of Klambauer
 * et al. 2017 requires: activations then do not keep mean 0 and variance 1 from layer to layer.
 */
static void warn_of_variance(const snug_plan_node *nodes, size_t count) {
    const snug_tensor *weight = NULL;
    for (size_t i = 0; i < count; i++) {
        const snug_tensor *own = initialized_tensor(&nodes[i]);
        weight = own != NULL ? own : weight;
        if (normalizes_itself(&nodes[i]) && weight != NULL && !is_fitted(weight)) {
            double variance = init_kind(weight->init)
                                  ->variance(weight->init->config, weight->fan_in, weight->fan_out);
            double wanted = 1.0 / (double)weight->fan_in;
            if (fabs(variance - wanted) > 1e-3 * wanted) {
                snug_log(SNUG_LOG_WARNING,
                         "model.layers[%zu]: %s keeps mean 0 and variance 1 only after weights of "
                         "variance 1/fan_in = %.3g, but %s gives %.3g; lecun_normal suits it",
                         i, snug_layer_first_activation(nodes[i].object)->kind->name, wanted,
                         weight->init->kind->name, variance);
            }
        }
        warn_of_variance(nodes[i].block, nodes[i].block_count);
    }
}

snug_status snug_model_init(snug_model *model, uint64_t seed) {
    snug_status status = snug_model_check_layers(model);
    if (status != SNUG_OK) {
        return status;
    }
    bool had_weights = model->parameters != NULL;
    status = snug_model_allocate(model);
    if (status != SNUG_OK) {
        return status;
    }
    for (size_t i = 0; i < model->plan->slot_count && status == SNUG_OK; i++) {
        status = fill_slot(model, i, seed);
    }
    if (status == SNUG_OK) {
        model->fresh = true;
        warn_of_variance(model->plan->nodes, model->plan->count);
    } else if (!had_weights) { /* which a session could be using */
        snug_model_drop_weights(model);
    }
    return status;
}
