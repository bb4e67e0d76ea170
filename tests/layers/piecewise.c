/*
 * Piecewise-linear embeddings: edges against numpy's quantiles and scikit-learn's trees, outputs
 * against numpy in double (tests/vectors/piecewise_linear.py), and how both come together.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "files/file.h"
#include "layers/bin_edges.h"
#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { MOST = 1024, BINS = 16 };

static cJSON *read_golden(void) {
    size_t n = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/piecewise_linear.json", &n);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, n);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

static size_t numbers(const cJSON *json, const char *key, float out[MOST]) {
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(json, key), *item;
    size_t n = 0;
    ck_assert_msg(cJSON_IsArray(array), "%s", key);
    cJSON_ArrayForEach(item, array) {
        ck_assert_uint_lt(n, MOST);
        out[n++] = (float)item->valuedouble;
    }
    return n;
}

static size_t size_of(const cJSON *json, const char *key) {
    return (size_t)cJSON_GetObjectItemCaseSensitive(json, key)->valuedouble;
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* The targets that trees are fitted to. */
static float values[MOST], weights[MOST];
static int32_t classes[MOST];
static size_t row_count;

static void read_targets(const cJSON *golden) {
    static float numbers_of_classes[MOST];
    row_count = numbers(golden, "values", values);
    numbers(golden, "weights", weights);
    numbers(golden, "classes", numbers_of_classes);
    for (size_t i = 0; i < row_count; i++) {
        classes[i] = (int32_t)numbers_of_classes[i];
    }
}

static void check_edges(const cJSON *json, const char *key, const float *edges) {
    float wanted[MOST];
    size_t n = numbers(json, key, wanted);
    for (size_t i = 0; i < n; i++) {
        double size = 1e-6 * (1 + fabs((double)wanted[i]));
        ck_assert_msg(fabs((double)edges[i] - (double)wanted[i]) <= size, "%s %s %zu: %g, not %g",
                      cJSON_GetObjectItemCaseSensitive(json, "name")->valuestring, key, i,
                      (double)edges[i], (double)wanted[i]);
    }
}

static void check_tree(const cJSON *json, const char *key, const snug_ranked_value *sorted,
                       const snug_targets *targets) {
    const snug_layer_fit fit = {.rows = row_count,
                                .targets = targets,
                                .target_count = targets->values != NULL ? 1 : 0,
                                .class_count = targets->values != NULL ? 0 : 3};
    const snug_edge_tree tree = {size_of(json, "bins"), size_of(json, "min_leaf")};
    float edges[BINS + 1];
    ck_assert_int_eq(snug_tree_edges(&fit, sorted, &tree, edges), SNUG_OK);
    check_edges(json, key, edges);
}

START_TEST(edges_are_those_of_numpy_and_scikit_learn) {
    cJSON *golden = read_golden();
    const cJSON *json;
    size_t cases = 0;
    read_targets(golden);
    cJSON_ArrayForEach(json, cJSON_GetObjectItemCaseSensitive(golden, "cases")) {
        float x[MOST], edges[BINS + 1];
        snug_ranked_value sorted[MOST];
        ck_assert_uint_eq(numbers(json, "x", x), row_count);
        for (size_t i = 0; i < row_count; i++) {
            sorted[i] = (snug_ranked_value){x[i], i};
        }
        snug_sort_ranked(row_count, sorted);
        snug_quantile_edges(row_count, sorted, size_of(json, "bins"), edges);
        check_edges(json, "quantiles", edges);
        check_tree(json, "tree_values", sorted, &(snug_targets){.values = values});
        check_tree(json, "tree_classes", sorted, &(snug_targets){.classes = classes});
        check_tree(json, "tree_weighted", sorted,
                   &(snug_targets){.values = values, .weights = weights});
        cases++;
    }
    ck_assert_uint_eq(cases, 15);
    cJSON_Delete(golden);
}
END_TEST

/* ---- outputs --------------------------------------------------------------------------------- */

static void set_tensor(snug_model *model, const char *name, const cJSON *json, const char *key) {
    float read[MOST];
    size_t n = numbers(json, key, read);
    memcpy(tensor_of(model, name), read, n * sizeof *read);
}

/* Columns 1, 2 and 3 of four are embedded; column 0 passes. */
static void check_outputs(const cJSON *json, const char *fields, const char *key, size_t units) {
    char *spec = snug_format("{\"type\": \"piecewise_linear_embedding\", \"columns\": [1, 2, 3], "
                             "\"bins\": 4, %s}",
                             fields);
    float points[MOST], wanted[MOST], x[MOST] = {0}, y[MOST] = {0};
    size_t rows = numbers(json, "x", points), width = 1 + 3 * units;
    snug_model *model = model_of(4, spec);
    ck_assert_uint_eq(snug_model_output_count(model), width);
    set_tensor(model, "0.edges", json, "edges");
    if (strcmp(key, "encoding") != 0) {
        set_tensor(model, "0.weight", json, "weight");
        set_tensor(model, "0.bias", json, "bias");
    }
    for (size_t i = 0; i < 4 * rows; i++) {
        x[i] = i % 4 == 0 ? 100 + (float)i : points[i / 4];
    }
    numbers(json, key, wanted);
    run_layer(model, false, rows, x, y);
    for (size_t i = 0; i < rows; i++) {
        ck_assert_float_eq(y[i * width], x[4 * i]);
        for (size_t k = 0; k < width - 1; k++) {
            ck_assert_float_eq_tol(y[i * width + 1 + k], wanted[i * (width - 1) + k], 2e-5F);
        }
    }
    snug_model_free(model);
    snug_release(spec);
}

