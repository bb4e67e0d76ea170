/* What becomes of columns: identifiers, constants, dates, markers, and which task a target is. */
#include <stdio.h>
#include <string.h>

#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 100 };

/*
 * Writes t.csv of 100 rows: "x", a number, a column `name` whose cells `format` prints of 0, 1 ...
 * modulo `period`, and the target "y", a class.
 */
static void write_column(const char *name, const char *format, int period) {
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "x,%s,y\n", name);
    for (int i = 0; i < ROWS; i++) {
        char cell[64];
        snprintf(cell, sizeof cell, format, i % period);
        used += (size_t)snprintf(text + used, sizeof text - used, "%d.5,%s,%c\n", i * 7 % 10, cell,
                                 i % 2 ? 'a' : 'b');
    }
    write_bytes("t.csv", text, used);
}

static snug_suggestion *suggest(const snug_suggest_options *options) {
    snug_suggestion *seen = NULL;
    snug_experiment *e = snug_experiment_suggest("t.csv", options, &seen);
    ck_assert_msg(e != NULL, "%s", snug_error());
    snug_experiment_free(e);
    return seen;
}

static const snug_suggested_column *column_of(const snug_suggestion *seen, const char *name) {
    for (size_t i = 0; i < seen->column_count; i++) {
        if (strcmp(seen->columns[i].name, name) == 0) {
            return &seen->columns[i];
        }
    }
    ck_abort_msg("there is no column \"%s\"", name);
    return NULL;
}

typedef struct column_case {
    const char *name, *format;
    int period;
    snug_column_use use;
} column_case;

static const column_case columns[] = {
    {"a", "%d", 10, SNUG_USE_NUMBERS},
    {"a", "%d.25", ROWS, SNUG_USE_NUMBERS},
    {"Id", "%d.25", ROWS, SNUG_USE_NUMBERS},  /* not whole */
    {"a", "%d", ROWS, SNUG_USE_IGNORED},      /* numbers the rows */
    {"a", "1%02d7", ROWS, SNUG_USE_NUMBERS},  /* all different, and anything */
    {"Id", "1%02d7", ROWS, SNUG_USE_IGNORED}, /* with the name of an identifier */
    {"user_id", "1%02d7", 60, SNUG_USE_IGNORED},
    {"customerID", "1%02d7", 60, SNUG_USE_IGNORED},
    {"", "1%02d7", 60, SNUG_USE_IGNORED},
    {"Id", "1%02d7", 10, SNUG_USE_NUMBERS},      /* few different */
    {"humid", "1%02d7", ROWS, SNUG_USE_NUMBERS}, /* a word */
    {"a", "7", 1, SNUG_USE_IGNORED},
    {"a", "red", 1, SNUG_USE_IGNORED},
    {"a", "", 1, SNUG_USE_IGNORED},
    {"a", "?", 1, SNUG_USE_IGNORED},
    {"a", "c%d", 10, SNUG_USE_CATEGORIES},
    {"a", "c%d", 24, SNUG_USE_CATEGORIES},
    {"a", "c%d", 30, SNUG_USE_IGNORED}, /* more than a quarter of the rows */
    {"a", "name of %d", ROWS, SNUG_USE_IGNORED},
    {"a", "%02d.00.00", 24, SNUG_USE_CATEGORIES},
    {"a", "2024-05-%02d", 60, SNUG_USE_IGNORED},
    {"a", "\"1,%03d\"", 20, SNUG_USE_NUMBERS}, /* thousands */
    {"a", "$%d", 20, SNUG_USE_NUMBERS},
    {"a", "\"(1,%03d.50)\"", ROWS, SNUG_USE_NUMBERS},
    {"a", "1%d.50-", ROWS, SNUG_USE_NUMBERS},
    {"a", "00%d", 10, SNUG_USE_CATEGORIES}, /* codes */
    {"a", "0%d", 20, SNUG_USE_NUMBERS},     /* not of one width */
    {"a", "05%02d", 60, SNUG_USE_NUMBERS},  /* too many for categories */
};

