#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "quantize/pointwise.h"
#include "quantize/steps.h"

/* ---- linear maps ----------------------------------------------------------------------------- */

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

static snug_status allocate_linear(snug_int8_step *step) {
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
    snug_status status = allocate_linear(step);
    for (size_t m = 0; m < step->matrices; m++) {
        for (size_t j = 0; status == SNUG_OK && j < step->columns; j++) {
            status = set_unit(builder, node, step, m, j);
        }
    }
    return status;
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Adds a table that leads from the value of one node to y; its entries are still 0. */
static snug_int8_step *add_table(snug_int8_builder *b, size_t node, size_t from, size_t y) {
    snug_int8_step *step = snug_int8_add_step(b, SNUG_INT8_TABLE, node, y);
    if (step != NULL) {
        step->x = b->values[from];
        step->table = snug_alloc(256, sizeof *step->table);
    }
    return step != NULL && step->table != NULL ? step : NULL;
}

snug_status snug_int8_add_table(snug_int8_builder *builder, size_t n) {
    size_t root = builder->parts[n].root;
    size_t y = snug_int8_add_value(builder, n);
    snug_int8_step *step = y != SNUG_INT8_NONE ? add_table(builder, n, root, y) : NULL;
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (int32_t q = -128; q < 128; q++) {
        double x = snug_int8_number(builder->scales[root], q);
        double f = snug_pointwise(builder->graph, builder->parts, n, x, builder->memory);
        step->table[q + 128] = snug_int8_quantize(builder->scales[n], f);
    }
    return SNUG_OK;
}

snug_status snug_int8_add_rescaling(snug_int8_builder *builder, size_t node, size_t from, size_t y,
                                    size_t first_column) {
    snug_int8_step *step = add_table(builder, node, from, y);
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    const snug_int8_program *program = builder->program;
    step->first_column = first_column;
    for (int32_t q = -128; q < 128; q++) {
        double x = snug_int8_number(program->values[step->x].scale, q);
        step->table[q + 128] = snug_int8_quantize(program->values[y].scale, x);
    }
    return SNUG_OK;
}

/*
 * 255 times a factor, twice, or once with a term, is below 2^31: the sums of SUM and AFFINE are
 * int32 numbers.
 */
#define LARGEST_FACTOR 4194304.0 /* 2^22 */
#define LARGEST_TERM 536870912.0 /* 2^29 */

/* ---- two values ------------------------------------------------------------------------------ */

/* Returns the largest shift with which factors up to `largest` are not too large. */
static uint8_t shift_for(double largest) {
    uint8_t shift = 1;
    while (shift < 30 && ldexp(largest, shift + 1) <= LARGEST_FACTOR) {
        shift++;
    }
    return shift;
}

/* Returns a number times 2^shift as an int32 of at most `largest` in size. */
static int32_t fixed(double number, unsigned shift, double largest) {
    double x = round(ldexp(number, (int)shift));
    return (int32_t)fmax(fmin(x, largest), -largest);
}

static void set_sum(snug_int8_step *step, const snug_int8_value *values, int function) {
    double y = values[step->y].scale.scale;
    double x_factor = values[step->x].scale.scale / y, z_factor = values[step->z].scale.scale / y;
    step->shift = shift_for(fmax(x_factor, z_factor));
    step->x_factor = fixed(x_factor, step->shift, LARGEST_FACTOR);
    step->z_factor = fixed(z_factor, step->shift, LARGEST_FACTOR);
    step->z_factor = function == SNUG_SUBTRACT ? -step->z_factor : step->z_factor;
}

static snug_status add_pair(snug_int8_builder *b, const snug_graph_node *node, size_t n, size_t y) {
    bool product = node->function == SNUG_MULTIPLY;
    snug_int8_step *step = snug_int8_add_step(b, product ? SNUG_INT8_PRODUCT : SNUG_INT8_SUM, n, y);
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    const snug_int8_value *values = b->program->values;
    step->x = b->values[node->inputs[0]];
    step->z = b->values[node->inputs[1]];
    if (product) {
        step->multiplier = snug_multiplier_of(values[step->x].scale.scale *
                                              values[step->z].scale.scale / values[y].scale.scale);
    } else {
        set_sum(step, values, node->function);
    }
    return SNUG_OK;
}

/* ---- a value and a constant ------------------------------------------------------------------ */

/* y = factor x + term for one entry c of the constant, which is the first operand or the second. */
static void affine_numbers(const snug_graph_node *node, bool first, double c, double *factor,
                           double *term) {
    *factor = 1;
    *term = 0;
    switch ((snug_binary)node->function) {
    case SNUG_MULTIPLY:
        *factor = c;
        break;
    case SNUG_DIVIDE:
        *factor = 1 / c;
        break;
    case SNUG_SUBTRACT:
        *factor = first ? -1 : 1;
        *term = first ? c : -c;
        break;
    default:
        *term = c;
        break;
    }
}

static snug_status add_affine(snug_int8_builder *b, const snug_graph_node *node, size_t n, size_t y,
                              bool first) {
    const snug_graph_node *constant = &b->graph->nodes[node->inputs[first ? 0 : 1]];
    snug_int8_step *step = snug_int8_add_step(b, SNUG_INT8_AFFINE, n, y);
    size_t count = node->rows * node->columns;
    if (step == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    step->x = b->values[node->inputs[first ? 1 : 0]];
    step->factors = snug_alloc(count, sizeof *step->factors);
    step->biases = snug_alloc(count, sizeof *step->biases);
    if (step->factors == NULL || step->biases == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    double x_scale = b->program->values[step->x].scale.scale;
    double y_scale = b->program->values[y].scale.scale, largest = 0, factor, term;
    for (size_t i = 0; i < constant->rows * constant->columns; i++) {
        affine_numbers(node, first, (double)constant->values[i], &factor, &term);
        /* A term takes bits as 128 times the factor does. */
        largest = fmax(largest, fmax(fabs(factor) * x_scale, fabs(term) / 128) / y_scale);
    }
    step->shift = shift_for(largest);
    for (size_t i = 0; i < count; i++) {
        size_t row = constant->rows == 1 ? 0 : i / node->columns;
        size_t column = constant->columns == 1 ? 0 : i % node->columns;
        double c = (double)constant->values[row * constant->columns + column];
        affine_numbers(node, first, c, &factor, &term);
        step->factors[i] = fixed(factor * x_scale / y_scale, step->shift, LARGEST_FACTOR);
        step->biases[i] = fixed(term / y_scale, step->shift, LARGEST_TERM);
    }
    return SNUG_OK;
}

snug_status snug_int8_add_binary(snug_int8_builder *builder, size_t n) {
    const snug_graph_node *node = &builder->graph->nodes[n];
    bool first = builder->graph->nodes[node->inputs[0]].operation == SNUG_OPERATION_CONSTANT;
    bool second = builder->graph->nodes[node->inputs[1]].operation == SNUG_OPERATION_CONSTANT;
    size_t y = snug_int8_add_value(builder, n);
    if (y == SNUG_INT8_NONE) {
        return SNUG_ERROR_MEMORY;
    }
    return first || second ? add_affine(builder, node, n, y, first) : add_pair(builder, node, n, y);
}
