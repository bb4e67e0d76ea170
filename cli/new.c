#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "data.h"
#include "new_report.h"
#include "output.h"

typedef struct new_options {
    cli_list target, ignore, keep, missing_values;
    const char *recipe, *task, *out;
    cli_data_options reading;
    bool header, json;
    double test;
    uint64_t seed;
} new_options;

/* ---- options --------------------------------------------------------------------------------- */

/* "dir/titanic.csv.gz" becomes "titanic.json". */
static char *default_path(const char *data) {
    const char *slash = strrchr(data, '/');
    const char *name = slash != NULL ? slash + 1 : data;
    const char *dot = strchr(name + (*name == '.'), '.');
    size_t length = dot != NULL ? (size_t)(dot - name) : strlen(name);
    return cli_format("%.*s.json", (int)length, name);
}

/* Returns a list that NULL ends, for free(); NULL where nothing is listed. */
static const char **names_of(const cli_list *list) {
    if (list->count == 0) {
        return NULL;
    }
    const char **names = cli_allocate(list->count + 1, sizeof *names);
    memcpy(names, list->items, list->count * sizeof *names);
    return names;
}

static int task_of(const char *name, snug_task *task) {
    *task = name == NULL                 ? SNUG_TASK_AUTO
            : strcmp(name, "class") == 0 ? SNUG_TASK_CLASSIFICATION
            : strcmp(name, "value") == 0 ? SNUG_TASK_REGRESSION
                                         : SNUG_TASK_NONE;
    return *task != SNUG_TASK_NONE
               ? CLI_DONE
               : cli_usage_error("new: --task: must be class or value (got \"%s\")", name);
}

/* Fails where the file is there: it may hold somebody's work. */
static int check_absent(const char *path, bool chosen) {
    if (access(path, F_OK) != 0) {
        return cli_output_check(path);
    }
    return cli_usage_error("new: %s is there already and is not overwritten; %s", path,
                           chosen ? "--out takes another name" : "--out names another file");
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Suggests an experiment and writes it. */
static int suggest(const char *data, const char *out, const snug_suggest_options *options,
                   bool as_json) {
    snug_suggestion *seen = NULL;
    snug_experiment *experiment = snug_experiment_suggest(data, options, &seen);
    char *config = experiment != NULL ? snug_experiment_config(experiment) : NULL;
    int status = config != NULL ? CLI_DONE : cli_library_error();
    if (status == CLI_DONE) {
        char *text = cli_format("%s\n", config);
        status = cli_output_text(out, text);
        free(text);
    }
    if (status == CLI_DONE && as_json) {
        cli_new_print_json(out, seen);
    } else if (status == CLI_DONE) {
        cli_new_print_report(data, out, seen, options->target != NULL);
    }
    snug_free(config);
    snug_experiment_free(experiment);
    snug_suggestion_free(seen);
    return status;
}

/* The lists of the command line as the library takes them. */
typedef struct name_lists {
    const char **target, **ignore, **keep, **missing_values;
} name_lists;

static snug_suggest_options options_of(const new_options *given, const name_lists *names,
                                       const cli_source *source, const char *out) {
    return (snug_suggest_options){
        .recipe = given->recipe,
        .format = given->reading.format,
        .targets = source->targets,
        .target = names->target,
        .ignore = names->ignore,
        .keep = names->keep,
        .missing_values = names->missing_values,
        .encoding = given->reading.encoding,
        .delimiter = given->reading.delimiter,
        .decimal = given->reading.decimal,
        .header = given->reading.no_header ? SNUG_HEADER_NONE
                  : given->header          ? SNUG_HEADER_NAMES
                                           : SNUG_HEADER_AUTO,
        .test = given->test,
        .seed = given->seed,
        .experiment = out,
    };
}

static int run(const cli_list *operands, const void *options) {
    const new_options *given = options;
    cli_source source = cli_source_read(operands->items[0]);
    char *out = given->out != NULL ? cli_format("%s", given->out) : default_path(source.path);
    name_lists names = {names_of(&given->target), names_of(&given->ignore), names_of(&given->keep),
                        names_of(&given->missing_values)};
    snug_suggest_options suggested = options_of(given, &names, &source, out);
    int status = task_of(given->task, &suggested.task);
    if (status == CLI_DONE && given->header && given->reading.no_header) {
        status = cli_usage_error("new: --header and --no-header: only one can be");
    }
    if (status == CLI_DONE) {
        status = check_absent(out, given->out != NULL);
    }
    if (status == CLI_DONE) {
        status = suggest(source.path, out, &suggested, given->json);
    }
    free(names.target);
    free(names.ignore);
    free(names.keep);
    free(names.missing_values);
    free(out);
    cli_source_clear(&source);
    return status;
}

#define MEMBER(name) offsetof(new_options, name)
static const cli_option option_table[] = {
    {"--target", "NAME[,NAME]", "the target column, or several of values; otherwise the last",
     &cli_names_type, MEMBER(target)},
    {"--task", "TASK", "class or value: what the target holds; otherwise its values decide",
     &cli_string_type, MEMBER(task)},
    {"--ignore", "A,B", "columns that are not used, besides those found (\\, is a comma)",
     &cli_names_type, MEMBER(ignore)},
    {"--keep", "A,B", "columns that are used whatever they look like", &cli_names_type,
     MEMBER(keep)},
    {"--recipe", "NAME", "tabular (the default), tabular-fast, snn or linear", &cli_string_type,
     MEMBER(recipe)},
    {"--missing-values", "A,B", "the strings that mean a missing value, in place of the usual ones",
     &cli_names_type, MEMBER(missing_values)},
    {"--test", "SHARE", "the share of the rows that is left for a test (none)", &cli_share_type,
     MEMBER(test)},
    {"--seed", "N", "the seed of the experiment (0)", &cli_number_type, MEMBER(seed)},
    {"--format", "NAME", "the format of DATA; otherwise its name or its content decides",
     &cli_string_type, MEMBER(reading.format)},
    {"--encoding", "NAME", "of text without a byte order mark; otherwise the bytes decide",
     &cli_string_type, MEMBER(reading.encoding)},
    {"--delimiter", "C", "the separator of fields; otherwise the file decides", &cli_character_type,
     MEMBER(reading.delimiter)},
    {"--decimal", "C", "the decimal mark, . or ,; otherwise the file decides", &cli_character_type,
     MEMBER(reading.decimal)},
    {"--header", NULL, "the first line names the columns; otherwise the file decides",
     &cli_flag_type, MEMBER(header)},
    {"--no-header", NULL, "the first line holds values", &cli_flag_type, MEMBER(reading.no_header)},
    {"--out", "EXPERIMENT.json", "the file to write, which must not be there", &cli_string_type,
     MEMBER(out)},
    CLI_JSON_OPTION(new_options),
    {0},
};

const cli_command cli_new = {
    .name = "new",
    .operands = "DATA",
    .summary = "look at a table and write an experiment that trains as it is",
    .details = "Prints what it saw and chose, and why; each choice has an option. The experiment\n"
               "has the name of the data, in the current directory, unless --out says otherwise.\n"
               "DATA is a file, or FEATURES,TARGETS; it may be compressed by gzip or zstd.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(new_options),
    .run = run,
};
