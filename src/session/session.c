/*
 * A session's arena, laid out once for the largest batch.
 *
 * In training every layer has its own output, for backward, and gradients alternate between two
 * buffers. In prediction the outputs alternate in the same way. Blocks have buffers of their own a
 * depth, because a block's input must outlive its inner layers.
 */
#include <stdatomic.h>
#include <string.h>

#include "core/guard.h"
#include "core/memory.h"
#include "core/processors.h"
#include "core/status.h"
#include "math/gemm.h"
#include "math/random.h"
#include "session/session.h"

#define FLOATS_A_LINE (SNUG_ALIGNMENT / sizeof(float))

/* Hands out aligned pieces of an arena, with a guard after each; without a base it only counts. */
typedef struct layout {
    float *base;
    size_t used;
    bool overflow;
} layout;

static float *take(layout *l, size_t rows, size_t columns) {
    float *piece = l->base != NULL ? l->base + l->used : NULL;
    size_t floats = 0, padded = 0;
    if (!snug_multiply(rows, columns, &floats) ||
        !snug_add(floats, FLOATS_A_LINE - 1 + SNUG_GUARD_FLOATS, &padded) ||
        !snug_add(l->used, padded - padded % FLOATS_A_LINE, &l->used)) {
        l->overflow = true;
    } else if (piece != NULL) {
        snug_forbid(piece + floats, (padded - padded % FLOATS_A_LINE - floats) * sizeof *piece);
    }
    return piece;
}

/* The widest matrix, and the largest scratch, of a chain and its blocks. */
static void widest(const snug_plan_node *nodes, size_t count, size_t *width, size_t *scratch) {
    for (size_t i = 0; i < count; i++) {
        const snug_layer_shape *s = &nodes[i].shape;
        *width = s->inputs > *width ? s->inputs : *width;
        *width = s->outputs > *width ? s->outputs : *width;
        *width = s->inner > *width ? s->inner : *width;
        *scratch = s->scratch > *scratch ? s->scratch : *scratch;
        widest(nodes[i].block, nodes[i].block_count, width, scratch);
    }
}

/* One of the two buffers of a depth. */
static float *pair(const snug_session *session, size_t depth, size_t which) {
    return session->pairs != NULL ? session->pairs + (2 * depth + which) * session->pair_floats
                                  : NULL;
}

/* Whether node i makes what the chain answers, up to layers that work in place. */
static bool is_last(const snug_plan_node *nodes, size_t i, size_t count) {
    while (i + 1 < count && nodes[i + 1].in_place) {
        i++;
    }
    return i + 1 == count;
}

/*
 * In prediction the outputs of layers alternate between two buffers, but for the last. Threads,
 * which may be at different layers, have their rows there `stride` apart, room for the widest.
 */
static void lay_out_chain(snug_session *session, layout *l, snug_layer_instance *steps,
                          const snug_plan_node *nodes, size_t count, float *scratch) {
    size_t which = 0;
    for (size_t i = 0; i < count; i++) {
        const snug_plan_node *node = &nodes[i];
        snug_layer_call *run = &steps[i].run;
        steps[i].stride = node->shape.outputs;
        if (node->in_place) {
            steps[i].y = steps[i - 1].y;
            steps[i].stride = steps[i - 1].stride;
        } else if (session->training || is_last(nodes, i, count)) {
            steps[i].y = take(l, session->max_rows, node->shape.outputs);
        } else {
            steps[i].y = pair(session, node->depth, which ^= 1);
            steps[i].stride = session->widest;
        }
        steps[i].cache = take(l, session->max_rows, node->shape.cache);
        run->keep = take(l, 1, node->shape.keep);
        run->scratch = scratch;
        lay_out_chain(session, l, steps[i].block, node->block, node->block_count, scratch);
    }
}

/*
 * Where threads share out the rows every layer keeps its gradient until all have come, and the
 * parameters' gradients are made of it. Where dx may lie over dy, and no parameter needs dy, it
 * does.
 */
static void lay_out_gradients(const snug_session *session, layout *l) {
    const snug_plan *plan = session->model->plan;
    float *dy = take(l, session->max_rows, plan->outputs);
    for (size_t i = plan->count; i-- > 0;) {
        const snug_plan_node *node = &plan->nodes[i];
        session->steps[i].dy = dy;
        if (i > 0 && (!(node->uses & SNUG_IN_PLACE) || node->parameters > 0)) {
            dy = take(l, session->max_rows, node->shape.inputs);
        }
    }
}

