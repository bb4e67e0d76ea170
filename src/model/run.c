/* Forward, backward, predict: running the layers of a session. */
#include <math.h>
#include <string.h>

#include "core/status.h"
#include "math/reduce.h"
#include "model/objects.h"
#include "model/session.h"
#include "optim/optimizer.h"

/* Runs a chain from x; answers the last output. */
static const float *forward_chain(snug_step *steps, size_t count, const float *x, size_t rows,
                                  uint64_t step, snug_observer *observer, void *user) {
    for (size_t i = 0; i < count; ++i) {
        snug_layer_run *run = &steps[i].run;
        const snug_node *node = steps[i].node;
        run->rows = rows;
        run->random.step = (uint32_t)step;
        run->x = x;
        if (steps[i].block != NULL)
            run->inner =
                forward_chain(steps[i].block, node->block_count, x, rows, step, NULL, NULL);
        node->kind->forward(node->object->config, run);
        x = run->y;
        if (observer != NULL)
            observer(user, i, rows, run->outputs, x);
    }
    return x;
}

const float *snug_session_run(snug_session *session, const float *x, size_t rows, uint64_t step,
                              snug_observer *observer, void *user) {
    session->last_rows = rows;
    session->last =
        forward_chain(session->steps, session->model->plan->count, x, rows, step, observer, user);
    return session->last;
}

/* Where a layer's dx goes: over dy, or into the other buffer of its depth. */
static float *gradient_target(const snug_session *session, const snug_node *node, const float *dy) {
    float *first = session->pairs + 2 * node->depth * session->pair_floats;
    if (node->uses & SNUG_IN_PLACE)
        return dy == first ? first : first + session->pair_floats;
    return dy == first ? first + session->pair_floats : first;
}

typedef struct backward_pass {
    snug_session *session;
    snug_ready *ready;
    void *user;
} backward_pass;

static float *backward_chain(const backward_pass *pass, snug_step *steps, size_t count, float *dy,
                             bool wants_dx);

/* One layer and its block, from dy to run->dx. */
static void backward_layer(const backward_pass *pass, snug_step *step, float *dy, bool wants_dx) {
    const snug_session *session = pass->session;
    const snug_node *node = step->node;
    snug_layer_run *run = &step->run;
    run->dy = dy;
    run->dx = wants_dx ? gradient_target(session, node, dy) : NULL;
    run->add_gradients = session->add_gradients;
    if (!(node->uses & SNUG_SETS_GRADIENTS) && !session->add_gradients)
        memset(session->gradients + node->first_parameter, 0, node->parameters * sizeof(float));
    if (step->block != NULL)
        run->dinner = session->pairs + 2 * (node->depth + 1) * session->pair_floats;
    node->kind->backward(node->object->config, run);
    if (step->block != NULL) {
        const float *through =
            backward_chain(pass, step->block, node->block_count, run->dinner, wants_dx);
        if (wants_dx)
            snug_axpy(run->rows * run->inputs, through, run->dx);
    }
    if (pass->ready != NULL && node->parameters > 0)
        pass->ready(pass->user, node->first_parameter, node->parameters);
}

/* Runs a chain backward from dy, the first buffer of its depth; answers dx, or NULL where none is wanted. */
static float *backward_chain(const backward_pass *pass, snug_step *steps, size_t count, float *dy,
                             bool wants_dx) {
    for (size_t i = count; i-- > 0;) {
        backward_layer(pass, &steps[i], dy, i > 0 || wants_dx);
        dy = steps[i].run.dx;
    }
    return dy;
}

double snug_session_loss(snug_session *session, const snug_object *loss,
                         const snug_targets *targets) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    size_t rows = session->last_rows;
    return kind->evaluate(loss->config, rows, session->model->plan->outputs, session->last, targets,
                          1.0 / (double)rows, session->pairs);
}

void snug_session_backward(snug_session *session, snug_ready *ready, void *user) {
    const backward_pass pass = {session, ready, user};
    backward_chain(&pass, session->steps, session->model->plan->count, session->pairs, false);
}

static snug_status check_rows(const snug_session *session, size_t rows) {
    if (rows >= 1 && rows <= session->max_rows)
        return SNUG_OK;
    return snug_fail(SNUG_ERROR_ARGUMENT, "rows: must be from 1 to the session's %zu (got %zu)",
                     session->max_rows, rows);
}

snug_status snug_forward(snug_session *session, const float *x, size_t rows, uint64_t step,
                         const float **outputs) {
    snug_status status = check_rows(session, rows);
    if (status != SNUG_OK)
        return status;
    *outputs = snug_session_run(session, x, rows, step, NULL, NULL);
    return SNUG_OK;
}