START_TEST(outputs_are_those_of_numpy) {
    cJSON *golden = read_golden();
    const cJSON *json = cJSON_GetObjectItemCaseSensitive(golden, "embedding");
    check_outputs(json, "\"units\": 0", "encoding", 4);
    check_outputs(json, "\"units\": 0, \"activation\": \"relu\"", "encoding", 4);
    check_outputs(json, "\"units\": 2", "outputs", 2);
    check_outputs(json, "\"units\": 2, \"activation\": \"relu\"", "relu", 2);
    cJSON_Delete(golden);
}
END_TEST

/* ---- in a model ------------------------------------------------------------------------------ */

enum { ROWS = 300, COLUMNS = 4 };

/* Columns of different sizes, of which number 3 is constant. */
static snug_dataset *some_rows(float x[ROWS * COLUMNS], float y[ROWS]) {
    const snug_random stream = {.seed = 3, .purpose = 2};
    snug_random_normal(&stream, 0, ROWS * COLUMNS, x);
    for (size_t i = 0; i < ROWS; i++) {
        x[i * COLUMNS] = 20 * x[i * COLUMNS] + 100;
        x[i * COLUMNS + 3] = 4;
        y[i] = sinf(3 * x[i * COLUMNS + 1]) + x[i * COLUMNS + 2];
    }
    return snug_dataset_from_values(x, ROWS, COLUMNS, y, 1);
}

static snug_model *fitted_model(const snug_dataset *data, const char *layers) {
    char *config = snug_format("{\"model\": {\"inputs\": %d, \"layers\": %s}}", COLUMNS, layers);
    snug_model *model = snug_model_parse_config(config, strlen(config));
    ck_assert_msg(model != NULL, "%s", snug_error());
    snug_release(config);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
    ck_assert_msg(snug_model_fit_layers(model, data, 5) == SNUG_OK, "%s", snug_error());
    return model;
}

static const char *const models[] = {
    "[{\"type\": \"piecewise_linear_embedding\", \"bins\": 5}, {\"type\": \"dense\", \"units\": "
    "1}]",
    "[{\"type\": \"piecewise_linear_embedding\", \"bins\": 5, \"edges\": \"tree\", \"min_leaf\": "
    "20}, {\"type\": \"dense\", \"units\": 1}]",
    "[{\"type\": \"dense\", \"units\": 6}, {\"type\": \"piecewise_linear_embedding\", \"bins\": 7, "
    "\"units\": 0}, {\"type\": \"dense\", \"units\": 1}]",
    "[{\"type\": \"dense\", \"units\": 6}, {\"type\": \"piecewise_linear_embedding\", \"bins\": 7, "
    "\"columns\": [5, 1], \"units\": 3}, {\"type\": \"dense\", \"units\": 1}]",
    "[{\"type\": \"dense\", \"units\": 6}, {\"type\": \"piecewise_linear_embedding\", \"bins\": 4, "
    "\"units\": 3, \"activation\": \"mish\", \"edges\": \"tree\"}, {\"type\": \"dense\", "
    "\"units\": 1}]",
    "[{\"type\": \"dense\", \"units\": 6}, {\"type\": \"piecewise_linear_embedding\", \"bins\": 4, "
    "\"units\": 3, \"activation\": \"selu\"}, {\"type\": \"dense\", \"units\": 1}]"};

