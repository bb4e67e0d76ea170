/* Many layers: what is done a layer takes time in their number, not in its square. */
#include <stdio.h>
#include <string.h>

#include "model/model.h"
#include "support/suite.h"

enum { LAYERS = 12000 };

static void add(snug_model *model, const char *spec) {
    ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
}

static snug_model *deep_model(void) {
    snug_model *model = snug_model_new(2);
    for (size_t i = 0; i < LAYERS / 3; i++) {
        add(model, "{\"type\": \"dense\", \"units\": 2}");
        add(model, "dropout");
        add(model, "batch_norm");
    }
    return model;
}

/* The names of all tensors, trainable ones first, and the layers of all indices. */
static void look_at_all(snug_model *model) {
    size_t tensors = snug_model_tensor_count(model), trainable = 0;
    char name[32];
    ck_assert_uint_eq(tensors, 2 * (size_t)LAYERS);
    for (size_t k = 0; k < tensors; k++) {
        static const char *const names[] = {"weight", "bias", "weight", "bias"};
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        ck_assert(info.state == (k >= tensors * 2 / 3));
        trainable += !info.state;
        if (info.state) {
            continue;
        }
        snprintf(name, sizeof name, "%zu.%s", k / 4 * 3 + (k % 4 > 1 ? 2 : 0), names[k % 4]);
        ck_assert_str_eq(info.name, name);
    }
    ck_assert_uint_eq(trainable, tensors * 2 / 3);
    ck_assert_int_eq(snug_model_tensor(model, tensors, &(snug_tensor_info){0}),
                     SNUG_ERROR_ARGUMENT);
    ck_assert_uint_eq(snug_model_layer_count(model), LAYERS);
    for (size_t i = 0; i < LAYERS; i++) {
        snug_layer_info layer;
        ck_assert_int_eq(snug_model_layer(model, i, &layer), SNUG_OK);
        ck_assert_uint_eq(layer.outputs, 2);
    }
}

START_TEST(many_layers_are_built_saved_and_loaded) {
    snug_model *model = deep_model(), *loaded;
    char *bytes, *again, *config;
    size_t size, size_again;
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    look_at_all(model);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    look_at_all(loaded);
    ck_assert_int_eq(snug_model_save_to_memory(loaded, &again, &size_again), SNUG_OK);
    ck_assert_uint_eq(size, size_again);
    ck_assert_int_eq(memcmp(bytes, again, size), 0);
    config = snug_model_config(model);
    snug_model_free(loaded);
    loaded = snug_model_parse_config(config, strlen(config));
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_model_layer_count(loaded), LAYERS);
    snug_free(bytes);
    snug_free(again);
    snug_free(config);
    snug_model_free(loaded);
    snug_model_free(model);
}
END_TEST

/* Which layers an activation gives its initializer to is found once a layer, not once a pair. */
START_TEST(many_layers_wait_for_their_activation) {
    snug_model *model = snug_model_new(3);
    add(model, "{\"type\": \"dense\", \"units\": 3}");
    for (size_t i = 0; i < 4 * LAYERS; i++) {
        add(model, "dropout");
    }
    ck_assert_str_eq(model->plan->slots[0].tensor->init->kind->name, "lecun_normal");
    add(model, "relu");
    ck_assert_str_eq(model->plan->slots[0].tensor->init->kind->name, "he_normal");
    snug_model_free(model);
}
END_TEST

static const char *init_of(const snug_model *model, size_t tensor) {
    return model->plan->slots[tensor].tensor->init->kind->name;
}

/* By the first activation that follows, through layers that keep columns apart. */
START_TEST(initializers_follow_the_layers_that_come_later) {
    snug_model *model = snug_model_new(4);
    add(model, "{\"type\": \"dense\", \"units\": 5}"); /* tensors 0 and 1 */
    add(model, "dropout");
    ck_assert_str_eq(init_of(model, 0), "lecun_normal");
    add(model, "relu");
    ck_assert_str_eq(init_of(model, 0), "he_normal");
    add(model, "tanh"); /* the first one counts */
    ck_assert_str_eq(init_of(model, 0), "he_normal");
    add(model, "{\"type\": \"dense\", \"units\": 6}");
    add(model, "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 6}, "
               "\"tanh\", {\"type\": \"dense\", \"units\": 6}]}");
    add(model, "relu");
    ck_assert_str_eq(init_of(model, 2), "lecun_normal"); /* a block comes next */
    ck_assert_str_eq(init_of(model, 4), "glorot_normal");
    ck_assert_str_eq(init_of(model, 6), "lecun_normal");
    for (size_t i = 0; i < 40; i++) { /* nodes move */
        add(model, "identity");
    }
    ck_assert_str_eq(init_of(model, 0), "he_normal");
    ck_assert_uint_eq(model->plan->slots[0].tensor->columns, 5);
    ck_assert_uint_eq(model->plan->slots[6].tensor->columns, 6);
    snug_model_free(model);
}
END_TEST

/* The error comes from the call that adds the layer; the layers before it are still there. */
START_TEST(a_layer_that_does_not_fit_leaves_the_others) {
    snug_model *model = snug_model_new(4);
    add(model, "{\"type\": \"dense\", \"units\": 5}");
    ck_assert_int_eq(
        snug_model_add(model, snug_layer_new("{\"type\": \"residual\", \"layers\": ["
                                             "{\"type\": \"dense\", \"units\": 5}, "
                                             "{\"type\": \"highway\", \"layers\": [\"selu\", "
                                             "{\"type\": \"dense\", \"units\": 7}]}]}")),
        SNUG_ERROR_CONFIG);
    ck_assert_msg(strncmp(snug_error(), "model.layers[1].layers[1]: ", 27) == 0, "%s",
                  snug_error());
    ck_assert_uint_eq(snug_model_layer_count(model), 1);
    ck_assert_uint_eq(snug_model_output_count(model), 5);
    ck_assert_uint_eq(snug_model_parameter_count(model), 25);
    ck_assert_uint_eq(snug_model_tensor_count(model), 2);
    ck_assert_int_eq(snug_model_add(model, snug_selu()), SNUG_ERROR_CONFIG);
    snug_model_free(model);
}
END_TEST

static Suite *deep_suite(void) {
    Suite *suite = suite_create("many layers");
    TCase *tc = tcase_create("many layers");
    tcase_set_timeout(tc, 30);
    tcase_set_tags(tc, "exhaustive");
    tcase_add_test(tc, many_layers_are_built_saved_and_loaded);
    tcase_add_test(tc, many_layers_wait_for_their_activation);
    tcase_add_test(tc, initializers_follow_the_layers_that_come_later);
    tcase_add_test(tc, a_layer_that_does_not_fit_leaves_the_others);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(deep_suite)
