/* Columns that are neither features nor targets; parts of a table; other delimiters. */
#include <string.h>

#include "data/preprocessing.h"
#include "support/errors.h"
#include "support/suite.h"
#include "support/tables.h"

static const char text[] = "id,w,part,a,b,y\n"
                           "r1,1,0,10,2.5,u\n"
                           "r2,0,2,11,3.5,v\n"
                           "r3,2.5,1,12,4.5,v\n"
                           "r4,1,0,13,5.5,u\n";

static const char *const id[] = {"id", NULL};

static const snug_csv_options all = {
    .target = "y", .weights = "w", .split = "part", .ignore = id, .task = SNUG_TASK_CLASSIFICATION};

START_TEST(excludes_columns) {
    snug_dataset *data = read_text(text, &all);
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "b");
    expect_row(data, 2, 2, (float[]){12, 4.5f});
    ck_assert(snug_dataset_weighted(data));
    ck_assert(snug_dataset_weight(data, 0) == 1 && snug_dataset_weight(data, 1) == 0 &&
              snug_dataset_weight(data, 2) == 2.5f);
    ck_assert_int_eq(snug_dataset_class(data, 1), 1);
    snug_dataset_free(data);
}
END_TEST

START_TEST(splits_by_a_column) {
    snug_dataset *data = read_text(text, &all);
    snug_dataset *train = snug_dataset_part(data, SNUG_PART_TRAINING),
                 *test = snug_dataset_part(data, SNUG_PART_TEST);
    snug_dataset_free(data);
    ck_assert_uint_eq(snug_dataset_row_count(train), 2);
    expect_row(train, 1, 2, (float[]){13, 5.5f});
    ck_assert_uint_eq(snug_dataset_row_count(test), 1);
    expect_row(test, 0, 2, (float[]){11, 3.5f});
    ck_assert_ptr_null(snug_dataset_part(train, SNUG_PART_VALIDATION));
    expect_location("there are no rows");
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_DATA);
    snug_dataset_free(train);
    snug_dataset_free(test);
    data = read_text(text, NULL);
    ck_assert_ptr_null(snug_dataset_part(data, SNUG_PART_TRAINING));
    expect_location("the data has no parts:");
    snug_dataset_free(data);
}
END_TEST

START_TEST(takes_named_columns_alone) {
    static const char *const columns[] = {"b", "part", NULL};
    snug_dataset *data =
        read_text(text, &(snug_csv_options){.target = "y", .weights = "w", .columns = columns});
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    expect_row(data, 1, 2, (float[]){2, 3.5f}); /* in the order of the file */
    snug_dataset_free(data);
    static const char *const numbers[] = {"5", NULL};
    data = read_text(
        "1,2,3,4,5,6\n2,3,4,5,7,6\n",
        &(snug_csv_options){.no_header = true, .columns = numbers, .task = SNUG_TASK_REGRESSION});
    ck_assert_uint_eq(snug_dataset_column_count(data), 1);
    expect_row(data, 1, 1, (float[]){7});
    ck_assert(snug_dataset_values(data, 0)[0] == 6);
    snug_dataset_free(data);
}
END_TEST

/* Without a name the target is the last column that is nothing else. */
START_TEST(finds_the_last_column_that_is_left) {
    snug_dataset *data =
        read_text("a,y,w\n1,2,0.5\n3,4,1\n",
                  &(snug_csv_options){.weights = "w", .task = SNUG_TASK_REGRESSION});
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "y");
    ck_assert_uint_eq(snug_dataset_column_count(data), 1);
    snug_dataset_free(data);
}
END_TEST