START_TEST(each_column_has_its_use) {
    const column_case *c = &columns[_i];
    write_column(c->name, c->format, c->period);
    snug_suggestion *seen = suggest(NULL);
    const snug_suggested_column *column = &seen->columns[1];
    ck_assert_msg(column->use == c->use, "%s as %s: use %d", c->name, c->format, (int)column->use);
    ck_assert_int_eq(column->reason != NULL, c->use == SNUG_USE_IGNORED);
    ck_assert_int_eq(seen->columns[0].use, SNUG_USE_NUMBERS);
    ck_assert_int_eq(seen->columns[2].use, SNUG_USE_TARGET);
    snug_suggestion_free(seen);
}
END_TEST

/* Writes t.csv of 100 rows; column "a" has one of `strings` strings in every fourth row. */
static void write_sparse_strings(int strings) {
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "x,a,y\n");
    for (int i = 0; i < ROWS; i++) {
        char cell[16] = "";
        if (i % 4 == 0) {
            snprintf(cell, sizeof cell, "c%d", i / 4 % strings);
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "%d.5,%s,%c\n", i * 7 % 10, cell,
                                 i % 2 ? 'a' : 'b');
    }
    write_bytes("t.csv", text, used);
}

START_TEST(many_strings_in_few_rows_are_ignored) {
    const char *const a[] = {"a", NULL};
    write_sparse_strings(25);
    snug_suggestion *seen = suggest(NULL);
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_IGNORED);
    ck_assert_msg(strstr(column_of(seen, "a")->reason, "mostly missing") != NULL, "%s",
                  column_of(seen, "a")->reason);
    snug_suggestion_free(seen);
    seen = suggest(&(snug_suggest_options){.keep = a});
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_CATEGORIES);
    snug_suggestion_free(seen);
    write_sparse_strings(20); /* few */
    seen = suggest(NULL);
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_CATEGORIES);
    snug_suggestion_free(seen);
}
END_TEST

/* A third of dates among different numbers is no column of dates. */
START_TEST(reasons_say_what_most_cells_are) {
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "x,a,y\n");
    for (int i = 0; i < 3 * ROWS; i++) {
        char cell[16];
        snprintf(cell, sizeof cell, i % 3 == 0 ? "2024.%d.1" : "%d", i);
        used += (size_t)snprintf(text + used, sizeof text - used, "%d.5,%s,%c\n", i * 7 % 10, cell,
                                 i % 2 ? 'a' : 'b');
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = suggest(NULL);
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_IGNORED);
    ck_assert_str_eq(column_of(seen, "a")->reason, "300 different strings in 300 rows");
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(ignores_and_keeps_as_told) {
    write_column("Id", "%d", ROWS);
    const char *const id[] = {"Id", NULL}, *const x[] = {"x", NULL};
    snug_suggestion *seen = suggest(&(snug_suggest_options){.keep = id, .ignore = x});
    ck_assert_int_eq(column_of(seen, "Id")->use, SNUG_USE_NUMBERS);
    ck_assert_int_eq(column_of(seen, "x")->use, SNUG_USE_IGNORED);
    ck_assert_uint_eq(seen->features, 1);
    snug_suggestion_free(seen);
}
END_TEST

/* ---- the target ------------------------------------------------------------------------------ */

typedef struct target_case {
    const char *name, *format;
    int period;
    snug_task task;
} target_case;

static const target_case targets[] = {
    {"y", "c%d", 3, SNUG_TASK_CLASSIFICATION},
    {"y", "%d", 2, SNUG_TASK_CLASSIFICATION},
    {"y", "%d", 10, SNUG_TASK_CLASSIFICATION},
    {"y", "%d", 15, SNUG_TASK_REGRESSION},
    {"y", "3%d", 5, SNUG_TASK_REGRESSION},
    {"class", "3%d", 5, SNUG_TASK_CLASSIFICATION},
    {"Species", "%d", 15, SNUG_TASK_CLASSIFICATION},
    {"quality", "%d", 10, SNUG_TASK_REGRESSION},
    {"children_count", "%d", 5, SNUG_TASK_REGRESSION},
    {"y", "%d", 30, SNUG_TASK_REGRESSION},
    {"y", "%d.5", 5, SNUG_TASK_REGRESSION},
    {"class", "%d.5", 5, SNUG_TASK_REGRESSION},
    /* whole words of a name count, and their plurals */
    {"stage", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"language", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"marriages", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"COUNTRY", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"discount", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"earrings", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"prototype", "3%d", 5, SNUG_TASK_REGRESSION},
    {"subgroup", "3%d", 5, SNUG_TASK_REGRESSION},
    {"typed", "3%d", 5, SNUG_TASK_REGRESSION},
    {"\xC3\xA4ge", "%d", 5, SNUG_TASK_CLASSIFICATION},
    {"age", "%d", 5, SNUG_TASK_REGRESSION},
    {"patientAge", "%d", 5, SNUG_TASK_REGRESSION},
    {"AGE (years)", "%d", 5, SNUG_TASK_REGRESSION},
    {"age2", "%d", 5, SNUG_TASK_REGRESSION},
    {"num_children", "%d", 5, SNUG_TASK_REGRESSION},
    {"1stScores", "%d", 5, SNUG_TASK_REGRESSION},
    {"bodyTypes", "3%d", 5, SNUG_TASK_CLASSIFICATION},
    {"Classes", "3%d", 5, SNUG_TASK_CLASSIFICATION},
    {"risk-group", "3%d", 5, SNUG_TASK_CLASSIFICATION},
    {"main categories", "3%d", 5, SNUG_TASK_CLASSIFICATION},
};

