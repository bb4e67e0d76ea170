/* Rows of one table as rows of another, by names. */
#include <math.h>
#include <string.h>

#include "model/data_match.h"
#include "schema/offsets.h"
#include "support/suite.h"
#include "support/tables.h"

#define LIKE                                                                                       \
    "size,colour,kind\n1,blue,oak\n2,green,elm\n3,red,ash\n4,blue,oak\n5,red,elm\n6,green,ash\n"

/* The rows of a text as rows of another, whose names are those of LIKE's columns. */
#define ROW(...) ((const float[]){__VA_ARGS__})

static snug_dataset *match(snug_dataset *data, const char *like_text, const snug_csv_options *how,
                           snug_warnings *warnings) {
    snug_dataset *like = read_text(like_text, how), *matched;
    snug_status status =
        snug_dataset_match(data, "the data", like->storage->table, "the model", warnings, &matched);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    snug_dataset_free(like);
    return matched;
}

static void refuses(const char *text, const char *like_text, const char *location) {
    snug_dataset *like = read_text(like_text, NULL), *data = read_text(text, NULL), *matched;
    ck_assert_int_eq(
        snug_dataset_match(data, "the data", like->storage->table, "the model", NULL, &matched),
        SNUG_ERROR_DATA);
    expect_location(location);
    ck_assert_ptr_null(matched);
    snug_dataset_free(data);
    snug_dataset_free(like);
}

START_TEST(rows_that_do_not_differ_are_shared) {
    snug_dataset *data = read_text(LIKE, NULL), *matched = match(data, LIKE, NULL, NULL);
    ck_assert_ptr_eq(matched->storage, data->storage);
    snug_dataset_free(matched);
    /* the first of the classes alone: their numbers are the same */
    snug_dataset *first = read_text("size,colour,kind\n1,blue,ash\n2,red,ash\n3,green,elm\n", NULL);
    matched = match(first, LIKE, NULL, NULL);
    ck_assert_ptr_eq(matched->storage, first->storage);
    snug_dataset_free(matched);
    snug_dataset_free(first);
    snug_dataset_free(data);
}
END_TEST

