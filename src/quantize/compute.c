#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "graph/compute.h"
#include "quantize/compute.h"

enum { BLOCK = 256 }; /* samples whose float ends are computed at a time */

/* One sample on its way. */
typedef struct sample {
    const snug_int8_program *program;
    int8_t *memory;     /* of the values */
    const float *front; /* slots of the front */
    float *back;        /* slots of the back */
} sample;

static int8_t *value_at(const sample *s, size_t value) {
    return s->memory + s->program->values[value].offset;
}

static void quantize(const sample *s, const snug_int8_step *step) {
    int8_t *y = value_at(s, step->y);
    for (size_t i = 0; i < step->rows * step->columns; i++) {
        y[i] = snug_int8_of_float(s->front[step->slot + i], step->scale,
                                  s->program->values[step->y].scale.zero);
    }
}

static void result(const sample *s, const snug_int8_step *step) {
    const int8_t *x = value_at(s, step->x);
    for (size_t i = 0; i < step->rows * step->columns; i++) {
        s->back[step->slot + i] =
            step->scale * (float)(x[i] - s->program->values[step->x].scale.zero);
    }
}

static void linear(const sample *s, const snug_int8_step *step) {
    const snug_int8_value *from = &s->program->values[step->x];
    for (size_t r = 0; r < step->rows; r++) {
        const int8_t *x = value_at(s, step->x) + (from->rows == 1 ? 0 : r * step->inputs);
        for (size_t j = 0; j < step->columns; j++) {
            size_t unit = (step->matrices == 1 ? 0 : r * step->columns) + j;
            size_t at = r * step->columns + j;
            const int8_t *w = step->weights + unit * step->inputs;
            int32_t sum = step->biases[unit];
            for (size_t i = 0; i < step->inputs; i++) {
                sum += w[i] * x[i];
            }
            if (step->slot != SNUG_INT8_NONE) {
                s->back[step->slot + at] = step->scales[unit] * (float)sum;
            }
            if (step->y != SNUG_INT8_NONE) {
                snug_multiplier by = {step->factors[unit], step->shifts[unit]};
                value_at(s, step->y)[at] =
                    snug_int8_rescale(sum, by, s->program->values[step->y].scale.zero);
            }
        }
    }
}

static void look_up(const sample *s, const snug_int8_step *step) {
    const snug_int8_value *from = &s->program->values[step->x];
    for (size_t r = 0; r < step->rows; r++) {
        const int8_t *x = value_at(s, step->x) + r * from->columns;
        int8_t *y = value_at(s, step->y) + r * step->columns + step->first_column;
        for (size_t j = 0; j < from->columns; j++) {
            y[j] = step->table[x[j] + 128];
        }
    }
}

/* Returns an entry of a value less its zero point; one row, or column, is repeated. */
static int32_t entry(const sample *s, size_t value, size_t r, size_t j) {
    const snug_int8_value *v = &s->program->values[value];
    size_t index = (v->rows == 1 ? 0 : r) * v->columns + (v->columns == 1 ? 0 : j);
    return s->memory[v->offset + index] - v->scale.zero;
}

/* SUM, AFFINE, PRODUCT. */
static void combine(const sample *s, const snug_int8_step *step) {
    int32_t zero = s->program->values[step->y].scale.zero;
    for (size_t r = 0; r < step->rows; r++) {
        for (size_t j = 0; j < step->columns; j++) {
            size_t i = r * step->columns + j;
            int32_t x = entry(s, step->x, r, j);
            int8_t *y = value_at(s, step->y) + i;
            if (step->operation == SNUG_INT8_PRODUCT) {
                *y = snug_int8_rescale(x * entry(s, step->z, r, j), step->multiplier, zero);
                continue;
            }
            int32_t sum = step->operation == SNUG_INT8_AFFINE
                              ? x * step->factors[i] + step->biases[i]
                              : x * step->x_factor + entry(s, step->z, r, j) * step->z_factor;
            *y = snug_int8_saturate(snug_shift_rounded(sum, step->shift) + zero);
        }
    }
}

static void take_columns(const sample *s, const snug_int8_step *step) {
    size_t columns = s->program->values[step->x].columns;
    for (size_t r = 0; r < step->rows; r++) {
        for (size_t j = 0; j < step->columns; j++) {
            value_at(s, step->y)[r * step->columns + j] =
                value_at(s, step->x)[r * columns + step->numbers[j]];
        }
    }
}

static void run_step(const sample *s, const snug_int8_step *step) {
    switch (step->operation) {
    case SNUG_INT8_QUANTIZE:
        quantize(s, step);
        break;
    case SNUG_INT8_LINEAR:
        linear(s, step);
        break;
    case SNUG_INT8_TABLE:
        look_up(s, step);
        break;
    case SNUG_INT8_SUM:
    case SNUG_INT8_AFFINE:
    case SNUG_INT8_PRODUCT:
        combine(s, step);
        break;
    case SNUG_INT8_COLUMNS:
        take_columns(s, step);
        break;
    case SNUG_INT8_RESULT:
        result(s, step);
        break;
    }
}

/* Computes the slots of the back of each sample by the slots of the front. */
static void run_integers(const snug_int8_program *program, size_t samples, const float *front,
                         float *back, int8_t *memory) {
    for (size_t i = 0; i < samples; i++) {
        sample s = {program, memory, front + i * program->front_slots,
                    back + i * program->back_slots};
        size_t passed = program->passed;
        memcpy(s.back, s.front + program->front_slots - passed, passed * sizeof *s.back);
        for (size_t k = 0; k < program->step_count; k++) {
            run_step(&s, &program->steps[k]);
        }
    }
}

snug_status snug_int8_compute(const snug_int8_program *program, size_t samples, const float *x,
                              float *output) {
    size_t inputs = program->front->nodes[0].columns, outputs = program->back->output.columns;
    size_t front_count = 0, back_count = 0;
    if (!snug_multiply(BLOCK, program->front_slots, &front_count) ||
        !snug_multiply(BLOCK, program->back_slots, &back_count)) {
        return snug_fail_memory(SIZE_MAX);
    }
    float *front = snug_alloc(front_count, sizeof *front);
    float *back = snug_alloc(back_count, sizeof *back);
    int8_t *memory = snug_alloc(program->memory, 1);
    snug_status status =
        front != NULL && back != NULL && memory != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; status == SNUG_OK && i < samples; i += BLOCK) {
        size_t count = samples - i < BLOCK ? samples - i : BLOCK;
        status = snug_graph_compute(program->front, count, x + i * inputs, front, NULL, NULL);
        if (status == SNUG_OK) {
            run_integers(program, count, front, back, memory);
            status =
                snug_graph_compute(program->back, count, back, output + i * outputs, NULL, NULL);
        }
    }
    snug_release(front);
    snug_release(back);
    snug_release(memory);
    return status;
}
