/*
 * The backward pass.
 *
 * In one thread: from the last layer to the first, each layer writes dx from dy, and then makes the
 * gradients of its parameters from x and dy, and hands them out. dy and dx are the two buffers of a
 * pair, or one and the same where the layer works in place.
 *
 * In threads: each takes its rows back through all layers, which writes the dy of every layer; all
 * wait; then each makes its part of the gradients of every layer (dW and db of a dense layer), from
 * the last layer to the first and from all rows of the batch. A tensor of 4096 floats or more, and
 * of at least as many rows as there are threads, is shared out: each thread makes an equal share of
 * the rows of dW. Any other tensor is made whole by one thread, in turn. Every layer's dy is kept
 * until then.
 *
 * Layers that are not row-wise (SNUG_ROWWISE) run in one thread, and their backward() makes dx and
 * gradients at once, adding to the latter.
 */
#include <string.h>

#include "core/status.h"
#include "cpu/cpu.h"
#include "kinds/handles.h"
#include "math/reduce.h"
#include "model/targets.h"
#include "session/backward.h"
#include "session/members.h"
#include "session/penalty.h"
#include "session/target_scaling.h"
#include "session/threads.h"

typedef struct backward_pass {
    snug_session *session;
    snug_gradient_ready_fn *ready;    /* or NULL: the gradients stay in the flat vector */
    snug_gradient_observer *observer; /* of the layers of the model; or NULL */
    void *user;                       /* of ready or observer, of which at most one is given */
    bool adds;    /* to the gradients of earlier batches, instead of setting them */
    bool guarded; /* layers run with the padding between tensors forbidden */
} backward_pass;

static const snug_tensor_slot *slot_of(const snug_session *session, const snug_plan_node *node,
                                       size_t tensor) {
    return &session->model->plan->slots[node->first_tensor + tensor];
}

/* ---- gradients of parameters ----------------------------------------------------------------- */

/*
 * Averages final gradients and passes them to ready(). Both may run over the padding between
 * tensors, which holds zeros.
 */
static void hand_out(const backward_pass *pass, size_t thread, size_t first, size_t count,
                     float *gradients) {
    if (pass->ready == NULL) {
        return;
    }
    if (pass->guarded) {
        snug_session_guard(pass->session, false);
    }
    if (count > 0) {
        snug_accumulation_average(&pass->session->accumulation, first, count, gradients);
    }
    pass->ready(pass->user, thread, first, count, gradients);
    if (pass->guarded) {
        snug_session_guard(pass->session, true);
    }
}

/*
 * Adds the gradient of the penalty to `count` gradients of a tensor from number `first` on. The
 * penalty belongs to the mean loss, so that a sum of losses has it as many times as its weight.
 */
static void add_penalty(const snug_session *session, const snug_tensor_slot *slot, size_t first,
                        size_t count, float *gradients) {
    if (session->model->plan->penalized) {
        double scale = session->accumulation.on ? session->last.weight : 1.0;
        snug_penalty_backward(session->model, slot, first, count, scale, gradients);
    }
}

/*
 * Makes the gradients of rows from .. to - 1 of a tensor, portion by portion, from the last to the
 * first.
 *
 * A portion (128 KiB, see portion_of() in plan/plan_tensors.c) is small enough to be in the cache
 * still when ready() updates the parameters by it. Where each portion is used up at once, all of
 * them are made at the same addresses, those of the tensor's first rows: the cache then keeps one
 * portion, instead of writing a whole tensor of gradients to memory that nobody reads. They cannot
 * share addresses where they must stay: without ready(), and where batches are added up.
 */
static void make_tensor_gradient(const backward_pass *pass, const snug_layer_instance *layer,
                                 size_t tensor, size_t thread, size_t from, size_t to) {
    const snug_session *session = pass->session;
    const snug_plan_node *node = layer->node;
    const snug_tensor_slot *slot = slot_of(session, node, tensor);
    const size_t columns = slot->tensor->columns, portion = slot->portion;
    const bool stays = pass->ready == NULL || session->accumulation.on;
    while (to > from) {
        /* The last portion may be half as large again, so that none is small. */
        size_t rows = to - from < portion + portion / 2 ? to - from : portion;
        to -= rows;
        float *gradients = session->arena.gradients + slot->offset + (stays ? to : from) * columns;
        node->kind->gradients(node->object->config, &layer->call, tensor, to, rows, gradients);
        add_penalty(session, slot, to * columns, rows * columns, gradients);
        hand_out(pass, thread, slot->offset + to * columns, rows * columns, gradients);
    }
}

/*
 * Makes a thread's part of a row-wise layer's gradients: of large tensors some rows, of the small
 * ones some tensors as a whole, which are cheaper than sharing them out.
 */
