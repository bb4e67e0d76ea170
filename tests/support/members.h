/* Walks over the layers meet those that begin an ensemble, which a dense layer cannot follow. */
#ifndef SNUG_TESTS_MEMBERS_H
#define SNUG_TESTS_MEMBERS_H

#include <stdio.h>
#include <string.h>

#include <snug/kind.h>

/* The members of ensembles in the tests: an odd number, and few. */
#define TEST_MEMBERS "3"

/* Returns the value that tests give a field beyond what is required; NULL: none. */
static inline const char *test_value(const snug_field *field) {
    return strcmp(field->name, "members") == 0 ? TEST_MEMBERS : NULL;
}

/* Writes a linear layer of so many units that can follow a kind of layer. */
static inline const char *layer_after(const snug_kind *kind, size_t units, char *spec,
                                      size_t size) {
    const snug_layer_kind *layer = (const snug_layer_kind *)(const void *)kind;
    const char *linear = layer->flags & SNUG_TAKES_MEMBERS
                             ? "batch_ensemble\", \"shared\": false, \"members\": " TEST_MEMBERS
                             : "dense\"";
    snprintf(spec, size, "{\"type\": \"%s, \"units\": %zu}", linear, units);
    return spec;
}

#endif
