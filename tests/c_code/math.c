/* The functions of programs without <math.h> are right to a few units in the last place. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "support.h"
#include "support/suite.h"

/* One number in MANTISSAS of each sign and exponent, which are 2^9. */
enum { MANTISSAS = 211, EXPONENTS = 512 };

typedef struct function {
    snug_unary function;
    double (*exact)(double x);
    double most; /* error, in units of the last place */
} function;

static double exact_round_down(double x) {
    return floor(x);
}

static double exact_softplus(double x) {
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

static const function functions[] = {
    {SNUG_SQRT, sqrt, 1},
    {SNUG_ROUND_DOWN, exact_round_down, 0},
    {SNUG_EXP, exp, 1},
    {SNUG_LOG, log, 1},
    {SNUG_SIN, sin, 2.5},
    {SNUG_COS, cos, 2.5},
    {SNUG_TANH, tanh, 2},
    {SNUG_ERF, erf, 2},
    {SNUG_SOFTPLUS, exact_softplus, 3},
};

enum { FUNCTIONS = sizeof functions / sizeof *functions };

/* Returns how far y is from the exact value, in units of the last place of floats around it. */
static double error_of(double exact, float y) {
    if (isnan(exact) || isnan(y)) {
        return isnan(exact) && isnan(y) ? 0 : HUGE_VAL;
    }
    if (fabs(exact) > (double)FLT_MAX) {
        return isinf(y) && (y > 0) == (exact > 0) ? 0 : HUGE_VAL;
    }
    int exponent = 0;
    frexp(fmax(fabs(exact), (double)FLT_MIN), &exponent);
    return fabs(exact - (double)y) / ldexp(1, exponent - FLT_MANT_DIG);
}

static void check_function(const function *f, predict_fn *predict) {
    double largest = 0;
    for (uint32_t i = 0; i < EXPONENTS * MANTISSAS; i++) {
        const uint32_t bits = (i / MANTISSAS) << 23 | (i % MANTISSAS) * ((1u << 23) / MANTISSAS);
        float x = 0, y = 0;
        memcpy(&x, &bits, sizeof x);
        predict(&x, &y);
        const double error = error_of(f->exact((double)x), y);
        ck_assert_msg(error <= f->most, "function %d of %.9g: %.9g, off by %g", (int)f->function,
                      (double)x, (double)y, error);
        largest = error > largest ? error : largest;
    }
    ck_assert(largest > 0 || f->most == 0); /* something was measured */
}

START_TEST(functions_are_right_to_a_few_units) {
    program_list list;
    programs_start(&list, true);
    for (size_t i = 0; i < FUNCTIONS; i++) {
        snug_model_graph *graph = bare_graph_new(1);
        const snug_value x = snug_graph_input(graph->graph);
        bare_graph_finish(graph, snug_graph_unary(graph->graph, functions[i].function, x),
                          SNUG_EXPORT_VALUES);
        programs_add_graph(&list, graph);
        bare_graph_free(graph);
    }
    programs_compile(&list);
    for (size_t i = 0; i < FUNCTIONS; i++) {
        check_function(&functions[i], (predict_fn *)programs_function(&list, i, "predict"));
    }
    programs_end(&list);
}
END_TEST

static Suite *math_suite(void) {
    Suite *suite = suite_create("c_code/math");
    TCase *tests = tcase_create("functions");
    tcase_add_test(tests, functions_are_right_to_a_few_units);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(math_suite)
