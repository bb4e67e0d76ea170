/* Experiments that recipes make of tables: they train as they are. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <snug/snug.h>

#include "support/failing.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 60 };

/* What the target of a table of 60 rows holds. */
typedef struct table_case {
    const char *header;
    const char *target; /* of class 0, 1 or 2, as printf() prints it */
    int classes;        /* 0: values */
    const char *const *names;
} table_case;

static const char *const two_names[] = {"v", "w", NULL};

static const table_case tables[] = {
    {"x,y,colour,kind", "k%d", 3, NULL},
    {"x,y,colour,kind", "%d", 2, NULL},
    {"x,y,colour,size", "%d.25", 0, NULL},
    {"x,y,colour,v,w", "%d.25,7.5", 0, two_names},
};
enum { TABLES = sizeof tables / sizeof *tables };

/* Writes t.csv: two numbers, one of them missing at times, a category, and the target. */
static void write_table(const table_case *table) {
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "%s\n", table->header);
    for (int i = 0; i < ROWS; i++) {
        int class = i % (table->classes > 0 ? table->classes : 3);
        char y[16] = "";
        if (i % 11 != 5) {
            snprintf(y, sizeof y, "%g", class * -1.5 + i % 5 * 0.1);
        }
        used += (size_t)snprintf(text + used, sizeof text - used, "%g,%s,%s,",
                                 class * 2.5 + i % 7 * 0.1, y, i % 4 == 0 ? "red" : "blue");
        used += (size_t)snprintf(text + used, sizeof text - used, table->target,
                                 table->classes > 0 ? class : i % 23);
        text[used++] = '\n';
    }
    write_bytes("t.csv", text, used);
}

static snug_experiment *suggest(const char *path, const snug_suggest_options *options,
                                snug_suggestion **seen) {
    snug_experiment *experiment = snug_experiment_suggest(path, options, seen);
    ck_assert_msg(experiment != NULL, "%s", snug_error());
    return experiment;
}

/* The model is the same after it was saved and loaded. */
static void expect_saved(const snug_model *model, const snug_dataset *data) {
    snug_metrics before, after;
    ck_assert_int_eq(snug_model_save(model, "m.safetensors"), SNUG_OK);
    snug_model *loaded = snug_model_load("m.safetensors");
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(model, data, &before), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(loaded, data, &after), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&before, "loss"), snug_metrics_get(&after, "loss"));
    snug_model_free(loaded);
}

/* Trains two epochs, and saves the model. */
static void expect_trains(const snug_experiment *experiment) {
    snug_model *model = NULL;
    snug_dataset *data = NULL, *validation = NULL, *test = NULL;
    snug_fit_options options;
    ck_assert_msg(snug_experiment_load(experiment, &model, &data, &validation, &test) == SNUG_OK,
                  "%s", snug_error());
    ck_assert_msg(snug_experiment_options(experiment, &options) == SNUG_OK, "%s", snug_error());
    options.validation_data = validation;
    options.epochs = 2;
    ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
    expect_saved(model, data);
    snug_dataset_free(data);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_model_free(model);
}

/* ---- recipes --------------------------------------------------------------------------------- */

static int recipe_count(void) {
    int count = 0;
    while (snug_recipe_name((size_t)count) != NULL) {
        count++;
    }
    return count;
}

