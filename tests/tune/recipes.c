/* The default space of each recipe: what it varies, and that every trial can be trained. */
#include <string.h>

#include <snug/suggest.h>

#include "experiment/experiment.h"
#include "experiment/overrides.h"
#include "recipes/expand.h"
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

/* Returns the default space of an experiment of a recipe as JSON, for cJSON_Delete(). */
static cJSON *space_of(const snug_experiment *e, const char *metric) {
    char *text = snug_tune_space(e, metric);
    ck_assert_msg(text != NULL, "%s", snug_error());
    cJSON *space = cJSON_Parse(text);
    ck_assert_ptr_nonnull(space);
    snug_free(text);
    return space;
}

/* Each path of a recipe's space is one that the experiment has, and none is left out. */
START_TEST(recipes_have_spaces_of_their_own) {
    bool classes = _i % 2 == 0;
    const snug_recipe *recipe = snug_recipe_at((size_t)_i / 2);
    snug_experiment_free(tune_folder_make(", \"validation\": 0.25"));
    snug_experiment *e = suggest(recipe->name, classes ? "kind" : "a");
    cJSON *own = snug_recipe_space(recipe, classes);
    cJSON *space = space_of(e, classes ? "accuracy" : NULL);
    char *text = snug_experiment_config(e);
    cJSON *config = cJSON_Parse(text);
    ck_assert_ptr_nonnull(own);
    ck_assert_int_gt(cJSON_GetArraySize(own), 2);
    for (const cJSON *d = own->child; d != NULL; d = d->next) {
        ck_assert_msg(snug_overrides_have(config, d->string), "%s: %s", recipe->name, d->string);
    }
    ck_assert(cJSON_Compare(own, space, true));
    cJSON_Delete(own);
    cJSON_Delete(space);
    cJSON_Delete(config);
    snug_free(text);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* What the user has edited is kept: layers are not replaced, and missing fields are not varied. */
START_TEST(spaces_suit_edited_experiments) {
    static const char *const overrides[] = {
        "model.layers=[{\"type\": \"dense\", \"units\": 8}, \"selu\", {\"type\": \"dense\", "
        "\"units\": \"classes\"}]"};
    snug_experiment_free(tune_folder_make(", \"validation\": 0.25"));
    snug_experiment *e = suggest("snn", "kind");
    snug_experiment *edited = snug_experiment_override(e, overrides, 1);
    cJSON *whole = space_of(e, NULL), *space = space_of(edited, NULL);
    ck_assert_ptr_nonnull(cJSON_GetObjectItem(whole, "model.layers"));
    ck_assert_ptr_nonnull(cJSON_GetObjectItem(space, "model.layers[*].units"));
    ck_assert_ptr_null(cJSON_GetObjectItem(space, "model.layers"));
    ck_assert_ptr_null(cJSON_GetObjectItem(space, "model.layers[*].rate"));
    cJSON_Delete(whole);
    cJSON_Delete(space);
    snug_experiment_free(edited);
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
    tcase_add_loop_test(tests, recipes_have_spaces_of_their_own, 0, 2 * recipe_count());
    tcase_add_test(tests, spaces_suit_edited_experiments);
    suite_add_tcase(suite, tests);
    TCase *others = tcase_create("other recipes");
    tcase_set_timeout(others, 120);
    tcase_set_tags(others, "exhaustive");
    tcase_add_loop_test(others, no_trial_of_a_recipe_fails, 0, 2 * (recipe_count() - 1));
    suite_add_tcase(suite, others);
    return suite;
}

REGISTER_SUITE(recipe_spaces)
