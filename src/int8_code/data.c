#include "int8_code/data.h"

/* Returns number i of an array of some type of integers. */
typedef long long read_fn(const void *values, size_t i);

static long long read_int8(const void *values, size_t i) {
    return ((const int8_t *)values)[i];
}

static long long read_uint8(const void *values, size_t i) {
    return ((const uint8_t *)values)[i];
}

static long long read_int32(const void *values, size_t i) {
    return ((const int32_t *)values)[i];
}

static long long read_size(const void *values, size_t i) {
    return (long long)((const size_t *)values)[i];
}

/* INT32_MIN is no literal: its digits alone do not fit. */
static void write_integer(FILE *file, long long x) {
    if (x == INT32_MIN) {
        fputs("-2147483647 - 1", file);
    } else {
        fprintf(file, "%lld", x);
    }
}

/* Writes an array PREFIX_NAME_K of rows x columns numbers; nothing for NULL. */
static void write_array(const snug_c_program *p, const char *type, const char *name, size_t k,
                        size_t rows, size_t columns, const void *values, read_fn *read) {
    if (values == NULL) {
        return;
    }
    fprintf(p->file, "/* Step %zu: %zu x %zu */\nstatic const %s %s_%s_%zu[%zu] = {", k, rows,
            columns, type, p->names.prefix, name, k, rows * columns);
    for (size_t i = 0; i < rows * columns; i++) {
        fputs(i == 0 ? "" : i % 16 == 0 ? ",\n    " : ", ", p->file);
        write_integer(p->file, read(values, i));
    }
    fputs("};\n\n", p->file);
}

static void write_scales(const snug_c_program *p, size_t k, const snug_int8_step *step) {
    size_t count = step->matrices * step->columns;
    if (step->scales != NULL) {
        fprintf(p->file, "/* Step %zu: of the sums */\nstatic const float %s_scales_%zu[%zu] = ", k,
                p->names.prefix, k, count);
        snug_c_write_floats(p->file, count, step->scales);
        fputs(";\n\n", p->file);
    }
}

void snug_int8_write_data(snug_c_program *p, const snug_int8_program *program) {
    for (size_t k = 0; k < program->step_count; k++) {
        const snug_int8_step *step = &program->steps[k];
        size_t rows = step->operation == SNUG_INT8_LINEAR ? step->matrices : step->rows;
        size_t columns = step->columns;
        write_array(p, "int8_t", "weights", k, rows * columns, step->inputs, step->weights,
                    read_int8);
        write_array(p, "int32_t", "biases", k, rows, columns, step->biases, read_int32);
        write_array(p, "int32_t", "factors", k, rows, columns, step->factors, read_int32);
        write_array(p, "uint8_t", "shifts", k, rows, columns, step->shifts, read_uint8);
        write_scales(p, k, step);
        write_array(p, "int8_t", "table", k, 1, 256, step->table, read_int8);
        write_array(p, "size_t", "columns", k, 1, columns, step->numbers, read_size);
    }
}
