/*
 * A run that is killed after any step, and resumed, ends with the bits of one that was not: the
 * model, the history and the best epoch. For each optimizer and each schedule of the registry, and
 * for all that has a state of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checkpoint/lock.h"
#include "files/file.h"
#include "files/file_write.h"
#include "support/problems.h"
#include "support/quick_files.h"
#include "support/registry.h"
#include "support/suite.h"

static const char directory[] = "runs", file[] = "runs/checkpoint.safetensors";
static char parent[64];

static void make_directory(void) {
    strcpy(parent, "/tmp/snug_resume_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(parent));
    ck_assert_int_eq(chdir(parent), 0);
    skip_fsync();
}

static void remove_directory(void) {
    (void)unlink(file);
    (void)unlink("runs/" SNUG_CHECKPOINT_LOCK_NAME);
    (void)rmdir(directory);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(parent), 0);
}

/* ---- a run ----------------------------------------------------------------------------------- */

/* What is trained; a member that is zero has its default. */
typedef struct recipe {
    const char *layers; /* JSON after the first dense layer; NULL: with batch_norm and dropout */
    const char *optimizer, *schedule, *decay_schedule, *loss;
    const char *const *metrics;
    size_t metric_count, epochs, accumulate;
    double ema, clip_norm, validation;
    snug_early_stopping early_stopping;
    bool values, keep_order, clips;
    const char *calibration;
    uint64_t seed;
} recipe;

enum { MOST_STEPS = 80, BATCH_SIZE = 8, MOST_LINES = 1 << 16 };

/* The bytes of a file. */
typedef struct blob {
    char *bytes;
    size_t size;
} blob;

/* What a run ends with. */
typedef struct result {
    blob model;
    char history[MOST_LINES]; /* its lines of JSON */
    size_t best;
} result;

static const char default_layers[] =
    "{\"type\": \"batch_norm\"}, \"selu\", {\"type\": \"alpha_dropout\", \"rate\": 0.2}, "
    "{\"type\": \"gaussian_noise\", \"deviation\": 0.1}";

static snug_model *make_model(const recipe *r) {
    char config[1024];
    const char *last = strstr(r->layers != NULL ? r->layers : "", "batch_ensemble") != NULL
                           ? "batch_ensemble"
                           : "dense";
    const int length = snprintf(config, sizeof config,
                                "{\"model\": {\"inputs\": %d, \"layers\": [{\"type\": \"%s\", "
                                "\"units\": 5}, %s, {\"type\": \"%s\", \"units\": %d}]}}",
                                BLOB_COLUMNS, last, r->layers != NULL ? r->layers : default_layers,
                                last, r->values ? 2 : BLOB_CLASSES);
    snug_model *model = snug_model_parse_config(config, (size_t)length);
    ck_assert_msg(model != NULL, "%s: %s", config, snug_error());
    return model;
}

static snug_fit_options options_of(const recipe *r) {
    return (snug_fit_options){
        .loss = r->loss != NULL ? snug_loss_new(r->loss) : NULL,
        .optimizer = snug_optimizer_new(r->optimizer != NULL ? r->optimizer : "adam"),
        .schedule = r->schedule != NULL ? snug_schedule_new(r->schedule) : NULL,
        .weight_decay_schedule =
            r->decay_schedule != NULL ? snug_schedule_new(r->decay_schedule) : NULL,
        .epochs = r->epochs > 0 ? r->epochs : 3,
        .batch_size = BATCH_SIZE,
        .validation = r->validation,
        .seed = r->seed,
        .threads = 1,
        .keep_order = r->keep_order,
        .clip_norm = r->clip_norm,
        .clip_predictions = r->clips,
        .accumulate = r->accumulate,
        .ema = r->ema,
        .metrics = r->metrics,
        .metric_count = r->metric_count,
        .early_stopping = r->early_stopping,
        .calibration = r->calibration};
}

static void clear_result(result *end) {
    snug_free(end->model.bytes);
}

