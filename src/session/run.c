/* Forward, backward, predict: running the layers of a session. */
#include <string.h>

#include "core/status.h"
#include "math/cpu.h"
#include "math/reduce.h"
#include "math/vector.h"
#include "optim/optimizer.h"
#include "session/penalty.h"
#include "session/session.h"

/* Rows first to first + rows of the batch, which are at x, through one layer. */
static void forward_layer(snug_layer_instance *step, const float *x, size_t first, size_t rows,
                          uint64_t number) {
    snug_layer_call *run = &step->run;
    const snug_plan_node *node = step->node;
    run->rows = rows;
    run->first_row = first;
    run->random.step = (uint32_t)number;
    run->x = x;
    run->y = step->y + first * step->stride;
    run->cache = step->cache + first * node->shape.cache;
    node->kind->forward(node->object->config, run);
}

/* Runs a chain from x; answers the last output. */
static const float *forward_chain(snug_layer_instance *steps, size_t count, const float *x,
                                  size_t rows, uint64_t number, snug_observer *observer,
                                  void *user) {
    for (size_t i = 0; i < count; i++) {
        if (steps[i].block != NULL) {
            steps[i].run.inner = forward_chain(steps[i].block, steps[i].node->block_count, x, rows,
                                               number, NULL, NULL);
        }
        forward_layer(&steps[i], x, 0, rows, number);
        x = steps[i].y;
        if (observer != NULL) {
            observer(user, i, rows, steps[i].run.outputs, x);
        }
    }
    return x;
}

/* One thread's share of the rows. */
typedef struct share {
    size_t first, rows;
} share;

static share share_of(const snug_session *session, size_t id) {
    size_t threads = snug_thread_pool_threads(session->pool), rows = session->last_rows;
    size_t first = rows * id / threads;
    return (share){first, rows * (id + 1) / threads - first};
}

typedef struct forward_pass {
    snug_session *session;
    const float *x;
    uint64_t number;
    snug_fill *fill; /* or NULL: x is there */
    void *user;
} forward_pass;

/* Some rows of the batch at x through all layers. */
static void forward_rows(const snug_session *session, snug_layer_instance *steps, const float *x,
                         share rows, uint64_t number) {
    x += rows.first * session->model->inputs;
    for (size_t i = 0; rows.rows > 0 && i < session->model->plan->count; i++) {
        forward_layer(&steps[i], x, rows.first, rows.rows, number);
        x = steps[i].run.y;
    }
}

static void forward_share(void *user, size_t id) {
    const forward_pass *pass = user;
    const snug_session *session = pass->session;
    const share mine = share_of(session, id);
    unsigned state = session->training ? snug_cpu_flush_denormals() : 0;
    if (pass->fill != NULL && mine.rows > 0) {
        pass->fill(pass->user, mine.first, mine.rows);
    }
    forward_rows(session, session->lanes[id], pass->x, mine, pass->number);
    if (session->training) {
        snug_cpu_restore(state);
    }
}

static const float *run_pass(forward_pass *pass, size_t rows, snug_observer *observer, void *user) {
    snug_session *session = pass->session;
    const snug_plan *plan = session->model->plan;
    session->last_rows = rows;
    session->last_x = pass->x;
    snug_session_guard(session, true);
    if (session->pool != NULL) {
        snug_thread_pool_run(session->pool, forward_share, pass);
        session->last = session->steps[plan->count - 1].y;
    } else {
        if (pass->fill != NULL) {
            pass->fill(pass->user, 0, rows);
        }
        session->last =
            forward_chain(session->steps, plan->count, pass->x, rows, pass->number, observer, user);
    }
    snug_session_guard(session, false);
    return session->last;
}

const float *snug_session_run(snug_session *session, const float *x, size_t rows, uint64_t number,
                              snug_observer *observer, void *user) {
    forward_pass pass = {.session = session, .x = x, .number = number};
    return run_pass(&pass, rows, observer, user);
}

