/* Linear maps of which each member of an ensemble has one of its own: y = x W_m + b_m. */
#ifndef SNUG_LAYERS_MEMBER_MAPS_H
#define SNUG_LAYERS_MEMBER_MAPS_H

#include <stddef.h>

#include <snug/kind.h>

/* Returns how many samples a call has, each with run->members rows of x. */
static inline size_t snug_sample_count(const snug_layer_call *run) {
    return run->rows / run->members;
}

/* Returns the floats from one row of x to the next of the same sample; 0: all members have one. */
static inline size_t snug_member_step(const snug_layer_call *run) {
    return run->members > 1 ? run->inputs : 0;
}

typedef struct snug_member_maps {
    size_t members;      /* rows of y for each sample */
    const float *weight; /* members x inputs x outputs */
    const float *bias;   /* members x outputs, or NULL */
} snug_member_maps;

/* Computes y = x W_m + b_m of all members. */
void snug_member_maps_forward(const snug_member_maps *maps, const snug_layer_call *run);

/* Computes dx = dy W_m', where members have one x the sum over them; nothing without dx. */
void snug_member_maps_backward(const snug_member_maps *maps, const snug_layer_call *run);

/*
 * Computes rows first .. first + count - 1 of all dW_m = x' dy, which are below each other, or adds
 * to them if run->add_gradients.
 */
void snug_member_maps_gradient(const snug_member_maps *maps, const snug_layer_call *run,
                               size_t first, size_t count, float *gradient);

#endif
