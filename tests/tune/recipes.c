/* The default space of each recipe: what it varies, and that every trial can be trained. */
#include <string.h>

#include <snug/suggest.h>

#include "experiment/experiment.h"
#include "support.h"
#include "support/suite.h"

/* Returns what a recipe makes of the table in the folder, with one epoch. */
static snug_experiment *suggest(const char *recipe, const char *target) {
    const char *const targets[] = {target, NULL}, *const overrides[] = {"train.epochs=1"};
    snug_experiment *whole =
        snug_experiment_suggest(tune_folder_path("table.csv"),
                                &(snug_suggest_options){.recipe = recipe, .target = targets}, NULL);
    ck_assert_msg(whole != NULL, "%s", snug_error());
    snug_experiment *e = snug_experiment_override(whole, overrides, 1);
    ck_assert_msg(e != NULL, "%s", snug_error());
    snug_experiment_free(whole);
    return e;
}

static void expect_no_failure(const snug_experiment *e) {
    snug_tuning *tuning = tune_run(e, &(snug_tune_options){.trials = 12, .jobs = 2});
    for (size_t i = 0; i < snug_tuning_trial_count(tuning); i++) {
        snug_trial trial;
        ck_assert_int_eq(snug_tuning_trial(tuning, i, &trial), SNUG_OK);
        ck_assert_msg(trial.status == SNUG_TRIAL_OK, "%s: %s", trial.values, trial.message);
    }
    snug_tuning_free(tuning);
}

START_TEST(no_trial_of_a_recipe_fails) {
    const char *recipe = snug_recipe_name((size_t)_i / 2);
    ck_assert(recipe != NULL);
    snug_experiment_free(tune_folder_make(", \"validation\": 0.25"));
    snug_experiment *e = suggest(recipe, _i % 2 == 0 ? "kind" : "a");
    expect_no_failure(e);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

START_TEST(embeddings_may_be_off) {
    snug_experiment_free(tune_folder_make(", \"validation\": 0.25"));
    snug_experiment *e = suggest("tabular", "kind");
    char *space = snug_tune_space(e);
    ck_assert_msg(space != NULL, "%s", snug_error());
    const char *layer = strstr(space, "\"model.layers[0]\": ["), *next = strstr(space, "layers[2]");
    ck_assert_msg(layer != NULL && next != NULL && layer < next, "%s", space);
    const char *wide = strstr(layer, "\"sigma\": 0.3"), *off = strstr(layer, "\"identity\"");
    ck_assert_msg(wide != NULL && off != NULL && wide < off && off < next, "%s", space);
    ck_assert_ptr_null(strstr(space, "members"));
    snug_free(space);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static int recipe_count(void) {
    int count = 0;
    while (snug_recipe_name((size_t)count) != NULL) {
        count++;
    }
    return count;
}

static Suite *recipe_spaces(void) {
    Suite *suite = suite_create("spaces of recipes");
    TCase *tests = tcase_create("spaces of recipes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, no_trial_of_a_recipe_fails, 2 * (recipe_count() - 1),
                        2 * recipe_count());
    tcase_add_test(tests, embeddings_may_be_off);
    suite_add_tcase(suite, tests);
    TCase *others = tcase_create("other recipes");
    tcase_set_timeout(others, 120);
    tcase_set_tags(others, "exhaustive");
    tcase_add_loop_test(others, no_trial_of_a_recipe_fails, 0, 2 * (recipe_count() - 1));
    suite_add_tcase(suite, others);
    return suite;
}

REGISTER_SUITE(recipe_spaces)
