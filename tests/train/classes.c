/* Numbers of classes: of the data, of the model's outputs, and of its file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/confusion.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

static snug_dataset *read_text(const char *text, const snug_csv_options *options) {
    char path[] = "/tmp/snug-classes-XXXXXX";
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    ck_assert(fputs(text, file) >= 0);
    ck_assert_int_eq(fclose(file), 0);
    snug_dataset *data = snug_dataset_read_csv(path, options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    remove(path);
    return data;
}

/* ---- numbers of classes ---------------------------------------------------------------------- */

#define THREE_CLASSES                                                                              \
    "wide,high,kind\n1,2,oak\n3,1,elm\n2,5,ash\n4,4,oak\n0,3,elm\n7,1,ash\n2,2,oak\n5,0,elm\n"

static void refuses_training(snug_dataset *data, size_t outputs, const char *loss,
                             const char *message) {
    snug_model *model = mlp(snug_dataset_column_count(data), outputs);
    snug_fit_options o = {.loss = snug_loss_new(loss), .epochs = 1};
    snug_gradient_report report = {0};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DATA);
    expect_location(message);
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_check_gradients(model, data, &report), SNUG_ERROR_DATA);
    expect_location(message);
    snug_gradient_report_clear(&report);
    snug_model_free(model);
}

START_TEST(named_classes_are_as_many_as_the_outputs) {
    snug_dataset *data = read_text(THREE_CLASSES, NULL);
    refuses_training(data, 5, "softmax_cross_entropy", "the data:");
    refuses_training(data, 4, "focal", "the data:");
    refuses_training(data, 1, "binary_cross_entropy", "the data:");
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_single_class_is_refused_in_training) {
    static const float x[] = {1, 4, 2};
    static const int32_t classes[] = {0, 0, 0};
    snug_dataset *data = read_text("a,b,y\n1,5,yes\n2,4,yes\n3,3,yes\n",
                                   &(snug_csv_options){.task = SNUG_TASK_CLASSIFICATION});
    const char *message = "the data:";
    refuses_training(data, 1, "softmax_cross_entropy", message);
    refuses_training(data, 1, "binary_cross_entropy", message);
    snug_dataset_free(data);
    data = snug_dataset_from_arrays(x, 3, 1, classes);
    refuses_training(data, 1, "softmax_cross_entropy", message);
    snug_dataset_free(data);
}
END_TEST

