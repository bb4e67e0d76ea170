/* Markers of missing values, strings among numbers, and columns that are declared categorical. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

#define VALUES .task = SNUG_TASK_REGRESSION, .missing = SNUG_MISSING_MEAN
#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define ROW(...) ((const float[]){__VA_ARGS__})

/* The preprocessing of a dataset, as a model file keeps it. */
static snug_preprocessing *stored(const snug_dataset *data) {
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

/* Some warning of the data has the location, and holds the string. */
static void expect_warning(const snug_dataset *data, const char *location, const char *string) {
    const char *warning;
    for (size_t i = 0; (warning = snug_dataset_warning(data, i)) != NULL; i++) {
        if (strncmp(warning, location, strlen(location)) == 0 && strstr(warning, string) != NULL) {
            return;
        }
    }
    ck_abort_msg("no warning at %s with %s", location, string);
}

static void expect_no_warning_of(const snug_dataset *data, const char *column) {
    const char *warning;
    for (size_t i = 0; (warning = snug_dataset_warning(data, i)) != NULL; i++) {
        ck_assert_msg(strstr(warning, column) == NULL, "%s", warning);
    }
}

/* ---- the usual markers ----------------------------------------------------------------------- */

START_TEST(takes_the_usual_markers_among_numbers_for_missing) {
    static const char *const markers[] = {"NA",  "N/A",  "n/a",  "NULL", "null", "None",  "NaN",
                                          "nan", "#N/A", "<NA>", "?",    "-",    " n/a ", ""};
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
        char text[64];
        snprintf(text, sizeof text, "a,y\n1,1\n2,2\n%s,3\n4,4\n", markers[i]);
        snug_dataset *data = read_text(text, &(snug_csv_options){VALUES});
        expect_row(data, 2, 1, ROW(NAN));
        expect_row(data, 3, 1, ROW(4));
        if (*markers[i] != 0) {
            expect_warning(data, "t.csv:4: column \"a\": 1 cell holds", "\"missing_values\"");
        }
        snug_dataset_free(data);
    }
}
END_TEST

START_TEST(keeps_the_usual_markers_in_columns_of_strings) {
    snug_dataset *data =
        read_text("a,b,y\nNA,1,1\nZA,-,2\n,None,3\n-,3,4\nNone,4,5\n", &(snug_csv_options){VALUES});
    static const char *const names[] = {"a=-", "a=NA", "a=None", "a=ZA", "b"};
    ck_assert_uint_eq(snug_dataset_column_count(data), 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(snug_dataset_column_name(data, i), names[i]);
    }
    expect_row(data, 0, 5, ROW(0, 1, 0, 0, 1));
    expect_row(data, 2, 5, ROW(NAN, NAN, NAN, NAN, NAN));
    expect_row(data, 3, 5, ROW(1, 0, 0, 0, 3));
    expect_no_warning_of(data, "column \"a\"");
    expect_warning(data, "t.csv:3: column \"b\": 2 cells hold \"-\" or the like", "");
    snug_preprocessing *prep = stored(data);
    snug_dataset_free(data);
    data = read_text("b,a\nn/a,NA\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 5, ROW(0, 1, 0, 0, NAN));
    snug_dataset_free(data);
    expect_refusal("b,a\nmany,NA\n", &(snug_csv_options){.like = prep}, "t.csv:2: column \"b\":");
    snug_preprocessing_free(prep);
}
END_TEST

/* A target has classes of any name, and no value but a number. */
START_TEST(takes_no_marker_in_a_target_for_missing) {
    snug_dataset *data = read_text("a,y\n1,NA\n2,ZA\n3,-\n", NULL);
    ck_assert_uint_eq(snug_dataset_class_count(data), 3);
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "NA");
    snug_dataset_free(data);
    expect_refusal("a,y\n1,2.5\n2,n/a\n", &(snug_csv_options){VALUES}, "t.csv:3: column \"y\":");
}
END_TEST

/* A late string makes categories of the markers and numbers before it. */
START_TEST(decides_over_markers_when_the_column_is_known) {
    snug_dataset *data = read_text("a,y\nNA,1\n7,2\n?,3\nx,4\n", &(snug_csv_options){VALUES});
    ck_assert_uint_eq(snug_dataset_column_count(data), 4);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a=7");
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "a=?");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "a=NA");
    expect_row(data, 2, 4, ROW(0, 1, 0, 0));
    snug_dataset_free(data);
}
END_TEST

