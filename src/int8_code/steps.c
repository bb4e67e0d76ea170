#include "int8_code/steps.h"

/* ---- functions that the steps call ----------------------------------------------------------- */

/* "@" is the prefix with "_". */
static const char quantize_source[] =
    "/* Returns the int8 nearest to x / scale + zero, for inverse = 1 / scale. */\n"
    "static int8_t @quantize(float x, float inverse, int32_t zero) {\n"
    "    const float least = (float)(-128 - zero), largest = (float)(127 - zero);\n"
    "    float scaled = x * inverse;\n"
    "    scaled = scaled > least ? scaled : least;\n"
    "    scaled = scaled < largest ? scaled : largest;\n"
    "    return (int8_t)((int32_t)(scaled + (scaled < 0.0f ? -0.5f : 0.5f)) + zero);\n"
    "}\n\n";

/*
 * ARM's processors with the DSP extension, among them the Cortex-M4, multiply two pairs of numbers
 * of 16 bits and add both products in one instruction. The order of additions changes no sum of
 * integers.
 */
static const char sum_source[] =
    "/* Returns bias + the sum of the products of n numbers. */\n"
    "static int32_t @sum(const int8_t *x, const int8_t *w, int32_t bias, size_t n) {\n"
    "    int32_t sum = bias;\n"
    "    size_t i = 0;\n"
    "#ifdef __ARM_FEATURE_SIMD32\n"
    "    for (; i + 4 <= n; i += 4) {\n"
    "        int8x4_t a, b;\n"
    "        __builtin_memcpy(&a, x + i, 4);\n"
    "        __builtin_memcpy(&b, w + i, 4);\n"
    "        sum = __smlad(__sxtb16(a), __sxtb16(b), sum);\n"
    "        /* The second and the fourth of each: there is no intrinsic for the rotation. */\n"
    "        const uint32_t c = (uint32_t)a >> 8 | (uint32_t)a << 24;\n"
    "        const uint32_t d = (uint32_t)b >> 8 | (uint32_t)b << 24;\n"
    "        sum = __smlad(__sxtb16((int8x4_t)c), __sxtb16((int8x4_t)d), sum);\n"
    "    }\n"
    "#endif\n"
    "    for (; i < n; i++) {\n"
    "        sum += (int32_t)w[i] * x[i];\n"
    "    }\n"
    "    return sum;\n"
    "}\n\n";

static const char rescale_source[] =
    "/* Returns zero + sum * factor / 2^shift, rounded, halves away from 0, as an int8. */\n"
    "static int8_t @rescale(int32_t sum, int32_t factor, unsigned shift, int32_t zero) {\n"
    "    const int64_t product = (int64_t)sum * factor, half = (int64_t)1 << (shift - 1);\n"
    "    const int64_t y =\n"
    "        zero + (product >= 0 ? (product + half) >> shift : -((half - product) >> shift));\n"
    "    return (int8_t)(y < -128 ? -128 : y > 127 ? 127 : y);\n"
    "}\n\n";

/* Writes a source where it is needed. */
static void write_function(const snug_c_program *p, bool needed, const char *source) {
    for (; needed && *source != '\0'; source++) {
        if (*source == '@') {
            fprintf(p->file, "%s_", p->names.prefix);
        } else {
            fputc(*source, p->file);
        }
    }
}

static void write_functions(const snug_c_program *p, const snug_int8_program *program) {
    bool rescales = false;
    for (size_t k = 0; k < program->step_count; k++) {
        const snug_int8_step *step = &program->steps[k];
        rescales = rescales || (step->operation == SNUG_INT8_LINEAR && step->y != SNUG_INT8_NONE) ||
                   step->operation == SNUG_INT8_SUM || step->operation == SNUG_INT8_AFFINE ||
                   step->operation == SNUG_INT8_PRODUCT;
    }
    write_function(p, true, quantize_source);
    write_function(p, true, sum_source);
    write_function(p, rescales, rescale_source);
}

/* ---- indices --------------------------------------------------------------------------------- */

enum { INDEX_SIZE = 96 };

