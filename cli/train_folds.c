#include <stdlib.h>
#include <string.h>

#include "experiment.h"
#include "output.h"
#include "predictions.h"
#include "progress.h"
#include "train_folds.h"

enum { TRAIN, VALIDATION, TEST, PARTS };

static const char *const part_names[PARTS] = {"train", "validation", "test"};

/* A run, and what is printed of it. */
typedef struct run {
    const cli_folds_options *given;
    const char *path; /* of the model */
    cli_experiment opened;
    cli_folds_progress progress;
    snug_folds *folds;
    double seconds;
    bool present[PARTS];
    snug_metrics metrics[PARTS];
} run;

int cli_folds_check(const cli_folds_options *given, const char *history) {
    const char *option = given->seeds > 0             ? "--seeds"
                         : given->refit               ? "--refit"
                         : given->out_of_fold != NULL ? "--out-of-fold"
                                                      : NULL;
    if (given->folds == 0 && option != NULL) {
        return cli_usage_error("train: %s is for --folds, which is not given", option);
    }
    if (given->folds == 1) {
        return cli_usage_error("train: --folds: must be at least 2 (got 1)");
    }
    if (given->folds > 0 && history != NULL) {
        return cli_usage_error("train: --history is of one training, and --folds are several");
    }
    return CLI_DONE;
}

/* ---- printing -------------------------------------------------------------------------------- */

static void add_fold(cJSON *folds, const snug_fold *fold) {
    cJSON *json = cli_json_object(folds, NULL);
    cli_json_count(json, "fold", fold->fold + 1);
    cli_json_count(json, "seed", fold->seed + 1);
    cli_json_count(json, "rows", fold->metrics.rows);
    cli_json_count(json, "epochs", fold->epochs);
    cli_json_count(json, "best_epoch", fold->best_epoch);
    cli_json_metrics(json, &fold->metrics);
}

static void add_folds(cJSON *json, const snug_folds *folds) {
    cJSON *list = cli_json_array(json, "folds");
    snug_metrics mean, deviation;
    for (size_t i = 0; i < snug_folds_member_count(folds); i++) {
        snug_fold fold;
        (void)snug_folds_member(folds, i, &fold);
        add_fold(list, &fold);
    }
    (void)snug_folds_metrics(folds, &mean, &deviation);
    cli_json_metrics(cli_json_object(json, "mean"), &mean);
    cli_json_metrics(cli_json_object(json, "deviation"), &deviation);
}

/* Returns the largest number of epochs of a training. */
static size_t most_epochs(const snug_folds *folds) {
    size_t most = snug_folds_refit_epochs(folds);
    for (size_t i = 0; i < snug_folds_member_count(folds); i++) {
        snug_fold fold;
        (void)snug_folds_member(folds, i, &fold);
        most = fold.epochs > most ? fold.epochs : most;
    }
    return most;
}

