/*
 * Every activation on numbers that stay in the L1 cache, forward and backward beside a bare copy. A
 * first argument is the seconds of each of the three in a round; SNUG_CPU chooses the instructions.
 */
#include <string.h>

#include "bench_timing.h"
#include "cpu/cpu.h"
#include "kinds/object.h"

/* Three arrays, as backward reads and writes, are 48 KiB. Softmax takes rows. */
enum { ROWS = 64, COLUMNS = 64, COUNT = ROWS * COLUMNS };

enum { COPY, FORWARD, BACKWARD, SIDES };

static _Alignas(64) float x[COUNT], y[COUNT], dy[COUNT], dx[COUNT];

static const snug_activation_kind *kind_of(const snug_object *activation) {
    return (const snug_activation_kind *)snug_object_kind(activation);
}

static void copy(const void *work) {
    (void)work;
    memcpy(y, x, sizeof y);
}

static void forward(const void *work) {
    kind_of(work)->forward(snug_object_config(work), ROWS, COLUMNS, x, y);
}

static void backward(const void *work) {
    const snug_activation_kind *kind = kind_of(work);
    kind->backward(snug_object_config(work), ROWS, COLUMNS,
                   (kind->flags & SNUG_READS_INPUT) != 0 ? x : NULL,
                   (kind->flags & SNUG_READS_OUTPUT) != 0 ? y : NULL, dy, dx);
}

/* Backward comes last in each round: y is then what forward made. */
static void measure(const snug_object *activation, double seconds) {
    bench_side sides[SIDES] = {
        [COPY] = {.run = copy},
        [FORWARD] = {.run = forward, .work = activation},
        [BACKWARD] = {.run = backward, .work = activation},
    };
    double times[SIDES];
    bench_alternate(sides, SIDES, seconds);
    for (int i = 0; i < SIDES; i++) {
        times[i] = bench_median(sides[i].times) / COUNT * 1e9;
    }
    printf("%-17s %8.4f %9.4f %7.1f %9.4f %7.1f\n", snug_object_kind(activation)->name, times[COPY],
           times[FORWARD], times[FORWARD] / times[COPY], times[BACKWARD],
           times[BACKWARD] / times[COPY]);
    fflush(stdout);
}

int main(int argc, char **argv) {
    double seconds = bench_seconds(argc, argv);
    const snug_random normal = {.seed = 1};
    snug_random_normal(&normal, 0, COUNT, x);
    snug_random_normal(&normal, COUNT, COUNT, dy);
    printf("Nanoseconds a number, of %d in the L1 cache, and how many times a bare copy (%s)\n\n",
           COUNT, snug_cpu_name(snug_cpu_path()));
    printf("activation            copy   forward  x copy  backward  x copy\n");
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        snug_object *activation = snug_object_new(SNUG_GROUP_ACTIVATION, kind);
        if (activation == NULL) {
            fprintf(stderr, "activations: %s\n", snug_error());
            return EXIT_FAILURE;
        }
        measure(activation, seconds);
        snug_object_free(activation);
    }
    return EXIT_SUCCESS;
}