/* Trains and collects what the run ends with. */
static snug_status train(const recipe *r, const snug_fit_options *options, result *end) {
    snug_dataset *data = r->values ? lines() : blobs();
    snug_model *model = make_model(r);
    snug_history *history = NULL;
    *end = (result){.best = 0};
    const snug_status status = snug_fit(model, data, options, &history);
    if (status == SNUG_OK) {
        ck_assert_int_eq(snug_model_save_to_memory(model, &end->model.bytes, &end->model.size),
                         SNUG_OK);
    }
    size_t length = 0;
    for (size_t i = 1; i <= snug_history_epoch_count(history); i++) {
        char *line = snug_history_to_json(history, i);
        length += (size_t)snprintf(end->history + length, MOST_LINES - length, "%s\n", line);
        ck_assert_uint_lt(length, MOST_LINES);
        snug_free(line);
    }
    end->best = snug_history_best(history);
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

static void expect_same(const result *got, const result *wanted, const char *what, size_t step) {
    ck_assert_msg(got->model.size == wanted->model.size &&
                      memcmp(got->model.bytes, wanted->model.bytes, got->model.size) == 0,
                  "%s, killed after %zu calls: another model", what, step);
    ck_assert_msg(strcmp(got->history, wanted->history) == 0,
                  "%s, killed after %zu calls: the history is\n%s\nnot\n%s", what, step,
                  got->history, wanted->history);
    ck_assert_uint_eq(got->best, wanted->best);
}

/* ---- kills ----------------------------------------------------------------------------------- */

/* The checkpoints that a run had when its callback was called: what a kill there leaves behind. */
typedef struct kills {
    blob files[MOST_STEPS];
    size_t count;
} kills;

static void keep_file(kills *k) {
    ck_assert_uint_lt(k->count, MOST_STEPS);
    k->files[k->count].bytes = snug_file_read(file, &k->files[k->count].size);
    ck_assert_msg(k->files[k->count].bytes != NULL, "%s", snug_error());
    k->count++;
}

static bool keep_checkpoint(const snug_progress *at, void *user) {
    (void)at;
    if (access(file, F_OK) == 0) {
        keep_file(user);
    }
    return true;
}

/* Trains with a checkpoint after each step and after the last epoch; keeps all of them. */
static void train_with_checkpoints(const recipe *r, kills *k, result *end) {
    snug_fit_options o = options_of(r);
    o.checkpoint = directory;
    o.checkpoint_every = 1;
    o.checkpoint_every_steps = 1;
    o.callback = keep_checkpoint;
    o.user = k;
    (void)unlink(file);
    ck_assert_msg(train(r, &o, end) == SNUG_OK, "%s", snug_error());
    keep_file(k);
}

/* Resumes from a checkpoint, and expects the end of the run that was not interrupted. */
static void resume_from(const recipe *r, const kills *k, size_t i, const result *wanted,
                        const char *what) {
    snug_fit_options o = options_of(r);
    result end;
    o.checkpoint = directory;
    o.checkpoint_every = 100; /* the last epoch alone */
    o.resume = true;
    o.threads = 1 + i % 2; /* which changes no bit */
    ck_assert_int_eq(snug_file_write(file, k->files[i].bytes, k->files[i].size), SNUG_OK);
    ck_assert_msg(train(r, &o, &end) == SNUG_OK, "%s, killed after %zu calls: %s", what, i,
                  snug_error());
    expect_same(&end, wanted, what, i);
    clear_result(&end);
}

/* Kills and resumes after every step. */
static void check(const recipe *r, const char *what) {
    kills k = {.count = 0};
    result straight, with;
    const snug_fit_options o = options_of(r);
    ck_assert_msg(train(r, &o, &straight) == SNUG_OK, "%s: %s", what, snug_error());
    train_with_checkpoints(r, &k, &with);
    expect_same(&with, &straight, what, SIZE_MAX);
    clear_result(&with);
    ck_assert_uint_gt(k.count, 2);
    for (size_t i = 0; i < k.count; i++) {
        resume_from(r, &k, i, &straight, what);
        snug_free(k.files[i].bytes);
    }
    clear_result(&straight);
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* Layers without masks, which optimizers of all rows need. */
static const char plain_layers[] = "\"selu\"";

START_TEST(every_optimizer_resumes) {
    const snug_kind *kind;
    size_t count = 0;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_OPTIMIZER, i)) != NULL; i++, count++) {
        bool iterates = ((const snug_optimizer_kind *)(const void *)kind)->iterate != NULL;
        const recipe r = {.optimizer = kind->name,
                          .layers = iterates ? plain_layers : NULL,
                          .epochs = iterates ? 15 : 2};
        check(&r, kind->name);
    }
    ck_assert_uint_ge(count, built_in_count(SNUG_GROUP_OPTIMIZER));
}
END_TEST

START_TEST(every_schedule_resumes) {
    const snug_kind *kind;
    size_t count = 0;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_SCHEDULE, i)) != NULL; i++, count++) {
        const recipe r = {.schedule = kind->name, .optimizer = "sgd", .epochs = 2};
        check(&r, kind->name);
    }
    ck_assert_uint_ge(count, built_in_count(SNUG_GROUP_SCHEDULE));
}
END_TEST