/* ---- listed markers -------------------------------------------------------------------------- */

START_TEST(takes_listed_markers_in_place_of_the_usual_ones) {
    const snug_csv_options options = {VALUES, .missing_values = LIST("-200", "none")};
    snug_dataset *data =
        read_text("a,b,y\n1,x,1\n-200,none,2\n-200.0, none ,3\n-2e2,-200,4\n5,NA,5\n", &options);
    ck_assert_uint_eq(snug_dataset_column_count(data), 3);
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "b=NA");
    for (size_t i = 1; i < 4; i++) {
        expect_row(data, i, 3, ROW(NAN, NAN, NAN));
    }
    expect_row(data, 4, 3, ROW(5, 1, 0));
    expect_no_warning_of(data, "cell");
    snug_preprocessing *prep = stored(data);
    snug_dataset_free(data);
    data = read_text("a,b\n-200.00,none\n3,x\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 3, ROW(NAN, NAN, NAN));
    expect_row(data, 1, 3, ROW(3, 0, 1));
    snug_dataset_free(data);
    expect_refusal("a,b\n?,x\n", &(snug_csv_options){.like = prep}, "t.csv:2: column \"a\":");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(takes_an_empty_list_for_empty_cells_alone) {
    static const char *const none[] = {NULL};
    const snug_csv_options options = {VALUES, .missing_values = none};
    snug_dataset *data = read_text("a,y\n1,1\n-,2\n,3\n", &options);
    ck_assert_uint_eq(snug_dataset_column_count(data), 2);
    expect_row(data, 1, 2, ROW(0, 1));
    expect_row(data, 2, 2, ROW(NAN, NAN));
    snug_preprocessing *prep = stored(data);
    snug_dataset_free(data);
    ck_assert_uint_eq(prep->table->missing_values.count, 1);
    snug_preprocessing_free(prep);
    write_text("t.csv", "a,y\n1,2\n");
    const snug_csv_options latin = {.missing_values = LIST("\xE9t\xE9")};
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &latin));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv: .missing_values:");
}
END_TEST

/* ---- strings among numbers ------------------------------------------------------------------- */

/* Writes t.csv: `numbers` rows of numbers, `distinct` different ones, and the strings. */
static void write_mixed(int numbers, int distinct, const char *const *strings) {
    FILE *stream = fopen("t.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,y\n", stream);
    for (int i = 0; i < numbers; i++) {
        fprintf(stream, "%d,%d\n", i % distinct, i);
    }
    for (size_t i = 0; strings[i] != NULL; i++) {
        fprintf(stream, "%s,0\n", strings[i]);
    }
    fclose(stream);
}

static const snug_csv_options values = {VALUES};

START_TEST(refuses_strings_in_a_column_that_is_nearly_all_numbers) {
    write_mixed(30, 30, LIST("abc", "-", "1.5x"));
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &values));
    expect_error(SNUG_ERROR_DATA, "t.csv:32: column \"a\": holds");
    write_mixed(5000, 5000, LIST("abc"));
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &values));
    expect_error(SNUG_ERROR_DATA, "t.csv:5002: column \"a\": holds");
    write_mixed(60, 60, LIST("abc", "12a", "x"));
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &values));
    expect_error(SNUG_ERROR_DATA, "t.csv:62: column \"a\": holds");
    write_mixed(40, 4, LIST("3+", "x"));
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &values));
    expect_error(SNUG_ERROR_DATA, "t.csv:42: column \"a\": holds");
}
END_TEST

