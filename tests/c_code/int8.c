/* int8 programs in C compute the integers of the interpreter, to the bit. */
#include <stdio.h>
#include <string.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "int8_code/int8_code.h"
#include "networks.h"
#include "quantize/build.h"
#include "quantize/compute.h"
#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { SEEDS = 2, SAMPLES = 100, CALIBRATION = 100 };

/* A network, and its program. */
typedef struct case_of {
    snug_model_graph *model;
    snug_int8_program *program;
} case_of;

static case_of case_new(network kind, unsigned seed) {
    case_of c = {.model = bare_graph_new(NETWORK_INPUTS)};
    snug_graph_free(c.model->graph);
    c.model->graph = network_new(kind, seed);
    bare_graph_finish(c.model, c.model->graph->output, SNUG_EXPORT_VALUES);
    float *x = network_samples(CALIBRATION, seed);
    c.program = snug_int8_program_new(c.model->graph, CALIBRATION, x, SNUG_CALIBRATE_SQUARED_ERROR);
    ck_assert_msg(c.program != NULL, "%s", snug_error());
    snug_release(x);
    return c;
}

static void case_free(case_of *c) {
    snug_int8_program_free(c->program);
    bare_graph_free(c->model);
}

/* Compares an exported program with the interpreter on samples that calibration did not see. */
static void compare(const program_list *list, size_t i, const case_of *c, network kind) {
    static float expected[SAMPLES * NETWORK_OUTPUTS];
    float out[NETWORK_OUTPUTS], *x = network_samples(SAMPLES, 99);
    predict_fn *predict = (predict_fn *)programs_function(list, i, "predict");
    ck_assert_int_eq(snug_int8_compute(c->program, SAMPLES, x, expected), SNUG_OK);
    for (size_t s = 0; s < SAMPLES; s++) {
        predict(x + s * NETWORK_INPUTS, out);
        for (size_t j = 0; j < NETWORK_OUTPUTS; j++) {
            float wanted = expected[s * NETWORK_OUTPUTS + j];
            /* The softmax behind the integers of the members is that of the C library. */
            if (kind == NETWORK_MEMBERS) {
                ck_assert_float_eq_tol(out[j], wanted, 1e-6F);
            } else {
                ck_assert_msg(memcmp(&out[j], &wanted, sizeof wanted) == 0,
                              "network %d, sample %zu: %.9g, not %.9g", (int)kind, s,
                              (double)out[j], (double)wanted);
            }
        }
    }
    snug_release(x);
}

/* _i: without <math.h>. */
START_TEST(programs_compute_the_same_integers) {
    case_of cases[NETWORK_COUNT * SEEDS];
    program_list list;
    programs_start(&list, _i == 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const snug_c_options options = {.no_libm = _i == 1};
        cases[i] = case_new((network)(i / SEEDS), (unsigned)(i % SEEDS));
        ck_assert_msg(snug_int8_write_program(cases[i].model, cases[i].program,
                                              programs_next(&list), &options) == SNUG_OK,
                      "%s", snug_error());
    }
    programs_compile(&list);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        compare(&list, i, &cases[i], (network)(i / SEEDS));
        case_free(&cases[i]);
    }
    programs_end(&list);
}
END_TEST

/* ---- models ---------------------------------------------------------------------------------- */

static snug_model *load_model(const char *layer) {
    char config[256];
    snprintf(config, sizeof config,
             "{\"model\": {\"inputs\": 2, \"layers\": [{\"type\": \"dense\", \"units\": 4}, %s"
             "{\"type\": \"dense\", \"units\": 2}]}}",
             layer);
    snug_model *model = snug_model_parse_config(config, strlen(config));
    ck_assert_msg(model != NULL && snug_model_init(model, 1) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    return model;
}

static const float features[] = {1, 2, -1, 0.5F, 0, 0, 3, -2};
static const int32_t classes[] = {0, 1, 1, 0};

static snug_dataset *small_data(size_t columns) {
    return snug_dataset_from_arrays(features, 8 / columns, columns, classes);
}

static void refuse(const snug_model *model, const snug_dataset *data, const char *location) {
    snug_int8_report report;
    ck_assert_int_ne(snug_model_export_c_int8(model, "/nonexistent/net.c", NULL, data, &report),
                     SNUG_OK);
    expect_location(location);
}

START_TEST(refuses_wrong_use) {
    snug_model *model = load_model("\"selu\", ");
    snug_dataset *data = small_data(2), *wide = small_data(4);
    snug_dataset *bare = snug_dataset_from_arrays(features, 4, 2, NULL);
    refuse(NULL, data, "the model:");
    refuse(model, NULL, "the calibration data:");
    refuse(model, wide, "the calibration data:");
    refuse(model, bare, "the calibration data:");
    ck_assert_int_ne(snug_model_export_c_int8(model, "/nonexistent/net.c", NULL, data, NULL),
                     SNUG_OK);
    ck_assert_msg(strncmp(snug_error(), "/nonexistent/net.h: ", 20) == 0, "%s", snug_error());
    ck_assert_int_ne(snug_model_export_c_int8(model, "net.h", NULL, data, NULL), SNUG_OK);
    expect_location("net.h:");
    ck_assert_int_ne(snug_model_export_c_int8(model, NULL, NULL, data, NULL), SNUG_OK);
    expect_location("the path:");
    snug_model *layer_norm = load_model("{\"type\": \"layer_norm\"}, ");
    refuse(layer_norm, data, "the layer \"layer_norm\": layers.1:");
    snug_model_free(layer_norm);
    snug_model_free(model);
    snug_dataset_free(data);
    snug_dataset_free(wide);
    snug_dataset_free(bare);
}
END_TEST

/* Lets one allocation in `step` fail in turn. */
static void fail_in_turn(size_t step) {
    program_list list;
    programs_start(&list, false);
    const char *path = programs_next(&list);
    snug_model *model = load_model("\"selu\", ");
    snug_dataset *data = small_data(2);
    failing_start(SIZE_MAX);
    ck_assert_int_eq(snug_model_export_c_int8(model, path, NULL, data, NULL), SNUG_OK);
    size_t calls = failing_calls();
    ck_assert_uint_eq(failing_stop(), 0);
    for (size_t i = 0; i < calls; i += step) {
        failing_start(i);
        ck_assert_msg(snug_model_export_c_int8(model, path, NULL, data, NULL) == SNUG_ERROR_MEMORY,
                      "allocation %zu: %s", i, snug_error());
        ck_assert_uint_eq(failing_stop(), 0);
    }
    snug_model_free(model);
    snug_dataset_free(data);
    programs_end(&list);
}

START_TEST(some_allocations_may_fail) {
    fail_in_turn(101);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    fail_in_turn(1);
}
END_TEST

static Suite *int8_suite(void) {
    Suite *suite = suite_create("int8");
    TCase *tests = tcase_create("programs");
    tcase_add_loop_test(tests, programs_compute_the_same_integers, 0, 1);
    tcase_add_test(tests, refuses_wrong_use);
    tcase_add_test(tests, some_allocations_may_fail);
    suite_add_tcase(suite, tests);
    TCase *all = tcase_create("all allocations");
    tcase_set_tags(all, "exhaustive");
    tcase_add_loop_test(all, programs_compute_the_same_integers, 1, 2);
    tcase_add_test(all, every_allocation_may_fail);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(int8_suite)
