/* Every operation of a graph, whether a kind of layer or activation needs it or not. */
#ifndef SNUG_TESTS_PEERS_OPERATIONS_H
#define SNUG_TESTS_PEERS_OPERATIONS_H

/* Exports a graph of all operations with the operators of every version: see agreement.h. */
void write_operations(void);

#endif