static void make_gradients(const backward_pass *pass, const snug_layer_instance *layer,
                           size_t thread) {
    const size_t small = 1 << 12; /* floats */
    const snug_plan_node *node = layer->node;
    size_t threads = snug_thread_pool_threads(pass->session->pool);
    for (size_t k = node->shape.tensor_count; k-- > 0;) {
        const snug_tensor_slot *slot = slot_of(pass->session, node, k);
        if (slot->tensor->state) {
            continue;
        }
        if (threads > 1 && slot->size >= small && slot->rows >= threads) {
            make_tensor_gradient(pass, layer, k, thread, slot->rows * thread / threads,
                                 slot->rows * (thread + 1) / threads);
        } else if (threads <= 1 || (node->first_tensor + k) % threads == thread) {
            make_tensor_gradient(pass, layer, k, thread, 0, slot->rows);
        }
    }
}

/* ---- in one thread --------------------------------------------------------------------------- */

/*
 * Returns the buffer of a layer's dx: its dy, where the layer works in place, otherwise the other
 * buffer of the pair. A row-wise layer with parameters needs both, because their gradients are made
 * of dy after dx.
 */
static float *dx_buffer(const snug_session *session, const snug_plan_node *node, const float *dy) {
    float *first = snug_arena_pair(&session->arena, node->depth, 0);
    float *second = snug_arena_pair(&session->arena, node->depth, 1);
    bool needs_dy = (node->flags & SNUG_ROWWISE) && node->parameters > 0;
    bool over_dy = (node->flags & SNUG_IN_PLACE) && !needs_dy;
    return (dy == first) == over_dy ? first : second;
}

static float *backward_layers(const backward_pass *pass, snug_layer_instance *layers, size_t count,
                              float *dy, bool wants_dx);

/* Takes the gradient at the end of a block, .dinner, back to its start, where x branches off. */
static void backward_block(const backward_pass *pass, snug_layer_instance *layer) {
    const snug_layer_call *call = &layer->call;
    const float *block_dx = backward_layers(pass, layer->block, layer->node->block_count,
                                            call->dinner, call->dx != NULL);
    if (call->dx != NULL) {
        snug_vector_add(call->rows * call->inputs, block_dx, call->dx);
    }
}

/* Sets a layer's gradients to 0, to which its backward() adds. */
static void zero_gradients(const snug_session *session, const snug_plan_node *node) {
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = slot_of(session, node, k);
        if (!slot->tensor->state) {
            memset(session->arena.gradients + slot->offset, 0, slot->size * sizeof(float));
        }
    }
}

static void add_penalties(const snug_session *session, const snug_plan_node *node) {
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = slot_of(session, node, k);
        if (!slot->tensor->state) {
            add_penalty(session, slot, 0, slot->size, session->arena.gradients + slot->offset);
        }
    }
}

/* Runs a layer that is not row-wise, whose backward() makes its gradients too, and its block. */
static void backward_whole(const backward_pass *pass, snug_layer_instance *layer) {
    const snug_session *session = pass->session;
    const snug_plan_node *node = layer->node;
    if (!pass->adds) {
        zero_gradients(session, node);
    }
    if (layer->block != NULL) {
        layer->call.dinner = snug_arena_pair(&session->arena, node->depth + 1, 0);
    }
    node->kind->backward(node->object->config, &layer->call);
    add_penalties(session, node);
    if (layer->block != NULL) {
        backward_block(pass, layer);
    }
    if (node->parameters > 0) {
        hand_out(pass, 0, node->first_parameter, node->parameters,
                 session->arena.gradients + node->first_parameter);
    }
}

/*
 * Runs the layers of the model or of a block backward. dy is the gradient at their end, in the
 * first buffer of the pair of their depth. Returns the gradient at their start in one of the two
 * buffers, or NULL unless it is wanted: nobody needs the gradient by the model's inputs.
 */
static float *backward_layers(const backward_pass *pass, snug_layer_instance *layers, size_t count,
                              float *dy, bool wants_dx) {
    for (size_t i = count; i-- > 0;) {
        const snug_plan_node *node = layers[i].node;
        snug_layer_call *call = &layers[i].call;
        call->dy = dy;
        call->dx = i > 0 || wants_dx ? dx_buffer(pass->session, node, dy) : NULL;
        call->add_gradients = pass->adds;
        if (pass->observer != NULL && node->depth == 0) {
            pass->observer(pass->user, i, call->rows / call->members * node->shape.output_members,
                           call->outputs, dy);
        }
        if (node->flags & SNUG_ROWWISE) {
            node->kind->backward(node->object->config, call);
            if (pass->observer == NULL) {
                make_gradients(pass, &layers[i], 0);
            }
        } else {
            backward_whole(pass, &layers[i]);
        }
        dy = call->dx;
    }
    return dy;
}

/* ---- in threads ------------------------------------------------------------------------------ */

/* Takes a thread's rows back to the first layer: the dy of each layer, in its own buffer. */
static void backward_rows(const snug_session *session, snug_layer_instance *layers,
                          snug_row_range rows) {
    for (size_t i = session->model->plan->count; rows.count > 0 && i-- > 0;) {
        const snug_plan_node *node = layers[i].node;
        snug_layer_call *call = &layers[i].call;
        size_t first_output = rows.first * node->shape.output_members;
        call->dy = layers[i].dy + first_output * call->outputs;
        call->dx = i > 0 ? layers[i - 1].dy + call->first_row * call->inputs : NULL;
        node->kind->backward(node->object->config, call);
    }
}