static void print_json(const run *r) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "epochs", most_epochs(r->folds));
    if (r->given->refit) {
        cli_json_count(json, "refit_epochs", snug_folds_refit_epochs(r->folds));
    }
    cli_json_number(json, "seconds", r->seconds);
    cli_json_string(json, "model", r->path);
    add_folds(json, r->folds);
    for (size_t i = 0; i < PARTS; i++) {
        if (r->present[i]) {
            cli_json_metrics(cli_json_object(json, part_names[i]), &r->metrics[i]);
        }
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

static void add_metrics(cli_table *table, const snug_metrics *metrics) {
    for (size_t j = 0; j < metrics->count; j++) {
        cli_table_number(table, metrics->values[j].value);
    }
}

static void start_table(cli_table *table, char align[SNUG_METRICS_MAX + 4], const char *first,
                        const char *second, const snug_metrics *metrics) {
    memset(align, 'r', metrics->count + 3);
    align[0] = 'l';
    align[metrics->count + (second != NULL ? 3 : 2)] = '\0';
    *table = (cli_table){.align = align};
    cli_table_cell(table, "%s", first);
    cli_table_cell(table, "rows");
    if (second != NULL) {
        cli_table_cell(table, "%s", second);
    }
    for (size_t j = 0; j < metrics->count; j++) {
        cli_table_cell(table, "%s", metrics->values[j].name);
    }
}

static void print_folds(const snug_folds *folds, bool seeds) {
    snug_metrics mean, deviation;
    char align[SNUG_METRICS_MAX + 4];
    cli_table table;
    (void)snug_folds_metrics(folds, &mean, &deviation);
    start_table(&table, align, seeds ? "fold, seed" : "fold", "epoch", &mean);
    for (size_t i = 0; i < snug_folds_member_count(folds); i++) {
        snug_fold fold;
        (void)snug_folds_member(folds, i, &fold);
        if (seeds) {
            cli_table_cell(&table, "%zu, %zu", fold.fold + 1, fold.seed + 1);
        } else {
            cli_table_cell(&table, "%zu", fold.fold + 1);
        }
        cli_table_cell(&table, "%zu", fold.metrics.rows);
        cli_table_cell(&table, "%zu", fold.best_epoch);
        add_metrics(&table, &fold.metrics);
    }
    cli_table_cell(&table, "mean");
    cli_table_cell(&table, "%zu", mean.rows);
    cli_table_cell(&table, "%s", "");
    add_metrics(&table, &mean);
    cli_table_cell(&table, "deviation");
    cli_table_cell(&table, "%s", "");
    cli_table_cell(&table, "%s", "");
    add_metrics(&table, &deviation);
    cli_table_print(&table);
}

static void print_parts(const run *r) {
    char align[SNUG_METRICS_MAX + 4];
    cli_table table;
    start_table(&table, align, "", NULL, &r->metrics[TRAIN]);
    for (size_t i = 0; i < PARTS; i++) {
        if (r->present[i]) {
            cli_table_cell(&table, "%s", part_names[i]);
            cli_table_cell(&table, "%zu", r->metrics[i].rows);
            add_metrics(&table, &r->metrics[i]);
        }
    }
    cli_table_print(&table);
}

static void print_text(const run *r) {
    const snug_model *model = snug_folds_model(r->folds);
    size_t members = snug_model_member_count(model);
    print_folds(r->folds, r->given->seeds > 1);
    putchar('\n');
    print_parts(r);
    if (r->given->refit) {
        size_t epochs = snug_folds_refit_epochs(r->folds);
        printf("trained on all rows for %zu epoch%s, the mean of the best epochs of the folds\n",
               epochs, epochs == 1 ? "" : "s");
    }
    printf("%zu parameters", snug_model_parameter_count(model));
    if (members > 0) {
        printf(" in %zu networks, whose predictions are averaged", members);
    }
    printf("; %.1f s; the model is saved in %s\n", r->seconds, r->path);
}

/* ---- out-of-fold predictions ----------------------------------------------------------------- */

static void write_head(const cli_predictions *w, size_t targets) {
    fputs("row,fold", w->stream);
    for (size_t j = 1; j <= targets; j++) {
        if (targets > 1) {
            fprintf(w->stream, ",target_%zu", j);
        } else {
            fputs(",target", w->stream);
        }
    }
    fputc(',', w->stream);
    cli_predictions_head(w, 0);
}

static int write_rows(const run *r, const cli_predictions *w) {
    const snug_dataset *rows = r->opened.train;
    /* Of several quantiles there are more outputs than targets. */
    size_t targets = w->classes > 0 ? 1 : snug_dataset_output_count(rows);
    write_head(w, targets);
    for (size_t i = 0; i < snug_dataset_row_count(rows); i++) {
        snug_out_of_fold row;
        if (snug_folds_out_of_fold(r->folds, i, &row) != SNUG_OK) {
            return cli_library_error();
        }
        fprintf(w->stream, "%zu,%zu,", snug_dataset_row_number(rows, i), row.fold + 1);
        for (size_t j = 0; w->classes == 0 && j < targets; j++) {
            fprintf(w->stream, "%.9g,", (double)snug_dataset_values(rows, i)[j]);
        }
        if (w->classes > 0) {
            fprintf(w->stream, "%s,", w->labels[snug_dataset_class(rows, i)]);
        }
        cli_predictions_csv(w, row.prediction, row.class_index);
    }
    return CLI_DONE;
}

static int write_out_of_fold(const run *r) {
    cli_output output;
    cli_predictions w;
    if (r->given->out_of_fold == NULL) {
        return CLI_DONE;
    }
    int status = cli_output_open(&output, r->given->out_of_fold);
    if (status != CLI_DONE) {
        return status;
    }
    cli_predictions_start(&w, snug_folds_model(r->folds), false);
    w.stream = output.stream;
    status = write_rows(r, &w);
    cli_predictions_clear(&w);
    if (status == CLI_DONE) {
        return cli_output_close(&output);
    }
    cli_output_abandon(&output);
    return status;
}

/* ---- the run --------------------------------------------------------------------------------- */

static int evaluate(run *r) {
    const cli_experiment *opened = &r->opened;
    const snug_dataset *const parts[PARTS] = {opened->train, opened->validation, opened->test};
    for (size_t i = 0; i < PARTS; i++) {
        r->present[i] = parts[i] != NULL;
        if (parts[i] != NULL &&
            snug_evaluate_parallel(snug_folds_model(r->folds), parts[i], opened->options.metrics,
                                   opened->options.metric_count, r->given->threads,
                                   &r->metrics[i]) != SNUG_OK) {
            return cli_library_error();
        }
    }
    return CLI_DONE;
}

static int save(const run *r) {
    return snug_model_save(snug_folds_model(r->folds), r->path) == SNUG_OK ? CLI_DONE
                                                                           : cli_write_error();
}

/* Nothing can be lost any more: a signal ends the process as usual, also one that came before. */
static int release_signals(const run *r) {
    cli_signals_release();
    if (cli_signal() == 0) {
        return CLI_DONE;
    }
    (void)cli_runtime_error("stopped by signal %d after the last member; the model is saved in %s",
                            cli_signal(), r->path);
    return CLI_SIGNAL + cli_signal();
}

static int finish(run *r) {
    int status = save(r);
    if (status == CLI_DONE) {
        status = release_signals(r);
    }
    if (status == CLI_DONE) {
        status = write_out_of_fold(r);
    }
    if (status == CLI_DONE) {
        status = evaluate(r);
    }
    if (status == CLI_DONE) {
        (r->given->json ? print_json : print_text)(r);
    }
    return status;
}

/* After a signal: saves the members that are finished, if there are any. */
static int stop(const run *r) {
    size_t finished = 0, count = snug_folds_member_count(r->folds);
    for (size_t i = 0; i < count; i++) {
        snug_fold fold;
        finished += snug_folds_member(r->folds, i, &fold) == SNUG_OK && fold.finished;
    }
    const char *directory = r->given->checkpoint;
    const char *resume =
        directory != NULL ? "; the same command with --resume goes on by the checkpoints in " : "";
    directory = directory != NULL ? directory : "";
    if (finished == 0) {
        (void)cli_runtime_error("stopped by signal %d before any of the %zu members was finished; "
                                "no model is saved%s%s",
                                cli_signal(), count, resume, directory);
    } else if (save(r) == CLI_DONE) {
        (void)cli_runtime_error(
            "stopped by signal %d; a model of the %zu of %zu members that were finished is saved "
            "in %s%s%s",
            cli_signal(), finished, count, r->path, resume, directory);
    }
    return CLI_SIGNAL + cli_signal();
}

static int train(run *r) {
    const snug_folds_options options = {.folds = r->given->folds,
                                        .seeds = r->given->seeds,
                                        .refit = r->given->refit,
                                        .threads = r->given->threads,
                                        .checkpoint = r->given->checkpoint,
                                        .checkpoint_every = r->given->every,
                                        .checkpoint_every_steps = r->given->every_steps,
                                        .resume = r->given->resume,
                                        .allow_drift = r->given->allow_drift,
                                        .callback = cli_progress_show_folds,
                                        .user = &r->progress};
    cli_folds_progress_start(&r->progress, r->given->quiet);
    cli_signals_catch();
    snug_status ended =
        snug_folds_train(r->opened.experiment, r->opened.train, &options, &r->folds);
    r->seconds = cli_seconds() - r->progress.base.started;
    cli_progress_clear();
    return ended == SNUG_OK ? finish(r) : ended == SNUG_STOPPED ? stop(r) : cli_library_error();
}

int cli_train_folds(const char *experiment, const cli_folds_options *given, const char *path,
                    cli_files *files) {
    run r = {.given = given, .path = path};
    int status = cli_experiment_open_folds(&r.opened, experiment, given->set, given->strict, files);
    if (status == CLI_DONE) {
        status = cli_experiment_drop_inspections(
            &r.opened, "with --folds: it is for one training, which has a --history");
    }
    if (status == CLI_DONE) {
        status = train(&r);
    }
    for (size_t i = 0; i < PARTS; i++) {
        snug_metrics_clear(&r.metrics[i]);
    }
    snug_folds_free(r.folds);
    cli_experiment_clear(&r.opened);
    return status;
}
