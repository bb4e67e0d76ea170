/*
 * Data whose columns, categories, classes and targets are the model's by name: it is evaluated,
 * validated and trained on as if it had been read with the model's preprocessing.
 */
#include <math.h>
#include <string.h>

#include "support/confusion.h"
#include "support/problems.h"
#include "support/suite.h"
#include "support/tables.h"

#define THREE_CLASSES                                                                              \
    "wide,high,kind\n1,2,oak\n3,1,elm\n2,5,ash\n4,4,oak\n0,3,elm\n7,1,ash\n2,2,oak\n5,0,elm\n"
/* Two of the classes, the columns turned, and a feature of which no model knows. */
#define TWO_CLASSES "kind,high,wide\noak,2,1\nelm,1,3\noak,4,4\nelm,3,0\nelm,0,5\n"

static snug_model *trained(snug_dataset *data, size_t outputs) {
    snug_model *model = mlp(snug_dataset_column_count(data), outputs);
    snug_fit_options o = {.epochs = 2, .seed = 3};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    return model;
}

/* Neither evaluated, nor counted, nor checked, nor trained on. */
static void refuses_names(snug_model *model, const char *text, const char *message) {
    snug_dataset *data = read_text(text, NULL);
    snug_gradient_report report = {0};
    snug_metrics m;
    double means[3], variances[3];
    double counts[9];
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_ERROR_DATA);
    expect_location(message);
    ck_assert_int_eq(snug_evaluate_metrics(model, data, NULL, 0, &m), SNUG_ERROR_DATA);
    expect_location(message);
    if (snug_dataset_class_count(data) > 0) {
        ck_assert_int_eq(confusion_of(model, data, 3, counts), SNUG_ERROR_DATA);
        expect_location(message);
    }
    ck_assert_int_eq(snug_check_gradients(model, data, &report), SNUG_ERROR_DATA);
    expect_location(message);
    ck_assert_int_eq(snug_model_statistics(model, data, means, variances), SNUG_ERROR_DATA);
    expect_location(message);
    ck_assert_int_eq(snug_fit(model, data, NULL, NULL), SNUG_ERROR_DATA);
    expect_location(message);
    snug_dataset_free(data);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