START_TEST(each_recipe_trains_on_each_table) {
    const table_case *table = &tables[_i % TABLES];
    size_t recipe = (size_t)(_i / TABLES);
    snug_suggestion *seen = NULL;
    write_table(table);
    snug_experiment *e =
        suggest("t.csv",
                &(snug_suggest_options){
                    .recipe = snug_recipe_name(recipe), .target = table->names, .test = 0.1},
                &seen);
    ck_assert_str_eq(seen->recipe, snug_recipe_version(recipe));
    ck_assert_uint_gt(strlen(seen->recipe_summary), 0);
    ck_assert_uint_eq(seen->test_rows, ROWS / 10);
    ck_assert_uint_eq(seen->validation_rows, (size_t)(seen->validation * ROWS + 0.5));
    ck_assert_uint_eq(seen->class_count, (size_t)table->classes);
    ck_assert_uint_eq(seen->rows, ROWS);
    ck_assert_uint_eq(seen->features, 4);
    expect_trains(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
}
END_TEST

/* The whole experiment is in its file: read again it is the same, and has no open ends. */
START_TEST(hides_nothing) {
    write_table(&tables[0]);
    snug_experiment *e = suggest("t.csv", &(snug_suggest_options){.seed = 7}, NULL);
    char *config = snug_experiment_config(e);
    snug_experiment *again = snug_experiment_parse(config, strlen(config), NULL);
    ck_assert_msg(again != NULL, "%s", snug_error());
    char *same = snug_experiment_config(again);
    ck_assert_str_eq(config, same);
    ck_assert_ptr_nonnull(strstr(config, "\"recipe\": \"tabular-"));
    ck_assert_ptr_nonnull(strstr(config, "\"target\": [\"kind\"]"));
    ck_assert_ptr_nonnull(strstr(config, "\"seed\": 7"));
    ck_assert_ptr_null(strstr(config, "\"when\""));
    snug_free(config);
    snug_free(same);
    snug_experiment_free(again);
    snug_experiment_free(e);
}
END_TEST

START_TEST(lists_recipes) {
    ck_assert_str_eq(snug_recipe_name(0), "tabular");
    ck_assert_int_ge(recipe_count(), 4);
    ck_assert_ptr_null(snug_recipe_name((size_t)recipe_count()));
    ck_assert_ptr_null(snug_recipe_version((size_t)recipe_count()));
    ck_assert_ptr_null(snug_recipe_summary((size_t)recipe_count()));
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

/* Windows-1252, decimal commas, no header, numbers in groups of three. */
START_TEST(trains_on_what_it_found_out) {
    char text[8192];
    size_t used = 0;
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%d,5;1.%03d,5;%s;%s\n", i % 7, i,
                                 i % 3 > 0 ? "ros\xE9" : "bleu", i % 2 > 0 ? "a" : "b");
    }
    write_bytes("t.csv", text, used);
    snug_suggestion *seen = NULL;
    snug_experiment *e = suggest("t.csv", NULL, &seen);
    ck_assert_str_eq(seen->format, "csv");
    ck_assert_str_eq(seen->encoding, "windows-1252");
    ck_assert_int_eq(seen->delimiter, ';');
    ck_assert_int_eq(seen->decimal, ',');
    ck_assert(!seen->header);
    ck_assert_int_eq(seen->columns[1].use, SNUG_USE_NUMBERS);
    expect_trains(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
}
END_TEST

/* UTF-16 without a byte order mark, which an option names. */
START_TEST(trains_on_the_encoding_of_the_options) {
    char text[4096], wide[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "x,y\n");
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%d,%d.5\n", i % 7, i);
    }
    for (size_t i = 0; i < used; i++) {
        wide[2 * i] = text[i];
        wide[2 * i + 1] = 0;
    }
    write_bytes("t.csv", wide, 2 * used);
    snug_experiment *e = suggest("t.csv", &(snug_suggest_options){.encoding = "utf-16le"}, NULL);
    expect_trains(e);
    snug_experiment_free(e);
}
END_TEST

START_TEST(reads_json_lines) {
    char text[8192];
    size_t used = 0;
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used,
                                 i % 9 == 0 ? "{\"x\": %d.5, \"kind\": \"%s\"}\n"
                                            : "{\"x\": %d.5, \"kind\": \"%s\", \"y\": 1.5}\n",
                                 i % 7, i % 2 > 0 ? "a" : "b");
    }
    write_bytes("t.jsonl", text, used);
    const char *const target[] = {"kind", NULL};
    snug_suggestion *seen = NULL;
    snug_experiment *e = suggest("t.jsonl", &(snug_suggest_options){.target = target}, &seen);
    ck_assert_str_eq(seen->format, "jsonl");
    ck_assert_int_eq(seen->delimiter, 0);
    ck_assert_uint_eq(seen->columns[2].missing, 7);
    expect_trains(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
}
END_TEST

/* Zeros that are left out count as numbers; several labels are values. */
START_TEST(reads_libsvm) {
    char text[8192];
    size_t used = 0;
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, "%d 1:%d.5 %s\n", i % 2, i % 7,
                                 i % 3 > 0 ? "2:1.5" : "");
    }
    write_bytes("t.libsvm", text, used);
    snug_suggestion *seen = NULL;
    snug_experiment *e = suggest("t.libsvm", NULL, &seen);
    ck_assert_str_eq(seen->format, "libsvm");
    ck_assert_uint_eq(seen->class_count, 2);
    ck_assert_uint_eq(seen->features, 2);
    ck_assert_uint_eq(seen->columns[1].missing, 0);
    ck_assert_uint_eq(seen->columns[1].distinct, 2);
    expect_trains(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
    write_text("t.libsvm", "1,2 1:2.5 2:1\n2 1:0.5 2:2\n3 1:1.5\n1 1:0.25\n3,1 2:1\n2 1:3 2:3\n");
    e = suggest("t.libsvm", NULL, &seen);
    ck_assert_int_eq(seen->task, SNUG_TASK_REGRESSION);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
}
END_TEST

