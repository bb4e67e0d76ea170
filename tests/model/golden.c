/*
 * The golden network 4-8-8-3 on every path: forward, loss, gradients, ten steps of SGD and of Adam.
 */
#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "support.h"
#include "support/suite.h"

enum { INPUTS = 4, HIDDEN = 8, CLASSES = 3, ROWS = 5, STEPS = 10 };

static cJSON *read_golden(void) {
    size_t n = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/mlp_4_8_8_3.json", &n);
    cJSON *json;
    ck_assert_ptr_nonnull(text);
    json = cJSON_ParseWithLength(text, n);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

/* The numbers of an array of numbers or of arrays, in order; returns how many. */
static size_t numbers(const cJSON *json, const char *key, double *out, size_t size) {
    size_t n = 0;
    const cJSON *item, *inner;
    const cJSON *array = cJSON_GetObjectItemCaseSensitive(json, key);
    ck_assert_msg(cJSON_IsArray(array), "%s", key);
    cJSON_ArrayForEach(item, array) {
        if (cJSON_IsNumber(item)) {
            ck_assert_uint_lt(n, size);
            out[n++] = item->valuedouble;
        }
        cJSON_ArrayForEach(inner, item) {
            ck_assert_uint_lt(n, size);
            out[n++] = inner->valuedouble;
        }
    }
    return n;
}

static const struct {
    const char *key, *name;
    size_t out, in;
} tensors[] = {
    {"W1", "0.weight", HIDDEN, INPUTS},  {"b1", "0.bias", HIDDEN, 1},
    {"W2", "2.weight", HIDDEN, HIDDEN},  {"b2", "2.bias", HIDDEN, 1},
    {"W3", "4.weight", CLASSES, HIDDEN}, {"b3", "4.bias", CLASSES, 1},
};
enum { TENSORS = sizeof tensors / sizeof tensors[0] };

static snug_model *golden_model(const cJSON *golden) {
    snug_model *model = snug_model_new(INPUTS);
    double values[HIDDEN * HIDDEN];
    snug_model_add(model, snug_dense(HIDDEN));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(HIDDEN));
    snug_model_add(model, snug_selu());
    ck_assert_int_eq(snug_model_add(model, snug_dense(CLASSES)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    for (size_t k = 0; k < TENSORS; k++) {
        const cJSON *weights = cJSON_GetObjectItemCaseSensitive(golden, "weights");
        ck_assert_uint_eq(numbers(weights, tensors[k].key, values, HIDDEN * HIDDEN),
                          tensors[k].out * tensors[k].in);
        set_tensor(model, tensors[k].name, tensors[k].out, tensors[k].in, values);
    }
    return model;
}

static void golden_batch(const cJSON *golden, float x[ROWS * INPUTS], int32_t classes[ROWS]) {
    double values[ROWS * INPUTS];
    ck_assert_uint_eq(numbers(golden, "x", values, ROWS * INPUTS), ROWS * INPUTS);
    for (size_t i = 0; i < ROWS * INPUTS; i++) {
        x[i] = (float)values[i];
    }
    ck_assert_uint_eq(numbers(golden, "labels", values, ROWS), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)values[i];
    }
}

static void expect_close(double got, double wanted, double scale, const char *what) {
    ck_assert_msg(fabs(got - wanted) <= 1e-5 * scale, "%s: got %.9g, wanted %.9g", what, got,
                  wanted);
}

/* Compares a flat vector, laid out as the parameters, with the tensors under `section`. */
static void expect_flat(snug_model *model, const cJSON *section, const float *flat) {
    double wanted[HIDDEN * HIDDEN];
    for (size_t k = 0; k < TENSORS; k++) {
        snug_tensor_info info;
        size_t out = tensors[k].out, in = tensors[k].in;
        double scale = 0;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        ck_assert_str_eq(info.name, tensors[k].name);
        ck_assert_uint_eq(numbers(section, tensors[k].key, wanted, HIDDEN * HIDDEN), out * in);
        for (size_t i = 0; i < out * in; i++) {
            scale = fmax(scale, fabs(wanted[i]));
        }
        for (size_t o = 0; o < out; o++) {
            for (size_t i = 0; i < in; i++) {
                expect_close((double)flat[info.offset + i * out + o], wanted[o * in + i], scale,
                             tensors[k].key);
            }
        }
    }
}

START_TEST(forward_and_gradients) {
    cJSON *golden = read_golden();
    snug_model *model = golden_model(golden);
    snug_session *session = snug_session_new_training(model, ROWS, 0);
    snug_loss *loss = snug_softmax_cross_entropy();
    const cJSON *forward = cJSON_GetObjectItemCaseSensitive(golden, "forward");
    float x[ROWS * INPUTS];
    int32_t classes[ROWS];
    double wanted[ROWS * CLASSES], mean = 0;
    const float *z;
    size_t n;
    snug_cpu_force((snug_cpu)_i);
    golden_batch(golden, x, classes);
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
    ck_assert_uint_eq(numbers(forward, "logits", wanted, ROWS * CLASSES), ROWS * CLASSES);
    for (size_t i = 0; i < ROWS * CLASSES; i++) {
        expect_close((double)z[i], wanted[i], fmax(1, fabs(wanted[i])), "logits");
    }
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, &mean),
                     SNUG_OK);
    expect_close(mean, cJSON_GetObjectItemCaseSensitive(golden, "loss")->valuedouble, 1, "loss");
    expect_flat(model, cJSON_GetObjectItemCaseSensitive(golden, "grads"),
                snug_session_gradients(session, &n));
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(model);
    cJSON_Delete(golden);
}
END_TEST