const float *snug_session_run_filled(snug_session *session, const float *x, size_t rows,
                                     uint64_t number, snug_fill *fill, void *user) {
    forward_pass pass = {session, x, number, fill, user};
    return run_pass(&pass, rows, NULL, NULL);
}

/*
 * Where a layer's dx goes: over dy, or into the other buffer of its depth. Parameters whose
 * gradients are made after dx, of dy, need both.
 */
static float *gradient_target(const snug_session *session, const snug_plan_node *node,
                              const float *dy) {
    float *first = session->pairs + 2 * node->depth * session->pair_floats;
    bool needs_dy = (node->uses & SNUG_ROWWISE) && node->parameters > 0;
    if ((node->uses & SNUG_IN_PLACE) && !needs_dy) {
        return dy == first ? first : first + session->pair_floats;
    }
    return dy == first ? first + session->pair_floats : first;
}

typedef struct backward_pass {
    snug_session *session;
    snug_gradient_ready_fn *ready;
    void *user;
    bool guarded; /* see snug_session_guard() */
} backward_pass;

/* Calls ready(), which may pass over the padding. */
static void hand_out(const backward_pass *pass, size_t id, size_t first, size_t n,
                     float *gradients) {
    if (pass->ready == NULL) {
        return;
    }
    if (pass->guarded) {
        snug_session_guard(pass->session, false);
    }
    if (n > 0 && pass->session->has_totals) {
        snug_add_totals(n, pass->session->totals + first, gradients);
    }
    pass->ready(pass->user, id, first, n, gradients);
    if (pass->guarded) {
        snug_session_guard(pass->session, true);
    }
}

/* Adds the penalty's gradient to that of the losses, which are their mean or their sum. */
static void add_penalty(const snug_session *session, const snug_tensor_slot *slot, size_t first,
                        size_t count, float *gradients) {
    if (session->model->plan->penalized) {
        snug_penalty_backward(session->model, slot, first, count,
                              session->accumulates ? session->last_weight : 1.0, gradients);
    }
}

/*
 * Rows [from, to) of a tensor's gradient, from the last to the first. Portions that are handed out
 * at once lie over each other, in the place of the first rows.
 */
static void make_gradient(const backward_pass *pass, const snug_layer_instance *step, size_t tensor,
                          size_t id, size_t from, size_t to) {
    const snug_session *session = pass->session;
    const snug_plan_node *node = step->node;
    const snug_tensor_slot *slot = &session->model->plan->slots[node->first_tensor + tensor];
    const size_t columns = slot->tensor->columns, portion = slot->portion;
    const bool stays = pass->ready == NULL || session->accumulates;
    while (to > from) {
        size_t count = to - from < portion + portion / 2 ? to - from : portion;
        to -= count;
        float *gradients = session->gradients + slot->offset + (stays ? to : from) * columns;
        node->kind->gradients(node->object->config, &step->run, tensor, to, count, gradients);
        add_penalty(session, slot, to * columns, count * columns, gradients);
        hand_out(pass, id, slot->offset + to * columns, count * columns, gradients);
    }
}

/*
 * A thread's share of a layer's gradients: rows of the large tensors, some of the small ones whole.
 */
static void make_gradients(const backward_pass *pass, const snug_layer_instance *step, size_t id) {
    const size_t small = 1 << 12;
    const snug_session *session = pass->session;
    const snug_plan_node *node = step->node;
    size_t threads = snug_thread_pool_threads(session->pool);
    for (size_t k = node->shape.tensor_count; k-- > 0;) {
        size_t number = node->first_tensor + k;
        const snug_tensor_slot *slot = &session->model->plan->slots[number];
        if (slot->tensor->state) {
            continue;
        }
        if (threads > 1 && slot->size >= small && slot->rows >= threads) {
            make_gradient(pass, step, k, id, slot->rows * id / threads,
                          slot->rows * (id + 1) / threads);
        } else if (threads <= 1 || number % threads == id) {
            make_gradient(pass, step, k, id, 0, slot->rows);
        }
    }
}

static float *backward_chain(const backward_pass *pass, snug_layer_instance *steps, size_t count,
                             float *dy, bool wants_dx);

