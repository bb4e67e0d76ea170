/* Pictures of layers: measured and predicted, and sizes against the width. */
#include <math.h>
#include <string.h>

#include <check.h>

#include <snug/snug.h>

#include "report/lines.h"
#include "report/support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

/* An inspection of 3 -> 8 selu -> 2 by rows with targets, or without. */
static snug_inspection *some_inspection(bool targets) {
    static const float x[] = {1, 2, -1, 0.5F, 3, -2, 0, 1, 4, -3, 2, 2};
    static const int32_t classes[] = {0, 1, 1, 0};
    snug_dataset *data = snug_dataset_from_arrays(x, 4, 3, targets ? classes : NULL);
    snug_model *model = snug_model_new(3);
    ck_assert_int_eq(snug_model_add(model, snug_dense(8)), SNUG_OK);
    ck_assert_int_eq(snug_model_add(model, snug_selu()), SNUG_OK);
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    snug_inspection *found = snug_inspect(model, data, NULL);
    ck_assert_msg(found != NULL, "%s", snug_error());
    snug_model_free(model);
    snug_dataset_free(data);
    return found;
}

START_TEST(shows_layers_measured_and_predicted) {
    for (int targets = 0; targets < 2; targets++) {
        snug_inspection *found = some_inspection(targets == 1);
        char *svg = snug_plot_inspection(found);
        ck_assert_msg(svg != NULL, "%s", snug_error());
        check_well_formed(svg);
        ck_assert_uint_eq(occurrences(svg, " of activations</text>"), 2);
        ck_assert_uint_eq(occurrences(svg, "variance of gradients</text>"), (size_t)targets);
        ck_assert_uint_eq(occurrences(svg, "<circle "), targets == 1 ? 9 : 6);
        ck_assert_uint_eq(occurrences(svg, ">measured<"), 1);
        ck_assert_uint_eq(occurrences(svg, ">predicted by the theory<"), 1);
        snug_free(svg);
        snug_inspection_free(found);
    }
}
END_TEST

START_TEST(shows_sizes_against_the_width) {
    snug_layer_info layers[] = {{.type = "dense", .outputs = 5}, {.type = "selu", .outputs = 5}};
    double sizes[] = {1, 2, 3, 4, 5, (double)NAN}, larger[] = {2, 1, 40, 5, 0, 600};
    const snug_coordinates widths[] = {{4, 2, 2, layers, sizes}, {64, 2, 2, layers, larger}};
    char *svg = snug_plot_coordinates(widths, 2);
    ck_assert_msg(svg != NULL, "%s", snug_error());
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "after "), 3);
    ck_assert_uint_eq(occurrences(svg, "<circle "), 10); /* neither NaN nor 0 has a place */
    ck_assert_uint_eq(occurrences(svg, ">0 dense<"), 1);
    ck_assert_uint_eq(occurrences(svg, ">64</text>"), 3);
    snug_free(svg);
}
END_TEST

/* On a logarithmic axis factors are distances. */
START_TEST(draws_lines_where_their_points_are) {
    const double x[] = {0, 1, 2}, y[] = {1, 10, 100}, gap[] = {1, (double)INFINITY, 3};
    const snug_line lines[] = {{"a", x, y, 3, "#0072b2", false},
                               {"<b>", x, gap, 3, "#d55e00", true}};
    const snug_line_panel panels[] = {
        {.title = "p", .x_title = "layer", .log_y = true, .lines = lines, .count = 2}};
    char *svg = snug_draw_lines("t & u", panels, 1);
    check_well_formed(svg);
    ck_assert_ptr_nonnull(strstr(svg, "t &amp; u"));
    ck_assert_ptr_nonnull(strstr(svg, "&lt;b&gt;"));
    /* 380 x 250 pixels, of which 1/27 is on either side of the points */
    ck_assert_ptr_nonnull(strstr(svg, "M14.07 240.74L190.00 125.00L365.93 9.26\""));
    ck_assert_uint_eq(occurrences(svg, "M365.93 "), 2); /* the gap lifts the pen; a tick */
    snug_free(svg);
}
END_TEST

/* What is predicted between two unknown layers has no line, but a mark. */
START_TEST(marks_points_that_no_line_leads_to) {
    const double x[] = {0, 1, 2, 3, 4}, y[] = {1, (double)NAN, 2, (double)NAN, (double)NAN};
    const double connected[] = {1, 2, 3, 4, 5};
    const snug_line lines[] = {{"a", x, y, 5, "#0072b2", true},
                               {"b", x, connected, 5, "#d55e00", true}};
    const snug_line_panel panel = {
        .title = "p", .x_title = "layer", .log_y = false, .lines = lines, .count = 2};
    char *svg = snug_draw_lines("t", &panel, 1);
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "<circle "), 2);
    snug_free(svg);
}
END_TEST

