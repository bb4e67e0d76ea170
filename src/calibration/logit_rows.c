#include <string.h>

#include "calibration/logit_rows.h"
#include "core/memory.h"
#include "core/status.h"
#include "session/batches.h"

enum { BLOCK = 256 }; /* rows: those of metrics/evaluate.c */

snug_status snug_logit_rows_make(snug_logit_rows *rows, size_t capacity, size_t outputs) {
    size_t floats;
    *rows = (snug_logit_rows){.capacity = capacity, .outputs = outputs};
    if (!snug_multiply(capacity, outputs, &floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    rows->z = snug_alloc(floats, sizeof *rows->z);
    rows->weights = snug_alloc(capacity, sizeof *rows->weights);
    rows->classes = snug_alloc(capacity, sizeof *rows->classes);
    bool complete = rows->z != NULL && rows->weights != NULL && rows->classes != NULL;
    return complete ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_logit_rows_clear(snug_logit_rows *rows) {
    snug_release(rows->z);
    snug_release(rows->weights);
    snug_release(rows->classes);
    *rows = (snug_logit_rows){0};
}

/* Runs all rows through the model, block by block, and keeps its outputs. */
static snug_status run(const snug_model *model, const snug_dataset *data, float *z) {
    size_t outputs = model->plan->outputs;
    snug_batches batches = {0};
    snug_session *session = snug_session_new_parallel(model, BLOCK, 0);
    if (session == NULL) {
        return snug_error_status();
    }
    snug_status status = snug_batches_start(&batches, model, data, BLOCK);
    for (size_t i = 0; i < data->count && status == SNUG_OK; i += BLOCK) {
        status = snug_batches_run(&batches, session, NULL, i, 0);
        if (status == SNUG_OK) {
            size_t rows = session->last.rows;
            memcpy(z + i * outputs, session->last.outputs, rows * outputs * sizeof *z);
        }
    }
    snug_batches_clear(&batches);
    snug_session_free(session);
    return status;
}

snug_status snug_logit_rows_append(snug_logit_rows *rows, const snug_model *model,
                                   const snug_dataset *data) {
    snug_status status = run(model, data, rows->z + rows->count * rows->outputs);
    for (size_t i = 0; i < data->count && status == SNUG_OK; i++) {
        rows->classes[rows->count] = snug_dataset_class(data, i);
        rows->weights[rows->count++] = snug_dataset_weight(data, i);
    }
    return status;
}

snug_logits snug_logit_rows_view(const snug_logit_rows *rows) {
    return (snug_logits){.rows = rows->count,
                         .outputs = rows->outputs,
                         .z = rows->z,
                         .classes = rows->classes,
                         .weights = rows->weights};
}