/* Every metric of the two, and the confusion matrix, are the same. */
static void expect_same_evaluation(const snug_model *model, const snug_dataset *a,
                                   const snug_dataset *b) {
    snug_metrics of_a, of_b;
    bool classes = snug_dataset_class_count(a) > 0;
    snug_status (*evaluate)(const snug_model *, const snug_dataset *, snug_metrics *) =
        classes ? snug_evaluate_confusion : snug_evaluate;
    ck_assert_msg(evaluate(model, a, &of_a) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(evaluate(model, b, &of_b) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(of_a.count, of_b.count);
    for (size_t i = 0; i < of_a.count; i++) {
        double x = of_a.values[i].value, y = of_b.values[i].value;
        ck_assert_msg(x == y || (isnan(x) && isnan(y)), "%s: %g, %g", of_a.values[i].name, x, y);
    }
    ck_assert_uint_eq(of_a.classes, of_b.classes);
    for (size_t i = 0; i < of_a.classes * of_a.classes; i++) {
        ck_assert_double_eq(of_a.confusion[i], of_b.confusion[i]);
    }
    snug_metrics_clear(&of_a);
    snug_metrics_clear(&of_b);
}

/* The text, read as it is, is evaluated like the same text read for the model. */
static void evaluates_alike(const snug_model *model, const char *text, const char *target) {
    static const char *const names[] = {"loss"};
    snug_dataset *data = read_text(text, &(snug_csv_options){.target = target});
    snug_dataset *read_for = snug_dataset_read_for(model, "t.csv", NULL);
    double means[2][3], variances[2][3];
    snug_gradient_report report = {0};
    snug_metrics m;
    ck_assert_msg(read_for != NULL, "%s", snug_error());
    expect_same_evaluation(model, data, read_for);
    ck_assert_int_eq(snug_evaluate_metrics(model, data, names, 1, &m), SNUG_OK);
    ck_assert_int_eq(snug_model_statistics(model, data, means[0], variances[0]), SNUG_OK);
    ck_assert_int_eq(snug_model_statistics(model, read_for, means[1], variances[1]), SNUG_OK);
    ck_assert_mem_eq(means[0], means[1], sizeof means[0]);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    snug_gradient_report_clear(&report);
    snug_dataset_free(read_for);
    snug_dataset_free(data);
}

START_TEST(classes_and_columns_of_an_evaluation_are_matched) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_model *model = trained(data, 3);
    evaluates_alike(model, THREE_CLASSES, "kind");
    evaluates_alike(model, TWO_CLASSES, "kind");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(categories_and_targets_of_an_evaluation_are_matched) {
    static const char *const targets[] = {"price", "tax", NULL};
    snug_dataset *data =
        read_text("size,colour,price,tax\n1,red,2.5,1\n2,blue,3.5,2\n3,red,7.25,0.5\n",
                  &(snug_csv_options){.targets = targets});
    snug_model *model = trained(data, 2);
    snug_dataset *turned =
        read_text("tax,size,price,colour\n1.5,4,2,red\n0.25,5,1,pink\n",
                  &(snug_csv_options){.targets = (const char *[]){"tax", "price", NULL}});
    snug_dataset *read_for = snug_dataset_read_for(model, "t.csv", NULL);
    ck_assert_msg(read_for != NULL, "%s", snug_error());
    expect_same_evaluation(model, turned, read_for);
    snug_dataset_free(read_for);
    snug_dataset_free(turned);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(names_that_differ_are_refused) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_model *model = trained(data, 3);
    refuses_names(model, "tall,high,kind\n2,1,oak\n1,3,elm\n5,2,ash\n",
                  "the data: the column \"wide\"");
    refuses_names(model, "wide,high,kind\n1,2,oak\n3,1,elm\n3,1,ash\n3,4,yew\n",
                  "the data: column \"kind\": unknown class \"yew\"");
    refuses_names(model, "wide,high,kind\n1,2,0.5\n3,1,1.5\n3,1,2.5\n", "the data: has targets");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- training -------------------------------------------------------------------------------- */

static void expect_same_tensors(snug_model *a, snug_model *b) {
    snug_tensor_info of_a, of_b;
    for (size_t i = 0; i < snug_model_tensor_count(a); i++) {
        ck_assert_int_eq(snug_model_tensor(a, i, &of_a), SNUG_OK);
        ck_assert_int_eq(snug_model_tensor(b, i, &of_b), SNUG_OK);
        ck_assert_mem_eq(of_a.values, of_b.values, of_a.rows * of_a.columns * sizeof(float));
    }
}

/* A model is trained again on data that is its own by name, to the same weights. */
START_TEST(data_of_a_trained_model_is_matched) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_model *model = trained(data, 3), *other = trained(data, 3);
    snug_dataset *two = read_text(TWO_CLASSES, &(snug_csv_options){.target = "kind"});
    snug_dataset *read_for = snug_dataset_read_for(model, "t.csv", NULL);
    snug_fit_options o = {.epochs = 2, .seed = 4, .validation = 0.4};
    ck_assert_msg(snug_fit(model, two, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_fit(other, read_for, &o, NULL) == SNUG_OK, "%s", snug_error());
    expect_same_tensors(model, other);
    ck_assert_str_eq(snug_model_class_name(model, 0), "ash");
    snug_dataset_free(read_for);
    snug_dataset_free(two);
    snug_dataset_free(data);
    snug_model_free(other);
    snug_model_free(model);
}
END_TEST

/* The validation loss of the last epoch is that of the model on the data read for it. */
static void validates(snug_model *model, const snug_dataset *data, const snug_dataset *validation) {
    snug_fit_options o = {.epochs = 2, .validation_data = validation};
    snug_history *history;
    snug_metrics m;
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    snug_dataset *read_for = snug_dataset_read_for(model, "t.csv", NULL);
    ck_assert_int_eq(snug_evaluate(model, read_for, &m), SNUG_OK);
    const snug_metrics *last = snug_history_validation(history, 2);
    ck_assert_double_eq(snug_metrics_get(last, "loss"), snug_metrics_get(&m, "loss"));
    ck_assert_double_eq(snug_metrics_get(last, "accuracy"), snug_metrics_get(&m, "accuracy"));
    snug_dataset_free(read_for);
    snug_history_free(history);
}

START_TEST(validation_data_is_matched_with_the_training_data_or_the_model) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_dataset *two = read_text(TWO_CLASSES, &(snug_csv_options){.target = "kind"});
    snug_model *model = mlp(2, 3);
    validates(model, data, two);
    validates(model, data, two);
    snug_model_free(model);
    snug_dataset_free(two);
    snug_dataset_free(data);
}
END_TEST

START_TEST(validation_data_of_other_names_is_refused) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_dataset *other = read_text("wide,high,kind\n1,2,oak\n3,1,yew\n", NULL);
    snug_model *model = mlp(2, 3);
    snug_fit_options o = {.epochs = 1, .validation_data = other};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DATA);
    expect_location("the validation data: column \"kind\": unknown class \"yew\"; the training");
    ck_assert_ptr_null(snug_model_preprocessing(model));
    snug_model_free(model);
    snug_dataset_free(other);
    snug_dataset_free(data);
}
END_TEST

