/*
 * Laying out the arena. The same function runs twice: first without memory, to count the floats,
 * and then over the block that was allocated, to hand it out.
 */
#include "core/guard.h"
#include "core/memory.h"
#include "core/status.h"
#include "model/targets.h"
#include "session/arena.h"

#define FLOATS_PER_LINE (SNUG_ALIGNMENT / sizeof(float))

/* Where the next buffer is. */
typedef struct layout {
    float *base; /* NULL: the floats are counted only */
    size_t used;
    bool overflow;
} layout;

/*
 * Hands out a buffer of rows x columns floats, NULL while counting. Under AddressSanitizer the gap
 * to the next one is forbidden memory: see core/guard.h.
 */
static float *add_buffer(layout *l, size_t rows, size_t columns) {
    float *buffer = l->base != NULL ? l->base + l->used : NULL;
    size_t floats = 0, padded = 0;
    if (!snug_multiply(rows, columns, &floats) ||
        !snug_add(floats, FLOATS_PER_LINE - 1 + SNUG_GUARD_FLOATS, &padded) ||
        !snug_add(l->used, padded - padded % FLOATS_PER_LINE, &l->used)) {
        l->overflow = true;
    } else if (buffer != NULL) {
        snug_forbid(buffer + floats, (padded - padded % FLOATS_PER_LINE - floats) * sizeof *buffer);
    }
    return buffer;
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Finds the widest matrix and the largest scratch of layers and of the blocks in them. */
static void find_largest(const snug_plan_node *nodes, size_t count, size_t *width,
                         size_t *scratch) {
    for (size_t i = 0; i < count; i++) {
        const snug_layer_shape *s = &nodes[i].shape;
        *width = larger(*width, larger(s->inner, larger(s->members * s->inputs,
                                                        s->output_members * s->outputs)));
        *scratch = larger(*scratch, s->scratch);
        find_largest(nodes[i].block, nodes[i].block_count, width, scratch);
    }
}

/* Returns whether what layer i writes becomes the result, changed only in place by later layers. */
static bool writes_result(const snug_plan_node *nodes, size_t i, size_t count) {
    while (i + 1 < count && nodes[i + 1].in_place) {
        i++;
    }
    return i + 1 == count;
}

/* Lays out the layers of the model or of a block, in the order in which they run. */
static void lay_out_layers(const snug_arena_spec *spec, const snug_arena *arena, layout *l,
                           float *scratch, snug_layer_instance *layers, const snug_plan_node *nodes,
                           size_t count) {
    size_t which = 0; /* buffer of the pair that was written last */
    for (size_t i = 0; i < count; i++) {
        const snug_plan_node *node = &nodes[i];
        snug_layer_instance *layer = &layers[i];
        layer->y_stride = node->shape.output_members * node->shape.outputs;
        if (node->in_place) {
            layer->y = layers[i - 1].y;
            layer->y_stride = layers[i - 1].y_stride;
        } else if (spec->training || writes_result(nodes, i, count)) {
            layer->y = add_buffer(l, spec->max_rows, layer->y_stride);
        } else {
            which ^= 1;
            layer->y = l->base != NULL ? snug_arena_pair(arena, node->depth, which) : NULL;
            layer->y_stride = arena->widest;
        }
        layer->cache = add_buffer(l, spec->max_rows, node->shape.members * node->shape.cache);
        for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
            size_t floats = node->shape.members * node->shape.matrices[k];
            layer->matrices[k] = add_buffer(l, spec->max_rows, floats);
        }
        layer->call.keep = add_buffer(l, 1, node->shape.keep);
        layer->call.scratch = scratch;
        lay_out_layers(spec, arena, l, scratch, layer->block, node->block, node->block_count);
    }
}

/*
 * Gives each layer the buffer of its dy, from the last layer to the first. A layer that works in
 * place writes dx over dy, so that the layer before it gets the same buffer, unless the layer has
 * parameters: their gradients are made of dy later.
 */
