/*
 * Predictions of one row, in microseconds: by snug_predict() and by the program in C that the model
 * is exported as, with libm and without, compiled by `cc -O3`.
 *
 *   exported MODEL.safetensors...
 *
 * The rows are zeros: of a table that may be categories of another model, but costs the same.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "bench_timing.h"

enum { PATH_SIZE = 256 };

typedef void predict_fn(const float *in, float *out);

/* One side: a session of the library, or a function of a program. */
typedef struct work {
    snug_session *session;
    predict_fn *predict;
    float *in, *out;
} work;

static void fail(const char *what) {
    fprintf(stderr, "bench/exported: %s\n", what);
    exit(EXIT_FAILURE);
}

static void run_library(const void *side) {
    const work *w = side;
    if (snug_predict(w->session, w->in, 1, w->out) != SNUG_OK) {
        fail(snug_error());
    }
}

static void run_program(const void *side) {
    const work *w = side;
    w->predict(w->in, w->out);
}

/* Exports, compiles and loads a model's program. */
static predict_fn *load_program(const snug_model *model, const char *directory, bool no_libm) {
    char path[PATH_SIZE], command[4 * PATH_SIZE];
    const char *name = no_libm ? "small" : "net";
    const snug_c_options options = {.no_libm = no_libm};
    snprintf(path, sizeof path, "%s/%s.c", directory, name);
    if (snug_model_export_c(model, path, &options) != SNUG_OK) {
        fail(snug_error());
    }
    snprintf(command, sizeof command, "cd '%s' && cc -std=c99 -O3 -fPIC -shared %s.c -o %s.so -lm",
             directory, name, name);
    snprintf(path, sizeof path, "%s/%s.so", directory, name);
    const int status = system(command); /* NOLINT(cert-env33-c): a compiler */
    void *library = status == 0 ? dlopen(path, RTLD_NOW) : NULL;
    void *symbol =
        library != NULL ? dlsym(library, no_libm ? "small_predict" : "net_predict") : NULL;
    if (symbol == NULL) {
        fail("the program cannot be compiled and loaded");
    }
    predict_fn *function = NULL;
    memcpy(&function, &symbol, sizeof function); /* as POSIX has it */
    return function;
}

/* Prints the row of a model: microseconds of the three sides. */
static void measure(const char *path, const char *directory) {
    snug_model *model = snug_model_load(path);
    snug_session *session = model != NULL ? snug_session_new(model, 1) : NULL;
    if (session == NULL) {
        fail(snug_error());
    }
    float *in = calloc(snug_model_input_count(model), sizeof *in);
    float *out = calloc(snug_model_output_count(model) + 1, sizeof *out);
    if (in == NULL || out == NULL) {
        fail("out of memory");
    }
    const work library = {.session = session, .in = in, .out = out};
    const work program = {.predict = load_program(model, directory, false), .in = in, .out = out};
    const work small = {.predict = load_program(model, directory, true), .in = in, .out = out};
    bench_side sides[] = {{.run = run_library, .work = &library},
                          {.run = run_program, .work = &program},
                          {.run = run_program, .work = &small}};
    bench_alternate(sides, 3, 0.05);
    printf("| %s | %zu | %.2f | %.2f | %.2f |\n", path, snug_model_parameter_count(model),
           1e6 * bench_median(sides[0].times), 1e6 * bench_median(sides[1].times),
           1e6 * bench_median(sides[2].times));
    free(in);
    free(out);
    snug_session_free(session);
    snug_model_free(model);
}

int main(int argc, char **argv) {
    char directory[] = "/tmp/snug_exported_XXXXXX", command[PATH_SIZE];
    if (argc < 2) {
        fail("usage: exported MODEL.safetensors...");
    }
    printf("| model | parameters | snug_predict() | C | C, --no-libm |\n|---|---|---|---|---|\n");
    for (int i = 1; i < argc; i++) {
        if (mkdtemp(directory) == NULL) {
            fail("/tmp cannot be written");
        }
        measure(argv[i], directory);
        snprintf(command, sizeof command, "rm -r '%s'", directory);
        if (system(command) != 0) { /* NOLINT(cert-env33-c): rm */
            fail(directory);
        }
        memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
    }
    return EXIT_SUCCESS;
}