/* Writes an IDX file of `rows` rows of `columns` bytes, or of one where columns is 0. */
static void write_idx(const char *name, int rows, int columns) {
    unsigned char bytes[4096] = {0, 0, 8, columns > 0 ? 2 : 1, 0, 0, 0, (unsigned char)rows};
    size_t used = 8;
    if (columns > 0) {
        bytes[used + 3] = (unsigned char)columns;
        used += 4;
    }
    for (int i = 0; i < rows * (columns > 0 ? columns : 1); i++) {
        bytes[used++] = (unsigned char)(columns > 0 ? i * 7 % 251 : i % 3);
    }
    write_bytes(name, bytes, used);
}

START_TEST(reads_arrays) {
    write_idx("x.idx", ROWS, 4);
    write_idx("y.idx", ROWS, 0);
    snug_suggestion *seen = NULL;
    snug_experiment *e = suggest("x.idx", &(snug_suggest_options){.targets = "y.idx"}, &seen);
    ck_assert_str_eq(seen->format, "idx");
    ck_assert_uint_eq(seen->column_count, 0);
    ck_assert_uint_eq(seen->features, 4);
    ck_assert_uint_eq(seen->class_count, 3);
    ck_assert_uint_eq(seen->classes[1].rows, ROWS / 3);
    expect_trains(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
    ck_assert_ptr_null(snug_experiment_suggest("x.idx", NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x.idx: ");
}
END_TEST

/* Paths in the experiment are as seen from its file. */
START_TEST(writes_paths_relative_to_the_experiment) {
    write_table(&tables[0]);
    ck_assert_int_eq(mkdir("runs", 0700), 0);
    snug_experiment *e =
        suggest("t.csv", &(snug_suggest_options){.experiment = "runs/t.json"}, NULL);
    char *config = snug_experiment_config(e);
    ck_assert_ptr_nonnull(strstr(config, "\"train\": \"../t.csv\""));
    expect_trains(e);
    snug_free(config);
    snug_experiment_free(e);
    e = suggest("./t.csv", &(snug_suggest_options){.experiment = "t.json"}, NULL);
    config = snug_experiment_config(e);
    ck_assert_ptr_nonnull(strstr(config, "\"train\": \"./t.csv\""));
    snug_free(config);
    snug_experiment_free(e);
    ck_assert_ptr_null(snug_experiment_suggest(
        "t.csv", &(snug_suggest_options){.experiment = "none/t.json"}, NULL));
    expect_error(SNUG_ERROR_FILE, "none/t.json: ");
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static void refuse(const snug_suggest_options *options, snug_status status, const char *location) {
    snug_suggestion *seen = (snug_suggestion *)&tables;
    ck_assert_ptr_null(snug_experiment_suggest("t.csv", options, &seen));
    ck_assert_ptr_null(seen);
    expect_error(status, location);
}

#define REFUSE(status, location, ...)                                                              \
    refuse(&(snug_suggest_options){__VA_ARGS__}, SNUG_ERROR_##status, location)
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

START_TEST(refuses_wrong_options) {
    write_table(&tables[0]);
    REFUSE(CONFIG, "there is no recipe \"tabula\"", .recipe = "tabula");
    REFUSE(CONFIG, "unknown data format", .format = "cvs");
    REFUSE(CONFIG, "unknown encoding", .encoding = "utf");
    REFUSE(DATA, "t.csv: there is no column \"knd\"", .target = NAMES("knd"));
    REFUSE(DATA, "t.csv: there is no column \"z\"", .ignore = NAMES("z"));
    REFUSE(DATA, "t.csv: there is no column \"z\"", .keep = NAMES("z"));
    REFUSE(DATA, "t.csv: the target \"kind\"", .ignore = NAMES("kind"), .target = NAMES("kind"));
    REFUSE(DATA, "t.csv: the target \"x\" is named twice", .target = NAMES("x", "x"));
    REFUSE(DATA, "t.csv: no column is left", .ignore = NAMES("x", "y", "colour"));
    REFUSE(DATA, "t.csv: the target \"kind\" holds strings", .task = SNUG_TASK_REGRESSION);
    REFUSE(ARGUMENT, "t.csv: .task", .task = SNUG_TASK_NONE);
    REFUSE(ARGUMENT, ".task", .task = (snug_task)99);
    REFUSE(ARGUMENT, ".header", .header = (snug_header)99);
    REFUSE(ARGUMENT, "t.csv: \"x\" cannot be both", .keep = NAMES("x"), .ignore = NAMES("y", "x"));
    REFUSE(ARGUMENT, "t.csv: several targets", .target = NAMES("x", "y"),
           .task = SNUG_TASK_CLASSIFICATION);
    REFUSE(ARGUMENT, "t.csv: is in CSV format", .targets = "u.csv");
    REFUSE(ARGUMENT, ".test", .test = 1);
    REFUSE(ARGUMENT, ".seed", .seed = UINT64_MAX);
    REFUSE(ARGUMENT, ".seed", .seed = (UINT64_C(1) << 53) + 1);
    REFUSE(ARGUMENT, "t.csv: the decimal mark", .decimal = 'x');
    REFUSE(CONFIG, "", .test = 0.9);
    write_idx("x.idx", ROWS, 4);
    ck_assert_ptr_null(
        snug_experiment_suggest("x.idx", &(snug_suggest_options){.target = NAMES("x")}, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x.idx: .target");
    ck_assert_ptr_null(
        snug_experiment_suggest("x.idx", &(snug_suggest_options){.delimiter = ';'}, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x.idx: .delimiter");
}
END_TEST

START_TEST(refuses_tables_without_anything_to_learn) {
    static const snug_suggest_options none = {0};
    write_text("t.csv", "x,y\n");
    refuse(&none, SNUG_ERROR_DATA, "t.csv: holds");
    write_text("t.csv", "x,y\n1.5,a\n2.5,a\n");
    refuse(&none, SNUG_ERROR_DATA, "t.csv: the target \"y\" is \"a\"");
    write_text("t.csv", "x,y\n1.5,\n2.5,\n");
    REFUSE(DATA, "t.csv: the target is missing", .target = NAMES("y"));
    write_text("t.csv", "x\na\nb\n");
    refuse(&none, SNUG_ERROR_DATA, "t.csv: no column is left as a feature: there is none beside");
    write_text("t.csv", "z,x\n7,a\n7,b\n");
    refuse(&none, SNUG_ERROR_DATA, "t.csv: no column is left as a feature: \"z\" is ignored");
    write_text("t.csv", "");
    refuse(&none, SNUG_ERROR_DATA, "t.csv: is empty");
    write_text("t.csv", "x,y\n1,2\n3\n");
    refuse(&none, SNUG_ERROR_DATA, "t.csv:3: ");
    ck_assert_ptr_null(snug_experiment_suggest("none.csv", NULL, NULL));
    expect_error(SNUG_ERROR_FILE, "none.csv: ");
    ck_assert_ptr_null(snug_experiment_suggest("-", NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "-: ");
    ck_assert_ptr_null(snug_experiment_suggest(NULL, NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "");
    snug_suggestion_free(NULL);
}
END_TEST

/* Our allocations and those of cJSON. */
START_TEST(fails_without_memory) {
    write_text("t.csv", "id,a,b,when,y\n1,\"1,234\",red,,1\n2,NA,blue,,2\n3,\"1,236\",red,,1\n");
    bool done = false;
    for (size_t k = 0; !done; k++) {
        snug_suggestion *seen = NULL;
        failing_start(k);
        snug_experiment *e = snug_experiment_suggest("t.csv", NULL, &seen);
        done = e != NULL;
        ck_assert_int_eq(seen != NULL, done);
        ck_assert_msg(done || snug_error_status() == SNUG_ERROR_MEMORY, "%zu: %s", k, snug_error());
        snug_suggestion_free(seen);
        snug_experiment_free(e);
        ck_assert_uint_eq(failing_stop(), 0);
    }
}
END_TEST

static Suite *suggest_suite(void) {
    Suite *suite = suite_create("suggest");
    TCase *tests = directory_case(suite, "suggest");
    tcase_add_loop_test(tests, each_recipe_trains_on_each_table, 0, TABLES * recipe_count());
    tcase_add_test(tests, hides_nothing);
    tcase_add_test(tests, lists_recipes);
    tcase_add_test(tests, trains_on_what_it_found_out);
    tcase_add_test(tests, trains_on_the_encoding_of_the_options);
    tcase_add_test(tests, reads_json_lines);
    tcase_add_test(tests, reads_libsvm);
    tcase_add_test(tests, reads_arrays);
    tcase_add_test(tests, writes_paths_relative_to_the_experiment);
    tcase_add_test(tests, refuses_wrong_options);
    tcase_add_test(tests, refuses_tables_without_anything_to_learn);
    tcase_add_test(tests, fails_without_memory);
    return suite;
}
REGISTER_SUITE(suggest_suite)
