#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "commands.h"
#include "output.h"

typedef struct bench_options {
    size_t threads;
    double seconds;
    bool json;
} bench_options;

/* What can be measured: training on each shape, and prediction on two of them. */
typedef struct work {
    const char *group; /* by which it is chosen: "W1", "W6" */
    size_t shape;      /* index in bench_shapes */
    size_t predicted;
} work;

static const work works[] = {
    {"W1", 0, 0}, {"W2", 1, 0}, {"W3", 2, 0},    {"W4", 3, 0},    {"W5", 4, 0},
    {"W6", 1, 1}, {"W6", 2, 1}, {"W6", 1, 1024}, {"W6", 2, 1024},
};

enum { WORKS = sizeof works / sizeof *works };

/* "W1", or "W6-W2-1024" for the prediction of 1024 rows by W2's network. */
static char *name_of(const work *w) {
    return w->predicted == 0
               ? cli_format("%s", w->group)
               : cli_format("%s-%s-%zu", w->group, bench_shapes[w->shape].name, w->predicted);
}

/* Whether a word names it: by its group or its full name. */
static bool named(const work *w, const char *word) {
    char *name = name_of(w);
    bool same = strcmp(word, w->group) == 0 || strcmp(word, name) == 0;
    free(name);
    return same;
}

static bool chosen(const work *w, const cli_list *names) {
    bool found = names->count == 0;
    for (size_t i = 0; i < names->count && !found; i++) {
        found = named(w, names->items[i]);
    }
    return found;
}

static int check_names(const cli_list *names) {
    for (size_t i = 0; i < names->count; i++) {
        size_t w = 0;
        while (w < WORKS && !named(&works[w], names->items[i])) {
            w++;
        }
        if (w == WORKS) {
            return cli_usage_error("bench: unknown name %s; known are W1 to W6", names->items[i]);
        }
    }
    return CLI_DONE;
}

/* What other programs need in order to do the same work. */
static void add_shape(cJSON *row, const bench_shape *shape) {
    char *config = bench_config(shape);
    cJSON *model = cJSON_Parse(config);
    free(config);
    if (model == NULL || !cJSON_AddItemToObject(row, "config", model)) {
        exit(cli_runtime_error("out of memory"));
    }
    cli_json_count(row, "rows", shape->rows);
    cli_json_bool(row, "images", shape->images);
    cli_json_string(row, "optimizer", shape->optimizer);
}

static void add_json(cJSON *rows, const char *name, const bench_job *job, const bench_result *r,
                     size_t batch) {
    cJSON *row = cli_json_object(rows, NULL);
    cli_json_string(row, "name", name);
    cli_json_count(row, "threads", job->threads);
    cli_json_count(row, "batch", batch);
    cli_json_number(row, "step_us", r->step * 1e6);
    cli_json_number(row, "gemm_us", r->bare * 1e6);
    cli_json_number(row, "ratio", r->step / r->bare);
    cli_json_number(row, "samples_per_second", (double)batch / r->step);
    cli_json_number(row, "gflops", r->operations / r->step * 1e-9);
    add_shape(row, job->shape);
}

static void print_row(const char *name, const bench_job *job, const bench_result *r, size_t batch) {
    printf("%-11s %-8s %5zu %11.2f %11.2f %7.2f %12.0f %9.1f\n", name, job->shape->title, batch,
           r->step * 1e6, r->bare * 1e6, r->step / r->bare, (double)batch / r->step,
           r->operations / r->step * 1e-9);
    fflush(stdout);
}

/* rows NULL: a line of the table. */
static int measure(const work *w, const bench_options *given, cJSON *rows) {
    bench_job job = {.shape = &bench_shapes[w->shape],
                     .predicted = w->predicted,
                     .threads = given->threads > 0 ? given->threads : 1,
                     .seconds = given->seconds > 0 ? given->seconds : 0.05};
    bench_result result;
    int status = bench_measure(&job, &result);
    if (status == CLI_DONE) {
        size_t batch = w->predicted > 0 ? w->predicted : job.shape->batch;
        char *name = name_of(w);
        if (rows != NULL) {
            add_json(rows, name, &job, &result, batch);
        } else {
            print_row(name, &job, &result, batch);
        }
        free(name);
    }
    return status;
}

static int run(const cli_list *operands, const void *options) {
    const bench_options *given = options;
    int status = check_names(operands);
    if (status != CLI_DONE) {
        return status;
    }
    cJSON *json = given->json ? cli_json_object(NULL, NULL) : NULL;
    cJSON *rows = given->json ? cli_json_array(json, "rows") : NULL;
    if (json == NULL) {
        printf(
            "name        shape    batch     step us    GEMMs us   ratio    samples/s  GFLOP/s\n");
    }
    for (size_t i = 0; i < WORKS && status == CLI_DONE; i++) {
        if (chosen(&works[i], operands)) {
            status = measure(&works[i], given, rows);
        }
    }
    if (json != NULL && status == CLI_DONE) {
        cli_json_print(json);
    } else {
        cJSON_Delete(json);
    }
    return status;
}

static const cli_option option_table[] = {
    CLI_THREADS_OPTION(bench_options, "threads of a step (1)"),
    {"--seconds", "S", "of each side in each of the eight rounds (0.05)", &cli_seconds_type,
     offsetof(bench_options, seconds)},
    CLI_JSON_OPTION(bench_options),
    {0},
};

const cli_command cli_bench = {
    .name = "bench",
    .operands = "[NAME]...",
    .summary = "time training and prediction beside the bare matrix products",
    .details =
        "NAME is W1 (tiny), W2 (tabular), W3 (images), W4 (deep) or W5 (wide): training steps,\n"
        "each from the gathering of a batch to the update; or W6: prediction of 1 and 1024 rows "
        "by\n"
        "the networks of W2 and W3. Without a name all are timed. The matrix products are those "
        "of\n"
        "the step, one call of the BLAS each, with the better layout of the weights. Rounds of "
        "both\n"
        "alternate, and medians are printed.\n",
    .max_operands = 64,
    .options = option_table,
    .options_size = sizeof(bench_options),
    .run = run,
};
