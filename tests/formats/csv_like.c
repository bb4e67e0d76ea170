/* Tables read as another was read. */
#include <math.h>
#include <stdio.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

/* The preprocessing of a table; free it. */
static snug_preprocessing *learn(const char *text, const snug_csv_options *options) {
    snug_dataset *data = read_text(text, options);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_STANDARD));
    snug_dataset_free(data);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

/* The same as a model file holds it, without the member `lacks` (NULL: with all). */
static snug_preprocessing *learn_again(const char *text, const snug_csv_options *options,
                                       const char *lacks) {
    snug_preprocessing *prep = learn(text, options);
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    if (lacks != NULL) {
        cJSON_DeleteItemFromObjectCaseSensitive(json, lacks);
    }
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

static const char training[] = "width,colour,length,kind\n"
                               "1,red,10,u\n"
                               "2,blue,20,v\n"
                               "3,red,30,w\n";

START_TEST(matches_several_targets) {
    static const char *const targets[] = {"up", "down", NULL};
    snug_preprocessing *prep =
        learn("down,a,up,b\n1,2,3,4\n5,6,7,9\n", &(snug_csv_options){.targets = targets});
    snug_csv_options like = {.like = prep};
    snug_dataset *data = read_text("b,up,a,down\n10,11,12,13\n", &like);
    expect_row(data, 0, 2, ROW(12, 10));
    expect_floats(2, snug_dataset_values(data, 0), ROW(11, 13));
    snug_dataset_free(data);
    like.no_header = true;
    data = read_text("10,11,12,13\n", &like);
    expect_row(data, 0, 2, ROW(11, 13));
    expect_floats(2, snug_dataset_values(data, 0), ROW(12, 10));
    snug_dataset_free(data);
    like.no_header = false;
    expect_refusal("b,up,a\n1,2,3\n", &like, "t.csv:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(matches_numbered_targets_where_they_were) {
    static const char *const targets[] = {"4", "column1", NULL};
    snug_preprocessing *prep =
        learn("1,2,3,4\n5,6,7,9\n", &(snug_csv_options){.targets = targets, .no_header = true});
    snug_dataset *data =
        read_text("10,11,12,13\n", &(snug_csv_options){.like = prep, .no_header = true});
    expect_row(data, 0, 2, ROW(11, 12));
    expect_floats(2, snug_dataset_values(data, 0), ROW(13, 10));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(matches_columns_by_name) {
    snug_preprocessing *prep = learn(training, NULL);
    snug_csv_options like = {.like = prep};
    snug_dataset *data = read_text("kind,length,colour,width\nw,5,blue,6\nu,7,red,8\n", &like);
    expect_row(data, 0, 4, ROW(6, 1, 0, 5));
    expect_row(data, 1, 4, ROW(8, 0, 1, 7));
    ck_assert_int_eq(snug_dataset_class(data, 0), 2);
    ck_assert_int_eq(snug_dataset_class(data, 1), 0);
    ck_assert_uint_eq(snug_dataset_class_count(data), 3);
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "kind");
    snug_dataset_free(data);
    data = read_text("width;length;colour\n1;2;red\n",
                     &(snug_csv_options){.like = prep, .delimiter = ';', .target = "ignored"});
    expect_row(data, 0, 4, ROW(1, 0, 1, 2));
    ck_assert_uint_eq(snug_dataset_class_count(data), 0);
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    ck_assert_int_eq(snug_dataset_class(data, 0), -1);
    ck_assert_ptr_null(snug_dataset_class_name(data, 0));
    ck_assert_ptr_null(snug_dataset_target_name(data, 0));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(says_what_does_not_match) {
    static const char *const cases[][2] = {
        {"width,colour,kind\n1,red,u\n", "t.csv:"},
        {"width,colour,lenght\n1,red,2\n", "t.csv:"},
        {"width:colour:length\n1:red:2\n", "t.csv:"},
        {"width,colour,length,note\n1,red,2,x\n", "t.csv:"},
        {"width,colour,length\n1,red,2\none,red,2\n", "t.csv:3: column \"width\":"},
        {"width,colour,length\n1,pink,2\n", "t.csv:2: column \"colour\":"},
        {"width,colour,length,kind\n1,red,2,u\n1,red,2,x\n", "t.csv:3: column \"kind\":"},
        {"width,colour,length\n1,,2\n", "t.csv:2: column \"colour\":"},
        {"width,colour,length\ninf,red,2\n", "t.csv:2: column \"width\":"},
    };
    snug_preprocessing *prep =
        learn(training, &(snug_csv_options){.missing = SNUG_MISSING_ERROR,
                                            .unknown_category = SNUG_UNKNOWN_ERROR});
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refusal(cases[i][0], &(snug_csv_options){.like = prep}, cases[i][1]);
    }
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(matches_by_position_without_a_header) {
    snug_preprocessing *prep = learn(training, NULL);
    snug_csv_options like = {.like = prep, .no_header = true};
    snug_dataset *data = read_text("1,red,2\n3,blue,4\n", &like);
    expect_row(data, 1, 4, ROW(3, 1, 0, 4));
    snug_dataset_free(data);
    data = read_text("1,red,2,v\n3,blue,4,w\n", &like);
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    expect_row(data, 1, 4, ROW(3, 1, 0, 4));
    snug_dataset_free(data);
    expect_refusal("1,red\n", &like, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

/* A model file holds the places of the targets, so that a table of it needs no names. */
START_TEST(matches_a_named_target_where_it_was) {
    snug_preprocessing *prep =
        learn_again("kind,a,b\nu,2,3\nv,4,6\nu,5,8\n", &(snug_csv_options){.target = "kind"}, NULL);
    snug_csv_options like = {.like = prep, .no_header = true};
    snug_dataset *data = read_text("v,10,11\nu,12,14\n", &like);
    expect_row(data, 1, 2, ROW(12, 14));
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
    like.task = SNUG_TASK_NONE;
    data = read_text("?,10,11\n,12,14\n", &like);
    expect_row(data, 0, 2, ROW(10, 11));
    snug_dataset_free(data);
    data = read_text("10,11\n12,14\n", &like);
    expect_row(data, 1, 2, ROW(12, 14));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* A header of one column that another delimiter would cut. */
START_TEST(asks_for_the_delimiter_of_a_single_feature) {
    snug_preprocessing *prep = learn("x,y\n1,2\n3,5\n", NULL);
    expect_refusal("x;y\n1;2\n", &(snug_csv_options){.like = prep}, "t.csv:");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(asks_for_the_delimiter_of_a_table_like_another) {
    static const float x[] = {1, 2, 3, 4, 5, 7};
    snug_preprocessing *prep = learn(training, NULL);
    expect_refusal("width;colour;length\n1;red,0;2\n", &(snug_csv_options){.like = prep}, "t.csv:");
    expect_refusal("length,x\n1,2\n", &(snug_csv_options){.like = prep, .delimiter = ';'},
                   "t.csv:");
    snug_preprocessing_free(prep);
    snug_dataset *arrays = snug_dataset_from_arrays(x, 2, 3, NULL);
    prep = snug_preprocessing_new(snug_table_schema_copy(arrays->storage->table),
                                  snug_scaler_fit(arrays, SNUG_SCALING_NONE));
    snug_dataset_free(arrays);
    expect_refusal("a|b|c\n1|2|3\n", &(snug_csv_options){.like = prep}, "t.csv:1:");
    expect_refusal("1\t2\t3\n", &(snug_csv_options){.like = prep, .no_header = true}, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

/* An older model file names its target, and does not tell where it was. */
START_TEST(refuses_targets_of_unknown_places) {
    static const char table[] = "y,a,b\n1,2,3\n4,5,7\n";
    snug_preprocessing *prep = learn_again(
        table, &(snug_csv_options){.target = "y", .task = SNUG_TASK_REGRESSION}, "target_columns");
    snug_csv_options like = {.like = prep, .no_header = true};
    expect_refusal("1,2,3\n", &like, "t.csv:1:");
    snug_dataset *data = read_text("8,9\n", &like);
    expect_row(data, 0, 2, ROW(8, 9));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
    prep = learn_again(
        "1,2,3\n4,5,7\n",
        &(snug_csv_options){.target = "1", .task = SNUG_TASK_REGRESSION, .no_header = true},
        "target_columns");
    like.like = prep;
    data = read_text("7,8,9\n", &like);
    expect_row(data, 0, 2, ROW(8, 9));
    expect_floats(1, snug_dataset_values(data, 0), ROW(7));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* By number, if all columns are there; a table that lacks some could be shifted. */
START_TEST(matches_numbers_of_all_columns) {
    static const char *const ignored[] = {"5", NULL};
    snug_preprocessing *prep = learn_again(
        "1,2,0.5,3,id1\n4,5,2,7,id2\n",
        &(snug_csv_options){.target = "1", .weights = "3", .ignore = ignored, .no_header = true},
        NULL);
    snug_csv_options like = {.like = prep, .no_header = true};
    snug_dataset *data = read_text("10,11,3,13,id3\n", &like);
    expect_row(data, 0, 2, ROW(11, 13));
    expect_floats(1, snug_dataset_values(data, 0), ROW(10));
    ck_assert(snug_dataset_weight(data, 0) == 3);
    snug_dataset_free(data);
    data = read_text("11,13\n", &like);
    expect_row(data, 0, 2, ROW(11, 13));
    snug_dataset_free(data);
    like.task = SNUG_TASK_NONE; /* without its target the columns' numbers would be other ones */
    expect_refusal("11,3,13,14\n", &like, "t.csv:1:");
    expect_refusal("11,13,14\n", &like, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

/* Where weights and ignored columns were is not known of a table with names. */
START_TEST(needs_names_beside_weights) {
    snug_preprocessing *prep = learn_again(
        "w,y,a,b\n1,2,3,4\n2,5,6,8\n", &(snug_csv_options){.target = "y", .weights = "w"}, NULL);
    snug_csv_options like = {.like = prep, .no_header = true};
    static const char *const tables[] = {"1,2,3,4\n", "2,3,4\n"};
    for (size_t i = 0; i < 2; i++) {
        char message[200];
        snprintf(message, sizeof message,
                 "t.csv:1: has %zu fields and no names, where the model has 2 columns of features: "
                 "give these alone, or give the table a header",
                 4 - i);
        expect_refusal(tables[i], &like, message);
    }
    snug_dataset *data = read_text("3,4\n", &like);
    expect_row(data, 0, 2, ROW(3, 4));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* The target may have been the first column. */
START_TEST(finds_a_numbered_target) {
    snug_preprocessing *prep =
        learn("a,1,2\nb,3,4\na,5,7\n", &(snug_csv_options){.no_header = true, .target = "1"});
    snug_csv_options like = {.like = prep, .no_header = true};
    snug_dataset *data = read_text("b,5,6\na,7,8\n", &like);
    expect_row(data, 0, 2, ROW(5, 6));
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
    data = read_text("5,6\n7,8\n", &like);
    expect_row(data, 1, 2, ROW(7, 8));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(reads_values_and_missing_ones) {
    snug_preprocessing *prep = learn("a,b,y\n1,2,0.5\n,3,1.5\n4,5,2.5\n",
                                     &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    snug_csv_options like = {.like = prep};
    snug_dataset *data = read_text("y,b,a\n9.5,,1\n8.5,2,\n", &like);
    expect_row(data, 0, 2, ROW(1, NAN));
    expect_row(data, 1, 2, ROW(NAN, 2));
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], 8.5f);
    snug_dataset_free(data);
    expect_refusal("y,b,a\n1,2,3\nz,2,3\n", &like, "t.csv:3: column \"y\":");
    snug_preprocessing_free(prep);
}
END_TEST

/* Rows to be predicted: targets and weights are ignored, whatever they hold. */
START_TEST(ignores_targets_and_weights) {
    snug_preprocessing *prep =
        learn("w,a,kind,b\n1,2,u,3\n2,4,v,5\n0,6,u,7\n",
              &(snug_csv_options){.target = "kind", .weights = "w", .missing = SNUG_MISSING_ERROR});
    snug_csv_options like = {.like = prep, .task = SNUG_TASK_NONE};
    snug_dataset *data = read_text("kind,w,b,a\n,,1,2\n?,-3,5,6\nnew,x,7,8\n\xE9,0,9,10\n", &like);
    ck_assert_uint_eq(snug_dataset_class_count(data), 0);
    ck_assert_int_eq(snug_dataset_class(data, 0), -1);
    ck_assert_ptr_null(snug_dataset_target_name(data, 0));
    ck_assert(!snug_dataset_weighted(data));
    expect_row(data, 2, 2, ROW(8, 7));
    expect_row(data, 3, 2, ROW(10, 9));
    snug_dataset_free(data);
    expect_refusal("a,b,kind\n1,,u\n", &like, "t.csv:2: column \"b\":");
    snug_preprocessing_free(prep);
}
END_TEST

/* Several values, one of the columns, and none; by name and by position. */
START_TEST(ignores_values_of_targets) {
    static const char *const targets[] = {"y", "z", NULL};
    snug_preprocessing *prep =
        learn("a,b,y,z\n1,2,3,4\n5,6,7,9\n", &(snug_csv_options){.targets = targets});
    snug_csv_options like = {.like = prep, .task = SNUG_TASK_NONE};
    static const char *const tables[] = {"y,b,a\n,2,5\n", "z,b,y,a\nNA,2,word,5\n", "b,a\n2,5\n"};
    for (size_t i = 0; i < 3; i++) {
        snug_dataset *data = read_text(tables[i], &like);
        ck_assert_uint_eq(snug_dataset_output_count(data), 0);
        ck_assert_ptr_null(snug_dataset_values(data, 0));
        expect_row(data, 0, 2, ROW(5, 2));
        snug_dataset_free(data);
    }
    like.no_header = true;
    snug_dataset *data = read_text("5,2,,word\n6,3,1e99,\n", &like);
    ck_assert_uint_eq(snug_dataset_output_count(data), 0);
    expect_row(data, 1, 2, ROW(6, 3));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* A model trained on arrays has no names: columns go by position, several values among them. */
START_TEST(reads_for_unnamed_features) {
    static const float x[] = {1, 2, 3, 4, 5, 7}, y[] = {1, 2, 3, 4, 5, 6};
    snug_dataset *arrays = snug_dataset_from_values(x, 3, 2, y, 2);
    snug_preprocessing *prep = snug_preprocessing_new(
        snug_table_schema_copy(arrays->storage->table), snug_scaler_fit(arrays, SNUG_SCALING_NONE));
    snug_dataset_free(arrays);
    snug_csv_options like = {.like = prep};
    snug_dataset *data = read_text("any,names,first,second\n1,2,3,4\n", &like);
    expect_row(data, 0, 2, ROW(1, 2));
    ck_assert_float_eq(snug_dataset_values(data, 0)[0], 3);
    ck_assert_float_eq(snug_dataset_values(data, 0)[1], 4);
    ck_assert_str_eq(snug_dataset_target_name(data, 1), "y2");
    snug_dataset_free(data);
    expect_refusal("a,b,c\n1,2,3\n", &like, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

/* A file may say that unnamed features have a named column of weights beside them. */
START_TEST(reads_for_unnamed_features_with_named_weights) {
    cJSON *json = cJSON_Parse("{\"features\": 2, \"targets\": [\"y\"], \"weights\": [\"column1\"], "
                              "\"missing\": \"error\", \"standardize\": false, \"shift\": [0, 0], "
                              "\"factor\": [1, 1], \"fill\": [0, 0]}");
    snug_preprocessing *prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    snug_csv_options like = {.like = prep, .no_header = true};
    expect_refusal("1,2,3,4\n", &like, "t.csv:1:");
    snug_preprocessing_free(prep);
}
END_TEST

static Suite *csv_like_suite(void) {
    Suite *suite = suite_create("csv, like another");
    TCase *tests = directory_case(suite, "like");
    tcase_add_test(tests, matches_columns_by_name);
    tcase_add_test(tests, matches_several_targets);
    tcase_add_test(tests, reads_for_unnamed_features_with_named_weights);
    tcase_add_test(tests, matches_numbered_targets_where_they_were);
    tcase_add_test(tests, matches_a_named_target_where_it_was);
    tcase_add_test(tests, refuses_targets_of_unknown_places);
    tcase_add_test(tests, matches_numbers_of_all_columns);
    tcase_add_test(tests, needs_names_beside_weights);
    tcase_add_test(tests, asks_for_the_delimiter_of_a_single_feature);
    tcase_add_test(tests, asks_for_the_delimiter_of_a_table_like_another);
    tcase_add_test(tests, says_what_does_not_match);
    tcase_add_test(tests, matches_by_position_without_a_header);
    tcase_add_test(tests, finds_a_numbered_target);
    tcase_add_test(tests, reads_values_and_missing_ones);
    tcase_add_test(tests, ignores_targets_and_weights);
    tcase_add_test(tests, ignores_values_of_targets);
    tcase_add_test(tests, reads_for_unnamed_features);
    return suite;
}

REGISTER_SUITE(csv_like_suite)