/* A listed marker is missing in a target of values, and a class among classes. */
START_TEST(takes_listed_markers_in_targets_of_values) {
    const snug_csv_options automatic = {.missing_values = LIST("0", "none")};
    snug_dataset *data = read_text("a,y\n1,0\n2,1\n3,0\n4,1\n5,0\n6,1\n", &automatic);
    ck_assert_uint_eq(snug_dataset_class_count(data), 2);
    ck_assert_int_eq(snug_dataset_class(data, 1), 1);
    snug_dataset_free(data);
    write_mixed(30, 30, LIST("5"));
    const snug_csv_options zero = {VALUES, .missing_values = LIST("0", "29")};
    data = snug_dataset_read_csv("t.csv", &zero);
    ck_assert_msg(data != NULL, "%s", snug_error());
    expect_warning(data, "t.csv:2: column \"y\": ", " of the target are missing");
    snug_dataset_free(data);
    data = read_text("a,y\n1,2.5\n2,none\n3,1\n", &automatic);
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_warning(data, "t.csv:3: column \"y\": ", " of the target is missing");
    snug_dataset_free(data);
}
END_TEST

START_TEST(takes_the_ways_out_of_strings_among_numbers) {
    write_mixed(30, 30, LIST("abc"));
    const snug_csv_options missing = {VALUES, .missing_values = LIST("abc")};
    snug_dataset *data = snug_dataset_read_csv("t.csv", &missing);
    ck_assert_uint_eq(snug_dataset_column_count(data), 1);
    expect_row(data, 30, 1, ROW(NAN));
    snug_dataset_free(data);
    const snug_csv_options declared = {VALUES, .categorical = LIST("a")};
    data = snug_dataset_read_csv("t.csv", &declared);
    ck_assert_uint_eq(snug_dataset_column_count(data), 31);
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
}
END_TEST

/* Few values, or few different ones of which some are strings, may be codes. */
START_TEST(warns_of_columns_that_became_categorical) {
    write_mixed(40, 4, LIST("3+", "3+", "3+", "3+"));
    snug_dataset *data = snug_dataset_read_csv("t.csv", &values);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_column_count(data), 5);
    expect_warning(data, "t.csv:42: column \"a\": became categorical", "\"3+\" in line 42");
    snug_dataset_free(data);
    data = read_text("a,b,y\n1,x,1\n2,2,2\n3,z,3\nfour,z,4\n", &values);
    expect_warning(data, "t.csv:5: column \"a\": became categorical", "\"four\" in line 5");
    expect_no_warning_of(data, "\"b\"");
    snug_dataset_free(data);
}
END_TEST

/* Names and identifiers, and numbers in quotes: nobody wants a category of each. */
START_TEST(warns_of_categories_of_a_row_each) {
    FILE *csv = fopen("t.csv", "w"), *jsonl = fopen("t.jsonl", "w");
    ck_assert(csv != NULL && jsonl != NULL);
    fputs("name,a,y\n", csv);
    for (int i = 0; i < 40; i++) {
        fprintf(csv, "name %d,%d,%d\n", i, i, i);
        fprintf(jsonl, "{\"age\": \"%d\", \"y\": %d}\n", i, i);
    }
    fclose(csv);
    fclose(jsonl);
    snug_dataset *data = snug_dataset_read_csv("t.csv", &values);
    expect_warning(data, "t.csv: column \"name\": has 40 categories in 40 rows", "\"ignore\"");
    snug_dataset_free(data);
    data = snug_dataset_read_jsonl("t.jsonl", &values);
    expect_warning(data, "t.jsonl:1: column \"age\": became categorical", "in quotes");
    snug_dataset_free(data);
}
END_TEST

/* Each column has its warning up to a number; one tells of the others. */
START_TEST(warns_of_many_columns_with_markers_by_a_few_lines) {
    FILE *stream = fopen("t.csv", "w");
    ck_assert_ptr_nonnull(stream);
    for (int i = 0; i < 50; i++) {
        fprintf(stream, "c%d,", i);
    }
    fputs("y\n", stream);
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 50; i++) {
            fputs(row == 0 ? "NA," : "1,", stream);
        }
        fputs("2\n", stream);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_csv("t.csv", &values);
    expect_warning(data, "t.csv:2: column \"c19\": 1 cell holds", "");
    expect_warning(data, "t.csv: 30 more columns of numbers hold markers", "\"missing_values\"");
    expect_no_warning_of(data, "\"c20\": 1 cell");
    snug_dataset_free(data);
}
END_TEST

/* ---- declared categories --------------------------------------------------------------------- */

