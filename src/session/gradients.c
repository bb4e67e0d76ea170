#include "core/status.h"
#include "math/vector.h"
#include "session/gradients.h"

void snug_session_average_gradients(snug_session *session) {
    snug_accumulation_average(&session->accumulation, 0, session->model->plan->parameters,
                              session->arena.gradients);
    snug_accumulation_restart(&session->accumulation);
}

float snug_session_clip_factor(const snug_session *session, double max_norm, double *norm) {
    double length = snug_norm(session->model->plan->parameters, session->arena.gradients);
    if (norm != NULL) {
        *norm = length;
    }
    return length > max_norm ? (float)(max_norm / length) : 1.0F;
}

void snug_session_clip_values(snug_session *session, double limit) {
    snug_clamp(session->model->plan->parameters, (float)limit, session->arena.gradients);
}

/* ---- of a caller's own loop ------------------------------------------------------------------ */

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
    return snug_accumulation_switch(&session->accumulation, on, session->model->plan->parameters);
}

static snug_status check_limit(const snug_session *session, const char *name, double limit) {
    if (!(limit > 0.0)) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: must be above 0 (got %g)", name, limit);
    }
    return check_training(session);
}

snug_status snug_clip_norm(snug_session *session, double max_norm, double *norm) {
    snug_status status = check_limit(session, "max_norm", max_norm);
    if (status != SNUG_OK) {
        return status;
    }
    snug_session_average_gradients(session);
    float factor = snug_session_clip_factor(session, max_norm, norm);
    if (factor != 1.0F) {
        snug_scale(session->model->plan->parameters, factor, session->arena.gradients);
    }
    return SNUG_OK;
}

snug_status snug_clip_value(snug_session *session, double limit) {
    snug_status status = check_limit(session, "limit", limit);
    if (status != SNUG_OK) {
        return status;
    }
    snug_session_average_gradients(session);
    snug_session_clip_values(session, limit);
    return SNUG_OK;
}

const float *snug_session_gradients(const snug_session *session, size_t *n) {
    if (n == NULL) {
        snug_fail_null("the number of the gradients");
        return NULL;
    }
    *n = 0;
    if (snug_session_check(session) != SNUG_OK) {
        return NULL;
    }
    if (!session->training) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the session has no gradients: it was not made by "
                                       "snug_session_new_training()");
        return NULL;
    }
    *n = session->model->plan->parameters;
    return session->arena.gradients;
}
