/* Folding: fewer nodes, the same numbers, and what would cost digits stays. */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "graph/fold.h"
#include "model/model.h"
#include "support.h"
#include "support/suite.h"

enum { INPUTS = 5, ROWS = 6 };

/* Makes a model of layers, with tensors that differ from what they start with. */
static snug_model *model_of(const char *const *layers) {
    snug_model *model = snug_model_new(INPUTS);
    for (size_t i = 0; layers[i] != NULL; i++) {
        snug_model_add(model, snug_layer_new(layers[i]));
    }
    ck_assert_msg(snug_model_init(model, 1) == SNUG_OK, "%s", snug_error());
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        float *values = (slot->tensor->state ? model->state : model->parameters) + slot->offset;
        if (slot->rows == 1) {
            fill_normal(i, slot->size, values);
        }
        for (size_t k = 0; strcmp(slot->tensor->name, "running_var") == 0 && k < slot->size; k++) {
            values[k] = 0.5F + fabsf(values[k]);
        }
    }
    return model;
}

static size_t count_of(const snug_graph *graph, snug_operation operation) {
    size_t count = 0;
    for (size_t i = 0; i < graph->count; i++) {
        count += graph->nodes[i].operation == operation;
    }
    return count;
}

/* The graph of a model has so many maps and functions of two numbers after folding. */
static void expect_folded(const char *const *layers, size_t maps, size_t pairs) {
    float x[ROWS * INPUTS], before[ROWS * 8], after[ROWS * 8];
    snug_model *model = model_of(layers);
    snug_model_graph *plain = snug_model_graph_new_with(model, false);
    snug_model_graph *folded = snug_model_graph_new_with(model, true);
    ck_assert(plain != NULL && folded != NULL);
    fill_normal(3, ROWS * INPUTS, x);
    ck_assert_uint_eq(count_of(folded->graph, SNUG_OPERATION_LINEAR), maps);
    ck_assert_uint_eq(count_of(folded->graph, SNUG_OPERATION_BINARY), pairs);
    ck_assert_uint_lt(folded->graph->count, plain->graph->count);
    ck_assert_int_eq(snug_graph_compute(plain->graph, ROWS, x, before, NULL, NULL), SNUG_OK);
    ck_assert_int_eq(snug_graph_compute(folded->graph, ROWS, x, after, NULL, NULL), SNUG_OK);
    for (size_t i = 0; i < ROWS * plain->graph->output.columns; i++) {
        ck_assert_msg(agrees((double)before[i], (double)after[i]), "%g, folded %g",
                      (double)before[i], (double)after[i]);
    }
    check_agreement(model, ROWS, x, layers[0]);
    snug_model_graph_free(plain);
    snug_model_graph_free(folded);
    snug_model_free(model);
}

#define DENSE(units) "{\"type\": \"dense\", \"units\": " #units "}"

START_TEST(normalizations_become_part_of_the_map_before) {
    static const char *const layers[] = {DENSE(4), "batch_norm", "selu", DENSE(3), NULL};
    expect_folded(layers, 2, 0);
}
END_TEST

START_TEST(factors_become_part_of_the_map_behind) {
    static const char *const layers[] = {DENSE(4), "tanh", "feature_scale", DENSE(3), NULL};
    expect_folded(layers, 2, 0);
}
END_TEST

START_TEST(two_maps_become_one) {
    static const char *const layers[] = {DENSE(4), DENSE(6), "feature_scale",
                                         "{\"type\": \"dense\", \"units\": 3, \"bias\": false}",
                                         NULL};
    expect_folded(layers, 1, 0);
}
END_TEST

/* The product of two thin maps would have more weights than both. */
START_TEST(a_bottleneck_stays) {
    float x[INPUTS] = {1, 2, 3, 4, 5}, y[7];
    static const char *const layers[] = {DENSE(1), DENSE(7), NULL};
    snug_model *model = model_of(layers);
    snug_model_graph *m = graph_of(model);
    ck_assert_uint_eq(count_of(m->graph, SNUG_OPERATION_LINEAR), 2);
    ck_assert_int_eq(snug_graph_compute(m->graph, 1, x, y, NULL, NULL), SNUG_OK);
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

/* x * 100 - 1000 W: the difference is computed before the map, unless all is asked for. */
START_TEST(large_terms_before_a_map_stay) {
    static const float w[] = {1, 2, 3, 4}, identity[] = {1, 0, 0, 1};
    const snug_linear_weights first = {1, 2, 2, identity, NULL}, last = {1, 2, 2, w, NULL};
    for (size_t i = 0; i < 2; i++) {
        float y[2];
        snug_graph *g = snug_graph_new(2);
        snug_value x = snug_graph_linear(g, snug_graph_input(g), &first);
        x = snug_graph_leaky_relu(g, x, 0);
        x = snug_graph_add_number(g, snug_graph_multiply_number(g, x, 100), -1000);
        g->output = snug_graph_linear(g, x, &last);
        ck_assert_int_eq(snug_graph_fold(g, i == 0 ? 4.0 : (double)INFINITY), SNUG_OK);
        ck_assert_uint_eq(count_of(g, SNUG_OPERATION_BINARY), i == 0 ? 2 : 0);
        ck_assert_int_eq(snug_graph_compute(g, 1, (float[]){11, 10.5F}, y, NULL, NULL), SNUG_OK);
        ck_assert(fabsf(y[0] - 250) < 0.01F && fabsf(y[1] - 400) < 0.01F);
        snug_graph_free(g);
    }
}
END_TEST

/* A value that is used twice keeps what it was, and numbers that are not finite stay outside. */
START_TEST(values_with_other_readers_stay) {
    static const float identity[] = {1, 0, 0, 1};
    const snug_linear_weights map = {1, 2, 2, identity, NULL};
    float y[2];
    snug_graph *g = snug_graph_new(2);
    snug_value x = snug_graph_linear(g, snug_graph_input(g), &map);
    snug_value more = snug_graph_add_number(g, x, 5);
    g->output = snug_graph_binary(g, SNUG_MULTIPLY, x, more);
    ck_assert_int_eq(snug_graph_fold(g, 4.0), SNUG_OK);
    ck_assert_int_eq(snug_graph_compute(g, 1, (float[]){2, -3}, y, NULL, NULL), SNUG_OK);
    ck_assert(y[0] == 14 && y[1] == -6);
    snug_graph_free(g);
    g = snug_graph_new(2);
    x = snug_graph_linear(g, snug_graph_input(g), &map);
    g->output = snug_graph_binary(g, SNUG_DIVIDE, x, snug_graph_constant(g, 1, 1, (float[]){0}));
    ck_assert_int_eq(snug_graph_fold(g, 4.0), SNUG_OK);
    ck_assert_uint_eq(count_of(g, SNUG_OPERATION_BINARY), 1);
    snug_graph_free(g);
}
END_TEST

static Suite *fold_suite(void) {
    Suite *suite = suite_create("graph fold");
    TCase *tests = tcase_create("fold");
    tcase_add_test(tests, normalizations_become_part_of_the_map_before);
    tcase_add_test(tests, factors_become_part_of_the_map_behind);
    tcase_add_test(tests, two_maps_become_one);
    tcase_add_test(tests, a_bottleneck_stays);
    tcase_add_test(tests, large_terms_before_a_map_stay);
    tcase_add_test(tests, values_with_other_readers_stay);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(fold_suite)
