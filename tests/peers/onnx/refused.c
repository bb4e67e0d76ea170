#include <math.h>
#include <stdlib.h>

#include "agreement.h"
#include "export/model_graph.h"
#include "graph/compute.h"
#include "program.h"
#include "recipes.h"
#include "refused.h"

/*
 * Sets raw[rows][columns] to rows of which some have a missing value, the number of a category that
 * is not there, or both: outputs must be NaN then, and only then.
 */
static void fill_rows(const snug_model_graph *graph, size_t rows, float *raw) {
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < graph->column_count; j++) {
            const size_t categories = graph->columns[j].categories.count;
            float value = categories > 0 ? (float)below(categories) : (float)uniform(-3, 3);
            if (i % 3 == 0 && below(3) == 0) {
                value = below(2) == 0 ? NAN : categories > 0 ? (float)categories : value;
            }
            raw[i * graph->column_count + j] = value;
        }
    }
}

void write_refused_rows(void) {
    enum { ROWS = 40 };
    recipe r = {.data = ", \"columns\": [\"b\", \"time\", \"town\"], \"missing\": \"error\", "
                        "\"unknown_category\": \"error\"",
                .train = "",
                .loss = &losses[1]};
    add(&r.hidden, "{\"type\": \"dense\", \"units\": 6}, \"selu\"");
    snug_model *model = make_model("refused", &r);
    snug_model_graph *graph = snug_model_graph_new(model);
    if (graph == NULL || snug_model_export_onnx(model, "refused.onnx", NULL) != SNUG_OK) {
        fail("refused", snug_error());
    }
    agreement a = {
        .rows = ROWS, .columns = graph->column_count, .outputs = graph->graph->output.columns};
    a.raw = allocate(ROWS * a.columns, sizeof *a.raw);
    a.predictions = allocate(ROWS * a.outputs, sizeof *a.predictions);
    a.classes = allocate(ROWS, sizeof *a.classes);
    fill_rows(graph, ROWS, a.raw);
    if (snug_graph_compute(graph->graph, ROWS, a.raw, a.predictions, NULL, NULL) != SNUG_OK) {
        fail("refused", snug_error());
    }
    size_t refused = 0;
    for (size_t i = 0; i < ROWS; i++) {
        a.classes[i] = -1;
        refused += isnan(a.predictions[i * a.outputs]) ? 1 : 0;
    }
    if (refused == 0 || refused == ROWS) {
        fail("refused", "all rows are alike");
    }
    write_agreement("refused", &a);
    free(a.raw);
    free(a.predictions);
    free(a.classes);
    snug_model_graph_free(graph);
    snug_model_free(model);
}
