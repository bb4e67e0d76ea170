#include <string.h>

#include <snug/snug.h>

#include "support/suite.h"
#include "support/tables.h"

/* Writes a table of 60 rows: two numbers, a category, and a target that `target` prints. */
static void write_table(const char *name, const char *header, const char *format) {
    char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, "%s\n", header);
    for (int i = 0; i < 60; i++) {
        int class = i % 3;
        used += (size_t)snprintf(text + used, sizeof text - used, format, class * 2.5 + i % 7 * 0.1,
                                 class * -1.5 + i % 5 * 0.1, i % 4 == 0 ? "red" : "blue", class);
    }
    write_bytes(name, text, used);
}

static void setup(void) {
    enter_directory();
    write_table("classes.csv", "x,y,colour,kind", "%g,%g,%s,k%d\n");
}

/* Trains two epochs of an experiment, saves the model and loads it again. */
static void train(const snug_experiment *experiment) {
    snug_model *model = NULL, *loaded = NULL;
    snug_dataset *data = NULL, *validation = NULL, *test = NULL;
    snug_fit_options options;
    ck_assert_msg(snug_experiment_load(experiment, &model, &data, &validation, &test) == SNUG_OK,
                  "%s", snug_error());
    ck_assert_msg(snug_experiment_options(experiment, &options) == SNUG_OK, "%s", snug_error());
    options.validation_data = validation;
    options.epochs = 2;
    ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save(model, "m.safetensors"), SNUG_OK);
    loaded = snug_model_load("m.safetensors");
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    snug_metrics before, after;
    ck_assert_int_eq(snug_evaluate(model, data, &before), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(loaded, data, &after), SNUG_OK);
    ck_assert(snug_metrics_get(&before, "loss") == snug_metrics_get(&after, "loss"));
    snug_dataset_free(data);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_model_free(model);
    snug_model_free(loaded);
}

START_TEST(each_recipe_trains) {
    snug_suggestion *seen = NULL;
    const char *name = snug_recipe_name((size_t)_i);
    snug_experiment *e =
        snug_experiment_suggest("classes.csv", &(snug_suggest_options){.recipe = name}, &seen);
    ck_assert_msg(e != NULL, "%s", snug_error());
    ck_assert_str_eq(seen->recipe, snug_recipe_version((size_t)_i));
    ck_assert_uint_eq(seen->class_count, 3);
    train(e);
    snug_suggestion_free(seen);
    snug_experiment_free(e);
}
END_TEST

static int recipe_count(void) {
    int count = 0;
    while (snug_recipe_name((size_t)count) != NULL) {
        count++;
    }
    return count;
}

static Suite *suggest_suite(void) {
    Suite *suite = suite_create("suggest");
    TCase *tests = tcase_create("suggest");
    tcase_add_checked_fixture(tests, setup, leave_directory);
    tcase_add_loop_test(tests, each_recipe_trains, 0, recipe_count());
    suite_add_tcase(suite, tests);
    return suite;
}
REGISTER_SUITE(suggest_suite)
