/* Building: shapes, names, default initializers, warnings, first errors. */
#include <stdio.h>
#include <string.h>

#include "math/gemm.h"
#include "model/model.h"
#include "session/session.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

static char logged[4][512];
static size_t log_count;

static void keep_log(snug_log_level level, const char *message, void *user) {
    (void)user;
    if (level != SNUG_LOG_WARNING) {
        return;
    }
    ck_assert_uint_lt(log_count, 4);
    snprintf(logged[log_count++], sizeof logged[0], "%s", message);
}

START_TEST(shapes_and_names) {
    snug_model *model = small_model();
    snug_layer_info layer;
    snug_tensor_info tensor;
    ck_assert_uint_eq(snug_model_input_count(model), 5);
    ck_assert_uint_eq(snug_model_output_count(model), 3);
    ck_assert_uint_eq(snug_model_parameter_count(model), 5 * 4 + 4 + 4 * 3 + 3);
    ck_assert_uint_eq(snug_model_layer_count(model), 3);
    ck_assert_int_eq(snug_model_layer(model, 1, &layer), SNUG_OK);
    ck_assert_str_eq(layer.type, "tanh");
    ck_assert_uint_eq(layer.parameters, 0);
    ck_assert_int_eq(snug_model_layer(model, 2, &layer), SNUG_OK);
    ck_assert_uint_eq(layer.inputs, 4);
    ck_assert_uint_eq(layer.outputs, 3);
    ck_assert_uint_eq(layer.parameters, 15);
    ck_assert_int_eq(snug_model_layer(model, 3, &layer), SNUG_ERROR_ARGUMENT);
    expect_location("there is no layer 3:");
    ck_assert_uint_eq(snug_model_tensor_count(model), 4);
    ck_assert_int_eq(snug_model_tensor(model, 3, &tensor), SNUG_OK);
    ck_assert_str_eq(tensor.name, "2.bias");
    ck_assert_uint_eq(tensor.rows, 1);
    ck_assert_uint_eq(tensor.columns, 3);
    ck_assert_uint_eq((size_t)(void *)tensor.values % 64, 0);
    ck_assert_int_eq(snug_model_tensor(model, 4, &tensor), SNUG_ERROR_ARGUMENT);
    snug_model_free(model);
}
END_TEST

START_TEST(looking_at_a_tensor_initializes_nothing) {
    snug_tensor_info tensor;
    snug_model *model = snug_model_new(2);
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &tensor), SNUG_ERROR_ARGUMENT);
    expect_location("the model has no weights:");
    ck_assert_int_eq(snug_model_init(model, 7), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &tensor), SNUG_OK);
    snug_model_free(model);
}
END_TEST

