#include <inttypes.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "model/ensemble.h"
#include "model/targets.h"
#include "session/ensemble.h"
#include "session/session.h"
#include "session/threads.h"

void snug_session_free(snug_session *session) {
    if (session == NULL) {
        return;
    }
    size_t threads = snug_thread_pool_threads(session->pool);
    for (size_t i = 1; session->thread_layers != NULL && i < threads; i++) {
        snug_release(session->thread_layers[i]);
    }
    snug_release(session->thread_layers);
    snug_layers_free(session->layers, session->model->plan->count);
    for (size_t i = 0; session->ensemble != NULL && i < session->ensemble->count; i++) {
        snug_session_free(session->ensemble->members[i]);
    }
    snug_ensemble_session_free(session->ensemble);
    if (!session->pool_is_borrowed) {
        snug_thread_pool_free(session->pool);
    }
    snug_accumulation_clear(&session->accumulation);
    snug_arena_clear(&session->arena);
    snug_release(session);
}

/* Copies the layers for each further thread. A layer with a block is never run by several. */
static snug_status copy_layers(snug_session *session) {
    size_t threads = snug_thread_pool_threads(session->pool), count = session->model->plan->count;
    session->thread_layers = snug_alloc(threads, sizeof *session->thread_layers);
    if (session->thread_layers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    session->thread_layers[0] = session->layers;
    for (size_t i = 1; i < threads; i++) {
        snug_layer_instance *copy = snug_alloc(count, sizeof *copy);
        if (copy == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        memcpy(copy, session->layers, count * sizeof *copy);
        session->thread_layers[i] = copy;
    }
    return SNUG_OK;
}

/* Makes the sessions of an ensemble's members, which share the pool. */
static snug_status build_members(snug_session *session) {
    const snug_model *model = session->model;
    snug_ensemble_session *e = snug_ensemble_session_new(model, session->max_rows);
    session->ensemble = e;
    for (size_t i = 0; e != NULL && i < model->member_count; i++) {
        e->members[i] =
            snug_session_new_in_pool(model->members[i], session->max_rows, session->pool);
        if (e->members[i] == NULL) {
            return snug_error_status();
        }
        e->count++;
    }
    return e != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Fails where a model has members and its output function cannot average them. */
static snug_status check_members(const snug_session *session) {
    const size_t members = session->model->plan->members;
    if (members == 1 || session->output->inverse != NULL) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "the model has %zu members, whose predictions cannot be averaged: the output "
                     "function \"%s\" of its loss has no inverse()",
                     members, session->output->base.name);
}

/* Makes the layers and their memory, in a session that knows its model, sizes and pool. */
static snug_status build(snug_session *session) {
    const snug_plan *plan = session->model->plan;
    session->output = snug_model_output(session->model);
    if (snug_model_is_ensemble(session->model)) {
        return session->output != NULL ? build_members(session) : snug_error_status();
    }
    if (session->output != NULL && check_members(session) != SNUG_OK) {
        return snug_error_status();
    }
    session->layers = snug_layers_new(plan->nodes, plan->count);
    if (session->output == NULL || session->layers == NULL) {
        return snug_error_status();
    }
    const snug_arena_spec spec = {.model = session->model,
                                  .max_rows = session->max_rows,
                                  .training = session->training,
                                  .shared = session->pool != NULL};
    if (snug_arena_start(&session->arena, &spec, session->layers) != SNUG_OK) {
        return snug_error_status();
    }
    const snug_layer_binding binding = {.model = session->model,
                                        .gradients = session->arena.gradients,
                                        .seed = session->seed,
                                        .time = &session->time,
                                        .training = session->training};
    snug_layers_bind(&binding, session->layers, plan->count);
    return session->pool != NULL ? copy_layers(session) : SNUG_OK;
}

/* Makes the threads of a session that has none. */
static snug_status make_pool(snug_session *session, size_t threads) {
    if (threads > 1) {
        session->pool = snug_thread_pool_new(threads);
    }
    return threads <= 1 || session->pool != NULL ? SNUG_OK : snug_error_status();
}

snug_session *snug_session_new_in_pool(const snug_model *model, size_t max_rows,
                                       snug_thread_pool *pool) {
    snug_session *session = snug_alloc(1, sizeof *session);
    if (session == NULL) {
        return NULL;
    }
    *session = (snug_session){.model = model, .max_rows = max_rows, .pool_is_borrowed = true};
    session->pool = model->plan->rowwise ? pool : NULL; /* rows that mix are not shared out */
    if (build(session) != SNUG_OK) {
        snug_session_free(session);
        return NULL;
    }
    return session;
}

snug_session *snug_session_new_with(const snug_model *model, size_t max_rows, bool training,
                                    uint64_t seed, size_t threads) {
    if ((training ? snug_model_check(model) : snug_model_check_weights(model)) != SNUG_OK) {
        return NULL;
    }
    if (max_rows == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "max_rows: must be at least 1 (got 0)");
        return NULL;
    }
    if (snug_threads_check(threads) != SNUG_OK) {
        return NULL;
    }
    snug_session *session = snug_alloc(1, sizeof *session);
    if (session == NULL) {
        return NULL;
    }
    *session =
        (snug_session){.model = model, .max_rows = max_rows, .training = training, .seed = seed};
    if (make_pool(session, snug_threads_for(model, max_rows, training, threads)) != SNUG_OK ||
        build(session) != SNUG_OK) {
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

snug_session *snug_session_new_training(snug_model *model, size_t max_rows, uint64_t seed) {
    snug_session *session = snug_session_new_with(model, max_rows, true, seed, 1);
    if (session != NULL) {
        session->trained = model;
    }
    return snug_constructed(SNUG_CONSTRUCTED_SESSION, session);
}

snug_status snug_session_set_time(snug_session *session, const snug_schedule_time *time) {
    snug_status status = snug_session_check(session);
    if (status != SNUG_OK) {
        return status;
    }
    if (time != NULL && (time->steps == 0 || time->steps_an_epoch == 0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the time: steps and steps_an_epoch must be at least 1 (got %" PRIu64
                         " and %" PRIu64 ")",
                         time->steps, time->steps_an_epoch);
    }
    session->time = time != NULL ? *time : (snug_schedule_time){0};
    return SNUG_OK;
}

snug_status snug_session_check(const snug_session *session) {
    return session != NULL ? SNUG_OK
                           : snug_fail_not_constructed(SNUG_CONSTRUCTED_SESSION, "the session");
}

size_t snug_session_floats(const snug_model *model, size_t max_rows, bool training) {
    const snug_arena_spec spec = {.model = model, .max_rows = max_rows, .training = training};
    snug_layer_instance *layers = snug_layers_new(model->plan->nodes, model->plan->count);
    if (layers == NULL) {
        return SIZE_MAX;
    }
    size_t floats = snug_arena_floats(&spec, layers);
    snug_layers_free(layers, model->plan->count);
    if (floats == SIZE_MAX) {
        (void)snug_fail_memory(SIZE_MAX);
    }
    return floats;
}

/* Forbids or allows the padding behind a tensor, in the parameters or state and the gradients. */
static void guard_slot(const snug_session *session, const snug_tensor_slot *slot,
                       void (*change)(const void *, size_t)) {
    const snug_model *model = session->model;
    size_t end = slot->offset + slot->size, bytes = slot->padding * sizeof(float);
    change((slot->tensor->state ? model->state : model->parameters) + end, bytes);
    if (session->training && !slot->tensor->state) {
        change(session->arena.gradients + end, bytes);
    }
}

void snug_session_guard_tensors(const snug_session *session, bool forbidden) {
    for (size_t i = 0; i < session->model->plan->slot_count; i++) {
        guard_slot(session, &session->model->plan->slots[i], forbidden ? snug_forbid : snug_allow);
    }
}
