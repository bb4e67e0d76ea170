/* Every activation and every layer computes the same in a graph as in prediction. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "model/model.h"
#include "support.h"
#include "support/errors.h"
#include "support/fields.h"
#include "support/members.h"
#include "support/registry.h"
#include "support/suite.h"

/* Kinds that cannot be exported, each with a reason. There is none at present. */
static const char *const without_graph[] = {NULL};

static bool is_listed(const char *name) {
    for (size_t i = 0; without_graph[i] != NULL; i++) {
        if (strcmp(without_graph[i], name) == 0) {
            return true;
        }
    }
    return false;
}

START_TEST(every_kind_has_a_graph_or_is_listed) {
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        const snug_kind *kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i);
        bool has = ((const snug_activation_kind *)(const void *)kind)->graph != NULL;
        ck_assert_msg(has != is_listed(kind->name), "%s", kind->name);
    }
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_LAYER); i++) {
        const snug_kind *kind = snug_kind_at(SNUG_GROUP_LAYER, i);
        bool has = ((const snug_layer_kind *)(const void *)kind)->graph != NULL;
        ck_assert_msg(has != is_listed(kind->name), "%s", kind->name);
    }
}
END_TEST

/* ---- activations ----------------------------------------------------------------------------- */

enum { GRID = 161, ENDS = 16, POINTS = GRID + ENDS };

/* A grid from -12 to 12, and numbers that are large, small or none. */
static void fill_points(float *x) {
    const float ends[ENDS] = {-0.0F,    FLT_MIN,  -FLT_MIN,  1e-6F, -1e-6F, FLT_MAX,
                              -FLT_MAX, INFINITY, -INFINITY, 100,   -100,   -200,
                              1e4F,     -1e4F,    NAN,       -1e30F};
    const int middle = GRID / 2;
    for (int i = 0; i < GRID; i++) {
        x[i] = 0.15F * (float)(i - middle);
    }
    memcpy(x + GRID, ends, sizeof ends);
}

/* Computes f of x[1][n] by a graph. */
static void run_graph(const snug_object *object, size_t n, const float *x, float *y) {
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)object->kind;
    snug_graph *graph = snug_graph_new(n);
    ck_assert_ptr_nonnull(graph);
    graph->output = kind->graph(object->config, graph, snug_graph_input(graph));
    ck_assert_msg(snug_graph_status(graph) == SNUG_OK, "%s: %s", kind->base.name, snug_error());
    ck_assert_int_eq(snug_graph_compute(graph, 1, x, y, NULL, NULL), SNUG_OK);
    snug_graph_free(graph);
}

static void check_points(const snug_object *object, size_t n, const float *x) {
    float *expected = calloc(n, sizeof *expected), *got = calloc(n, sizeof *got);
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)object->kind;
    kind->forward(object->config, 1, n, x, expected);
    run_graph(object, n, x, got);
    char *text = object_text(object);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(agrees((double)expected[i], (double)got[i]), "%s of %.9g: %.9g, graph %.9g",
                      text, (double)x[i], (double)expected[i], (double)got[i]);
    }
    snug_release(text);
    free(expected);
    free(got);
}

/* Those of whole rows get rows of usual numbers, one with NaN. */
static void check_activation(const snug_object *object) {
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)object->kind;
    float x[POINTS];
    fill_points(x);
    if (kind->derivative != NULL) {
        check_points(object, POINTS, x);
        return;
    }
    check_points(object, GRID, x);
    x[3] = NAN;
    check_points(object, GRID, x);
}

/* The kind with its defaults, then with each field at other values, one at a time. */
static void check_variants(const snug_kind *kind) {
    snug_object *object = snug_object_parse(SNUG_GROUP_ACTIVATION, kind->name);
    ck_assert_msg(object != NULL, "%s", snug_error());
    check_activation(object);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        const double values[] = {0, 0.3, 1, 2.5, 7};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            char spec[200];
            if (field->kind == SNUG_FIELD_CHOICE && field->choices[k > 1] != NULL) {
                snprintf(spec, sizeof spec, "{\"type\": \"%s\", \"%s\": \"%s\"}", kind->name,
                         field->name, field->choices[k > 1]);
            } else {
                snprintf(spec, sizeof spec, "{\"type\": \"%s\", \"%s\": %g}", kind->name,
                         field->name, values[k]);
            }
            snug_object *other = snug_object_parse(SNUG_GROUP_ACTIVATION, spec);
            if (other != NULL) { /* the value may be out of range */
                check_activation(other);
            }
            snug_object_free(other);
        }
    }
    snug_object_free(object);
}

START_TEST(activations_agree_for_all_numbers) {
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        check_variants(snug_kind_at(SNUG_GROUP_ACTIVATION, i));
    }
}
END_TEST