/* A table read as another knows what was excluded there, present or not. */
START_TEST(reads_another_table_like_it) {
    snug_dataset *data = read_text(text, &all);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_STANDARD));
    snug_dataset_free(data);
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    data = read_text("b,y,w,id,a\n1,v,3,x,2\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){2, 1});
    ck_assert(snug_dataset_weight(data, 0) == 3);
    snug_dataset_free(data);
    data = read_text("b,a\n1,2\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){2, 1});
    ck_assert(!snug_dataset_weighted(data));
    snug_dataset_free(data);
    expect_refusal("b,a,c\n1,2,3\n", &(snug_csv_options){.like = prep}, "t.csv:");
    snug_preprocessing_free(prep);
}
END_TEST

/* A text column as one feature, missing or not; kept by what the model stores. */
START_TEST(numbers_categories) {
    const snug_csv_options options = {.task = SNUG_TASK_REGRESSION,
                                      .missing = SNUG_MISSING_MEAN,
                                      .categories = SNUG_CATEGORIES_INTEGER};
    snug_dataset *data = read_text("a,colour,y\n1,red,5\n2,blue,6\n3,,7\n4,red,8\n", &options);
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "colour");
    expect_row(data, 0, 2, (float[]){1, 1});
    expect_row(data, 1, 2, (float[]){2, 0});
    float features[2];
    snug_dataset_row(data, 2, features);
    ck_assert(features[0] == 3 && features[1] != features[1]);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    data = read_text("colour,a\nred,9\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 2, (float[]){9, 1});
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(refuses_what_contradicts) {
    static const char *const w[] = {"w", NULL}, *const y[] = {"y", NULL},
                             *const most[] = {"a", "b", NULL}, *const parts[] = {"pat", NULL};
    expect_refusal(text, &(snug_csv_options){.weights = "w", .ignore = w}, "t.csv:");
    expect_refusal(text, &(snug_csv_options){.target = "w", .weights = "w"}, "t.csv:");
    expect_refusal(text, &(snug_csv_options){.target = "y", .columns = y}, "t.csv:");
    expect_refusal(text, &(snug_csv_options){.ignore = parts}, "t.csv:");
    expect_refusal("a,b,y\n1,2,3\n", &(snug_csv_options){.ignore = most}, "t.csv:");
    expect_refusal("a,w,y\n1,-1,3\n", &(snug_csv_options){.weights = "w"},
                   "t.csv:2: column \"w\":");
    expect_refusal("a,w,y\n1,0,3\n2,0,4\n", &(snug_csv_options){.weights = "w"}, "t.csv:");
    expect_refusal("a,w,y\n1,,3\n", &(snug_csv_options){.weights = "w"}, "t.csv:2: column \"w\":");
    expect_refusal("a,s,y\n1,3,3\n", &(snug_csv_options){.split = "s"}, "t.csv:2: column \"s\":");
}
END_TEST

START_TEST(takes_blanks_as_one_delimiter) {
    snug_dataset *data =
        read_text("  a   b y\n1    2.5 3\n\n 4 \"5\"  6   \n",
                  &(snug_csv_options){.delimiter = ' ', .task = SNUG_TASK_REGRESSION});
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_row(data, 0, 2, (float[]){1, 2.5f});
    expect_row(data, 1, 2, (float[]){4, 5});
    ck_assert(snug_dataset_values(data, 1)[0] == 6);
    snug_dataset_free(data);
}
END_TEST

static bool read_all(void) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", &all);
    snug_dataset *train = data != NULL ? snug_dataset_part(data, SNUG_PART_TRAINING) : NULL;
    bool good = train != NULL;
    snug_dataset_free(train);
    snug_dataset_free(data);
    return good;
}

START_TEST(bears_every_failing_allocation) {
    write_text("t.csv", text);
    expect_every_failure(read_all);
}
END_TEST

static Suite *csv_roles_suite(void) {
    Suite *suite = suite_create("csv, roles");
    TCase *tests = directory_case(suite, "roles");
    tcase_add_test(tests, excludes_columns);
    tcase_add_test(tests, splits_by_a_column);
    tcase_add_test(tests, takes_named_columns_alone);
    tcase_add_test(tests, finds_the_last_column_that_is_left);
    tcase_add_test(tests, reads_another_table_like_it);
    tcase_add_test(tests, numbers_categories);
    tcase_add_test(tests, refuses_what_contradicts);
    tcase_add_test(tests, takes_blanks_as_one_delimiter);
    tcase_add_test(tests, bears_every_failing_allocation);
    return suite;
}

REGISTER_SUITE(csv_roles_suite)
