#include <stdlib.h>
#include <string.h>

#include "command_files.h"
#include "commands.h"
#include "experiment.h"
#include "output.h"
#include "progress.h"
#include "train_folds.h"
#include "train_history.h"

/* The parts that a model is evaluated on, in the order in which they are printed. */
enum { TRAIN, VALIDATION, TEST, PARTS };

typedef struct train_options {
    const char *out, *history;
    cli_list set;
    size_t threads;
    bool quiet, json, strict;
    size_t folds, seeds;
    bool refit;
    const char *out_of_fold;
    const char *checkpoint; /* directory */
    size_t every, every_steps;
    bool resume, allow_drift;
} train_options;

static const char *const part_names[PARTS] = {"train", "validation", "test"};

typedef struct report {
    const char *model; /* path */
    size_t epochs, planned, best, parameters;
    double seconds;
    bool stops_early; /* the experiment has early stopping */
    bool present[PARTS];
    snug_metrics metrics[PARTS];
} report;

/* "dir/iris.json" is saved as "iris.safetensors". */
static char *default_path(const char *experiment) {
    const char *slash = strrchr(experiment, '/');
    const char *name = slash != NULL ? slash + 1 : experiment;
    const char *dot = strrchr(name, '.');
    size_t length = dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name);
    return cli_format("%.*s.safetensors", (int)length, name);
}

static int evaluate(const cli_experiment *opened, report *to) {
    const snug_dataset *const parts[PARTS] = {opened->train, opened->validation, opened->test};
    for (size_t i = 0; i < PARTS; i++) {
        to->present[i] = parts[i] != NULL;
        if (parts[i] != NULL &&
            snug_evaluate_parallel(opened->model, parts[i], opened->options.metrics,
                                   opened->options.metric_count, opened->options.threads,
                                   &to->metrics[i]) != SNUG_OK) {
            return cli_library_error();
        }
    }
    return CLI_DONE;
}

