#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/column_stats.h"
#include "data/dataset.h"
#include "data/gather.h"

enum { BLOCK = 64 }; /* rows that are gathered at a time */

/* Sets the features of missing categories to 0, as they are trained on. */
static void clear_missing_categories(const snug_table_schema *table, float *x, size_t rows) {
    size_t first = 0;
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        const snug_column *column = &table->columns[i];
        float *features = x + first;
        first += snug_column_features(column);
        if (!snug_column_is_one_hot(column)) {
            continue;
        }
        for (size_t k = 0; k < rows; k++, features += table->features) {
            for (size_t j = 0; j < column->categories.count; j++) {
                features[j] = features[j] == features[j] ? features[j] : 0;
            }
        }
    }
}

snug_status snug_dataset_each_block(const snug_dataset *data, snug_block_fn *add, void *user) {
    size_t columns = data->storage->columns, floats;
    if (!snug_multiply(columns, BLOCK, &floats)) {
        return snug_fail_memory(columns);
    }
    float *block = snug_alloc(floats, sizeof *block);
    snug_status status = block != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t first = 0; status == SNUG_OK && first < data->count; first += BLOCK) {
        size_t rows = data->count - first < BLOCK ? data->count - first : BLOCK;
        status = snug_dataset_gather_stored(data, first, rows, block);
        if (status == SNUG_OK && data->storage->missing && data->storage->table != NULL) {
            clear_missing_categories(data->storage->table, block, rows);
        }
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