/* Below one octave, too, ticks are round. */
START_TEST(has_round_ticks_on_a_logarithmic_axis) {
    const double x[] = {0, 1}, y[] = {0.63, 0.81};
    const snug_line line = {"a", x, y, 2, "#0072b2", false};
    const snug_line_panel panel = {
        .title = "p", .x_title = "layer", .log_y = true, .lines = &line, .count = 1};
    char *svg = snug_draw_lines("t", &panel, 1);
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">0.65</text>"), 1);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">0.7</text>"), 1);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">0.8</text>"), 1);
    ck_assert_uint_eq(occurrences(svg, "text-anchor=\"end\">0."), 4);
    snug_free(svg);
}
END_TEST

START_TEST(shows_a_reference_and_what_the_axis_must_show) {
    const double x[] = {0, 1}, y[] = {-0.01, 0.02};
    const snug_line line = {"a", x, y, 2, "#0072b2", false};
    snug_line_panel panel = {.title = "p",
                             .x_title = "layer",
                             .lines = &line,
                             .count = 1,
                             .least = -0.5,
                             .most = 0.5,
                             .referred = true};
    char *svg = snug_draw_lines("t", &panel, 1);
    check_well_formed(svg);
    ck_assert_uint_eq(occurrences(svg, "<path stroke=\"#888888\" d=\"M0 125.00H380\"/>"), 1);
    ck_assert_uint_eq(occurrences(svg, ">-0.4</text>"), 1);
    snug_free(svg);
    panel.reference = 3;
    svg = snug_draw_lines("t", &panel, 1);
    ck_assert_uint_eq(occurrences(svg, "#888888"), 0);
    snug_free(svg);
}
END_TEST

/* So large that 0.5 more is the same number. */
START_TEST(draws_one_large_number) {
    const double x[] = {0}, y[] = {3e38};
    const snug_line line = {"a", x, y, 1, "#0072b2", false};
    const snug_line_panel panel = {
        .title = "p", .x_title = "layer", .log_y = false, .lines = &line, .count = 1};
    char *svg = snug_draw_lines("t", &panel, 1);
    check_well_formed(svg);
    ck_assert_ptr_nonnull(strstr(svg, "<circle cx=\"190.00\" cy=\"125.00\""));
    ck_assert_ptr_nonnull(strstr(svg, ">3e+38</text>"));
    snug_free(svg);
}
END_TEST

START_TEST(refuses_what_is_not_there) {
    snug_layer_info layer = {.type = "dense"};
    double size = 1;
    const snug_coordinates other[] = {{4, 0, 1, &layer, &size}, {4, 1, 1, &layer, &size}};
    ck_assert_ptr_null(snug_plot_inspection(NULL));
    expect_location("a plot needs an inspection");
    ck_assert_ptr_null(snug_plot_coordinates(NULL, 1));
    expect_location("a plot needs coordinate checks");
    ck_assert_ptr_null(snug_plot_coordinates(other, 0));
    ck_assert_ptr_null(snug_plot_coordinates(other, 2));
    expect_location("a plot needs coordinate checks");
}
END_TEST

START_TEST(bears_every_failing_allocation_of_layers) {
    snug_inspection *found = some_inspection(true);
    snug_layer_info layer = {.type = "dense"};
    double size = 1;
    const snug_coordinates width = {4, 0, 1, &layer, &size};
    size_t limit = 0;
    for (bool drawn = false; !drawn; limit++) {
        failing_start(limit);
        char *svg = snug_plot_inspection(found);
        char *sizes = svg != NULL ? snug_plot_coordinates(&width, 1) : NULL;
        drawn = sizes != NULL;
        ck_assert_msg(drawn || snug_error_status() == SNUG_ERROR_MEMORY, "%s", snug_error());
        snug_free(svg);
        snug_free(sizes);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_gt(limit, 8);
    snug_inspection_free(found);
}
END_TEST

static Suite *layers_suite(void) {
    Suite *suite = suite_create("pictures of layers");
    TCase *tests = tcase_create("layers");
    tcase_add_test(tests, shows_layers_measured_and_predicted);
    tcase_add_test(tests, shows_sizes_against_the_width);
    tcase_add_test(tests, draws_lines_where_their_points_are);
    tcase_add_test(tests, marks_points_that_no_line_leads_to);
    tcase_add_test(tests, has_round_ticks_on_a_logarithmic_axis);
    tcase_add_test(tests, shows_a_reference_and_what_the_axis_must_show);
    tcase_add_test(tests, draws_one_large_number);
    tcase_add_test(tests, refuses_what_is_not_there);
    tcase_add_test(tests, bears_every_failing_allocation_of_layers);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(layers_suite)
