#include <stdlib.h>
#include <string.h>

#include "experiment.h"
#include "output.h"
#include "progress.h"

/* The parts that a model is judged on, in the order in which they are printed. */
enum { TRAIN, VALIDATION, TEST, PARTS };

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

static int judge(const cli_experiment *opened, report *to) {
    const snug_dataset *const parts[PARTS] = {opened->train, opened->validation, opened->test};
    for (size_t i = 0; i < PARTS; i++) {
        to->present[i] = parts[i] != NULL;
        if (parts[i] != NULL &&
            snug_evaluate_by(opened->model, parts[i], opened->options.metrics,
                             opened->options.metric_count, &to->metrics[i]) != SNUG_OK) {
            return cli_fail();
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
    cli_json_text(json, "model", from->model);
    for (size_t i = 0; i < PARTS; i++) {
        if (from->present[i]) {
            cli_json_metrics(cli_json_object(json, part_names[i]), &from->metrics[i]);
        }
    }
    cli_json_print(json);
}

static void print_table(const report *from) {
    const snug_metrics *first = &from->metrics[TRAIN];
    char align[SNUG_METRICS + 3] = "lr";
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
    printf("%zu parameters, %zu epochs in %.1f s; the model is saved in %s\n", from->parameters,
           from->epochs, from->seconds, from->model);
}

static int save(const snug_model *model, const char *path) {
    if (snug_model_save(model, path) != SNUG_OK) {
        return cli_failed("%s", snug_error());
    }
    return CLI_DONE;
}

static int finish(const cli_experiment *opened, const cli_args *args, report *result) {
    int status = save(opened->model, result->model);
    if (status == CLI_DONE) {
        status = judge(opened, result);
    }
    if (status == CLI_DONE) {
        (args->json ? print_json : print_table)(result);
    }
    return status;
}

/* A signal stopped the run: what was learnt so far is kept. */
static int stop(const cli_experiment *opened, const cli_progress *progress, const char *path) {
    int status = save(opened->model, path);
    if (status != CLI_DONE) {
        return status;
    }
    (void)cli_failed("stopped by signal %d after %zu epochs and %zu batches; the model so far is "
                     "saved in %s",
                     cli_signal(), progress->epochs, progress->batches, path);
    return CLI_SIGNAL + cli_signal();
}

/* What the callback needs: progress, and the file that gets a line an epoch, or NULL. */
typedef struct course {
    cli_progress progress;
    const char *path;
    FILE *history;
    bool failed; /* to write it; it has been said why */
} course;

static bool show(const snug_progress *at, void *user) {
    course *c = user;
    if (at->epoch_end && c->history != NULL) {
        char *line = snug_metrics_line(at->epoch, at->train, at->validation);
        c->failed = line == NULL ? cli_fail() != CLI_DONE
                                 : cli_file_line(c->history, c->path, line) != CLI_DONE;
        snug_text_free(line);
    }
    return cli_progress_show(at, &c->progress) && !c->failed;
}

/* Fits; *best gets the epoch, from 1, whose weights the model has. */
static snug_status fit(cli_experiment *opened, course *c, size_t *best) {
    snug_history *history = NULL;
    opened->options.callback = show;
    opened->options.user = c;
    cli_signals_catch();
    snug_status status = snug_fit(opened->model, opened->train, &opened->options, &history);
    *best = snug_history_best(history) + 1;
    snug_history_free(history);
    opened->options.loss = NULL; /* snug_fit() took them over */
    opened->options.optimizer = NULL;
    opened->options.schedule = NULL;
    cli_progress_clear();
    return status;
}

static int train(cli_experiment *opened, const cli_args *args, const char *path) {
    course c = {.path = args->history};
    size_t best = 0;
    cli_progress_start(&c.progress, args->quiet);
    opened->options.threads = args->threads;
    if (args->history != NULL) {
        c.history = cli_file_write(args->history);
        if (c.history == NULL) {
            return CLI_FAILED;
        }
    }
    snug_status status = fit(opened, &c, &best);
    if (c.history != NULL) {
        fclose(c.history);
    }
    if (c.failed) {
        return CLI_FAILED;
    }
    if (status == SNUG_STOPPED) {
        return stop(opened, &c.progress, path);
    }
    if (status != SNUG_OK) {
        return cli_fail();
    }
    report result = {.model = path,
                     .epochs = c.progress.epochs,
                     .planned = opened->options.epochs,
                     .best = best,
                     .stops_early = opened->options.early_stopping.patience > 0,
                     .parameters = snug_model_parameters(opened->model),
                     .seconds = cli_seconds() - c.progress.started};
    return finish(opened, args, &result);
}

static int run(const cli_args *args) {
    const char *experiment = args->operands[0];
    char *path = args->out != NULL ? cli_format("%s", args->out) : default_path(experiment);
    cli_experiment opened = {0};
    int status = cli_output_check(path);
    if (status == CLI_DONE) {
        status = cli_experiment_open(&opened, experiment, args->sets, args->set_count);
    }
    if (status == CLI_DONE) {
        status = train(&opened, args, path);
    }
    cli_experiment_clear(&opened);
    free(path);
    return status;
}

static const cli_option options[] = {
    {"--out", "MODEL.safetensors", "where the model goes", CLI_TEXT, offsetof(cli_args, out)},
    CLI_OPTION_SET,
    {"--threads", "N", "threads of a training step (as many as it is worth)", CLI_NUMBER,
     offsetof(cli_args, threads)},
    {"--history", "FILE.jsonl", "one line of JSON an epoch, written as it goes", CLI_TEXT,
     offsetof(cli_args, history)},
    {"--quiet", NULL, "no progress on standard error", CLI_FLAG, offsetof(cli_args, quiet)},
    CLI_OPTION_JSON,
    {0},
};

const cli_command cli_train = {
    .name = "train",
    .operands = "EXPERIMENT.json",
    .summary = "train a model as an experiment file says, save and judge it",
    .details =
        "The model is saved under the experiment's name in the current directory unless --out\n"
        "says otherwise. On SIGINT or SIGTERM the model so far is saved.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .run = run,
};
