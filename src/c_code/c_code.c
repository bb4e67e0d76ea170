#include <errno.h>
#include <limits.h>
#include <string.h>

#include "c_code/c_code.h"
#include "c_code/header.h"
#include "c_code/source.h"
#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "files/file_write.h"
#include "files/path.h"

/* The two files of a program. */
typedef struct file_pair {
    snug_file source, header;
} file_pair;

snug_status snug_c_header_path(char header[PATH_MAX], const char *path) {
    const size_t length = strlen(path), directory = snug_directory_length(path);
    if (strcmp(path + directory, ".c") == 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: must have a name before .c", path);
    }
    if (length < directory + strlen("a.c") || strcmp(path + length - 2, ".c") != 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: must end in .c; a header that ends in .h is written beside it", path);
    }
    if (length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return snug_fail_file(path, "create");
    }
    for (const char *c = path + directory; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\' || *c == 127) {
            return snug_fail(SNUG_ERROR_ARGUMENT,
                             "%s: must be a name that #include can have: without quotes, "
                             "backslashes and control characters",
                             path);
        }
    }
    memcpy(header, path, length + 1);
    header[length - 1] = 'h';
    return SNUG_OK;
}

/* Writes the program into the two open files. */
static snug_status write_program(snug_c_program *p, file_pair *files, const char *header,
                                 snug_c_source_writer *write_source, void *user) {
    locale_t old = snug_locale_enter();
    p->file = files->header.stream;
    snug_status status = snug_c_write_header(p);
    if (status == SNUG_OK) {
        p->file = files->source.stream;
        write_source(p, header + snug_directory_length(header), user);
    }
    snug_locale_leave(old);
    return status;
}

/* Writes both files beside their paths and renames them, the header first. */
static snug_status write_files(snug_c_program *p, file_pair *files, const char *path,
                               const char *header, snug_c_source_writer *write_source, void *user) {
    snug_status status = snug_file_create(&files->header, header);
    if (status != SNUG_OK) {
        return status;
    }
    status = snug_file_create(&files->source, path);
    if (status != SNUG_OK) {
        snug_file_abandon(&files->header);
        return status;
    }
    status = write_program(p, files, header, write_source, user);
    if (status == SNUG_OK) {
        status = snug_file_commit(&files->header);
    }
    if (status == SNUG_OK) {
        status = snug_file_commit(&files->source);
    }
    if (status != SNUG_OK) {
        snug_file_abandon(&files->source);
        snug_file_abandon(&files->header);
    }
    return status;
}

snug_status snug_c_write_files(snug_c_program *program, const char *path,
                               snug_c_source_writer *write_source, void *user) {
    char header[PATH_MAX];
    file_pair *files = snug_alloc(1, sizeof *files);
    snug_status status = files != NULL ? snug_c_header_path(header, path) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = write_files(program, files, path, header, write_source, user);
    }
    snug_release(files);
    return status;
}

/* Writes the source of a program whose plan is made. */
static void write_plain_source(snug_c_program *program, const char *header, void *user) {
    (void)user;
    snug_c_write_source(program, header);
}

snug_status snug_c_write_program(const snug_model_graph *model, const char *path,
                                 const snug_c_options *options) {
    snug_c_program p = {.model = model, .no_libm = options->no_libm};
    snug_status status = snug_c_names_start(&p.names, path, options->name);
    if (status == SNUG_OK) {
        status = snug_c_plan_make(&p.plan, model->graph);
    }
    if (status == SNUG_OK) {
        status = snug_c_write_files(&p, path, write_plain_source, NULL);
    }
    snug_c_plan_clear(&p.plan);
    snug_c_names_clear(&p.names);
    return status;
}

snug_status snug_model_export_c(const snug_model *model, const char *path,
                                const snug_c_options *options) {
    const snug_c_options defaults = {0};
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    if (path == NULL) {
        return snug_fail_null("the path");
    }
    snug_model_graph *graph = snug_model_graph_new(model);
    if (graph == NULL) {
        return snug_error_status();
    }
    snug_status status = snug_c_write_program(graph, path, options != NULL ? options : &defaults);
    snug_model_graph_free(graph);
    return status;
}
