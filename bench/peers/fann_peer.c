/*
 * FANN's side of bench/compare: fann_peer SECONDS BATCH WIDTH... prints the seconds that a batch of
 * single steps takes. FANN trains row by row, in one thread, on the squared error; it has no SELU,
 * and the piecewise linear function is its fastest.
 */
#include <floatfann.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LAYERS = 64 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    unsigned widths[LAYERS], count = 0;
    double seconds = argc > 2 ? strtod(argv[1], NULL) : 0, elapsed = 0;
    unsigned batch = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    for (int i = 3; i < argc && count < LAYERS; i++) {
        widths[count++] = (unsigned)strtoul(argv[i], NULL, 10);
    }
    struct fann *net = fann_create_standard_array(count, widths);
    if (net == NULL) {
        return EXIT_FAILURE;
    }
    fann_set_activation_function_hidden(net, FANN_LINEAR_PIECE_SYMMETRIC);
    fann_set_activation_function_output(net, FANN_LINEAR);
    fann_set_learning_rate(net, 1e-5F);
    fann_type *x = calloc(widths[0] * batch, sizeof *x);
    fann_type *y = calloc(widths[count - 1] * batch, sizeof *y);
    if (x == NULL || y == NULL) {
        return EXIT_FAILURE;
    }
    for (unsigned i = 0; i < widths[0] * batch; i++) {
        x[i] = (fann_type)((double)(i * 2654435761U) / 2147483648.0 - 1.0);
    }
    for (unsigned i = 0; i < batch; i++) {
        y[i * widths[count - 1] + i % widths[count - 1]] = 1;
    }
    unsigned steps = 0;
    for (double began = now(); elapsed < seconds || steps < batch; elapsed = now() - began) {
        unsigned row = steps++ % batch;
        fann_train(net, x + (size_t)row * widths[0], y + (size_t)row * widths[count - 1]);
    }
    printf("%.9g\n", elapsed / steps * batch);
    fann_destroy(net);
    free(x);
    free(y);
    return EXIT_SUCCESS;
}
