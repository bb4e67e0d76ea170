/*
 * Importance and dependence of linear models, where both are known: permuting a column j of
 * f = sum of w_j x_j over all rows changes the squared error by 2 w_j^2 var(x_j) on average, where
 * the targets are f itself.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <snug/explain.h>
#include <snug/plot.h>

#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 31, COLUMNS = 3, REPEATS = 300, MISSING = 4 };

static const float weights[COLUMNS] = {2, 0, -3};
static float x[ROWS * COLUMNS], y[ROWS];

/* Rows whose targets are 2 a - 3 c + 1, and b is ignored. */
static snug_dataset *linear_rows(void) {
    const snug_random stream = {.seed = 3, .purpose = 8};
    snug_random_normal(&stream, 0, ROWS * COLUMNS, x);
    for (size_t i = 0; i < ROWS; i++) {
        y[i] = 2 * x[i * COLUMNS] - 3 * x[i * COLUMNS + 2] + 1;
    }
    return snug_dataset_from_values(x, ROWS, COLUMNS, y, 1);
}

static void set_tensor(snug_model *model, size_t index, const float *values, size_t n) {
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_tensor(model, index, &info), SNUG_OK);
    ck_assert_uint_eq(info.rows * info.columns, n);
    memcpy(info.values, values, n * sizeof *values);
}

static snug_model *linear_model(void) {
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_dense(1));
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    set_tensor(model, 0, weights, COLUMNS);
    set_tensor(model, 1, (const float[]){1}, 1);
    return model;
}

/* The variance of n numbers, `step` apart. */
static double variance(const float *values, size_t n, size_t step) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)values[i * step];
        squares += (double)values[i * step] * (double)values[i * step];
    }
    return squares / (double)n - sum / (double)n * sum / (double)n;
}

/* The mean of many repeats is within 4 of its own deviations of what is expected. */
static void expect_near(const snug_column_importance *column, size_t repeats, double expected) {
    double deviation = column->deviation / sqrt((double)repeats);
    ck_assert_msg(fabs(column->mean - expected) <= 4 * deviation + 1e-5, "%s: %g, not %g +- %g",
                  column->column, column->mean, expected, deviation);
}

