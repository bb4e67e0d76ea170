/*
 * Every registered activation, layer, loss and optimizer trains to the same bits in one to five
 * threads.
 */
#include <stdio.h>
#include <string.h>

#include <snug/snug.h>

#include "cpu/cpu.h"
#include "kinds/object.h"
#include "support/members.h"
#include "support/suite.h"

enum { ROWS = 53, COLUMNS = 6, OUTPUTS = 3, MOST_THREADS = 5 };

/* What is trained: a layer in JSON after a dense one, a loss and an optimizer. */
typedef struct recipe {
    const char *layer, *loss, *optimizer;
    bool by_class;
    size_t accumulate;
    double clip_norm;
    bool keep_biases;
} recipe;

static snug_dataset *rows_for(bool by_class) {
    static float x[ROWS * COLUMNS], values[ROWS * OUTPUTS];
    static int32_t classes[ROWS];
    const snug_random stream = {.seed = 17};
    snug_random_normal(&stream, 0, ROWS * COLUMNS, x);
    snug_random_uniform(&stream, 5000, ROWS * OUTPUTS, values);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)((5 * i + 1) % OUTPUTS);
    }
    return by_class ? snug_dataset_from_arrays(x, ROWS, COLUMNS, classes)
                    : snug_dataset_from_values(x, ROWS, COLUMNS, values, OUTPUTS);
}

/* Writes a linear layer that can follow the layer of that JSON, an object or a name in quotes. */
static const char *linear_after(const char *layer, size_t units, char *spec, size_t size) {
    snug_object *object = snug_object_parse(SNUG_GROUP_LAYER, *layer == '{' ? layer : "tanh");
    ck_assert_msg(object != NULL, "%s: %s", layer, snug_error());
    layer_after(object->kind, units, spec, size);
    snug_object_free(object);
    return spec;
}

static snug_model *model_with(const char *layer) {
    char config[512], next[128], last[128];
    const int length = snprintf(config, sizeof config,
                                "{\"model\": {\"inputs\": %d, \"layers\": [{\"type\": \"dense\", "
                                "\"units\": 13}, %s, %s, \"tanh\", %s]}}",
                                COLUMNS, layer, linear_after(layer, 7, next, sizeof next),
                                linear_after(layer, OUTPUTS, last, sizeof last));
    snug_model *model = snug_model_parse_config(config, (size_t)length);
    ck_assert_msg(model != NULL, "%s: %s", layer, snug_error());
    return model;
}

/* The model's bytes after two epochs in so many threads. */
static char *train(const recipe *r, size_t threads, size_t *size) {
    snug_dataset *data = rows_for(r->by_class);
    snug_model *model = model_with(r->layer);
    const snug_fit_options o = {.loss = snug_loss_new(r->loss),
                                .optimizer = snug_optimizer_new(r->optimizer),
                                .epochs = 2,
                                .batch_size = 19,
                                .seed = 4,
                                .accumulate = r->accumulate,
                                .clip_norm = r->clip_norm,
                                .keep_biases = r->keep_biases,
                                .threads = threads};
    char *bytes;
    const snug_status status = snug_fit(model, data, &o, NULL);
    ck_assert_msg(status == SNUG_OK, "%s, %s, %s: %s", r->layer, r->loss, r->optimizer,
                  snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_dataset_free(data);
    snug_model_free(model);
    return bytes;
}

static void check_threads(const recipe *r) {
    size_t size, other_size;
    char *one = train(r, 1, &size);
    for (size_t threads = 2; threads <= MOST_THREADS; threads++) {
        char *other = train(r, threads, &other_size);
        ck_assert_msg(size == other_size && memcmp(one, other, size) == 0,
                      "%s, %s, %s: other bits with %zu threads", r->layer, r->loss, r->optimizer,
                      threads);
        snug_free(other);
    }
    snug_free(one);
}

/* A kind in JSON, with what it needs beyond its name. */
static void write_spec(const snug_kind *kind, char *spec, size_t size) {
    int length = snprintf(spec, size, "{\"type\": \"%s\"", kind->name);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        const char *value = field->kind == SNUG_FIELD_LAYERS   ? "[\"selu\"]"
                            : field->kind == SNUG_FIELD_OBJECT ? "\"mish\""
                                                               : "11";
        value = test_value(field) != NULL ? test_value(field) : value;
        if (field->required || test_value(field) != NULL) {
            length +=
                snprintf(spec + length, size - (size_t)length, ", \"%s\": %s", field->name, value);
        }
    }
    snprintf(spec + length, size - (size_t)length, "}");
}