/* A category of which the training rows know nothing is a warning of the run. */
START_TEST(an_unknown_category_is_a_warning_or_an_error) {
    snug_dataset *data = read_text("size,colour,price\n1,red,2.5\n2,blue,3.5\n3,red,7.25\n", NULL);
    snug_dataset *other = read_text("colour,size,price\npink,1,0.5\nred,2,1.5\n", NULL);
    snug_model *model = mlp(3, 1);
    snug_fit_options o = {.epochs = 1, .validation_data = other};
    snug_history *history;
    snug_metrics m;
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_str_eq(snug_history_warning(history, 0),
                     "the validation data: column \"colour\": 1 row has an unknown category, "
                     "\"pink\": an unknown category counts as missing; a model that is trained "
                     "with \"unknown_category\": \"error\" refuses it");
    ck_assert_ptr_null(snug_history_warning(history, 1));
    ck_assert_msg(snug_evaluate(model, other, &m) == SNUG_OK, "%s", snug_error());
    snug_history_free(history);
    o.strict = true;
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DATA);
    expect_location("the validation data: column \"colour\"");
    snug_model_free(model);
    snug_dataset_free(other);
    snug_dataset_free(data);
}
END_TEST

/* ---- no names -------------------------------------------------------------------------------- */

/*
 * Where one side has numbers for names there is nothing to compare; the first classes are enough.
 */
START_TEST(names_that_are_not_known_are_not_compared) {
    static const float x[] = {1, 2, 3, 1, 2, 5};
    static const int32_t classes[] = {1, 2, 0};
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_dataset *arrays = snug_dataset_from_arrays(x, 3, 2, classes);
    snug_dataset *first = read_text("wide,high,kind\n1,2,ash\n3,1,elm\n", NULL);
    snug_model *model = trained(data, 3);
    snug_metrics m;
    ck_assert_msg(snug_evaluate(model, arrays, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_evaluate(model, first, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_fit(model, first, NULL, NULL) == SNUG_OK, "%s", snug_error());
    snug_model_free(model);
    model = trained(arrays, 3);
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(first);
    snug_dataset_free(arrays);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* ---- reading for a model --------------------------------------------------------------------- */

START_TEST(data_is_read_for_a_model) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    snug_model *model = trained(data, 3);
    float row[2];
    write_text("rows.csv", "high,wide\n5,6\n");
    snug_dataset *rows = snug_dataset_read_for(model, "rows.csv",
                                               &(snug_data_options){.table.task = SNUG_TASK_NONE});
    ck_assert_msg(rows != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_dataset_row(rows, 0, row), SNUG_OK);
    expect_floats(2, row, (const float[]){6, 5});
    ck_assert_uint_eq(snug_dataset_class_count(rows), 0);
    snug_dataset_free(rows);
    ck_assert_ptr_null(snug_dataset_read_for(NULL, "rows.csv", NULL));
    expect_location("the model:");
    ck_assert_ptr_null(snug_dataset_read_for(model, NULL, NULL));
    expect_location("the path of the data");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* A model that is not trained has no names; what its loss needs decides what a target is. */
START_TEST(data_is_read_for_the_loss_of_a_new_model) {
    snug_model *model = mlp(1, 1);
    write_text("t.csv", "a,y\n1,0\n2,1\n3,0\n4,1\n5,1\n");
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    snug_dataset *data = snug_dataset_read_for(model, "t.csv", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *names_suite(void) {
    Suite *suite = suite_create("names");
    TCase *tc = directory_case(suite, "names");
    tcase_add_test(tc, classes_and_columns_of_an_evaluation_are_matched);
    tcase_add_test(tc, categories_and_targets_of_an_evaluation_are_matched);
    tcase_add_test(tc, names_that_differ_are_refused);
    tcase_add_test(tc, data_of_a_trained_model_is_matched);
    tcase_add_test(tc, validation_data_is_matched_with_the_training_data_or_the_model);
    tcase_add_test(tc, validation_data_of_other_names_is_refused);
    tcase_add_test(tc, an_unknown_category_is_a_warning_or_an_error);
    tcase_add_test(tc, names_that_are_not_known_are_not_compared);
    tcase_add_test(tc, data_is_read_for_a_model);
    tcase_add_test(tc, data_is_read_for_the_loss_of_a_new_model);
    return suite;
}

REGISTER_SUITE(names_suite)