START_TEST(importance_of_a_linear_model) {
    snug_dataset *data = linear_rows();
    snug_model *model = linear_model();
    snug_explanation found;
    const snug_explain_options options = {.repeats = REPEATS, .seed = 4};
    ck_assert_int_eq(snug_explain_importance(model, data, &options, &found), SNUG_OK);
    ck_assert_uint_eq(found.count, COLUMNS);
    ck_assert_uint_eq(found.rows, ROWS);
    ck_assert_str_eq(found.metric, "loss");
    ck_assert(!found.greater && found.baseline < 1e-10);
    for (size_t j = 0; j < COLUMNS; j++) {
        double w = (double)weights[j];
        expect_near(&found.columns[j], REPEATS, 2 * w * w * variance(x + j, ROWS, COLUMNS));
    }
    ck_assert_str_eq(found.columns[2].column, "x3");
    ck_assert(found.columns[0].deviation > 0);
    ck_assert(found.columns[1].mean == 0 && found.columns[1].deviation == 0);
    snug_explanation_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* A greater r2 is better, so that importance is what it loses: 2 w^2 var(x) / var(y). */
START_TEST(importance_by_a_metric_that_is_to_be_great) {
    snug_dataset *data = linear_rows();
    snug_model *model = linear_model();
    snug_explanation found;
    const char *const columns[] = {"x3"};
    const snug_explain_options options = {
        .metric = "r2", .repeats = REPEATS, .columns = columns, .column_count = 1};
    ck_assert_int_eq(snug_explain_importance(model, data, &options, &found), SNUG_OK);
    ck_assert_uint_eq(found.count, 1);
    ck_assert(found.greater && fabs(found.baseline - 1) < 1e-6);
    expect_near(&found.columns[0], REPEATS,
                18 * variance(x + 2, ROWS, COLUMNS) / variance(y, ROWS, 1));
    snug_explanation_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(the_same_in_any_number_of_threads) {
    snug_dataset *data = linear_rows();
    snug_model *model = linear_model();
    snug_explanation one, other;
    snug_explain_options options = {.seed = 9, .threads = 1};
    ck_assert_int_eq(snug_explain_importance(model, data, &options, &one), SNUG_OK);
    ck_assert_uint_eq(one.repeats, 5);
    for (options.threads = 2; options.threads <= 4; options.threads++) {
        ck_assert_int_eq(snug_explain_importance(model, data, &options, &other), SNUG_OK);
        for (size_t j = 0; j < COLUMNS; j++) {
            ck_assert(one.columns[j].mean == other.columns[j].mean);
            ck_assert(one.columns[j].deviation == other.columns[j].deviation);
        }
        snug_explanation_clear(&other);
    }
    options.seed = 10;
    ck_assert_int_eq(snug_explain_importance(model, data, &options, &other), SNUG_OK);
    ck_assert(one.columns[0].mean != other.columns[0].mean);
    snug_explanation_clear(&other);
    snug_explanation_clear(&one);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* ---- tables ---------------------------------------------------------------------------------- */

/* What the model makes of blue, green and red, and of 1 in the number. */
static const float of_colour[3] = {5, -1, 0}, of_number = 0.5F;

/* A table of a number, of which one is missing, and a colour, with targets f. */
static snug_dataset *table(void) {
    static const char *const colours[] = {"blue", "green", "red"};
    char text[2048] = "n,colour,y\n";
    for (size_t i = 0; i < ROWS; i++) {
        char line[64], number[8] = "";
        size_t colour = i / 2 % 3;
        if (i != MISSING) {
            snprintf(number, sizeof number, "%zu", i % 7);
        }
        snprintf(line, sizeof line, "%s,%s,%g\n", number, colours[colour],
                 (double)of_colour[colour] +
                     (i == MISSING ? 0 : (double)of_number * (double)(i % 7)));
        strcat(text, line);
    }
    return read_text(text, &(snug_csv_options){.targets = (const char *const[]){"y", NULL},
                                               .missing = SNUG_MISSING_MEAN,
                                               .missing_indicator = true});
}

/*
 * The model of the table: features n, its indicator, three colours. A missing n counts as 0: the
 * indicator takes away what the mean, which is there instead, adds.
 */
static snug_model *table_model(const snug_dataset *data) {
    float w[5] = {of_number, 0, of_colour[0], of_colour[1], of_colour[2]};
    for (size_t i = 0; i < ROWS; i++) {
        w[1] -= i == MISSING ? 0 : of_number * (float)(i % 7) / (ROWS - 1);
    }
    snug_model *model = snug_model_new(snug_dataset_column_count(data));
    snug_model_add(model, snug_dense(1));
    ck_assert_uint_eq(snug_dataset_column_count(data), 5);
    const snug_fit_options options = {.epochs = 1,
                                      .loss = snug_mse(),
                                      .scaling = SNUG_SCALING_NONE,
                                      .target_scaling = SNUG_TARGET_SCALING_NONE};
    ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
    set_tensor(model, 0, w, 5);
    set_tensor(model, 1, (const float[]){0}, 1);
    return model;
}

/* All features of a column are exchanged together: a row has one colour. */
START_TEST(importance_of_categories) {
    snug_dataset *data = table();
    snug_model *model = table_model(data);
    snug_explanation found;
    float values[ROWS];
    const snug_explain_options options = {.repeats = REPEATS, .seed = 4};
    for (size_t i = 0; i < ROWS; i++) {
        values[i] = of_colour[i / 2 % 3];
    }
    ck_assert_msg(snug_explain_importance(model, data, &options, &found) == SNUG_OK, "%s",
                  snug_error());
    ck_assert_uint_eq(found.count, 2);
    ck_assert_str_eq(found.columns[0].column, "n");
    ck_assert_str_eq(found.columns[1].column, "colour");
    ck_assert(found.columns[0].mean > 0);
    expect_near(&found.columns[1], REPEATS, 2 * variance(values, ROWS, 1));
    snug_explanation_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(dependence_on_a_number) {
    snug_dataset *data = table();
    snug_model *model = table_model(data);
    snug_dependence found;
    double rest = 0;
    for (size_t i = 0; i < ROWS; i++) {
        rest += (double)of_colour[i / 2 % 3] / ROWS;
    }
    ck_assert_int_eq(snug_explain_dependence(model, data, "n", NULL, &found), SNUG_OK);
    ck_assert_uint_eq(found.points, 7); /* 0 to 6: all values that there are */
    ck_assert_uint_eq(found.outputs, 1);
    ck_assert_str_eq(found.names[0], "y");
    ck_assert_ptr_null(found.categories);
    for (size_t k = 0; k < found.points; k++) {
        ck_assert(found.values[k] == (double)k);
        ck_assert(fabs(found.predictions[k] - rest - (double)of_number * (double)k) < 1e-6);
    }
    snug_dependence_clear(&found);
    const snug_explain_options few = {.points = 2};
    ck_assert_int_eq(snug_explain_dependence(model, data, "n", &few, &found), SNUG_OK);
    ck_assert_uint_eq(found.points, 2);
    ck_assert(found.values[0] == 0 && found.values[1] == 6);
    snug_dependence_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(dependence_on_categories) {
    snug_dataset *data = table();
    snug_model *model = table_model(data);
    snug_dependence found;
    ck_assert_int_eq(snug_explain_dependence(model, data, "colour", NULL, &found), SNUG_OK);
    ck_assert_uint_eq(found.points, 3);
    ck_assert_str_eq(found.categories[1], "green");
    ck_assert_ptr_null(found.values);
    for (size_t k = 1; k < 3; k++) {
        ck_assert(fabs(found.predictions[k] - found.predictions[0] -
                       (double)(of_colour[k] - of_colour[0])) < 1e-5);
    }
    char *picture = snug_plot_dependence(&found, 1);
    ck_assert_ptr_nonnull(picture);
    ck_assert_ptr_nonnull(strstr(picture, ">colour</text>"));
    ck_assert_ptr_nonnull(strstr(picture, ">green</text>"));
    ck_assert_ptr_nonnull(strstr(picture, "</svg>"));
    snug_free(picture);
    snug_dependence_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Two quantiles of one target are two outputs, each with a name of its own. */
START_TEST(dependence_of_quantiles) {
    snug_dataset *data = linear_rows();
    snug_model *model = snug_model_new(COLUMNS);
    const double taus[] = {0.05, 0.95};
    snug_dependence found;
    snug_model_add(model, snug_dense(2));
    ck_assert_int_eq(snug_model_set_loss(model, snug_quantiles(taus, 2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_explain_dependence(model, data, "x1", NULL, &found), SNUG_OK);
    ck_assert_uint_eq(found.outputs, 2);
    ck_assert_str_eq(found.names[0], "y1_q0.05");
    ck_assert_str_eq(found.names[1], "y1_q0.95");
    snug_dependence_clear(&found);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Names of categories are cut after twelve characters, which may have several bytes. */
START_TEST(pictures_cut_names_between_characters) {
    char *categories[] = {
        "\u0420\u043e\u0441\u0441\u0438\u044f", "a long name that is \u00e9",
        "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9e\u00e9"};
    double predictions[] = {1, 2, 3};
    char *names[] = {"y"};
    const snug_dependence column = {.column = "country",
                                    .points = 3,
                                    .outputs = 1,
                                    .categories = categories,
                                    .predictions = predictions,
                                    .names = names};
    char *picture = snug_plot_dependence(&column, 1);
    ck_assert_ptr_nonnull(picture);
    ck_assert_ptr_nonnull(strstr(picture, ">\u0420\u043e\u0441\u0441\u0438\u044f</text>"));
    ck_assert_ptr_nonnull(strstr(picture, ">a long name </text>"));
    ck_assert_ptr_nonnull(strstr(
        picture, ">\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9e</text>"));
    snug_free(picture);
}
END_TEST

/* ---- errors ---------------------------------------------------------------------------------- */

static void expect_wrong(const snug_explain_options *options, const char *location) {
    snug_dataset *data = linear_rows();
    snug_model *model = linear_model();
    snug_explanation found;
    snug_status status = snug_explain_importance(model, data, options, &found);
    ck_assert_int_ne(status, SNUG_OK);
    expect_location(location);
    ck_assert_ptr_null(found.columns);
    snug_model_free(model);
    snug_dataset_free(data);
}

START_TEST(wrong_options) {
    const char *const near[] = {"x33"}, *const far[] = {"colour"}, *const none[] = {NULL};
    expect_wrong(&(snug_explain_options){.columns = near, .column_count = 1}, "the data");
    expect_wrong(&(snug_explain_options){.columns = far, .column_count = 1}, "the data");
    expect_wrong(&(snug_explain_options){.columns = none, .column_count = 1}, "the name");
    expect_wrong(&(snug_explain_options){.columns = near}, "column_count:");
    expect_wrong(&(snug_explain_options){.column_count = 2}, "columns:");
    expect_wrong(&(snug_explain_options){.metric = "accuracy"}, "metric");
    expect_wrong(&(snug_explain_options){.metric = "rmsee"}, "metric");
    expect_wrong(&(snug_explain_options){.threads = SNUG_MAX_THREADS + 1}, "threads");
    expect_wrong(&(snug_explain_options){.repeats = (size_t)UINT32_MAX + 1}, "repeats");
}
END_TEST

/* Values of one row cannot be exchanged: all columns would seem to be of no importance. */
START_TEST(one_row) {
    const float row[COLUMNS] = {0}, value[1] = {0};
    snug_dataset *data = snug_dataset_from_values(row, 1, COLUMNS, value, 1);
    snug_model *model = linear_model();
    snug_explanation found;
    ck_assert_ptr_nonnull(data);
    ck_assert_int_eq(snug_explain_importance(model, data, NULL, &found), SNUG_ERROR_ARGUMENT);
    expect_location("the data has 1 row");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(null_arguments) {
    snug_dataset *data = linear_rows();
    snug_model *model = linear_model();
    snug_explanation found;
    snug_dependence line;
    ck_assert_int_eq(snug_explain_importance(NULL, data, NULL, &found), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_explain_importance(model, NULL, NULL, &found), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_explain_importance(model, data, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the explanation");
    ck_assert_int_eq(snug_explain_dependence(NULL, data, "x1", NULL, &line), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_explain_dependence(model, NULL, "x1", NULL, &line), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_explain_dependence(model, data, NULL, NULL, &line), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_explain_dependence(model, data, "x1", NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the dependence");
    const snug_explain_options one = {.points = 1};
    ck_assert_int_eq(snug_explain_dependence(model, data, "x1", &one, &line), SNUG_ERROR_ARGUMENT);
    expect_location("points");
    ck_assert_ptr_null(snug_plot_dependence(NULL, 1));
    expect_location("a plot");
    snug_explanation_clear(NULL);
    snug_dependence_clear(NULL);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static const snug_model *explained;
static const snug_dataset *explained_data;

static bool explain_importance(void) {
    snug_explanation found;
    const snug_explain_options options = {.repeats = 1, .threads = 1};
    bool done = snug_explain_importance(explained, explained_data, &options, &found) == SNUG_OK;
    snug_explanation_clear(&found);
    return done;
}

static bool explain_dependence(void) {
    snug_dependence found;
    bool done =
        snug_explain_dependence(explained, explained_data, "colour", NULL, &found) == SNUG_OK;
    char *picture = done ? snug_plot_dependence(&found, 1) : NULL;
    snug_dependence_clear(&found);
    snug_free(picture);
    return picture != NULL;
}

START_TEST(every_allocation_may_fail) {
    snug_dataset *data = table();
    snug_model *model = table_model(data);
    explained = model;
    explained_data = data;
    expect_every_failure(explain_importance);
    expect_every_failure(explain_dependence);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static Suite *explain_suite(void) {
    Suite *suite = suite_create("explain");
    TCase *tests = directory_case(suite, "explain");
    tcase_add_test(tests, importance_of_a_linear_model);
    tcase_add_test(tests, importance_by_a_metric_that_is_to_be_great);
    tcase_add_test(tests, the_same_in_any_number_of_threads);
    tcase_add_test(tests, importance_of_categories);
    tcase_add_test(tests, dependence_on_a_number);
    tcase_add_test(tests, dependence_on_categories);
    tcase_add_test(tests, dependence_of_quantiles);
    tcase_add_test(tests, pictures_cut_names_between_characters);
    tcase_add_test(tests, wrong_options);
    tcase_add_test(tests, one_row);
    tcase_add_test(tests, null_arguments);
    tcase_add_test(tests, every_allocation_may_fail);
    return suite;
}

REGISTER_SUITE(explain_suite)
