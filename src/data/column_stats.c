#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/column_stats.h"
#include "data/dataset.h"
#include "data/gather.h"

enum { BLOCK = 64 }; /* rows that are gathered at a time */

snug_status snug_dataset_each_block(const snug_dataset *data, snug_block_fn *add, void *user) {
    size_t columns = data->storage->columns, floats;
    if (!snug_multiply(columns, BLOCK, &floats)) {
        return snug_fail_memory(columns);
    }
    float *block = snug_alloc(floats, sizeof *block);
    snug_status status = block != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t first = 0; status == SNUG_OK && first < data->count; first += BLOCK) {
        size_t rows = data->count - first < BLOCK ? data->count - first : BLOCK;
        status = snug_dataset_gather(data, NULL, NULL, first, rows, block);
        if (status == SNUG_OK) {
            add(user, block, rows, columns);
        }
    }
    snug_release(block);
    return status;
}

typedef struct extremes {
    double *least, *largest;
} extremes;

static void add_extremes(void *user, const float *x, size_t rows, size_t columns) {
    extremes *e = user;
    for (size_t i = 0; i < rows; i++, x += columns) {
        for (size_t j = 0; j < columns; j++) {
            double value = (double)x[j];
            e->least[j] = value < e->least[j] ? value : e->least[j];
            e->largest[j] = value > e->largest[j] ? value : e->largest[j];
        }
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): least is written by add_extremes() */
snug_status snug_column_extremes(const snug_dataset *data, double *least, double *width) {
    /* The largest value is where the width comes, until the end. */
    extremes e = {.least = least, .largest = width};
    size_t columns = data->storage->columns;
    for (size_t j = 0; j < columns; j++) {
        e.least[j] = INFINITY;
        e.largest[j] = -INFINITY;
    }
    snug_status status = snug_dataset_each_block(data, add_extremes, &e);
    for (size_t j = 0; j < columns; j++) {
        width[j] -= least[j];
    }
    return status;
}
