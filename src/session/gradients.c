/* What may happen to gradients between backward and the optimizer: adding up, and clipping. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "math/vector.h"
#include "session/session.h"

static snug_status check_training(const snug_session *session) {
    snug_status status = snug_session_check(session);
    if (status != SNUG_OK || session->training) {
        return status;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "gradients are those of a session of snug_session_new_training()");
}

snug_status snug_session_accumulate(snug_session *session, bool on) {
    snug_status status = check_training(session);
    if (status != SNUG_OK) {
        return status;
    }
    if (on && session->totals == NULL) {
        session->totals = snug_alloc(session->model->plan->parameters, sizeof *session->totals);
        if (session->totals == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    session->accumulates = on;
    snug_session_reset_accumulation(session);
    return SNUG_OK;
}

void snug_session_accumulate_batch(snug_session *session) {
    size_t n = session->model->plan->parameters;
    if (session->added < SNUG_BATCHES_AT_ONCE) {
        return;
    }
    if (!session->has_totals) {
        memset(session->totals, 0, n * sizeof *session->totals);
    }
    snug_add_to_totals(n, session->gradients, session->totals);
    session->has_totals = true;
    session->add_gradients = false;
    session->added = 0;
}

void snug_session_average_gradients(snug_session *session) {
    if (session->has_totals) {
        snug_add_totals(session->model->plan->parameters, session->totals, session->gradients);
    }
    if (session->weight > 0) {
        snug_scale(session->model->plan->parameters, (float)(1.0 / session->weight),
                   session->gradients);
    }
    snug_session_reset_accumulation(session);
}

double snug_session_gradient_scale(const snug_session *session) {
    double weight = session->accumulates ? session->weight + session->last_weight : 0;
    return weight > 0 ? 1.0 / weight : 1.0;
}

void snug_session_reset_accumulation(snug_session *session) {
    session->weight = 0;
    session->added = 0;
    session->has_totals = false;
    session->add_gradients = false;
}

static snug_status check_limit(const snug_session *session, const char *name, double limit) {
    if (!(limit > 0.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: must be above 0 (got %g)", name, limit);
    }
    return check_training(session);
}

snug_status snug_clip_norm(snug_session *session, double max_norm, double *norm) {
    snug_status status = check_limit(session, "max_norm", max_norm);
    double length;
    if (status != SNUG_OK) {
        return status;
    }
    snug_session_average_gradients(session);
    length = snug_norm(session->model->plan->parameters, session->gradients);
    if (length > max_norm) {
        snug_scale(session->model->plan->parameters, (float)(max_norm / length),
                   session->gradients);
    }
    if (norm != NULL) {
        *norm = length;
    }
    return SNUG_OK;
}

snug_status snug_clip_value(snug_session *session, double limit) {
    snug_status status = check_limit(session, "limit", limit);
    if (status != SNUG_OK) {
        return status;
    }
    snug_session_average_gradients(session);
    snug_clamp(session->model->plan->parameters, (float)limit, session->gradients);
    return SNUG_OK;
}