static void write_target(const char *name, const char *format, int period) {
    static char text[16384];
    size_t used = (size_t)snprintf(text, sizeof text, "x,%s\n", name);
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%d.5,", i * 7 % 10);
        used += (size_t)snprintf(text + used, sizeof text - used, format, i % period);
        text[used++] = '\n';
    }
    write_bytes("t.csv", text, used);
}

START_TEST(each_target_is_classes_or_values) {
    const target_case *c = &targets[_i];
    write_target(c->name, c->format, c->period);
    snug_suggestion *seen = suggest(NULL);
    ck_assert_msg(seen->task == c->task, "%s as %s: %s", c->name, c->format, seen->task_reason);
    ck_assert_uint_eq(seen->class_count,
                      c->task == SNUG_TASK_CLASSIFICATION ? (size_t)c->period : 0);
    ck_assert_uint_eq(seen->rows, ROWS);
    snug_suggestion_free(seen);
    if (c->period < 20 && strchr(c->format, 'c') == NULL) {
        snug_task other =
            c->task == SNUG_TASK_REGRESSION ? SNUG_TASK_CLASSIFICATION : SNUG_TASK_REGRESSION;
        seen = suggest(&(snug_suggest_options){.task = other});
        ck_assert_int_eq(seen->task, other);
        snug_suggestion_free(seen);
    }
}
END_TEST

START_TEST(takes_last_column_with_name_and_values) {
    write_text("t.csv", "x,kind,,empty\n1.5,a,,\n2.5,b,,\n3.5,a,,\n");
    snug_suggestion *seen = suggest(NULL);
    ck_assert_int_eq(column_of(seen, "kind")->use, SNUG_USE_TARGET);
    ck_assert_int_eq(column_of(seen, "empty")->use, SNUG_USE_IGNORED);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(counts_classes_as_the_dataset_has_them) {
    write_text("t.csv", "x,k\n1.5,010\n2.5,2.0\n3.5,2.0\n4.5,\n4.5,2\n2.5,2.0\n1.5,b\n1.5,a\n");
    snug_suggestion *seen = suggest(NULL);
    static const char *const names[] = {"2", "010", "a", "b"};
    static const size_t rows[] = {4, 1, 1, 1};
    ck_assert_uint_eq(seen->class_count, 4);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(seen->classes[i].name, names[i]);
        ck_assert_uint_eq(seen->classes[i].rows, rows[i]);
    }
    ck_assert_uint_eq(seen->rows, 7);
    ck_assert_uint_eq(seen->rows_without_target, 1);
    ck_assert_uint_eq(seen->duplicates, 1);
    snug_suggestion_free(seen);
}
END_TEST

/* ---- missing values -------------------------------------------------------------------------- */

/* The usual markers, as an experiment lists them after others, which replace them. */
#define USUAL "\"NA\", \"N/A\", \"NaN\", \"null\", \"None\", \"#N/A\", \"<NA>\", \"?\", \"-\"]"

/* Returns the experiment for t.csv as JSON, for snug_free(). */
static char *config_of(const snug_suggest_options *options, snug_suggestion **seen) {
    snug_experiment *e = snug_experiment_suggest("t.csv", options, seen);
    ck_assert_msg(e != NULL, "%s", snug_error());
    char *config = snug_experiment_config(e);
    snug_experiment_free(e);
    return config;
}

