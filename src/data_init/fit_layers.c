#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data_init/fit_layers.h"
#include "math/random.h"
#include "session/batches.h"
#include "session/forward.h"

/* A pass of the rows through the layers, one layer after the other. */
typedef struct fitting {
    snug_model *model;
    const snug_dataset *data;
    uint64_t seed;
    snug_session *session;
    snug_batches batch; /* the rows */
} fitting;

/* ---- rows ------------------------------------------------------------------------------------ */

size_t snug_fit_row_count(const snug_model *model, size_t rows) {
    const size_t most_floats = (size_t)1 << 26;
    size_t most = SNUG_FIT_ROWS;
    size_t widest = model->inputs;
    for (size_t i = 0; i < model->plan->count; i++) {
        size_t outputs = model->plan->nodes[i].shape.outputs;
        widest = outputs > widest ? outputs : widest;
    }
    if (most_floats / widest < most) {
        most = most_floats / widest > 0 ? most_floats / widest : 1;
    }
    return rows < most ? rows : most;
}

/* Parts, and not a shuffle, need no memory for all rows and read those of a file in their order. */
void snug_fit_choose_rows(size_t rows, size_t count, uint64_t seed, size_t *order) {
    const snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_FIT_ROWS};
    size_t each = count > 0 ? rows / count : 0, rest = rows - each * count;
    for (size_t i = 0; i < count; i++) {
        size_t first = i * each + (i < rest ? i : rest);
        order[i] = first + snug_random_bits(&stream, i) % (each + (i < rest ? 1 : 0));
    }
}

/* ---- layers ---------------------------------------------------------------------------------- */

static bool any_fitted(const snug_plan_node *nodes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if ((nodes[i].shape.fitted && nodes[i].kind->fit != NULL) ||
            any_fitted(nodes[i].block, nodes[i].block_count)) {
            return true;
        }
    }
    return false;
}

/* Lets a layer change its tensors by the rows x that come to it. */
static snug_status fit_layer(const fitting *f, const snug_plan_node *node, const float *x) {
    float *tensors[SNUG_LAYER_TENSORS_MAX] = {NULL};
    if (!node->shape.fitted || node->kind->fit == NULL) {
        return SNUG_OK;
    }
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &f->model->plan->slots[node->first_tensor + k];
        tensors[k] = (slot->tensor->state ? f->model->state : f->model->parameters) + slot->offset;
    }
    const snug_layer_fit fit = {
        .shape = &node->shape,
        .rows = f->batch.rows,
        .x = x,
        .targets = &f->batch.targets,
        .target_count = snug_dataset_output_count(f->data) * f->batch.quantiles,
        .class_count = snug_dataset_class_count(f->data),
        .tensors = tensors,
        .random = {.seed = f->seed, .purpose = SNUG_PURPOSE_FIT + (uint32_t)node->number}};
    return node->kind->fit(node->object->config, &fit);
}

/*
 * Fits the layers of the model or of a block, each before it runs, and sets *x, the rows that come
 * to the first of them, to the outputs of the last. As in a forward pass, the layers of a block
 * run before the layer that has the block.
 */
static snug_status fit_chain(const fitting *f, snug_layer_instance *layers, size_t count,
                             const float **x) {
    const snug_row_range all = {0, f->batch.rows};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        snug_layer_instance *layer = &layers[i];
        if (layer->block != NULL) {
            const float *inner = *x;
            status = fit_chain(f, layer->block, layer->node->block_count, &inner);
            layer->call.inner = inner;
        }
        if (status == SNUG_OK) {
            status = fit_layer(f, layer->node, *x);
        }
        if (status == SNUG_OK) {
            snug_session_forward_layer(layer, *x, all, 0);
            *x = layer->y;
        }
    }
    return status;
}

/* ---- the whole model ------------------------------------------------------------------------- */

/* Gathers the rows, scaled, and makes a session that predicts them all at once. */
static snug_status start(fitting *f) {
    size_t rows = snug_dataset_row_count(f->data), count = snug_fit_row_count(f->model, rows);
    size_t *order = snug_alloc(count, sizeof *order);
    if (order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_fit_choose_rows(rows, count, f->seed, order);
    snug_status status = snug_batches_start(&f->batch, f->model, f->data, count);
    if (status == SNUG_OK) {
        status = snug_batches_gather(&f->batch, order, 0);
    }
    snug_release(order);
    if (status == SNUG_OK) {
        f->session = snug_session_new_with(f->model, count, false, f->seed, 1);
        status = f->session != NULL ? SNUG_OK : snug_error_status();
    }
    return status;
}

/* Fits the layers of a model that has some; what fails leaves tensors that are half fitted. */
static snug_status fit_model(fitting *f) {
    snug_status status = start(f);
    if (status == SNUG_OK) {
        const float *x = f->batch.x;
        snug_session_guard(f->session, true);
        status = fit_chain(f, f->session->layers, f->model->plan->count, &x);
        snug_session_guard(f->session, false);
    }
    snug_session_free(f->session);
    snug_batches_clear(&f->batch);
    return status;
}

/* Returns a copy of n floats, or NULL without memory. */
static float *copy_floats(const float *x, size_t n) {
    float *copy = snug_alloc(n, sizeof *copy);
    if (copy != NULL) {
        memcpy(copy, x, n * sizeof *copy);
    }
    return copy;
}

/* Fits the layers, and gives the model its tensors back where that fails. */
static snug_status fit_or_restore(fitting *f) {
    const snug_model *model = f->model;
    size_t parameters = model->plan->parameters, states = model->plan->state;
    float *kept_parameters = copy_floats(model->parameters, parameters);
    float *kept_state = copy_floats(model->state, states);
    snug_status status = SNUG_ERROR_MEMORY;
    if (kept_parameters != NULL && kept_state != NULL) {
        status = fit_model(f);
        if (status != SNUG_OK) {
            memcpy(model->parameters, kept_parameters, parameters * sizeof(float));
            memcpy(model->state, kept_state, states * sizeof(float));
        }
    }
    snug_release(kept_parameters);
    snug_release(kept_state);
    return status;
}

snug_status snug_fit_layers(snug_model *model, const snug_dataset *data, uint64_t seed) {
    snug_status status = SNUG_OK;
    if (model->fresh && any_fitted(model->plan->nodes, model->plan->count)) {
        status = fit_or_restore(&(fitting){.model = model, .data = data, .seed = seed});
    }
    model->fresh = model->fresh && status != SNUG_OK;
    return status;
}
