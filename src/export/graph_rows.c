#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/gather.h"
#include "export/graph_rows.h"
#include "model/model.h"
#include "schema/offsets.h"

snug_status snug_graph_rows_start(snug_graph_rows *rows, const snug_model_graph *graph,
                                  const snug_dataset *data, size_t most) {
    size_t floats;
    *rows = (snug_graph_rows){.graph = graph, .data = data, .most = most};
    if (!snug_multiply(data->storage->columns, most, &floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    rows->features = snug_alloc(floats, sizeof *rows->features);
    return rows->features != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_graph_rows_clear(snug_graph_rows *rows) {
    snug_release(rows->features);
    rows->features = NULL;
}

/* Returns the number of the category whose feature is 1; NaN where there is none. */
static float category_of(const float *features, size_t count) {
    for (size_t k = 0; k < count; k++) {
        if (features[k] == 1.0F) {
            return (float)k;
        }
    }
    return NAN;
}

/* Sets the inputs of one row by its features. */
static void set_inputs(const snug_table_schema *table, const float *features, float *x) {
    for (size_t i = 0; i < table->column_count; i++) {
        const snug_column *column = &table->columns[i];
        x[i] = snug_column_is_one_hot(column) ? category_of(features, column->categories.count)
                                              : *features;
        features += snug_column_features(column);
    }
}

snug_status snug_graph_rows_gather(snug_graph_rows *rows, size_t first, size_t count, float *x) {
    const snug_preprocessing *preprocessing = rows->graph->model->preprocessing;
    const snug_storage *storage = rows->data->storage;
    size_t features = storage->columns;
    snug_status status = snug_dataset_gather_stored(rows->data, first, count, rows->features);
    if (status != SNUG_OK) {
        return status;
    }
    const double *offsets = preprocessing != NULL ? preprocessing->scaler->offsets : NULL;
    snug_offsets_move(storage->offsets, offsets, rows->features, count, features, rows->features);
    const snug_table_schema *table = preprocessing != NULL ? preprocessing->table : NULL;
    if (table == NULL || table->columns == NULL) {
        memcpy(x, rows->features, count * features * sizeof *x);
        return SNUG_OK;
    }
    for (size_t r = 0; r < count; r++) {
        set_inputs(table, rows->features + r * features, x + r * rows->graph->column_count);
    }
    return SNUG_OK;
}
