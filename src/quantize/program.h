/*
 * int8 programs: a graph whose linear maps, and what is between them, are computed in integers.
 *
 *     x --.front, float32--> slots --QUANTIZE--> int8 --steps--> int8 --RESULT--> slots of .back
 *       --.back, float32--> output
 *
 * A value is a matrix of int8 numbers of one scale. The steps are run in order:
 *
 *     QUANTIZE  y = a slot of the front as int8
 *     LINEAR    sums = x W + b in int32; y = the sums in the scale of y; slot = the sums as float
 *     TABLE     y = table[x + 128]: any function of one number
 *     SUM       y = x * factor + z * factor: two values, of repeated rows or columns
 *     AFFINE    y = x * factor + term: a factor and a term for each entry
 *     PRODUCT   y = x * z
 *     COLUMNS   y = some columns of x
 *     RESULT    slot = x as float
 *
 * The zero point of x is part of the bias of a linear map, b - zero * (sum of W), so that the
 * innermost loop multiplies and adds and nothing else.
 */
#ifndef SNUG_QUANTIZE_PROGRAM_H
#define SNUG_QUANTIZE_PROGRAM_H

#include "graph/graph.h"
#include "quantize/fixed_point.h"

typedef enum snug_int8_operation {
    SNUG_INT8_QUANTIZE,
    SNUG_INT8_LINEAR,
    SNUG_INT8_TABLE,
    SNUG_INT8_SUM,
    SNUG_INT8_AFFINE,
    SNUG_INT8_PRODUCT,
    SNUG_INT8_COLUMNS,
    SNUG_INT8_RESULT
} snug_int8_operation;

/* A matrix of int8 numbers. */
typedef struct snug_int8_value {
    size_t rows, columns;
    snug_int8_scale scale;
    size_t buffer; /* the value whose bytes it has, itself but for another shape of the same */
    size_t offset; /* of its first number in the memory of a sample */
} snug_int8_value;

/* No value, and no slot. */
#define SNUG_INT8_NONE SIZE_MAX

/* One step. The members that are not named for it are 0 or NULL. */
typedef struct snug_int8_step {
    snug_int8_operation operation;
    size_t x, z, y; /* values; y of LINEAR may be SNUG_INT8_NONE */
    /*
     * Index of the first number that is read (QUANTIZE) or written (LINEAR, RESULT); of LINEAR
     * SNUG_INT8_NONE: the sums are not needed as floats.
     */
    size_t slot;
    size_t matrices;      /* LINEAR */
    size_t inputs;        /* LINEAR: columns of x */
    size_t rows, columns; /* LINEAR: of the result; otherwise those of y, of RESULT those of x */
    size_t first_column;  /* TABLE: columns of y from here on get the columns of x */
    int8_t *weights;      /* LINEAR: matrices x columns x inputs; owned */
    int32_t *biases;      /* LINEAR: matrices x columns; AFFINE: terms, rows x columns; owned */
    /* LINEAR: matrices x columns, of the rescaling; AFFINE: rows x columns. Owned */
    int32_t *factors;
    uint8_t *shifts;            /* LINEAR: matrices x columns; owned */
    float *scales;              /* LINEAR with a slot: matrices x columns, owned */
    float scale;                /* QUANTIZE: 1 / the scale of y; RESULT: the scale of x */
    int8_t *table;              /* TABLE: 256; owned */
    snug_multiplier multiplier; /* PRODUCT */
    int32_t x_factor, z_factor; /* SUM */
    uint8_t shift;              /* SUM, AFFINE */
    size_t *numbers;            /* COLUMNS; owned */
} snug_int8_step;

typedef struct snug_int8_program {
    snug_graph *front, *back; /* owned */
    size_t front_slots, back_slots;
    size_t passed;           /* the last slots of the front, which are the first of the back */
    snug_int8_value *values; /* owned */
    size_t value_count;
    snug_int8_step *steps; /* owned */
    size_t step_count;
    size_t memory; /* bytes that the values of a sample take; values share bytes in turn */
} snug_int8_program;

/* Frees a program; ignores NULL. */
void snug_int8_program_free(snug_int8_program *program);

/*
 * Sets the offsets of all values, and the memory that they take: values that no step needs at the
 * same time may be in the same bytes. Fails without memory.
 */
snug_status snug_int8_place_values(snug_int8_program *program);

/* Returns the bytes of the constants of a program: weights, biases, factors, tables, both ends. */
size_t snug_int8_program_bytes(const snug_int8_program *program);

/* Returns the bytes of the constants of a graph in float32. */
size_t snug_graph_bytes(const snug_graph *graph);

#endif
