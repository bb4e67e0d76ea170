/* The theorems of Klambauer et al. 2017, on grids over their domains. */
#include <math.h>

#include <snug/activation.h>
#include <snug/theory.h>

#include "support.h"
#include "support/suite.h"

/* Numbers from low to high, both included. */
typedef struct range {
    double low, high;
    int count;
} range;

static double at(range r, int index) {
    return r.low + (r.high - r.low) * index / (r.count - 1);
}

typedef struct grid {
    range mean, omega, variance, tau;
} grid;

static snug_theory_layer map(const snug_theory_weights *weights, double mean, double variance) {
    snug_theory_layer layer;
    ck_assert_int_eq(
        snug_theory_selu(SNUG_SELU_ALPHA, SNUG_SELU_SCALE, weights, mean, variance, &layer),
        SNUG_OK);
    return layer;
}

/* Calls a check at every point of a grid. */
static void walk(const grid *g,
                 void (*check)(const snug_theory_weights *weights, double mean, double variance,
                               double *worst),
                 double *worst) {
    for (int i = 0; i < g->omega.count; i++) {
        for (int j = 0; j < g->tau.count; j++) {
            snug_theory_weights weights = {.omega = at(g->omega, i), .tau = at(g->tau, j)};
            for (int k = 0; k < g->mean.count; k++) {
                for (int l = 0; l < g->variance.count; l++) {
                    check(&weights, at(g->mean, k), at(g->variance, l), worst);
                }
            }
        }
    }
}

/* ---- theorem 1 ------------------------------------------------------------------------------- */

enum { NORM, MEAN_LOW, MEAN_HIGH, VARIANCE_LOW, VARIANCE_HIGH, EXTREMES };

static void check_1(const snug_theory_weights *weights, double mean, double variance,
                    double *extremes) {
    ck_assert(snug_theory_theorem_1(weights, mean, variance));
    snug_theory_layer y = map(weights, mean, variance);
    extremes[NORM] = fmax(extremes[NORM], snug_theory_spectral_norm(&y));
    extremes[MEAN_LOW] = fmin(extremes[MEAN_LOW], y.mean);
    extremes[MEAN_HIGH] = fmax(extremes[MEAN_HIGH], y.mean);
    extremes[VARIANCE_LOW] = fmin(extremes[VARIANCE_LOW], y.variance);
    extremes[VARIANCE_HIGH] = fmax(extremes[VARIANCE_HIGH], y.variance);
}

/* The image and the norm over the domain: as the paper has them, and finer grids. */
START_TEST(theorem_1_layers_map_the_domain_into_itself_and_contract) {
    const grid g = {{-0.1, 0.1, 9}, {-0.1, 0.1, 9}, {0.8, 1.5, 15}, {0.95, 1.1, 7}};
    double extremes[EXTREMES] = {0.0, 1.0, -1.0, 9.0, 0.0};
    walk(&g, check_1, extremes);
    expect_close("norm", extremes[NORM], 0.8976, 5e-5);
    expect_close("least mean", extremes[MEAN_LOW], -0.0310605, 5e-8);
    expect_close("largest mean", extremes[MEAN_HIGH], 0.0677251, 5e-8);
    expect_close("least variance", extremes[VARIANCE_LOW], 0.80371, 5e-6);
    expect_close("largest variance", extremes[VARIANCE_HIGH], 1.48157, 1e-5);
}
END_TEST

/* Where layers lead from the corners of the domain: a point in the domain, which they keep. */
static void check_convergence(const snug_theory_weights *weights, double mean, double variance,
                              double *extremes) {
    snug_theory_layer y = {.mean = mean, .variance = variance}, before;
    for (int i = 0; i < 400; i++) {
        before = y;
        y = map(weights, y.mean, y.variance);
    }
    expect_close("mean", y.mean, before.mean, 1e-13);
    expect_close("variance", y.variance, before.variance, 1e-13);
    ck_assert(snug_theory_theorem_1(weights, y.mean, y.variance));
    extremes[MEAN_LOW] = fmin(extremes[MEAN_LOW], y.mean);
    extremes[MEAN_HIGH] = fmax(extremes[MEAN_HIGH], y.mean);
    extremes[VARIANCE_LOW] = fmin(extremes[VARIANCE_LOW], y.variance);
    extremes[VARIANCE_HIGH] = fmax(extremes[VARIANCE_HIGH], y.variance);
}

START_TEST(theorem_1_layers_approach_a_fixed_point) {
    const grid g = {{-0.1, 0.1, 2}, {-0.1, 0.1, 3}, {0.8, 1.5, 2}, {0.95, 1.1, 3}};
    double extremes[EXTREMES] = {0.0, 1.0, -1.0, 9.0, 0.0};
    walk(&g, check_convergence, extremes);
    ck_assert(extremes[MEAN_LOW] >= -0.0210 && extremes[MEAN_HIGH] <= 0.0548);
    ck_assert(extremes[VARIANCE_LOW] >= 0.8255 && extremes[VARIANCE_HIGH] <= 1.4105);
}
END_TEST

