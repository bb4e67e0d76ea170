#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "command_files.h"
#include "data.h"
#include "files/path.h"
#include "output.h"

struct cli_file {
    const char *name; /* what is read, or the option by which it is written */
    char *path;       /* owned */
    bool written;
    bool picture;     /* written as SVG */
    bool checkpoints; /* the path is a directory that gets checkpoints */
};

/* ---- listing --------------------------------------------------------------------------------- */

static void add(cli_files *files, cli_file file) {
    cli_file *items = cli_allocate(files->count + 1, sizeof *items);
    if (files->count > 0) {
        memcpy(items, files->items, files->count * sizeof *items);
    }
    items[files->count++] = file;
    free(files->items);
    files->items = items;
}

void cli_files_read(cli_files *files, const char *name, const char *path) {
    if (path != NULL && !cli_is_standard_input(path)) {
        add(files, (cli_file){.name = name, .path = cli_format("%s", path)});
    }
}

void cli_files_read_data(cli_files *files, const char *data) {
    if (data != NULL) {
        cli_source source = cli_source_read(data);
        cli_files_read(files, "the data", source.path);
        cli_files_read(files, "the data", source.targets);
        cli_source_clear(&source);
    }
}

/* Adds a file that the experiment at `from` names, by a path relative to it. */
static void read_beside(cli_files *files, const char *name, const char *from, const char *path) {
    char joined[PATH_MAX];
    if (path != NULL && !cli_is_standard_input(path) && snug_path_join(joined, from, path)) {
        cli_files_read(files, name, joined);
    }
}

void cli_files_read_experiment(cli_files *files, const char *path,
                               const snug_experiment *experiment) {
    static const struct {
        const char *name, *section, *key;
    } fields[] = {{"data.train", "data", "train"},
                  {"data.validation", "data", "validation"},
                  {"data.test", "data", "test"},
                  {"train.start_from", "train", "start_from"}};
    char *config = snug_experiment_config(experiment);
    cJSON *json = config != NULL ? cJSON_Parse(config) : NULL;
    snug_free(config);
    if (json == NULL) {
        exit(cli_runtime_error("out of memory"));
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const cJSON *section = cJSON_GetObjectItemCaseSensitive(json, fields[i].section);
        const cJSON *field = cJSON_GetObjectItemCaseSensitive(section, fields[i].key);
        /* A string is the path of one file; an object has one for each file, such as "images". */
        read_beside(files, fields[i].name, path, cJSON_GetStringValue(field));
        for (const cJSON *file = field != NULL ? field->child : NULL; file != NULL;
             file = file->next) {
            read_beside(files, fields[i].name, path, cJSON_GetStringValue(file));
        }
    }
    cJSON_Delete(json);
}

void cli_files_write(cli_files *files, const char *option, const char *path) {
    if (path != NULL) {
        add(files, (cli_file){.name = option, .path = cli_format("%s", path), .written = true});
    }
}

void cli_files_draw(cli_files *files, const char *option, const char *path) {
    if (path != NULL) {
        add(files,
            (cli_file){
                .name = option, .path = cli_format("%s", path), .written = true, .picture = true});
    }
}

void cli_files_write_checkpoints(cli_files *files, const char *option, const char *directory) {
    if (directory != NULL) {
        add(files, (cli_file){.name = option,
                              .path = cli_format("%s", directory),
                              .written = true,
                              .checkpoints = true});
    }
}

void cli_files_clear(cli_files *files) {
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
    }
    free(files->items);
    files->items = NULL;
    files->count = 0;
}

/* ---- checking -------------------------------------------------------------------------------- */

static bool starts_with(const char *text, const char *start) {
    return strncmp(text, start, strlen(start)) == 0;
}

/* Returns whether a file is one of those that training keeps in a directory of checkpoints. */
static bool is_checkpoint_in(const char *directory, const char *path) {
    static const char end[] = ".safetensors";
    const char *name = path + snug_directory_length(path);
    const size_t length = strlen(name), tail = sizeof end - 1;
    bool kept = strcmp(name, "lock") == 0 ||
                (length > tail && strcmp(name + length - tail, end) == 0 &&
                 (length == strlen("checkpoint") + tail
                      ? starts_with(name, "checkpoint")
                      : starts_with(name, "member-") || starts_with(name, "refit-")));
    char *inside = cli_format("%s/%s", directory, name);
    bool same = kept && cli_is_same_file(path, inside);
    free(inside);
    return same;
}

/* Returns whether writing `written` changes what is at the path of `other`. */
static bool overwrites(const cli_file *written, const cli_file *other) {
    return written->checkpoints
               ? !other->checkpoints && is_checkpoint_in(written->path, other->path)
           : other->checkpoints ? is_checkpoint_in(other->path, written->path)
                                : cli_is_same_file(written->path, other->path);
}

/* Fails where one of two files, the first of which is written, would replace the other. */
static int check_pair(const char *command, const cli_file *written, const cli_file *other) {
    if (!overwrites(written, other)) {
        return CLI_DONE;
    }
    const char *path = written->checkpoints ? other->path : written->path;
    return other->written
               ? cli_usage_error("%s: %s and %s would both write %s; give one of them another file",
                                 command, other->name, written->name, path)
               : cli_usage_error("%s: %s would overwrite %s, which is read as %s; give another "
                                 "file",
                                 command, written->name, path, other->name);
}

/* Compares a file that is written with those that are read, and with the written ones before it. */
static int check_written(const cli_files *files, size_t index) {
    const cli_file *written = &files->items[index];
    int status = CLI_DONE;
    for (size_t i = 0; i < files->count && status == CLI_DONE; i++) {
        if (!files->items[i].written || i < index) {
            status = check_pair(files->command, written, &files->items[i]);
        }
    }
    return status;
}

int cli_files_check(const cli_files *files) {
    int status = CLI_DONE;
    for (size_t i = 0; i < files->count && status == CLI_DONE; i++) {
        status = files->items[i].written ? check_written(files, i) : CLI_DONE;
    }
    for (size_t i = 0; i < files->count && status == CLI_DONE; i++) {
        const cli_file *file = &files->items[i];
        status = !file->written || file->checkpoints ? CLI_DONE
                 : file->picture                     ? cli_picture_check(file->path)
                                                     : cli_output_check(file->path);
    }
    return status;
}

int cli_files_finish(cli_files *files) {
    int status = cli_files_check(files);
    cli_files_clear(files);
    return status;
}