START_TEST(columns_categories_and_classes_are_matched_by_name) {
    /* columns, categories and classes elsewhere: red is category 0 here, elm is class 0 */
    snug_dataset *data = read_text("kind,colour,size\noak,red,7\nelm,red,8\noak,red,9\n",
                                   &(snug_csv_options){.target = "kind"});
    snug_dataset *matched = match(data, LIKE, NULL, NULL);
    const float rows[3][4] = {{7, 0, 0, 1}, {8, 0, 0, 1}, {9, 0, 0, 1}};
    const int32_t classes[] = {2, 1, 2};
    ck_assert_uint_eq(snug_dataset_row_count(matched), 3);
    ck_assert_uint_eq(snug_dataset_column_count(matched), 4);
    ck_assert_uint_eq(snug_dataset_class_count(matched), 3);
    ck_assert_str_eq(snug_dataset_column_name(matched, 3), "colour=red");
    ck_assert_str_eq(snug_dataset_class_name(matched, 2), "oak");
    ck_assert_str_eq(snug_dataset_target_name(matched, 0), "kind");
    for (size_t i = 0; i < 3; i++) {
        expect_row(matched, i, 4, rows[i]);
        ck_assert_int_eq(snug_dataset_class(matched, i), classes[i]);
    }
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

START_TEST(selected_rows_keep_their_weights_and_values) {
    static const char *const ab[] = {"a", "b", NULL}, *const ba[] = {"b", "a", NULL};
    snug_csv_options how = {.targets = ab, .weights = "w"};
    snug_dataset *data =
        read_text("b,x,w,z,a\n1,2,3,4,5\n10,20,30,40,50\n7,7,7,7,7\n100,200,300,400,500\n",
                  &(snug_csv_options){.targets = ba, .weights = "w"});
    const size_t rows[] = {3, 0};
    snug_dataset *selected = snug_dataset_select(data, rows, 2);
    snug_dataset *matched = match(selected, "z,x,a,b,w\n1,2,3,4,1\n", &how, NULL);
    expect_row(matched, 0, 2, (const float[]){400, 200});
    expect_row(matched, 1, 2, (const float[]){4, 2});
    expect_floats(2, snug_dataset_values(matched, 0), (const float[]){500, 100});
    expect_floats(2, snug_dataset_values(matched, 1), (const float[]){5, 1});
    ck_assert_float_eq(snug_dataset_weight(matched, 0), 300);
    ck_assert_float_eq(snug_dataset_weight(matched, 1), 3);
    ck_assert_uint_eq(snug_dataset_output_count(matched), 2);
    snug_dataset_free(matched);
    snug_dataset_free(selected);
    snug_dataset_free(data);
}
END_TEST

/* As with .like, but the cells are gone: their numbers and names are looked for. */
START_TEST(listed_markers_are_missing) {
    static const char *const listed[] = {"-200", "none", NULL};
    const snug_csv_options how = {.missing_values = listed, .missing_indicator = true};
    static const char like[] = "a,c,y\n1,red,2\n-200,none,3\n4,red,5\n6,blue,7\n";
    snug_warnings warnings = {0};
    snug_dataset *data = read_text("a,c,y\n-200.0,red,1\n7,none,4\n8,red,1.5\n-2,blue,1\n", NULL);
    snug_dataset *matched = match(data, like, &how, &warnings);
    expect_row(matched, 0, 5, (const float[]){NAN, 1, 0, 1, 0});
    expect_row(matched, 1, 5, (const float[]){7, 0, NAN, NAN, 1});
    expect_row(matched, 3, 5, (const float[]){-2, 0, 1, 0, 0});
    ck_assert(matched->storage->missing);
    ck_assert_uint_eq(warnings.list.count, 0);
    snug_dataset_free(matched);
    snug_dataset_free(data);
    /* the same columns in the same order: the data itself stays as it is */
    const snug_csv_options numbers = {.missing_values = listed};
    data = read_text("a,y\n-200,1\n5,2\n", NULL);
    matched = match(data, "a,y\n1,2\n-200,1.5\n", &numbers, NULL);
    expect_row(matched, 0, 1, (const float[]){NAN});
    expect_row(data, 0, 1, (const float[]){-200});
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

/* A table that was read with missing values, for a model that refuses them. */
START_TEST(missing_values_are_refused_as_the_model_does) {
    const snug_csv_options strict = {.missing = SNUG_MISSING_ERROR};
    static const char *const texts[] = {"size,colour,kind\n1,blue,oak\n,red,elm\n",
                                        "colour,size,kind\nblue,1,oak\nred,,elm\n"};
    snug_dataset *like = read_text(LIKE, &strict);
    for (size_t i = 0; i < 2; i++) {
        snug_dataset *data = read_text(texts[i], NULL), *matched;
        ck_assert_int_eq(
            snug_dataset_match(data, "the data", like->storage->table, "the model", NULL, &matched),
            SNUG_ERROR_DATA);
        expect_location("the data: row 2: column \"size\":");
        ck_assert_ptr_null(matched);
        snug_dataset_free(data);
    }
    snug_dataset_free(like);
}
END_TEST

START_TEST(classes_are_those_of_one_column) {
    refuses("size,colour,tree\n1,blue,oak\n2,red,elm\n3,red,ash\n", LIKE,
            "the data: the target is \"tree\"");
}
END_TEST

START_TEST(unknown_categories_are_missing) {
    snug_warnings warnings = {0};
    snug_dataset *data =
        read_text("colour,size,kind\npink,1,elm\n,2,oak\nblack,,oak\nred,3,elm\n", NULL);
    snug_dataset *matched = match(data, LIKE, NULL, &warnings);
    expect_row(matched, 0, 4, (const float[]){1, NAN, NAN, NAN});
    expect_row(matched, 1, 4, (const float[]){2, NAN, NAN, NAN});
    expect_row(matched, 2, 4, (const float[]){NAN, NAN, NAN, NAN});
    expect_row(matched, 3, 4, (const float[]){3, 0, 0, 1});
    ck_assert(matched->storage->missing);
    ck_assert_uint_eq(warnings.list.count, 1);
    ck_assert_str_eq(warnings.list.items[0],
                     "the data: column \"colour\": 2 rows have unknown categories, the first one "
                     "\"pink\": an unknown category counts as missing; a model that is trained "
                     "with \"unknown_category\": \"error\" refuses it");
    snug_warnings_clear(&warnings);
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

START_TEST(unknown_categories_are_refused_where_the_model_wants_it) {
    snug_dataset *like =
        read_text(LIKE, &(snug_csv_options){.unknown_category = SNUG_UNKNOWN_ERROR});
    snug_dataset *data = read_text("colour,size,kind\nred,1,elm\npink,2,oak\n", NULL), *matched;
    ck_assert_int_eq(
        snug_dataset_match(data, "the data", like->storage->table, "the model", NULL, &matched),
        SNUG_ERROR_DATA);
    expect_location("the data: column \"colour\": unknown category \"pink\"");
    snug_dataset_free(data);
    snug_dataset_free(like);
}
END_TEST

/* The model's indicators are made for data without them, also where all columns are the same. */
START_TEST(indicators_are_made_of_missing_values) {
    static const char text[] = "size,colour,kind\n1,red,elm\n,blue,oak\n3,,elm\n";
    snug_dataset *like = read_text(text, &(snug_csv_options){.missing_indicator = true});
    snug_dataset *data = read_text("colour,size,kind\n,7,elm\nred,,oak\npink,9,oak\n", NULL);
    snug_dataset *matched = NULL;
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(
            snug_dataset_match(data, "the data", like->storage->table, "the model", NULL, &matched),
            SNUG_OK);
        expect_row(matched, 0, 5, round == 0 ? ROW(7, 0, NAN, NAN, 1) : ROW(1, 0, 0, 1, 0));
        expect_row(matched, 1, 5, round == 0 ? ROW(NAN, 1, 0, 1, 0) : ROW(NAN, 1, 1, 0, 0));
        expect_row(matched, 2, 5, round == 0 ? ROW(9, 0, NAN, NAN, 1) : ROW(3, 0, NAN, NAN, 1));
        snug_dataset_free(matched);
        snug_dataset_free(data);
        data = read_text(text, NULL);
    }
    snug_dataset_free(data);
    snug_dataset_free(like);
}
END_TEST

START_TEST(indicators_of_missing_values_follow_the_values) {
    snug_csv_options how = {.missing_indicator = true};
    snug_dataset *data = read_text("colour,size,kind\npink,1,elm\n,2,oak\nred,,elm\n", NULL);
    const char *like = "size,colour,kind\n1,blue,oak\n,,elm\n3,red,ash\n";
    snug_dataset *matched = match(data, like, &how, NULL);
    expect_row(matched, 0, 5, (const float[]){1, 0, NAN, NAN, 1});
    expect_row(matched, 1, 5, (const float[]){2, 0, NAN, NAN, 1});
    expect_row(matched, 2, 5, (const float[]){NAN, 1, 0, 1, 0});
    snug_dataset_free(matched);
    snug_dataset_free(data);
    /* and the other way round, to a table without */
    data = read_text("colour,size,kind\nred,1,elm\n,2,oak\nred,,elm\n", &how);
    matched = match(data, LIKE, NULL, NULL);
    expect_row(matched, 0, 4, (const float[]){1, 0, 0, 1});
    expect_row(matched, 1, 4, (const float[]){2, NAN, NAN, NAN});
    expect_row(matched, 2, 4, (const float[]){NAN, 0, 0, 1});
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

/* Numbers of categories from one-hot features, the other way round, and between two orders. */
START_TEST(numbered_categories_are_matched_by_name) {
    snug_csv_options numbered = {.categories = SNUG_CATEGORIES_INTEGER};
    const char *text = "colour,size,kind\nred,1,elm\npink,2,oak\nblue,3,oak\n";
    snug_dataset *one_hot = read_text(text, NULL), *numbers = read_text(text, &numbered);
    snug_dataset *matched = match(one_hot, LIKE, &numbered, NULL);
    expect_row(matched, 0, 2, (const float[]){1, 2});
    expect_row(matched, 1, 2, (const float[]){2, NAN});
    expect_row(matched, 2, 2, (const float[]){3, 0});
    ck_assert(matched->storage->missing);
    snug_dataset_free(matched);
    matched = match(numbers, LIKE, &numbered, NULL);
    expect_row(matched, 0, 2, (const float[]){1, 2});
    expect_row(matched, 1, 2, (const float[]){2, NAN});
    snug_dataset_free(matched);
    matched = match(numbers, LIKE, NULL, NULL);
    expect_row(matched, 0, 4, (const float[]){1, 0, 0, 1});
    expect_row(matched, 1, 4, (const float[]){2, NAN, NAN, NAN});
    expect_row(matched, 2, 4, (const float[]){3, 1, 0, 0});
    snug_dataset_free(matched);
    snug_dataset_free(numbers);
    snug_dataset_free(one_hot);
}
END_TEST

/* 1.0 is the class 1, and the category 2 is 002. */
START_TEST(equal_numbers_are_one_name) {
    static const char *const codes[] = {"code", NULL};
    snug_csv_options how = {.categorical = codes, .task = SNUG_TASK_CLASSIFICATION};
    snug_dataset *data =
        read_text("kind,code\n1.0,2.0\n7.0,5.0\n",
                  &(snug_csv_options){
                      .target = "kind", .categorical = codes, .task = SNUG_TASK_CLASSIFICATION});
    snug_dataset *matched = match(data, "code,kind\n1,0\n002,1\n5,7\n", &how, NULL);
    expect_row(matched, 0, 3, (const float[]){0, 1, 0});
    expect_row(matched, 1, 3, (const float[]){0, 0, 1});
    ck_assert_int_eq(snug_dataset_class(matched, 0), 1);
    ck_assert_int_eq(snug_dataset_class(matched, 1), 2);
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

START_TEST(columns_that_the_model_ignores_are_left_out) {
    static const char *const ignored[] = {"id", NULL};
    snug_dataset *data = read_text("id,a,kind\n9,1,elm\n8,2,oak\n", NULL);
    snug_dataset *matched =
        match(data, "a,id,kind\n1,5,elm\n2,6,oak\n", &(snug_csv_options){.ignore = ignored}, NULL);
    ck_assert_uint_eq(snug_dataset_column_count(matched), 1);
    expect_row(matched, 1, 1, (const float[]){2});
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

START_TEST(what_cannot_be_matched_is_refused) {
    refuses("width,colour,kind\n1,red,oak\n2,blue,elm\n", LIKE, "the data: the column \"size\"");
    refuses("size,colour,age,kind\n1,red,3,oak\n2,blue,4,elm\n", LIKE,
            "the data: has the column \"age\"");
    refuses("size,colour,kind\n1,2,oak\n2,3,elm\n", LIKE, "the data: the column \"colour\"");
    refuses("size,colour,kind\ntall,red,oak\nlow,blue,elm\n", LIKE,
            "the data: the column \"size\"");
    refuses("size,colour,kind\n1,red,oak\n2,blue,yew\n", LIKE,
            "the data: column \"kind\": unknown class \"yew\"");
    refuses("size,colour,kind\n1,red,0.5\n2,blue,1.5\n", LIKE, "the data: has targets");
    refuses("a,cost\n1,0.5\n2,1.5\n", "a,price\n1,0.5\n2,1.5\n", "the data: target 1");
}
END_TEST

/* Only the classes that a row has must be known. */
START_TEST(unknown_classes_without_rows_are_no_error) {
    snug_dataset *data = read_text("size,colour,kind\n1,red,oak\n2,blue,beech\n3,red,elm\n", NULL);
    const size_t rows[] = {0, 2};
    snug_dataset *selected = snug_dataset_select(data, rows, 2);
    snug_dataset *matched = match(selected, LIKE, NULL, NULL);
    ck_assert_int_eq(snug_dataset_class(matched, 0), 2);
    ck_assert_int_eq(snug_dataset_class(matched, 1), 1);
    snug_dataset_free(matched);
    snug_dataset_free(selected);
    snug_dataset_free(data);
}
END_TEST

/* More rows than are copied at a time: each is where it was. */
START_TEST(all_rows_are_copied) {
    enum { ROWS = 150 };
    static const char *const turned[] = {"b", "a", NULL};
    static char text[ROWS * 16 + 8] = "a,b,y\n";
    char *end = text + strlen(text);
    for (int i = 0; i < ROWS; i++) {
        end += sprintf(end, "%d,%d,%d.5\n", i, 1000 + i, i);
    }
    snug_dataset *data = read_text(text, NULL);
    snug_dataset *matched =
        match(data, "b,a,y\n1,2,0.5\n", &(snug_csv_options){.columns = turned}, NULL);
    for (size_t i = 0; i < ROWS; i++) {
        expect_row(matched, i, 2, (const float[]){1000 + (float)i, (float)i});
        ck_assert_float_eq(snug_dataset_values(matched, i)[0], (float)i + 0.5F);
    }
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

/* Seconds since 1970, which a float rounds to multiples of 128, keep their digits. */
START_TEST(columns_keep_their_offsets) {
    snug_dataset *data = read_text("colour,t,kind\nred,1500000001,elm\nblue,1500000002,oak\n"
                                   "red,1500000007,oak\n",
                                   NULL);
    snug_dataset *matched = match(data, "colour,kind,t\nblue,elm,1\ngreen,oak,2\nred,elm,3\n",
                                  &(snug_csv_options){.target = "kind"}, NULL);
    double row[4];
    const double seconds[] = {1500000001, 1500000002, 1500000007};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(snug_dataset_row_f64(matched, i, row), SNUG_OK);
        ck_assert_double_eq(row[3], seconds[i]);
    }
    ck_assert_double_eq(row[2], 1);
    ck_assert_double_eq(snug_offset(matched->storage->offsets, 2), 0);
    snug_dataset_free(matched);
    /* and where the classes alone are others */
    matched = match(data, "colour,t,kind\nblue,1,oak\nred,2,ash\nred,3,elm\n", NULL, NULL);
    ck_assert_int_eq(snug_dataset_row_f64(matched, 1, row), SNUG_OK);
    ck_assert_double_eq(row[2], 1500000002);
    snug_dataset_free(matched);
    snug_dataset_free(data);
}
END_TEST

static snug_dataset *other, *kept;

static bool match_once(void) {
    snug_warnings warnings = {0};
    snug_dataset *matched;
    bool done = snug_dataset_match(other, "the data", kept->storage->table, "the model", &warnings,
                                   &matched) == SNUG_OK;
    snug_dataset_free(matched);
    snug_warnings_clear(&warnings);
    return done;
}

START_TEST(every_allocation_of_a_match_may_fail) {
    kept = read_text(LIKE, NULL);
    other = read_text("kind,colour,size,w\noak,red,1500000007,1\nelm,pink,1500000008,2\n",
                      &(snug_csv_options){.target = "kind", .weights = "w"});
    expect_every_failure(match_once);
    snug_dataset_free(other);
    snug_dataset_free(kept);
}
END_TEST

static Suite *match_suite(void) {
    Suite *suite = suite_create("match");
    TCase *tc = directory_case(suite, "match");
    tcase_add_test(tc, rows_that_do_not_differ_are_shared);
    tcase_add_test(tc, columns_categories_and_classes_are_matched_by_name);
    tcase_add_test(tc, selected_rows_keep_their_weights_and_values);
    tcase_add_test(tc, listed_markers_are_missing);
    tcase_add_test(tc, missing_values_are_refused_as_the_model_does);
    tcase_add_test(tc, classes_are_those_of_one_column);
    tcase_add_test(tc, unknown_categories_are_missing);
    tcase_add_test(tc, unknown_categories_are_refused_where_the_model_wants_it);
    tcase_add_test(tc, indicators_are_made_of_missing_values);
    tcase_add_test(tc, indicators_of_missing_values_follow_the_values);
    tcase_add_test(tc, numbered_categories_are_matched_by_name);
    tcase_add_test(tc, equal_numbers_are_one_name);
    tcase_add_test(tc, columns_that_the_model_ignores_are_left_out);
    tcase_add_test(tc, what_cannot_be_matched_is_refused);
    tcase_add_test(tc, unknown_classes_without_rows_are_no_error);
    tcase_add_test(tc, all_rows_are_copied);
    tcase_add_test(tc, columns_keep_their_offsets);
    tcase_add_test(tc, every_allocation_of_a_match_may_fail);
    return suite;
}

REGISTER_SUITE(match_suite)
