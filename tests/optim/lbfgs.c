/* L-BFGS on functions whose minima are known, and its line search. */
#include <math.h>

#include "one_step.h"
#include "optim/line_search.h"
#include "optim/optimizer.h"
#include "support/errors.h"
#include "support/suite.h"

/*
 * Rosenbrock's function of 2 n numbers, 0 where all are 1: the sum of (1 - a)^2 + 100 (b - a^2)^2.
 */
typedef struct valley {
    size_t n, looks;
    const float *p;
    double last;
} valley;

static double look(void *user, float *gradient) {
    valley *v = user;
    v->looks++;
    v->last = 0.0;
    for (size_t i = 0; i < v->n; i += 2) {
        double a = (double)v->p[i], b = (double)v->p[i + 1], away = b - a * a;
        v->last += (1.0 - a) * (1.0 - a) + 100.0 * away * away;
        gradient[i] = (float)(-2.0 * (1.0 - a) - 400.0 * a * away);
        gradient[i + 1] = (float)(200.0 * away);
    }
    return v->last;
}

START_TEST(finds_the_minimum_of_rosenbrocks_function) {
    enum { N = 6 };
    float p[N] = {-1.2F, 1.0F, 0.0F, 0.0F, 2.0F, -1.0F};
    valley v = {.n = N, .p = p};
    const snug_objective objective = {look, &v};
    snug_optimizer *optimizer = snug_optimizer_new("{\"type\": \"lbfgs\", \"history_size\": 5}");
    ck_assert_msg(optimizer != NULL, "%s", snug_error());
    bool more = true;
    int iterations = 0;
    double before = INFINITY;
    for (; more && iterations < 200; iterations++) {
        ck_assert(snug_optimizer_iterate(optimizer, &(snug_parameter_ranges){.parameters = N},
                                         (snug_step_factors){1.0, 1.0}, &objective, p,
                                         &more) == SNUG_OK);
        float gradient[N];
        double left = v.last;
        ck_assert(look(&v, gradient) == left); /* the last look was at what is left */
        ck_assert(left <= before);
        before = left;
    }
    ck_assert(!more);
    ck_assert_int_le(iterations, 120);
    for (size_t i = 0; i < N; i++) {
        ck_assert_float_eq_tol(p[i], 1.0F, 1e-3F);
    }
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(stops_at_once_at_a_minimum) {
    float p[2] = {1.0F, 1.0F};
    valley v = {.n = 2, .p = p};
    const snug_objective objective = {look, &v};
    snug_optimizer *optimizer = snug_optimizer_new("lbfgs");
    bool more = true;
    ck_assert(snug_optimizer_iterate(optimizer, &(snug_parameter_ranges){.parameters = 2},
                                     (snug_step_factors){1.0, 1.0}, &objective, p,
                                     &more) == SNUG_OK);
    ck_assert(!more && v.looks == 1 && p[0] == 1.0F && p[1] == 1.0F);
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(takes_no_step_of_one_batch) {
    float p[2] = {0}, gradient[2] = {1, 1};
    snug_optimizer *optimizer = snug_optimizer_new("lbfgs");
    ck_assert(one_step(optimizer, 2, 1.0, gradient, p) == SNUG_ERROR_ARGUMENT);
    expect_location("the optimizer lbfgs uses all rows at once:");
    ck_assert(p[0] == 0.0F);
    snug_optimizer_free(optimizer);
}
END_TEST

/*
 * phi(x) = -x / (x^2 + 2), of Moré and Thuente 1994, lowest at sqrt(2); or infinite beyond a wall.
 */
typedef struct slope {
    double wall, last;
} slope;

static double at(void *user, double x, double *derivative) {
    slope *s = user;
    double square = x * x + 2.0;
    s->last = x;
    *derivative = (x * x - 2.0) / (square * square);
    return x < s->wall ? -x / square : INFINITY;
}

START_TEST(line_search_meets_the_wolfe_conditions) {
    static const double firsts[] = {1e-3, 0.1, 1.0, 10.0, 1e3};
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        slope s = {.wall = INFINITY};
        const snug_line line = {at, &s, 0.0, -0.5, 30};
        double value, derivative;
        ck_assert(snug_line_search(&line, firsts[i], &value));
        double step = s.last;
        ck_assert(value == at(&s, step, &derivative));
        ck_assert(value <= -1e-4 * 0.5 * step);
        ck_assert(fabs(derivative) <= 0.9 * 0.5);
    }
}
END_TEST

START_TEST(line_search_steps_back_from_infinity) {
    slope s = {.wall = 0.125};
    const snug_line line = {at, &s, 0.0, -0.5, 30};
    double value;
    ck_assert(snug_line_search(&line, 64.0, &value));
    ck_assert(value < 0.0 && s.last > 0.0 && s.last < 0.125);
}
END_TEST

START_TEST(line_search_comes_back_to_the_start) {
    slope s = {.wall = 0.0}; /* infinite everywhere but before 0 */
    const snug_line line = {at, &s, -1.0, -0.5, 5};
    double value;
    ck_assert(!snug_line_search(&line, 1.0, &value));
    ck_assert(s.last == 0.0);
}
END_TEST

static Suite *lbfgs_suite(void) {
    Suite *suite = suite_create("lbfgs");
    TCase *tests = tcase_create("lbfgs");
    tcase_add_test(tests, finds_the_minimum_of_rosenbrocks_function);
    tcase_add_test(tests, stops_at_once_at_a_minimum);
    tcase_add_test(tests, takes_no_step_of_one_batch);
    tcase_add_test(tests, line_search_meets_the_wolfe_conditions);
    tcase_add_test(tests, line_search_steps_back_from_infinity);
    tcase_add_test(tests, line_search_comes_back_to_the_start);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(lbfgs_suite)
