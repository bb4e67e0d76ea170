#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "export/inputs.h"
#include "export/model_graph.h"
#include "export/outputs.h"
#include "graph/fold.h"
#include "model/ensemble.h"

/*
 * The largest number that is added to a map's inputs and still folded into the map: the numbers are
 * of the size 1, and lose no more than one digit of seven.
 */
#define LARGEST_TERM 4.0

/* ---- layers ---------------------------------------------------------------------------------- */

/* A model, or a member of an ensemble, whose layers are added to a graph. */
typedef struct layer_walk {
    snug_graph *graph;
    const snug_model *model;
} layer_walk;

/* Fails in the section of that name where the layer did not make what its shape promises. */
static bool is_right(snug_graph *graph, const snug_plan_node *node, const char *section,
                     snug_value y) {
    const snug_layer_shape *shape = &node->shape;
    if (graph->status == SNUG_OK &&
        (y.rows != shape->output_members || y.columns != shape->outputs)) {
        snug_graph_fail_with(graph,
                             "%s: the layer \"%s\": its .graph makes %zu x %zu numbers, not "
                             "%zu x %zu",
                             section, node->kind->base.name, y.rows, y.columns,
                             shape->output_members, shape->outputs);
    }
    return graph->status == SNUG_OK;
}

/* Adds one layer, whose block has given `inner`, as a section of its own. */
static snug_value add_layer(const layer_walk *w, const snug_plan_node *node, const char *section,
                            snug_value x, snug_value inner) {
    const float *tensors[SNUG_LAYER_TENSORS_MAX] = {NULL};
    const snug_model *model = w->model;
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_tensor_slot *slot = &model->plan->slots[node->first_tensor + k];
        tensors[k] = (slot->tensor->state ? model->state : model->parameters) + slot->offset;
    }
    if (node->kind->graph == NULL) {
        return snug_graph_fail_with(w->graph,
                                    "%s: the layer \"%s\" cannot be exported: its kind has no "
                                    ".graph",
                                    section, node->kind->base.name);
    }
    snug_graph_begin_section(w->graph, section);
    const snug_layer_graph layer = {
        .shape = &node->shape, .tensors = tensors, .x = x, .inner = inner};
    bool before = w->graph->status == SNUG_OK;
    snug_value y = node->kind->graph(node->object->config, w->graph, &layer);
    if (before && w->graph->status != SNUG_OK) {
        snug_graph_locate(w->graph, section);
    }
    return is_right(w->graph, node, section, y) ? y : (snug_value){0};
}

/* Adds layers one after the other; names of sections begin with a prefix, such as "layers.". */
static snug_value add_layers(const layer_walk *w, const snug_plan_node *nodes, size_t count,
                             const char *prefix, snug_value x) {
    for (size_t i = 0; i < count && w->graph->status == SNUG_OK; i++) {
        snug_value inner = {0};
        char *section = snug_format("%s%zu", prefix, i);
        char *block = snug_format("%s%zu.%s.", prefix, i,
                                  nodes[i].kind->block != NULL ? nodes[i].kind->block : "");
        if (section == NULL || block == NULL) {
            snug_graph_fail_as(w->graph, SNUG_ERROR_MEMORY);
        } else {
            if (nodes[i].block != NULL) {
                inner = add_layers(w, nodes[i].block, nodes[i].block_count, block, x);
            }
            x = add_layer(w, &nodes[i], section, x, inner);
        }
        snug_release(section);
        snug_release(block);
    }
    return x;
}

/* ---- models ---------------------------------------------------------------------------------- */

/* Begins a section whose name begins with a prefix. */
static void begin_section(snug_graph *graph, const char *prefix, const char *name) {
    char *section = snug_format("%s%s", prefix, name);
    if (section != NULL) {
        snug_graph_begin_section(graph, section);
    } else {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    snug_release(section);
}

/* Adds a model that is no ensemble, from the features to its predictions. */
static snug_export_prediction add_model(const snug_model_graph *m, const snug_model *model,
                                        const char *prefix, snug_value features) {
    const layer_walk walk = {m->graph, model};
    char *layers = snug_format("%slayers.", prefix);
    if (layers == NULL) {
        snug_graph_fail_as(m->graph, SNUG_ERROR_MEMORY);
        return (snug_export_prediction){0};
    }
    begin_section(m->graph, prefix, "scaling");
    snug_value x = snug_export_scaling(m, model, features);
    x = add_layers(&walk, model->plan->nodes, model->plan->count, layers, x);
    snug_release(layers);
    begin_section(m->graph, prefix, "prediction");
    return snug_export_predict(m->graph, model, x);
}

static snug_export_prediction add_ensemble(const snug_model_graph *m, snug_value features) {
    const snug_model *ensemble = m->model;
    snug_export_prediction mean = {0};
    snug_export_prediction *members = snug_alloc(ensemble->member_count, sizeof *members);
    if (members == NULL) {
        snug_graph_fail_as(m->graph, SNUG_ERROR_MEMORY);
        return mean;
    }
    for (size_t i = 0; i < ensemble->member_count && m->graph->status == SNUG_OK; i++) {
        char *prefix = snug_format("members.%zu.", i);
        if (prefix != NULL) {
            members[i] = add_model(m, ensemble->members[i], prefix, features);
        } else {
            snug_graph_fail_as(m->graph, SNUG_ERROR_MEMORY);
        }
        snug_release(prefix);
    }
    snug_graph_begin_section(m->graph, "mean");
    if (m->graph->status == SNUG_OK) {
        mean = snug_export_mean(m->graph, ensemble, members);
    }
    snug_release(members);
    return mean;
}

static snug_status build(snug_model_graph *m, bool folded) {
    snug_status status = snug_export_columns(m);
    if (status != SNUG_OK) {
        return status;
    }
    m->graph = snug_graph_new(m->column_count);
    if (m->graph == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_graph_begin_section(m->graph, "preprocessing");
    snug_value features = snug_export_features(m);
    snug_export_prediction prediction = snug_model_is_ensemble(m->model)
                                            ? add_ensemble(m, features)
                                            : add_model(m, m->model, "", features);
    snug_graph_begin_section(m->graph, "output");
    status = snug_export_output(m, &prediction);
    if (status == SNUG_OK) {
        snug_graph_prune(m->graph);
        status = snug_graph_status(m->graph);
    }
    if (status == SNUG_OK && folded) {
        status = snug_graph_fold(m->graph, LARGEST_TERM);
    }
    return status;
}

snug_model_graph *snug_model_graph_new_with(const snug_model *model, bool folded) {
    if (snug_model_check_weights(model) != SNUG_OK) {
        return NULL;
    }
    snug_model_graph *m = snug_alloc(1, sizeof *m);
    if (m == NULL) {
        return NULL;
    }
    m->model = model;
    if (build(m, folded) == SNUG_OK) {
        return m;
    }
    snug_model_graph_free(m);
    return NULL;
}

snug_model_graph *snug_model_graph_new(const snug_model *model) {
    return snug_model_graph_new_with(model, true);
}

void snug_model_graph_free(snug_model_graph *graph) {
    if (graph == NULL) {
        return;
    }
    snug_graph_free(graph->graph);
    snug_release(graph->columns);
    snug_strings_clear(&graph->names);
    snug_strings_clear(&graph->outputs);
    snug_release(graph);
}
