#include "activations/activation_graph.h"
#include "graph/graph.h"

snug_value snug_graph_activation(snug_graph *graph, const snug_activation_kind *kind,
                                 const void *config, snug_value x) {
    if (kind->graph == NULL) {
        return snug_graph_fail_with(graph,
                                    "the activation \"%s\" cannot be exported: its kind has no "
                                    ".graph",
                                    kind->base.name);
    }
    snug_value y = kind->graph(config, graph, x);
    if (snug_graph_status(graph) == SNUG_OK && (y.rows != x.rows || y.columns != x.columns)) {
        return snug_graph_fail_with(graph,
                                    "the activation \"%s\": its .graph makes %zu x %zu numbers of "
                                    "%zu x %zu",
                                    kind->base.name, y.rows, y.columns, x.rows, x.columns);
    }
    return y;
}