/* Formats the index of entry (r, j) of a matrix in an array from `offset` on. Returns `text`. */
static const char *index_of(char text[INDEX_SIZE], size_t offset, size_t rows, size_t columns) {
    int length = snprintf(text, INDEX_SIZE, "%zu", offset);
    if (rows > 1) {
        length += snprintf(text + length, INDEX_SIZE - (size_t)length, " + r * %zu", columns);
    }
    if (columns > 1) {
        snprintf(text + length, INDEX_SIZE - (size_t)length, " + j");
    }
    return text;
}

/* Begins loops over the entries (r, j) of a matrix. */
static void begin_loops(snug_c_program *p, size_t rows, size_t columns) {
    if (rows > 1) {
        snug_c_line(p, "for (size_t r = 0; r < %zu; r++) {", rows);
    }
    snug_c_line(p, "for (size_t j = 0; j < %zu; j++) {", columns);
}

static void end_loops(snug_c_program *p, size_t rows) {
    snug_c_line(p, "}");
    if (rows > 1) {
        snug_c_line(p, "}");
    }
}

/* ---- steps ----------------------------------------------------------------------------------- */

static void write_quantize(snug_c_program *p, const snug_int8_step *step,
                           const snug_int8_value *y) {
    char number[SNUG_C_NUMBER_SIZE];
    begin_loops(p, 1, step->rows * step->columns);
    snug_c_line(p, "q[%zu + j] = %s_quantize(front[%zu + j], %s, %d);", y->offset, p->names.prefix,
                step->slot, snug_c_number(number, step->scale), (int)y->scale.zero);
    end_loops(p, 1);
}

static void write_result(snug_c_program *p, const snug_int8_step *step, const snug_int8_value *x) {
    char number[SNUG_C_NUMBER_SIZE];
    begin_loops(p, 1, step->rows * step->columns);
    snug_c_line(p, "back[%zu + j] = %s * (float)(q[%zu + j] - (%d));", step->slot,
                snug_c_number(number, step->scale), x->offset, (int)x->scale.zero);
    end_loops(p, 1);
}

static void write_linear(snug_c_program *p, const snug_int8_program *program, size_t k) {
    const snug_int8_step *step = &program->steps[k];
    const snug_int8_value *x = &program->values[step->x];
    const char *prefix = p->names.prefix, *unit = step->matrices > 1 ? "unit" : "j";
    char entry[INDEX_SIZE], row[INDEX_SIZE] = "";
    if (x->rows > 1) {
        snprintf(row, sizeof row, " + r * %zu", step->inputs);
    }
    begin_loops(p, step->rows, step->columns);
    if (step->matrices > 1) {
        snug_c_line(p, "const size_t unit = r * %zu + j;", step->columns);
    }
    snug_c_line(p, "const int32_t sum =");
    snug_c_line(p, "    %s_sum(q + %zu%s, %s_weights_%zu + %s * %zu, %s_biases_%zu[%s], %zu);",
                prefix, x->offset, row, prefix, k, unit, step->inputs, prefix, k, unit,
                step->inputs);
    if (step->slot != SNUG_INT8_NONE) {
        snug_c_line(p, "back[%s] = %s_scales_%zu[%s] * (float)sum;",
                    index_of(entry, step->slot, step->rows, step->columns), prefix, k, unit);
    }
    if (step->y != SNUG_INT8_NONE) {
        const snug_int8_value *y = &program->values[step->y];
        snug_c_line(p, "q[%s] = %s_rescale(sum, %s_factors_%zu[%s], %s_shifts_%zu[%s], %d);",
                    index_of(entry, y->offset, step->rows, step->columns), prefix, prefix, k, unit,
                    prefix, k, unit, (int)y->scale.zero);
    }
    end_loops(p, step->rows);
}

static void write_table(snug_c_program *p, const snug_int8_program *program, size_t k) {
    const snug_int8_step *step = &program->steps[k];
    const snug_int8_value *x = &program->values[step->x], *y = &program->values[step->y];
    char from[INDEX_SIZE], row[INDEX_SIZE] = "";
    if (step->rows > 1) {
        snprintf(row, sizeof row, " + r * %zu", step->columns);
    }
    begin_loops(p, step->rows, x->columns);
    snug_c_line(p, "q[%zu%s + j] = %s_table_%zu[q[%s] + 128];", y->offset + step->first_column, row,
                p->names.prefix, k, index_of(from, x->offset, x->rows, x->columns));
    end_loops(p, step->rows);
}