static void train(const char *section_name, snug_optimizer *optimizer) {
    cJSON *golden = read_golden();
    const cJSON *section = cJSON_GetObjectItemCaseSensitive(golden, section_name);
    snug_model *model = golden_model(golden);
    snug_session *session = snug_session_new_training(model, ROWS, 0);
    snug_loss *loss = snug_softmax_cross_entropy();
    float x[ROWS * INPUTS];
    int32_t classes[ROWS];
    double losses[STEPS + 1], mean = 0;
    snug_tensor_info first;
    const float *z;
    golden_batch(golden, x, classes);
    ck_assert_uint_eq(numbers(section, "loss_before_each_step_and_final", losses, STEPS + 1),
                      STEPS + 1);
    for (size_t step = 0; step <= STEPS; step++) {
        ck_assert_int_eq(snug_forward(session, x, ROWS, step, &z), SNUG_OK);
        ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, &mean),
                         SNUG_OK);
        expect_close(mean, losses[step], losses[step], section_name);
        if (step < STEPS) {
            ck_assert_int_eq(snug_optimizer_step(optimizer, session), SNUG_OK);
        }
    }
    ck_assert_int_eq(snug_model_tensor(model, 0, &first), SNUG_OK);
    expect_flat(model, section, first.values - first.offset);
    snug_loss_free(loss);
    snug_optimizer_free(optimizer);
    snug_session_free(session);
    snug_model_free(model);
    cJSON_Delete(golden);
}

START_TEST(ten_steps_of_sgd) {
    snug_cpu_force((snug_cpu)_i);
    train("sgd", snug_sgd(0.1, 0));
}
END_TEST

START_TEST(ten_steps_of_adam) {
    snug_cpu_force((snug_cpu)_i);
    train("adam", snug_adam(0.01));
}
END_TEST

static Suite *golden_suite(void) {
    Suite *suite = suite_create("golden network");
    TCase *tc = tcase_create("4-8-8-3");
    tcase_add_loop_test(tc, forward_and_gradients, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tc, ten_steps_of_sgd, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tc, ten_steps_of_adam, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(golden_suite)