static const char cross_entropy[] = "softmax_cross_entropy";
static const char sgd[] = "{\"type\": \"sgd\", \"learning_rate\": 0.01}";

START_TEST(activations_and_layers) {
    static const snug_group groups[] = {SNUG_GROUP_ACTIVATION, SNUG_GROUP_LAYER};
    snug_cpu_force((snug_cpu)_i);
    for (size_t g = 0; g < 2; g++) {
        const snug_kind *kind;
        for (size_t i = 0; (kind = snug_kind_at(groups[g], i)) != NULL; i++) {
            char spec[192];
            write_spec(kind, spec, sizeof spec);
            check_threads(&(recipe){spec, cross_entropy, sgd, true, 0, 0.0, false});
        }
    }
    check_threads(&(recipe){"{\"type\": \"prelu\", \"shared\": false}", cross_entropy, sgd, true, 0,
                            0.0, false});
}
END_TEST

START_TEST(losses) {
    const snug_kind *kind;
    snug_cpu_force((snug_cpu)_i);
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_LOSS, i)) != NULL; i++) {
        const unsigned targets = ((const snug_loss_kind *)(const void *)kind)->targets;
        if (targets & SNUG_TARGET_CLASSES) {
            check_threads(&(recipe){"\"mish\"", kind->name, sgd, true, 0, 0.0, false});
        }
        if (targets & SNUG_TARGET_VALUES) {
            check_threads(&(recipe){"\"mish\"", kind->name, sgd, false, 0, 0.0, false});
        }
    }
}
END_TEST

/* In parts, clipped by their norm, and with batches added up. */
START_TEST(optimizers) {
    const snug_kind *kind;
    snug_cpu_force((snug_cpu)_i);
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_OPTIMIZER, i)) != NULL; i++) {
        check_threads(&(recipe){"\"gelu\"", cross_entropy, kind->name, true, 0, 0.0, false});
        if (((const snug_optimizer_kind *)(const void *)kind)->step != NULL) {
            check_threads(&(recipe){"\"gelu\"", cross_entropy, kind->name, true, 0, 0.1, false});
            check_threads(&(recipe){"\"gelu\"", cross_entropy, kind->name, true, 2, 0.0, false});
        }
    }
}
END_TEST

/* Tensors with rates and decay of their own, which the parts of an update are split at. */
START_TEST(tensors_that_differ) {
    static const char layer[] =
        "{\"type\": \"dense\", \"units\": 21, \"parametrization\": \"ntk\", "
        "\"learning_rate_factor\": 6, \"bias_learning_rate_factor\": 0.1}";
    static const char adamw[] = "{\"type\": \"adamw\", \"weight_decay\": 0.3}";
    snug_cpu_force((snug_cpu)_i);
    check_threads(&(recipe){layer, cross_entropy, adamw, true, 0, 0.0, true});
    check_threads(&(recipe){layer, cross_entropy, adamw, true, 0, 0.1, true});
    check_threads(&(recipe){layer, cross_entropy, adamw, true, 2, 0.0, true});
}
END_TEST

static Suite *same_bits_suite(void) {
    Suite *suite = suite_create("same bits");
    TCase *tests = tcase_create("every kind");
    tcase_set_timeout(tests, 300);
    tcase_set_tags(tests, "exhaustive");
    tcase_add_loop_test(tests, activations_and_layers, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, losses, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, optimizers, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, tensors_that_differ, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(same_bits_suite)
