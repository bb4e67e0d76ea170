/* Adding an activation to a graph, for kinds that contain one and for exporters. */
#ifndef SNUG_ACTIVATIONS_ACTIVATION_GRAPH_H
#define SNUG_ACTIVATIONS_ACTIVATION_GRAPH_H

#include <snug/kind.h>

/*
 * Adds y = f(x) to a graph and returns it; `config` is the configuration of the kind's object. The
 * graph fails where the kind has no graph(), and where that makes another shape than x has.
 */
snug_value snug_graph_activation(snug_graph *graph, const snug_activation_kind *kind,
                                 const void *config, snug_value x);

#endif
