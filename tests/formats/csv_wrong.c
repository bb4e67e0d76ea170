/* Tables that are wrong: each has its location. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "support/suite.h"
#include "support/tables.h"

START_TEST(refuses_wrong_lists_of_targets) {
    static const char *const twice[] = {"b", "b", NULL}, *const all[] = {"b", "a", NULL},
                             *const unknown[] = {"a", "colum", NULL}, *const none[] = {NULL};
    expect_refusal("a,b,c\n1,2,3\n", &(snug_csv_options){.targets = twice}, "t.csv:");
    expect_refusal("a,b\n1,2\n", &(snug_csv_options){.targets = all}, "t.csv:");
    expect_refusal("a,column,c\n1,2,3\n", &(snug_csv_options){.targets = unknown}, "t.csv:");
    write_text("t.csv", "a,b,c\n1,2,3\n");
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &(snug_csv_options){.targets = none}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv:");
    ck_assert_ptr_null(snug_dataset_read_csv(
        "t.csv", &(snug_csv_options){.targets = all, .task = SNUG_TASK_CLASSIFICATION}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv:");
    static const char *const two[] = {"c", "a", NULL};
    expect_refusal("a,b,c\n1,2,3\nx,2,3\n", &(snug_csv_options){.targets = two},
                   "t.csv:3: column \"a\":");
}
END_TEST

START_TEST(says_what_is_wrong) {
    static const struct {
        const char *text, *target;
        snug_task task;
        const char *location;
    } cases[] = {
        {"", NULL, 0, "t.csv:"},
        {"\n \r\n\n", NULL, 0, "t.csv:"},
        {"a,b\n", NULL, 0, "t.csv:"},
        {"a,b,c\n1,2,3\n1,2\n", NULL, 0, "t.csv:3:"},
        {"a,b,c\n1,2,3,4\n", NULL, 0, "t.csv:2:"},
        {"a,b\n\"x\n\ny\",2\n\n\n5\n", NULL, 0, "t.csv:7:"},
        {"a,b\r\n\"x\r\ny\",2\r\n5\r\n", NULL, 0, "t.csv:4:"},
        {"a,b\n1,2\n,4\n", NULL, 0, "t.csv:3: column \"a\":"},
        {"a,b\nx,2\n,4\n", NULL, 0, "t.csv:3: column \"a\":"},
        {"a,b\n1,\n3,\n", NULL, 0, "t.csv: column \"b\":"},
        {"a,b\n1,2.5\n3,NA\n", NULL, SNUG_TASK_REGRESSION, "t.csv:3: column \"b\":"},
        {"a,b\n1,\n3,  \n", NULL, SNUG_TASK_REGRESSION, "t.csv: column \"b\":"},
        {"a,b\n1,2\n-inf,4\n", NULL, 0, "t.csv:3: column \"a\":"},
        {"a,b\n1,2\n1,3\n1,2\n1,inf\n1,2\n1,3\n1,2\n", NULL, 0, "t.csv:5: column \"b\":"},
        {"a,b\n1,2\n-1e39,4\n", NULL, 0, "t.csv:3: column \"a\":"},
        {"a,b\n1,2\n3,four\n", NULL, SNUG_TASK_REGRESSION, "t.csv:3: column \"b\":"},
        {"length,width\n1,2\n", "widht", 0, "t.csv:"},
        {"length,width\n1,2\n", "species", 0, "t.csv:"},
        {"length:width\n1:2\n", "width", 0, "t.csv:"},
        {"a,b,a\n1,2,3\n", NULL, 0, "t.csv:1:"},
        {"a\n1\n", NULL, 0, "t.csv:"},
        {"a,b\n1,\"2\n3,4\n5,6\n", NULL, 0, "t.csv:2:"},
        {"a,b\n1,2\n1,2\"x\n", NULL, 0, "t.csv:3:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refusal(cases[i].text,
                       &(snug_csv_options){.target = cases[i].target,
                                           .task = cases[i].task,
                                           .missing = SNUG_MISSING_ERROR},
                       cases[i].location);
    }
}
END_TEST

START_TEST(says_what_is_wrong_without_a_header) {
    snug_csv_options options = {.no_header = true};
    expect_refusal("\n1,2\n3,4,5\n", &options, "t.csv:3:");
    options.target = "3";
    expect_refusal("1,2\n3,4\n", &options, "t.csv:");
}
END_TEST

/* A first line of one field that another delimiter would cut. */
START_TEST(asks_for_the_delimiter) {
    expect_refusal("a;b,c;d\n1;2;3\n", &(snug_csv_options){.delimiter = '|'}, "t.csv:");
    expect_refusal("a\tb\n1\t2\n", &(snug_csv_options){.target = "b"}, "t.csv:");
    expect_refusal("1|2|3\n", &(snug_csv_options){.no_header = true, .weights = "2"}, "t.csv:");
    expect_refusal("a;b\n1;2\n", &(snug_csv_options){.delimiter = ';', .target = "c;d"}, "t.csv:");
}
END_TEST

