/*
 * The memory of a session: one block, laid out once for the largest batch. A pass allocates
 * nothing.
 *
 * Each buffer starts at a multiple of 64 bytes, a line of the cache. R is the largest number of
 * rows, "widest" the number of columns of the widest matrix.
 *
 *     +------------+------------------------+---------+-----------+--------------+- - - - +
 *     | input      | pairs                  | scratch | gradients | each layer:  | dy of  |
 *     | R x inputs | 2 x (R x widest) for   |         | flat, as  | y, cache,    | each   |
 *     |            | each depth of blocks   |         | parameters| keep         | layer  |
 *     +------------+------------------------+---------+-----------+--------------+- - - - +
 *                                                      training                   training
 *                                                                                 in threads
 *
 *   input       the preprocessed rows
 *   pairs       a "ping-pong" pair for each depth, of which one buffer is read while the other is
 *               written. In prediction they hold the outputs of layers; in training the gradients
 *               dy and dx. A block has a pair of its own, because the input of a block must outlive
 *               the layers inside: it is read again after them.
 *   scratch     work space of one layer at a time; nothing in it lives longer than a call
 *   gradients   one for each parameter, at the same offsets as in the flat vector of parameters
 *   y           outputs of a layer, R x outputs. In training each layer has its own buffer, because
 *               backward reads it. In prediction only the last layer has.
 *   cache       R x as many floats as the layer asks for, from forward to backward; behind it are
 *               its matrices, each R x as many floats
 *   keep        what a layer keeps from forward to backward whatever the number of rows
 *   dy          the gradient of the loss by a layer's outputs, R x outputs. Threads keep it of all
 *               layers until every thread is through with its rows; then the gradients are made.
 *
 * Behind them are values and centred, R x outputs each, and a row of factors, where the targets of
 * the model are scaled: see session/target_scaling.h; and where the model is an ensemble, what
 * session/members.h needs. The matrices behind the layer that begins an ensemble have `members`
 * rows for each row of the batch.
 *
 * These buffers may be the same one:
 *   - the y of a layer that works in place is the y of the layer before it, its own input;
 *   - a layer's dx is the dy of the layer before it, and also its own dy where it works in place
 *     and dy is not needed any more, for the gradients of its parameters;
 *   - y of layers i and i + 2 in prediction, which alternate between the two buffers of a pair.
 *
 * In prediction several threads may be at different layers, whose matrices have different widths,
 * in the same buffer. Hence the first row of a thread, row r, starts at r * widest there, so that
 * no thread writes where another one reads. The rows of one thread are contiguous in any case.
 */
#ifndef SNUG_SESSION_ARENA_H
#define SNUG_SESSION_ARENA_H

#include "session/layer_instance.h"

/* Targets of a batch, repeated for each member of an ensemble. */
typedef struct snug_repeated_targets {
    float *values, *weights;
    int32_t *classes;
} snug_repeated_targets;

/* What a session needs its memory for. */
typedef struct snug_arena_spec {
    const snug_model *model;
    size_t max_rows;
    bool training;
    bool shared; /* threads share out the rows */
} snug_arena_spec;

typedef struct snug_arena {
    float *memory; /* owned */
    float *input;
    float *pairs;
    size_t pair_floats; /* from one buffer of the pairs to the next */
    size_t widest;
    float *gradients; /* NULL in prediction */
    float *dz;        /* the gradient of the loss by the outputs, where backward starts */
    /* of the loss, where targets are scaled; otherwise NULL: see session/target_scaling.h */
    float *values, *centred, *factors;
    /* of a model with members, otherwise NULL: session/members.h */
    float *predictions, *averaged;
    double *means;
    snug_repeated_targets repeated; /* in training alone */
} snug_arena;

/*
 * Allocates the memory and sets the buffers of the arena and of the model's layers in it. Frees
 * nothing on failure: see snug_arena_clear().
 */
snug_status snug_arena_start(snug_arena *arena, const snug_arena_spec *spec,
                             snug_layer_instance *layers);
void snug_arena_clear(snug_arena *arena);

/* Returns the number of floats that snug_arena_start() allocates; SIZE_MAX where it overflows. */
size_t snug_arena_floats(const snug_arena_spec *spec, snug_layer_instance *layers);

/* Returns buffer 0 or 1 of the pair of a depth. */
static inline float *snug_arena_pair(const snug_arena *arena, size_t depth, size_t which) {
    return arena->pairs + (2 * depth + which) * arena->pair_floats;
}

#endif
