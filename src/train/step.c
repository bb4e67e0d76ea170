#include "core/memory.h"
#include "core/status.h"
#include "cpu/cpu.h"
#include "math/vector.h"
#include "optim/optimizer.h"
#include "session/backward.h"
#include "session/gradients.h"
#include "session/penalty.h"
#include "train/ema.h"
#include "train/step.h"

/* Parameters in an update: enough to repay the call, and 64 KiB, which the cache still holds. */
enum { PART = 1 << 14 };

enum { FLOATS_PER_LINE = SNUG_ALIGNMENT / sizeof(float) };

snug_status snug_train_step_start(snug_train_step *step) {
    step->pending =
        snug_alloc(snug_thread_pool_threads(step->session->pool), sizeof *step->pending);
    return step->pending != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_train_step_clear(snug_train_step *step) {
    snug_release(step->pending);
    *step = (snug_train_step){0};
}

/* ---- during backward ------------------------------------------------------------------------- */

static void update(const snug_train_step *step, size_t first, size_t count, float *gradients) {
    if (step->clip_value > 0) {
        snug_clamp(count, (float)step->clip_value, gradients);
    }
    snug_optimizer_update(step->optimizer, first, count, gradients, step->model->parameters);
}

static void update_pending(const snug_train_step *step, snug_pending_gradients *pending) {
    if (pending->count > 0) {
        update(step, pending->first, pending->count,
               step->session->arena.gradients + pending->first);
    }
    pending->count = 0;
}

/*
 * A snug_gradient_ready_fn. Small tensors, such as biases, are not worth an update of their own:
 * runs that adjoin each other, but for the padding between tensors, are joined until they are a
 * part. A portion of a large tensor is updated right away, as the next one overwrites its
 * gradients. count == 0 ends a thread's runs: what is pending is updated.
 */
static void gradients_ready(void *user, size_t thread, size_t first, size_t count,
                            float *gradients) {
    const snug_train_step *step = user;
    snug_pending_gradients *pending = &step->pending[thread];
    bool stays = count > 0 && gradients == step->session->arena.gradients + first;
    bool adjoins = pending->count > 0 && stays && first + count <= pending->first &&
                   pending->first - first - count < FLOATS_PER_LINE;
    if (!adjoins) {
        update_pending(step, pending);
    }
    if (count > 0 && !stays) {
        update(step, first, count, gradients);
        return;
    }
    pending->count = adjoins ? pending->first + pending->count - first : count;
    pending->first = first;
    if (pending->count >= PART) {
        update_pending(step, pending);
    }
}

/* ---- after backward -------------------------------------------------------------------------- */

/* Updates a thread's share of all parameters, in whole lines of the cache, part by part. */
static void update_share(const snug_train_step *step, size_t thread) {
    size_t n = step->model->plan->parameters;
    size_t lines = (n + FLOATS_PER_LINE - 1) / FLOATS_PER_LINE;
    size_t threads = snug_thread_pool_threads(step->session->pool);
    size_t first = lines * thread / threads * FLOATS_PER_LINE;
    size_t end = lines * (thread + 1) / threads * FLOATS_PER_LINE;
    end = end < n ? end : n;
    for (size_t count; first < end; first += count) {
        float *gradients = step->session->arena.gradients + first;
        count = end - first < PART ? end - first : PART;
        if (step->clip_factor != 1.0F) {
            snug_scale(count, step->clip_factor, gradients);
        }
        snug_optimizer_update(step->optimizer, first, count, gradients, step->model->parameters);
    }
}

/* Threads have a floating-point state of their own. Alone, the state is the caller's choice. */
static void update_thread(void *user, size_t thread) {
    unsigned cpu_state = snug_cpu_flush_denormals();
    update_share(user, thread);
    snug_cpu_restore(cpu_state);
}

/* Steps by the gradients in the session's flat vector, which are sums where batches were added. */
static void update_all(snug_train_step *step) {
    snug_session *session = step->session;
    snug_session_average_gradients(session);
    if (step->clip_value > 0) {
        snug_session_clip_values(session, step->clip_value);
    }
    step->clip_factor =
        step->clip_norm > 0 ? snug_session_clip_factor(session, step->clip_norm, NULL) : 1.0F;
    if (session->pool != NULL) {
        snug_thread_pool_run(session->pool, update_thread, step);
    } else {
        update_share(step, 0);
    }
}

/* ---- the step -------------------------------------------------------------------------------- */

/* Completes a step after the update of all parameters. */
static void finish(const snug_train_step *step) {
    step->model->fresh = step->model->untrained = false;
    snug_model_constrain(step->model);
    if (step->ema != NULL) {
        (void)snug_ema_update(step->ema, step->model); /* it cannot fail: it is this model's */
    }
}

snug_status snug_train_step_run(snug_train_step *step, snug_step_factors factors) {
    const snug_parameter_ranges ranges = snug_plan_ranges(step->model->plan);
    snug_status status = snug_optimizer_begin_step(step->optimizer, &ranges, factors);
    if (status != SNUG_OK) {
        return status;
    }
    if (step->clip_norm > 0) {
        snug_session_backward(step->session, NULL, NULL);
        update_all(step);
    } else {
        snug_session_backward(step->session, gradients_ready, step);
    }
    finish(step);
    return SNUG_OK;
}

snug_status snug_optimizer_step(snug_optimizer *optimizer, snug_session *session) {
    snug_status status = snug_session_check(session);
    if (status == SNUG_OK) {
        status = snug_optimizer_status(optimizer);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (session->trained == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "a step needs a session of snug_session_new_training()");
    }
    const snug_parameter_ranges ranges = snug_plan_ranges(session->trained->plan);
    status = snug_optimizer_begin_step(optimizer, &ranges, (snug_step_factors){1.0, 1.0});
    if (status == SNUG_OK) {
        snug_train_step step = {
            .session = session, .model = session->trained, .optimizer = optimizer};
        update_all(&step);
        finish(&step);
    }
    return status;
}
