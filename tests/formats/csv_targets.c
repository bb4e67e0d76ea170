/* Rows without a target: left out where targets are read, and predicted like all others. */

#include "data/preprocessing.h"
#include "model/data_match.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...) ((const float[]){__VA_ARGS__})
#define NUMBERS(...) ((const size_t[]){__VA_ARGS__})
#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char classes[] = "a,town,y\n1,Bonn,u\n2,Ulm,\n4,Bonn,v\n8,Ulm, \n16,Bonn,u\n";

/* The row has the feature a and the value y. */
static void expect_pair(const snug_dataset *data, size_t row, float a, float y) {
    expect_row(data, row, 1, ROW(a));
    ck_assert_float_eq(snug_dataset_values(data, row)[0], y);
}

/* "Ulm" occurs only in rows that are left out: it is no category. */
START_TEST(leaves_out_rows_without_a_class) {
    snug_dataset *data = read_text(classes, NULL);
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    expect_row(data, 1, 2, ROW(4, 1));
    expect_row(data, 2, 2, ROW(16, 1));
    ck_assert_int_eq(snug_dataset_class(data, 1), 1);
    ck_assert_int_eq(snug_dataset_class(data, 2), 0);
    expect_nth_warning(data, 0, "t.csv:3: column \"y\": 2 values of the target are missing");
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
    expect_refusal(classes, &(snug_csv_options){.strict = true}, "t.csv:3: column \"y\":");
}
END_TEST

START_TEST(leaves_out_rows_without_a_value) {
    static const char text[] = "y,a,w\n,1,1\n2.5,2,3\n\"\",4,1\n-1,8,2\n,16,\n";
    const snug_csv_options options = {.target = "y", .task = SNUG_TASK_REGRESSION, .weights = "w"};
    snug_dataset *data = read_text(text, &options);
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_pair(data, 0, 2, 2.5f);
    expect_pair(data, 1, 8, -1);
    ck_assert_float_eq(snug_dataset_weight(data, 0), 3);
    ck_assert_float_eq(snug_dataset_weight(data, 1), 2);
    expect_nth_warning(data, 0, "t.csv:2: column \"y\": 3 values of the target are missing");
    snug_dataset_free(data);
    expect_refusal("y,a,w\n1,1,1\n2,2,\n", &options, "t.csv:3: column \"w\":");
}
END_TEST

/* With .task AUTO a column turns out to hold values only after the first pass. */
START_TEST(leaves_out_rows_with_a_listed_marker) {
    static const char text[] = "a,y\n1,-200\n2,0.5\n4,-200.0\n8,1.5\n16,2.5\n";
    for (int task = SNUG_TASK_AUTO; task <= SNUG_TASK_REGRESSION; task += SNUG_TASK_REGRESSION) {
        const snug_csv_options options = {.task = (snug_task)task, .missing_values = LIST("-200")};
        snug_dataset *data = read_text(text, &options);
        ck_assert_uint_eq(snug_dataset_row_count(data), 3);
        expect_pair(data, 0, 2, 0.5f);
        expect_pair(data, 2, 16, 2.5f);
        expect_nth_warning(data, 0, "t.csv:2: column \"y\": 2 values of the target are missing");
        snug_dataset_free(data);
        expect_refusal("a,y\n1,-200\n2,-2e2\n", &options, "t.csv: column \"y\":");
    }
}
END_TEST

/* A row is left out where one of several targets is missing. */
START_TEST(leaves_out_rows_without_one_of_several_targets) {
    const snug_csv_options options = {.targets = LIST("z", "y")};
    snug_dataset *data = read_text("z,a,y\n1,2,3\n,4,5\n6,7,\n8,9,10\n11,12,\n", &options);
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_row(data, 1, 1, ROW(9));
    expect_floats(2, snug_dataset_values(data, 1), ROW(8, 10));
    expect_nth_warning(data, 0,
                       "t.csv:3: column \"z\": 1 value of the target is missing here, "
                       "and 2 in 1 other column (\"y\"):");
    snug_dataset_free(data);
    expect_refusal("z,a,y\n1,2,\n,4,5\n", &options, "t.csv:");
}
END_TEST