static void print_json(const report *from) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "epochs", from->epochs);
    if (from->stops_early) {
        cli_json_bool(json, "stopped_early", from->epochs < from->planned);
        cli_json_count(json, "best_epoch", from->best);
    }
    cli_json_number(json, "seconds", from->seconds);
    cli_json_string(json, "model", from->model);
    for (size_t i = 0; i < PARTS; i++) {
        if (from->present[i]) {
            cli_json_metrics(cli_json_object(json, part_names[i]), &from->metrics[i]);
        }
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

static void print_table(const report *from) {
    const snug_metrics *first = &from->metrics[TRAIN];
    char align[SNUG_METRICS_MAX + 3] = "lr";
    memset(align + 2, 'r', first->count);
    cli_table table = {.align = align};
    cli_table_cell(&table, "%s", "");
    cli_table_cell(&table, "rows");
    for (size_t j = 0; j < first->count; j++) {
        cli_table_cell(&table, "%s", first->values[j].name);
    }
    for (size_t i = 0; i < PARTS; i++) {
        if (!from->present[i]) {
            continue;
        }
        cli_table_cell(&table, "%s", part_names[i]);
        cli_table_cell(&table, "%zu", from->metrics[i].rows);
        for (size_t j = 0; j < first->count; j++) {
            cli_table_number(&table, from->metrics[i].values[j].value);
        }
    }
    cli_table_print(&table);
    if (from->stops_early) {
        printf("%s epoch %zu of %zu; the weights are those of epoch %zu\n",
               from->epochs < from->planned ? "stopped early after" : "trained to", from->epochs,
               from->planned, from->best);
    }
    printf("%zu parameters, %zu epoch%s in %.1f s; the model is saved in %s\n", from->parameters,
           from->epochs, from->epochs == 1 ? "" : "s", from->seconds, from->model);
}

static int save(const snug_model *model, const char *path) {
    if (snug_model_save(model, path) != SNUG_OK) {
        return cli_runtime_error("%s", snug_error());
    }
    return CLI_DONE;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* What the callback needs, and how training ended. */
typedef struct course {
    cli_progress progress;
    cli_train_history history;
    bool catches;  /* signals */
    size_t best;   /* the epoch, from 1, whose weights the model has */
    bool restored; /* it was the best one, and not the last */
} course;

static bool show(const snug_progress *at, void *user) {
    course *c = user;
    if (!c->catches) { /* before the first batch there is nothing to save */
        cli_signals_catch();
        c->catches = true;
    }
    cli_train_history_add(&c->history, at);
    return cli_progress_show(at, &c->progress);
}

static snug_status fit(cli_experiment *opened, course *c) {
    snug_history *history = NULL;
    opened->options.callback = show;
    opened->options.user = c;
    snug_status status = snug_fit(opened->model, opened->train, &opened->options, &history);
    c->best = snug_history_best(history);
    c->restored = snug_history_restored(history);
    snug_history_free(history);
    cli_progress_clear();
    return status;
}

/* After the model is saved nothing can be lost: a signal ends the process as usual. */
static int release_signals(const course *c, const char *path) {
    if (c->catches) {
        cli_signals_release();
    }
    if (cli_signal() == 0) {
        return CLI_DONE;
    }
    (void)cli_runtime_error(
        "stopped by signal %d after the last of %zu epochs; the model is saved in %s", cli_signal(),
        c->progress.epochs, path);
    return CLI_SIGNAL + cli_signal();
}

static int finish(const cli_experiment *opened, const train_options *given, const course *c,
                  const char *path) {
    report result = {.model = path,
                     .epochs = c->progress.epochs,
                     .planned = opened->options.epochs,
                     .best = c->best,
                     .stops_early = opened->options.early_stopping.patience > 0,
                     .parameters = snug_model_parameter_count(opened->model),
                     .seconds = cli_seconds() - c->progress.started};
    int status = save(opened->model, path);
    if (status == CLI_DONE) {
        status = release_signals(c, path);
    }
    if (status == CLI_DONE) {
        status = evaluate(opened, &result);
    }
    if (status == CLI_DONE) {
        (given->json ? print_json : print_table)(&result);
    }
    for (size_t i = 0; i < PARTS; i++) {
        snug_metrics_clear(&result.metrics[i]);
    }
    return status;
}

/* Returns the words for the weights that were saved, for free(). */
static char *saved_weights(const course *c) {
    return c->restored ? cli_format("model of epoch %zu, the best so far,", c->best)
                       : cli_format("model so far");
}

/* Saves the model so far, after a signal stopped the run. */
static int stop(const cli_experiment *opened, const course *c, const char *path) {
    const char *directory = opened->options.checkpoint;
    int status = save(opened->model, path);
    if (status != CLI_DONE) {
        return status;
    }
    char *weights = saved_weights(c);
    (void)cli_runtime_error(
        "stopped by signal %d after %zu epoch%s and %zu batch%s; the %s is saved in %s%s%s",
        cli_signal(), c->progress.epochs, c->progress.epochs == 1 ? "" : "s", c->progress.batches,
        c->progress.batches == 1 ? "" : "es", weights, path,
        directory != NULL ? "; the same command with --resume goes on by the checkpoint in " : "",
        directory != NULL ? directory : "");
    free(weights);
    return CLI_SIGNAL + cli_signal();
}

/* Returns whether a run that had begun ended for lack of a file or memory, as of a checkpoint. */
static bool is_cut_short(const course *c) {
    snug_status status = snug_error_status();
    return (status == SNUG_ERROR_FILE || status == SNUG_ERROR_MEMORY) &&
           c->progress.epochs + c->progress.batches > 0;
}

/*
 * Saves the best weights, if there are any, after training failed (the loss is not finite), those
 * after the last epoch, where only a warning that is an error came after it, and the last ones of a
 * run that was cut short, whose checkpoint may not be written on a full disk.
 */
static int give_up(const cli_experiment *opened, const course *c, const char *path) {
    bool cut = is_cut_short(c);
    bool trained = snug_error_status() != SNUG_ERROR_DIVERGED && c->progress.epochs > 0 &&
                   c->progress.epochs == opened->options.epochs;
    int failed = cut ? cli_runtime_error("%s", snug_error()) : cli_library_error();
    if ((c->restored || trained || cut) && save(opened->model, path) == CLI_DONE) {
        char *weights = saved_weights(c);
        (void)cli_runtime_error("the %s is saved in %s", weights, path);
        free(weights);
    }
    return failed;
}

static void set_checkpoints(snug_fit_options *options, const train_options *given) {
    options->checkpoint = given->checkpoint;
    options->checkpoint_every = given->every;
    options->checkpoint_every_steps = given->every_steps;
    options->resume = given->resume;
    options->allow_drift = given->allow_drift;
}

/* Checks that the options of checkpoints have a directory. Returns an exit status. */
static int check_checkpoints(const train_options *given) {
    const char *option = given->every > 0         ? "--every"
                         : given->every_steps > 0 ? "--every-steps"
                         : given->resume          ? "--resume"
                         : given->allow_drift     ? "--allow-drift"
                                                  : NULL;
    if (option != NULL && given->checkpoint == NULL) {
        return cli_usage_error("train: %s: is for --checkpoint DIR, which is missing", option);
    }
    if (given->resume) {
        cli_hide_start(given->checkpoint, given->folds > 0 ? "member-0" : "checkpoint");
    }
    if (given->allow_drift && !given->resume) {
        return cli_usage_error("train: --allow-drift: is for --resume, which is missing");
    }
    return CLI_DONE;
}

static int train(cli_experiment *opened, const train_options *given, const char *path) {
    course c = {.best = 0};
    cli_progress_start(&c.progress, given->quiet);
    set_checkpoints(&opened->options, given);
    opened->options.threads = given->threads;
    if (cli_train_history_open(&c.history, given->history, given->resume) != CLI_DONE) {
        return CLI_FAILED;
    }
    snug_status ended = fit(opened, &c);
    int written = cli_train_history_close(&c.history);
    int status = ended == SNUG_OK        ? finish(opened, given, &c, path)
                 : ended == SNUG_STOPPED ? stop(opened, &c, path)
                                         : give_up(opened, &c, path);
    return status == CLI_DONE ? written : status;
}

static cli_folds_options folds_of(const train_options *given) {
    return (cli_folds_options){.folds = given->folds,
                               .seeds = given->seeds,
                               .threads = given->threads,
                               .refit = given->refit,
                               .quiet = given->quiet,
                               .json = given->json,
                               .strict = given->strict,
                               .out_of_fold = given->out_of_fold,
                               .checkpoint = given->checkpoint,
                               .every = given->every,
                               .every_steps = given->every_steps,
                               .resume = given->resume,
                               .allow_drift = given->allow_drift,
                               .set = &given->set};
}

/* Trains one model, where --folds is not given. */
static int train_one(const char *experiment, const train_options *given, const char *path,
                     cli_files *files) {
    cli_experiment opened;
    int status = cli_experiment_open(&opened, experiment, &given->set, given->strict, files);
    if (status == CLI_DONE && given->history == NULL) {
        status = cli_experiment_drop_inspections(
            &opened, "without --history FILE.jsonl, where inspections go");
    }
    if (status == CLI_DONE) {
        status = train(&opened, given, path);
    }
    cli_experiment_clear(&opened);
    return status;
}

static int run(const cli_list *operands, const void *options) {
    const train_options *given = options;
    const char *experiment = operands->items[0];
    const cli_folds_options folds = folds_of(given);
    int status = check_checkpoints(given);
    if (status == CLI_DONE) {
        status = cli_folds_check(&folds, given->history);
    }
    if (status != CLI_DONE) {
        return status;
    }
    char *path = given->out != NULL ? cli_format("%s", given->out) : default_path(experiment);
    cli_files files = {.command = "train"};
    cli_files_write(&files, "--out", path);
    cli_files_write(&files, "--history", given->history);
    cli_files_write(&files, "--out-of-fold", given->out_of_fold);
    cli_files_write_checkpoints(&files, "--checkpoint", given->checkpoint);
    status = given->folds > 0 ? cli_train_folds(experiment, &folds, path, &files)
                              : train_one(experiment, given, path, &files);
    free(path);
    return status;
}

static const cli_option option_table[] = {
    {"--out", "MODEL.safetensors", "the file that the model is saved in", &cli_string_type,
     offsetof(train_options, out)},
    CLI_SET_OPTION(train_options),
    CLI_THREADS_OPTION(train_options,
                       "threads of training and validation (as many as they are worth)"),
    {"--history", "FILE.jsonl", "one line of JSON per epoch, written during training",
     &cli_string_type, offsetof(train_options, history)},
    {"--folds", "K", "train K models, each without one of K parts of the rows; saved as one model",
     &cli_count_type, offsetof(train_options, folds)},
    {"--seeds", "S", "repeat the folds with S seeds", &cli_count_type,
     offsetof(train_options, seeds)},
    {"--refit", NULL, "save one model of all rows, trained for the best epochs of the folds",
     &cli_flag_type, offsetof(train_options, refit)},
    {"--out-of-fold", "FILE.csv", "each row's prediction by the model that was trained without it",
     &cli_string_type, offsetof(train_options, out_of_fold)},
    {"--checkpoint", "DIR", "save checkpoints, from which an interrupted run goes on",
     &cli_string_type, offsetof(train_options, checkpoint)},
    {"--every", "N", "epochs from one checkpoint to the next (1)", &cli_count_type,
     offsetof(train_options, every)},
    {"--every-steps", "N", "optimizer steps from one checkpoint to the next", &cli_count_type,
     offsetof(train_options, every_steps)},
    {"--resume", NULL, "go on where the checkpoint is, to the same bits", &cli_flag_type,
     offsetof(train_options, resume)},
    {"--allow-drift", NULL, "resume with other options, data or CPU, to other bits", &cli_flag_type,
     offsetof(train_options, allow_drift)},
    {"--quiet", NULL, "no progress on standard error", &cli_flag_type,
     offsetof(train_options, quiet)},
    {"--strict", NULL, "warnings are errors", &cli_flag_type, offsetof(train_options, strict)},
    CLI_JSON_OPTION(train_options),
    {0},
};

const cli_command cli_train = {
    .name = "train",
    .operands = "EXPERIMENT.json",
    .summary = "train a model as an experiment file describes, save and evaluate it",
    .details =
        "The model is saved under the experiment's name in the current directory unless --out\n"
        "says otherwise. On SIGINT or SIGTERM the model so far is saved, or where early stopping\n"
        "keeps them the weights of the best epoch. These are saved also where the loss diverges.\n"
        "With --checkpoint the directory gets a checkpoint after every epoch and on a signal;\n"
        "a run that was killed goes on by the same command with --resume, and ends with the same\n"
        "bits. Other options, data or kernels than before are an error without --allow-drift.\n"
        "With --folds each row is a validation row once; a share data.validation is not split "
        "off,\n"
        "and a file of validation rows is evaluated only. The models run side by side in threads,\n"
        "and the saved model predicts the mean of what they predict. On a signal those that are\n"
        "finished are saved. Of the checkpoints each model has its own; with --resume models that\n"
        "were finished are not trained again. In the file of --out-of-fold the column \"row\" is\n"
        "the number of the row in the file data.train, from 1, without the header; rows without a\n"
        "target, which are left out, count too.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(train_options),
    .run = run,
};