/* Writes a table whose target is `y`, of 60 rows: row 7 and row 9 of column "a" are given. */
static void write_marked(const char *seventh, const char *ninth) {
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "a,b,y\n");
    for (int i = 0; i < 60; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d.5", i % 25);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s,%s,%d.25\n",
                                 i == 7   ? seventh
                                 : i == 9 ? ninth
                                          : number,
                                 i % 3 > 0 ? "red" : "NA", i % 30);
    }
    write_bytes("t.csv", text, used);
}

START_TEST(lists_strings_among_numbers) {
    snug_suggestion *seen = NULL;
    write_marked("broken", "NA");
    char *config = config_of(NULL, &seen);
    ck_assert_ptr_nonnull(strstr(config, "\"missing_values\": [\"broken\", " USUAL));
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_NUMBERS);
    ck_assert_uint_eq(column_of(seen, "a")->missing, 2);
    ck_assert_uint_eq(seen->notes.count, 1);
    expect_message(seen->notes.items[0], "\"a\" holds");
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

/* Training refuses infinite numbers: they are missing values, however many there are. */
START_TEST(lists_infinite_numbers) {
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "a,y\n");
    for (int i = 0; i < 60; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%s,%c\n",
                                 i % 3 == 0   ? "inf"
                                 : i % 2 == 0 ? "1.5"
                                              : "2",
                                 i % 4 < 2 ? 'v' : 'w');
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = NULL;
    char *config = config_of(NULL, &seen);
    ck_assert_int_eq(column_of(seen, "a")->use, SNUG_USE_NUMBERS);
    ck_assert_uint_eq(column_of(seen, "a")->missing, 20);
    ck_assert_ptr_nonnull(strstr(config, "\"missing_values\": [\"inf\", " USUAL));
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

/* The usual markers need no list: they stay categories in a column of strings. */
START_TEST(lists_no_usual_markers) {
    snug_suggestion *seen = NULL;
    write_marked("NA", "?");
    char *config = config_of(NULL, &seen);
    ck_assert_ptr_nonnull(strstr(config, "\"missing_values\": []"));
    ck_assert_uint_eq(column_of(seen, "a")->missing, 2);
    ck_assert_uint_eq(column_of(seen, "b")->distinct, 2);
    ck_assert_uint_eq(seen->notes.count, 0);
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(lists_usual_markers_of_a_target_of_values) {
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 60; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 i == 5 ? "%d.5,NA\n" : "%d.5,%d.5\n", i % 7, i);
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = NULL;
    char *config = config_of(NULL, &seen);
    ck_assert_int_eq(seen->task, SNUG_TASK_REGRESSION);
    ck_assert_ptr_nonnull(strstr(config, "\"missing_values\": [" USUAL));
    ck_assert_uint_eq(seen->rows_without_target, 1);
    snug_free(config);
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(notes_numbers_far_from_all_others) {
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "a,b,y\n");
    for (int i = 0; i < 60; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 i % 10 == 0 ? "-200,-200,%d.5\n" : "%d,100%d,%d.5\n", i, i, i);
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = suggest(NULL);
    ck_assert_uint_eq(seen->notes.count, 1);
    expect_message(seen->notes.items[0], "-200 is far");
    snug_suggestion_free(seen);
    const char *const markers[] = {"-200", NULL};
    seen = suggest(&(snug_suggest_options){.missing_values = markers});
    ck_assert_uint_eq(seen->notes.count, 0);
    ck_assert_uint_eq(column_of(seen, "a")->missing, 6);
    snug_suggestion_free(seen);
}
END_TEST

/* Returns the note that begins with a string, or NULL. */
static const char *note_of(const snug_suggestion *seen, const char *start) {
    for (size_t i = 0; i < seen->notes.count; i++) {
        if (strncmp(seen->notes.items[i], start, strlen(start)) == 0) {
            return seen->notes.items[i];
        }
    }
    return NULL;
}

