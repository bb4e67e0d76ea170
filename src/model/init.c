/*
 * Initial weights. Each tensor is filled from a stream of random numbers of its own, selected by
 * its number, so that the weights depend on the seed and the layers alone.
 */
#include <float.h>
#include <math.h>

#include "activations/scalar_function.h"
#include "core/status.h"
#include "math/random.h"
#include "model/model.h"
#include "plan/layer_parts.h"
#include "theory/quadrature.h"

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

/*
 * Sets *outputs to what the activation that a layer's inputs come from makes of standard normal
 * numbers. Returns false where it is not known, or works on whole rows.
 */
static bool describe_outputs(const snug_object *activation, snug_activation_outputs *outputs) {
    const snug_activation_kind *kind =
        activation != NULL ? (const snug_activation_kind *)(const void *)activation->kind : NULL;
    snug_activation_function f;
    const float end = -INFINITY;
    float limit;
    if (kind == NULL || !snug_activation_is_elementwise(kind)) {
        return false;
    }
    snug_activation_function_init(&f, kind, activation->config);
    snug_gaussian_moments moments = snug_theory_moments(&f.function, 0.0, 1.0);
    kind->forward(activation->config, 1, 1, &end, &limit);
    *outputs = (snug_activation_outputs){
        .mean = moments.mean, .variance = moments.variance, .limit = (double)limit};
    return true;
}

/*
 * Divides weights by the root mean square of what they are multiplied with, where it is known: see
 * .divides_by_inputs.
 */
static snug_status divide_by_inputs(const snug_tensor_slot *slot, float *values) {
    snug_activation_outputs x;
    if (!describe_outputs(slot->activation, &x)) {
        return SNUG_OK;
    }
    double square = x.mean * x.mean + x.variance;
    double factor = 1.0 / sqrt(square);
    if (!(factor > 0.0) || !(factor < 1e30)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: the initializer \"%s\" divides by the root mean square of \"%s\" for "
                         "standard normal inputs, which is %g: take another",
                         slot->name, slot->tensor->init->kind->name, slot->activation->kind->name,
                         sqrt(square));
    }
    for (size_t i = 0; i < slot->size; i++) {
        values[i] = (float)((double)values[i] * factor);
    }
    return SNUG_OK;
}

static snug_status fill_slot(const snug_model *model, size_t index, uint64_t seed) {
    const snug_tensor_slot *slot = &model->plan->slots[index];
    const snug_tensor *t = slot->tensor;
    float *values = values_of(model, slot);
    snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_INIT + (uint32_t)index};
    if (t->init != NULL) {
        fill_matrices(slot, &stream, values);
        return init_kind(t->init)->divides_by_inputs ? divide_by_inputs(slot, values) : SNUG_OK;
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
 * Returns whether weights are fitted to training rows or to the activation before them: they then
 * have the variance that suits what they are multiplied with, whichever fill() has set.
 */
static bool is_fitted(const snug_tensor *weight) {
    const snug_init_kind *kind = init_kind(weight->init);
    return kind->fit_weights != NULL || kind->divides_by_inputs;
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
 * Warns where weights before SELU, or another activation that normalizes itself, have another
 * variance than 1/fan_in, which theorem 1 of Klambauer et al. 2017 requires: activations then do
 * not keep their size from layer to layer.
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
                         "model.layers[%zu]: %s keeps the mean square 1 of its outputs only after "
                         "weights of variance 1/fan_in = %.3g, but %s gives %.3g; lecun_normal "
                         "suits it",
                         i, snug_layer_first_activation(nodes[i].object)->kind->name, wanted,
                         weight->init->kind->name, variance);
            }
        }
        warn_of_variance(nodes[i].block, nodes[i].block_count);
    }
}

/* Warns of layers that do not suit the activation before them: see .suits of their kinds. */
static void warn_of_order(const snug_plan_node *nodes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const snug_object *before = nodes[i].shape.activation;
        snug_activation_outputs outputs;
        char message[256];
        if (nodes[i].kind->suits != NULL && describe_outputs(before, &outputs) &&
            !nodes[i].kind->suits(nodes[i].object->config, &outputs, message, sizeof message)) {
            snug_log(SNUG_LOG_WARNING, "model.layers[%zu]: %s does not suit the %s before it: %s",
                     i, nodes[i].kind->base.name, before->kind->name, message);
        }
        warn_of_order(nodes[i].block, nodes[i].block_count);
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
        model->fresh = model->untrained = true;
        warn_of_variance(model->plan->nodes, model->plan->count);
        warn_of_order(model->plan->nodes, model->plan->count);
    } else if (!had_weights) { /* which a session could be using */
        snug_model_drop_weights(model);
    }
    return status;
}