/* standardized and gaussian_poincare around every activation of single numbers. */
START_TEST(activations_around_others_agree) {
    static const char *const around[] = {"standardized", "gaussian_poincare"};
    size_t count = 0;
    for (size_t i = 0; i < 2 * built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        char spec[200];
        snprintf(spec, sizeof spec, "{\"type\": \"%s\", \"of\": \"%s\"}", around[i % 2],
                 snug_kind_at(SNUG_GROUP_ACTIVATION, i / 2)->name);
        snug_object *object = snug_object_parse(SNUG_GROUP_ACTIVATION, spec);
        if (object != NULL) {
            check_activation(object);
            count++;
        }
        snug_object_free(object);
    }
    ck_assert_uint_gt(count, 30);
}
END_TEST

/* ---- layers ---------------------------------------------------------------------------------- */

enum { ROWS = 5, INPUTS = 6 };

/* Tensors with numbers that differ, lengths and variances above 0. */
static void fill_tensors(snug_model *model) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        float *values = (slot->tensor->state ? model->state : model->parameters) + slot->offset;
        const char *name = slot->tensor->name;
        if (strcmp(name, "edges") == 0) {
            continue; /* ascending */
        }
        fill_normal(i + 1, slot->size, values);
        for (size_t k = 0; k < slot->size; k++) {
            bool positive = strcmp(name, "running_var") == 0 || slot->tensor->column_lengths;
            values[k] = positive ? 0.5F + fabsf(values[k]) : 0.5F * values[k];
        }
    }
}

/* dense, tanh, the layer, and a linear layer behind it. */
static void check_layer(const snug_kind *kind, const char *spec, bool first) {
    char last[128];
    float x[ROWS * INPUTS];
    fill_normal(5, ROWS * INPUTS, x);
    x[INPUTS + 1] = 900;
    x[2 * INPUTS + 2] = NAN;
    snug_model *model = snug_model_new(INPUTS);
    if (!first) {
        snug_model_add(model, snug_dense(6));
        snug_model_add(model, snug_tanh());
    }
    snug_model_add(model, snug_layer_new(spec));
    layer_after(kind, 3, last, sizeof last);
    ck_assert_msg(snug_model_add(model, snug_layer_new(last)) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    fill_tensors(model);
    check_agreement(model, ROWS, x, spec);
    snug_model_free(model);
}

START_TEST(layers_agree) {
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_LAYER); i++) {
        char spec[512];
        const snug_kind *kind = snug_kind_at(SNUG_GROUP_LAYER, i);
        smallest_spec(kind, spec, sizeof spec);
        check_layer(kind, spec, true);
        check_layer(kind, spec, false);
    }
}
END_TEST

/* Layers whose graph depends on their options. */
START_TEST(options_of_layers_agree) {
    static const char categories[] =
        "{\"type\": \"category_embedding\", \"columns\": [{\"column\": 1, \"categories\": 3}, "
        "{\"column\": 4, \"categories\": 1}], \"units\": 2}";
    static const char *const specs[] = {
        "{\"type\": \"dense\", \"units\": 4, \"bias\": false}",
        "{\"type\": \"dense\", \"units\": 4, \"weight_norm\": true}",
        "{\"type\": \"dense\", \"units\": 4, \"weight_norm\": true, \"bias\": false}",
        "{\"type\": \"batch_norm\", \"affine\": false, \"epsilon\": 0.1}",
        "{\"type\": \"layer_norm\", \"affine\": false, \"epsilon\": 0.1}",
        "{\"type\": \"prelu\", \"shared\": false}",
        "{\"type\": \"parametric_activation\", \"function\": \"softmax\"}",
        "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 2}, \"selu\"]}",
        "{\"type\": \"residual\", \"layers\": [{\"type\": \"residual\", \"layers\": [\"elu\"]}]}",
        "{\"type\": \"periodic_embedding\", \"variant\": \"plr\", \"columns\": [1, 4]}",
        "{\"type\": \"periodic_embedding\", \"columns\": [0], \"units\": 2, \"frequencies\": 3}",
        "{\"type\": \"piecewise_linear_embedding\", \"columns\": [2, 5], \"units\": 0}",
        "{\"type\": \"piecewise_linear_embedding\", \"bins\": 1, \"activation\": \"gelu\"}",
        categories,
        NULL};
    for (size_t i = 0; specs[i] != NULL; i++) {
        snug_object *layer = snug_object_parse(SNUG_GROUP_LAYER, specs[i]);
        ck_assert_msg(layer != NULL, "%s: %s", specs[i], snug_error());
        check_layer(layer->kind, specs[i], true);
        check_layer(layer->kind, specs[i], false);
        snug_object_free(layer);
    }
}
END_TEST

