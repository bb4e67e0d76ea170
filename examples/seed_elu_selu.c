/*
 * ELU and SELU on a few numbers, with their derivatives:
 *
 *     f(x) = scale x                     f'(x) = scale                for x > 0
 *     f(x) = scale alpha (e^x - 1)       f'(x) = scale alpha e^x      for x <= 0
 *
 * ELU has scale 1; alpha is 1 unless it is given. SELU has the two constants for which layers keep
 * mean 0 and variance 1. The program compares what it prints with known values.
 */
#include <math.h>
#include <stdio.h>

#include <snug/activation.h>

#define COUNT 6

static const float x[COUNT] = {0.11F, -2.2F, 0.0F, 50.2F, 33.5F, -0.6F};

static const double elu_values[COUNT] = {0.11, -0.88919684, 0.0, 50.2, 33.5, -0.45118836};
static const double elu_slopes[COUNT] = {1.0, 0.11080316, 1.0, 1.0, 1.0, 0.54881164};
static const double selu_values[COUNT] = {0.11557711, -1.5632964, 0.0,
                                          52.74519,   35.198483,  -0.79323397};
static const double selu_slopes[COUNT] = {1.050701, 0.19480296, 1.7580993,
                                          1.050701, 1.050701,   0.96486538};

/* Prints the numbers; returns how many are not those expected. */
static int show_row(const char *name, const float *values, const double *expected) {
    int wrong = 0;
    printf("  %-6s", name);
    for (int i = 0; i < COUNT; i++) {
        printf(" %10.6g", (double)values[i]);
        wrong += !(fabs((double)values[i] - expected[i]) <= 5e-7 * fabs(expected[i]));
    }
    printf("\n");
    return wrong;
}

static int show(const char *name, const double *values, const double *slopes) {
    float y[COUNT], dydx[COUNT];
    if (snug_activation_apply(name, COUNT, x, y, dydx) != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
        return 1;
    }
    printf("%s\n  x     ", name);
    for (int i = 0; i < COUNT; i++) {
        printf(" %10.6g", (double)x[i]);
    }
    printf("\n");
    int wrong = show_row("f(x)", y, values) + show_row("f'(x)", dydx, slopes);
    if (wrong > 0) {
        fprintf(stderr, "%s: %d values are not those expected\n", name, wrong);
    }
    return wrong;
}

int main(void) {
    int wrong = show("elu", elu_values, elu_slopes) + show("selu", selu_values, selu_slopes);
    return wrong == 0 ? 0 : 1;
}
