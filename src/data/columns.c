#include "data/columns.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"

enum {
    BLOCK = 64, /* rows that are gathered at a time */
    GROUP = 16  /* columns whose values are sorted in one pass over the rows */
};

static float *new_block(size_t columns) {
    size_t floats;
    if (!snug_multiply(columns, BLOCK, &floats)) {
        snug_fail_memory(columns);
        return NULL;
    }
    return snug_alloc(floats, sizeof(float));
}

/* Rows first to first + BLOCK, or to the end: *rows of them. */
static snug_status gather(const snug_dataset *data, size_t first, float *block, size_t *rows) {
    *rows = data->count - first < BLOCK ? data->count - first : BLOCK;
    return snug_dataset_gather(data, NULL, NULL, first, *rows, block);
}

snug_status snug_column_extremes(const snug_dataset *data, double *least, double *width) {
    size_t columns = data->storage->columns;
    float *block = new_block(columns);
    if (!block)
        return SNUG_ERROR_MEMORY;
    for (size_t j = 0; j < columns; j++) {
        least[j] = INFINITY;
        width[j] = -INFINITY; /* the largest, until the end */
    }
    snug_status status = SNUG_OK;
    for (size_t first = 0; status == SNUG_OK && first < data->count; first += BLOCK) {
        size_t rows;
        status = gather(data, first, block, &rows);
        for (size_t i = 0; status == SNUG_OK && i < rows * columns; i++) {
            double value = (double)block[i];
            least[i % columns] = value < least[i % columns] ? value : least[i % columns];
            width[i % columns] = value > width[i % columns] ? value : width[i % columns];
        }
    }
    for (size_t j = 0; j < columns; j++)
        width[j] -= least[j];
    snug_release(block);
    return status;
}

static int ascending(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

/* The share-quantile of n > 0 sorted values. */
static double quantile(const float *values, size_t n, double share) {
    double place = share * (double)(n - 1);
    size_t below = (size_t)place;
    size_t above = below + 1 < n ? below + 1 : below;
    double rest = place - (double)below;
    return (double)values[below] + rest * ((double)values[above] - (double)values[below]);
}

/* Up to GROUP columns from `first` on: their values, each column's in a row of `lists`. */
static snug_status collect(const snug_dataset *data, size_t first, size_t group, float *block,
                           float *lists, size_t *counts) {
    size_t columns = data->storage->columns;
    for (size_t row = 0; row < data->count; row += BLOCK) {
        size_t rows;
        if (gather(data, row, block, &rows) != SNUG_OK)
            return snug_error_status();
        for (size_t i = 0; i < rows * group; i++) {
            size_t j = i % group;
            float value = block[i / group * columns + first + j];
            if (value == value)
                lists[j * data->count + counts[j]++] = value;
        }
    }
    return SNUG_OK;
}

snug_status snug_column_quartiles(const snug_dataset *data, double *median, double *width) {
    size_t columns = data->storage->columns, floats;
    if (!snug_multiply(data->count, GROUP, &floats))
        return snug_fail_memory(data->count);
    float *block = new_block(columns), *lists = snug_alloc(floats, sizeof *lists);
    snug_status status = block && lists ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t first = 0; status == SNUG_OK && first < columns; first += GROUP) {
        size_t group = columns - first < GROUP ? columns - first : GROUP, counts[GROUP] = {0};
        status = collect(data, first, group, block, lists, counts);
        for (size_t j = 0; status == SNUG_OK && j < group; j++) {
            float *values = lists + j * data->count;
            qsort(values, counts[j], sizeof *values, ascending);
            median[first + j] = quantile(values, counts[j], 0.5);
            width[first + j] =
                quantile(values, counts[j], 0.75) - quantile(values, counts[j], 0.25);
        }
    }
    snug_release(block);
    snug_release(lists);
    return status;
}
