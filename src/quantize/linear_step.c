/* The step of a linear map: weights with a scale for each output unit, biases of 32 bits. */
#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "quantize/builder.h"

/* One output unit. */
typedef struct unit {
    size_t inputs, stride; /* its weights are `stride` numbers apart */
    const float *weights;
    double bias;
    snug_int8_scale x; /* of the inputs */
} unit;

/*
 * Returns the scale of a unit's weights: the largest is 127, unless the bias would then be larger
 * than 2^29 and leave no bits for the sum. NaN where a number is not finite.
 */
static double weight_scale(const unit *u) {
    double largest = 0;
    for (size_t i = 0; i < u->inputs; i++) {
        double size = fabs((double)u->weights[i * u->stride]);
        largest = size <= largest ? largest : size; /* NaN stays */
    }
    double of_bias = fabs(u->bias) / (536870912.0 * u->x.scale);
    double scale = largest / 127 >= of_bias ? largest / 127 : of_bias;
    return scale == 0 ? 1 : isfinite(scale) && isfinite(largest) ? scale : (double)NAN;
}

/* Sets the weights and the bias, and returns whether no sum can be larger than an int32. */
static bool quantize_unit(const unit *u, double scale, int8_t *weights, int32_t *bias) {
    int64_t sum = 0, sizes = 0;
    for (size_t i = 0; i < u->inputs; i++) {
        weights[i] = (int8_t)round((double)u->weights[i * u->stride] / scale);
        sum += weights[i];
        sizes += weights[i] < 0 ? -weights[i] : weights[i];
    }
    int64_t value = llround(u->bias / (scale * u->x.scale)) - u->x.zero * sum;
    *bias = (int32_t)value;
    return (value < 0 ? -value : value) + 128 * sizes <= INT32_MAX;
}

static snug_status allocate(snug_int8_step *step) {
    size_t units, weights;
    if (!snug_multiply(step->matrices, step->columns, &units) ||
        !snug_multiply(units, step->inputs, &weights)) {
        return snug_fail_memory(SIZE_MAX);
    }
    step->weights = snug_alloc(weights, sizeof *step->weights);
    step->biases = snug_alloc(units, sizeof *step->biases);
    bool complete = step->weights != NULL && step->biases != NULL;
    if (step->y != SNUG_INT8_NONE) {
        step->factors = snug_alloc(units, sizeof *step->factors);
        step->shifts = snug_alloc(units, sizeof *step->shifts);
        complete = complete && step->factors != NULL && step->shifts != NULL;
    }
    if (step->slot != SNUG_INT8_NONE) {
        step->scales = snug_alloc(units, sizeof *step->scales);
        complete = complete && step->scales != NULL;
    }
    return complete ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Sets everything of unit j of matrix m. */
static snug_status set_unit(const snug_int8_builder *b, const snug_graph_node *node,
                            snug_int8_step *step, size_t m, size_t j) {
    size_t index = m * step->columns + j;
    unit u = {step->inputs, step->columns, node->values + m * step->inputs * step->columns + j,
              node->biases != NULL ? (double)node->biases[index] : 0,
              b->program->values[step->x].scale};
    double scale = weight_scale(&u);
    const char *section = b->graph->sections[node->section];
    if (isnan(scale)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: has a weight that is not finite", section);
    }
    if (!quantize_unit(&u, scale, step->weights + index * step->inputs, &step->biases[index])) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: a sum of %zu products of int8 numbers could be larger than an int32",
                         section, step->inputs);
    }
    if (step->y != SNUG_INT8_NONE) {
        snug_multiplier by =
            snug_multiplier_of(scale * u.x.scale / b->program->values[step->y].scale.scale);
        step->factors[index] = by.factor;
        step->shifts[index] = by.shift;
    }
    if (step->slot != SNUG_INT8_NONE) {
        step->scales[index] = (float)(scale * u.x.scale);
    }
    return SNUG_OK;
}

snug_status snug_int8_add_linear(snug_int8_builder *builder, size_t n) {
    const snug_graph_node *node = &builder->graph->nodes[n];
    const snug_node_part *part = &builder->parts[n];
    size_t y = SNUG_INT8_NONE;
    if (part->int8) {
        y = snug_int8_add_value(builder, n);
        if (y == SNUG_INT8_NONE) {
            return SNUG_ERROR_MEMORY;
        }
    }
    snug_int8_step *step = snug_int8_add_step(builder, SNUG_INT8_LINEAR, n, y);
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    step->x = builder->values[node->inputs[0]];
    step->inputs = builder->graph->nodes[node->inputs[0]].columns;
    step->matrices = node->matrices;
    for (size_t i = 0; i < builder->back_count; i++) {
        step->slot = builder->back[i].node == n ? builder->back[i].first : step->slot;
    }
    snug_status status = allocate(step);
    for (size_t m = 0; m < step->matrices; m++) {
        for (size_t j = 0; status == SNUG_OK && j < step->columns; j++) {
            status = set_unit(builder, node, step, m, j);
        }
    }
    return status;
}
