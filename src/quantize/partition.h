/*
 * Which part of a graph is computed in integers. Linear maps take nearly all the time of a network,
 * and all that is between them is done in int8:
 *
 *     input --front, float--> features --integers--> sums of the last maps --back, float--> output
 *
 *     front     what depends on no linear map: preprocessing, embeddings, layers before the first
 *     integers  linear maps, and what depends on one and leads to another
 *     back      what leads to no linear map: output function, units of targets, means of members
 *
 * A chain of functions of one number between them is one table of 256 int8 numbers: gelu, which is
 * a dozen nodes, takes no longer than relu. Its nodes have the value that they are functions of as
 * their root.
 */
#ifndef SNUG_QUANTIZE_PARTITION_H
#define SNUG_QUANTIZE_PARTITION_H

#include <stdbool.h>

#include "graph/graph.h"

typedef enum snug_domain { SNUG_DOMAIN_FRONT, SNUG_DOMAIN_INTEGERS, SNUG_DOMAIN_BACK } snug_domain;

/* What is known of a node. */
typedef struct snug_node_part {
    snug_domain domain;
    bool constant; /* it does not depend on the input */
    /*
     * In the domain of integers: the node that this is a function of, entry by entry, the same for
     * all entries; the node itself where there is none.
     */
    size_t root;
    bool int8;      /* its value is needed as int8 */
    bool is_float;  /* its value is needed as float, behind integers or from the front */
    size_t readers; /* nodes that read it */
} snug_node_part;

/*
 * Returns the parts of all nodes of a graph without unused nodes, graph->count of them, to be freed
 * with snug_release(). NULL where there is no linear map, where an operation between two of them
 * has no integer form, which is named, and without memory.
 */
snug_node_part *snug_partition_new(const snug_graph *graph);

/* Returns whether a node is a constant whose entries are all equal. */
bool snug_node_is_uniform(const snug_graph_node *node);

#endif
