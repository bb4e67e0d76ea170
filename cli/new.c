#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "data.h"
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

/* ---- what is printed ------------------------------------------------------------------------- */

static const char *quote_character(char c, char quoted[4]) {
    if (c == '\t' || c == ' ') {
        return c == '\t' ? "tabs" : "blanks";
    }
    snprintf(quoted, 4, "\"%c\"", c);
    return quoted;
}

static void print_file(const char *path, const snug_suggestion *seen) {
    char quoted[4];
    printf("%s: %zu rows, ", path, seen->rows + seen->rows_without_target);
    if (seen->column_count > 0) {
        printf("%zu columns; %s", seen->column_count, seen->format);
    } else {
        printf("%zu values a row; %s", seen->features, seen->format);
    }
    if (seen->encoding != NULL) {
        printf(", %s", seen->encoding);
    }
    if (seen->delimiter != 0) {
        printf(", fields between %s, decimal mark \"%c\", %s",
               quote_character(seen->delimiter, quoted), seen->decimal,
               seen->header ? "a header" : "no header");
    }
    printf("\n");
}

/* Of each kind, how many are printed; and bytes of a name. */
enum { MOST_NAMES = 12, MOST_CLASSES = 6, MOST_NOTES = 12, LONGEST_NAME = 60 };

/* Prints a name, of a very long one the first characters. */
static void print_name(const char *name) {
    char *printable = cli_printable(name);
    size_t length = strlen(printable);
    bool cut = length > LONGEST_NAME;
    length = cut ? LONGEST_NAME : length;
    while (cut && length > 0 && ((unsigned char)printable[length] & 0xC0U) == 0x80U) {
        length--; /* not within a character of UTF-8 */
    }
    printf("%.*s%s", (int)length, printable, cut ? "..." : "");
    free(printable);
}

static void print_classes(const snug_suggestion *seen) {
    printf("%zu classes:", seen->class_count);
    for (size_t i = 0; i < seen->class_count && i < MOST_CLASSES; i++) {
        printf(" ");
        print_name(seen->classes[i].name);
        printf(" %.1f %%%s", 100.0 * (double)seen->classes[i].rows / (double)seen->rows,
               i + 1 == seen->class_count ? "" : ",");
    }
    printf("%s", seen->class_count > MOST_CLASSES ? " ..." : "");
}

/* Prints the targets, what they hold and why, and what would change that; several are values. */
static void print_target(const snug_suggestion *seen) {
    size_t targets = 0;
    printf("target      ");
    for (size_t i = 0; i < seen->column_count; i++) {
        if (seen->columns[i].use == SNUG_USE_TARGET) {
            printf("%s", targets++ > 0 ? ", " : "");
            print_name(seen->columns[i].name);
        }
    }
    printf("%s", targets > 0 ? ": " : "");
    if (seen->task == SNUG_TASK_CLASSIFICATION) {
        print_classes(seen);
        printf("; %s (--task value)\n", seen->task_reason);
    } else {
        printf("values; %s%s\n", seen->task_reason, targets > 1 ? "" : " (--task class)");
    }
}

static void print_column(const snug_suggested_column *column, size_t rows) {
    printf(" ");
    print_name(column->name);
    bool categories = column->use == SNUG_USE_CATEGORIES;
    if (categories) {
        printf(" (%zu", column->distinct);
    }
    if (column->missing > 0) {
        double share = 100.0 * (double)column->missing / (double)rows;
        printf(share < 0.1 ? "%s<0.1 %% missing)" : "%s%.1f %% missing)", categories ? ", " : " (",
               share);
    } else if (categories) {
        printf(")");
    }
}

/* Prints the columns of one use, the first of them by name. */
static void print_columns(const snug_suggestion *seen, snug_column_use use, const char *title) {
    size_t count = 0, rows = seen->rows + seen->rows_without_target;
    for (size_t i = 0; i < seen->column_count; i++) {
        count += seen->columns[i].use == use;
    }
    if (count == 0) {
        return;
    }
    printf("%-12s%zu:", title, count);
    for (size_t i = 0, printed = 0; i < seen->column_count && printed < MOST_NAMES; i++) {
        if (seen->columns[i].use == use) {
            printf("%s", printed++ > 0 ? "," : "");
            print_column(&seen->columns[i], rows);
        }
    }
    printf("%s\n", count > MOST_NAMES ? " ..." : "");
}

