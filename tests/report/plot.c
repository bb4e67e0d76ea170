/* Pictures of activations: well-formed, complete, and the same bytes each time. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <snug/kind.h>
#include <snug/plot.h>

#include "core/memory.h"
#include "report/support.h"
#include "report/svg.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

static const char *const builtin[] = {"elu",     "selu", "relu",    "leaky_relu",
                                      "sigmoid", "tanh", "identity"};

enum { BUILTIN = sizeof builtin / sizeof *builtin };

static char *plot(const char *const *specs, size_t count) {
    char *svg = snug_plot_activations(specs, count);
    ck_assert_msg(svg != NULL, "%s", snug_error());
    return svg;
}

static char *plot_one(const char *spec) {
    return plot(&spec, 1);
}

START_TEST(is_well_formed_for_every_activation) {
    char *svg = plot_one(builtin[_i]);
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "</tspan></text>"), 1); /* the title, without parameters */
    snug_free(svg);
}
END_TEST

START_TEST(has_a_panel_for_each) {
    char *svg = plot(builtin, BUILTIN);
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "<svg "), 1);
    ck_assert_uint_eq(occurrences(svg, " 46)\">"), BUILTIN);
    ck_assert_uint_eq(occurrences(svg, "#0072b2"), BUILTIN + 1); /* the legend's too */
    ck_assert_uint_eq(occurrences(svg, "#d55e00"), BUILTIN + 1);
    for (size_t i = 0; i < BUILTIN; i++) {
        ck_assert_msg(strstr(svg, builtin[i]) != NULL, "%s", builtin[i]);
    }
    snug_free(svg);
}
END_TEST

/* ---- what is drawn --------------------------------------------------------------------------- */

/* How often the pen is set down in the first path after `style`. */
static size_t pieces(const char *svg, const char *style) {
    const char *path = strstr(strstr(svg, style), " d=\"") + 4;
    size_t count = 0;
    for (; *path != '"'; path++) {
        count += *path == 'M';
    }
    return count;
}

START_TEST(breaks_curves_where_they_jump) {
    static const struct {
        const char *spec;
        size_t function, derivative;
    } expected[] = {
        {"relu", 1, 2},
        {"leaky_relu", 1, 2},
        {"selu", 1, 2},
        {"elu", 1, 1},
        {"{\"type\": \"elu\", \"alpha\": 1.2}", 1, 2},
        {"{\"type\": \"elu\", \"alpha\": 40}", 1, 2},
        {"tanh", 1, 1},
        {"sigmoid", 1, 1},
        {"identity", 1, 1},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        char *svg = plot_one(expected[i].spec);
        ck_assert_msg(pieces(svg, "#0072b2") == expected[i].function, "%s", expected[i].spec);
        ck_assert_msg(pieces(svg, "#d55e00") == expected[i].derivative, "%s", expected[i].spec);
        snug_free(svg);
    }
}
END_TEST

START_TEST(names_what_differs_from_the_defaults) {
    char *svg = plot_one("{\"type\": \"elu\", \"alpha\": 2.5}");
    ck_assert_ptr_nonnull(strstr(svg, ">elu</tspan>, alpha = 2.5</text>"));
    snug_free(svg);
    svg = plot_one("{\"type\": \"elu\", \"alpha\": 1}");
    ck_assert_ptr_nonnull(strstr(svg, ">elu</tspan></text>"));
    snug_free(svg);
}
END_TEST

START_TEST(shares_a_scale_where_it_suits) {
    const char *const alike[] = {"elu", "selu"}, *const unlike[] = {"sigmoid", "identity"};
    char *svg = plot(alike, 2);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">&#8722;2<"), 2);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">5<"), 2);
    snug_free(svg);
    svg = plot(unlike, 2);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">0.2<"), 1);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">4<"), 1);
    snug_free(svg);
}
END_TEST

/* A user's step function, unknown beyond 4. */
static void step(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config;
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = fabsf(x[i]) > 4.0F ? NAN : x[i] < 2.0F ? 0.0F : 1.0F;
    }
}

