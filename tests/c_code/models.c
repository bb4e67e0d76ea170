/* Programs of models, of every kind and of random tables, predict what snug_predict() does. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <snug/snug.h>

#include "graph/random_model.h"
#include "graph/support.h"
#include "support.h"
#include "support/members.h"
#include "support/registry.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 8, CASES = 24, ENSEMBLES = 6, PROGRAMS = 128, OUTPUTS_MAX = 16, INPUTS = 6 };

/* What program i of a list is checked by: rows and what the library predicts of them. */
typedef struct check_of_program {
    size_t inputs, outputs;
    float x[ROWS * COLUMNS_MAX];
    double expected[ROWS * OUTPUTS_MAX];
    int32_t classes[ROWS]; /* -1: values, or two classes are almost equal */
    char what[64];
} check_of_program;

/* Programs in the making, and their checks. */
typedef struct checked_list {
    program_list programs;
    check_of_program checks[PROGRAMS];
} checked_list;

/* ---- predictions of the library -------------------------------------------------------------- */

/* Whether no other number is near the one that decides on a class. */
static bool is_clear(const snug_model_graph *graph, const double *p) {
    const size_t count = graph->graph->output.columns;
    if (graph->threshold != 0) {
        return fabs(p[count - 1] - graph->threshold) > 1e-4;
    }
    size_t near = 0;
    double largest = p[0];
    for (size_t j = 1; j < count; j++) {
        largest = p[j] > largest ? p[j] : largest;
    }
    for (size_t j = 0; j < count; j++) {
        near += p[j] > largest - 1e-4 * fmax(1, fabs(largest));
    }
    return near == 1;
}

/* Notes what the library predicts for row k, whose features are row[]. */
static void note_row(check_of_program *check, const snug_model_graph *graph, snug_session *session,
                     size_t k, const double *row) {
    float y[OUTPUTS_MAX];
    ck_assert_int_eq(snug_predict_classes_f64(session, row, 1, y, &check->classes[k]), SNUG_OK);
    double *expected = check->expected + k * check->outputs;
    for (size_t j = 0; j < check->outputs; j++) {
        expected[j] = printed_number(graph->model, y, check->outputs, j);
    }
    if (graph->task == SNUG_EXPORT_VALUES || !is_clear(graph, expected)) {
        check->classes[k] = -1;
    }
}

/* Adds the program of a model to the list, with a check of no rows yet. */
static check_of_program *add_program(checked_list *list, const snug_model_graph *graph,
                                     const char *what) {
    check_of_program *check = &list->checks[list->programs.count];
    ck_assert_uint_lt(list->programs.count, PROGRAMS);
    programs_add_graph(&list->programs, graph);
    check->inputs = graph->column_count;
    check->outputs = graph->graph->output.columns;
    ck_assert(check->inputs <= COLUMNS_MAX && check->outputs <= OUTPUTS_MAX);
    snprintf(check->what, sizeof check->what, "%.60s", what);
    return check;
}

/* ---- programs beside them -------------------------------------------------------------------- */

static void check_row(const checked_list *list, size_t i, size_t k, float *scratch) {
    const check_of_program *check = &list->checks[i];
    predict_fn *predict = (predict_fn *)programs_function(&list->programs, i, "predict");
    predict_with_fn *with =
        (predict_with_fn *)programs_function(&list->programs, i, "predict_with");
    float y[OUTPUTS_MAX], again[OUTPUTS_MAX];
    predict(check->x + k * check->inputs, y);
    with(check->x + k * check->inputs, again, scratch);
    for (size_t j = 0; j < check->outputs; j++) {
        const double a = check->expected[k * check->outputs + j];
        ck_assert_msg(agrees(a, (double)y[j]), "%s, row %zu, output %zu: %.9g, of the program %.9g",
                      check->what, k, j, a, (double)y[j]);
        ck_assert(y[j] == again[j] || (isnan(y[j]) && isnan(again[j])));
    }
    if (check->classes[k] >= 0) {
        class_fn *class_of = (class_fn *)programs_function(&list->programs, i, "class");
        ck_assert_msg(class_of(y) == check->classes[k], "%s, row %zu: class %d, not %d",
                      check->what, k, class_of(y), (int)check->classes[k]);
    }
}

/* Compiles the programs and checks all of their rows. */
static void check_programs(checked_list *list) {
    float *scratch = calloc(1 << 16, sizeof *scratch);
    programs_compile(&list->programs);
    for (size_t i = 0; i < list->programs.count; i++) {
        for (size_t k = 0; k < ROWS; k++) {
            check_row(list, i, k, scratch);
        }
    }
    programs_end(&list->programs);
    free(scratch);
    free(list);
}

static checked_list *start(bool no_libm) {
    checked_list *list = calloc(1, sizeof *list);
    ck_assert_ptr_nonnull(list);
    programs_start(&list->programs, no_libm);
    return list;
}

