/*
 * The time of a training step beside the time of its bare GEMMs, for five shapes of networks.
 *
 * A step is forward, loss, backward and update through the public API; the GEMMs are one cblas_sgemm
 * a product on the same shapes. Rounds of both alternate in one run, and medians are printed, because
 * a machine's clock drifts. One thread:
 * OPENBLAS_NUM_THREADS=1 bench/steps [seconds a round, default 0.05]
 */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <snug/snug.h>

enum { LAYERS = 34, ROUNDS = 7 };

typedef struct shape {
    const char *name;
    size_t widths[LAYERS];   /* inputs first, ended by 0 */
    size_t deep, deep_width; /* `deep` hidden layers of that width instead of those in .widths */
    size_t batch;
    const char *optimizer;
} shape;

static const char adam[] = "adam";
static const char momentum[] = "{\"type\": \"sgd\", \"learning_rate\": 0.001, \"momentum\": 0.9}";

static const shape shapes[] = {
    {"W1 tiny", {4, 16, 16, 3}, 0, 0, 16, adam},
    {"W2 tabular", {32, 128, 128, 64, 2}, 0, 0, 64, adam},
    {"W3 images", {784, 256, 256, 256, 10}, 0, 0, 128, adam},
    {"W4 deep", {64, 10}, 32, 64, 64, momentum},
    {"W5 wide", {1024, 2048, 2048, 10}, 0, 0, 256, momentum},
};

/* Widths from inputs to outputs; answers how many. */
static size_t widths_of(const shape *s, size_t widths[LAYERS + 1]) {
    size_t n = 0, from = 0;
    widths[n++] = s->widths[from++];
    for (size_t i = 0; i < s->deep; ++i)
        widths[n++] = s->deep_width;
    while (from < LAYERS && s->widths[from] != 0)
        widths[n++] = s->widths[from++];
    return n;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the two sides --------------------------------------------------------------------------- */

typedef struct side {
    snug_model *model;
    snug_session *session;
    snug_optimizer *optimizer;
    snug_loss *loss;
    float *x;
    int32_t *classes;
    size_t batch, count, widths[LAYERS + 1];
    float *a, *b, *c; /* operands of the bare products, as large as the largest */
    uint64_t step;
} side;

static void step(side *s) {
    const float *z;
    if (snug_forward(s->session, s->x, s->batch, s->step++, &z) != SNUG_OK ||
        snug_backward(s->session, s->loss, &(snug_targets){.classes = s->classes}, NULL) !=
            SNUG_OK ||
        snug_optimizer_step(s->optimizer, s->session, s->model) != SNUG_OK) {
        fprintf(stderr, "bench_steps: %s\n", snug_error());
        exit(EXIT_FAILURE);
    }
}

static void product(side *s, enum CBLAS_TRANSPOSE ta, enum CBLAS_TRANSPOSE tb, size_t m, size_t n,
                    size_t k) {
    cblas_sgemm(CblasRowMajor, ta, tb, (int)m, (int)n, (int)k, 1, s->a,
                (int)(ta == CblasTrans ? m : k), s->b, (int)(tb == CblasTrans ? k : n), 0, s->c,
                (int)n);
}

/* Forward X W, dW = X' dY, and, but for the first layer, dX = dY W'. */
static void gemms(side *s) {
    for (size_t i = 0; i + 1 < s->count; ++i) {
        size_t in = s->widths[i], out = s->widths[i + 1];
        product(s, CblasNoTrans, CblasNoTrans, s->batch, out, in);
        product(s, CblasTrans, CblasNoTrans, in, out, s->batch);
        if (i > 0)
            product(s, CblasNoTrans, CblasTrans, s->batch, in, out);
    }
}

static float *numbers(size_t n, uint64_t seed) {
    float *x = malloc(n * sizeof *x);
    snug_random stream = {.seed = seed};
    if (x == NULL)
        exit(EXIT_FAILURE);
    snug_random_normal(&stream, 0, n, x);
    return x;
}

static void start(side *s, const shape *what) {
    size_t largest = 1;
    *s = (side){.batch = what->batch};
    s->count = widths_of(what, s->widths);
    s->model = snug_model_new(s->widths[0]);
    for (size_t i = 1; i < s->count; ++i) {
        size_t widest = s->widths[i] > s->batch ? s->widths[i] : s->batch;
        size_t before = s->widths[i - 1] > s->batch ? s->widths[i - 1] : s->batch;
        largest = widest * before > largest ? widest * before : largest;
        snug_model_add(s->model, snug_dense(s->widths[i]));
        if (i + 1 < s->count)
            snug_model_add(s->model, snug_selu());
    }
    snug_model_init(s->model, 1);
    s->session = snug_session_new_training(s->model, s->batch, 1);
    s->optimizer = snug_optimizer_new(what->optimizer);
    s->loss = snug_softmax_cross_entropy();
    s->x = numbers(s->batch * s->widths[0], 2);
    s->classes = calloc(s->batch, sizeof *s->classes);
    s->a = numbers(largest, 3);
    s->b = numbers(largest, 4);
    s->c = numbers(largest, 5);
    for (size_t i = 0; s->classes != NULL && i < s->batch; ++i)
        s->classes[i] = (int32_t)(i % s->widths[s->count - 1]);
    if (s->session == NULL || s->optimizer == NULL || s->loss == NULL || s->classes == NULL) {
        fprintf(stderr, "bench_steps: %s\n", snug_error());
        exit(EXIT_FAILURE);
    }
}

static void stop(side *s) {
    snug_session_free(s->session);
    snug_optimizer_free(s->optimizer);
    snug_loss_free(s->loss);
    snug_model_free(s->model);
    free(s->x);
    free(s->classes);
    free(s->a);
    free(s->b);
    free(s->c);
}

/* ---- measuring ------------------------------------------------------------------------------- */

/* Seconds a call, over at least `seconds`. */
static double time_of(void (*call)(side *), side *s, double seconds) {
    double begin = now(), elapsed = 0;
    size_t calls = 0;
    for (size_t burst = 1; elapsed < seconds; burst *= 2) {
        for (size_t i = 0; i < burst; ++i)
            call(s);
        calls += burst;
        elapsed = now() - begin;
    }
    return elapsed / (double)calls;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const shape *what, double seconds) {
    double steps[ROUNDS], bare[ROUNDS];
    side s;
    start(&s, what);
    step(&s);
    gemms(&s);
    for (size_t r = 0; r < ROUNDS; ++r) {
        steps[r] = time_of(step, &s, seconds);
        bare[r] = time_of(gemms, &s, seconds);
    }
    qsort(steps, ROUNDS, sizeof *steps, ascending);
    qsort(bare, ROUNDS, sizeof *bare, ascending);
    printf("%-11s %6zu %12.2f %12.2f %7.2f %12.0f\n", what->name, what->batch,
           steps[ROUNDS / 2] * 1e6, bare[ROUNDS / 2] * 1e6, steps[ROUNDS / 2] / bare[ROUNDS / 2],
           (double)what->batch / steps[ROUNDS / 2]);
    fflush(stdout);
    stop(&s);
}

int main(int argc, char **argv) {
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 0.05;
    printf("shape        batch      step us     GEMMs us   ratio    samples/s\n");
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; ++i)
        measure(&shapes[i], seconds);
    return EXIT_SUCCESS;
}