/* A constructor that failed gives NULL, and every getter takes it. */
START_TEST(getters_take_null) {
    snug_layer_info layer;
    snug_tensor_info tensor;
    ck_assert_uint_eq(snug_model_input_count(NULL), 0);
    ck_assert_uint_eq(snug_model_output_count(NULL), 0);
    ck_assert_uint_eq(snug_model_parameter_count(NULL), 0);
    ck_assert_uint_eq(snug_model_layer_count(NULL), 0);
    ck_assert_uint_eq(snug_model_tensor_count(NULL), 0);
    ck_assert_uint_eq(snug_model_class_count(NULL), 0);
    ck_assert_uint_eq(snug_model_predicted_class(NULL, NULL), 0);
    ck_assert_ptr_null(snug_model_class_name(NULL, 0));
    ck_assert_ptr_null(snug_model_target_name(NULL, 0));
    ck_assert_ptr_null(snug_model_preprocessing(NULL));
    ck_assert_int_eq(snug_model_task(NULL), SNUG_TASK_AUTO);
    ck_assert_int_eq(snug_model_layer(NULL, 0, &layer), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_tensor(NULL, 0, &tensor), SNUG_ERROR_ARGUMENT);
    ck_assert_uint_eq(snug_dataset_row_count(NULL), 0);
    ck_assert_uint_eq(snug_dataset_column_count(NULL), 0);
    ck_assert_uint_eq(snug_dataset_class_count(NULL), 0);
    ck_assert_uint_eq(snug_dataset_output_count(NULL), 0);
    ck_assert_ptr_null(snug_dataset_class_name(NULL, 0));
    ck_assert_ptr_null(snug_dataset_column_name(NULL, 0));
    ck_assert_ptr_null(snug_dataset_target_name(NULL, 0));
    ck_assert_int_eq(snug_dataset_row(NULL, 0, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_dataset_class(NULL, 0), -1);
    ck_assert_ptr_null(snug_dataset_values(NULL, 0));
    ck_assert(!snug_dataset_weighted(NULL));
    ck_assert_ptr_null(snug_dataset_part(NULL, SNUG_PART_TEST));
}
END_TEST

/* The default initializer follows the activation; the last dense layer takes LeCun normal. */
START_TEST(default_initializers) {
    static const struct {
        const char *activation, *init;
    } rows[] = {{"selu", "lecun_normal"},     {"elu", "he_normal"},
                {"relu", "he_normal"},        {"tanh", "glorot_normal"},
                {"sigmoid", "glorot_normal"}, {"identity", "lecun_normal"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snug_model *model = snug_model_new(3);
        snug_model_add(model, snug_dense(4));
        snug_model_add(model, snug_layer_new(rows[i].activation));
        ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
        ck_assert_str_eq(model->plan->slots[0].tensor->init->kind->name, rows[i].init);
        ck_assert_str_eq(model->plan->slots[2].tensor->init->kind->name, "lecun_normal");
        snug_model_free(model);
    }
}
END_TEST

/* By the number of weights: the plan chooses once who multiplies, and sessions take it over. */
START_TEST(products_of_large_layers_are_chosen) {
    const size_t units[] = {1024, 1023}; /* each from 1024 */
    snug_model *model = snug_model_new(1024);
    snug_session *session;
    for (size_t i = 0; i < 2; i++) {
        snug_model_add(model, snug_dense(units[i]));
    }
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    session = snug_session_new(model, 1);
    ck_assert_msg(session != NULL, "%s", snug_error());
    for (size_t i = 0; i < 2; i++) {
        const snug_plan_node *node = &model->plan->nodes[i];
        const snug_tensor_slot *weight = &model->plan->slots[node->first_tensor];
        ck_assert(weight->size >= SNUG_GEMM_LARGE ? i == 0 : i == 1);
        ck_assert(node->large == snug_gemm_is_large(weight->size) && !(node->large && i == 1));
        ck_assert(node->large ? weight->portion == weight->rows : weight->portion < weight->rows);
        ck_assert(session->layers[i].call.large == node->large);
    }
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

START_TEST(same_seed_same_weights) {
    snug_model *a = small_model(), *b = small_model();
    size_t bytes = a->plan->parameters * sizeof(float);
    ck_assert_mem_eq(a->parameters, b->parameters, bytes);
    ck_assert_int_eq(snug_model_init(b, 8), SNUG_OK);
    ck_assert_int_ne(memcmp(a->parameters, b->parameters, bytes), 0);
    snug_model_free(a);
    snug_model_free(b);
}
END_TEST

START_TEST(selu_after_another_variance_warns) {
    snug_model *model = snug_model_new(8);
    snug_set_log(keep_log, NULL);
    snug_model_add(model,
                   snug_layer_new("{\"type\": \"dense\", \"units\": 4, \"init\": \"he_normal\"}"));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(2));
    snug_model_add(model, snug_selu());
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_uint_eq(log_count, 1);
    ck_assert_str_eq(logged[0],
                     "model.layers[1]: selu keeps the mean square 1 of its outputs only after "
                     "weights of variance 1/fan_in = 0.125, but he_normal gives 0.25; "
                     "lecun_normal suits it");
    snug_set_log(NULL, NULL);
    snug_model_free(model);
}
END_TEST

START_TEST(the_first_error_stays) {
    snug_model *model = snug_model_new(5);
    ck_assert_int_eq(snug_model_add(model, snug_dense(0)), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new("dens")), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_ERROR_ARGUMENT);
    ck_assert_msg(strstr(snug_error(), "units:") != NULL, "%s", snug_error());
    snug_model_free(model);
    ck_assert_ptr_null(snug_model_new(0));
    expect_location("model.inputs:");
}
END_TEST

START_TEST(a_model_without_weights_does_not_run) {
    snug_model *model = snug_model_new(5);
    ck_assert_ptr_null(snug_session_new(model, 4));
    expect_location("model.layers:");
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_ptr_null(snug_session_new(model, 4));
    expect_location("the model has no weights:");
    snug_model_free(model);
}
END_TEST

static void refuse(const char *text, const char *location) {
    ck_assert_msg(snug_model_parse_config(text, strlen(text)) == NULL, "%s", text);
    expect_location(location);
}

START_TEST(wrong_configs) {
    refuse("{\"model\": {\"inputs\": 4, \"layers\": [}}", "(string):1:36:");
    refuse("[1]", "(string): model:");
    refuse("{\"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 3}]}}",
           "(string): model.inputs:");
    refuse("{\"model\": {\"inputs\": 4, \"layers\": []}}", "(string): model.layers:");
    refuse("{\"model\": {\"inputs\": 4, \"layers\": [{\"type\": \"dense\", \"units\": 0}]}}",
           "(string): model.layers[0].units:");
    refuse("{\"model\": {\"inputs\": 4, \"layers\": [{\"type\": \"dense\"}]}}",
           "(string): model.layers[0].units:");
    refuse(
        "{\"model\": {\"inputs\": 4, \"layers\": [{\"type\": \"dense\", \"units\": \"classes\"}]}}",
        "(string): model.layers[0]: \"units\":");
}
END_TEST

/* As many inputs as a config may say, and no more. */
START_TEST(limits_the_inputs) {
    snug_model *model = snug_model_new((size_t)1 << 24);
    ck_assert_msg(model != NULL, "%s", snug_error());
    snug_model_free(model);
    ck_assert_ptr_null(snug_model_new(((size_t)1 << 24) + 1));
    expect_location("a model has at");
    refuse("{\"model\": {\"inputs\": 16777217, \"layers\": [\"selu\"]}}",
           "(string): model.inputs:");
}
END_TEST

START_TEST(config_round_trip) {
    static const char text[] =
        "{\"model\": {\"inputs\": 5, \"layers\": [{\"type\": \"dense\", \"units\": 4, \"bias\": "
        "false}, "
        "{\"type\": \"elu\", \"alpha\": 1.5}, \"selu\", {\"type\": \"dense\", \"units\": 2}]}}";
    snug_model *model = snug_model_parse_config(text, strlen(text)), *again;
    char *config, *config_again;
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_model_parameter_count(model), 5 * 4 + 4 * 2 + 2);
    config = snug_model_config(model);
    ck_assert_ptr_nonnull(strstr(config, "1.5"));
    again = snug_model_parse_config(config, strlen(config));
    ck_assert_msg(again != NULL, "%s", snug_error());
    config_again = snug_model_config(again);
    ck_assert_str_eq(config, config_again);
    snug_free(config);
    snug_free(config_again);
    snug_model_free(model);
    snug_model_free(again);
}
END_TEST

static Suite *build_suite(void) {
    Suite *suite = suite_create("building");
    TCase *tc = tcase_create("models");
    tcase_add_test(tc, looking_at_a_tensor_initializes_nothing);
    tcase_add_test(tc, getters_take_null);
    tcase_add_test(tc, shapes_and_names);
    tcase_add_test(tc, default_initializers);
    tcase_add_test(tc, products_of_large_layers_are_chosen);
    tcase_add_test(tc, same_seed_same_weights);
    tcase_add_test(tc, selu_after_another_variance_warns);
    tcase_add_test(tc, the_first_error_stays);
    tcase_add_test(tc, a_model_without_weights_does_not_run);
    tcase_add_test(tc, wrong_configs);
    tcase_add_test(tc, limits_the_inputs);
    tcase_add_test(tc, config_round_trip);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(build_suite)