static void lay_out_shared_gradients(const snug_arena_spec *spec, layout *l,
                                     snug_layer_instance *layers) {
    const snug_plan *plan = spec->model->plan;
    float *dy = add_buffer(l, spec->max_rows, plan->members * plan->outputs);
    for (size_t i = plan->count; i-- > 0;) {
        const snug_plan_node *node = &plan->nodes[i];
        layers[i].dy = dy;
        if (i > 0 && (!(node->flags & SNUG_IN_PLACE) || node->parameters > 0)) {
            dy = add_buffer(l, spec->max_rows, node->shape.members * node->shape.inputs);
        }
    }
}

static void lay_out_pairs(const snug_arena_spec *spec, snug_arena *arena, layout *l) {
    size_t before = l->used;
    arena->pairs = add_buffer(l, spec->max_rows, arena->widest);
    arena->pair_floats = l->used - before;
    for (size_t i = 1; i < 2 * spec->model->plan->depth; i++) {
        add_buffer(l, spec->max_rows, arena->widest);
    }
}

/* Lays out what the members of an ensemble need: see session/members.h. */
static void lay_out_members(const snug_arena_spec *spec, snug_arena *arena, layout *l) {
    const snug_plan *plan = spec->model->plan;
    if (plan->members == 1) {
        return;
    }
    arena->averaged = add_buffer(l, spec->max_rows, plan->outputs);
    arena->predictions = add_buffer(l, spec->max_rows, plan->members * plan->outputs);
    arena->means = (double *)(void *)add_buffer(l, spec->max_rows, 2 * plan->outputs);
    if (spec->training) {
        arena->repeated.values = add_buffer(l, spec->max_rows, plan->members * plan->outputs);
        arena->repeated.weights = add_buffer(l, spec->max_rows, plan->members);
        /* The classes, which are no larger than floats. */
        arena->repeated.classes = (int32_t *)(void *)add_buffer(l, spec->max_rows, plan->members);
    }
}

static void lay_out(const snug_arena_spec *spec, snug_arena *arena, layout *l,
                    snug_layer_instance *layers) {
    const snug_plan *plan = spec->model->plan;
    size_t scratch_floats = 0;
    arena->widest = 0;
    find_largest(plan->nodes, plan->count, &arena->widest, &scratch_floats);
    arena->input = add_buffer(l, spec->max_rows, spec->model->inputs);
    lay_out_pairs(spec, arena, l);
    float *scratch = add_buffer(l, 1, scratch_floats);
    arena->gradients = spec->training ? add_buffer(l, 1, plan->parameters) : NULL;
    lay_out_layers(spec, arena, l, scratch, layers, plan->nodes, plan->count);
    if (spec->training && spec->shared) {
        lay_out_shared_gradients(spec, l, layers);
        arena->dz = layers[plan->count - 1].dy;
    } else {
        arena->dz = arena->pairs;
    }
    if (snug_model_target_scaler(spec->model) != NULL) {
        size_t members = spec->training ? plan->members : 1;
        arena->values = add_buffer(l, spec->max_rows, members * plan->outputs);
        arena->centred = add_buffer(l, spec->max_rows, plan->outputs);
        arena->factors = add_buffer(l, 1, plan->outputs);
    }
    lay_out_members(spec, arena, l);
}

size_t snug_arena_floats(const snug_arena_spec *spec, snug_layer_instance *layers) {
    snug_arena counted = {0};
    layout l = {0};
    lay_out(spec, &counted, &l, layers);
    return l.overflow ? SIZE_MAX : l.used;
}

snug_status snug_arena_start(snug_arena *arena, const snug_arena_spec *spec,
                             snug_layer_instance *layers) {
    size_t floats = snug_arena_floats(spec, layers);
    if (floats == SIZE_MAX) {
        return snug_fail_memory(SIZE_MAX);
    }
    arena->memory = snug_alloc(floats, sizeof *arena->memory);
    if (arena->memory == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    layout l = {.base = arena->memory};
    lay_out(spec, arena, &l, layers);
    return SNUG_OK;
}

void snug_arena_clear(snug_arena *arena) {
    snug_release(arena->memory);
    *arena = (snug_arena){0};
}
