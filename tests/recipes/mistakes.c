/* Cells that are missing or there by mistake: flags, strings among numbers, too large numbers. */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 60 };

/* Writes t.csv of 60 rows: a, whose cell `stray` is in every row that `every` divides, b and y. */
static void write_stray(const char *format, const char *stray, int every, const char *target) {
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "b,a,y\n");
    for (int i = 0; i < ROWS; i++) {
        char number[32];
        snprintf(number, sizeof number, format, 100 + i * 7 % 50);
        used += (size_t)snprintf(text + used, sizeof text - used, "%d.5,%s,", i % 7,
                                 i % every == 0 ? stray : number);
        used += (size_t)snprintf(text + used, sizeof text - used, target, i % 3);
        text[used++] = '\n';
    }
    write_bytes("t.csv", text, used);
}

/* Returns the experiment for t.csv as JSON, for snug_free(). */
static char *suggest(const snug_suggest_options *options, snug_suggestion **seen) {
    snug_experiment *e = snug_experiment_suggest("t.csv", options, seen);
    ck_assert_msg(e != NULL, "%s", snug_error());
    char *config = snug_experiment_config(e);
    ck_assert_ptr_nonnull(config);
    snug_experiment_free(e);
    return config;
}

static void expect_text(const char *config, const char *text) {
    ck_assert_msg(strstr(config, text) != NULL, "%s is not in %s", text, config);
}

/* ---- one number and gaps --------------------------------------------------------------------- */

static const char *const gaps[] = {"", "NA"};

