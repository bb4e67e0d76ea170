/* Random models that are trained on random tables predict the same rows as their graphs. */
#include <math.h>
#include <stdio.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "random_model.h"
#include "support.h"
#include "support/suite.h"
#include "support/tables.h"

enum { PREDICTED = 12 };

/* ---- agreement ------------------------------------------------------------------------------- */

/* Returns the class that a program takes of a graph's outputs, or -1 where two are almost equal. */
static int chosen_class(const snug_model_graph *m, const float *p) {
    const size_t count = m->graph->output.columns;
    size_t best = 0;
    if (m->threshold > 0) {
        double apart = (double)p[1] - m->threshold;
        return fabs(apart) < 1e-5 ? -1 : apart > 0;
    }
    for (size_t j = 1; j < count; j++) {
        best = p[j] > p[best] ? j : best;
    }
    for (size_t j = 0; j < count; j++) {
        if (j != best && agrees((double)p[j], (double)p[best])) {
            return -1;
        }
    }
    return (int)best;
}

/* Compares one row of raw features with the outputs of the graph. */
static void check_row(const snug_model_graph *m, snug_session *session, const double *row,
                      const float *got, const char *what) {
    const size_t columns = m->graph->output.columns;
    float expected[8];
    int32_t class = 0;
    ck_assert_int_eq(snug_predict_classes_f64(session, row, 1, expected, &class), SNUG_OK);
    for (size_t j = 0; j < columns; j++) {
        double a = printed_number(m->model, expected, columns, j), b = (double)got[j];
        ck_assert_msg(agrees(a, b), "%s, output %zu: %.9g, in the graph %.9g", what, j, a, b);
    }
    if (m->task != SNUG_EXPORT_VALUES) {
        int chosen = chosen_class(m, got);
        ck_assert_msg(chosen < 0 || chosen == class, "%s: class %d, of the graph %d", what,
                      (int)class, chosen);
    }
}

/* Compares the predictions of a table, as the tool makes them, with those of the graph. */
static void check_table(const snug_model *model, random_case *c, uint64_t seed) {
    cells kept[PREDICTED];
    float x[PREDICTED * COLUMNS_MAX], got[PREDICTED * 8];
    snug_model_graph *m = graph_of(model);
    write_table(&c->table, "p.csv", PREDICTED, &c->state, kept);
    const snug_csv_options like = {.like = snug_model_preprocessing(model)};
    snug_dataset *rows = snug_dataset_read_csv("p.csv", &like);
    ck_assert_msg(rows != NULL, "%s", snug_error());
    ck_assert_uint_eq(m->column_count, c->table.count);
    for (size_t k = 0; k < PREDICTED; k++) {
        encode_row(m, kept[k], x + k * m->column_count);
    }
    ck_assert_int_eq(snug_graph_compute(m->graph, PREDICTED, x, got, NULL, NULL), SNUG_OK);
    snug_session *session = snug_session_new(model, 1);
    for (size_t k = 0; k < PREDICTED; k++) {
        double row[128];
        char what[64];
        snprintf(what, sizeof what, "seed %zu, row %zu", (size_t)seed, k);
        ck_assert_int_eq(snug_dataset_row_f64(rows, k, row), SNUG_OK);
        check_row(m, session, row, got + k * m->graph->output.columns, what);
    }
    snug_session_free(session);
    snug_dataset_free(rows);
    snug_model_graph_free(m);
}

/* Returns whether the case's model could be trained: a loss may refuse the targets. */
static bool check_model(uint64_t seed) {
    random_case c = random_case_make(seed);
    snug_model *model = random_model(&c, seed);
    if (model != NULL) {
        check_table(model, &c, seed);
        snug_model_free(model);
    }
    random_case_clear(&c);
    return model != NULL;
}

static bool check_ensemble(uint64_t seed) {
    random_case c = random_case_make(seed);
    snug_model *ensemble = random_ensemble(&c);
    if (ensemble != NULL) {
        check_table(ensemble, &c, seed);
        snug_model_free(ensemble);
    }
    random_case_clear(&c);
    return ensemble != NULL;
}

static void check_range(uint64_t first, size_t count, bool (*check)(uint64_t)) {
    size_t checked = 0;
    for (size_t i = 0; i < count; i++) {
        checked += check(first + i);
    }
    ck_assert_uint_gt(2 * checked, count);
}

START_TEST(random_models_agree) {
    check_range(1, 40, check_model);
}
END_TEST

START_TEST(random_ensembles_agree) {
    check_range(1001, 10, check_ensemble);
}
END_TEST

START_TEST(many_random_models_agree) {
    check_range(2001, 400, check_model);
    check_range(5001, 100, check_ensemble);
}
END_TEST

static Suite *tables_suite(void) {
    Suite *suite = suite_create("graph tables");
    TCase *tests = directory_case(suite, "random");
    tcase_add_test(tests, random_models_agree);
    tcase_add_test(tests, random_ensembles_agree);
    TCase *many = directory_case(suite, "many");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, many_random_models_agree);
    return suite;
}

REGISTER_SUITE(tables_suite)