/* ---- theorems 2 and 3 ------------------------------------------------------------------------ */

static void check_2(const snug_theory_weights *weights, double mean, double variance,
                    double *worst) {
    ck_assert(snug_theory_theorem_2(weights, mean, variance));
    *worst = fmax(*worst, map(weights, mean, variance).variance - variance);
}

START_TEST(theorem_2_large_variances_fall) {
    const grid g = {{-1.0, 1.0, 9}, {-0.1, 0.1, 5}, {3.0, 16.0, 27}, {0.8, 1.25, 7}};
    double worst = -INFINITY;
    walk(&g, check_2, &worst);
    expect_close("least fall", worst, -0.1197, 5e-5);
}
END_TEST

static void check_3(const snug_theory_weights *weights, double mean, double variance,
                    double *worst) {
    ck_assert(snug_theory_theorem_3(weights, mean, variance));
    *worst = fmin(*worst, map(weights, mean, variance).variance - variance);
}

START_TEST(theorem_3_small_variances_grow) {
    const grid wide = {{-0.1, 0.1, 9}, {-0.1, 0.1, 9}, {0.02, 0.16, 29}, {0.8, 1.25, 7}};
    const grid narrow = {{-0.1, 0.1, 9}, {-0.1, 0.1, 9}, {0.02, 0.24, 45}, {0.9, 1.25, 7}};
    double first = INFINITY, second = INFINITY;
    walk(&wide, check_3, &first);
    walk(&narrow, check_3, &second);
    expect_close("least growth", first, 0.0077, 5e-5);
    expect_close("least growth", second, 0.0110, 5e-5);
}
END_TEST

START_TEST(outside_of_the_domains_the_predicates_are_false) {
    snug_theory_weights weights = {.tau = 1.0};
    ck_assert(snug_theory_theorem_1(NULL, 0.0, 1.0) && snug_theory_theorem_1(&weights, 0.1, 1.5));
    ck_assert(!snug_theory_theorem_1(NULL, 0.101, 1.0) && !snug_theory_theorem_1(NULL, 0.0, 1.51));
    ck_assert(!snug_theory_theorem_1(NULL, 0.0, 0.79) && !snug_theory_theorem_1(NULL, NAN, 1.0));
    ck_assert(!snug_theory_theorem_2(NULL, 0.0, 2.9) && !snug_theory_theorem_2(NULL, 1.1, 4.0));
    ck_assert(!snug_theory_theorem_3(NULL, 0.0, 0.25) && !snug_theory_theorem_3(NULL, 0.2, 0.1));
    weights.tau = 0.85;
    ck_assert(!snug_theory_theorem_1(&weights, 0.0, 1.0));
    ck_assert(snug_theory_theorem_3(&weights, 0.0, 0.16));
    ck_assert(!snug_theory_theorem_3(&weights, 0.0, 0.2));
    weights = (snug_theory_weights){.omega = 0.11, .tau = 1.0};
    ck_assert(!snug_theory_theorem_1(&weights, 0.0, 1.0));
    ck_assert(!snug_theory_theorem_2(&weights, 0.0, 4.0));
    weights = (snug_theory_weights){.tau = 1.0, .random = true};
    ck_assert(!snug_theory_theorem_1(&weights, 0.0, 1.0));
}
END_TEST

/* A shear has both singular values off 1, a rotation complex eigenvalues of size 2. */
START_TEST(norm_and_radius_are_those_of_known_matrices) {
    snug_theory_layer shear = {.jacobian = {{1.0, 1.0}, {0.0, 1.0}}};
    expect_close("norm", snug_theory_spectral_norm(&shear), 0.5 * (1.0 + sqrt(5.0)), 1e-15);
    expect_close("radius", snug_theory_spectral_radius(&shear), 1.0, 1e-15);
    snug_theory_layer rotation = {.jacobian = {{0.0, -2.0}, {2.0, 0.0}}};
    expect_close("norm", snug_theory_spectral_norm(&rotation), 2.0, 1e-15);
    expect_close("radius", snug_theory_spectral_radius(&rotation), 2.0, 1e-15);
    snug_theory_layer other = {.jacobian = {{-3.0, 1.0}, {2.0, -2.0}}};
    expect_close("radius", snug_theory_spectral_radius(&other), 4.0, 1e-15);
}
END_TEST

static Suite *theorems_suite(void) {
    Suite *suite = suite_create("theorems");
    TCase *tests = tcase_create("grids");
    tcase_add_test(tests, theorem_1_layers_map_the_domain_into_itself_and_contract);
    tcase_add_test(tests, theorem_1_layers_approach_a_fixed_point);
    tcase_add_test(tests, theorem_2_large_variances_fall);
    tcase_add_test(tests, theorem_3_small_variances_grow);
    tcase_add_test(tests, outside_of_the_domains_the_predicates_are_false);
    tcase_add_test(tests, norm_and_radius_are_those_of_known_matrices);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(theorems_suite)
