#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/gather.h"
#include "export/graph_rows.h"
#include "graph/compute.h"
#include "int8_code/quality.h"
#include "quantize/compute.h"

enum { BLOCK = 256 }; /* rows at a time */

/* The buffers for a block of rows, owned, and the sums over all blocks. */
typedef struct measurement {
    const snug_model_graph *graph;
    const snug_dataset *data;
    snug_graph_rows rows;
    size_t outputs, values; /* numbers that the model gives, and targets that the data has */
    float *x, *y;
    int32_t *classes;
    float *targets, *weights;
    double sum, weight; /* of rows that are right, or of squared errors; of weights */
} measurement;

static snug_status start(measurement *q, const snug_model_graph *graph, const snug_dataset *data) {
    const snug_storage *storage = data->storage;
    *q = (measurement){.graph = graph,
                       .data = data,
                       .outputs = graph->graph->output.columns,
                       .values = storage->class_of != NULL ? 0 : storage->outputs};
    snug_status status = snug_graph_rows_start(&q->rows, graph, data, BLOCK);
    q->x = snug_alloc(BLOCK, graph->column_count * sizeof *q->x);
    q->y = snug_alloc(BLOCK, q->outputs * sizeof *q->y);
    q->classes = snug_alloc(BLOCK, sizeof *q->classes);
    q->targets = snug_alloc(BLOCK, (q->values + 1) * sizeof *q->targets);
    q->weights = snug_alloc(BLOCK, sizeof *q->weights);
    bool complete = q->x != NULL && q->y != NULL && q->classes != NULL && q->targets != NULL &&
                    q->weights != NULL;
    return status == SNUG_OK && !complete ? SNUG_ERROR_MEMORY : status;
}

static void clear(measurement *q) {
    snug_graph_rows_clear(&q->rows);
    snug_release(q->x);
    snug_release(q->y);
    snug_release(q->classes);
    snug_release(q->targets);
    snug_release(q->weights);
}

/* Returns the class that a row of outputs predicts, as an exported program does. */
static int32_t predicted_class(const measurement *q, const float *y) {
    double least = q->graph->task == SNUG_EXPORT_PROBABILITIES ? 0.5 : 0;
    double threshold = q->graph->threshold;
    if (q->outputs == 1 || threshold != 0) {
        return (double)y[q->outputs - 1] > (threshold != 0 ? (double)(float)threshold : least);
    }
    size_t best = 0;
    for (size_t j = 1; j < q->outputs; j++) {
        best = y[j] > y[best] ? j : best;
    }
    return (int32_t)best;
}

/* Returns what row r adds to the sum. */
static double row_quality(const measurement *q, size_t r) {
    const float *y = q->y + r * q->outputs, *targets = q->targets + r * q->values;
    bool classes = q->graph->task != SNUG_EXPORT_VALUES;
    double sum = 0;
    if (q->values == 0) {
        return predicted_class(q, y) == q->classes[r];
    }
    for (size_t j = 0; j < q->outputs; j++) {
        /* Several quantiles of a target are neighbours. */
        double target = (double)targets[j * q->values / q->outputs];
        double error = (double)y[j] - target;
        sum += classes ? (double)((y[j] > 0.5F) == (target > 0.5)) : error * error;
    }
    return sum / (double)q->outputs;
}

static snug_status add_block(measurement *q, const snug_int8_program *program, size_t first,
                             size_t count) {
    snug_status status = snug_graph_rows_gather(&q->rows, first, count, q->x);
    if (status != SNUG_OK) {
        return status;
    }
    status = program != NULL ? snug_int8_compute(program, count, q->x, q->y)
                             : snug_graph_compute(q->graph->graph, count, q->x, q->y, NULL, NULL);
    if (status != SNUG_OK) {
        return status;
    }
    snug_dataset_gather_targets(q->data, NULL, first, count, q->classes, q->targets);
    bool weighted = q->data->storage->weights != NULL;
    snug_dataset_gather_weights(q->data, NULL, first, count, q->weights);
    for (size_t r = 0; r < count; r++) {
        double weight = weighted ? (double)q->weights[r] : 1;
        q->sum += weight > 0 ? weight * row_quality(q, r) : 0;
        q->weight += weight;
    }
    return SNUG_OK;
}

snug_status snug_graph_quality(const snug_model_graph *graph, const snug_int8_program *program,
                               const snug_dataset *data, double *quality) {
    measurement q;
    snug_status status = start(&q, graph, data);
    for (size_t first = 0; status == SNUG_OK && first < data->count; first += BLOCK) {
        size_t count = data->count - first < BLOCK ? data->count - first : BLOCK;
        status = add_block(&q, program, first, count);
    }
    clear(&q);
    double mean = q.sum / q.weight;
    *quality = graph->task == SNUG_EXPORT_VALUES ? sqrt(mean) : mean;
    return status;
}