size_t snug_loss_classes(const snug_object *loss, size_t outputs) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    return kind->binary && outputs == 1 ? 2 : outputs;
}

snug_status snug_values_check(const snug_object *loss, size_t row, size_t outputs,
                              const float *values) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    const snug_range *range = kind->values;
    for (size_t j = 0; range != NULL && j < outputs; ++j) {
        double value = (double)values[j];
        if (!(value >= range->min))
            return snug_fail(SNUG_ERROR_DATA,
                             "row %zu: its target is %g where the loss %s needs at least %g", row,
                             value, kind->base.name, range->min);
        if (!(value <= range->max))
            return snug_fail(SNUG_ERROR_DATA,
                             "row %zu: its target is %g where the loss %s needs at most %g", row,
                             value, kind->base.name, range->max);
    }
    return SNUG_OK;
}

snug_status snug_targets_check(const snug_object *loss, const snug_targets *targets, size_t rows,
                               size_t outputs) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    size_t classes = snug_loss_classes(loss, outputs);
    bool fits = (targets->classes != NULL && (kind->targets & SNUG_TARGET_CLASSES)) ||
                (targets->values != NULL && (kind->targets & SNUG_TARGET_VALUES));
    if (!fits)
        return snug_fail(SNUG_ERROR_DATA, "the loss %s needs targets that are %s", kind->base.name,
                         kind->targets & SNUG_TARGET_CLASSES ? "classes" : "values");
    for (size_t i = 0; targets->classes == NULL && i < rows; ++i)
        if (snug_values_check(loss, i, outputs, targets->values + i * outputs) != SNUG_OK)
            return snug_error_status();
    for (size_t i = 0; targets->classes != NULL && i < rows; ++i)
        if (targets->classes[i] < 0 || (size_t)targets->classes[i] >= classes)
            return snug_fail(
                SNUG_ERROR_DATA,
                "row %zu: its class is %d where the model's outputs stand for 0 to %zu", i,
                (int)targets->classes[i], classes - 1);
    return SNUG_OK;
}

snug_status snug_backward(snug_session *session, const snug_loss *loss, const snug_targets *targets,
                          double *mean_loss) {
    const snug_object *object = snug_loss_object(loss);
    snug_status status;
    double sum;
    if (!session->training || session->last_rows == 0)
        return snug_fail(SNUG_ERROR_ARGUMENT, "backward follows snug_forward() in a session of "
                                              "snug_session_new_training()");
    if (object == NULL)
        return snug_fail(SNUG_ERROR_ARGUMENT, "there is no loss: NULL was given");
    status = snug_targets_check(object, targets, session->last_rows, session->model->plan->outputs);
    if (status != SNUG_OK)
        return status;
    sum = snug_session_loss(session, object, targets);
    snug_session_backward(session, NULL, NULL);
    if (mean_loss != NULL)
        *mean_loss = sum / (double)session->last_rows;
    session->last_rows = 0;
    return SNUG_OK;
}

snug_status snug_optimizer_step(snug_optimizer *optimizer, snug_session *session,
                                snug_model *model) {
    if (optimizer == NULL || session->model != model || !session->training)
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "a step takes an optimizer, a training session, and that session's model");
    return snug_optimizer_apply(optimizer, model->plan->parameters, 1.0, session->gradients,
                                model->parameters);
}

static void predict_block(snug_session *session, const float *x, size_t rows, float *out) {
    const snug_model *model = session->model;
    const float *z;
    if (model->preprocessing != NULL) {
        snug_scaler_apply(model->preprocessing->scaler, rows, x, session->input);
        x = session->input;
    }
    z = snug_session_run(session, x, rows, 0, NULL, NULL);
    session->last_rows = 0;
    session->output->forward(NULL, rows, model->plan->outputs, z, out);
}

snug_status snug_predict(snug_session *session, const float *x, size_t rows, float *out) {
    const snug_model *model = session->model;
    if (session->training)
        return snug_fail(SNUG_ERROR_ARGUMENT, "predict takes a session of snug_session_new()");
    for (size_t i = 0; i < rows; i += session->max_rows) {
        size_t block = rows - i < session->max_rows ? rows - i : session->max_rows;
        predict_block(session, x + i * model->inputs, block, out + i * model->plan->outputs);
    }
    return SNUG_OK;
}

size_t snug_model_decide(const snug_model *model, const float *prediction) {
    size_t best = 0, outputs = model->plan->outputs;
    if (outputs == 1)
        return prediction[0] > 0.5F ? 1 : 0;
    for (size_t j = 1; j < outputs; ++j)
        best = prediction[j] > prediction[best] ? j : best;
    return best;
}
