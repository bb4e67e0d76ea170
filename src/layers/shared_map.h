/*
 * A linear map that the members of an ensemble share, each with scalings of its own:
 *
 *     y = ((x * r_m) W) * s_m + b_m       * entry by entry
 *
 * The members are rows of one product for all of them. The scalings are passes over the rows of a
 * chunk while these are in the second cache. For backward four matrices are kept,
 *
 *     x * r        u = (x * r) W        g = dy * s        q = g W'
 *
 * from which the gradients are products and sums over rows:
 *
 *     dW = (x * r)' g     dr_m = sum of x * q     ds_m = sum of dy * u     db_m = sum of dy
 *     dx = q * r, in the first layer the sum of it over the members
 */
#ifndef SNUG_LAYERS_SHARED_MAP_H
#define SNUG_LAYERS_SHARED_MAP_H

#include <snug/kind.h>

typedef struct snug_shared_map {
    size_t members;      /* rows of y for each sample */
    const float *weight; /* W, inputs x outputs */
    const float *r, *s;  /* members x inputs, members x outputs */
    const float *bias;   /* members x outputs, or NULL */
} snug_shared_map;

/*
 * Sets shape->matrices, those that are kept from forward to backward, by the shape's inputs,
 * outputs and members. Fails where a size overflows.
 */
snug_status snug_shared_map_plan(size_t members, snug_layer_shape *shape);

/* Computes y of all members. */
void snug_shared_map_forward(const snug_shared_map *map, const snug_layer_call *run);

/* Computes what the gradients are made of and, unless it is NULL, dx. */
void snug_shared_map_backward(const snug_shared_map *map, const snug_layer_call *run);

/*
 * Compute rows first .. first + count - 1 of dW, dr and ds, or add to them if run->add_gradients.
 * Those of db are sums of dy: layers/member_sums.h.
 */
void snug_shared_map_weight_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                     size_t first, size_t count, float *gradient);
void snug_shared_map_r_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                size_t first, size_t count, float *gradient);
void snug_shared_map_s_gradient(const snug_shared_map *map, const snug_layer_call *run,
                                size_t first, size_t count, float *gradient);

#endif