/* The largest class of an array may be missing: the others have numbers for names. */
START_TEST(numbered_classes_may_be_fewer_than_the_outputs) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, 5), *loaded;
    snug_fit_options o = {.epochs = 1};
    double counts[25], sum = 0;
    size_t size;
    char *bytes;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_str_eq(snug_model_class_name(model, 4), "4");
    ck_assert_ptr_null(snug_model_class_name(model, 5));
    ck_assert_int_eq(confusion_of(model, data, 5, counts), SNUG_OK);
    for (size_t i = 0; i < 25; i++) {
        sum += counts[i];
    }
    ck_assert_double_eq(sum, BLOB_ROWS);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    ck_assert_msg(snug_fit(loaded, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_free(bytes);
    snug_model_free(loaded);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* More classes than outputs, with weights that count the rows of each class. */
START_TEST(a_gradient_check_counts_no_class_beyond_the_outputs) {
    enum { ROWS = 400, CLASSES = 200 };
    static float x[ROWS];
    static int32_t classes[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        x[i] = (float)(i % 7);
        classes[i] = (int32_t)(i % CLASSES);
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 1, classes);
    refuses_training(data, 8,
                     "{\"type\": \"softmax_cross_entropy\", \"class_weights\": \"balanced\"}",
                     "the data:");
    snug_dataset_free(data);
}
END_TEST

/* ---- model files ----------------------------------------------------------------------------- */

/* The bytes of a model file with `from` in its header replaced, and the length set right. */
static char *edited(const char *bytes, size_t *size, const char *from, const char *to) {
    size_t length = 0;
    for (size_t i = 0; i < 8; i++) {
        length |= (size_t)(unsigned char)bytes[i] << (8 * i);
    }
    const char *text = bytes + 8, *at = NULL;
    for (size_t i = 0; at == NULL && i + strlen(from) <= length; i++) {
        at = memcmp(text + i, from, strlen(from)) == 0 ? text + i : NULL;
    }
    ck_assert_msg(at != NULL, "%s", from);
    size_t changed = length - strlen(from) + strlen(to), before = (size_t)(at - bytes);
    char *result = malloc(*size + strlen(to));
    memcpy(result, bytes, before);
    memcpy(result + before, to, strlen(to));
    memcpy(result + before + strlen(to), at + strlen(from), *size - before - strlen(from));
    for (size_t i = 0; i < 8; i++) {
        result[i] = (char)(unsigned char)(changed >> (8 * i));
    }
    *size = *size - strlen(from) + strlen(to);
    return result;
}

static char *trained_bytes(snug_dataset *data, size_t outputs, const char *loss, size_t *size) {
    snug_model *model = mlp(snug_dataset_column_count(data), outputs);
    snug_fit_options o = {.loss = snug_loss_new(loss), .epochs = 1};
    char *bytes;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_model_free(model);
    snug_dataset_free(data);
    return bytes;
}

static void refuses_file(const char *bytes, size_t size, const char *from, const char *to,
                         const char *message) {
    char *other = edited(bytes, &size, from, to);
    ck_assert_ptr_null(snug_model_load_from_memory(other, size));
    expect_location(message);
    free(other);
}

START_TEST(a_file_names_as_many_classes_as_its_model_has) {
    size_t size;
    char *bytes = trained_bytes(read_text(THREE_CLASSES, NULL), 3, "softmax_cross_entropy", &size);
    refuses_file(bytes, size, "[\\\"ash\\\",", "[\\\"ash\\\",\\\"fir\\\",\\\"yew\\\",",
                 "(memory): preprocessing.classes:");
    refuses_file(bytes, size, "[\\\"ash\\\",", "[", "(memory): preprocessing.classes:");
    snug_free(bytes);
    bytes = trained_bytes(lines(), 2, "mse", &size);
    refuses_file(bytes, size, "[\\\"y1\\\",\\\"y2\\\"]", "[\\\"y1\\\"]",
                 "(memory): preprocessing.targets:");
    snug_free(bytes);
}
END_TEST

/* What is not read again is not written. */
START_TEST(a_model_of_other_names_is_not_saved) {
    static const float x[] = {1, 2, 4};
    static const int32_t classes[] = {0, 1, 1};
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 1, classes);
    snug_model *model = mlp(1, 1);
    snug_fit_options o = {.loss = snug_binary_cross_entropy(), .epochs = 1};
    char *bytes;
    size_t size;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), SNUG_OK);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_ERROR_CONFIG);
    expect_location("preprocessing.classes:");
    ck_assert_ptr_null(bytes);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* A file of a single class, which training refuses: it is evaluated and predicts that class. */
START_TEST(a_single_output_that_is_no_logit_is_its_only_class) {
    static const float x[] = {3, 5, -2};
    static const int32_t classes[] = {0, 0, 0};
    static const char *const names[] = {"accuracy",       "f1",       "recall", "balanced_accuracy",
                                        "top_2_accuracy", "log_loss", "roc_auc"};
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 1, classes);
    snug_model *model = snug_model_new(1);
    snug_tensor_info info;
    snug_metrics m;
    int32_t decided[3] = {7, 7, 7};
    double count = 0;
    snug_model_add(model, snug_dense(1));
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    info.values[0] = 2;
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_evaluate(model, data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (snug_evaluate_metrics(model, data, &names[i], 1, &m) != SNUG_OK) {
            ck_assert_msg(strstr(snug_error(), "at least 3 classes") != NULL, "%s", snug_error());
        }
    }
    ck_assert_int_eq(confusion_of(model, data, 1, &count), SNUG_OK);
    ck_assert_double_eq(count, 3);
    snug_session *session = snug_session_new(model, 2);
    ck_assert_int_eq(snug_predict_classes(session, x, 3, NULL, decided), SNUG_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(decided[i], 0);
    }
    ck_assert_uint_eq(snug_model_predicted_class(model, (float[]){1}), 0);
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