static void lay_out(snug_session *session, layout *l) {
    const snug_plan *plan = session->model->plan;
    size_t width = 0, scratch_floats = 0, before;
    float *scratch;
    widest(plan->nodes, plan->count, &width, &scratch_floats);
    session->widest = width;
    session->input = take(l, session->max_rows, session->model->inputs);
    before = l->used;
    session->pairs = take(l, session->max_rows, width);
    session->pair_floats = l->used - before;
    for (size_t i = 1; i < 2 * plan->depth; i++) {
        take(l, session->max_rows, width);
    }
    scratch = take(l, 1, scratch_floats);
    session->gradients = session->training ? take(l, 1, plan->parameters) : NULL;
    lay_out_chain(session, l, session->steps, plan->nodes, plan->count, scratch);
    bool shared = session->pool != NULL && session->training;
    if (shared) {
        lay_out_gradients(session, l);
    }
    session->dz = shared ? session->steps[plan->count - 1].dy : session->pairs;
}

/* Says once a process that OpenBLAS could be faster. */
static void advise(void) {
    static atomic_flag said = ATOMIC_FLAG_INIT;
    const char *advice = snug_gemm_advice();
    if (advice != NULL && !atomic_flag_test_and_set(&said)) {
        snug_log(SNUG_LOG_INFO, "%s", advice);
    }
}

/* What does not depend on the arena: shapes and the tensors' places. */
static void bind_step(snug_session *session, snug_layer_instance *step,
                      const snug_plan_node *node) {
    const snug_model *model = session->model;
    snug_layer_call *run = &step->run;
    run->inputs = node->shape.inputs;
    run->outputs = node->shape.outputs;
    run->inner_width = node->shape.inner;
    run->large = node->large;
    run->training = session->training;
    run->random.seed = session->seed;
    run->random.purpose = SNUG_PURPOSE_LAYER + (uint32_t)node->number;
    run->tensors = step->tensors;
    run->gradients = step->gradients;
    run->state = session->training ? step->state : NULL;
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &model->plan->slots[node->first_tensor + k];
        if (slot->tensor->state) {
            step->tensors[k] = step->state[k] = model->state + slot->offset;
        } else {
            step->tensors[k] = model->parameters + slot->offset;
            step->gradients[k] = session->training ? session->gradients + slot->offset : NULL;
        }
    }
}

static void bind_chain(snug_session *session, snug_layer_instance *steps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bind_step(session, &steps[i], steps[i].node);
        bind_chain(session, steps[i].block, steps[i].node->block_count);
    }
}

static snug_layer_instance *new_steps(const snug_plan_node *nodes, size_t count) {
    snug_layer_instance *steps = snug_alloc(count, sizeof *steps);
    if (steps == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        steps[i].node = &nodes[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].block == NULL) {
            continue;
        }
        steps[i].block = new_steps(nodes[i].block, nodes[i].block_count);
        if (steps[i].block == NULL) {
            return steps; /* the caller sees it by steps_complete() */
        }
    }
    return steps;
}

static bool steps_complete(const snug_layer_instance *steps, size_t count) {
    if (steps == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (steps[i].node->block != NULL &&
            !steps_complete(steps[i].block, steps[i].node->block_count)) {
            return false;
        }
    }
    return true;
}

static void free_steps(snug_layer_instance *steps, size_t count) {
    for (size_t i = 0; steps != NULL && i < count; i++) {
        free_steps(steps[i].block, steps[i].node->block_count);
    }
    snug_release(steps);
}

void snug_session_free(snug_session *session) {
    if (session == NULL) {
        return;
    }
    free_steps(session->steps, session->model->plan->count);
    for (size_t i = 1; session->lanes != NULL && i < snug_thread_pool_threads(session->pool); i++) {
        snug_release(session->lanes[i]);
    }
    snug_release(session->lanes);
    snug_thread_pool_free(session->pool);
    snug_release(session->totals);
    snug_release(session->arena);
    snug_release(session);
}

/* Counts the arena, allocates it, and hands it out. */
static snug_status build(snug_session *session) {
    const snug_plan *plan = session->model->plan;
    layout l = {0};
    session->steps = new_steps(plan->nodes, plan->count);
    if (!steps_complete(session->steps, plan->count)) {
        return SNUG_ERROR_MEMORY;
    }
    lay_out(session, &l);
    if (l.overflow) {
        return snug_fail_memory(SIZE_MAX);
    }
    session->arena_floats = l.used;
    return SNUG_OK;
}