/* A layer whose backward makes its gradients too, and its block. */
static void backward_whole(const backward_pass *pass, snug_layer_instance *step) {
    const snug_session *session = pass->session;
    const snug_plan_node *node = step->node;
    snug_layer_call *run = &step->run;
    for (size_t k = 0; k < node->shape.tensor_count && !session->add_gradients; k++) {
        const snug_tensor_slot *slot = &session->model->plan->slots[node->first_tensor + k];
        if (!slot->tensor->state) {
            memset(session->gradients + slot->offset, 0, slot->size * sizeof(float));
        }
    }
    if (step->block != NULL) {
        run->dinner = session->pairs + 2 * (node->depth + 1) * session->pair_floats;
    }
    node->kind->backward(node->object->config, run);
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &session->model->plan->slots[node->first_tensor + k];
        if (!slot->tensor->state) {
            add_penalty(session, slot, 0, slot->size, session->gradients + slot->offset);
        }
    }
    if (step->block != NULL) {
        const float *through =
            backward_chain(pass, step->block, node->block_count, run->dinner, run->dx != NULL);
        if (run->dx != NULL) {
            snug_vector_add(run->rows * run->inputs, through, run->dx);
        }
    }
    if (node->parameters > 0) {
        hand_out(pass, 0, node->first_parameter, node->parameters,
                 session->gradients + node->first_parameter);
    }
}

/*
 * Runs a chain backward from dy, the first buffer of its depth; answers dx, or NULL where none is
 * wanted.
 */
static float *backward_chain(const backward_pass *pass, snug_layer_instance *steps, size_t count,
                             float *dy, bool wants_dx) {
    for (size_t i = count; i-- > 0;) {
        snug_layer_call *run = &steps[i].run;
        const snug_plan_node *node = steps[i].node;
        run->dy = dy;
        run->dx = i > 0 || wants_dx ? gradient_target(pass->session, node, dy) : NULL;
        run->add_gradients = pass->session->add_gradients;
        if (node->uses & SNUG_ROWWISE) {
            node->kind->backward(node->object->config, run);
            make_gradients(pass, &steps[i], 0);
        } else {
            backward_whole(pass, &steps[i]);
        }
        dy = run->dx;
    }
    return dy;
}

/* A thread's rows, back to the first layer. */
static void backward_rows(const snug_session *session, snug_layer_instance *lane, share mine) {
    for (size_t i = session->model->plan->count; mine.rows > 0 && i-- > 0;) {
        snug_layer_call *run = &lane[i].run;
        run->dy = lane[i].dy + mine.first * run->outputs;
        run->dx = i > 0 ? lane[i - 1].dy + mine.first * run->inputs : NULL;
        lane[i].node->kind->backward(lane[i].node->object->config, run);
    }
}

/* A thread's share of all gradients, from every row. */
static void backward_parameters(const backward_pass *pass, snug_layer_instance *lane, size_t id) {
    const snug_session *session = pass->session;
    for (size_t i = session->model->plan->count; i-- > 0;) {
        snug_layer_call *run = &lane[i].run;
        run->rows = session->last_rows;
        run->first_row = 0;
        run->x = i > 0 ? lane[i - 1].y : session->last_x;
        run->y = lane[i].y;
        run->dy = lane[i].dy;
        run->cache = lane[i].cache;
        run->add_gradients = session->add_gradients;
        make_gradients(pass, &lane[i], id);
    }
    hand_out(pass, id, 0, 0, NULL);
}

static void backward_share(void *user, size_t id) {
    const backward_pass *pass = user;
    snug_session *session = pass->session;
    unsigned state = snug_cpu_flush_denormals();
    backward_rows(session, session->lanes[id], share_of(session, id));
    snug_thread_pool_wait(session->pool);
    backward_parameters(pass, session->lanes[id], id);
    snug_cpu_restore(state);
}

