#include <math.h>

#include "model/targets.h"
#include "session/members.h"
#include "session/penalty.h"
#include "session/target_scaling.h"

static const snug_loss_kind *kind_of(const snug_object *loss) {
    return (const snug_loss_kind *)(const void *)loss->kind;
}

/* Returns the scaler of the targets; NULL where there is none, or the loss wants none. */
static const snug_target_scaler *scaler_of(const snug_session *session, const snug_object *loss) {
    bool scales = session->arena.values != NULL && kind_of(loss)->magnitude != NULL;
    return scales ? snug_model_target_scaler(session->model) : NULL;
}

/* Returns the loss of output j that counts as 1 in the objective. */
static double unit_of(const snug_target_scaler *scaler, const snug_object *loss, size_t j) {
    double unit = kind_of(loss)->magnitude(loss->config, scaler->deviation[j]);
    return unit > 0 && isfinite(unit) ? unit : 1.0;
}

void snug_session_unscale(snug_session *session, const snug_object *loss,
                          const snug_targets *targets) {
    snug_last_pass *last = &session->last;
    const snug_target_scaler *scaler = scaler_of(session, loss);
    last->values = last->outputs;
    last->targets = *targets;
    if (scaler != NULL && targets->values != NULL) {
        snug_target_scaler_stretch(scaler, snug_session_output_rows(session), last->outputs,
                                   session->arena.values);
        snug_target_scaler_centre(scaler, last->rows, targets->values, session->arena.centred);
        last->values = session->arena.values;
        last->targets.values = session->arena.centred;
    }
    snug_session_repeat_targets(session);
}

void snug_session_scale_gradient(const snug_session *session, const snug_object *loss) {
    const snug_target_scaler *scaler = scaler_of(session, loss);
    size_t outputs = session->model->plan->outputs;
    float *factors = session->arena.factors;
    if (scaler == NULL) {
        return;
    }
    for (size_t j = 0; j < outputs; j++) {
        factors[j] = (float)(scaler->deviation[j] / unit_of(scaler, loss, j));
    }
    const size_t rows = snug_session_output_rows(session);
    for (size_t i = 0; i < rows; i++) {
        float *dz = session->arena.dz + i * outputs;
        for (size_t j = 0; j < outputs; j++) {
            dz[j] *= factors[j];
        }
    }
}

double snug_session_loss_unit(const snug_session *session, const snug_object *loss) {
    const snug_target_scaler *scaler = scaler_of(session, loss);
    double sum = 0;
    if (scaler == NULL) {
        return 1.0;
    }
    for (size_t j = 0; j < scaler->outputs; j++) {
        sum += unit_of(scaler, loss, j);
    }
    return sum / (double)scaler->outputs;
}

/* Returns the sum over the rows of the losses of the `count` outputs of one target from j on. */
static double loss_of_target(const snug_session *session, const snug_object *loss, size_t j,
                             size_t count) {
    const snug_last_pass *last = &session->last;
    const float *weights = last->targets.weights;
    const size_t outputs = session->model->plan->outputs, rows = snug_session_output_rows(session);
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        const snug_targets target = {.values = last->targets.values + i * outputs + j};
        double weight = weights != NULL ? (double)weights[i] : 1.0;
        if (weight > 0) {
            const float *value = last->values + i * outputs + j;
            sum +=
                weight * kind_of(loss)->evaluate(loss->config, 1, count, value, &target, 0.0, NULL);
        }
    }
    return sum / (double)snug_session_members(session);
}

double snug_session_objective(const snug_session *session, const snug_object *loss,
                              const snug_loss_sum *sum) {
    const snug_target_scaler *scaler = scaler_of(session, loss);
    double total = 0;
    if (scaler == NULL) {
        return sum->sum;
    }
    if (scaler->outputs == 1) {
        return sum->sum / unit_of(scaler, loss, 0);
    }
    size_t count = snug_loss_quantiles(loss, NULL);
    for (size_t j = 0; j < scaler->outputs; j += count) {
        total += loss_of_target(session, loss, j, count) / unit_of(scaler, loss, j);
    }
    return total * (double)count / (double)scaler->outputs +
           sum->weight * snug_penalty(session->model);
}