START_TEST(notes_codes) {
    static const char zip[] = "\"zip\" has leading zeros, such as \"000";
    snug_suggestion *seen = NULL;
    write_column("zip", "00%d", 10);
    char *config = config_of(NULL, &seen);
    ck_assert_ptr_nonnull(strstr(config, "\"categorical\": [\"zip\"]"));
    ck_assert_ptr_nonnull(strstr(note_of(seen, zip), "is taken for categories"));
    snug_free(config);
    snug_suggestion_free(seen);
    write_column("zip", "000%d", 20);
    config = config_of(NULL, &seen);
    ck_assert_ptr_nonnull(strstr(config, "\"categorical\": []"));
    ck_assert_ptr_nonnull(strstr(note_of(seen, zip), "is taken for numbers: \"categorical\": "));
    snug_free(config);
    snug_suggestion_free(seen);
    write_target("zip", "000%d", 30);
    seen = suggest(NULL);
    ck_assert_ptr_nonnull(strstr(note_of(seen, zip), "is taken for numbers: --task class"));
    snug_suggestion_free(seen);
}
END_TEST

/* The line is that of the file; 0 has no unit. */
START_TEST(notes_numbers_of_several_units) {
    write_text("t.csv", "p,q,r,y\n0,$1,1,a\n0.45,$2,2,b\n46%,0,4,a\n45%,$4,5,b\n$3,$5,6,a\n");
    snug_suggestion *seen = suggest(NULL);
    ck_assert_str_eq(note_of(seen, "\"p\" holds"),
                     "\"p\" holds numbers of several units, such as \"0.45\" in line 3 and \"46%\" "
                     "in line 4: they are taken for 0.45 and 46");
    ck_assert_ptr_null(note_of(seen, "\"q\" holds"));
    ck_assert_ptr_null(note_of(seen, "\"r\" holds"));
    snug_suggestion_free(seen);
}
END_TEST

START_TEST(notes_rare_classes) {
    char text[4096];
    size_t used = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < 60; i++) {
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%d.5,%s\n", i, i == 3 ? "b" : "a");
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = suggest(NULL);
    ck_assert_uint_eq(seen->notes.count, 2);
    expect_message(seen->notes.items[0], "98.3 %");
    expect_message(seen->notes.items[1], "class \"b\"");
    snug_suggestion_free(seen);
}
END_TEST

/* Among more than two classes, of which one may well be "None". */
START_TEST(notes_classes_named_as_missing_values) {
    write_text("t.csv", "x,y\n1,a\n1,a\n1,a\n2,NA\n3,NA\n2,NA\n3,NA\n3,NA\n4,b\n5,b\n4,b\n"
                        "4,a\n4,a\n5,b\n5,b\n");
    snug_suggestion *seen = suggest(NULL);
    ck_assert_uint_gt(seen->notes.count, 0);
    expect_message(seen->notes.items[seen->notes.count - 1], "class \"NA\" has 5 rows");
    snug_suggestion_free(seen);
    write_text("t.csv", "x,y\n1,a\n1,a\n1,a\n2,NA\n3,NA\n2,NA\n3,NA\n3,NA\n4,a\n5,a\n");
    seen = suggest(NULL);
    for (size_t i = 0; i < seen->notes.count; i++) {
        ck_assert_ptr_null(strstr(seen->notes.items[i], "class \"NA\""));
    }
    snug_suggestion_free(seen);
}
END_TEST

static Suite *columns_suite(void) {
    Suite *suite = suite_create("columns");
    TCase *tests = directory_case(suite, "columns");
    tcase_add_loop_test(tests, each_column_has_its_use, 0, (int)(sizeof columns / sizeof *columns));
    tcase_add_test(tests, many_strings_in_few_rows_are_ignored);
    tcase_add_test(tests, reasons_say_what_most_cells_are);
    tcase_add_test(tests, ignores_and_keeps_as_told);
    tcase_add_loop_test(tests, each_target_is_classes_or_values, 0,
                        (int)(sizeof targets / sizeof *targets));
    tcase_add_test(tests, takes_last_column_with_name_and_values);
    tcase_add_test(tests, counts_classes_as_the_dataset_has_them);
    tcase_add_test(tests, lists_strings_among_numbers);
    tcase_add_test(tests, lists_infinite_numbers);
    tcase_add_test(tests, lists_no_usual_markers);
    tcase_add_test(tests, lists_usual_markers_of_a_target_of_values);
    tcase_add_test(tests, notes_numbers_far_from_all_others);
    tcase_add_test(tests, notes_codes);
    tcase_add_test(tests, notes_numbers_of_several_units);
    tcase_add_test(tests, notes_rare_classes);
    tcase_add_test(tests, notes_classes_named_as_missing_values);
    return suite;
}
REGISTER_SUITE(columns_suite)