START_TEST(refuses_nul_bytes) {
    static const char text[] = "a,b\n1,2\n3,4\0\n5,6\n";
    write_bytes("t.csv", text, sizeof text - 1);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", NULL));
    expect_error(SNUG_ERROR_DATA, "t.csv:3:");
}
END_TEST

START_TEST(refuses_a_compressed_table) {
    write_bytes("t.csv", "\x1F\x8B\x08\x08zzzz\0\3", 10);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", NULL));
    expect_error(SNUG_ERROR_DATA, "t.csv:");
}
END_TEST

START_TEST(refuses_huge_fields) {
    size_t n = 3000000;
    char *text = malloc(n);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', n);
    memcpy(text, "a,b\n1,2\n3,\"", 11);
    write_bytes("t.csv", text, n);
    free(text);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", NULL));
    expect_error(SNUG_ERROR_DATA, "t.csv:3:");
}
END_TEST

/* A long field that is no more than long: it is a class. */
START_TEST(takes_long_fields) {
    size_t n = 300000;
    char *text = malloc(n);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', n);
    memcpy(text, "a,b\n1,2\n3,", 10);
    write_bytes("t.csv", text, n);
    free(text);
    snug_dataset *data = snug_dataset_read_csv("t.csv", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(strlen(snug_dataset_class_name(data, 1)), n - 10);
    snug_dataset_free(data);
}
END_TEST

/* `rows` lines of which the last is a word. */
static void write_many(size_t rows) {
    FILE *stream = fopen("t.csv", "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,y\n", stream);
    for (size_t i = 0; i < rows; i++) {
        fprintf(stream, "%zu,%zu\n", i, i);
    }
    fputs("oops,1\n", stream);
    fclose(stream);
}

START_TEST(refuses_too_many_categories) {
    write_many(4096);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", NULL));
    expect_error(SNUG_ERROR_DATA, "t.csv:4098: column \"a\":");
    snug_csv_options options = {.target = "a", .task = SNUG_TASK_CLASSIFICATION};
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &options));
    expect_error(SNUG_ERROR_DATA, "t.csv: column \"a\":");
    options.target = "y";
    write_many(5000);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &options));
    expect_error(SNUG_ERROR_DATA, "t.csv: column \"y\":");
}
END_TEST

START_TEST(says_why_a_file_cannot_be_read) {
    ck_assert_ptr_null(snug_dataset_read_csv("none.csv", NULL));
    expect_error(SNUG_ERROR_FILE, "none.csv:");
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    ck_assert_ptr_null(snug_dataset_read_csv("folder", NULL));
    expect_error(SNUG_ERROR_FILE, "folder:");
    ck_assert_ptr_null(snug_dataset_read_csv(NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "a table's path is");
}
END_TEST

START_TEST(refuses_wrong_options) {
    write_text("t.csv", "a,b\n1,2\n");
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &(snug_csv_options){.delimiter = '"'}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv:");
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &(snug_csv_options){.task = (snug_task)9}));
    expect_error(SNUG_ERROR_ARGUMENT, "t.csv:");
}
END_TEST

static Suite *csv_wrong_suite(void) {
    Suite *suite = suite_create("csv, wrong");
    TCase *tests = directory_case(suite, "wrong");
    tcase_add_test(tests, refuses_wrong_lists_of_targets);
    tcase_add_test(tests, says_what_is_wrong);
    tcase_add_test(tests, says_what_is_wrong_without_a_header);
    tcase_add_test(tests, asks_for_the_delimiter);
    tcase_add_test(tests, refuses_nul_bytes);
    tcase_add_test(tests, refuses_a_compressed_table);
    tcase_add_test(tests, refuses_huge_fields);
    tcase_add_test(tests, takes_long_fields);
    tcase_add_test(tests, refuses_too_many_categories);
    tcase_add_test(tests, says_why_a_file_cannot_be_read);
    tcase_add_test(tests, refuses_wrong_options);
    return suite;
}

REGISTER_SUITE(csv_wrong_suite)
