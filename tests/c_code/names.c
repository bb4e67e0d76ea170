/* Names of columns, categories and classes may be anything; files and memory may fail. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "core/string_list.h"
#include "support.h"
#include "support/suite.h"
#include "support/tables.h"

/* NOLINTBEGIN(misc-misleading-bidirectional): such marks are among what is tested */

/* Names that are dangerous in a string, in a comment, or as an identifier. */
static const char *const names[] = {"",
                                    "int",
                                    "class",
                                    "a b",
                                    "a-b",
                                    "A_B",
                                    "\"quoted\"",
                                    "*/ int x; /*",
                                    "?\?/ ?\?=",
                                    "two\nlines",
                                    "back\\",
                                    "gr\303\274n",
                                    "\346\227\245",
                                    "%s %n",
                                    "inputs",
                                    "\xff\x01",
                                    "\\u0041",
                                    "_x__",
                                    "INPUTS",
                                    "9",
                                    "\342\200\256abc",
                                    "tab\t"};

/* NOLINTEND(misc-misleading-bidirectional) */

enum { NAMES = sizeof names / sizeof *names };

static void set_names(snug_strings *strings) {
    snug_strings_clear(strings);
    ck_assert_int_eq(snug_strings_reserve(strings, NAMES), SNUG_OK);
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_int_eq(snug_strings_append(strings, names[i]), SNUG_OK);
    }
}

/* Returns a graph whose columns, categories and classes have the names above. */
static snug_model_graph *hostile_graph(snug_strings *categories) {
    snug_model_graph *graph = bare_graph_new(NAMES);
    snug_graph_begin_section(graph->graph, names[7]);
    const snug_value x = snug_graph_input(graph->graph);
    bare_graph_finish(graph, snug_graph_softmax(graph->graph, x), SNUG_EXPORT_PROBABILITIES);
    set_names(&graph->outputs);
    set_names(&graph->names);
    set_names(categories);
    for (size_t i = 0; i < NAMES; i++) {
        graph->columns[i].name = graph->names.items[i];
        graph->columns[i].categories = i % 2 == 0 ? *categories : (snug_strings){NULL, 0};
        graph->columns[i].offset = i % 3 == 1 ? 1e9 * (double)i : i % 3 == 2 ? 0.5 : 0;
    }
    return graph;
}

START_TEST(any_name_can_be_written) {
    program_list list;
    snug_strings categories = {NULL, 0};
    snug_model_graph *graph = hostile_graph(&categories);
    /* C99 has strings of at most 4095 characters. */
    char *longest = snug_alloc(6001, 1);
    ck_assert_ptr_nonnull(longest);
    memset(longest, '?', 6000);
    snug_release(graph->outputs.items[3]);
    graph->outputs.items[3] = longest;
    programs_start(&list, false);
    programs_add_graph(&list, graph);
    programs_compile(&list);
    const char *const *written = NULL;
    any_fn *symbol = programs_function(&list, 0, "class_names");
    memcpy(&written, &symbol, sizeof written);
    for (size_t i = 0; i < NAMES; i++) {
        ck_assert_str_eq(written[i], graph->outputs.items[i]);
    }
    programs_end(&list);
    bare_graph_free(graph);
    snug_strings_clear(&categories);
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

/* Writes a small program to a path; returns the status. */
static snug_status write_small(const char *path, const char *name) {
    const snug_c_options options = {.name = name};
    snug_model_graph *graph = bare_graph_new(2);
    bare_graph_finish(graph, snug_graph_softmax(graph->graph, snug_graph_input(graph->graph)),
                      SNUG_EXPORT_PROBABILITIES);
    snug_status status = snug_c_write_program(graph, path, &options);
    bare_graph_free(graph);
    return status;
}

/* Whether a file has a string. */
static bool has(const char *path, const char *string) {
    static char content[1 << 16];
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    content[fread(content, 1, sizeof content - 1, file)] = '\0';
    fclose(file);
    return strstr(content, string) != NULL;
}

START_TEST(the_prefix_is_that_of_the_file) {
    static const struct {
        const char *path, *header, *function;
    } cases[] = {{"net.c", "net.h", "void net_predict("},
                 {"my-net.v2.c", "my-net.v2.h", "void my_net_v2_predict("},
                 {"./3.c", "3.h", "void net_3_predict("},
                 {"\346\227\245.c", "\346\227\245.h", "void net_predict("},
                 {"__a__.c", "__a__.h", "void a_predict("},
                 {"int.c", "int.h", "void int_predict("}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_msg(write_small(cases[i].path, NULL) == SNUG_OK, "%s", snug_error());
        ck_assert_msg(has(cases[i].header, cases[i].function), "%s", cases[i].path);
        ck_assert(has(cases[i].path, cases[i].header));
    }
    ck_assert_int_eq(write_small("net.c", "other_1"), SNUG_OK);
    ck_assert(has("net.h", "void other_1_predict("));
    ck_assert(has("net.h", "#define OTHER_1_INPUTS 2"));
}
END_TEST

START_TEST(wrong_names_are_refused) {
    static const char *const paths[] = {"net",    "net.h",  ".c",   "a\"b.c",
                                        "a\\b.c", "a\nb.c", "net.C"};
    static const char *const prefixes[] = {"", "a b", "3", "_a", "a_", "a__b", "a\"", "\303\274"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ck_assert_msg(write_small(paths[i], NULL) == SNUG_ERROR_ARGUMENT, "%s", paths[i]);
        ck_assert_int_ne(access(paths[i], F_OK), 0);
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        ck_assert_msg(write_small("net.c", prefixes[i]) == SNUG_ERROR_ARGUMENT, "%s", prefixes[i]);
    }
    ck_assert_int_eq(write_small("absent/net.c", NULL), SNUG_ERROR_FILE);
    ck_assert_int_ne(access("net.h", F_OK), 0);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    snug_strings categories = {NULL, 0};
    snug_model_graph *graph = hostile_graph(&categories);
    const snug_c_options options = {.name = NULL};
    bool failed = true;
    for (size_t i = 0; failed; i++) {
        fail_allocation(i);
        snug_status status = snug_c_write_program(graph, "net.c", &options);
        ck_assert_int_eq(live_blocks(), 0);
        failed = end_failures();
        ck_assert_int_eq(status, failed ? SNUG_ERROR_MEMORY : SNUG_OK);
        ck_assert(!failed || access("net.c", F_OK) != 0);
    }
    bare_graph_free(graph);
    snug_strings_clear(&categories);
}
END_TEST

START_TEST(null_is_refused) {
    ck_assert_int_eq(snug_model_export_c(NULL, "net.c", NULL), SNUG_ERROR_ARGUMENT);
    snug_model *model = snug_model_new(2);
    snug_model_add(model, snug_dense(2));
    ck_assert_int_eq(snug_model_export_c(model, NULL, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_int_ne(snug_model_export_c(model, "net.c", NULL), SNUG_OK); /* no weights */
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_msg(snug_model_export_c(model, "net.c", NULL) == SNUG_OK, "%s", snug_error());
    snug_model_free(model);
}
END_TEST

static Suite *names_suite(void) {
    Suite *suite = suite_create("c_code/names");
    TCase *tests = directory_case(suite, "names");
    tcase_add_test(tests, any_name_can_be_written);
    tcase_add_test(tests, the_prefix_is_that_of_the_file);
    tcase_add_test(tests, wrong_names_are_refused);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, null_is_refused);
    return suite;
}

REGISTER_SUITE(names_suite)
