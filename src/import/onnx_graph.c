#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "import/onnx_graph.h"

/* ---- names ----------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b) {
    return strcmp(((const snug_onnx_source *)a)->name, ((const snug_onnx_source *)b)->name);
}

const Onnx__AttributeProto *snug_onnx_attribute(const Onnx__NodeProto *node, const char *name) {
    for (size_t i = 0; i < node->n_attribute; i++) {
        const char *own = node->attribute[i]->name;
        if (own != NULL && strcmp(own, name) == 0) {
            return node->attribute[i];
        }
    }
    return NULL;
}

static bool is_operator(const Onnx__NodeProto *node, const char *name) {
    return node->op_type != NULL && strcmp(node->op_type, name) == 0;
}

/* Returns the tensor that a Constant node gives, or NULL. */
static const Onnx__TensorProto *constant_of(const Onnx__NodeProto *node) {
    const Onnx__AttributeProto *value =
        is_operator(node, "Constant") ? snug_onnx_attribute(node, "value") : NULL;
    return value != NULL ? value->t : NULL;
}

/* Lists the initializers and the outputs of the nodes; names that are empty are none. */
static void list_sources(snug_onnx_graph *graph) {
    const Onnx__GraphProto *proto = graph->proto;
    for (size_t i = 0; i < proto->n_initializer; i++) {
        const char *name = proto->initializer[i]->name;
        if (name != NULL && *name != 0) {
            graph->sources[graph->count++] =
                (snug_onnx_source){.name = name, .tensor = proto->initializer[i]};
        }
    }
    for (size_t i = 0; i < proto->n_node; i++) {
        const Onnx__NodeProto *node = proto->node[i];
        const Onnx__TensorProto *tensor = constant_of(node);
        if (node->n_output > 0 && *node->output[0] != 0) {
            graph->sources[graph->count++] = (snug_onnx_source){
                .name = node->output[0], .node = tensor == NULL ? node : NULL, .tensor = tensor};
        }
    }
}

snug_status snug_onnx_graph_open(snug_onnx_graph *graph, const Onnx__GraphProto *proto,
                                 size_t opset) {
    *graph = (snug_onnx_graph){.proto = proto, .opset = opset};
    graph->sources = snug_alloc(proto->n_initializer + proto->n_node + 1, sizeof *graph->sources);
    if (graph->sources == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    list_sources(graph);
    qsort(graph->sources, graph->count, sizeof *graph->sources, by_name);
    for (size_t i = 1; i < graph->count; i++) {
        if (strcmp(graph->sources[i - 1].name, graph->sources[i].name) == 0) {
            return snug_fail(SNUG_ERROR_FILE, "\"%.100s\" is computed or given twice",
                             graph->sources[i].name);
        }
    }
    return SNUG_OK;
}

void snug_onnx_graph_clear(snug_onnx_graph *graph) {
    snug_release(graph->sources);
    *graph = (snug_onnx_graph){0};
}

/*
 * Returns what gives a value: behind Identity, what gives its input, where that is a constant. A
 * chain of more than 8 is none, so that a cycle ends.
 */
static const snug_onnx_source *find(const snug_onnx_graph *graph, const char *value) {
    const snug_onnx_source *first = NULL;
    for (size_t i = 0; i < 8 && value != NULL; i++) {
        const snug_onnx_source wanted = {.name = value};
        const snug_onnx_source *found =
            bsearch(&wanted, graph->sources, graph->count, sizeof wanted, by_name);
        first = first != NULL ? first : found;
        if (found == NULL || found->tensor != NULL) {
            return found != NULL ? found : first;
        }
        value = is_operator(found->node, "Identity") ? snug_onnx_input(found->node, 0) : NULL;
    }
    return first;
}

const Onnx__NodeProto *snug_onnx_producer(const snug_onnx_graph *graph, const char *value) {
    const snug_onnx_source *source = find(graph, value);
    return source != NULL ? source->node : NULL;
}

const Onnx__TensorProto *snug_onnx_constant(const snug_onnx_graph *graph, const char *value) {
    const snug_onnx_source *source = find(graph, value);
    return source != NULL ? source->tensor : NULL;
}

const char *snug_onnx_transposed(const snug_onnx_graph *graph, const char *value) {
    const Onnx__NodeProto *node = snug_onnx_producer(graph, value);
    const Onnx__AttributeProto *order = node != NULL ? snug_onnx_attribute(node, "perm") : NULL;
    bool swaps = order == NULL || (order->n_ints == 2 && order->ints[0] == 1);
    const char *input =
        node != NULL && is_operator(node, "Transpose") && swaps ? snug_onnx_input(node, 0) : NULL;
    return input != NULL && snug_onnx_constant(graph, input) != NULL ? input : NULL;
}

const char *snug_onnx_node_name(const Onnx__NodeProto *node) {
    if (node->name != NULL && *node->name != 0) {
        return node->name;
    }
    return node->n_output > 0 ? node->output[0] : "";
}

const char *snug_onnx_input(const Onnx__NodeProto *node, size_t i) {
    return i < node->n_input && *node->input[i] != 0 ? node->input[i] : NULL;
}

/* ---- attributes ------------------------------------------------------------------------------ */

double snug_onnx_real(const Onnx__NodeProto *node, const char *name, double otherwise) {
    const Onnx__AttributeProto *attribute = snug_onnx_attribute(node, name);
    return attribute != NULL && attribute->has_f ? (double)attribute->f : otherwise;
}

int64_t snug_onnx_whole(const Onnx__NodeProto *node, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *attribute = snug_onnx_attribute(node, name);
    return attribute != NULL && attribute->has_i ? attribute->i : otherwise;
}
