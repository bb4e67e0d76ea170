#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "output.h"
#include "tuning.h"

/* Trials that the table shows. */
enum { MOST_TRIALS = 10 };

/* ---- paths ----------------------------------------------------------------------------------- */

/* Returns how many bytes of a path are its directory, with the last slash. */
static size_t directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

void cli_tune_paths_make(cli_tune_paths *paths, const char *experiment, const char *config,
                         const char *model) {
    size_t directory = directory_length(experiment);
    const char *name = experiment + directory, *dot = strrchr(name, '.');
    int length = (int)(dot != NULL && dot != name ? (size_t)(dot - name) : strlen(name));
    paths->experiment = cli_format("%s", experiment);
    paths->config = config != NULL ? cli_format("%s", config)
                                   : cli_format("%.*s%.*s-tuned.json", (int)directory, experiment,
                                                length, name);
    paths->model = model != NULL ? cli_format("%s", model)
                                 : cli_format("%.*s-tuned.safetensors", length, name);
}

void cli_tune_paths_clear(cli_tune_paths *paths) {
    free(paths->experiment);
    free(paths->config);
    free(paths->model);
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* Returns the directory of a file, "." for the current one, for free(). */
static char *directory_of(const char *path) {
    size_t length = directory_length(path);
    return length > 0 ? cli_format("%.*s", (int)length, path) : cli_format(".");
}

/* Returns whether two files are in one directory. */
static bool is_beside(const char *a, const char *b) {
    struct stat of_a, of_b;
    char *a_directory = directory_of(a), *b_directory = directory_of(b);
    bool same = stat(a_directory, &of_a) == 0 && stat(b_directory, &of_b) == 0 &&
                of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    free(a_directory);
    free(b_directory);
    return same;
}

/* Returns the absolute path of the directory of a file, for free(). */
static char *absolute_directory(const char *path) {
    char *directory = directory_of(path), current[PATH_MAX];
    if (directory[0] == '/' || getcwd(current, sizeof current) == NULL) {
        return directory;
    }
    char *absolute = cli_format("%s/%s", current, directory);
    free(directory);
    return absolute;
}

/* Replaces a string that is a relative path by the same path from `directory`. */
static void make_absolute(cJSON *value, const char *directory) {
    const char *path = cJSON_GetStringValue(value);
    if (path != NULL && path[0] != '/' && strcmp(path, "-") != 0) {
        char *absolute = cli_format("%s/%s", directory, path);
        if (cJSON_SetValuestring(value, absolute) == NULL) {
            exit(cli_runtime_error("out of memory"));
        }
        free(absolute);
    }
}

/* Makes the files that the data comes from absolute: a string each, or an object of strings. */
static char *make_sources_absolute(const char *config, const char *directory) {
    static const char *const sources[] = {"train", "validation", "test"};
    cJSON *json = cJSON_Parse(config);
    if (json == NULL) {
        exit(cli_runtime_error("out of memory"));
    }
    cJSON *data = cJSON_GetObjectItemCaseSensitive(json, "data");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        cJSON *source = cJSON_GetObjectItemCaseSensitive(data, sources[i]);
        make_absolute(source, directory);
        for (cJSON *file = source != NULL ? source->child : NULL; file != NULL; file = file->next) {
            make_absolute(file, directory);
        }
    }
    return cli_json_format(json);
}

/* Saves the best experiment: in another directory than the experiment, with absolute paths. */
static int save_config(const snug_tuning *tuning, const cli_tune_paths *paths) {
    char *config = snug_tuning_config(tuning), *moved = NULL;
    if (config == NULL) {
        return cli_library_error();
    }
    if (!is_beside(paths->experiment, paths->config)) {
        char *directory = absolute_directory(paths->experiment);
        moved = make_sources_absolute(config, directory);
        free(directory);
    }
    char *text = cli_format("%s\n", moved != NULL ? moved : config);
    int status = cli_output_text(paths->config, text);
    free(text);
    free(moved);
    snug_free(config);
    return status;
}

