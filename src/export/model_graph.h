/*
 * The graph of a model: from the raw columns of a table to what prediction gives, with the
 * preprocessing, the layers, the output function and the postprocessing; the members of an ensemble
 * are averaged.
 */
#ifndef SNUG_EXPORT_MODEL_GRAPH_H
#define SNUG_EXPORT_MODEL_GRAPH_H

#include "export/exported_model.h" /* IWYU pragma: export */

/*
 * Makes the graph of a model with weights. Returns NULL with the name of the layer, activation or
 * loss that cannot be exported, and without memory.
 */
snug_model_graph *snug_model_graph_new(const snug_model *model);

/* Makes the graph as snug_model_graph_new() does, or without folding constants into linear maps. */
snug_model_graph *snug_model_graph_new_with(const snug_model *model, bool folded);

/* Frees it; ignores NULL. */
void snug_model_graph_free(snug_model_graph *graph);

#endif