static void step_backward(const void *config, size_t rows, size_t columns, const float *x,
                          const float *y, const float *dy, float *dx) {
    (void)config;
    (void)x;
    (void)y;
    (void)dy;
    memset(dx, 0, rows * columns * sizeof *dx);
}

static void step_derivative(const void *config, size_t n, const float *x, float *dydx) {
    (void)config;
    (void)x;
    memset(dydx, 0, n * sizeof *dydx);
}

START_TEST(draws_only_what_is_finite) {
    static const snug_activation_kind kind = {
        .base = {.name = "step", .summary = "0, and from 2 on 1"},
        .flags = SNUG_READS_INPUT,
        .forward = step,
        .backward = step_backward,
        .derivative = step_derivative,
    };
    ck_assert_msg(snug_register_activation(&kind) == SNUG_OK, "%s", snug_error());
    char *svg = plot_one("step");
    check_well_formed(svg);
    ck_assert_uint_eq(pieces(svg, "#0072b2"), 2);
    ck_assert_ptr_nonnull(strstr(svg, "d=\"M30.00 ")); /* from -4, a tenth of 300 pixels */
    snug_free(svg);
}
END_TEST

START_TEST(gives_the_same_bytes_in_any_locale) {
    static const char *const comma[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    char *before = plot(builtin, 3);
    for (size_t i = 0; i < 4 && setlocale(LC_ALL, comma[i]) == NULL; i++) {
    }
    char *after = plot(builtin, 3);
    setlocale(LC_ALL, "C");
    ck_assert_str_eq(before, after);
    snug_free(before);
    snug_free(after);
}
END_TEST

/* ---- failures -------------------------------------------------------------------------------- */

START_TEST(says_what_is_wrong) {
    const char *specs[] = {"elu", "selo"};
    ck_assert_ptr_null(snug_plot_activations(specs, 2));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_CONFIG);
    expect_location("unknown activation \"selo\"");
    ck_assert_ptr_null(snug_plot_activations(specs, 0));
    expect_location("a plot needs at");
    specs[1] = "softmax";
    ck_assert_ptr_null(snug_plot_activations(specs, 2));
    expect_location("softmax: is not elementwise");
}
END_TEST

START_TEST(escapes_what_xml_reserves) {
    snug_svg svg = {0};
    snug_svg_escape(&svg, "a<b> & \"c\" 'd'\x01\x7f \xc3\xa9");
    char *text = snug_svg_finish(&svg);
    ck_assert_str_eq(text, "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;?? \xc3\xa9");
    snug_release(text);
}
END_TEST

START_TEST(bears_every_failing_allocation) {
    static const char *const specs[] = {"selu", "{\"type\": \"elu\", \"alpha\": 1.5}"};
    size_t limit = 0;
    for (bool drawn = false; !drawn; limit++) {
        failing_start(limit);
        char *svg = snug_plot_activations(specs, 2);
        ck_assert_msg(svg != NULL || snug_error_status() == SNUG_ERROR_MEMORY, "%s", snug_error());
        bool complete = svg != NULL && strstr(svg, "selu</tspan></text>") != NULL &&
                        strstr(svg, "elu</tspan>, alpha = 1.5</text>") != NULL;
        ck_assert_msg(svg == NULL || complete, "%zu", limit);
        drawn = svg != NULL;
        snug_free(svg);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_gt(limit, 15);
}
END_TEST

static Suite *plot_suite(void) {
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("plot");
    tcase_add_loop_test(tests, is_well_formed_for_every_activation, 0, BUILTIN);
    tcase_add_test(tests, has_a_panel_for_each);
    tcase_add_test(tests, breaks_curves_where_they_jump);
    tcase_add_test(tests, names_what_differs_from_the_defaults);
    tcase_add_test(tests, shares_a_scale_where_it_suits);
    tcase_add_test(tests, draws_only_what_is_finite);
    tcase_add_test(tests, gives_the_same_bytes_in_any_locale);
    tcase_add_test(tests, says_what_is_wrong);
    tcase_add_test(tests, escapes_what_xml_reserves);
    tcase_add_test(tests, bears_every_failing_allocation);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(plot_suite)
