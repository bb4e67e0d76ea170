/* What a model needs in memory, and what its layers' activations look like. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/gather.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "optim/optimizer.h"
#include "session/forward.h"

#define BLOCK 256

snug_status snug_model_memory(const snug_model *model, size_t batch_size,
                              const snug_optimizer *optimizer, snug_memory_info *info) {
    snug_status status = optimizer != NULL ? snug_optimizer_status(optimizer) : SNUG_OK;
    if (status == SNUG_OK) {
        status = snug_model_check_layers(model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    size_t floats = snug_session_floats(model, batch_size, true);
    size_t moments = optimizer != NULL ? snug_optimizer_moments(optimizer) : 0;
    if (floats == SIZE_MAX) {
        return snug_error_status();
    }
    info->parameters = (model->plan->parameters + model->plan->state) * sizeof(float);
    info->gradients = model->plan->parameters * sizeof(float);
    info->moments = moments * model->plan->parameters * sizeof(float);
    info->activations = floats * sizeof(float) - info->gradients;
    info->total = info->parameters + info->gradients + info->moments + info->activations;
    return SNUG_OK;
}

/* Sums of one layer's outputs, shifted by their first value against cancellation. */
typedef struct moments {
    double *sums, *squares, *shifts;
    double *counts;
} moments;

static void observe(void *user, size_t layer, size_t rows, size_t columns, const float *y) {
    moments *m = user;
    double sum = 0, square = 0;
    if (m->counts[layer] == 0) {
        m->shifts[layer] = (double)y[0];
    }
    for (size_t i = 0; i < rows * columns; i++) {
        double d = (double)y[i] - m->shifts[layer];
        sum += d;
        square += d * d;
    }
    m->sums[layer] += sum;
    m->squares[layer] += square;
    m->counts[layer] += (double)rows * (double)columns;
}

static snug_status observe_data(snug_session *session, const snug_dataset *data, moments *m) {
    const snug_model *model = session->model;
    const snug_scaler *scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    for (size_t i = 0; i < data->count; i += BLOCK) {
        size_t rows = data->count - i < BLOCK ? data->count - i : BLOCK;
        if (snug_dataset_gather(data, scaler, NULL, i, rows, session->arena.input) != SNUG_OK) {
            return snug_error_status();
        }
        snug_session_forward(session, session->arena.input, rows, 0, observe, m);
    }
    return SNUG_OK;
}

/* Sets the statistics, of data that is matched with the model. */
static snug_status compute_statistics(const snug_model *model, const snug_dataset *data,
                                      double *means, double *variances) {
    size_t count = model->plan->count;
    snug_session *session = snug_session_new(model, BLOCK);
    double *sums = session != NULL ? snug_alloc(4 * count, sizeof *sums) : NULL;
    snug_status status = sums != NULL ? SNUG_OK : snug_error_status();
    if (session != NULL && sums != NULL) {
        moments m = {sums, sums + count, sums + 2 * count, sums + 3 * count};
        status = observe_data(session, data, &m);
        for (size_t i = 0; i < count && status == SNUG_OK; i++) {
            double mean = m.sums[i] / m.counts[i];
            means[i] = mean + m.shifts[i];
            variances[i] = m.squares[i] / m.counts[i] - mean * mean;
        }
    }
    snug_release(sums);
    snug_session_free(session);
    return status;
}

snug_status snug_model_statistics(const snug_model *model, const snug_dataset *data, double *means,
                                  double *variances) {
    snug_dataset *matched = NULL;
    snug_status status = snug_model_check(model);
    if (status == SNUG_OK) {
        status = snug_data_match(model, data, "the data", NULL, &matched);
    }
    if (status == SNUG_OK) {
        status = snug_features_check(model, matched, "the data");
    }
    if (status == SNUG_OK) {
        status = compute_statistics(model, matched, means, variances);
    }
    snug_dataset_free(matched);
    return status;
}
