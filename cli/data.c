#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "output.h"

/* ---- formats --------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The first bytes of a regular file; how many there are. A pipe gives them only once: none. */
static size_t first_bytes(const char *path, unsigned char *bytes, size_t size) {
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return 0;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return 0;
    }
    size_t count = fread(bytes, 1, size, file);
    fclose(file);
    return count;
}

bool cli_is_model(const char *path) {
    unsigned char head[8];
    /* A model file starts with the length of its header, of which the high bytes are zero. */
    return ends_with(path, ".safetensors") ||
           (first_bytes(path, head, sizeof head) == sizeof head && memchr(head, 0, 8) != NULL);
}

/* A file of that name is the data even if there is a comma in the name. */
cli_source cli_source_read(const char *data) {
    const char *comma = access(data, F_OK) == 0 ? NULL : strchr(data, ',');
    if (comma == NULL) {
        return (cli_source){.path = cli_format("%s", data)};
    }
    return (cli_source){.path = cli_format("%.*s", (int)(comma - data), data),
                        .targets = cli_format("%s", comma + 1)};
}

void cli_source_clear(cli_source *source) {
    free(source->path);
    free(source->targets);
    *source = (cli_source){0};
}

bool cli_is_standard_input(const char *path) {
    static const char *const names[] = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
    for (size_t i = 0; path != NULL && i < sizeof names / sizeof *names; i++) {
        if (strcmp(path, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

const char *cli_source_format(const cli_source *source, const cli_data_options *options) {
    if (options->format != NULL || cli_is_standard_input(source->path)) {
        return options->format;
    }
    return snug_data_format_of(source->path);
}

int cli_check_input(const char *file, const char *data) {
    cli_source source = cli_source_read(data);
    bool twice = cli_is_standard_input(file) &&
                 (cli_is_standard_input(source.path) || cli_is_standard_input(source.targets));
    cli_source_clear(&source);
    return twice ? cli_usage_error("%s and %s: standard input can be read once", file, data)
                 : CLI_DONE;
}

int cli_check_loss(const snug_model *model, const char *path) {
    return snug_model_has_loss(model)
               ? CLI_DONE
               : cli_usage_error("%s: has no loss, by which a model is evaluated: snug import "
                                 "--weights FILE --config EXPERIMENT.json keeps \"train.loss\"",
                                 path);
}

int cli_check_delimiter(const cli_source *source, const cli_data_options *options) {
    const char *option = options->delimiter != 0 ? "--delimiter"
                         : options->no_header    ? "--no-header"
                                                 : NULL;
    const char *format = option != NULL ? cli_source_format(source, options) : NULL;
    if (format == NULL || snug_data_format_delimited(format)) {
        return CLI_DONE; /* or the file cannot be read, and reading it will fail */
    }
    return cli_usage_error("%s: applies to files of delimited fields, and %s is in %s format",
                           option, source->path, format);
}

/* ---- options as settings of an experiment ---------------------------------------------------- */

typedef struct holder {
    cli_data_options reading;
} holder;

static const cli_option rows[] = {CLI_DATA_OPTIONS(holder), {0}};

/* Returns the value of a string, or of a character in string[2]; NULL where it is not given. */
static const char *value_of(const cli_data_options *options, const cli_option *row,
                            char string[2]) {
    const char *member = (const char *)options + (row->offset - offsetof(holder, reading));
    if (row->type == &cli_string_type) {
        return *(const char *const *)(const void *)member;
    }
    string[0] = row->type == &cli_character_type ? *member : '\0';
    string[1] = '\0';
    return string[0] != '\0' ? string : NULL;
}

const char *cli_data_option_given(const cli_data_options *options) {
    for (const cli_option *row = rows; row->name != NULL; row++) {
        char string[2];
        if (value_of(options, row, string) != NULL) {
            return row->name;
        }
    }
    return options->no_header ? "--no-header" : options->strict ? "--strict" : NULL;
}

/* The key of an option is its name with underscores. */
static char *setting_of(const char *option, const char *value) {
    char *quoted = cli_json_quote(value), *key = cli_format("%s", option + 2);
    for (char *c = key; *c != '\0'; c++) {
        *c = *c == '-' ? '_' : *c;
    }
    char *set = cli_format("data.%s=%s", key, quoted);
    free(key);
    free(quoted);
    return set;
}

size_t cli_data_settings(const cli_data_options *options, char *sets[CLI_MOST_DATA_SETTINGS]) {
    size_t count = 0;
    for (const cli_option *row = rows; row->name != NULL; row++) {
        char string[2];
        const char *value = value_of(options, row, string);
        if (value != NULL) {
            sets[count++] = setting_of(row->name, value);
        }
    }
    if (options->no_header) {
        sets[count++] = cli_format("data.header=false");
    }
    if (options->strict) {
        sets[count++] = cli_format("data.strict=true");
    }
    return count;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Fails where targets are needed and the format has them in a file that is not given. */
static int check_files(const cli_source *source, const cli_data_options *options) {
    if (source->targets != NULL) {
        return CLI_DONE;
    }
    const char *format = cli_source_format(source, options);
    const char *first = snug_data_format_file(format, 0),
               *second = snug_data_format_file(format, 1);
    if (second == NULL) {
        return CLI_DONE; /* where the file cannot be read, reading it will fail */
    }
    return cli_usage_error("%s: needs its %s too: %s,%s", source->path, second, first, second);
}

static snug_task task_of(const snug_model *model, cli_targets targets) {
    if (targets == CLI_TARGETS_NONE) {
        return SNUG_TASK_NONE;
    }
    return model != NULL ? snug_model_task(model) : SNUG_TASK_AUTO;
}

static snug_dataset *read_source(const cli_source *source, const snug_model *model,
                                 cli_targets targets, const cli_data_options *options,
                                 int *status) {
    snug_data_options reading = {
        .format = options->format,
        .targets = source->targets,
        .table = {.encoding = options->encoding,
                  .delimiter = options->delimiter,
                  .decimal = options->decimal,
                  .no_header = options->no_header,
                  .strict = options->strict,
                  .task = task_of(model, targets),
                  .like = model != NULL ? snug_model_preprocessing(model) : NULL},
    };
    snug_dataset *data = snug_dataset_read(source->path, &reading);
    *status = data != NULL ? CLI_DONE : cli_library_error();
    return data;
}

/* Images have no column names by which a misfit would have been found. */
static snug_dataset *check_width(snug_dataset *data, const char *spec, const snug_model *model,
                                 int *status) {
    size_t columns = snug_dataset_column_count(data), inputs = snug_model_input_count(model);
    if (columns == inputs) {
        return data;
    }
    *status = cli_usage_error("%s: has %zu values a row where the model takes %zu", spec, columns,
                              inputs);
    snug_dataset_free(data);
    return NULL;
}

static snug_dataset *check_targets(snug_dataset *data, const char *spec, int *status) {
    if (snug_dataset_class_count(data) > 0 || snug_dataset_output_count(data) > 0) {
        return data;
    }
    *status = cli_usage_error("%s: has no targets to evaluate with", spec);
    snug_dataset_free(data);
    return NULL;
}

snug_dataset *cli_data_open(const char *spec, const snug_model *model, cli_targets targets,
                            const cli_data_options *options, int *status) {
    cli_source source = cli_source_read(spec);
    *status = cli_check_delimiter(&source, options);
    if (*status == CLI_DONE && targets == CLI_TARGETS_NEEDED) {
        *status = check_files(&source, options);
    }
    snug_dataset *data =
        *status == CLI_DONE ? read_source(&source, model, targets, options, status) : NULL;
    cli_source_clear(&source);
    if (data != NULL && model != NULL) {
        data = check_width(data, spec, model, status);
    }
    return data != NULL && targets == CLI_TARGETS_NEEDED ? check_targets(data, spec, status) : data;
}