static void write_columns(snug_c_program *p, const snug_int8_program *program, size_t k) {
    const snug_int8_step *step = &program->steps[k];
    const snug_int8_value *x = &program->values[step->x];
    char to[INDEX_SIZE], row[INDEX_SIZE] = "";
    if (step->rows > 1) {
        snprintf(row, sizeof row, " + r * %zu", x->columns);
    }
    begin_loops(p, step->rows, step->columns);
    snug_c_line(p, "q[%s] = q[%zu%s + %s_columns_%zu[j]];",
                index_of(to, program->values[step->y].offset, step->rows, step->columns), x->offset,
                row, p->names.prefix, k);
    end_loops(p, step->rows);
}

/* Writes SUM, AFFINE and PRODUCT: an int32 of one or two values, rescaled. */
static void write_combination(snug_c_program *p, const snug_int8_program *program, size_t k) {
    const snug_int8_step *step = &program->steps[k];
    const snug_int8_value *x = &program->values[step->x], *y = &program->values[step->y];
    const char *prefix = p->names.prefix;
    char from[INDEX_SIZE], second[INDEX_SIZE], to[INDEX_SIZE], entry[INDEX_SIZE];
    int32_t factor = 1;
    unsigned shift = step->shift;
    index_of(to, y->offset, step->rows, step->columns);
    begin_loops(p, step->rows, step->columns);
    snug_c_line(p, "const int32_t x = q[%s] - (%d);",
                index_of(from, x->offset, x->rows, x->columns), (int)x->scale.zero);
    if (step->operation == SNUG_INT8_AFFINE) {
        index_of(entry, 0, step->rows, step->columns);
        snug_c_line(p, "const int32_t sum = x * %s_factors_%zu[%s] + %s_biases_%zu[%s];", prefix, k,
                    entry, prefix, k, entry);
    } else {
        const snug_int8_value *z = &program->values[step->z];
        snug_c_line(p, "const int32_t z = q[%s] - (%d);",
                    index_of(second, z->offset, z->rows, z->columns), (int)z->scale.zero);
        if (step->operation == SNUG_INT8_PRODUCT) {
            factor = step->multiplier.factor;
            shift = step->multiplier.shift;
            snug_c_line(p, "const int32_t sum = x * z;");
        } else {
            snug_c_line(p, "const int32_t sum = x * (%d) + z * (%d);", (int)step->x_factor,
                        (int)step->z_factor);
        }
    }
    snug_c_line(p, "q[%s] = %s_rescale(sum, %d, %u, %d);", to, prefix, (int)factor, shift,
                (int)y->scale.zero);
    end_loops(p, step->rows);
}

static void write_step(snug_c_program *p, const snug_int8_program *program, size_t k) {
    const snug_int8_step *step = &program->steps[k];
    switch (step->operation) {
    case SNUG_INT8_QUANTIZE:
        write_quantize(p, step, &program->values[step->y]);
        break;
    case SNUG_INT8_LINEAR:
        write_linear(p, program, k);
        break;
    case SNUG_INT8_TABLE:
        write_table(p, program, k);
        break;
    case SNUG_INT8_COLUMNS:
        write_columns(p, program, k);
        break;
    case SNUG_INT8_RESULT:
        write_result(p, step, &program->values[step->x]);
        break;
    default:
        write_combination(p, program, k);
        break;
    }
}

void snug_int8_write_steps(snug_c_program *p, const snug_int8_program *program) {
    write_functions(p, program);
    snug_c_line(p, "/* The layers, in integers: q has the values of one step for the next. */");
    snug_c_line(p, "static void %s_integers(const float *front, float *back, int8_t *q) {",
                p->names.prefix);
    for (size_t k = 0; k < program->step_count; k++) {
        write_step(p, program, k);
    }
    snug_c_line(p, "}");
    snug_c_line(p, "%s", "");
}
