/* Backward takes the branch that forward took, at the ends of every field's range. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "cpu/cpu.h"
#include "support.h"
#include "support/suite.h"

enum { GRID = 121, ENDS = 14, POINTS = GRID + ENDS };

/* A grid from -9 to 9 with 0 and the kinks, the numbers beside them, and the ends of float. */
static void fill_points(float *x) {
    const float ends[ENDS] = {-0.0F,   FLT_MIN,  -FLT_MIN, 1e-30F, -1e-30F, 1e-6F,     -1e-6F,
                              FLT_MAX, -FLT_MAX, INFINITY, 1e5F,   -1e5F,   -INFINITY, 1e-12F};
    for (int i = 0; i < GRID; i++) {
        const int kink = 3 * (i / 20 - 3);
        x[i] = 0.15F * (float)(i - 60);
        x[i] = i % 20 == 0 ? (float)kink : x[i];
        x[i] = i % 20 == 1 ? nextafterf(x[i - 1], INFINITY) : x[i];
        x[i] = fabsf(x[i]) < FLT_MIN ? 0.0F : x[i]; /* training flushes denormal numbers */
        x[i] = i % 20 == 19 ? nextafterf((float)(kink + 3), -INFINITY) : x[i];
    }
    for (int i = 0; i < ENDS; i++) {
        x[GRID + i] = ends[i];
    }
}

/* f'(x) at every point: dx of a dy of 1. */
static void run_backward(const snug_object *object, const float *x, float *y, float *dx) {
    const snug_activation_kind *kind = activation_kind(object);
    const void *config = snug_object_config(object);
    float dy[POINTS];
    for (int i = 0; i < POINTS; i++) {
        dy[i] = 1.0F;
    }
    kind->forward(config, 1, POINTS, x, y);
    kind->backward(config, 1, POINTS, kind->flags & SNUG_READS_INPUT ? x : NULL,
                   kind->flags & SNUG_READS_OUTPUT ? y : NULL, dy, dx);
}

/* ---- softplus -------------------------------------------------------------------------------- */

static const double betas[] = {0.3, 1.0, 7.0}, thresholds[] = {0.0, 0.5, 1.0, 2.0, 5.0, 20.0};

static void check_softplus(double beta, double threshold) {
    char spec[100];
    float x[POINTS], y[POINTS], dx[POINTS];
    fill_points(x);
    snprintf(spec, sizeof spec, "{\"type\": \"softplus\", \"beta\": %g, \"threshold\": %g}", beta,
             threshold);
    snug_object *object = activation_new(spec);
    run_backward(object, x, y, dx);
    for (int i = 0; i < POINTS; i++) {
        double u = (double)((float)beta * x[i]);
        double value = u > threshold ? (double)x[i] : (fmax(u, 0.0) + log1p(exp(-fabs(u)))) / beta;
        double slope = u > threshold ? 1.0 : 1.0 / (1.0 + exp(-u));
        ck_assert_msg(fabs((double)dx[i] - slope) <= 4e-7, "%s: backward at %g is %.9g, not %.9g",
                      spec, (double)x[i], (double)dx[i], slope);
        ck_assert_msg((double)y[i] == value || fabs((double)y[i] - value) <= 1e-6 * fabs(value),
                      "%s at %g is %.9g, not %.9g", spec, (double)x[i], (double)y[i], value);
    }
    snug_object_free(object);
}

START_TEST(softplus_takes_the_branch_of_its_input) {
    snug_cpu_force((snug_cpu)_i);
    for (size_t i = 0; i < sizeof betas / sizeof *betas; i++) {
        for (size_t j = 0; j < sizeof thresholds / sizeof *thresholds; j++) {
            check_softplus(betas[i], thresholds[j]);
        }
    }
}
END_TEST

/* ---- every kind with fields, at the ends of their ranges ------------------------------------- */

