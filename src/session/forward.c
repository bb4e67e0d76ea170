#include <string.h>

#include "core/status.h"
#include "cpu/cpu.h"
#include "math/vector.h"
#include "model/targets.h"
#include "session/forward.h"
#include "session/members.h"

void snug_session_forward_layer(snug_layer_instance *layer, const float *x, snug_row_range rows,
                                uint64_t batch_number) {
    const snug_plan_node *node = layer->node;
    snug_layer_call *call = &layer->call;
    call->rows = rows.count * call->members;
    call->first_row = rows.first * call->members;
    call->random.step = (uint32_t)batch_number;
    call->x = x;
    call->y = layer->y + rows.first * layer->y_stride;
    call->cache = layer->cache + call->first_row * node->shape.cache;
    for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
        call->matrices[k] = layer->matrices[k] + call->first_row * node->shape.matrices[k];
    }
    node->kind->forward(node->object->config, call);
}

/*
 * Runs all rows of the batch through the layers of the model or of a block, and returns the last
 * outputs. A block's layers run before the layer that holds the block, which combines their result
 * with x: both read the same x.
 */
static const float *forward_layers(snug_layer_instance *layers, size_t count, const float *x,
                                   size_t row_count, uint64_t batch_number, snug_observer *observer,
                                   void *user) {
    const snug_row_range all = {0, row_count};
    for (size_t i = 0; i < count; i++) {
        snug_layer_instance *layer = &layers[i];
        if (layer->block != NULL) {
            layer->call.inner = forward_layers(layer->block, layer->node->block_count, x, row_count,
                                               batch_number, NULL, NULL);
        }
        snug_session_forward_layer(layer, x, all, batch_number);
        x = layer->y;
        if (observer != NULL) {
            observer(user, i, row_count * layer->node->shape.output_members, layer->call.outputs,
                     x);
        }
    }
    return x;
}

void snug_session_forward_rows(const snug_session *session, snug_layer_instance *layers,
                               const float *x, snug_row_range rows, uint64_t batch_number) {
    x += rows.first * session->model->inputs;
    for (size_t i = 0; rows.count > 0 && i < session->model->plan->count; i++) {
        snug_session_forward_layer(&layers[i], x, rows, batch_number);
        x = layers[i].call.y;
    }
    if (rows.count > 0) {
        snug_session_average(session, rows, x);
    }
}

/* ---- in threads ------------------------------------------------------------------------------ */

typedef struct forward_pass {
    snug_session *session;
    const float *x;
    size_t row_count;
    uint64_t batch_number;
    snug_gather_rows_fn *gather; /* NULL: x is filled already */
    snug_observer *observer;     /* or NULL */
    void *user;                  /* of gather or observer, of which at most one is given */
} forward_pass;

/*
 * A thread's rows, from gathering to the outputs, without waiting for another thread. Denormal
 * numbers are flushed to zero in training, where small gradients would be slow otherwise; the
 * caller of a training session of one thread does it for the whole step (train/epoch.c).
 */
static void forward_thread(void *user, size_t id) {
    const forward_pass *pass = user;
    const snug_session *session = pass->session;
    const snug_row_range rows = snug_rows_of_thread(session->pool, id, pass->row_count);
    unsigned cpu_state = session->training ? snug_cpu_flush_denormals() : 0;
    if (pass->gather != NULL && rows.count > 0) {
        pass->gather(pass->user, rows.first, rows.count);
    }
    snug_session_forward_rows(session, session->thread_layers[id], pass->x, rows,
                              pass->batch_number);
    if (session->training) {
        snug_cpu_restore(cpu_state);
    }
}

static const float *forward_alone(forward_pass *pass) {
    snug_session *session = pass->session;
    if (pass->gather != NULL) {
        pass->gather(pass->user, 0, pass->row_count);
    }
    const float *outputs =
        forward_layers(session->layers, session->model->plan->count, pass->x, pass->row_count,
                       pass->batch_number, pass->observer, pass->user);
    snug_session_average(session, (snug_row_range){0, pass->row_count}, outputs);
    return outputs;
}

static const float *run_pass(forward_pass *pass) {
    snug_session *session = pass->session;
    snug_session_guard(session, true);
    session->last.rows = pass->row_count;
    session->last.x = pass->x;
    if (session->pool != NULL) {
        snug_thread_pool_run(session->pool, forward_thread, pass);
        session->last.outputs = session->layers[session->model->plan->count - 1].y;
    } else {
        session->last.outputs = forward_alone(pass);
    }
    session->last.outputs = snug_session_result(session, session->last.outputs);
    snug_session_guard(session, false);
    return session->last.outputs;
}

const float *snug_session_forward(snug_session *session, const float *x, size_t row_count,
                                  uint64_t batch_number, snug_observer *observer, void *user) {
    forward_pass pass = {.session = session,
                         .x = x,
                         .row_count = row_count,
                         .batch_number = batch_number,
                         .observer = observer,
                         .user = user};
    return run_pass(&pass);
}

const float *snug_session_forward_gathered(snug_session *session, const float *x, size_t row_count,
                                           uint64_t batch_number, snug_gather_rows_fn *gather,
                                           void *user) {
    forward_pass pass = {.session = session,
                         .x = x,
                         .row_count = row_count,
                         .batch_number = batch_number,
                         .gather = gather,
                         .user = user};
    return run_pass(&pass);
}

void snug_session_predictions(const snug_session *session, snug_row_range rows, float *out) {
    const snug_model *model = session->model;
    size_t outputs = model->plan->outputs;
    const float *z = session->last.outputs + rows.first * outputs;
    float sharpness = snug_model_sharpness(model);
    if (sharpness != 1.0F) {
        memcpy(out, z, rows.count * outputs * sizeof *out);
        snug_scale(rows.count * outputs, sharpness, out);
        z = out;
    }
    session->output->forward(NULL, rows.count, outputs, z, out);
    const snug_target_scaler *scaler = snug_model_target_scaler(model);
    if (scaler != NULL) {
        snug_target_scaler_undo(scaler, rows.count, out);
    }
    snug_sort_quantiles(rows.count * outputs, snug_loss_quantiles(model->loss, NULL), out);
    const snug_postprocessing *clipping = snug_model_clipping(model);
    if (clipping != NULL) {
        snug_postprocessing_clip(clipping, NULL, rows.count, outputs, out);
    }
}

/* ---- of a caller's own loop ------------------------------------------------------------------ */

static snug_status check_rows(const snug_session *session, size_t row_count) {
    snug_status status = snug_session_check(session);
    if (status == SNUG_OK) {
        status = snug_model_check(session->model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (row_count >= 1 && row_count <= session->max_rows) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "rows: must be from 1 to the session's %zu (got %zu)",
                     session->max_rows, row_count);
}

snug_status snug_forward(snug_session *session, const float *x, size_t rows, uint64_t step,
                         const float **outputs) {
    snug_status status = check_rows(session, rows);
    if (status == SNUG_OK && (x == NULL || outputs == NULL)) {
        return snug_fail_null(x == NULL ? "the rows" : "the pointer to the outputs");
    }
    if (status == SNUG_OK) {
        *outputs = snug_session_forward(session, x, rows, step, NULL, NULL);
    }
    return status;
}