START_TEST(evaluates_and_predicts_rows_like_a_model) {
    snug_dataset *data = read_text("a,y\n1,u\n3,v\n", NULL);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    static const char text[] = "y,a\n,1\nv,2\n?,4\n";
    expect_refusal(text, &(snug_csv_options){.like = prep}, "t.csv:4: column \"y\":");
    data = read_text("y,a\n,1\nv,2\n,4\n", &(snug_csv_options){.like = prep});
    ck_assert_uint_eq(snug_dataset_row_count(data), 1);
    expect_row(data, 0, 1, ROW(2));
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    expect_nth_warning(data, 0, "t.csv:2: column \"y\": 2 values of the target are missing");
    snug_dataset_free(data);
    data = read_text(text, &(snug_csv_options){.like = prep, .task = SNUG_TASK_NONE});
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    expect_row(data, 2, 1, ROW(4));
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(leaves_out_lines_of_other_formats) {
    write_text("t.jsonl",
               "{\"y\":1.5,\"a\":1}\n{\"a\":2}\n{\"a\":4,\"y\":null}\n{\"a\":8,\"y\":2}\n");
    snug_dataset *data = snug_dataset_read_jsonl("t.jsonl", &(snug_csv_options){.target = "y"});
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_pair(data, 1, 8, 2);
    expect_nth_warning(data, 0, "t.jsonl:2: column \"y\": 2 values of the target are missing");
    snug_dataset_free(data);
    write_text("t.svm", "1.5 1:1\n1:2\n2.5 1:4\n0.5\n");
    data = snug_dataset_read_libsvm("t.svm", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), 3);
    expect_pair(data, 1, 4, 2.5f);
    expect_pair(data, 2, 0, 0.5f);
    expect_nth_warning(data, 0, "t.svm:2: column \"label\": 1 value of the target is missing here");
    snug_dataset_free(data);
}
END_TEST

/* ---- numbers of rows ------------------------------------------------------------------------- */

static void expect_numbers(const snug_dataset *data, size_t count, const size_t *numbers) {
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(snug_dataset_row_number(data, i), numbers[i]);
    }
    ck_assert_uint_eq(snug_dataset_row_number(data, count), 0);
}

START_TEST(numbers_rows_as_their_file_does) {
    static const struct {
        const char *text;
        size_t count, numbers[4];
    } tables[] = {
        {"a,y\n1,1\n2,2\n", 2, {1, 2}},
        {"a,y\n1,1\n2,\n3,\n", 1, {1}},
        {"a,y\n1,\n2,2\n\n4,4\n", 2, {2, 3}},
        {"a,y\n1,1\n\"2\",2\n3,\n4,4\n5,\n6,6\n", 4, {1, 2, 4, 6}},
        /* seconds since 1970: the last pass is made again with offsets */
        {"a,y\n1700000001,1\n1700000002,\n1700000003,3\n", 2, {1, 3}},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snug_dataset *data =
            read_text(tables[i].text, &(snug_csv_options){.task = SNUG_TASK_REGRESSION});
        expect_numbers(data, tables[i].count, tables[i].numbers);
        snug_dataset_free(data);
    }
    write_text("t.jsonl", "{\"a\":2}\n\n{\"a\":4,\"y\":1}\n{\"a\":4}\n{\"a\":8,\"y\":2}\n");
    snug_dataset *data = snug_dataset_read_jsonl("t.jsonl", &(snug_csv_options){.target = "y"});
    expect_numbers(data, 2, NUMBERS(2, 4));
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_the_numbers_of_selected_rows) {
    static const char text[] = "a,part,y\n1,0,1\n2,0,\n3,1,3\n4,0,4\n5,1,\n6,0,6\n";
    const snug_csv_options options = {.split = "part", .task = SNUG_TASK_REGRESSION};
    snug_dataset *all = read_text(text, &options), *rest, *part;
    expect_numbers(all, 4, NUMBERS(1, 3, 4, 6));
    snug_dataset *training = snug_dataset_part(all, SNUG_PART_TRAINING);
    expect_numbers(training, 3, NUMBERS(1, 4, 6));
    snug_dataset *selected = snug_dataset_select(training, NUMBERS(2, 0, 2), 3);
    expect_numbers(selected, 3, NUMBERS(6, 1, 6));
    ck_assert_int_eq(snug_dataset_split(all, 0.5, 3, &rest, &part), SNUG_OK);
    snug_dataset_free(all);
    snug_dataset_free(training);
    for (size_t i = 0; i < 2; i++) { /* the feature is the number of the row */
        expect_row(rest, i, 1, ROW((float)snug_dataset_row_number(rest, i)));
        expect_row(part, i, 1, ROW((float)snug_dataset_row_number(part, i)));
    }
    snug_dataset_free(selected);
    snug_dataset_free(rest);
    snug_dataset_free(part);
}
END_TEST

