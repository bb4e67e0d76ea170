/* A call of snug_fit() that fails before its first step leaves the model as it was. */
#include <string.h>

#include "support/problems.h"
#include "support/suite.h"

static char *bytes_of(const snug_model *model, size_t *size) {
    char *bytes;
    ck_assert_msg(snug_model_save_to_memory(model, &bytes, size) == SNUG_OK, "%s", snug_error());
    return bytes;
}

static void same_bytes(const snug_model *a, const snug_model *b) {
    size_t a_size, b_size;
    char *a_bytes = bytes_of(a, &a_size), *b_bytes = bytes_of(b, &b_size);
    ck_assert_uint_eq(a_size, b_size);
    ck_assert_mem_eq(a_bytes, b_bytes, a_size);
    snug_free(a_bytes);
    snug_free(b_bytes);
}

/* Another loss, scaling and seed than fit_rightly(), and metrics that there are not. */
static void fit_wrongly(snug_model *model, const snug_dataset *data) {
    static const char *const wrong[] = {"no_such_metric"};
    snug_fit_options o = {.loss = snug_loss_new("{\"type\": \"softmax_cross_entropy\", "
                                                "\"class_weights\": \"balanced\"}"),
                          .scaling = SNUG_SCALING_MIN_MAX,
                          .seed = 3,
                          .metrics = wrong,
                          .metric_count = 1};
    snug_history *history;
    ck_assert_int_ne(snug_fit(model, data, &o, &history), SNUG_OK);
    ck_assert_ptr_nonnull(strstr(snug_error(), "no_such_metric"));
    ck_assert_ptr_null(history);
    ck_assert_uint_eq(snug_history_epoch_count(history), 0);
    ck_assert_ptr_null(snug_history_train(history, 1));
    ck_assert_ptr_null(snug_history_validation(history, 1));
}

static void fit_rightly(snug_model *model, const snug_dataset *data) {
    snug_fit_options o = {.epochs = 2, .batch_size = 10, .seed = 8};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
}

static snug_loss *balanced_loss(void) {
    return snug_loss_new("{\"type\": \"softmax_cross_entropy\", \"class_weights\": \"balanced\"}");
}

static snug_model *balanced(void) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_int_eq(snug_model_set_loss(model, balanced_loss()), SNUG_OK);
    return model;
}

START_TEST(a_new_model_stays_new) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *other = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_metrics m;
    fit_wrongly(model, data);
    ck_assert_int_ne(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_ptr_null(snug_model_preprocessing(model));
    fit_rightly(model, data);
    fit_rightly(other, data);
    same_bytes(model, other);
    snug_model_free(model);
    snug_model_free(other);
    snug_dataset_free(data);
}
END_TEST

/* Weights, loss and scaling of a trained model, to the bit. */
START_TEST(a_trained_model_stays_trained) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *other = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    fit_rightly(model, data);
    fit_rightly(other, data);
    fit_wrongly(model, data);
    same_bytes(model, other);
    snug_model_free(model);
    snug_model_free(other);
    snug_dataset_free(data);
}
END_TEST

/* "balanced" is by the rows of the call that trains. */
START_TEST(balanced_weights_are_still_to_come) {
    static const char *const wrong[] = {"no_such_metric"};
    const float x[5 * BLOB_COLUMNS] = {0.5F, -1, 2, 0.25F, 1.5F, -0.75F, 3, 1, -2, 0.1F, 4};
    const int32_t classes[5] = {0, 1, 2, 2, 2};
    snug_dataset *data = blobs(), *few = snug_dataset_from_arrays(x, 5, BLOB_COLUMNS, classes);
    snug_model *model = balanced(), *other = balanced();
    snug_fit_options o = {.metrics = wrong, .metric_count = 1};
    ck_assert_int_ne(snug_fit(model, few, &o, NULL), SNUG_OK);
    fit_rightly(model, data);
    fit_rightly(other, data);
    same_bytes(model, other);
    snug_model_free(model);
    snug_model_free(other);
    snug_dataset_free(data);
    snug_dataset_free(few);
}
END_TEST

static Suite *again_suite(void) {
    Suite *s = suite_create("again");
    TCase *tc = tcase_create("again");
    tcase_add_test(tc, a_new_model_stays_new);
    tcase_add_test(tc, a_trained_model_stays_trained);
    tcase_add_test(tc, balanced_weights_are_still_to_come);
    suite_add_tcase(s, tc);
    return s;
}

REGISTER_SUITE(again_suite)