/* The steps of each further thread: its own calls of the same layers on the same buffers. */
static snug_status copy_lanes(snug_session *session) {
    size_t threads = snug_thread_pool_threads(session->pool), count = session->model->plan->count;
    session->lanes = snug_alloc(threads, sizeof *session->lanes);
    if (session->lanes == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    session->lanes[0] = session->steps;
    for (size_t i = 1; i < threads; i++) {
        session->lanes[i] = snug_alloc(count, sizeof **session->lanes);
        if (session->lanes[i] == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        memcpy(session->lanes[i], session->steps, count * sizeof **session->lanes);
    }
    return SNUG_OK;
}

snug_session *snug_session_new_with(const snug_model *model, size_t max_rows, bool training,
                                    uint64_t seed, size_t threads) {
    snug_session *session;
    layout l = {0};
    if (snug_model_check(model) != SNUG_OK) {
        return NULL;
    }
    if (max_rows == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "max_rows: must be at least 1 (got 0)");
        return NULL;
    }
    if (snug_threads_check(threads) != SNUG_OK) {
        return NULL;
    }
    session = snug_alloc(1, sizeof *session);
    if (session == NULL) {
        return NULL;
    }
    *session =
        (snug_session){.model = model, .max_rows = max_rows, .training = training, .seed = seed};
    session->output = snug_model_output(model);
    threads = snug_threads_for(model, max_rows, training, threads);
    if (threads > 1) {
        session->pool = snug_thread_pool_new(threads);
        if (session->pool == NULL) {
            snug_session_free(session);
            return NULL;
        }
    }
    if (session->output != NULL && build(session) == SNUG_OK) {
        session->arena = snug_alloc(session->arena_floats, sizeof(float));
    }
    if (session->arena == NULL) {
        snug_session_free(session);
        return NULL;
    }
    if (training) {
        advise();
    }
    l.base = session->arena;
    lay_out(session, &l);
    bind_chain(session, session->steps, model->plan->count);
    if (session->pool != NULL && copy_lanes(session) != SNUG_OK) {
        snug_session_free(session);
        return NULL;
    }
    return session;
}

snug_session *snug_session_new(const snug_model *model, size_t max_rows) {
    return snug_constructed(SNUG_CONSTRUCTED_SESSION,
                            snug_session_new_with(model, max_rows, false, 0, 1));
}

snug_session *snug_session_new_parallel(const snug_model *model, size_t max_rows, size_t threads) {
    return snug_constructed(SNUG_CONSTRUCTED_SESSION,
                            snug_session_new_with(model, max_rows, false, 0, threads));
}

snug_session *snug_session_new_training(const snug_model *model, size_t max_rows, uint64_t seed) {
    return snug_constructed(SNUG_CONSTRUCTED_SESSION,
                            snug_session_new_with(model, max_rows, true, seed, 1));
}

size_t snug_threads_for(const snug_model *model, size_t rows, bool training, size_t wanted) {
    /*
     * Multiplications of a step in a thread, below which waiting for the others costs more than
     * they do.
     */
    const double worth = 2.5e7;
    double products = training ? 3.0 : 1.0;
    double work = products * (double)rows * (double)model->plan->trainable / worth;
    if (!model->plan->by_rows || model->plan->count == 0) {
        return 1;
    }
    if (wanted > 0) {
        return wanted;
    }
    if (work < 2.0) {
        return 1;
    }
    size_t most = snug_processors();
    most = most < SNUG_MAX_THREADS ? most : SNUG_MAX_THREADS;
    return work < (double)most ? (size_t)work : most;
}

snug_status snug_threads_check(size_t threads) {
    if (threads <= SNUG_MAX_THREADS) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "threads: must be at most %d (got %zu)", SNUG_MAX_THREADS,
                     threads);
}

/* Forbids or allows the padding behind a tensor. */
static void guard_slot(const snug_session *session, const snug_tensor_slot *slot,
                       void (*change)(const void *, size_t)) {
    const snug_model *model = session->model;
    size_t end = slot->offset + slot->size, bytes = slot->padding * sizeof(float);
    change((slot->tensor->state ? model->state : model->parameters) + end, bytes);
    if (session->gradients != NULL && !slot->tensor->state) {
        change(session->gradients + end, bytes);
    }
}

void snug_session_guard_tensors(const snug_session *session, bool forbidden) {
    for (size_t i = 0; i < session->model->plan->slot_count; i++) {
        guard_slot(session, &session->model->plan->slots[i], forbidden ? snug_forbid : snug_allow);
    }
}

size_t snug_session_floats(const snug_model *model, size_t max_rows, bool training) {
    snug_session counting = {.model = model, .max_rows = max_rows, .training = training};
    size_t floats = build(&counting) == SNUG_OK ? counting.arena_floats : SIZE_MAX;
    free_steps(counting.steps, model->plan->count);
    return floats;
}

const float *snug_session_gradients(const snug_session *session, size_t *n) {
    *n = session->training ? session->model->plan->parameters : 0;
    return session->gradients;
}