/* Prints the ignored columns by the reason, each once, the first of them by name. */
static void print_ignored(const snug_suggestion *seen) {
    for (size_t i = 0; i < seen->column_count; i++) {
        const char *reason = seen->columns[i].reason;
        size_t first = 0, printed = 0;
        while (reason != NULL && (seen->columns[first].reason == NULL ||
                                  strcmp(seen->columns[first].reason, reason) != 0)) {
            first++;
        }
        if (reason == NULL || first < i) {
            continue;
        }
        printf("ignored    ");
        for (size_t j = i; j < seen->column_count; j++) {
            const char *other = seen->columns[j].reason;
            if (other != NULL && strcmp(other, reason) == 0 && printed++ < MOST_NAMES) {
                printf("%s ", printed > 1 ? "," : "");
                print_name(seen->columns[j].name);
            }
        }
        printf("%s: %s\n", printed > MOST_NAMES ? " ..." : "", reason);
    }
}

static void print_report(const char *data, const char *out, const snug_suggestion *seen) {
    print_file(data, seen);
    print_target(seen);
    print_columns(seen, SNUG_USE_NUMBERS, "numbers");
    print_columns(seen, SNUG_USE_CATEGORIES, "categories");
    print_ignored(seen);
    for (size_t i = 0; i < seen->notes.count && i < MOST_NOTES; i++) {
        printf("note        %s\n", seen->notes.items[i]);
    }
    if (seen->notes.count > MOST_NOTES) {
        printf("note        %zu more (--json lists all)\n", seen->notes.count - MOST_NOTES);
    }
    printf("recipe      %s: %s\n", seen->recipe, seen->recipe_summary);
    printf("%s is written; snug train %s trains it\n", out, out);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void add_columns(cJSON *json, const snug_suggestion *seen) {
    static const char *const uses[] = {[SNUG_USE_NUMBERS] = "numbers",
                                       [SNUG_USE_CATEGORIES] = "categories",
                                       [SNUG_USE_TARGET] = "target",
                                       [SNUG_USE_IGNORED] = "ignored"};
    cJSON *columns = cli_json_array(json, "columns");
    for (size_t i = 0; i < seen->column_count; i++) {
        const snug_suggested_column *from = &seen->columns[i];
        cJSON *column = cli_json_object(columns, NULL);
        cli_json_string(column, "name", from->name);
        cli_json_string(column, "use", uses[from->use]);
        if (from->reason != NULL) {
            cli_json_string(column, "reason", from->reason);
        }
        cli_json_count(column, "missing", from->missing);
        cli_json_count(column, "distinct", from->distinct);
    }
}

static void add_classes(cJSON *json, const snug_suggestion *seen) {
    cJSON *classes = cli_json_array(json, "classes");
    for (size_t i = 0; i < seen->class_count; i++) {
        cJSON *class = cli_json_object(classes, NULL);
        cli_json_string(class, "name", seen->classes[i].name);
        cli_json_count(class, "rows", seen->classes[i].rows);
    }
}

static void add_dialect(cJSON *json, const snug_suggestion *seen) {
    cli_json_string(json, "format", seen->format);
    if (seen->encoding != NULL) {
        cli_json_string(json, "encoding", seen->encoding);
    }
    if (seen->delimiter != 0) {
        cli_json_string(json, "delimiter", (const char[]){seen->delimiter, 0});
        cli_json_string(json, "decimal", (const char[]){seen->decimal, 0});
        cli_json_bool(json, "header", seen->header);
    }
}

static void print_json(const char *out, const snug_suggestion *seen) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "experiment", out);
    cli_json_string(json, "recipe", seen->recipe);
    add_dialect(json, seen);
    cli_json_count(json, "rows", seen->rows);
    cli_json_count(json, "rows_without_target", seen->rows_without_target);
    cli_json_count(json, "duplicates", seen->duplicates);
    cli_json_count(json, "features", seen->features);
    cli_json_string(json, "task", seen->task == SNUG_TASK_CLASSIFICATION ? "class" : "value");
    cli_json_string(json, "task_reason", seen->task_reason);
    add_classes(json, seen);
    add_columns(json, seen);
    cJSON *notes = cli_json_array(json, "notes");
    for (size_t i = 0; i < seen->notes.count; i++) {
        cli_json_string(notes, NULL, seen->notes.items[i]);
    }
    cli_json_warnings(json);
    cli_json_print(json);
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
        print_json(out, seen);
    } else if (status == CLI_DONE) {
        print_report(data, out, seen);
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