START_TEST(a_schedule_that_watches_the_loss_resumes) {
    const recipe r = {.schedule = "{\"type\": \"reduce_on_plateau\", \"patience\": 1, "
                                  "\"factor\": 0.3, \"threshold\": 0.5}",
                      .decay_schedule = "{\"type\": \"cosine\"}",
                      .optimizer = "{\"type\": \"adam\", \"weight_decay\": 0.1, \"amsgrad\": true}",
                      .epochs = 6};
    check(&r, "reduce_on_plateau");
}
END_TEST

START_TEST(early_stopping_resumes_with_its_best_weights) {
    recipe r = {.epochs = 9,
                .validation = 0.3,
                .optimizer = "{\"type\": \"sgd\", \"learning_rate\": 0.5}",
                .early_stopping = {.patience = 2, .metric = "accuracy"}};
    check(&r, "the best epoch");
    r.early_stopping.keep = SNUG_KEEP_LAST_BEST;
    r.ema = 0.8;
    check(&r, "the last of the best epochs, averaged");
    r.early_stopping.keep = SNUG_KEEP_LAST;
    r.calibration = "temperature";
    check(&r, "the last epoch, calibrated");
}
END_TEST

START_TEST(an_average_of_weights_resumes) {
    const recipe r = {.ema = 0.9, .validation = 0.2};
    check(&r, "ema");
}
END_TEST

START_TEST(accumulated_gradients_resume) {
    recipe r = {.accumulate = 4, .clip_norm = 0.5, .epochs = 3};
    check(&r, "accumulate");
    r.ema = 0.5;
    r.keep_order = true;
    check(&r, "accumulate in the data's order");
}
END_TEST

START_TEST(metrics_within_an_epoch_resume) {
    static const char *const of_classes[] = {"roc_auc", "confusion_matrix", "f1", "brier_score",
                                             "top_2_accuracy"};
    static const char *const of_values[] = {"mae", "r2", "explained_variance"};
    recipe r = {.metrics = of_classes, .metric_count = 5, .validation = 0.3, .epochs = 2};
    check(&r, "metrics of classes");
    r = (recipe){.values = true, .metrics = of_values, .metric_count = 3, .clips = true};
    check(&r, "metrics of values");
}
END_TEST

START_TEST(layers_with_state_resume) {
    static const char *const layers[] = {
        "{\"type\": \"batch_norm\"}, {\"type\": \"dropout\", \"rate\": 0.3}, \"prelu\"",
        "{\"type\": \"layer_norm\"}, {\"type\": \"dense\", \"units\": 4, \"weight_norm\": true}, "
        "{\"type\": \"dense\", \"units\": 3, \"l2\": 0.01, \"max_norm\": 1}, \"tanh\"",
        "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 5}, "
        "{\"type\": \"batch_norm\"}, \"selu\", {\"type\": \"alpha_dropout\", \"rate\": 0.1}]}",
        "{\"type\": \"dense\", \"units\": 4, \"init\": \"data_driven\"}, \"selu\"",
        "\"selu\", {\"type\": \"batch_ensemble\", \"units\": 4}, \"tanh\""};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const recipe r = {.layers = layers[i], .epochs = 2, .seed = i};
        check(&r, layers[i]);
    }
}
END_TEST

START_TEST(a_run_that_ended_resumes_to_its_end) {
    const recipe r = {.epochs = 2};
    kills k = {.count = 0};
    result end, again;
    train_with_checkpoints(&r, &k, &end);
    for (int i = 0; i < 2; i++) {
        snug_fit_options o = options_of(&r);
        o.checkpoint = directory;
        o.resume = true;
        ck_assert_int_eq(train(&r, &o, &again), SNUG_OK);
        expect_same(&again, &end, "resumed after its end", k.count);
        clear_result(&again);
    }
    for (size_t i = 0; i < k.count; i++) {
        snug_free(k.files[i].bytes);
    }
    clear_result(&end);
}
END_TEST

static Suite *resume_suite(void) {
    Suite *suite = suite_create("resume");
    TCase *tc = tcase_create("resume");
    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_run_that_ended_resumes_to_its_end);
    tcase_add_test(tc, a_schedule_that_watches_the_loss_resumes);
    tcase_add_test(tc, accumulated_gradients_resume);
    suite_add_tcase(suite, tc);
    TCase *all = tcase_create("every kind");
    tcase_add_checked_fixture(all, make_directory, remove_directory);
    tcase_set_timeout(all, 300);
    tcase_set_tags(all, "exhaustive");
    tcase_add_test(all, every_optimizer_resumes);
    tcase_add_test(all, every_schedule_resumes);
    tcase_add_test(all, early_stopping_resumes_with_its_best_weights);
    tcase_add_test(all, an_average_of_weights_resumes);
    tcase_add_test(all, metrics_within_an_epoch_resume);
    tcase_add_test(all, layers_with_state_resume);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(resume_suite)
