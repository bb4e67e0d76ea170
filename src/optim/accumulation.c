#include <string.h>

#include "core/memory.h"
#include "math/vector.h"
#include "optim/accumulation.h"

/* So many additions of float round off no more than the gradients' own rounding. */
enum { FLOAT_BATCHES_MAX = 32 };

snug_status snug_accumulation_switch(snug_accumulation *a, bool on, size_t n) {
    if (on && a->totals == NULL) {
        a->totals = snug_alloc(n, sizeof *a->totals);
        if (a->totals == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    a->on = on;
    snug_accumulation_restart(a);
    return SNUG_OK;
}

void snug_accumulation_clear(snug_accumulation *a) {
    snug_release(a->totals);
    *a = (snug_accumulation){0};
}

/* Moves the sums from float to double, so that the next batch sets the gradients. */
static void move_to_totals(snug_accumulation *a, size_t n, const float *gradients) {
    if (!a->has_totals) {
        memset(a->totals, 0, n * sizeof *a->totals);
    }
    snug_add_to_totals(n, gradients, a->totals);
    a->has_totals = true;
    a->float_batches = 0;
}

bool snug_accumulation_add_batch(snug_accumulation *a, size_t n, float *gradients, double weight) {
    if (!a->on) {
        return false;
    }
    if (a->float_batches == FLOAT_BATCHES_MAX) {
        move_to_totals(a, n, gradients);
    }
    a->weight += weight;
    return a->float_batches++ > 0;
}

void snug_accumulation_average(const snug_accumulation *a, size_t first, size_t count,
                               float *gradients) {
    if (a->has_totals) {
        snug_add_totals(count, a->totals + first, gradients);
    }
    /* A weight of 0 means that nothing was added up, or that no row counts. */
    if (a->weight > 0) {
        snug_scale(count, (float)(1.0 / a->weight), gradients);
    }
}

void snug_accumulation_restart(snug_accumulation *a) {
    a->float_batches = 0;
    a->weight = 0;
    a->has_totals = false;
}