snug_loss_sum snug_session_loss(snug_session *session, const snug_object *loss,
                                const snug_targets *targets) {
    size_t rows = session->last_rows;
    snug_loss_sum sum = {.weight = snug_loss_weight(loss, rows, targets)};
    double scale = session->accumulates || sum.weight <= 0 ? 1.0 : 1.0 / sum.weight;
    sum.sum = snug_loss_evaluate(loss, rows, session->model->plan->outputs, session->last, targets,
                                 scale, session->dz);
    sum.sum += sum.weight * snug_penalty(session->model);
    session->last_weight = sum.weight;
    return sum;
}

void snug_session_backward(snug_session *session, snug_gradient_ready_fn *ready, void *user) {
    backward_pass pass = {session, ready, user, .guarded = false};
    if (session->accumulates) {
        snug_session_accumulate_batch(session);
    }
    /* Threads that update parameters pass over padding while others run layers. */
    pass.guarded = session->pool == NULL || ready == NULL;
    if (pass.guarded) {
        snug_session_guard(session, true);
    }
    if (session->pool != NULL) {
        snug_thread_pool_run(session->pool, backward_share, &pass);
    } else {
        backward_chain(&pass, session->steps, session->model->plan->count, session->dz, false);
        hand_out(&pass, 0, 0, 0, NULL);
    }
    if (pass.guarded) {
        snug_session_guard(session, false);
    }
    if (session->accumulates) {
        session->added++;
        session->weight += session->last_weight;
        session->add_gradients = true;
    }
}

snug_status snug_session_check(const snug_session *session) {
    return session != NULL ? SNUG_OK
                           : snug_fail_not_constructed(SNUG_CONSTRUCTED_SESSION, "the session");
}

static snug_status check_rows(const snug_session *session, size_t rows) {
    snug_status status = snug_session_check(session);
    if (status != SNUG_OK) {
        return status;
    }
    if (rows >= 1 && rows <= session->max_rows) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "rows: must be from 1 to the session's %zu (got %zu)",
                     session->max_rows, rows);
}

snug_status snug_forward(snug_session *session, const float *x, size_t rows, uint64_t step,
                         const float **outputs) {
    snug_status status = check_rows(session, rows);
    if (status != SNUG_OK) {
        return status;
    }
    *outputs = snug_session_run(session, x, rows, step, NULL, NULL);
    return SNUG_OK;
}

snug_status snug_backward(snug_session *session, const snug_loss *loss, const snug_targets *targets,
                          double *mean_loss) {
    const snug_object *object;
    snug_status status = snug_session_check(session);
    snug_loss_sum sum;
    if (status == SNUG_OK) {
        status = snug_loss_status(loss);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (!session->training || session->last_rows == 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "backward follows snug_forward() in a session of "
                                              "snug_session_new_training()");
    }
    object = ((const snug_handle *)loss)->object;
    status = snug_targets_check(object, targets, session->last_rows, session->model->plan->outputs);
    if (status != SNUG_OK) {
        return status;
    }
    sum = snug_session_loss(session, object, targets);
    snug_session_backward(session, NULL, NULL);
    if (mean_loss != NULL) {
        *mean_loss = snug_loss_mean(&sum);
    }
    session->last_rows = 0;
    return SNUG_OK;
}

snug_status snug_optimizer_step(snug_optimizer *optimizer, snug_session *session,
                                snug_model *model) {
    snug_status status = snug_session_check(session);
    if (status == SNUG_OK) {
        status = snug_optimizer_status(optimizer);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (session->model != model || !session->training) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "a step takes an optimizer, a training session, and that session's model");
    }
    snug_session_average_gradients(session);
    status = snug_optimizer_apply(optimizer, model->plan->parameters, 1.0, session->gradients,
                                  model->parameters);
    if (status == SNUG_OK) {
        snug_model_constrain(model);
    }
    return status;
}

/* A block of raw rows, and where their predictions and classes go; either may be NULL. */
typedef struct predicting {
    forward_pass pass;
    const float *raw;
    float *out;
    int32_t *classes;
} predicting;

static void scale_rows(const snug_session *session, const float *raw, share rows) {
    const snug_model *model = session->model;
    size_t first = rows.first * model->inputs;
    if (model->preprocessing != NULL) {
        snug_scaler_apply(model->preprocessing->scaler, rows.rows, raw + first,
                          session->input + first);
    }
}

