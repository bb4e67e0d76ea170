#include <stdio.h>

#include <check.h>

#include "self_normalization/support.h"

static void add_dense(snug_model *model, size_t units, const char *init) {
    char spec[256];
    snprintf(spec, sizeof spec, "{\"type\": \"dense\", \"units\": %zu, \"init\": \"%s\"}", units,
             init);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new(spec)), SNUG_OK);
}

snug_model *build_deep(const deep_network *network) {
    snug_model *model = snug_model_new(network->inputs);
    ck_assert_ptr_nonnull(model);
    for (size_t i = 0; i < network->depth; i++) {
        add_dense(model, network->width, network->init);
        ck_assert_int_eq(snug_model_add(model, snug_layer_new(network->activation)), SNUG_OK);
    }
    if (network->outputs > 0) {
        add_dense(model, network->outputs, network->init);
    }
    return model;
}
