#include "core/memory.h"
#include "core/status.h"
#include "cpu/simd.h"
#include "layers/member_maps.h"
#include "layers/member_sums.h"
#include "layers/shared_map.h"
#include "math/linear.h"

/* The matrices that are kept, a row for each row of y. */
enum { SCALED, U, G, Q };

snug_status snug_shared_map_plan(size_t members, snug_layer_shape *shape) {
    size_t copies = members / shape->members;
    for (size_t k = SCALED; k <= Q; k++) {
        size_t width = k == SCALED || k == Q ? shape->inputs : shape->outputs;
        if (!snug_multiply(width, copies, &shape->matrices[k])) {
            return snug_fail_memory(SIZE_MAX);
        }
    }
    return SNUG_OK;
}

/* ---- kernels --------------------------------------------------------------------------------- */

/*
 * Scales the rows of one sample, `rows` rows of n: to = x * scale (+ bias), with `bias` NULL for
 * none. Rows of x are x_step floats apart; x_step = 0 gives each the same x.
 */
SNUG_KERNEL(scale_rows,
            (size_t rows, size_t n, const float *x, size_t x_step, const float *scale,
             const float *bias, float *to),
            (rows, n, x, x_step, scale, bias, to)) {
    for (size_t m = 0; m < rows; m++, x += x_step, to += n, scale += n) {
        if (bias == NULL) {
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                to[j] = x[j] * scale[j];
            }
        } else {
            const float *add = bias + m * n;
#pragma omp simd
            for (size_t j = 0; j < n; j++) {
                to[j] = snug_fma(fused, x[j], scale[j], add[j]);
            }
        }
    }
}

/* Sums the scaled rows of one sample: to[j] = the sum over m of x[m][j] scale[m][j]. */
SNUG_KERNEL(sum_scaled, (size_t rows, size_t n, const float *x, const float *scale, float *to),
            (rows, n, x, scale, to)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        to[j] = x[j] * scale[j];
    }
    for (size_t m = 1; m < rows; m++) {
        const float *row = x + m * n, *factors = scale + m * n;
#pragma omp simd
        for (size_t j = 0; j < n; j++) {
            to[j] = snug_fma(fused, row[j], factors[j], to[j]);
        }
    }
}

/* ---- chunks ---------------------------------------------------------------------------------- */

/* The samples first .. first + count - 1 of a call, few enough for the second cache. */
typedef struct chunk {
    size_t first, count;
    snug_linear product;   /* of the rows of all members */
    float *scaled, *g, *q; /* rows of the kept matrices */
    float *u;              /* in prediction the rows of y, which it becomes */
} chunk;

/*
 * Returns the chunk from sample `first` on. In prediction, where nothing has to be kept, all chunks
 * have the memory of the first one, which stays in the cache.
 */
static chunk chunk_at(const snug_shared_map *map, const snug_layer_call *run, size_t first) {
    const size_t few = 256, left = snug_sample_count(run) - first;
    size_t count = few > map->members ? few / map->members : 1;
    count = count < left ? count : left;
    size_t row = first * map->members, kept_row = run->training ? row : 0;
    return (chunk){.first = first,
                   .count = count,
                   .product = {count * map->members, run->inputs, run->outputs, run->large},
                   .scaled = run->matrices[SCALED] + kept_row * run->inputs,
                   .g = run->matrices[G] + kept_row * run->outputs,
                   .q = run->matrices[Q] + kept_row * run->inputs,
                   .u = run->training ? run->matrices[U] + row * run->outputs
                                      : run->y + row * run->outputs};
}

static void forward_chunk(const snug_shared_map *map, const snug_layer_call *run,
                          const chunk *part) {
    const size_t x_floats = run->members * run->inputs, y_floats = map->members * run->outputs;
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(map->members, run->inputs, run->x + (part->first + i) * x_floats,
                   snug_member_step(run), map->r, NULL,
                   part->scaled + i * map->members * run->inputs);
    }
    snug_linear_forward(&part->product, part->scaled, map->weight, NULL, part->u);
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(map->members, run->outputs, part->u + i * y_floats, run->outputs, map->s,
                   map->bias, run->y + (part->first + i) * y_floats);
    }
}

/* Computes g and q, and dx unless nobody needs it. */
static void backward_chunk(const snug_shared_map *map, const snug_layer_call *run,
                           const chunk *part) {
    const size_t x_floats = run->members * run->inputs, y_floats = map->members * run->outputs;
    for (size_t i = 0; i < part->count; i++) {
        scale_rows(map->members, run->outputs, run->dy + (part->first + i) * y_floats, run->outputs,
                   map->s, NULL, part->g + i * y_floats);
    }
    snug_linear_backward_input(&part->product, part->g, map->weight, false, part->q);
    for (size_t i = 0; run->dx != NULL && i < part->count; i++) {
        const float *q = part->q + i * map->members * run->inputs;
        float *dx = run->dx + (part->first + i) * x_floats;
        if (run->members > 1) {
            scale_rows(map->members, run->inputs, q, run->inputs, map->r, NULL, dx);
        } else {
            sum_scaled(map->members, run->inputs, q, map->r, dx);
        }
    }
}

/* ---- passes and gradients -------------------------------------------------------------------- */

void snug_shared_map_forward(const snug_shared_map *map, const snug_layer_call *run) {
    for (size_t first = 0; first < snug_sample_count(run);) {
        chunk part = chunk_at(map, run, first);
        forward_chunk(map, run, &part);
        first += part.count;
    }
}

void snug_shared_map_backward(const snug_shared_map *map, const snug_layer_call *run) {
    for (size_t first = 0; first < snug_sample_count(run);) {
        chunk part = chunk_at(map, run, first);
        backward_chunk(map, run, &part);
        first += part.count;
    }
}

void snug_shared_map_weight_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                     size_t first, size_t count, float *gradient) {
    const snug_linear product = {snug_sample_count(run) * map->members, run->inputs, run->outputs,
                                 run->large};
    snug_linear_backward_weight(&product, run->matrices[SCALED], run->matrices[G],
                                run->add_gradients, first, count, gradient);
}

void snug_shared_map_r_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                size_t first, size_t count, float *gradient) {
    const snug_member_part part = {map->members, first, count};
    snug_sum_member_inputs(run, &part, run->matrices[Q], gradient);
}

void snug_shared_map_s_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                size_t first, size_t count, float *gradient) {
    const snug_member_part part = {map->members, first, count};
    snug_sum_member_outputs(run, &part, run->matrices[U], gradient);
}