/* ---- every kind ------------------------------------------------------------------------------ */

/* Adds dense, the layer of a specification, and what can follow it. */
static void add_layer(checked_list *list, const snug_kind *kind, const char *spec) {
    char last[128];
    double rows[ROWS * INPUTS];
    float x[ROWS * INPUTS];
    fill_normal(7, ROWS * INPUTS, x);
    x[INPUTS + 1] = 700;
    x[2 * INPUTS + 2] = NAN;
    snug_model *model = snug_model_new(INPUTS);
    snug_model_add(model, snug_dense(INPUTS));
    snug_model_add(model, snug_layer_new(spec));
    layer_after(kind, 3, last, sizeof last);
    ck_assert_msg(snug_model_add(model, snug_layer_new(last)) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    snug_model_graph *graph = graph_of(model);
    snug_session *session = snug_session_new(model, 1);
    check_of_program *check = add_program(list, graph, spec);
    for (size_t i = 0; i < ROWS * INPUTS; i++) {
        rows[i] = (double)(check->x[i] = x[i]);
    }
    for (size_t k = 0; k < ROWS; k++) {
        note_row(check, graph, session, k, rows + k * INPUTS);
    }
    snug_session_free(session);
    snug_model_graph_free(graph);
    snug_model_free(model);
}

static void check_kinds(bool no_libm) {
    checked_list *list = start(no_libm);
    const snug_kind *dense = snug_kind_at(SNUG_GROUP_LAYER, 0);
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_LAYER); i++) {
        char spec[512];
        const snug_kind *kind = snug_kind_at(SNUG_GROUP_LAYER, i);
        smallest_spec(kind, spec, sizeof spec);
        add_layer(list, kind, spec);
    }
    for (size_t i = 0; i < built_in_count(SNUG_GROUP_ACTIVATION); i++) {
        add_layer(list, dense, snug_kind_at(SNUG_GROUP_ACTIVATION, i)->name);
    }
    check_programs(list);
}

START_TEST(programs_of_every_kind_agree) {
    check_kinds(false);
}
END_TEST

START_TEST(programs_of_every_kind_without_libm_agree) {
    check_kinds(true);
}
END_TEST

/* ---- random tables --------------------------------------------------------------------------- */

/* Adds the program of a model, with rows of a table as they are predicted. */
static void add_table(checked_list *list, const snug_model *model, random_case *c, uint64_t seed) {
    cells kept[ROWS];
    char what[64];
    snug_model_graph *graph = graph_of(model);
    write_table(&c->table, "p.csv", ROWS, &c->state, kept);
    const snug_csv_options like = {.like = snug_model_preprocessing(model)};
    snug_dataset *rows = snug_dataset_read_csv("p.csv", &like);
    ck_assert_msg(rows != NULL, "%s", snug_error());
    snprintf(what, sizeof what, "seed %zu", (size_t)seed);
    check_of_program *check = add_program(list, graph, what);
    snug_session *session = snug_session_new(model, 1);
    for (size_t k = 0; k < ROWS; k++) {
        double row[128];
        ck_assert_int_eq(snug_dataset_row_f64(rows, k, row), SNUG_OK);
        encode_row(graph, kept[k], check->x + k * check->inputs);
        note_row(check, graph, session, k, row);
    }
    snug_session_free(session);
    snug_dataset_free(rows);
    snug_model_graph_free(graph);
}

/* Makes programs of random models and ensembles, from a seed on. */
static void check_tables(bool no_libm, uint64_t first) {
    checked_list *list = start(no_libm);
    for (uint64_t seed = first; seed < first + CASES + ENSEMBLES; seed++) {
        random_case c = random_case_make(seed);
        snug_model *model = seed < first + CASES ? random_model(&c, seed) : random_ensemble(&c);
        if (model != NULL) {
            add_table(list, model, &c, seed);
        }
        snug_model_free(model);
        random_case_clear(&c);
    }
    ck_assert_uint_gt(list->programs.count, (CASES + ENSEMBLES) / 2);
    check_programs(list);
}

START_TEST(programs_of_random_models_agree) {
    check_tables(false, 1);
}
END_TEST

START_TEST(programs_of_random_models_without_libm_agree) {
    check_tables(true, 1001);
}
END_TEST

static Suite *models_suite(void) {
    Suite *suite = suite_create("c_code/models");
    TCase *tests = directory_case(suite, "programs");
    tcase_add_test(tests, programs_of_every_kind_agree);
    tcase_add_test(tests, programs_of_every_kind_without_libm_agree);
    tcase_add_test(tests, programs_of_random_models_agree);
    tcase_add_test(tests, programs_of_random_models_without_libm_agree);
    return suite;
}

REGISTER_SUITE(models_suite)
