/* Optimizers without golden trajectories, against their formulas in double precision. */
#include <math.h>

#include "cpu/cpu.h"
#include "one_step.h"
#include "optim/optimizer.h"
#include "support/suite.h"

enum { N = 37, STEPS = 60, LONG = 400 };

/* The state of one parameter, in double precision. */
typedef struct reference {
    double p, m, v, size;
} reference;

typedef void formula_fn(reference *r, double g, int t, double factor);

static float gradient_at(int t, size_t i) {
    return (float)(sin(1.7 * t + 0.9 * (double)i) + 0.3 * cos(0.37 * t * (double)i) + 0.05);
}

/* The factor on the learning rate: 1, and later half of it. */
static double factor_at(int t) {
    return t < 25 ? 1.0 : 0.5;
}

static void compare(const char *spec, int steps, formula_fn *formula) {
    reference r[N] = {{0}};
    float p[N], g[N];
    snug_optimizer *optimizer = snug_optimizer_new(spec);
    ck_assert_msg(optimizer != NULL, "%s", snug_error());
    for (size_t i = 0; i < N; i++) {
        p[i] = (float)(0.25 * (double)i - 3.0);
        r[i].p = (double)p[i];
    }
    for (int t = 1; t <= steps; t++) {
        for (size_t i = 0; i < N; i++) {
            /* Now and then none at all. */
            g[i] = (t + (int)i) % 11 == 0 ? 0.0F : gradient_at(t, i);
            formula(&r[i], (double)g[i], t, factor_at(t));
        }
        ck_assert(one_step(optimizer, N, factor_at(t), g, p) == SNUG_OK);
        for (size_t i = 0; i < N; i++) {
            ck_assert_msg(fabs((double)p[i] - r[i].p) <= 2e-6 * fmax(1.0, fabs(r[i].p)) * sqrt(t),
                          "%s: step %d, parameter %zu: %.9g instead of %.9g", spec, t, i,
                          (double)p[i], r[i].p);
        }
    }
    snug_optimizer_free(optimizer);
}

static void compare_paths(const char *spec, int steps, formula_fn *formula) {
    for (int path = 0; path < SNUG_CPU_COUNT; path++) {
        snug_cpu_force((snug_cpu)path);
        compare(spec, steps, formula);
    }
}

static double sign(double x) {
    return (double)((x > 0.0) - (x < 0.0));
}

static void lion(reference *r, double g, int t, double factor) {
    double rate = 0.01 * factor, c = 0.8 * r->m + 0.2 * g;
    (void)t;
    r->p = r->p - rate * 0.3 * r->p - rate * sign(c);
    r->m = 0.95 * r->m + 0.05 * g;
}

START_TEST(lion_follows_its_formula) {
    compare_paths("{\"type\": \"lion\", \"learning_rate\": 0.01, \"beta1\": 0.8, \"beta2\": 0.95, "
                  "\"weight_decay\": 0.3}",
                  STEPS, lion);
}
END_TEST

/* iRprop- as Igel and Huesken print it; sizes in units of the parameter. */
static void rprop(reference *r, double g, int t, double factor) {
    r->size = t == 1 ? 0.02 : r->size;
    if (r->m * g > 0.0) {
        r->size = fmin(1.3 * r->size, 0.05);
    } else if (r->m * g < 0.0) {
        r->size = fmax(0.4 * r->size, 0.005);
        g = 0.0;
    }
    r->p -= sign(g) * r->size * factor;
    r->m = g;
}

START_TEST(rprop_follows_its_formula) {
    compare_paths("{\"type\": \"rprop\", \"learning_rate\": 0.02, \"eta_minus\": 0.4, "
                  "\"eta_plus\": 1.3, \"step_min\": 0.005, \"step_max\": 0.05}",
                  STEPS, rprop);
}
END_TEST

static const struct {
    const char *spec;
    double factor;
    float first, second; /* steps along gradients of one sign */
} limits[] = {
    {"{\"type\": \"rprop\", \"learning_rate\": 1, \"step_max\": 0.25}", 1.0, 0.25F, 0.25F},
    {"{\"type\": \"rprop\", \"learning_rate\": 1, \"step_max\": 0.25}", 0.5, 0.125F, 0.125F},
    {"{\"type\": \"rprop\", \"learning_rate\": 0.0001, \"step_min\": 0.002}", 1.0, 0.002F, 0.0024F},
    {"{\"type\": \"rprop\", \"learning_rate\": 1e-300, \"step_min\": 0.5}", 1.0, 0.5F, 0.6F},
    {"{\"type\": \"rprop\", \"learning_rate\": 1e300, \"step_max\": 3}", 1.0, 3.0F, 3.0F},
};

