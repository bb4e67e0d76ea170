/*
 * Linear maps of embeddings, where each chosen column has one of its own: of a row, the numbers v
 * that encode column j become
 *
 *     y_j = W_j' v_j + c_j       v_j  H numbers       y_j  V numbers
 *
 * The W of n columns are one tensor, n times H x V below each other, and the c another one, n x V.
 * A row of v, wherever it is, has no gaps: `planes` planes of n x width numbers, so that H is
 * planes x width.
 *
 *     planes = 2      plane 0: | column 0 | column 1 | ...    plane 1: | column 0 | column 1 | ...
 *
 * Each map is one small matrix product a plane, over all rows of a batch.
 */
#ifndef SNUG_LAYERS_COLUMN_MAPS_H
#define SNUG_LAYERS_COLUMN_MAPS_H

#include <snug/kind.h>

typedef struct snug_column_maps {
    size_t columns;       /* n */
    size_t planes, width; /* of v */
    size_t made;          /* V */
    size_t stride;        /* floats from a row of v to the next one, and of dv */
} snug_column_maps;

/* Where y is: that of column 0 in the first row, and how far rows and columns are apart. */
typedef struct snug_made {
    float *first;
    size_t row, column;
} snug_made;

/* Where the gradient by y is, in the same way. */
typedef struct snug_made_gradient {
    const float *first;
    size_t row, column;
} snug_made_gradient;

/* Sets initial numbers that are uniform in [-limit, limit). */
void snug_fill_within(const snug_random *stream, double limit, size_t count, float *values);

/* Sets initial W and c, as torch.nn.Linear has them: uniform within 1 / sqrt(H). */
void snug_column_maps_fill(size_t numbers, const snug_random *stream, size_t count, float *values);

/* Computes y of `rows` rows. */
void snug_column_maps_forward(const snug_column_maps *maps, size_t rows, const float *v,
                              const float *weight, const float *bias, const snug_made *y);

/* Computes dv, the gradient by v, of `rows` rows. */
void snug_column_maps_backward(const snug_column_maps *maps, size_t rows,
                               const snug_made_gradient *dy, const float *weight, float *dv);

/*
 * Computes rows first .. first + count - 1 of dW or of dc, the sums over the rows of the call, or
 * adds to them if run->add_gradients.
 */
void snug_column_maps_weight_gradient(const snug_column_maps *maps, const snug_layer_call *run,
                                      const float *v, const snug_made_gradient *dy, size_t first,
                                      size_t count, float *gradient);
void snug_column_maps_bias_gradient(const snug_column_maps *maps, const snug_layer_call *run,
                                    const snug_made_gradient *dy, size_t first, size_t count,
                                    float *gradient);

#endif
