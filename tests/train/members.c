/* Models with members (batch_ensemble): golden values from PyTorch, means, losses, metrics. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "session/session.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MEMBERS = 3, INPUTS = 4, CLASSES = 3, ROWS = 6, NUMBERS = 256 };

/* ---- golden values --------------------------------------------------------------------------- */

static cJSON *read_golden(void) {
    size_t n = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/batch_ensemble.json", &n);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, n);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

/* Reads the numbers of an array of numbers or of arrays, and returns how many. */
static size_t read_numbers(const cJSON *object, const char *key, float *out) {
    const cJSON *item, *inner, *array = cJSON_GetObjectItemCaseSensitive(object, key);
    size_t n = 0;
    ck_assert_msg(cJSON_IsArray(array), "%s", key);
    cJSON_ArrayForEach(item, array) {
        if (cJSON_IsNumber(item)) {
            out[n++] = (float)item->valuedouble;
        }
        cJSON_ArrayForEach(inner, item) {
            out[n++] = (float)inner->valuedouble;
        }
        ck_assert_uint_le(n, NUMBERS);
    }
    return n;
}

static double read_number(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key)->valuedouble;
}

static void expect_close(const char *what, size_t n, const float *got, const float *wanted) {
    double scale = 1e-3;
    for (size_t i = 0; i < n; i++) {
        scale = fmax(scale, fabs((double)wanted[i]));
    }
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(fabs((double)got[i] - (double)wanted[i]) <= 4e-6 * scale,
                      "%s[%zu]: %.9g, not %.9g", what, i, (double)got[i], (double)wanted[i]);
    }
}

static snug_model *golden_model(const cJSON *golden) {
    const cJSON *tensors = cJSON_GetObjectItemCaseSensitive(golden, "tensors");
    snug_model *model = snug_model_new(INPUTS);
    snug_model_add(model, snug_batch_ensemble(5, MEMBERS, true));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_batch_ensemble(7, MEMBERS, true));
    snug_model_add(model, snug_tanh());
    ck_assert_int_eq(snug_model_add(model, snug_batch_ensemble(CLASSES, MEMBERS, false)), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq((int)snug_model_tensor_count(model), cJSON_GetArraySize(tensors));
    for (size_t i = 0; i < snug_model_tensor_count(model); i++) {
        snug_tensor_info info;
        float values[NUMBERS];
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        ck_assert_uint_eq(read_numbers(tensors, info.name, values), info.rows * info.columns);
        memcpy(info.values, values, info.rows * info.columns * sizeof *values);
    }
    return model;
}

static snug_dataset *golden_data(const cJSON *golden) {
    static float x[NUMBERS], weights[NUMBERS], labels[NUMBERS];
    static int32_t classes[ROWS];
    ck_assert_uint_eq(read_numbers(golden, "x", x), ROWS * INPUTS);
    ck_assert_uint_eq(read_numbers(golden, "weights", weights), ROWS);
    ck_assert_uint_eq(read_numbers(golden, "classes", labels), ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)labels[i];
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    return data;
}

/* Checks the loss and all gradients of a training pass. */
static void check_training(const cJSON *golden, snug_model *model) {
    const cJSON *gradients = cJSON_GetObjectItemCaseSensitive(golden, "gradients");
    float x[NUMBERS], weights[NUMBERS], labels[NUMBERS], wanted[NUMBERS];
    int32_t classes[ROWS];
    const float *z;
    double loss;
    read_numbers(golden, "x", x);
    read_numbers(golden, "weights", weights);
    read_numbers(golden, "classes", labels);
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)labels[i];
    }
    snug_session *session = snug_session_new_training(model, ROWS, 1);
    snug_loss *cross_entropy = snug_softmax_cross_entropy();
    const snug_targets targets = {.classes = classes, .weights = weights};
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, cross_entropy, &targets, &loss), SNUG_OK);
    ck_assert(fabs(loss - read_number(golden, "loss")) < 1e-6);
    for (size_t i = 0; i < snug_model_tensor_count(model); i++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        size_t n = read_numbers(gradients, info.name, wanted);
        expect_close(info.name, n, session->arena.gradients + info.offset, wanted);
    }
    snug_loss_free(cross_entropy);
    snug_session_free(session);
}

START_TEST(golden_values) {
    cJSON *golden = read_golden();
    snug_cpu_force((snug_cpu)_i);
    snug_model *model = golden_model(golden);
    snug_dataset *data = golden_data(golden);
    float x[NUMBERS], wanted[NUMBERS], got[ROWS * CLASSES];
    snug_metrics metrics;
    read_numbers(golden, "x", x);
    read_numbers(golden, "probabilities", wanted);
    check_training(golden, model);
    snug_session *session = snug_session_new(model, 4); /* blocks of 4 and 2 rows */
    ck_assert_int_eq(snug_predict(session, x, ROWS, got), SNUG_OK);
    expect_close("probabilities", sizeof got / sizeof *got, got, wanted);
    ck_assert_int_eq(snug_evaluate(model, data, &metrics), SNUG_OK);
    const double loss = read_number(golden, "loss_of_mean");
    ck_assert(fabs(snug_metrics_get(&metrics, "loss") - loss) < 1e-6);
    ck_assert(fabs(snug_metrics_get(&metrics, "log_loss") - loss) < 1e-6);
    ck_assert(fabs(snug_metrics_get(&metrics, "accuracy") - read_number(golden, "accuracy")) <
              1e-12);
    snug_session_free(session);
    snug_dataset_free(data);
    snug_model_free(model);
    snug_cpu_force(SNUG_CPU_COUNT);
    cJSON_Delete(golden);
}
END_TEST

