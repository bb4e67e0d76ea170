#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "core/string_list.h"
#include "support.h"

/* What compilers must accept without a warning. -O1, for hundreds of programs. */
static const char warnings[] = "-std=c99 -Wall -Wextra -Wpedantic -Wconversion -Wshadow "
                               "-Wdouble-promotion -Werror";

void programs_start(program_list *list, bool no_libm) {
    *list = (program_list){.no_libm = no_libm};
    const char *temporary = getenv("TMPDIR");
    snprintf(list->directory, sizeof list->directory, "%s/snug_c_XXXXXX",
             temporary != NULL ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(list->directory));
}

const char *programs_next(program_list *list) {
    static char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/net%zu.c", list->directory, list->count++);
    return path;
}

void programs_add_graph(program_list *list, const snug_model_graph *model) {
    const snug_c_options options = {.no_libm = list->no_libm};
    ck_assert_msg(snug_c_write_program(model, programs_next(list), &options) == SNUG_OK, "%s",
                  snug_error());
}

/* Writes a source that includes all others, so that the compiler runs once. */
static void write_all(const program_list *list) {
    char path[PATH_MAX + 32];
    snprintf(path, sizeof path, "%s/all.c", list->directory);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < list->count; i++) {
        fprintf(file, "#include \"net%zu.c\"\n", i);
    }
    ck_assert_int_eq(fclose(file), 0);
}

void programs_compile(program_list *list) {
    char command[2 * PATH_MAX], path[PATH_MAX + 32];
    write_all(list);
    snprintf(command, sizeof command,
             "cd '%s' && cc %s -O1 -fPIC -shared -Wl,-z,defs all.c -o all.so %s", list->directory,
             warnings, list->no_libm ? "" : "-lm");
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a compiler */
    snprintf(path, sizeof path, "%s/all.so", list->directory);
    list->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    ck_assert_msg(list->library != NULL, "%s", dlerror());
}

any_fn *programs_function(const program_list *list, size_t i, const char *name) {
    char symbol[64];
    snprintf(symbol, sizeof symbol, "net%zu_%s", i, name);
    void *found = dlsym(list->library, symbol);
    ck_assert_msg(found != NULL, "%s", dlerror());
    any_fn *function = NULL;
    memcpy(&function, &found, sizeof function); /* as POSIX has it */
    return function;
}

void programs_end(program_list *list) {
    char command[PATH_MAX + 32];
    if (list->library != NULL) {
        dlclose(list->library);
    }
    snprintf(command, sizeof command, "rm -r '%s'", list->directory);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): rm */
}

snug_model_graph *bare_graph_new(size_t columns) {
    snug_model_graph *model = snug_alloc(1, sizeof *model);
    ck_assert_ptr_nonnull(model);
    model->graph = snug_graph_new(columns);
    model->columns = snug_alloc(columns, sizeof *model->columns);
    model->column_count = columns;
    ck_assert(model->graph != NULL && model->columns != NULL);
    ck_assert_int_eq(snug_strings_reserve(&model->names, columns), SNUG_OK);
    for (size_t i = 0; i < columns; i++) {
        char name[32];
        snprintf(name, sizeof name, "x%zu", i + 1);
        ck_assert_int_eq(snug_strings_append(&model->names, name), SNUG_OK);
        model->columns[i].name = model->names.items[i];
    }
    return model;
}

void bare_graph_finish(snug_model_graph *model, snug_value output, snug_export_task task) {
    ck_assert_msg(snug_graph_status(model->graph) == SNUG_OK, "%s", model->graph->error);
    const size_t classes = task != SNUG_EXPORT_VALUES && output.columns == 1 ? 2 : output.columns;
    model->graph->output = output;
    model->task = task;
    ck_assert_int_eq(snug_strings_reserve(&model->outputs, classes), SNUG_OK);
    for (size_t i = 0; i < classes; i++) {
        char name[32];
        snprintf(name, sizeof name, "y%zu", i + 1);
        ck_assert_int_eq(snug_strings_append(&model->outputs, name), SNUG_OK);
    }
}

void bare_graph_free(snug_model_graph *model) {
    snug_graph_free(model->graph);
    snug_strings_clear(&model->names);
    snug_strings_clear(&model->outputs);
    snug_release(model->columns);
    snug_release(model);
}