START_TEST(reads_codes_as_declared_categories) {
    const snug_csv_options options = {VALUES, .categorical = LIST("code")};
    snug_dataset *data =
        read_text("code,y\n1,1\n2.0,2\n+1,3\n1.0,4\n10,5\n,6\n007,7\nNA,8\n", &options);
    static const char *const names[] = {"code=1", "code=2", "code=007", "code=10", "code=NA"};
    ck_assert_uint_eq(snug_dataset_column_count(data), 5);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_str_eq(snug_dataset_column_name(data, i), names[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        expect_row(data, i, 5, i == 1 ? ROW(0, 1, 0, 0, 0) : ROW(1, 0, 0, 0, 0));
    }
    expect_row(data, 5, 5, ROW(NAN, NAN, NAN, NAN, NAN));
    snug_preprocessing *prep = stored(data);
    snug_dataset_free(data);
    data = read_text("code\n1.00\n7\n1e1\n", &(snug_csv_options){.like = prep});
    expect_row(data, 0, 5, ROW(1, 0, 0, 0, 0));
    expect_row(data, 1, 5, ROW(0, 0, 1, 0, 0));
    expect_row(data, 2, 5, ROW(0, 0, 0, 1, 0));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(refuses_wrong_declared_categories) {
    static const char text[] = "code,b,y\n1,2,3\n4,5,6\n";
    expect_refusal(text, &(snug_csv_options){VALUES, .categorical = LIST("cod")},
                   "t.csv: there is no column \"cod\"; did you mean \"code\"?");
    expect_refusal(text, &(snug_csv_options){VALUES, .categorical = LIST("y")}, "t.csv:");
    expect_refusal("a,b,y\n,2,3\n,5,6\n", &(snug_csv_options){VALUES, .categorical = LIST("a")},
                   "t.csv: column \"a\":");
    write_mixed(4097, 4097, LIST("x"));
    const snug_csv_options options = {VALUES, .categorical = LIST("a")};
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &options));
    expect_error(SNUG_ERROR_DATA, "t.csv: column \"a\":");
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

static bool read_all(void) {
    const snug_csv_options options = {VALUES, .categorical = LIST("code"),
                                      .missing_values = LIST("-1", "x")};
    snug_dataset *data = snug_dataset_read_csv("t.csv", &options);
    bool ok = data != NULL;
    snug_dataset_free(data);
    return ok;
}

static bool read_usual(void) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", &values);
    bool ok = data != NULL;
    snug_dataset_free(data);
    return ok;
}

START_TEST(bears_every_failing_allocation) {
    write_text("t.csv", "code,b,c,y\n1,2,a,3\n1.0,-1,b,6\n3,n/a,NA,8\n");
    expect_every_failure(read_all);
    write_text("t.csv", "code,b,c,y\n1,2,a,3\n1.0,-1,b,6\n3,n/a,NA,8\nx,5,5,9\n");
    expect_every_failure(read_usual);
}
END_TEST

static Suite *csv_missing_suite(void) {
    Suite *suite = suite_create("csv, missing values");
    TCase *tests = directory_case(suite, "missing");
    tcase_add_test(tests, takes_the_usual_markers_among_numbers_for_missing);
    tcase_add_test(tests, keeps_the_usual_markers_in_columns_of_strings);
    tcase_add_test(tests, takes_no_marker_in_a_target_for_missing);
    tcase_add_test(tests, decides_over_markers_when_the_column_is_known);
    tcase_add_test(tests, takes_listed_markers_in_place_of_the_usual_ones);
    tcase_add_test(tests, takes_an_empty_list_for_empty_cells_alone);
    tcase_add_test(tests, refuses_strings_in_a_column_that_is_nearly_all_numbers);
    tcase_add_test(tests, takes_listed_markers_in_targets_of_values);
    tcase_add_test(tests, warns_of_categories_of_a_row_each);
    tcase_add_test(tests, warns_of_many_columns_with_markers_by_a_few_lines);
    tcase_add_test(tests, takes_the_ways_out_of_strings_among_numbers);
    tcase_add_test(tests, warns_of_columns_that_became_categorical);
    tcase_add_test(tests, reads_codes_as_declared_categories);
    tcase_add_test(tests, refuses_wrong_declared_categories);
    tcase_add_test(tests, bears_every_failing_allocation);
    return suite;
}

REGISTER_SUITE(csv_missing_suite)