/* Makes a thread's part of the gradients of all layers, from the rows of all threads. */
static void backward_parameters(const backward_pass *pass, snug_layer_instance *layers,
                                size_t thread) {
    const snug_session *session = pass->session;
    for (size_t i = session->model->plan->count; i-- > 0;) {
        snug_layer_call *call = &layers[i].call;
        call->rows = session->last.rows * call->members;
        call->first_row = 0;
        call->x = i > 0 ? layers[i - 1].y : session->last.x;
        call->y = layers[i].y;
        call->dy = layers[i].dy;
        call->cache = layers[i].cache;
        memcpy(call->matrices, layers[i].matrices, sizeof call->matrices);
        call->add_gradients = pass->adds;
        make_gradients(pass, &layers[i], thread);
    }
    hand_out(pass, thread, 0, 0, NULL);
}

/* All threads must be through with their rows before a gradient is made or a parameter updated. */
static void backward_thread(void *user, size_t id) {
    const backward_pass *pass = user;
    const snug_session *session = pass->session;
    snug_layer_instance *layers = session->thread_layers[id];
    unsigned cpu_state = snug_cpu_flush_denormals();
    backward_rows(session, layers, snug_rows_of_thread(session->pool, id, session->last.rows));
    snug_thread_pool_wait(session->pool);
    backward_parameters(pass, layers, id);
    snug_cpu_restore(cpu_state);
}

/* ---- loss and backward ----------------------------------------------------------------------- */

snug_loss_sum snug_session_loss(snug_session *session, const snug_object *loss,
                                const snug_targets *targets) {
    snug_last_pass *last = &session->last;
    const double members = (double)snug_session_members(session);
    snug_loss_sum sum = {.weight = snug_loss_weight(loss, last->rows, targets)};
    double scale = session->accumulation.on || sum.weight <= 0 ? 1.0 : 1.0 / sum.weight;
    snug_session_unscale(session, loss, targets);
    sum.sum =
        snug_loss_evaluate(loss, snug_session_output_rows(session), session->model->plan->outputs,
                           last->values, &last->targets, scale / members, session->arena.dz) /
        members;
    snug_session_scale_gradient(session, loss);
    double penalty = sum.weight * snug_penalty(session->model);
    sum.sum += penalty > 0 ? penalty * snug_session_loss_unit(session, loss) : penalty;
    last->weight = sum.weight;
    return sum;
}

void snug_session_backward(snug_session *session, snug_gradient_ready_fn *ready, void *user) {
    snug_accumulation *accumulation = &session->accumulation;
    size_t parameters = session->model->plan->parameters;
    backward_pass pass = {.session = session, .ready = ready, .user = user};
    pass.adds = snug_accumulation_add_batch(accumulation, parameters, session->arena.gradients,
                                            session->last.weight);
    /* Threads that update parameters pass over padding while others run layers. */
    pass.guarded = session->pool == NULL || ready == NULL;
    if (pass.guarded) {
        snug_session_guard(session, true);
    }
    if (session->pool != NULL) {
        snug_thread_pool_run(session->pool, backward_thread, &pass);
    } else {
        backward_layers(&pass, session->layers, session->model->plan->count, session->arena.dz,
                        false);
        hand_out(&pass, 0, 0, 0, NULL);
    }
    if (pass.guarded) {
        snug_session_guard(session, false);
    }
    if (ready != NULL) {
        snug_accumulation_restart(accumulation);
    }
}

void snug_session_observe_gradients(snug_session *session, snug_gradient_observer *observer,
                                    void *user) {
    backward_pass pass = {.session = session, .observer = observer, .user = user};
    snug_session_guard(session, true);
    backward_layers(&pass, session->layers, session->model->plan->count, session->arena.dz, false);
    snug_session_guard(session, false);
    session->last.rows = 0;
}

/* ---- of a caller's own loop ------------------------------------------------------------------ */

static snug_status check_backward(const snug_session *session, const snug_loss *loss,
                                  const snug_targets *targets) {
    snug_status status = snug_session_check(session);
    if (status == SNUG_OK) {
        status = snug_loss_status(loss);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (!session->training || session->last.rows == 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "backward follows snug_forward() in a session of "
                                              "snug_session_new_training()");
    }
    if (session->arena.values == NULL && snug_model_target_scaler(session->model) != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "the model has got its target scaling after the "
                                              "session was made: make another session");
    }
    return snug_targets_check(((const snug_handle *)loss)->object, targets, session->last.rows,
                              session->model->plan->outputs);
}

snug_status snug_backward(snug_session *session, const snug_loss *loss, const snug_targets *targets,
                          double *mean_loss) {
    snug_status status = check_backward(session, loss, targets);
    if (status != SNUG_OK) {
        return status;
    }
    snug_loss_sum sum = snug_session_loss(session, ((const snug_handle *)loss)->object, targets);
    snug_session_backward(session, NULL, NULL);
    if (mean_loss != NULL) {
        *mean_loss = snug_loss_mean(&sum);
    }
    session->last.rows = 0;
    return SNUG_OK;
}