/* A model whose columns have another order gets a copy of the rows. */
START_TEST(keeps_the_numbers_of_rows_that_are_matched_with_a_model) {
    const snug_csv_options options = {.task = SNUG_TASK_REGRESSION};
    snug_dataset *known = read_text("b,a,y\n1,2,3\n2,1,4\n", &options), *copy, *copy_of_view;
    snug_dataset *data = read_text("a,b,y\n1,1,\n2,1,1\n3,1,2\n", &options);
    snug_dataset *whole = read_text("a,b,y\n1,1,1\n2,1,2\n3,1,3\n", &options);
    snug_dataset *view = snug_dataset_select(whole, NUMBERS(2, 0), 2);
    snug_warnings warnings = {0};
    const snug_table_schema *like = known->storage->table;
    ck_assert_int_eq(snug_dataset_match(data, "the data", like, "the model", &warnings, &copy),
                     SNUG_OK);
    ck_assert_int_eq(
        snug_dataset_match(view, "the data", like, "the model", &warnings, &copy_of_view), SNUG_OK);
    ck_assert_ptr_ne(copy->storage, data->storage);
    expect_numbers(copy, 2, NUMBERS(2, 3));
    expect_numbers(copy_of_view, 2, NUMBERS(3, 1));
    snug_warnings_clear(&warnings);
    snug_dataset *const all[] = {known, data, whole, view, copy, copy_of_view};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snug_dataset_free(all[i]);
    }
}
END_TEST

/* Rows of a group are kept together also when they go to a model with another order of columns. */
START_TEST(keeps_the_groups_of_rows_that_are_matched_with_a_model) {
    const snug_csv_options options = {.task = SNUG_TASK_REGRESSION};
    const uint32_t groups[] = {7, 9, 7, 5};
    snug_dataset *known = read_text("b,a,y\n1,2,3\n2,1,4\n", &options), *copy;
    snug_dataset *whole = read_text("a,b,y\n1,1,1\n2,1,2\n3,1,3\n4,1,4\n", &options);
    ck_assert_int_eq(snug_dataset_set_groups(whole, groups), SNUG_OK);
    snug_dataset *view = snug_dataset_select(whole, NUMBERS(3, 0, 2), 3);
    snug_warnings warnings = {0};
    ck_assert_int_eq(
        snug_dataset_match(view, "the data", known->storage->table, "the model", &warnings, &copy),
        SNUG_OK);
    ck_assert_ptr_nonnull(copy->storage->groups);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(copy->storage->groups[i], ((const uint32_t[]){5, 7, 7})[i]);
    }
    snug_warnings_clear(&warnings);
    snug_dataset *const all[] = {known, whole, view, copy};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        snug_dataset_free(all[i]);
    }
}
END_TEST

static Suite *csv_targets_suite(void) {
    Suite *suite = suite_create("csv, rows without a target");
    TCase *tests = directory_case(suite, "targets");
    tcase_add_test(tests, leaves_out_rows_without_a_class);
    tcase_add_test(tests, leaves_out_rows_without_a_value);
    tcase_add_test(tests, leaves_out_rows_with_a_listed_marker);
    tcase_add_test(tests, leaves_out_rows_without_one_of_several_targets);
    tcase_add_test(tests, evaluates_and_predicts_rows_like_a_model);
    tcase_add_test(tests, leaves_out_lines_of_other_formats);
    tcase_add_test(tests, numbers_rows_as_their_file_does);
    tcase_add_test(tests, keeps_the_numbers_of_selected_rows);
    tcase_add_test(tests, keeps_the_numbers_of_rows_that_are_matched_with_a_model);
    tcase_add_test(tests, keeps_the_groups_of_rows_that_are_matched_with_a_model);
    return suite;
}

REGISTER_SUITE(csv_targets_suite)