static void apply_output(const predicting *p, share rows) {
    const snug_session *session = p->pass.session;
    const snug_model *model = session->model;
    size_t outputs = model->plan->outputs, first = rows.first * outputs;
    size_t classes = snug_loss_classes(model->loss, outputs);
    const float *z = session->last + first;
    for (size_t i = 0; p->classes != NULL && i < rows.rows; i++) {
        p->classes[rows.first + i] =
            (int32_t)snug_predicted_class(classes, outputs, z + i * outputs);
    }
    if (p->out != NULL) {
        session->output->forward(NULL, rows.rows, outputs, z, p->out + first);
    }
}

/*
 * A thread's rows all the way, as many at once as keep the outputs of all layers in the cache; no
 * thread waits for another.
 */
static void predict_share(void *user, size_t id) {
    const size_t portion = 128;
    const predicting *p = user;
    const snug_session *session = p->pass.session;
    share left = share_of(session, id);
    while (left.rows > 0) {
        share now = {left.first, left.rows < portion ? left.rows : portion};
        scale_rows(session, p->raw, now);
        forward_rows(session, session->lanes != NULL ? session->lanes[id] : session->steps,
                     p->pass.x, now, 0);
        apply_output(p, now);
        left = (share){now.first + now.rows, left.rows - now.rows};
    }
}

static void predict_block(predicting *p, size_t rows) {
    snug_session *session = p->pass.session;
    const snug_plan *plan = session->model->plan;
    p->pass.x = session->model->preprocessing != NULL ? session->input : p->raw;
    if (plan->by_rows && plan->count > 0) {
        session->last_rows = rows;
        session->last = session->steps[plan->count - 1].y;
        snug_session_guard(session, true);
        snug_thread_pool_run(session->pool, predict_share, p);
        snug_session_guard(session, false);
    } else {
        const share all = {0, rows};
        scale_rows(session, p->raw, all);
        snug_session_run(session, p->pass.x, rows, 0, NULL, NULL);
        apply_output(p, all);
    }
    session->last_rows = 0;
}

/* out and classes are written by predict_block(). NOLINTBEGIN(readability-non-const-parameter) */
snug_status snug_predict_classes(snug_session *session, const float *x, size_t rows, float *out,
                                 int32_t *classes) {
    /* NOLINTEND(readability-non-const-parameter) */
    snug_status status = snug_session_check(session);
    if (status != SNUG_OK) {
        return status;
    }
    const snug_model *model = session->model;
    if (session->training) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "predict takes a session of snug_session_new()");
    }
    for (size_t i = 0; i < rows; i += session->max_rows) {
        size_t block = rows - i < session->max_rows ? rows - i : session->max_rows;
        predicting p = {.pass = {.session = session},
                        .raw = x + i * model->inputs,
                        .out = out != NULL ? out + i * model->plan->outputs : NULL,
                        .classes = classes != NULL ? classes + i : NULL};
        predict_block(&p, block);
    }
    return SNUG_OK;
}

snug_status snug_predict(snug_session *session, const float *x, size_t rows, float *out) {
    return snug_predict_classes(session, x, rows, out, NULL);
}

/* What a single output of 0, between two classes, becomes by the output function. */
static float middle_of(const snug_model *model) {
    const snug_activation_kind *output = snug_model_output(model);
    float zero = 0.0F, middle = 0.0F;
    if (output != NULL) {
        output->forward(NULL, 1, 1, &zero, &middle);
    }
    return middle;
}

size_t snug_model_predicted_class(const snug_model *model, const float *prediction) {
    size_t outputs = model->plan->outputs;
    size_t classes = snug_loss_classes(model->loss, outputs);
    float above = prediction[0];
    if (outputs == 1) {
        above = prediction[0] > middle_of(model) ? 1.0F : -1.0F;
    }
    return snug_predicted_class(classes, outputs, outputs == 1 ? &above : prediction);
}