/* ---- one rule for the class of a row --------------------------------------------------------- */

/* Sigmoids of 20 and 30 are both 1 in float32: the logits still tell the classes apart. */
START_TEST(saturated_predictions_are_decided_by_logits) {
    static const float x[] = {20, 30, -1, 40, 25, 18, -3, 21, 19};
    static const int32_t classes[] = {1, 0, 2};
    static const int32_t wanted[] = {1, 0, 1};
    snug_model *model = identity(3, "binary_cross_entropy");
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 3, classes);
    snug_session *session = snug_session_new(model, 2);
    double counts[9];
    int32_t decided[3];
    float out[9];
    const char *names[] = {"accuracy", "top_2_accuracy", "recall_micro"};
    snug_metrics m;
    ck_assert_msg(snug_evaluate_metrics(model, data, names, 3, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 2.0 / 3);
    ck_assert_double_eq(snug_metrics_get(&m, "recall_micro"), 2.0 / 3);
    ck_assert_double_eq(snug_metrics_get(&m, "top_2_accuracy"), 1);
    ck_assert_int_eq(confusion_of(model, data, 3, counts), SNUG_OK);
    ck_assert_double_eq(counts[0] + counts[4] + counts[8], 2);
    ck_assert_double_eq(counts[7], 1);
    ck_assert_int_eq(snug_predict_classes(session, x, 3, out, decided), SNUG_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(decided[i], wanted[i]);
    }
    ck_assert_float_eq(out[0], out[1]);
    snug_session_free(session);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* A logit of 1e-9 is above 0, and its sigmoid is 0.5. */
START_TEST(a_single_output_is_decided_by_its_logit) {
    static const float x[] = {1e-9F, -0.25F, 3};
    static const int32_t classes[] = {1, 0, 1};
    snug_model *model = identity(1, "binary_cross_entropy");
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 1, classes);
    snug_session *session = snug_session_new(model, 3);
    int32_t decided[3];
    double counts[4];
    snug_metrics m;
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "accuracy"), 1);
    ck_assert_int_eq(confusion_of(model, data, 2, counts), SNUG_OK);
    ck_assert_double_eq(counts[0], 1);
    ck_assert_double_eq(counts[3], 2);
    ck_assert_int_eq(snug_predict_classes(session, x, 3, NULL, decided), SNUG_OK);
    ck_assert_int_eq(decided[0], 1);
    ck_assert_uint_eq(snug_model_predicted_class(model, (float[]){0.5001F}), 1);
    ck_assert_uint_eq(snug_model_predicted_class(model, (float[]){0.4999F}), 0);
    snug_session_free(session);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *classes_suite(void) {
    Suite *suite = suite_create("classes");
    TCase *tc = tcase_create("classes");
    tcase_add_test(tc, named_classes_are_as_many_as_the_outputs);
    tcase_add_test(tc, a_single_class_is_refused_in_training);
    tcase_add_test(tc, numbered_classes_may_be_fewer_than_the_outputs);
    tcase_add_test(tc, a_gradient_check_counts_no_class_beyond_the_outputs);
    tcase_add_test(tc, a_file_names_as_many_classes_as_its_model_has);
    tcase_add_test(tc, a_model_of_other_names_is_not_saved);
    tcase_add_test(tc, a_single_output_that_is_no_logit_is_its_only_class);
    tcase_add_test(tc, saturated_predictions_are_decided_by_logits);
    tcase_add_test(tc, a_single_output_is_decided_by_its_logit);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(classes_suite)
