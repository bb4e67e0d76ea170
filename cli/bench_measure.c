/*
 * Measures steps of the library beside the bare matrix products of the same step. Training steps
 * are counted by a callback of one long call of snug_fit(): when the time of a round is over, the
 * callback times the products before it lets training go on.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"
#include "bench_timing.h"
#include "command.h"
#include "math/bench_product.h"
#include "math/openblas.h"
#include "output.h"

/* Weights are stored as inputs x outputs, or as outputs x inputs. */
enum { IN_OUT, OUT_IN, LAYOUTS };

typedef struct bench {
    const bench_job *job;
    size_t *widths, count;
    size_t rows;           /* of a step */
    float *a, *b, *c;      /* operands of the products, as large as the largest */
    size_t steps, look_at; /* of this round; after how many to look at the clock */
    double began;          /* of this round */
    size_t round;          /* round 0 is not counted */
    double step[BENCH_ROUNDS], bare[LAYOUTS][BENCH_ROUNDS]; /* seconds */
} bench;

/* ---- bare products --------------------------------------------------------------------------- */

/*
 * Runs the products of one step: the outputs of each layer and, in training, the gradients of its
 * weights and, but for the first layer, of its inputs.
 */
static void multiply(const bench *b, int layout) {
    bool out_in = layout == OUT_IN;
    for (size_t i = 0; i + 1 < b->count; i++) {
        size_t in = b->widths[i], out = b->widths[i + 1];
        snug_bench_product(false, out_in, b->rows, out, in, b->a, b->b, b->c);
        if (b->job->predicted == 0) {
            snug_bench_product(true, false, out_in ? out : in, out_in ? in : out, b->rows, b->a,
                               b->b, b->c);
        }
        if (b->job->predicted == 0 && i > 0) {
            snug_bench_product(false, !out_in, b->rows, in, out, b->a, b->b, b->c);
        }
    }
}

static double operations(const bench *b) {
    double sum = 0;
    for (size_t i = 0; i + 1 < b->count; i++) {
        double products = b->job->predicted > 0 ? 1 : i > 0 ? 3 : 2;
        sum += products * 2.0 * (double)b->rows * (double)b->widths[i] * (double)b->widths[i + 1];
    }
    return sum;
}

/* The products of one step, with the better or the worse layout of the weights. */
typedef struct products {
    const bench *bench;
    int layout;
} products;

static void run_products(const void *work) {
    const products *p = work;
    multiply(p->bench, p->layout);
}

/* ---- rounds ---------------------------------------------------------------------------------- */

static void start_round(bench *b) {
    b->steps = 0;
    b->look_at = 1;
    b->began = bench_now();
}

/*
 * Lets the threads of the side that was measured last go to sleep, which wait busily for a while
 * for more work and would take a core from the other side.
 */
static void rest(const bench *b) {
    const struct timespec pause = {.tv_nsec = 100000000};
    if (b->job->threads > 1) {
        nanosleep(&pause, NULL);
    }
}

static void end_round(bench *b, double elapsed) {
    double step = elapsed / (double)b->steps;
    rest(b);
    snug_openblas_set_threads(
        b->job->threads); /* of OpenBLAS, for the bare products; steps have their own */
    for (int layout = 0; layout < LAYOUTS; layout++) {
        const products work = {.bench = b, .layout = layout};
        const bench_side side = {.run = run_products, .work = &work};
        double seconds = bench_time(&side, b->job->seconds);
        if (b->round > 0) {
            b->bare[layout][b->round - 1] = seconds;
        }
    }
    snug_openblas_set_threads(1);
    rest(b);
    if (b->round > 0) {
        b->step[b->round - 1] = step;
    }
    b->round++;
}

/* Counts a step, and ends the round after its time. Returns whether there is another step. */
static bool stepped(bench *b) {
    if (++b->steps < b->look_at) {
        return true;
    }
    double elapsed = bench_now() - b->began;
    if (elapsed < b->job->seconds) {
        b->look_at *= 2;
        return true;
    }
    end_round(b, elapsed);
    start_round(b);
    return b->round <= BENCH_ROUNDS;
}

/* ---- the two sides --------------------------------------------------------------------------- */

static bool after_batch(const snug_progress *at, void *user) {
    return at->epoch_end || stepped(user);
}

static int train(bench *b, snug_model *model) {
    const bench_shape *shape = b->job->shape;
    bench_data data;
    int status = bench_data_make(&data, shape);
    if (status == CLI_DONE) {
        snug_fit_options options = {.optimizer = snug_optimizer_new(shape->optimizer),
                                    .epochs = (size_t)1 << 40,
                                    .batch_size = shape->batch,
                                    .seed = 1,
                                    .threads = b->job->threads,
                                    .scaling =
                                        shape->images ? SNUG_SCALING_STANDARD : SNUG_SCALING_NONE,
                                    .callback = after_batch,
                                    .user = b};
        start_round(b);
        status = snug_fit(model, data.dataset, &options, NULL) == SNUG_STOPPED
                     ? CLI_DONE
                     : cli_library_error();
    }
    bench_data_clear(&data);
    return status;
}

static int predict(bench *b, snug_model *model) {
    size_t rows = b->rows, outputs = b->widths[b->count - 1];
    float *x = cli_allocate(rows * b->widths[0], sizeof *x);
    float *y = cli_allocate(rows * outputs, sizeof *y);
    snug_session *session = snug_model_init(model, 1) == SNUG_OK
                                ? snug_session_new_parallel(model, rows, b->job->threads)
                                : NULL;
    bool ok = session != NULL;
    bench_numbers(x, rows * b->widths[0]);
    start_round(b);
    do {
        ok = ok && snug_predict(session, x, rows, y) == SNUG_OK;
    } while (ok && stepped(b));
    snug_session_free(session);
    free(x);
    free(y);
    return ok ? CLI_DONE : cli_library_error();
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void make_operands(bench *b) {
    size_t largest = 1;
    for (size_t i = 0; i < b->count; i++) {
        size_t next = i + 1 < b->count ? b->widths[i + 1] : b->rows;
        size_t other = next > b->rows ? next : b->rows;
        largest = b->widths[i] * other > largest ? b->widths[i] * other : largest;
    }
    b->a = cli_allocate(largest, sizeof *b->a);
    b->b = cli_allocate(largest, sizeof *b->b);
    b->c = cli_allocate(largest, sizeof *b->c);
    bench_numbers(b->a, largest);
    bench_numbers(b->b, largest);
}

static int measure(bench *b, bench_result *result) {
    char *config = bench_config(b->job->shape);
    snug_model *model = snug_model_parse_config(config, strlen(config));
    int status =
        model == NULL ? cli_library_error() : (b->job->predicted > 0 ? predict : train)(b, model);
    if (status == CLI_DONE) {
        double in_out = bench_median(b->bare[IN_OUT]), out_in = bench_median(b->bare[OUT_IN]);
        *result = (bench_result){.step = bench_median(b->step),
                                 .bare = in_out < out_in ? in_out : out_in,
                                 .operations = operations(b)};
    }
    snug_model_free(model);
    free(config);
    return status;
}

int bench_measure(const bench_job *job, bench_result *result) {
    bench b = {.job = job, .rows = job->predicted > 0 ? job->predicted : job->shape->batch};
    b.widths = bench_widths(job->shape, &b.count);
    make_operands(&b);
    int status = measure(&b, result);
    free(b.widths);
    free(b.a);
    free(b.b);
    free(b.c);
    return status;
}