START_TEST(rprop_holds_its_first_step_within_its_limits) {
    float p = 0.0F, g = 2.0F;
    snug_optimizer *optimizer = snug_optimizer_new(limits[_i].spec);
    ck_assert(one_step(optimizer, 1, limits[_i].factor, &g, &p) == SNUG_OK);
    ck_assert_float_eq_tol(p, -limits[_i].first, 1e-6F * limits[_i].first);
    p = 0.0F;
    ck_assert(one_step(optimizer, 1, limits[_i].factor, &g, &p) == SNUG_OK);
    ck_assert_float_eq_tol(p, -limits[_i].second, 1e-6F * limits[_i].second);
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(rprop_tells_the_signs_of_tiny_gradients) {
    float p = 0.0F, g = 1e-30F;
    snug_optimizer *optimizer = snug_optimizer_new("{\"type\": \"rprop\", \"learning_rate\": 1}");
    ck_assert(one_step(optimizer, 1, 1.0, &g, &p) == SNUG_OK);
    ck_assert(one_step(optimizer, 1, 1.0, &g, &p) == SNUG_OK);
    ck_assert_float_eq_tol(p, -2.2F, 1e-6F);
    snug_optimizer_free(optimizer);
}
END_TEST

/* Also where only its sign is used: what went wrong must show. */
static const char *const every_optimizer[] = {"sgd",     "adam",     "adamw", "adamax",
                                              "nadam",   "radam",    "lion",  "rmsprop",
                                              "adagrad", "adadelta", "rprop"};

START_TEST(a_gradient_of_nan_makes_its_parameter_nan) {
    float p[3] = {1.0F, 1.0F, 1.0F}, g[3] = {0.5F, NAN, -0.25F};
    snug_optimizer *optimizer = snug_optimizer_new(every_optimizer[_i]);
    ck_assert_msg(optimizer != NULL, "%s", snug_error());
    for (int t = 0; t < 2; t++) {
        ck_assert(one_step(optimizer, 3, 1.0, g, p) == SNUG_OK);
    }
    ck_assert_msg(isfinite(p[0]) && isnan(p[1]) && isfinite(p[2]), "%s: %g %g %g",
                  every_optimizer[_i], (double)p[0], (double)p[1], (double)p[2]);
    snug_optimizer_free(optimizer);
}
END_TEST

/* The documented NAdam with the product of the momenta multiplied step by step. */
static void nadam(reference *r, double g, int t, double factor, double momentum_decay) {
    double mu = 0.9 * (1.0 - 0.5 * pow(0.96, t * momentum_decay));
    double next = 0.9 * (1.0 - 0.5 * pow(0.96, (t + 1) * momentum_decay));
    r->size = (t == 1 ? 1.0 : r->size) * mu;
    r->m = 0.9 * r->m + 0.1 * g;
    r->v = 0.999 * r->v + 0.001 * g * g;
    double m = next * r->m / (1.0 - r->size * next) + (1.0 - mu) * g / (1.0 - r->size);
    r->p -= 0.002 * factor * m / (sqrt(r->v / (1.0 - pow(0.999, t))) + 1e-8);
}

static void nadam_decaying(reference *r, double g, int t, double factor) {
    nadam(r, g, t, factor, 0.7);
}

static void nadam_steady(reference *r, double g, int t, double factor) {
    nadam(r, g, t, factor, 0.0);
}

static void nadam_fast(reference *r, double g, int t, double factor) {
    nadam(r, g, t, factor, 40.0);
}

START_TEST(nadam_needs_no_product_of_all_steps) {
    compare("{\"type\": \"nadam\", \"momentum_decay\": 0.7}", LONG, nadam_decaying);
    compare("{\"type\": \"nadam\", \"momentum_decay\": 0}", LONG, nadam_steady);
    compare("{\"type\": \"nadam\", \"momentum_decay\": 40}", LONG, nadam_fast);
}
END_TEST

/* Of few gradients the plain mean, later the rectified step; torch's own order of the terms. */
static void radam(reference *r, double g, int t, double factor) {
    double most = 2.0 / (1.0 - 0.98) - 1.0, bias = 1.0 - pow(0.98, t);
    double rho = most - 2.0 * t * pow(0.98, t) / bias;
    g += 0.1 * r->p;
    r->m = 0.9 * r->m + 0.1 * g;
    r->v = 0.98 * r->v + 0.02 * g * g;
    double m = r->m / (1.0 - pow(0.9, t)), l = 1.0;
    if (rho > 5.0) {
        l = sqrt((rho - 4.0) * (rho - 2.0) * most / ((most - 4.0) * (most - 2.0) * rho)) *
            sqrt(bias) / (sqrt(r->v) + 1e-6);
    }
    r->p -= 0.003 * factor * m * l;
}

START_TEST(radam_follows_its_formula) {
    compare_paths("{\"type\": \"radam\", \"learning_rate\": 0.003, \"beta2\": 0.98, \"epsilon\": "
                  "1e-6, \"weight_decay\": 0.1}",
                  STEPS, radam);
}
END_TEST

/*
 * The mean of the first t squares is as long as t where it forgets almost nothing: 5 plain steps,
 * then scaled ones.
 */
START_TEST(radam_counts_with_a_beta2_next_to_1) {
    float p = 0.0F, g = 1000.0F, before = 0.0F;
    snug_optimizer *optimizer = snug_optimizer_new(
        "{\"type\": \"radam\", \"learning_rate\": 0.5, \"beta2\": 0.9999999999}");
    for (int t = 1; t <= 12; t++) {
        before = p;
        ck_assert(one_step(optimizer, 1, 1.0, &g, &p) == SNUG_OK);
        /* sqrt((t - 4) (t - 2) / t * most / (most - 4) / (most - 2)) is about 0 */
        double step = t <= 5 ? 500.0 : 0.5 * sqrt((t - 4.0) * (t - 2.0) / (t * 2e10));
        ck_assert_msg(fabs((double)(before - p) - step) <= 1e-3 * fmax(step, 1.0),
                      "step %d: %g, not %g", t, (double)(before - p), step);
    }
    snug_optimizer_free(optimizer);
}
END_TEST

/* ---- moments --------------------------------------------------------------------------------- */

static const struct {
    const char *spec;
    size_t moments;
} sizes[] = {
    {"sgd", 0},
    {"{\"type\": \"sgd\", \"momentum\": 0.5}", 1},
    {"adam", 2},
    {"{\"type\": \"adam\", \"amsgrad\": true}", 3},
    {"adamw", 2},
    {"rmsprop", 2},
    {"{\"type\": \"rmsprop\", \"centered\": true}", 3},
    {"lion", 1},
};

START_TEST(keeps_the_moments_that_it_uses) {
    float p[3] = {1, 2, 3}, g[3] = {1, 0, -1};
    snug_optimizer *optimizer = snug_optimizer_new(sizes[_i].spec);
    ck_assert_uint_eq(snug_optimizer_moments(optimizer), sizes[_i].moments);
    ck_assert(one_step(optimizer, 3, 1.0, g, p) == SNUG_OK);
    ck_assert((optimizer->moments == NULL) == (sizes[_i].moments == 0));
    snug_optimizer_free(optimizer);
}
END_TEST

static Suite *formulas_suite(void) {
    Suite *suite = suite_create("formulas");
    TCase *tests = tcase_create("formulas");
    tcase_add_test(tests, lion_follows_its_formula);
    tcase_add_test(tests, rprop_follows_its_formula);
    tcase_add_loop_test(tests, rprop_holds_its_first_step_within_its_limits, 0,
                        sizeof limits / sizeof *limits);
    tcase_add_test(tests, rprop_tells_the_signs_of_tiny_gradients);
    tcase_add_loop_test(tests, a_gradient_of_nan_makes_its_parameter_nan, 0,
                        sizeof every_optimizer / sizeof *every_optimizer);
    tcase_add_test(tests, nadam_needs_no_product_of_all_steps);
    tcase_add_test(tests, radam_follows_its_formula);
    tcase_add_test(tests, radam_counts_with_a_beta2_next_to_1);
    tcase_add_loop_test(tests, keeps_the_moments_that_it_uses, 0, sizeof sizes / sizeof *sizes);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(formulas_suite)
