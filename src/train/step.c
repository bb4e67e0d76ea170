#include "core/memory.h"
#include "core/status.h"
#include "math/cpu.h"
#include "math/vector.h"
#include "optim/optimizer.h"
#include "train/step.h"

/* Parameters of a call: enough to repay it, few enough to be in the cache still. */
enum { ENOUGH = 1 << 14 };

snug_status snug_train_step_start(snug_train_step *update, const snug_fit_options *options,
                                  snug_session *session, snug_model *model,
                                  snug_optimizer *optimizer) {
    *update = (snug_train_step){.options = options,
                                .session = session,
                                .model = model,
                                .optimizer = optimizer,
                                .gain = 1.0F};
    update->pending = snug_alloc(snug_thread_pool_threads(session->pool), sizeof *update->pending);
    return update->pending != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_train_step_clear(snug_train_step *update) {
    snug_release(update->pending);
    *update = (snug_train_step){0};
}

static void update_part(const snug_train_step *update, size_t first, size_t count,
                        float *gradients) {
    if (update->gain != 1.0F) {
        snug_scale(count, update->gain, gradients);
    }
    if (update->options->clip_value > 0) {
        snug_clamp(count, (float)update->options->clip_value, gradients);
    }
    snug_optimizer_part(update->optimizer, first, count, gradients, update->model->parameters);
}

static void update_pending(const snug_train_step *update, snug_pending_gradients *p) {
    if (p->count > 0) {
        update_part(update, p->first, p->count, update->session->gradients + p->first);
    }
    p->count = 0;
}

/*
 * Joins a thread's parts, which come from the back, until there are enough; see
 * snug_gradient_ready_fn.
 */
static void update_ready(void *user, size_t id, size_t first, size_t n, float *gradients) {
    const size_t padding = SNUG_ALIGNMENT / sizeof(float);
    const snug_train_step *update = user;
    snug_pending_gradients *p = &update->pending[id];
    bool flat = n > 0 && gradients == update->session->gradients + first;
    bool joined = p->count > 0 && flat && first + n <= p->first && p->first - first - n < padding;
    if (!joined) {
        update_pending(update, p);
    }
    if (n > 0 && !flat) { /* the next part may come to lie over it */
        update_part(update, first, n, gradients);
        return;
    }
    p->count = joined ? p->first + p->count - first : n;
    p->first = first;
    if (p->count >= ENOUGH) {
        update_pending(update, p);
    }
}

/* A thread's share of all parameters, in whole lines of the cache. */
static void update_share(void *user, size_t id) {
    const size_t line = SNUG_ALIGNMENT / sizeof(float);
    const snug_train_step *update = user;
    size_t n = update->model->plan->parameters, lines = (n + line - 1) / line;
    size_t threads = snug_thread_pool_threads(update->session->pool);
    size_t first = lines * id / threads * line, end = lines * (id + 1) / threads * line;
    unsigned state = snug_cpu_flush_denormals();
    end = end < n ? end : n;
    for (size_t count; first < end; first += count) {
        count = end - first < ENOUGH ? end - first : ENOUGH;
        update_part(update, first, count, update->session->gradients + first);
    }
    snug_cpu_restore(state);
}

/* All gradients first, whose norm tells how long they may be. */
static void step_by_norm(snug_train_step *update) {
    const snug_fit_options *o = update->options;
    snug_session *session = update->session;
    size_t n = update->model->plan->parameters;
    snug_session_backward(session, NULL, NULL);
    snug_session_average_gradients(session);
    if (o->clip_value > 0) {
        snug_clamp(n, (float)o->clip_value, session->gradients);
    }
    double norm = snug_norm(n, session->gradients);
    update->gain = norm > o->clip_norm ? (float)(o->clip_norm / norm) : 1.0F;
    snug_thread_pool_run(session->pool, update_share, update);
}

/* Parts as backward makes them. */
static void step_by_parts(snug_train_step *update) {
    update->gain = (float)snug_session_gradient_scale(update->session);
    snug_session_backward(update->session, update_ready, update);
    snug_session_reset_accumulation(update->session);
}

snug_status snug_train_step_run(snug_train_step *update, double factor) {
    snug_status status =
        snug_optimizer_begin(update->optimizer, update->model->plan->parameters, factor);
    if (status == SNUG_OK) {
        (update->options->clip_norm > 0 ? step_by_norm : step_by_parts)(update);
    }
    return status;
}
