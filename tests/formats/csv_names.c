/* Names of columns: those that are missing, and those with blanks around. */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

static void expect_warning(const snug_dataset *data, size_t index, const char *start,
                           const char *part) {
    const char *warning = snug_dataset_warning(data, index);
    ck_assert_ptr_nonnull(warning);
    ck_assert_msg(strncmp(warning, start, strlen(start)) == 0, "%s", warning);
    ck_assert_msg(strstr(warning, part) != NULL, "%s", warning);
}

/* The table t.csv, read as `model` was. */
static snug_dataset *read_like(const snug_dataset *model, const char *text, snug_task task) {
    snug_preprocessing *like = snug_preprocessing_new(snug_table_schema_copy(model->storage->table),
                                                      snug_scaler_fit(model, SNUG_SCALING_NONE));
    ck_assert_ptr_nonnull(like);
    snug_dataset *data = read_text(text, &(snug_csv_options){.like = like, .task = task});
    snug_preprocessing_free(like);
    return data;
}

/* A block of the library's allocator with space for a name of a few characters more. */
static char *realloc_name(char *name) {
    char *larger = snug_resize(name, 16, 1);
    ck_assert_ptr_nonnull(larger);
    return larger;
}

START_TEST(calls_a_column_without_a_name_by_its_number) {
    snug_dataset *data = read_text(",a,,y\n7,1,2,u\n8,3,4,v\n", NULL);
    expect_row(data, 0, 3, ROW(7, 1, 2));
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "column1");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "column3");
    expect_warning(data, 0, "t.csv:1:", "\"column1\", \"column3\"");
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
}
END_TEST

START_TEST(gives_no_two_columns_the_same_name) {
    snug_dataset *data = read_text(",column1,column1_,y\n7,1,2,u\n8,3,4,v\n", NULL);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "column1__");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "column1");
    snug_dataset_free(data);
}
END_TEST

START_TEST(does_not_warn_of_what_the_options_decide) {
    static const char *const column[] = {"column1", NULL};
    static const char *const both[] = {"column1", "a", NULL};
    snug_dataset *data = read_text(",a,y\n7,1,u\n8,3,v\n", &(snug_csv_options){.ignore = column});
    expect_row(data, 0, 1, ROW(1));
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
    data = read_text(",a,y\n7,1,u\n8,3,v\n", &(snug_csv_options){.columns = both});
    expect_row(data, 0, 2, ROW(7, 1));
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
}
END_TEST

/* A separator at the end of each line makes a column of nothing. */
START_TEST(leaves_out_columns_without_names_and_values) {
    static const char text[] = "a,y,,\n1,u,,\n3,v, ,\n";
    snug_dataset *data = read_text(text, NULL);
    expect_row(data, 1, 1, ROW(3));
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "y");
    expect_warning(data, 0, "t.csv:1:", "left out");
    ck_assert_ptr_null(snug_dataset_warning(data, 1));

    snug_dataset *again = read_like(data, text, SNUG_TASK_AUTO);
    expect_row(again, 1, 1, ROW(3));
    snug_dataset_free(again);
    again = read_like(data, "y,a\nv,3\n", SNUG_TASK_AUTO);
    expect_row(again, 0, 1, ROW(3));
    ck_assert_ptr_null(snug_dataset_warning(again, 0));
    snug_dataset_free(again);
    snug_dataset_free(data);
    expect_refusal(",y\n,u\n,v\n", NULL, "t.csv:");
}
END_TEST

START_TEST(leaves_out_columns_without_names_that_the_model_does_not_know) {
    snug_dataset *data = read_text("a,y\n1,u\n3,v\n", NULL);
    snug_dataset *again = read_like(data, ",a\n0,3\n1,4\n", SNUG_TASK_NONE);
    expect_row(again, 1, 1, ROW(4));
    expect_warning(again, 0, "t.csv:1:", "\"column1\"");
    snug_dataset_free(again);
    snug_dataset_free(data);
}
END_TEST

START_TEST(finds_a_column_by_its_name_with_and_without_blanks) {
    static const char *const targets[] = {" b \t", NULL}, *const ignored[] = {"c ", NULL};
    static const char text[] = "a ,\" b \",\tc\n1,2,3\n4,5,6\n";
    for (int i = 0; i < 2; i++) {
        snug_csv_options options = {.targets = targets, .ignore = i == 0 ? ignored : NULL};
        snug_dataset *data = read_text(text, &options);
        ck_assert_str_eq(snug_dataset_target_name(data, 0), "b");
        ck_assert_str_eq(snug_dataset_column_name(data, 0), "a");
        ck_assert_uint_eq(snug_dataset_column_count(data), i == 0 ? 1 : 2);
        snug_dataset_free(data);
    }
    expect_refusal("a,a \n1,2\n", NULL, "t.csv:1:");
}
END_TEST

/* Blanks that nobody sees make no other category and no other class, quoted or not. */
START_TEST(takes_cells_with_blanks_for_those_without) {
    snug_dataset *data = read_text("a,b,y\n\"1 \", red,\"yes \"\n 2 ,\"red \",yes\n"
                                   "3,red\t, no\n4,\" \",\" no\"\n",
                                   &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    expect_row(data, 0, 2, ROW(1, 1));
    expect_row(data, 3, 2, ROW(4, NAN));
    snug_dataset_free(data);
}
END_TEST

/* An earlier version may have written names with blanks into a model file. */
START_TEST(matches_a_model_whose_names_have_blanks) {
    snug_dataset *data = read_text("a,b,y\n1,r,u\n2,s,v\n", NULL);
    snug_column *columns = data->storage->table->columns;
    strcpy(columns[1].categories.items[0] = realloc_name(columns[1].categories.items[0]), " r ");
    strcpy(columns[0].name = realloc_name(columns[0].name), "a ");
    snug_dataset *again = read_like(data, "b,y,a\nr,v,7\n", SNUG_TASK_AUTO);
    expect_row(again, 0, 3, ROW(7, 1, 0));
    snug_dataset_free(again);
    snug_dataset_free(data);
}
END_TEST

static bool read_nameless(void) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", NULL);
    snug_dataset_free(data);
    return data != NULL;
}

START_TEST(every_allocation_may_fail) {
    write_text("t.csv", ",a,,y,\n7,1,2,u,\n8,3,4,v,\n");
    expect_every_failure(read_nameless);
}
END_TEST

static Suite *csv_names_suite(void) {
    Suite *suite = suite_create("names of CSV columns");
    TCase *tests = directory_case(suite, "names");
    tcase_add_test(tests, calls_a_column_without_a_name_by_its_number);
    tcase_add_test(tests, gives_no_two_columns_the_same_name);
    tcase_add_test(tests, does_not_warn_of_what_the_options_decide);
    tcase_add_test(tests, leaves_out_columns_without_names_and_values);
    tcase_add_test(tests, leaves_out_columns_without_names_that_the_model_does_not_know);
    tcase_add_test(tests, finds_a_column_by_its_name_with_and_without_blanks);
    tcase_add_test(tests, takes_cells_with_blanks_for_those_without);
    tcase_add_test(tests, matches_a_model_whose_names_have_blanks);
    tcase_add_test(tests, every_allocation_may_fail);
    return suite;
}

REGISTER_SUITE(csv_names_suite)
