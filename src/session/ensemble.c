#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "session/ensemble.h"

static snug_status allocate(snug_ensemble_session *e, size_t rows, size_t members) {
    size_t floats;
    if (!snug_multiply(rows, e->width, &floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    e->members = snug_alloc(members, sizeof *e->members);
    e->sums = snug_alloc(floats, sizeof *e->sums);
    e->predictions = snug_alloc(floats, sizeof *e->predictions);
    e->outputs = snug_alloc(floats, sizeof *e->outputs);
    bool complete =
        e->members != NULL && e->sums != NULL && e->predictions != NULL && e->outputs != NULL;
    return complete ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_ensemble_session *snug_ensemble_session_new(const snug_model *ensemble, size_t rows) {
    snug_ensemble_session *e = snug_alloc(1, sizeof *e);
    if (e == NULL) {
        return NULL;
    }
    e->width = ensemble->plan->outputs;
    if (allocate(e, rows, ensemble->member_count) == SNUG_OK) {
        return e;
    }
    snug_ensemble_session_free(e);
    return NULL;
}

void snug_ensemble_session_free(snug_ensemble_session *ensemble) {
    if (ensemble == NULL) {
        return;
    }
    snug_release(ensemble->members);
    snug_release(ensemble->sums);
    snug_release(ensemble->predictions);
    snug_release(ensemble->outputs);
    snug_release(ensemble);
}

void snug_ensemble_begin(snug_ensemble_session *ensemble, size_t row_count) {
    memset(ensemble->sums, 0, row_count * ensemble->width * sizeof *ensemble->sums);
}

void snug_ensemble_add(snug_ensemble_session *ensemble, size_t row_count) {
    for (size_t i = 0; i < row_count * ensemble->width; i++) {
        ensemble->sums[i] += (double)ensemble->predictions[i];
    }
}

void snug_ensemble_end(snug_ensemble_session *ensemble, size_t row_count,
                       const snug_activation_kind *output) {
    for (size_t i = 0; i < row_count * ensemble->width; i++) {
        ensemble->sums[i] /= (double)ensemble->count;
        ensemble->predictions[i] = (float)ensemble->sums[i];
    }
    output->inverse(NULL, row_count, ensemble->width, ensemble->sums, ensemble->outputs);
}