/* Of the parameters, and through the inputs of those of the layer before. */
START_TEST(gradients_agree_with_differences) {
    static float x[ROWS * COLUMNS], y[ROWS];
    snug_dataset *data = some_rows(x, y);
    snug_model *model = fitted_model(data, models[_i]);
    snug_gradient_report report = {.seed = 2, .max_rows = 20};
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    for (size_t i = 0; i < report.count; i++) {
        ck_assert_msg(report.checks[i].passed, "tensor %zu", i);
    }
    snug_gradient_report_clear(&report);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Each bin of a column of different values has as many rows; a constant column has empty ones. */
START_TEST(edges_are_fitted_to_what_comes_in) {
    static float x[ROWS * COLUMNS], y[ROWS];
    snug_dataset *data = some_rows(x, y);
    snug_model *model = fitted_model(data, models[0]);
    const float *edges = tensor_of(model, "0.edges");
    for (size_t t = 0; t < 5; t++) {
        size_t inside = 0;
        double mean = 0, square = 0;
        for (size_t i = 0; i < ROWS; i++) {
            mean += (double)x[i * COLUMNS] / ROWS;
        }
        for (size_t i = 0; i < ROWS; i++) {
            square += pow((double)x[i * COLUMNS] - mean, 2) / ROWS;
        }
        for (size_t i = 0; i < ROWS; i++) {
            double value = ((double)x[i * COLUMNS] - mean) / sqrt(square);
            inside += value > (double)edges[t] && value <= (double)edges[t + 1];
        }
        ck_assert(inside >= ROWS / 5 - 2 && inside <= ROWS / 5 + 2);
        ck_assert_float_eq(edges[3 * 6 + t], edges[3 * 6]);
    }
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* A column that was constant in training changes no prediction; nothing is divided by 0. */
START_TEST(a_constant_column_changes_nothing) {
    static float x[ROWS * COLUMNS], y[ROWS];
    snug_dataset *data = some_rows(x, y);
    snug_model *model = fitted_model(data, models[1]);
    ck_assert_msg(snug_fit(model, data, &(snug_fit_options){.epochs = 3}, NULL) == SNUG_OK, "%s",
                  snug_error());
    snug_session *session = snug_session_new(model, 8);
    float before, after;
    ck_assert_int_eq(snug_predict(session, x, 1, &before), SNUG_OK);
    x[3] = 1e6F;
    ck_assert_int_eq(snug_predict(session, x, 1, &after), SNUG_OK);
    ck_assert(before == after && isfinite(before));
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(edges_are_saved_and_threads_give_the_same_bits) {
    static float x[ROWS * COLUMNS], y[ROWS];
    snug_dataset *data = some_rows(x, y);
    char *bytes[2];
    size_t sizes[2];
    for (size_t i = 0; i < 2; i++) {
        snug_model *model = fitted_model(data, models[3]);
        const snug_fit_options options = {.epochs = 2, .seed = 1, .threads = 1 + 2 * i};
        ck_assert_int_eq(snug_fit(model, data, &options, NULL), SNUG_OK);
        ck_assert_int_eq(snug_model_save_to_memory(model, &bytes[i], &sizes[i]), SNUG_OK);
        snug_model *loaded = snug_model_load_from_memory(bytes[i], sizes[i]);
        ck_assert_mem_eq(tensor_of(loaded, "1.edges"), tensor_of(model, "1.edges"),
                         2 * 8 * sizeof(float));
        snug_model_free(loaded);
        snug_model_free(model);
    }
    ck_assert_uint_eq(sizes[0], sizes[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], sizes[0]);
    snug_free(bytes[0]);
    snug_free(bytes[1]);
    snug_dataset_free(data);
}
END_TEST

START_TEST(without_memory_fitting_fails) {
    static float x[ROWS * COLUMNS], y[ROWS];
    snug_dataset *data = some_rows(x, y);
    snug_model *model = fitted_model(data, models[1]);
    snug_status status = SNUG_ERROR_MEMORY;
    size_t failures = 0;
    for (; status != SNUG_OK; failures++) {
        ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
        failing_start(failures);
        status = snug_model_fit_layers(model, data, 5);
        size_t left = failing_stop();
        ck_assert_uint_eq(left, 0);
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
    }
    ck_assert_uint_gt(failures, 15);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(wrong_fields_are_refused) {
    static const struct {
        const char *spec, *location;
    } wrong[] = {{"{\"type\": \"piecewise_linear_embedding\", \"bins\": 0}", "bins:"},
                 {"{\"type\": \"piecewise_linear_embedding\", \"edges\": \"kmeans\"}", "edges:"},
                 {"{\"type\": \"piecewise_linear_embedding\", \"activation\": \"softmax\"}",
                  "activation must be"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snug_layer *layer = snug_layer_new(wrong[i].spec);
        ck_assert_int_ne(snug_layer_status(layer), SNUG_OK);
        expect_location(wrong[i].location);
        snug_layer_free(layer);
    }
}
END_TEST

static Suite *piecewise_suite(void) {
    Suite *suite = suite_create("piecewise_linear_embedding");
    TCase *tests = tcase_create("piecewise_linear_embedding");
    tcase_add_test(tests, edges_are_those_of_numpy_and_scikit_learn);
    tcase_add_test(tests, outputs_are_those_of_numpy);
    tcase_add_loop_test(tests, gradients_agree_with_differences, 0, sizeof models / sizeof *models);
    tcase_add_test(tests, edges_are_fitted_to_what_comes_in);
    tcase_add_test(tests, a_constant_column_changes_nothing);
    tcase_add_test(tests, edges_are_saved_and_threads_give_the_same_bits);
    tcase_add_test(tests, without_memory_fitting_fails);
    tcase_add_test(tests, wrong_fields_are_refused);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(piecewise_suite)
