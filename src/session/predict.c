/*
 * Prediction: raw rows through scaling, layers, output function and the targets' units, block by
 * block.
 */
#include <string.h>

#include "core/status.h"
#include "data/gather.h"
#include "model/targets.h"
#include "schema/offsets.h"
#include "session/forward.h"
#include "session/members.h"

/* Raw rows, and where their predictions and classes go; either may be NULL. */
typedef struct prediction {
    snug_session *session;
    const float *raw;      /* the rows, or NULL */
    const double *raw_f64; /* where they are doubles */
    const float *x; /* what the first layer reads: the session's scaled rows, or the raw ones */
    size_t row_count;
    float *out;
    int32_t *classes;
} prediction;

/*
 * Offsets are subtracted in double before anything else, so that of doubles no digit is lost.
 * Floats that no offset is subtracted from are scaled from where they are.
 */
static void scale_rows(const prediction *p, snug_row_range rows) {
    const snug_model *model = p->session->model;
    const snug_scaler *scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    const double *offsets = scaler != NULL ? scaler->offsets : NULL;
    size_t columns = model->inputs, first = rows.first * columns;
    float *input = p->session->arena.input + first;
    const float *x = p->raw != NULL ? p->raw + first : input;
    if (p->raw_f64 != NULL) {
        snug_offsets_subtract(offsets, p->raw_f64 + first, rows.count, columns, input);
    } else if (offsets != NULL) {
        snug_offsets_move(NULL, offsets, x, rows.count, columns, input);
        x = input;
    }
    if (scaler != NULL) {
        snug_scaler_apply(scaler, rows.count, x, input);
    }
}

static void write_classes(const prediction *p, snug_row_range rows) {
    const snug_session *session = p->session;
    const snug_decision by = snug_model_decision(session->model);
    const float *z = session->last.outputs + rows.first * by.outputs;
    for (size_t i = 0; p->classes != NULL && i < rows.count; i++) {
        p->classes[rows.first + i] = (int32_t)snug_predicted_class(&by, z + i * by.outputs);
    }
}

static void write_results(const prediction *p, snug_row_range rows) {
    write_classes(p, rows);
    if (p->out != NULL) {
        float *out = p->out + rows.first * p->session->model->plan->outputs;
        snug_session_predictions(p->session, rows, out);
    }
}

/*
 * Takes a thread's rows all the way, 128 at a time: few enough for the outputs of all layers to
 * stay in the cache, enough for the products to be fast. No thread waits for another.
 */
static void predict_thread(void *user, size_t id) {
    const size_t portion = 128;
    const prediction *p = user;
    const snug_session *session = p->session;
    snug_layer_instance *layers =
        session->thread_layers != NULL ? session->thread_layers[id] : session->layers;
    snug_row_range left = snug_rows_of_thread(session->pool, id, p->row_count);
    while (left.count > 0) {
        snug_row_range rows = {left.first, left.count < portion ? left.count : portion};
        scale_rows(p, rows);
        snug_session_forward_rows(session, layers, p->x, rows, 0);
        write_results(p, rows);
        left = (snug_row_range){rows.first + rows.count, left.count - rows.count};
    }
}

/* Layers that mix rows or have blocks get the block at once, in the caller's thread. */
static void predict_block(prediction *p) {
    snug_session *session = p->session;
    const snug_plan *plan = session->model->plan;
    bool scaled = session->model->preprocessing != NULL || p->raw == NULL;
    p->x = scaled ? session->arena.input : p->raw;
    if (plan->rowwise && plan->count > 0) {
        session->last.outputs = snug_session_result(session, session->layers[plan->count - 1].y);
        snug_session_guard(session, true);
        snug_thread_pool_run(session->pool, predict_thread, p);
        snug_session_guard(session, false);
    } else {
        const snug_row_range all = {0, p->row_count};
        scale_rows(p, all);
        snug_session_forward(session, p->x, p->row_count, 0, NULL, NULL);
        write_results(p, all);
    }
    session->last.rows = 0;
}

/* Predicts a block by each member of an ensemble, and makes the mean. */
static void predict_members(prediction *p) {
    snug_session *session = p->session;
    snug_ensemble_session *e = session->ensemble;
    snug_ensemble_begin(e, p->row_count);
    for (size_t i = 0; i < e->count; i++) {
        prediction of_member = *p;
        of_member.session = e->members[i];
        of_member.out = e->predictions;
        of_member.classes = NULL;
        predict_block(&of_member);
        snug_ensemble_add(e, p->row_count);
    }
    snug_ensemble_end(e, p->row_count, session->output);
    session->last.outputs = e->outputs;
    const snug_row_range all = {0, p->row_count};
    write_classes(p, all);
    if (p->out != NULL && snug_model_sharpness(session->model) != 1.0F) {
        snug_session_predictions(session, all, p->out);
    } else if (p->out != NULL) {
        size_t n = p->row_count * session->model->plan->outputs;
        memcpy(p->out, e->predictions, n * sizeof *p->out);
    }
}

/* Predicts rows of floats or doubles, of which one is NULL, block by block. */
static snug_status predict(const prediction *all) {
    snug_session *session = all->session;
    snug_status status = snug_session_check(session);
    if (status != SNUG_OK) {
        return status;
    }
    const snug_model *model = session->model;
    if (all->row_count > 0 && all->raw == NULL && all->raw_f64 == NULL) {
        return snug_fail_null("the rows");
    }
    if (session->training) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "predict takes a session of snug_session_new()");
    }
    for (size_t i = 0; i < all->row_count; i += session->max_rows) {
        size_t left = all->row_count - i, first = i * model->inputs;
        const float *raw = all->raw != NULL ? all->raw + first : NULL;
        prediction block = {.session = session,
                            .raw = raw,
                            .raw_f64 = all->raw_f64 != NULL ? all->raw_f64 + first : NULL,
                            .row_count = left < session->max_rows ? left : session->max_rows,
                            .out = all->out != NULL ? all->out + i * model->plan->outputs : NULL,
                            .classes = all->classes != NULL ? all->classes + i : NULL};
        (session->ensemble != NULL ? predict_members : predict_block)(&block);
    }
    return SNUG_OK;
}

snug_status snug_predict_classes(snug_session *session, const float *x, size_t rows, float *out,
                                 int32_t *classes) {
    return predict(&(prediction){
        .session = session, .raw = x, .row_count = rows, .out = out, .classes = classes});
}

snug_status snug_predict_classes_f64(snug_session *session, const double *x, size_t rows,
                                     float *out, int32_t *classes) {
    return predict(&(prediction){
        .session = session, .raw_f64 = x, .row_count = rows, .out = out, .classes = classes});
}

snug_status snug_predict_f64(snug_session *session, const double *x, size_t rows, float *out) {
    return snug_predict_classes_f64(session, x, rows, out, NULL);
}

snug_status snug_predict(snug_session *session, const float *x, size_t rows, float *out) {
    return snug_predict_classes(session, x, rows, out, NULL);
}