/* A number that is there or not tells something, as a string does. */
START_TEST(keeps_columns_of_one_number_and_gaps) {
    snug_suggestion *seen = NULL;
    write_stray("1", gaps[_i], 2, "c%d");
    char *config = suggest(NULL, &seen);
    ck_assert_int_eq(seen->columns[1].use, SNUG_USE_CATEGORIES);
    expect_text(config, "\"categorical\": [\"a\"]");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(ignores_columns_of_one_number) {
    snug_suggestion *seen = NULL;
    write_stray("1", "1.0", 2, "c%d");
    char *config = suggest(NULL, &seen);
    ck_assert_str_eq(seen->columns[1].reason, "the same in every row");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

/* ---- strings among formatted numbers --------------------------------------------------------- */

START_TEST(lists_strings_among_formatted_numbers) {
    snug_suggestion *seen = NULL;
    write_stray("\"$1,%03d\"", "TBD", ROWS, "c%d");
    char *config = suggest(NULL, &seen);
    ck_assert_int_eq(seen->columns[1].use, SNUG_USE_NUMBERS);
    ck_assert_uint_eq(seen->columns[1].missing, 1);
    expect_text(config, "\"missing_values\": [\"TBD\", \"NA\", ");
    expect_text(config, "\"number_format\": \"formatted\"");
    expect_message(seen->notes.items[0], "\"a\" holds strings, such as \"TBD\", in 1 of 60 cells");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(takes_formatted_targets_with_a_string_for_values) {
    static const char *const a[] = {"a", NULL};
    snug_suggestion *seen = NULL;
    write_stray("\"$1,%03d\"", "TBD", ROWS, "c%d");
    char *config = suggest(&(snug_suggest_options){.target = a}, &seen);
    ck_assert_int_eq(seen->task, SNUG_TASK_REGRESSION);
    ck_assert_uint_eq(seen->rows_without_target, 1);
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

/* Where words are more than the numbers, messages name a word. */
START_TEST(names_the_string_that_is_no_number) {
    static const char *const a[] = {"a", NULL};
    write_stray("word %d", "\"$1,000\"", 4, "c%d");
    const snug_suggest_options options = {.target = a, .task = SNUG_TASK_REGRESSION};
    ck_assert_ptr_null(snug_experiment_suggest("t.csv", &options, NULL));
    expect_error(SNUG_ERROR_DATA, "t.csv: the target \"a\" holds strings, such as \"word 1");
}
END_TEST

START_TEST(says_how_many_strings_are_different) {
    snug_suggestion *seen = NULL;
    write_stray("word %d", "", ROWS, "c%d");
    char *config = suggest(NULL, &seen);
    ck_assert_str_eq(seen->columns[1].reason, "50 different strings in 60 rows");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

/* ---- numbers that no float holds ------------------------------------------------------------- */

static const char *const large[] = {"1e39", "-1e309", "inf"};

START_TEST(lists_too_large_numbers) {
    snug_suggestion *seen = NULL;
    char listed[64];
    write_stray("%d", large[_i], ROWS, "c%d");
    char *config = suggest(NULL, &seen);
    ck_assert_uint_eq(seen->columns[1].missing, 1);
    snprintf(listed, sizeof listed, "\"missing_values\": [\"%s\", \"NA\"", large[_i]);
    expect_text(config, listed);
    expect_message(seen->notes.items[0], "\"a\" holds ");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(leaves_out_rows_of_too_large_targets) {
    static const char *const a[] = {"a", NULL};
    snug_suggestion *seen = NULL;
    write_stray("%d", large[_i], ROWS, "c%d");
    char *config = suggest(&(snug_suggest_options){.target = a}, &seen);
    ck_assert_int_eq(seen->task, SNUG_TASK_REGRESSION);
    ck_assert_uint_eq(seen->rows, ROWS - 1);
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(refuses_targets_that_are_too_large) {
    static const char *const a[] = {"a", NULL};
    write_stray("1.%de300", "1e39", ROWS, "c%d");
    const snug_suggest_options options = {.target = a, .task = SNUG_TASK_REGRESSION};
    ck_assert_ptr_null(snug_experiment_suggest("t.csv", &options, NULL));
    expect_error(SNUG_ERROR_DATA,
                 "t.csv: the target \"a\" holds too large numbers, such as \"1e39\", which");
}
END_TEST

/* ---- few rows -------------------------------------------------------------------------------- */

typedef struct few_case {
    const char *text, *recipe;
    double test;
    const char *message; /* NULL: enough */
} few_case;

#define HAS(rows, share, needed)                                                                   \
    "t.csv: has " rows " with a target: to leave " share                                           \
    " of them for validation takes at least " needed
static const few_case few[] = {
    {"x,y\n1,a\n", NULL, 0, HAS("1 row", "0.2", "3")},
    {"x,y\n1,a\n2,b\n", NULL, 0, HAS("2 rows", "0.2", "3")},
    {"x,y\n1,1.5\n2,2.5\n", NULL, 0, HAS("2 rows", "0.2", "3")},
    {"x,y\n1,a\n2,b\n3,a\n", NULL, 0, NULL},
    {"x,y\n1,a\n2,b\n3,a\n", "snn", 0, HAS("3 rows", "0.15", "4")},
    {"x,y\n1,a\n2,b\n3,a\n", NULL, 0.1,
     "t.csv: has 3 rows with a target: to leave 0.2 of them for validation, and 0.1 for the test, "
     "takes at least 5"},
};

START_TEST(refuses_tables_with_too_few_rows) {
    const few_case *c = &few[_i];
    write_text("t.csv", c->text);
    snug_experiment *e = snug_experiment_suggest(
        "t.csv", &(snug_suggest_options){.recipe = c->recipe, .test = c->test}, NULL);
    ck_assert_int_eq(e != NULL, c->message == NULL);
    if (c->message != NULL) {
        expect_error(SNUG_ERROR_DATA, c->message);
    }
    snug_experiment_free(e);
}
END_TEST

static Suite *mistakes_suite(void) {
    Suite *suite = suite_create("mistakes");
    TCase *tests = directory_case(suite, "mistakes");
    tcase_add_loop_test(tests, keeps_columns_of_one_number_and_gaps, 0, 2);
    tcase_add_test(tests, ignores_columns_of_one_number);
    tcase_add_test(tests, lists_strings_among_formatted_numbers);
    tcase_add_test(tests, takes_formatted_targets_with_a_string_for_values);
    tcase_add_test(tests, names_the_string_that_is_no_number);
    tcase_add_test(tests, says_how_many_strings_are_different);
    tcase_add_loop_test(tests, lists_too_large_numbers, 0, 3);
    tcase_add_loop_test(tests, leaves_out_rows_of_too_large_targets, 0, 3);
    tcase_add_test(tests, refuses_targets_that_are_too_large);
    tcase_add_loop_test(tests, refuses_tables_with_too_few_rows, 0,
                        (int)(sizeof few / sizeof *few));
    return suite;
}
REGISTER_SUITE(mistakes_suite)