int cli_tuning_save(const snug_tuning *tuning, const cli_tune_paths *paths) {
    int status = save_config(tuning, paths);
    if (status == CLI_DONE && snug_model_save(snug_tuning_model(tuning), paths->model) != SNUG_OK) {
        status = cli_runtime_error("%s", snug_error());
    }
    return status;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* Returns the end of a path that names it among all paths: the last key, or more. */
static const char *short_name(const snug_tuning *tuning, size_t index) {
    snug_importance one, other;
    (void)snug_tuning_importance(tuning, index, &one);
    const char *dot = strrchr(one.path, '.'), *name = dot != NULL ? dot + 1 : one.path;
    for (size_t i = 0; i < snug_tuning_importance_count(tuning); i++) {
        (void)snug_tuning_importance(tuning, i, &other);
        const char *end = strrchr(other.path, '.');
        if (i != index && strcmp(end != NULL ? end + 1 : other.path, name) == 0) {
            return one.path;
        }
    }
    return name;
}

static void print_header(const snug_tuning *tuning, cli_table *table) {
    cli_table_cell(table, "trial");
    cli_table_cell(table, "%s", snug_tuning_metric(tuning));
    cli_table_cell(table, "epochs");
    cli_table_cell(table, "seconds");
    for (size_t i = 0; i < snug_tuning_importance_count(tuning); i++) {
        cli_table_cell(table, "%s", short_name(tuning, i));
    }
}

static void print_values(const snug_trial *trial, cli_table *table) {
    cJSON *values = cJSON_Parse(trial->values);
    for (const cJSON *v = values != NULL ? values->child : NULL; v != NULL; v = v->next) {
        char *printed = cJSON_PrintUnformatted(v);
        if (cJSON_IsNumber(v)) {
            cli_table_cell(table, "%.5g", v->valuedouble);
        } else {
            cli_table_cell(table, "%.24s", printed != NULL ? printed : "");
        }
        cJSON_free(printed);
    }
    cJSON_Delete(values);
}

static void print_trials(const snug_tuning *tuning) {
    size_t fields = snug_tuning_importance_count(tuning), count = snug_tuning_trial_count(tuning);
    char *align = cli_allocate(fields + 5, 1);
    memset(align, 'r', fields + 4);
    cli_table table = {.align = align};
    print_header(tuning, &table);
    for (size_t i = 0; i < count && i < MOST_TRIALS; i++) {
        snug_trial trial;
        (void)snug_tuning_trial(tuning, i, &trial);
        cli_table_cell(&table, "%zu", trial.number);
        if (trial.status != SNUG_TRIAL_OK) {
            cli_table_cell(&table, "%s", snug_trial_status_name(trial.status));
        } else {
            cli_table_number(&table, trial.metric);
        }
        cli_table_cell(&table, "%zu", trial.epochs);
        cli_table_cell(&table, "%.1f", trial.seconds);
        print_values(&trial, &table);
    }
    cli_table_print(&table);
    free(align);
}

static void print_importance(const snug_tuning *tuning) {
    cli_table table = {.align = "lr"};
    for (size_t i = 0; i < snug_tuning_importance_count(tuning); i++) {
        snug_importance one;
        (void)snug_tuning_importance(tuning, i, &one);
        if (isnan(one.share)) {
            continue;
        }
        cli_table_cell(&table, "%s", one.path);
        cli_table_cell(&table, "%.0f %%", 100 * one.share);
    }
    if (table.count > 0) {
        printf("\nshare of the trials' differences that a field explains by itself:\n");
    } else {
        printf("\nwhich fields matter cannot be told from so few trials: it takes %d at least\n",
               SNUG_IMPORTANCE_MIN_TRIALS);
    }
    cli_table_print(&table);
}

static void print_metrics(const char *part, const snug_metrics *metrics) {
    if (metrics == NULL) {
        return;
    }
    printf("%s: ", part);
    for (size_t i = 0; i < metrics->count; i++) {
        double value = metrics->values[i].value;
        printf("%s%s ", i > 0 ? ", " : "", metrics->values[i].name);
        if (isnan(value)) {
            printf("-");
        } else {
            printf("%.5g", value);
        }
    }
    printf("\n");
}

static void print_members(const snug_tuning *tuning) {
    size_t count = snug_tuning_member_count(tuning);
    printf("\nthe result is %s trial", count > 1 ? "the mean of" : "the model of");
    for (size_t i = 0; i < count; i++) {
        snug_tuning_member member;
        (void)snug_tuning_get_member(tuning, i, &member);
        printf("%s %zu", i > 0 ? "," : count > 1 ? "s" : "", member.trial);
        if (member.weight > 1) {
            printf(" (x %zu)", member.weight);
        }
    }
    printf("\n");
}

void cli_tuning_print_table(const snug_tuning *tuning, const cli_tune_paths *paths) {
    size_t count = snug_tuning_trial_count(tuning), failed = 0;
    for (size_t i = 0; i < count; i++) {
        snug_trial trial;
        (void)snug_tuning_trial(tuning, i, &trial);
        failed += trial.status == SNUG_TRIAL_FAILED;
    }
    print_trials(tuning);
    print_importance(tuning);
    print_members(tuning);
    print_metrics("validation, by which it was chosen", snug_tuning_validation(tuning));
    print_metrics("test", snug_tuning_test(tuning));
    printf("%zu trials, %zu failed; saved in %s and %s\n", count, failed, paths->config,
           paths->model);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* Adds the members of a trial to an object; its values become a member of their own. */
static void add_trial(cJSON *json, const snug_trial *trial) {
    cli_json_count(json, "trial", trial->number);
    cJSON *values = cJSON_Parse(trial->values);
    if (values == NULL || !cJSON_AddItemToObject(json, "values", values)) {
        exit(cli_runtime_error("out of memory"));
    }
    cli_json_number(json, "metric", trial->metric);
    cli_json_number(json, "loss", trial->loss);
    cli_json_string(json, "status", snug_trial_status_name(trial->status));
    cli_json_count(json, "rung", trial->rung);
    cli_json_count(json, "epochs", trial->epochs);
    cli_json_number(json, "seconds", trial->seconds);
    if (trial->message[0] != '\0') {
        cli_json_string(json, "message", trial->message);
    }
}

static void add_members(cJSON *json, const snug_tuning *tuning) {
    cJSON *members = cli_json_array(json, "members");
    for (size_t i = 0; i < snug_tuning_member_count(tuning); i++) {
        snug_tuning_member member;
        (void)snug_tuning_get_member(tuning, i, &member);
        cJSON *object = cli_json_object(members, NULL);
        cli_json_count(object, "trial", member.trial);
        cli_json_count(object, "weight", member.weight);
    }
}

/* Adds the best trial, the models of the result, and how good they are together. */
static void add_best(cJSON *json, const snug_tuning *tuning, const cli_tune_paths *paths) {
    cJSON *best = cli_json_object(json, "best");
    snug_trial trial;
    (void)snug_tuning_trial(tuning, 0, &trial);
    add_trial(best, &trial);
    add_members(best, tuning);
    cli_json_metrics(cli_json_object(best, "validation"), snug_tuning_validation(tuning));
    if (snug_tuning_test(tuning) != NULL) {
        cli_json_metrics(cli_json_object(best, "test"), snug_tuning_test(tuning));
    }
    cli_json_string(best, "experiment", paths->config);
    cli_json_string(best, "model", paths->model);
}

void cli_tuning_print_json(const snug_tuning *tuning, const cli_tune_paths *paths) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "metric", snug_tuning_metric(tuning));
    cJSON *trials = cli_json_array(json, "trials");
    for (size_t i = 0; i < snug_tuning_trial_count(tuning); i++) {
        snug_trial trial;
        (void)snug_tuning_trial(tuning, i, &trial);
        add_trial(cli_json_object(trials, NULL), &trial);
    }
    add_best(json, tuning, paths);
    cJSON *importance = cli_json_object(json, "importance");
    for (size_t i = 0; i < snug_tuning_importance_count(tuning); i++) {
        snug_importance one;
        (void)snug_tuning_importance(tuning, i, &one);
        cli_json_number(importance, one.path, one.share);
    }
    cli_json_warnings(json);
    cli_json_print(json);
}
