/*
 * Adding an activation to a graph: for layers and activations that contain another activation, and
 * for the output function of a loss.
 */
#ifndef SNUG_ACTIVATIONS_ACTIVATION_GRAPH_H
#define SNUG_ACTIVATIONS_ACTIVATION_GRAPH_H

#include <snug/kind.h>

/*
 * Adds y = f(x) to a graph and returns it, of the shape of x. `config` is the configuration of the
 * kind's object, NULL for a kind without fields.
 *
 * The graph fails where the kind has no graph(), with the name of the kind, and where that function
 * makes another shape than x has.
 */
snug_value snug_graph_activation(snug_graph *graph, const snug_activation_kind *kind,
                                 const void *config, snug_value x);

#endif
