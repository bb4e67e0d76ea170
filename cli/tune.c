#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command_files.h"
#include "commands.h"
#include "experiment.h"
#include "output.h"
#include "progress.h"
#include "tuning.h"

/* The number of models that are averaged by default. */
enum { DEFAULT_ENSEMBLE = 5 };

typedef struct tune_options {
    const char *space, *method, *metric, *journal, *out, *model;
    cli_list set;
    size_t trials, jobs, ensemble, rungs;
    double time;
    bool quiet, strict, json, print_space;
} tune_options;

/* ---- progress -------------------------------------------------------------------------------- */

/* Prints a training that has ended; returns false, which stops the search, after a signal. */
static bool show(const snug_tune_progress *at, void *user) {
    const tune_options *given = user;
    const snug_trial *trial = at->trial;
    if (trial == NULL || given->quiet) {
        return cli_signal() == 0;
    }
    fprintf(stderr, "trial %zu", trial->number);
    if (given->rungs > 1) {
        fprintf(stderr, " rung %zu", trial->rung);
    }
    if (!isnan(trial->metric)) {
        fprintf(stderr, "  %.5g", trial->metric);
    }
    if (trial->status != SNUG_TRIAL_OK) {
        fprintf(stderr, "  %s", snug_trial_status_name(trial->status));
    }
    if (trial->status == SNUG_TRIAL_FAILED) {
        fprintf(stderr, ": %s", trial->message);
    }
    if (!isnan(at->best)) {
        fprintf(stderr, "  best %.5g", at->best);
    }
    fprintf(stderr, "  %.1f s\n", at->seconds);
    return cli_signal() == 0;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Saves the best experiment and the model, and prints the result. */
static int finish(const snug_tuning *tuning, const tune_options *given, const cli_tune_paths *to) {
    int status = cli_tuning_save(tuning, to);
    if (status == CLI_DONE) {
        (given->json ? cli_tuning_print_json : cli_tuning_print_table)(tuning, to);
    }
    return status;
}

/* Returns the exit status after a signal, once what is there is saved. */
static int report_signal(const cli_tune_paths *to) {
    (void)cli_runtime_error("stopped by signal %d; the best so far is saved in %s and %s",
                            cli_signal(), to->config, to->model);
    return CLI_SIGNAL + cli_signal();
}

static int tune(const snug_experiment *experiment, const tune_options *given,
                const cli_tune_paths *to) {
    char *space = given->space != NULL ? cli_file_read(given->space) : NULL;
    if (given->space != NULL && space == NULL) {
        return cli_usage_error("tune: --space: %s: cannot read", given->space);
    }
    snug_tune_options options = {.space = space,
                                 .space_name = given->space,
                                 .trials = given->trials,
                                 .seconds = given->time,
                                 .jobs = given->jobs,
                                 .grid =
                                     given->method != NULL && strcmp(given->method, "grid") == 0,
                                 .metric = given->metric,
                                 .ensemble = given->ensemble,
                                 .rungs = given->rungs,
                                 .journal = given->journal,
                                 .callback = show,
                                 .user = (void *)given};
    snug_tuning *tuning = NULL;
    cli_signals_catch();
    snug_status searched = snug_tune(experiment, &options, &tuning);
    int status = tuning != NULL ? finish(tuning, given, to) : cli_library_error();
    cli_signals_release();
    if (tuning == NULL && searched == SNUG_STOPPED) {
        status = CLI_SIGNAL + cli_signal();
    } else if (status == CLI_DONE && searched == SNUG_STOPPED) {
        status = report_signal(to);
    }
    snug_tuning_free(tuning);
    free(space);
    return status;
}

/* Prints the default space, to be edited and given as --space. */
static int print_space(const snug_experiment *experiment, const tune_options *given) {
    char *space = snug_tune_space(experiment, given->metric);
    if (space == NULL) {
        return cli_library_error();
    }
    printf("%s\n", space);
    snug_free(space);
    return CLI_DONE;
}

/* Checks what the table of options cannot, and gives what was not given its default. */
static int complete(tune_options *given) {
    bool grid = given->method != NULL && strcmp(given->method, "grid") == 0;
    if (given->method != NULL && !grid && strcmp(given->method, "random") != 0) {
        return cli_usage_error("tune: --method: must be random or grid (got \"%s\")",
                               given->method);
    }
    if (given->print_space && given->space != NULL) {
        return cli_usage_error(
            "tune: --print-space: is for the space that is made without --space");
    }
    if (given->trials == 0 && given->time <= 0 && !grid && !given->print_space) {
        return cli_usage_error("tune: how long? give --trials N, --time SECONDS, or both");
    }
    given->ensemble = given->ensemble > 0 ? given->ensemble : DEFAULT_ENSEMBLE;
    return CLI_DONE;
}

/* Says that the trials inspect no layers, where the experiment has training do so. */
static int report_inspections(const snug_experiment *experiment) {
    cli_experiment opened = {0};
    int status = CLI_DONE;
    if (snug_experiment_options(experiment, &opened.options) != SNUG_OK) {
        status = cli_library_error();
    } else {
        status = cli_experiment_drop_inspections(
            &opened, "with tune: it is for one training, which has a --history");
    }
    cli_experiment_clear(&opened);
    return status;
}

static int run(const cli_list *operands, const void *options) {
    tune_options given = *(const tune_options *)options;
    int status = complete(&given);
    if (status != CLI_DONE) {
        return status;
    }
    cli_tune_paths to;
    cli_tune_paths_make(&to, operands->items[0], given.out, given.model);
    cli_files files = {.command = "tune"};
    cli_files_read(&files, "--space", given.space);
    cli_files_write(&files, "--out", to.config);
    cli_files_write(&files, "--model", to.model);
    cli_files_write(&files, "--journal", given.journal);
    snug_experiment *experiment = NULL;
    status = cli_experiment_read(&experiment, operands->items[0], &given.set, given.strict, &files);
    if (status == CLI_DONE) {
        status = report_inspections(experiment);
    }
    if (status == CLI_DONE) {
        status =
            given.print_space ? print_space(experiment, &given) : tune(experiment, &given, &to);
    }
    snug_experiment_free(experiment);
    cli_tune_paths_clear(&to);
    return status;
}

static const cli_option option_table[] = {
    {"--space", "SPACE.json", "the fields that vary, and their values (made for the experiment)",
     &cli_string_type, offsetof(tune_options, space)},
    {"--print-space", NULL, "print the space that is made for the experiment, and end",
     &cli_flag_type, offsetof(tune_options, print_space)},
    CLI_SET_OPTION(tune_options),
    {"--trials", "N", "how many trials, the first of which is the experiment as it is",
     &cli_count_type, offsetof(tune_options, trials)},
    {"--time", "SECONDS", "start no trial that would end later", &cli_seconds_type,
     offsetof(tune_options, time)},
    {"--jobs", "N", "trials side by side, a thread each (as many as the process may use)",
     &cli_threads_type, offsetof(tune_options, jobs)},
    {"--method", "NAME", "random, or grid: all combinations (random)", &cli_string_type,
     offsetof(tune_options, method)},
    {"--metric", "NAME", "what the validation rows choose by (early stopping's, or the loss)",
     &cli_string_type, offsetof(tune_options, metric)},
    {"--rungs", "N", "successive halving: the best third of trials trains on (1: all do)",
     &cli_count_type, offsetof(tune_options, rungs)},
    {"--ensemble", "N", "average at most N of the best models (5); 1: the best alone",
     &cli_count_type, offsetof(tune_options, ensemble)},
    {"--journal", "FILE.jsonl", "a line of JSON per trial; the same command resumes from it",
     &cli_string_type, offsetof(tune_options, journal)},
    {"--out", "BEST.json", "the file that the best experiment is saved in", &cli_string_type,
     offsetof(tune_options, out)},
    {"--model", "MODEL.safetensors", "the file that the best model is saved in", &cli_string_type,
     offsetof(tune_options, model)},
    {"--quiet", NULL, "no progress on standard error", &cli_flag_type,
     offsetof(tune_options, quiet)},
    {"--strict", NULL, "warnings are errors", &cli_flag_type, offsetof(tune_options, strict)},
    CLI_JSON_OPTION(tune_options),
    {0},
};

const cli_command cli_tune = {
    .name = "tune",
    .operands = "EXPERIMENT.json",
    .summary = "search for the values of an experiment that are best on its validation rows",
    .details =
        "SPACE.json has paths, as --set takes them, and their values: a list, or a range as\n"
        "{\"log_uniform\": [1e-4, 1e-1]}, {\"uniform\": [0, 0.5]}, {\"integer\": [1, 8]} or\n"
        "{\"log_integer\": [16, 512]}; a grid needs \"points\": N beside a range. In a path\n"
        "\"model.layers[*].units\" is that of all hidden layers together. The best "
        "experiment\n"
        "is saved beside the experiment as NAME-tuned.json, and the model in the current "
        "directory\n"
        "as NAME-tuned.safetensors, unless --out and --model say otherwise. On SIGINT or SIGTERM\n"
        "the best so far is.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(tune_options),
    .run = run,
};
