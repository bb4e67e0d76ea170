/* The graph of a model: its columns, names and tasks, rows that it refuses, several targets. */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "model/model.h"
#include "support.h"
#include "support/suite.h"
#include "support/tables.h"

/* Trains a model without hidden layers on the rows of t.csv. */
static snug_model *train(const char *text, const snug_csv_options *options, size_t outputs,
                         const char *loss, bool clip) {
    snug_dataset *data = read_text(text, options);
    snug_model *model = snug_model_new(snug_dataset_column_count(data));
    snug_model_add(model, snug_dense(outputs));
    const snug_fit_options o = {
        .loss = snug_loss_new(loss), .epochs = 1, .seed = 1, .clip_predictions = clip};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    return model;
}

/* Computes the graph's output of one row. */
static void compute(const snug_model_graph *m, const float *x, float *y) {
    ck_assert_int_eq(snug_graph_compute(m->graph, 1, x, y, NULL, NULL), SNUG_OK);
}

static const char table[] = "size,colour,price\n1,red,10\n2,blue,20\n3,red,30\n4,green,44\n";

START_TEST(columns_are_described) {
    snug_model *model =
        train(table, &(snug_csv_options){.task = SNUG_TASK_REGRESSION}, 1, "mse", false);
    snug_model_graph *m = graph_of(model);
    ck_assert_uint_eq(m->column_count, 2);
    ck_assert_str_eq(m->columns[0].name, "size");
    ck_assert_uint_eq(m->columns[0].categories.count, 0);
    ck_assert_str_eq(m->columns[1].name, "colour");
    ck_assert_uint_eq(m->columns[1].categories.count, 3);
    ck_assert_str_eq(m->columns[1].categories.items[2], "red");
    ck_assert_int_eq(m->task, SNUG_EXPORT_VALUES);
    ck_assert_uint_eq(m->outputs.count, 1);
    ck_assert_str_eq(m->outputs.items[0], "price");
    ck_assert(m->threshold == 0);
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

START_TEST(features_without_names_are_numbered) {
    snug_model *model = snug_model_new(12);
    snug_model_add(model, snug_dense(2));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    snug_model_graph *m = graph_of(model);
    ck_assert_uint_eq(m->column_count, 12);
    ck_assert_str_eq(m->columns[11].name, "x12");
    ck_assert_str_eq(m->outputs.items[1], "y2");
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

/* What makes the tool refuse a row makes its outputs NaN, and nothing else does. */
START_TEST(refused_rows_are_nan) {
    static const float rows[][2] = {{1, 0}, {NAN, 0}, {1, NAN}, {1, 3}, {1, -1}, {NAN, 7}};
    for (size_t i = 0; i < 8; i++) {
        bool missing = i & 1, unknown = i & 2;
        const snug_csv_options options = {
            .task = SNUG_TASK_REGRESSION,
            .missing = missing ? SNUG_MISSING_ERROR : SNUG_MISSING_MEAN,
            .unknown_category = unknown ? SNUG_UNKNOWN_ERROR : SNUG_UNKNOWN_MISSING,
            .categories = i & 4 ? SNUG_CATEGORIES_INTEGER : SNUG_CATEGORIES_ONE_HOT};
        snug_model *model = train(table, &options, 1, "mse", true);
        snug_model_graph *m = graph_of(model);
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            float y;
            bool misses = isnan(rows[k][0]) || isnan(rows[k][1]);
            bool is_unknown = rows[k][1] >= 3 || rows[k][1] < 0;
            compute(m, rows[k], &y);
            ck_assert_msg(isnan(y) == ((missing && misses) || (unknown && is_unknown)),
                          "case %zu, row %zu: %g", i, k, (double)y);
        }
        snug_model_graph_free(m);
        snug_model_free(model);
    }
}
END_TEST

static const char two_targets[] = "x,a,b\n1,10,-500\n2,20,-400\n3,30,-700\n4,44,-600\n";
static const char *const targets[] = {"a", "b", NULL};

START_TEST(several_targets_are_clipped_each) {
    const float far[] = {-1e6F, 2.5F, 1e6F};
    const snug_csv_options options = {.task = SNUG_TASK_REGRESSION, .targets = targets};
    snug_model *model = train(two_targets, &options, 2, "mse", true);
    check_agreement(model, 3, far, "two targets");
    snug_model_graph *m = graph_of(model);
    ck_assert_str_eq(m->outputs.items[1], "b");
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

START_TEST(quantiles_are_sorted) {
    static const char *const names[] = {"a_q0.1", "a_q0.5", "a_q0.9", "b_q0.1", "b_q0.5", "b_q0.9"};
    const snug_csv_options options = {.task = SNUG_TASK_REGRESSION, .targets = targets};
    const char *loss = "{\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.9]}";
    snug_model *model = train(two_targets, &options, 6, loss, true);
    float x[64];
    fill_normal(1, 64, x);
    check_agreement(model, 64, x, "quantiles");
    snug_model_graph *m = graph_of(model);
    for (size_t j = 0; j < 6; j++) {
        ck_assert_str_eq(m->outputs.items[j], names[j]);
    }
    for (size_t i = 0; i < 64; i++) {
        float y[6];
        compute(m, &x[i], y);
        ck_assert(y[0] <= y[1] && y[1] <= y[2] && y[3] <= y[4] && y[4] <= y[5]);
    }
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

/* More quantiles than a few, as the sort is made of rounds. */
START_TEST(many_quantiles_are_sorted) {
    float x[16];
    snug_model *model = snug_model_new(1);
    snug_model_add(model, snug_dense(7));
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    const char *loss = "{\"type\": \"quantile\", \"taus\": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]}";
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    fill_normal(2, 16, x);
    check_agreement(model, 16, x, "seven quantiles");
    snug_model_free(model);
}
END_TEST

START_TEST(classes_have_names_and_a_threshold) {
    static const char *const losses[] = {"softmax_cross_entropy", "binary_cross_entropy", "hinge"};
    for (size_t i = 0; i < 3; i++) {
        snug_model *model =
            train("x,y\n1,yes\n2,no\n3,yes\n4,no\n", NULL, i == 0 ? 2 : 1, losses[i], false);
        snug_postprocessing *own = snug_model_need_postprocessing(model);
        own->threshold = i < 2 ? 0.3 : 0;
        snug_model_graph *m = graph_of(model);
        ck_assert_int_eq(m->task, i < 2 ? SNUG_EXPORT_PROBABILITIES : SNUG_EXPORT_SCORES);
        ck_assert_uint_eq(m->outputs.count, 2);
        ck_assert_str_eq(m->outputs.items[0], "no");
        ck_assert_str_eq(m->outputs.items[1], "yes");
        ck_assert(m->threshold == (i < 2 ? 0.3 : 0));
        check_agreement(model, 3, (float[]){-2, 2.2F, 9}, losses[i]);
        snug_model_graph_free(m);
        snug_model_free(model);
    }
}
END_TEST

START_TEST(classes_without_names_are_numbered) {
    snug_model *model = snug_model_new(2);
    snug_model_add(model, snug_dense(3));
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    snug_model_graph *m = graph_of(model);
    ck_assert_int_eq(m->task, SNUG_EXPORT_PROBABILITIES);
    ck_assert_str_eq(m->outputs.items[2], "2");
    snug_model_graph_free(m);
    snug_model_free(model);
}
END_TEST

/* Values of arrays: features have no names, and NaN is filled whatever a table would do. */
START_TEST(scalers_of_arrays_agree) {
    float x[40], values[20];
    fill_normal(3, 40, x);
    fill_normal(4, 20, values);
    for (size_t i = 0; i < 20; i++) {
        x[2 * i] = 1000 + 5 * x[2 * i];
        x[2 * i + 1] = 7; /* constant */
    }
    for (size_t scaling = 0; scaling <= SNUG_SCALING_STANDARD_CLIP; scaling++) {
        snug_dataset *data = snug_dataset_from_values(x, 20, 2, values, 1);
        snug_model *model = snug_model_new(2);
        snug_model_add(model, snug_dense(3));
        snug_model_add(model, snug_selu());
        snug_model_add(model, snug_dense(1));
        const snug_fit_options o = {.epochs = 1, .seed = 1, .scaling = (snug_scaling)scaling};
        ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
        const float rows[] = {1003, 7, NAN, 7, 900, 7.5F, 1e9F, NAN, 1000, INFINITY};
        check_agreement(model, scaling == SNUG_SCALING_NONE ? 3 : 5, rows, "arrays");
        snug_model_free(model);
        snug_dataset_free(data);
    }
}
END_TEST

/*
 * Values that cross zero differ by 1e-5 of the target's deviation, not of themselves: the network
 * computes them in its units.
 */
START_TEST(large_targets_agree_in_their_deviation) {
    enum { ROWS = 512 };
    const double deviation = 1e6;
    float x[2 * ROWS], values[ROWS], expected[ROWS];
    fill_normal(5, 2 * ROWS, x);
    fill_normal(6, ROWS, values);
    for (size_t i = 0; i < ROWS; i++) {
        values[i] *= (float)deviation;
    }
    snug_dataset *data = snug_dataset_from_values(x, ROWS, 2, values, 1);
    snug_model *model = snug_model_new(2);
    snug_model_add(model, snug_dense(16));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(1));
    const snug_fit_options o = {.epochs = 2, .seed = 1};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_session *session = snug_session_new(model, ROWS);
    ck_assert_int_eq(snug_predict(session, x, ROWS, expected), SNUG_OK);
    snug_model_graph *m = graph_of(model);
    for (size_t i = 0; i < ROWS; i++) {
        float got;
        compute(m, x + 2 * i, &got);
        ck_assert_msg(fabs((double)expected[i] - (double)got) <=
                          1e-5 * fmax(deviation, fabs((double)expected[i])),
                      "row %zu: %.9g, in the graph %.9g", i, (double)expected[i], (double)got);
    }
    snug_model_graph_free(m);
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* A member whose offsets are not those of the ensemble. */
START_TEST(offsets_of_members_may_differ) {
    snug_model *members[2];
    double x[16];
    const double values[8] = {1, -1, 0.5, 2, 0, 3, -2, 1};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < 8; i++) {
            x[2 * i] = 1.7e9 + (double)(50 * k) + (double)i / 8;
            x[2 * i + 1] = (double)i;
        }
        snug_dataset *data = snug_dataset_from_values_f64(x, 8, 2, values, 1);
        ck_assert_msg(data != NULL, "%s", snug_error());
        members[k] = snug_model_new(2);
        snug_model_add(members[k], snug_dense(1));
        const snug_fit_options o = {.epochs = 1, .seed = k};
        ck_assert_int_eq(snug_fit(members[k], data, &o, NULL), SNUG_OK);
        snug_dataset_free(data);
    }
    snug_model *ensemble = snug_model_new_ensemble(members, 2);
    ck_assert_msg(ensemble != NULL, "%s", snug_error());
    snug_model_graph *m = graph_of(ensemble);
    ck_assert(m->columns[0].offset > 1.6e9 && m->columns[1].offset == 0);
    float expected, got, row[2];
    snug_session *session = snug_session_new(ensemble, 1);
    for (size_t i = 0; i < 8; i++) {
        row[0] = (float)(x[2 * i] - m->columns[0].offset);
        row[1] = (float)x[2 * i + 1];
        ck_assert_int_eq(snug_predict_f64(session, x + 2 * i, 1, &expected), SNUG_OK);
        compute(m, row, &got);
        ck_assert_msg(agrees((double)expected, (double)got), "%g, graph %g", (double)expected,
                      (double)got);
    }
    snug_session_free(session);
    snug_model_graph_free(m);
    snug_model_free(ensemble);
    snug_model_free(members[0]);
    snug_model_free(members[1]);
}
END_TEST

static Suite *outputs_suite(void) {
    Suite *suite = suite_create("graph outputs");
    TCase *tests = directory_case(suite, "outputs");
    tcase_add_test(tests, columns_are_described);
    tcase_add_test(tests, features_without_names_are_numbered);
    tcase_add_test(tests, refused_rows_are_nan);
    tcase_add_test(tests, several_targets_are_clipped_each);
    tcase_add_test(tests, quantiles_are_sorted);
    tcase_add_test(tests, many_quantiles_are_sorted);
    tcase_add_test(tests, classes_have_names_and_a_threshold);
    tcase_add_test(tests, classes_without_names_are_numbered);
    tcase_add_test(tests, scalers_of_arrays_agree);
    tcase_add_test(tests, large_targets_agree_in_their_deviation);
    tcase_add_test(tests, offsets_of_members_may_differ);
    return suite;
}

REGISTER_SUITE(outputs_suite)
