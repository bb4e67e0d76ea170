/* int8 programs of every kind and of random models: which there are, and what they compute. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "export/graph_rows.h"
#include "graph/random_model.h"
#include "graph/support.h"
#include "int8_code/int8_code.h"
#include "quantize/build.h"
#include "quantize/compute.h"
#include "support.h"
#include "support/members.h"
#include "support/registry.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 32, CASES = 16, PROGRAMS = 128, OUTPUTS_MAX = 16, INPUTS = 6 };

/*
 * What has no form in int8 between two linear maps. README.md says so: a kind that is new here is
 * new there.
 */
static const char *const refused_kinds[] = {"layer_norm", "piecewise_linear_embedding", "softmax",
                                            "log_softmax"};

/* Programs, and what the interpreter computes of rows. */
typedef struct int8_list {
    program_list programs;
    struct {
        size_t inputs, outputs;
        float x[ROWS * COLUMNS_MAX], expected[ROWS * OUTPUTS_MAX];
        char what[64];
    } checks[PROGRAMS];
} int8_list;

static int8_list *start(void) {
    int8_list *list = calloc(1, sizeof *list);
    ck_assert_ptr_nonnull(list);
    programs_start(&list->programs, false);
    return list;
}

/* Adds the int8 program of a graph, calibrated on x[ROWS][columns]. Returns whether it has one. */
static bool add_program(int8_list *list, snug_model_graph *graph, const float *x,
                        const char *what) {
    const snug_c_options options = {0};
    size_t i = list->programs.count, inputs = graph->column_count;
    size_t outputs = graph->graph->output.columns;
    snug_int8_program *program =
        snug_int8_program_new(graph->graph, ROWS, x, SNUG_CALIBRATE_SQUARED_ERROR);
    if (program == NULL) {
        return false;
    }
    ck_assert(i < PROGRAMS && inputs <= COLUMNS_MAX && outputs <= OUTPUTS_MAX);
    ck_assert_msg(snug_int8_write_program(graph, program, programs_next(&list->programs),
                                          &options) == SNUG_OK,
                  "%s", snug_error());
    list->checks[i].inputs = inputs;
    list->checks[i].outputs = outputs;
    memcpy(list->checks[i].x, x, ROWS * inputs * sizeof *x);
    ck_assert_int_eq(snug_int8_compute(program, ROWS, x, list->checks[i].expected), SNUG_OK);
    snprintf(list->checks[i].what, sizeof list->checks[i].what, "%.60s", what);
    snug_int8_program_free(program);
    return true;
}

/* Compiles the programs and compares them with the interpreter. */
static void check_programs(int8_list *list, bool bits) {
    programs_compile(&list->programs);
    for (size_t i = 0; i < list->programs.count; i++) {
        predict_fn *predict = (predict_fn *)programs_function(&list->programs, i, "predict");
        size_t outputs = list->checks[i].outputs;
        for (size_t k = 0; k < ROWS; k++) {
            const float *expected = list->checks[i].expected + k * outputs;
            float y[OUTPUTS_MAX];
            predict(list->checks[i].x + k * list->checks[i].inputs, y);
            for (size_t j = 0; j < outputs; j++) {
                bool equal = bits ? memcmp(&y[j], &expected[j], sizeof *y) == 0
                                  : agrees((double)expected[j], (double)y[j]);
                ck_assert_msg(equal, "%s, row %zu: %.9g, not %.9g", list->checks[i].what, k,
                              (double)y[j], (double)expected[j]);
            }
        }
    }
    programs_end(&list->programs);
    free(list);
}

/* ---- every kind ------------------------------------------------------------------------------ */

static bool is_refused(const char *name) {
    for (size_t i = 0; i < sizeof refused_kinds / sizeof *refused_kinds; i++) {
        if (strcmp(refused_kinds[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds dense, the layer of a specification, and what can follow it, or checks its refusal. */
static void add_layer(int8_list *list, const snug_kind *kind, const char *name, const char *spec) {
    char last[128];
    float x[ROWS * INPUTS];
    fill_normal(7, (size_t)ROWS * INPUTS, x);
    snug_model *model = snug_model_new(INPUTS);
    snug_model_add(model, snug_dense(INPUTS));
    snug_model_add(model, snug_layer_new(spec));
    layer_after(kind, 3, last, sizeof last);
    ck_assert_msg(snug_model_add(model, snug_layer_new(last)) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    snug_model_graph *graph = graph_of(model);
    bool added = add_program(list, graph, x, spec);
    ck_assert_msg(added != is_refused(name), "%s: %s", name, added ? "added" : snug_error());
    ck_assert_msg(added || strncmp(snug_error(), "layers.1: ", 10) == 0, "%s", snug_error());
    snug_model_graph_free(graph);
    snug_model_free(model);
}

START_TEST(every_kind_has_int8_or_is_refused) {
    int8_list *list = start();
    const snug_kind *dense = snug_kind_at(SNUG_GROUP_LAYER, 0);
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_LAYER); i++) {
        char spec[512];
        const snug_kind *kind = snug_kind_at(SNUG_GROUP_LAYER, i);
        smallest_spec(kind, spec, sizeof spec);
        add_layer(list, kind, kind->name, spec);
    }
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        const char *name = snug_kind_at(SNUG_GROUP_ACTIVATION, i)->name;
        add_layer(list, dense, name, name);
    }
    check_programs(list, true);
}
END_TEST

/* ---- random tables --------------------------------------------------------------------------- */

/* Sets x to the first rows of the training data, which are repeated where there are fewer. */
static void gather(const snug_model_graph *graph, const snug_dataset *data, float *x) {
    snug_graph_rows rows;
    ck_assert_int_eq(snug_graph_rows_start(&rows, graph, data, 1), SNUG_OK);
    for (size_t k = 0; k < ROWS; k++) {
        ck_assert_int_eq(snug_graph_rows_gather(&rows, k % snug_dataset_row_count(data), 1,
                                                x + k * graph->column_count),
                         SNUG_OK);
    }
    snug_graph_rows_clear(&rows);
}

START_TEST(programs_of_random_models_agree) {
    int8_list *list = start();
    for (uint64_t seed = 500; seed < 500 + CASES; seed++) {
        static float x[ROWS * COLUMNS_MAX];
        char what[64];
        random_case c = random_case_make(seed);
        snug_model *model = seed % 4 == 0 ? random_ensemble(&c) : random_model(&c, seed);
        snprintf(what, sizeof what, "seed %zu", (size_t)seed);
        if (model != NULL) {
            snug_model_graph *graph = graph_of(model);
            gather(graph, c.training, x);
            if (!add_program(list, graph, x, what)) {
                ck_assert_msg(strstr(snug_error(), "has no form in int8") != NULL, "%s",
                              snug_error());
            }
            snug_model_graph_free(graph);
        }
        snug_model_free(model);
        random_case_clear(&c);
    }
    ck_assert_uint_gt(list->programs.count, CASES / 4);
    check_programs(list, false);
}
END_TEST

static Suite *int8_models_suite(void) {
    Suite *suite = suite_create("c_code/int8_models");
    TCase *tests = directory_case(suite, "programs");
    tcase_add_test(tests, every_kind_has_int8_or_is_refused);
    tcase_add_test(tests, programs_of_random_models_agree);
    return suite;
}

REGISTER_SUITE(int8_models_suite)