/* ---- training -------------------------------------------------------------------------------- */

static snug_model *members_model(size_t outputs) {
    snug_model *model = snug_model_new(BLOB_COLUMNS);
    snug_model_add(model, snug_batch_ensemble(8, 5, true));
    snug_model_add(model, snug_selu());
    ck_assert_int_eq(snug_model_add(model, snug_batch_ensemble(outputs, 5, false)), SNUG_OK);
    return model;
}

/* What an epoch reports of the validation rows is what an evaluation returns. */
static void check_validation(snug_dataset *data, size_t outputs, const char *const *names,
                             size_t count) {
    snug_model *model = members_model(outputs);
    snug_history *history;
    snug_metrics metrics;
    const snug_fit_options options = {.epochs = 4,
                                      .batch_size = 8,
                                      .validation_data = data,
                                      .metrics = names,
                                      .metric_count = count,
                                      .seed = 2};
    ck_assert_msg(snug_fit(model, data, &options, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate_metrics(model, data, names, count, &metrics), SNUG_OK);
    const snug_metrics *last = snug_history_validation(history, 4);
    ck_assert_uint_eq(last->count, count + 1);
    for (size_t i = 0; i < last->count; i++) {
        ck_assert_str_eq(last->values[i].name, metrics.values[i].name);
        ck_assert_msg(last->values[i].value == metrics.values[i].value, "%s: %.12g, not %.12g",
                      last->values[i].name, last->values[i].value, metrics.values[i].value);
        ck_assert(isfinite(last->values[i].value));
    }
    ck_assert(isfinite(snug_metrics_get(snug_history_train(history, 4), names[0])));
    snug_history_free(history);
    snug_model_free(model);
    snug_dataset_free(data);
}

START_TEST(history_and_evaluation_agree) {
    check_validation(blobs(), BLOB_CLASSES,
                     (const char *[]){"accuracy", "log_loss", "roc_auc", "f1"}, 4);
    check_validation(lines(), 2, (const char *[]){"rmse", "r2", "mae"}, 3);
}
END_TEST

/*
 * Values: the prediction in the targets' units is the mean of the members', the loss of the
 * averaged prediction is mse, and no larger than the mean of the members' losses.
 */
START_TEST(values_are_averaged_in_their_units) {
    snug_dataset *data = lines();
    snug_model *model = members_model(2);
    snug_metrics metrics;
    float predictions[BLOB_ROWS * 2], features[BLOB_ROWS * BLOB_COLUMNS];
    double squares = 0;
    ck_assert_int_eq(snug_fit(model, data, &(snug_fit_options){.epochs = 9, .seed = 2}, NULL),
                     SNUG_OK);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, features + i * BLOB_COLUMNS), SNUG_OK);
    }
    snug_session *session = snug_session_new_parallel(model, 16, 3);
    ck_assert_int_eq(snug_predict(session, features, BLOB_ROWS, predictions), SNUG_OK);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        for (size_t j = 0; j < 2; j++) {
            double error = (double)predictions[2 * i + j] - (double)snug_dataset_values(data, i)[j];
            squares += error * error;
        }
    }
    ck_assert_int_eq(snug_evaluate(model, data, &metrics), SNUG_OK);
    const double mse = squares / (2 * BLOB_ROWS);
    ck_assert(fabs(snug_metrics_get(&metrics, "loss") - mse) < 1e-5 * mse);
    ck_assert(fabs(snug_metrics_get(&metrics, "mse") - mse) < 1e-5 * mse);
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* Batches that are added up make the step of one large batch. */
START_TEST(accumulation_is_a_larger_batch) {
    snug_dataset *data = blobs();
    float predictions[2][BLOB_ROWS * BLOB_CLASSES], features[BLOB_ROWS * BLOB_COLUMNS];
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, features + i * BLOB_COLUMNS), SNUG_OK);
    }
    for (size_t k = 0; k < 2; k++) {
        snug_model *model = members_model(BLOB_CLASSES);
        const snug_fit_options options = {.epochs = 3,
                                          .batch_size = k == 0 ? 24 : 8,
                                          .accumulate = k == 0 ? 0 : 3,
                                          .optimizer = snug_sgd(0.05, 0),
                                          .seed = 2};
        ck_assert_msg(snug_fit(model, data, &options, NULL) == SNUG_OK, "%s", snug_error());
        snug_session *session = snug_session_new(model, 16);
        ck_assert_int_eq(snug_predict(session, features, BLOB_ROWS, predictions[k]), SNUG_OK);
        snug_session_free(session);
        snug_model_free(model);
    }
    expect_close("probabilities", BLOB_ROWS * BLOB_CLASSES, predictions[1], predictions[0]);
    snug_dataset_free(data);
}
END_TEST

static Suite *members_suite(void) {
    Suite *suite = suite_create("members");
    TCase *tests = tcase_create("members");
    tcase_add_loop_test(tests, golden_values, 0, (int)snug_cpu_best() + 1);
    tcase_add_test(tests, history_and_evaluation_agree);
    tcase_add_test(tests, values_are_averaged_in_their_units);
    tcase_add_test(tests, accumulation_is_a_larger_batch);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(members_suite)