static const char *const ensembles[][4] = {
    {"{\"type\": \"batch_ensemble\", \"units\": 5, \"members\": 3, \"bias\": false}", "selu",
     "{\"type\": \"batch_ensemble\", \"units\": 3, \"members\": 3, \"shared\": false}", NULL},
    {"{\"type\": \"batch_ensemble\", \"units\": 4, \"members\": 3}", "layer_norm",
     "{\"type\": \"batch_ensemble\", \"units\": 3, \"members\": 3}", NULL},
    {"{\"type\": \"batch_ensemble\", \"units\": 4, \"members\": 3, \"shared\": false}", "prelu",
     "{\"type\": \"batch_ensemble\", \"units\": 3, \"members\": 3, \"shared\": false}", NULL},
    {"{\"type\": \"batch_ensemble\", \"units\": 4, \"members\": 1}", "relu",
     "{\"type\": \"batch_ensemble\", \"units\": 3, \"members\": 1, \"shared\": false}", NULL}};

START_TEST(members_in_one_model_agree) {
    static const char *const losses[] = {"mse", "softmax_cross_entropy", "binary_cross_entropy",
                                         "poisson"};
    float x[ROWS * INPUTS];
    fill_normal(5, ROWS * INPUTS, x);
    for (size_t i = 0; i < 16; i++) {
        const char *const *layers = ensembles[i / 4];
        snug_model *model = snug_model_new(INPUTS);
        for (size_t k = 0; layers[k] != NULL; k++) {
            snug_model_add(model, snug_layer_new(layers[k]));
        }
        ck_assert_msg(snug_model_init(model, 1) == SNUG_OK, "%s", snug_error());
        fill_tensors(model);
        ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(losses[i % 4])), SNUG_OK);
        if (i % 4 == 3) { /* e^z of moderate z */
            for (size_t k = 0; k < model->plan->parameters; k++) {
                model->parameters[k] *= 0.3F;
            }
        }
        check_agreement(model, ROWS, x, losses[i % 4]);
        snug_model_free(model);
    }
}
END_TEST

/* ---- kinds of a program ---------------------------------------------------------------------- */

static void twice(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = 2 * x[i];
    }
}

static void twice_backward(const void *config, size_t rows, size_t columns, const float *x,
                           const float *y, const float *dy, float *dx) {
    (void)x;
    (void)y;
    twice(config, rows, columns, dy, dx);
}

static snug_value twice_graph(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_multiply_number(g, x, 2);
}

static snug_value one_column(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    return snug_graph_reduce_columns(g, SNUG_SUM, x);
}

static snug_value refused(const void *config, snug_graph *g, snug_value x) {
    (void)config;
    (void)x;
    return snug_graph_fail(g, "twice is not for export today");
}

/* Registers an activation with that graph, and exports a model with it. */
static snug_model_graph *export_own(const char *name,
                                    snug_value (*graph)(const void *, snug_graph *, snug_value)) {
    snug_activation_kind *kind = calloc(1, sizeof *kind); /* for the process's life */
    *kind = (snug_activation_kind){.base = {.name = name, .summary = "2 x"},
                                   .flags = SNUG_READS_INPUT,
                                   .forward = twice,
                                   .backward = twice_backward,
                                   .graph = graph};
    ck_assert_int_eq(snug_register_activation(kind), SNUG_OK);
    snug_model *model = snug_model_new(2);
    snug_model_add(model, snug_dense(2));
    snug_model_add(model, snug_layer_new(name));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    snug_model_graph *exported = snug_model_graph_new(model);
    if (exported != NULL) {
        check_agreement(model, 1, (const float[]){0.5F, -2}, name);
    }
    snug_model_free(model);
    return exported;
}

START_TEST(kinds_of_a_program_are_exported_or_refused) {
    snug_model_graph *exported = export_own("twice_graph", twice_graph);
    ck_assert_ptr_nonnull(exported);
    snug_model_graph_free(exported);
    ck_assert_ptr_null(export_own("twice_none", NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "layers.1: the activation \"twice_none\"");
    ck_assert_ptr_null(export_own("twice_narrow", one_column));
    expect_error(SNUG_ERROR_ARGUMENT, "layers.1: the activation \"twice_narrow\"");
    ck_assert_ptr_null(export_own("twice_refused", refused));
    expect_location("layers.1: twice");
}
END_TEST

static Suite *kinds_suite(void) {
    Suite *suite = suite_create("graph kinds");
    TCase *tests = tcase_create("kinds");
    tcase_add_test(tests, every_kind_has_a_graph_or_is_listed);
    tcase_add_test(tests, activations_agree_for_all_numbers);
    tcase_add_test(tests, activations_around_others_agree);
    tcase_add_test(tests, layers_agree);
    tcase_add_test(tests, options_of_layers_agree);
    tcase_add_test(tests, members_in_one_model_agree);
    tcase_add_test(tests, kinds_of_a_program_are_exported_or_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(kinds_suite)
