/* Whole searches: the result, the number of jobs, failures, and what is refused. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <snug/session.h>

#include "core/memory.h"
#include "experiment/experiment.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

#define SPACE                                                                                      \
    "{\"train.optimizer.learning_rate\": {\"log_uniform\": [0.001, 0.3]}, "                        \
    "\"model.layers[0].units\": {\"log_integer\": [2, 20]}, \"model.layers[1]\": [\"selu\", "      \
    "\"relu\"], \"data.scaling\": [\"standard\", \"min_max\"]}"

#define SHARE ", \"validation\": 0.25"

static const snug_tune_options usual = {.space = SPACE, .trials = 12, .jobs = 1};

/* A search with the usual options but for jobs and rungs, as a string. */
static char *search(const snug_experiment *e, size_t jobs, size_t rungs) {
    snug_tune_options options = usual;
    options.jobs = jobs;
    options.rungs = rungs;
    options.ensemble = rungs;
    snug_tuning *tuning = tune_run(e, &options);
    char *text = tune_describe(tuning);
    snug_tuning_free(tuning);
    return text;
}

START_TEST(number_of_jobs_changes_nothing) {
    snug_experiment *e = tune_folder_make(SHARE);
    for (size_t rungs = 1; rungs <= 3; rungs++) {
        char *one = search(e, 1, rungs), *three = search(e, 3, rungs);
        ck_assert_str_eq(one, three);
        snug_free(one);
        snug_free(three);
    }
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* Trials come sorted, the first of all is the experiment as it is, and the best is the model. */
START_TEST(the_best_trial_is_the_model) {
    snug_experiment *e = tune_folder_make(SHARE);
    snug_tuning *tuning = tune_run(e, &usual);
    snug_trial trial, before;
    bool found = false;
    ck_assert_str_eq(snug_tuning_metric(tuning), "loss");
    ck_assert_uint_eq(snug_tuning_trial_count(tuning), 12);
    ck_assert_int_eq(snug_tuning_trial(tuning, 0, &before), SNUG_OK);
    ck_assert_double_eq(before.metric, snug_metrics_get(snug_tuning_validation(tuning), "loss"));
    for (size_t i = 0; i < 12; i++) {
        ck_assert_int_eq(snug_tuning_trial(tuning, i, &trial), SNUG_OK);
        ck_assert(before.metric <= trial.metric);
        ck_assert_uint_eq(trial.epochs, 9);
        found = found || (trial.number == 0 &&
                          strstr(trial.values, "{\"train.optimizer.learning_rate\":0.01,"
                                               "\"model.layers[0].units\":6,") != NULL);
        before = trial;
    }
    ck_assert(found);
    ck_assert_int_eq(snug_tuning_trial(tuning, 12, &trial), SNUG_ERROR_ARGUMENT);
    ck_assert_uint_eq(snug_tuning_importance_count(tuning), 4);
    snug_tuning_free(tuning);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* The best experiment, trained as any other, gives the model of the search, bit for bit. */
START_TEST(the_best_experiment_trains_the_model) {
    snug_experiment *e = tune_folder_make(SHARE);
    snug_tune_options options = usual;
    options.rungs = 2;
    snug_tuning *tuning = tune_run(e, &options);
    char *config = snug_tuning_config(tuning), *bytes, *wanted;
    snug_experiment *best =
        snug_experiment_parse(config, strlen(config), tune_folder_path("best.json"));
    snug_model *model;
    snug_dataset *train, *validation, *test;
    snug_fit_options fit;
    size_t size, wanted_size;
    ck_assert_int_eq(snug_experiment_load(best, &model, &train, &validation, &test), SNUG_OK);
    ck_assert_int_eq(snug_experiment_options(best, &fit), SNUG_OK);
    fit.validation_data = validation;
    ck_assert_int_eq(snug_fit(model, train, &fit, NULL), SNUG_OK);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    ck_assert_int_eq(snug_model_save_to_memory(snug_tuning_model(tuning), &wanted, &wanted_size),
                     SNUG_OK);
    ck_assert_uint_eq(size, wanted_size);
    ck_assert(memcmp(bytes, wanted, size) == 0);
    snug_free(bytes);
    snug_free(wanted);
    snug_free(config);
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(best);
    snug_tuning_free(tuning);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* Values that make the loss infinite are a trial that failed; all of them are an error. */
START_TEST(failed_trials_do_not_end_the_search) {
    snug_experiment *e = tune_folder_make(SHARE);
    static const char diverging[] =
        "{\"train.optimizer\": [{\"type\": \"sgd\", \"learning_rate\": 1e30}]}";
    snug_tuning *tuning =
        tune_run(e, &(snug_tune_options){.space = diverging, .trials = 3, .rungs = 2});
    snug_trial trial;
    ck_assert_int_eq(snug_tuning_trial(tuning, 0, &trial), SNUG_OK);
    ck_assert_uint_eq(trial.number, 0);
    ck_assert_int_eq(snug_tuning_trial(tuning, 2, &trial), SNUG_OK);
    ck_assert_int_eq(trial.status, SNUG_TRIAL_FAILED);
    ck_assert(isnan(trial.metric));
    ck_assert_ptr_nonnull(strstr(trial.message, "the loss became "));
    snug_tuning_free(tuning);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static void refuse(const snug_experiment *e, const snug_tune_options *options,
                   const char *location) {
    snug_tuning *tuning;
    ck_assert_int_ne(snug_tune(e, options, &tuning), SNUG_OK);
    ck_assert_ptr_null(tuning);
    expect_location(location);
}

START_TEST(refuses_wrong_searches) {
    static const struct {
        const char *space, *metric, *location;
    } wrong[] = {
        {"{\"train.epoch\": [2]}", NULL, "space: train.epoch: "},
        {"{\"train.epochs\": [2, 0]}", NULL, "space: train.epochs: "},
        {"{\"model.layers[7].units\": [2]}", NULL, "space: model.layers[7].units: "},
        {"{\"train.ema\": {\"uniform\": [0.5, 2]}}", NULL, "space: train.ema: "},
        {"{\"data.validation\": [0.5]}", NULL, "space: data.validation: "},
        {"{\"data.target[0]\": [\"a\"]}", NULL, "space: data.target[0]: data.target must be the "},
        {"{\"data\": [{\"train\": \"table.csv\"}]}", NULL, "space: data: data.train must be the "},
        {"{\"train.loss\": [\"focal\"]}", NULL, "space: train.loss: "},
        {"{\"train\": [{\"loss\": \"focal\"}]}", NULL, "space: train: the metric \"loss\" "},
        {"{\"train.epochs\": [2], \"train.epochs_\": [2]}", NULL, "space: train.epochs_: "},
        {"{\"train.epochs\": [2]", NULL, "space:1:"},
        {"{\"train.epochs\": [2]}", "mae", "metric: "},
        {"{\"train.epochs\": [2]}", "acuracy", "metric: "},
        {"{\"train.epochs\": [2]}", "confusion_matrix", "metric: confusion_matrix is no number"},
        {"{\"train.batch_size\": {\"uniform\": [8, 16]}}", NULL, "space: train.batch_size: "},
    };
    snug_experiment *e = tune_folder_make(SHARE);
    snug_tuning *tuning;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refuse(
            e,
            &(snug_tune_options){.space = wrong[i].space, .metric = wrong[i].metric, .trials = 2},
            wrong[i].location);
    }
    refuse(e, NULL, "a number of trials or a time is needed");
    refuse(e, &(snug_tune_options){.trials = 2, .seconds = -5}, "seconds: ");
    refuse(e, &(snug_tune_options){.trials = 2, .seconds = (double)NAN}, "seconds: ");
    refuse(e, &(snug_tune_options){.trials = 2, .rungs = 9}, "rungs: ");
    refuse(e, &(snug_tune_options){.trials = 2, .ensemble = 1001}, "ensemble: ");
    refuse(NULL, &usual, "the experiment: ");
    ck_assert_int_eq(snug_tune(e, &usual, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the tuning: ");
    refuse(e, &(snug_tune_options){.trials = 1, .seconds = 1e-9}, "no trial has ended");
    snug_experiment_free(e);
    tune_folder_remove();
    e = tune_folder_make("");
    ck_assert_int_ne(snug_tune(e, &usual, &tuning), SNUG_OK);
    expect_location("there are no validation rows");
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* Keeps the values of trial 2, for snug_free(). */
static bool stop_after_four(const snug_tune_progress *at, void *user) {
    char **values = user;
    if (at->trial != NULL && at->trial->number == 2) {
        *values = snug_format("%s", at->trial->values);
    }
    return at->done < 4;
}

START_TEST(a_callback_stops_the_search) {
    snug_experiment *e = tune_folder_make(SHARE);
    snug_tune_options options = usual;
    snug_tuning *tuning;
    char *values = NULL;
    options.callback = stop_after_four;
    options.user = &values;
    options.trials = 0;
    options.seconds = 1000;
    ck_assert_int_eq(snug_tune(e, &options, &tuning), SNUG_STOPPED);
    expect_error(SNUG_STOPPED, "stopped by the callback");
    ck_assert_uint_eq(snug_tuning_trial_count(tuning), 4);
    for (size_t i = 0; i < 4; i++) {
        snug_trial trial;
        ck_assert_int_eq(snug_tuning_trial(tuning, i, &trial), SNUG_OK);
        ck_assert_int_eq(strcmp(trial.values, values) == 0, trial.number == 2);
    }
    snug_free(values);
    snug_tuning_free(tuning);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

START_TEST(grids_and_default_spaces) {
    snug_experiment *e = tune_folder_make(SHARE);
    snug_tuning *tuning = tune_run(
        e, &(snug_tune_options){.space = "{\"train.batch_size\": [8, 16, 32], \"model.layers[1]\": "
                                         "[\"selu\", \"tanh\"]}",
                                .grid = true});
    ck_assert_uint_eq(snug_tuning_trial_count(tuning), 6); /* the experiment is one of them */
    snug_tuning_free(tuning);
    char *space = snug_tune_space(e, NULL);
    ck_assert_msg(space != NULL, "%s", snug_error());
    ck_assert_ptr_nonnull(strstr(space, "\"train.optimizer.learning_rate\": {"));
    ck_assert_ptr_nonnull(strstr(space, "\"model.layers[0].units\": ["));
    ck_assert_ptr_null(strstr(space, "layers[2]"));
    tuning = tune_run(e, &(snug_tune_options){.space = space, .trials = 3});
    snug_tuning_free(tuning);
    snug_free(space);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static char logged[300];

static void keep_log(snug_log_level level, const char *message, void *user) {
    (void)user;
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    ck_assert_str_eq(logged, "");
    snprintf(logged, sizeof logged, "%s", message);
}

/* Runs a grid of a batch size of 16 and "selu", as the experiment has them, and other values. */
static void run_grid(const snug_experiment *e, const char *space, size_t trials, size_t wanted) {
    logged[0] = '\0';
    snug_set_log(keep_log, NULL);
    snug_tuning *tuning =
        tune_run(e, &(snug_tune_options){.space = space, .grid = true, .trials = trials});
    snug_set_log(NULL, NULL);
    ck_assert_uint_eq(snug_tuning_trial_count(tuning), wanted);
    for (size_t i = 0; i < wanted; i++) {
        snug_trial a, b;
        ck_assert_int_eq(snug_tuning_trial(tuning, i, &a), SNUG_OK);
        for (size_t k = 0; k < i; k++) {
            ck_assert_int_eq(snug_tuning_trial(tuning, k, &b), SNUG_OK);
            ck_assert_str_ne(a.values, b.values);
        }
    }
    snug_tuning_free(tuning);
}

/* The combination that the experiment has itself is trained once, as trial 0. */
START_TEST(grids_train_nothing_twice) {
    snug_experiment *e = tune_folder_make(SHARE);
    static const char with[] = "{\"train.batch_size\": {\"integer\": [8, 24], \"points\": 3}, "
                               "\"model.layers[1]\": [\"tanh\", \"selu\"]}";
    run_grid(e, with, 0, 6);
    ck_assert_str_eq(logged, "");
    run_grid(e, "{\"model.layers[1]\": [{\"type\": \"selu\"}]}", 0, 1);
    run_grid(e, "{\"train.batch_size\": [8, 16], \"model.layers[1]\": [\"tanh\"]}", 0, 3);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

START_TEST(reports_what_is_left_out_of_a_grid) {
    snug_experiment *e = tune_folder_make(SHARE);
    run_grid(e, "{\"train.batch_size\": [8, 16, 32, 64]}", 3, 3);
    ck_assert_str_eq(logged, "a grid of 4 combinations, of which 3 are tried: 4 trials, or no "
                             "number of trials, are all of them");
    run_grid(e, "{\"train.batch_size\": [8, 32, 64]}", 2, 2);
    ck_assert_str_eq(logged, "a grid of 3 combinations, of which 1 is tried: 4 trials, or no "
                             "number of trials, are all of them");
    run_grid(e, "{\"train.batch_size\": [8, 32, 64]}", 4, 4);
    ck_assert_str_eq(logged, "");
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* On the validation rows, which choose it, an ensemble is at least as good as its best member. */
START_TEST(ensembles_are_the_mean_of_their_members) {
    static const char *const metrics[] = {"loss", "accuracy", "roc_auc"};
    snug_experiment *e = tune_folder_make(SHARE);
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        snug_tune_options options = usual;
        options.metric = metrics[i];
        options.ensemble = 4;
        snug_tuning *tuning = tune_run(e, &options);
        snug_trial best;
        snug_tuning_member member;
        size_t models = 0, count = snug_tuning_member_count(tuning);
        ck_assert_int_eq(snug_tuning_trial(tuning, 0, &best), SNUG_OK);
        ck_assert_int_eq(snug_tuning_get_member(tuning, 0, &member), SNUG_OK);
        ck_assert_uint_eq(member.trial, best.number); /* with which it begins */
        double sign = i == 0 ? 1 : -1;
        double whole = snug_metrics_get(snug_tuning_validation(tuning), metrics[i]);
        ck_assert(sign * whole <= sign * best.metric + 1e-6);
        ck_assert(i > 0 || count > 1);
        for (size_t k = 0; k < count; k++) {
            ck_assert_int_eq(snug_tuning_get_member(tuning, k, &member), SNUG_OK);
            models += member.weight;
        }
        ck_assert(models <= 4);
        ck_assert_uint_eq(snug_model_member_count(snug_tuning_model(tuning)),
                          count > 1 ? models : 0);
        snug_tuning_free(tuning);
    }
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* Returns the F1 of class 1 of validation rows that a model takes for it where p > threshold. */
static double f1_of(const snug_model *model, const snug_dataset *data, double threshold) {
    double right = 0, taken = 0, actual = 0;
    snug_session *session = snug_session_new(model, 1);
    ck_assert_ptr_nonnull(session);
    for (size_t i = 0; i < snug_dataset_row_count(data); i++) {
        float p[2];
        double row[2];
        ck_assert_int_eq(snug_dataset_row_f64(data, i, row), SNUG_OK);
        ck_assert_int_eq(snug_predict_f64(session, row, 1, p), SNUG_OK);
        bool second = snug_dataset_class(data, i) == 1, decided = (double)p[1] > threshold;
        right += second && decided;
        taken += decided;
        actual += second;
    }
    snug_session_free(session);
    return 2 * right / (taken + actual);
}

/* Checks that the mean of a search's models has the threshold that is best on validation rows. */
static void check_mean_threshold(const snug_experiment *e, const char *metric) {
    snug_tune_options options = usual;
    options.ensemble = 4;
    options.metric = metric;
    snug_tuning *tuning = tune_run(e, &options);
    const snug_model *model = snug_tuning_model(tuning);
    snug_model *untrained;
    snug_dataset *train, *validation, *test;
    ck_assert_uint_gt(snug_model_member_count(model), 1);
    double threshold = snug_model_threshold(model);
    ck_assert_double_ne(threshold, 0.5);
    ck_assert_int_eq(snug_experiment_load(e, &untrained, &train, &validation, &test), SNUG_OK);
    double best = f1_of(model, validation, threshold);
    for (int i = 1; i < 200; i++) {
        ck_assert_double_le(f1_of(model, validation, i / 200.0), best + 1e-6);
    }
    snug_trial trial;
    ck_assert_int_eq(snug_tuning_trial(tuning, 0, &trial), SNUG_OK);
    if (metric != NULL) { /* the selection went by what the mean decides in the end */
        ck_assert_double_eq_tol(best, snug_metrics_get(snug_tuning_validation(tuning), metric),
                                1e-6);
        ck_assert_double_ge(best, trial.metric - 1e-6);
    }
    snug_model_free(untrained);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_tuning_free(tuning);
}

START_TEST(ensembles_decide_at_a_threshold_of_their_own) {
    static const char *const overrides[] = {"train.threshold_metric=f1_binary",
                                            "train.calibration=temperature"};
    snug_experiment *plain = tune_folder_make(SHARE);
    snug_experiment *e = snug_experiment_override(plain, overrides, 2);
    ck_assert_msg(e != NULL, "%s", snug_error());
    check_mean_threshold(e, NULL);
    check_mean_threshold(e, "f1_binary");
    snug_experiment_free(e);
    snug_experiment_free(plain);
    tune_folder_remove();
}
END_TEST

static Suite *tune(void) {
    Suite *suite = suite_create("tune");
    TCase *tests = tcase_create("tune");
    tcase_add_test(tests, the_best_trial_is_the_model);
    tcase_add_test(tests, the_best_experiment_trains_the_model);
    tcase_add_test(tests, failed_trials_do_not_end_the_search);
    tcase_add_test(tests, refuses_wrong_searches);
    tcase_add_test(tests, a_callback_stops_the_search);
    tcase_add_test(tests, grids_and_default_spaces);
    tcase_add_test(tests, grids_train_nothing_twice);
    tcase_add_test(tests, reports_what_is_left_out_of_a_grid);
    tcase_add_test(tests, ensembles_are_the_mean_of_their_members);
    tcase_add_test(tests, ensembles_decide_at_a_threshold_of_their_own);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("threads");
    tcase_set_tags(many, "threads");
    tcase_add_test(many, number_of_jobs_changes_nothing);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(tune)