static const char *const specs[] = {"relu",
                                    "relu6",
                                    "identity",
                                    "hard_swish",
                                    "log_sigmoid",
                                    "sigmoid",
                                    "tanh",
                                    "softsign",
                                    "mish",
                                    "gelu",
                                    "{\"type\": \"gelu\", \"approximate\": \"tanh\"}",
                                    "{\"type\": \"elu\", \"alpha\": 1e-300}",
                                    "{\"type\": \"elu\", \"alpha\": 0.3}",
                                    "{\"type\": \"elu\", \"alpha\": 1e6}",
                                    "{\"type\": \"celu\", \"alpha\": 1e-300}",
                                    "{\"type\": \"celu\", \"alpha\": 1e-6}",
                                    "{\"type\": \"celu\", \"alpha\": 2.5}",
                                    "{\"type\": \"celu\", \"alpha\": 1e6}",
                                    "selu",
                                    "{\"type\": \"selu\", \"alpha\": 1e-300, \"scale\": 1e6}",
                                    "{\"type\": \"selu\", \"alpha\": 1e6, \"scale\": 1e6}",
                                    "{\"type\": \"selu\", \"alpha\": 1e6, \"scale\": 1e-6}",
                                    "{\"type\": \"leaky_relu\", \"slope\": 1e-300}",
                                    "{\"type\": \"leaky_relu\", \"slope\": 0.2}",
                                    "{\"type\": \"leaky_relu\", \"slope\": 1}",
                                    "{\"type\": \"thresholded_relu\", \"theta\": 0}",
                                    "{\"type\": \"thresholded_relu\", \"theta\": 3}",
                                    "{\"type\": \"thresholded_relu\", \"theta\": 1e6}",
                                    "hard_tanh",
                                    "{\"type\": \"hard_tanh\", \"min\": 0, \"max\": 3}",
                                    "{\"type\": \"hard_tanh\", \"min\": -6, \"max\": -3}",
                                    "{\"type\": \"hard_tanh\", \"min\": -1e6, \"max\": 1e6}",
                                    "hard_sigmoid",
                                    "{\"type\": \"hard_sigmoid\", \"variant\": \"0.2\"}",
                                    "{\"type\": \"silu\", \"beta\": 1e-6}",
                                    "{\"type\": \"silu\", \"beta\": 1e6}",
                                    "{\"type\": \"softplus\", \"threshold\": 0}",
                                    "{\"type\": \"softplus\", \"beta\": 1e6, \"threshold\": 3}",
                                    "{\"type\": \"softplus\", \"beta\": 1e-6, \"threshold\": 0}",
                                    "{\"type\": \"softplus\", \"beta\": 1e6, \"threshold\": 1e6}"};

START_TEST(backward_is_the_derivative_at_every_input) {
    float x[POINTS], y[POINTS], dx[POINTS], exact[POINTS];
    double steepest = 0.0;
    snug_object *object = activation_new(specs[_i]);
    fill_points(x);
    run_backward(object, x, y, dx);
    activation_kind(object)->derivative(snug_object_config(object), POINTS, x, exact);
    for (int i = 0; i < POINTS; i++) {
        steepest = fmax(steepest, fabs((double)exact[i]));
    }
    for (int i = 0; i < POINTS; i++) {
        ck_assert_msg(fabs((double)dx[i] - (double)exact[i]) <= 4.0 * ulp_of(steepest),
                      "%s: backward at %a is %g, not %g", specs[_i], (double)x[i], (double)dx[i],
                      (double)exact[i]);
        ck_assert_msg(!isnan(y[i]), "%s at %g is NaN", specs[_i], (double)x[i]);
    }
    snug_object_free(object);
}
END_TEST

static Suite *branches_suite(void) {
    Suite *suite = suite_create("branches");
    TCase *tests = tcase_create("branches");
    tcase_add_loop_test(tests, softplus_takes_the_branch_of_its_input, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, backward_is_the_derivative_at_every_input, 0,
                        sizeof specs / sizeof *specs);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(branches_suite)
