/* Handles that are given twice, and NULL instead of what a function could not make. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "handles.h"
#include "kinds/handles.h"
#include "support/errors.h"
#include "support/suite.h"

enum { TEXT = 1024 };

static const float some_x[2 * BLOB_COLUMNS] = {0.5F, -1, 2, 0.25F, 1.5F, -0.75F};

/* ---- NULL ------------------------------------------------------------------------------------ */

/* A model to which NULL was added keeps that error. */
START_TEST(a_null_layer_is_a_first_error) {
    snug_model *model = snug_model_new(2);
    ck_assert_int_eq(snug_model_add(model, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the layer:");
    ck_assert_int_eq(snug_model_add(model, NULL), SNUG_ERROR_ARGUMENT);
    fail_otherwise();
    ck_assert_int_eq(snug_model_add(model, snug_dense(4)), SNUG_ERROR_ARGUMENT);
    expect_location("the layer:");
    ck_assert_uint_eq(snug_handle_count(), 0);
    snug_model_free(model);
}
END_TEST

/* A NULL has the reason of the thread's last failure only where that made one of its type. */
START_TEST(null_objects_have_no_unrelated_reason) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    fail_otherwise();
    ck_assert_int_eq(snug_fit(model, NULL, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the data:");
    ck_assert_ptr_null(snug_dataset_read_csv("/nonexistent.csv", NULL));
    ck_assert_int_eq(snug_fit(NULL, data, NULL, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the model:");
    ck_assert_ptr_null(snug_dataset_read_csv("/nonexistent.csv", NULL));
    ck_assert_int_eq(snug_predict(NULL, some_x, 2, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the session:");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

START_TEST(null_sessions_and_models_are_refused) {
    snug_loss *loss = snug_mse();
    snug_optimizer *adam = snug_adam(0.01);
    const snug_targets targets = {.values = some_x};
    const float *outputs;
    snug_memory_info info;
    float out[2];
    const snug_status refused[] = {snug_forward(NULL, some_x, 2, 0, &outputs),
                                   snug_backward(NULL, loss, &targets, NULL),
                                   snug_optimizer_step(adam, NULL),
                                   snug_predict(NULL, some_x, 2, out),
                                   snug_session_accumulate(NULL, true),
                                   snug_clip_norm(NULL, 1, NULL),
                                   snug_clip_value(NULL, 1),
                                   snug_model_memory(NULL, 5, adam, &info)};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        ck_assert_int_eq(refused[i], SNUG_ERROR_ARGUMENT);
    }
    expect_location("the model:");
    snug_loss_free(loss);
    snug_optimizer_free(adam);
}
END_TEST

START_TEST(null_objects_have_the_reason_of_their_constructor) {
    static const char reason[] = "the model:";
    snug_model *model = snug_model_new(0);
    snug_status status = snug_error_status();
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), status);
    expect_location(reason);
    ck_assert_int_eq(snug_model_set_loss(model, snug_mse()), status);
    expect_location(reason);
    ck_assert_int_eq(snug_fit(model, NULL, NULL, NULL), status);
    expect_location(reason);
    ck_assert_uint_eq(snug_handle_count(), 0);

    model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_session *session = snug_session_new(model, 4); /* without weights */
    status = snug_error_status();
    ck_assert_int_eq(snug_predict(session, some_x, 2, NULL), status);
    ck_assert_ptr_nonnull(strstr(snug_error(), "one failed: the model has no weights"));
    snug_model_free(model);
}
END_TEST

/* ---- twice ----------------------------------------------------------------------------------- */

static snug_status fit_blobs(const snug_fit_options *options) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_status status = snug_fit(model, data, options, NULL);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

static snug_fit_options new_options(size_t i) {
    return (snug_fit_options){.loss = i == 0 ? snug_softmax_cross_entropy() : NULL,
                              .optimizer = i == 1 ? snug_adam(0.01) : NULL,
                              .schedule = i == 2 ? snug_schedule_new("cosine") : NULL,
                              .weight_decay_schedule = i == 3 ? snug_schedule_new("cosine") : NULL,
                              .epochs = 2,
                              .threads = 1};
}

static const char *const used_up[] = {"the loss of the", "the optimizer of the",
                                      "the schedule of the", "the weight_decay_schedule of the"};

START_TEST(options_serve_one_fit) {
    const snug_fit_options options = new_options((size_t)_i);
    ck_assert_int_eq(fit_blobs(&options), SNUG_OK);
    for (int times = 0; times < 3; times++) {
        ck_assert_int_eq(fit_blobs(&options), SNUG_ERROR_ARGUMENT);
        expect_location(used_up[_i]);
    }
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

/* Another optimizer that is made in between is not taken for the one that is used up. */
START_TEST(options_that_are_used_up_take_no_other_handle) {
    const snug_fit_options first = new_options(1);
    ck_assert_int_eq(fit_blobs(&first), SNUG_OK);
    const snug_fit_options second = new_options(1);
    ck_assert_int_eq(fit_blobs(&first), SNUG_ERROR_ARGUMENT);
    expect_location(used_up[1]);
    ck_assert_int_eq(fit_blobs(&second), SNUG_OK);
}
END_TEST

/* Refused options are used up too, whatever is wrong. */
START_TEST(refused_options_are_taken_over) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *broken = mlp(BLOB_COLUMNS, 0);
    for (size_t i = 0; i < 3; i++) {
        snug_fit_options options = new_options(i);
        options.validation = 2;
        ck_assert_int_eq(snug_fit(model, data, &options, NULL), SNUG_ERROR_ARGUMENT);
        ck_assert_uint_eq(snug_handle_count(), 0);
        options = new_options(i);
        ck_assert_int_eq(snug_fit(model, NULL, &options, NULL), SNUG_ERROR_ARGUMENT);
        options = new_options(i);
        ck_assert_int_eq(snug_fit(broken, data, &options, NULL), SNUG_ERROR_ARGUMENT);
        options = new_options(i);
        ck_assert_int_eq(snug_fit(NULL, data, &options, NULL), SNUG_ERROR_ARGUMENT);
        ck_assert_uint_eq(snug_handle_count(), 0);
    }
    const snug_fit_options wrong = {
        .loss = snug_mse(), .optimizer = snug_adam(-1), .schedule = snug_schedule_new("cosin")};
    ck_assert_int_eq(snug_fit(broken, data, &wrong, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("adam.learning_rate:");
    ck_assert_uint_eq(snug_handle_count(), 0);
    snug_model_free(model);
    snug_model_free(broken);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_layer_serves_one_model) {
    snug_model *one = snug_model_new(3), *two = snug_model_new(3);
    snug_layer *layer = snug_dense(4), *freed = snug_dense(4);
    ck_assert_int_eq(snug_model_add(one, layer), SNUG_OK);
    is_refused(snug_model_add(one, layer));
    is_refused(snug_model_add(two, layer));
    snug_layer_free(layer);
    snug_layer_free(freed);
    snug_layer_free(freed);
    snug_model_free(two);
    two = snug_model_new(3);
    is_refused(snug_model_add(two, freed));
    ck_assert_uint_eq(snug_model_layer_count(one), 1);
    snug_model_free(one);
    snug_model_free(two);
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

START_TEST(a_loss_serves_one_model) {
    snug_model *one = mlp(3, 2), *two = mlp(3, 2);
    snug_loss *loss = snug_mse();
    ck_assert_int_eq(snug_model_set_loss(one, loss), SNUG_OK);
    is_refused(snug_model_set_loss(one, loss));
    is_refused(snug_model_set_loss(two, loss));
    is_refused(backward_by(loss));
    is_refused(fit_by_loss(loss));
    snug_model_free(one);
    is_refused(check_gradients_by(loss));
    snug_loss_free(loss);
    snug_model_free(two);
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 12 };

typedef struct fitter {
    snug_dataset *data;
    snug_model *model;
    const snug_fit_options *options;
    pthread_barrier_t *start;
    snug_status status;
    char message[TEXT];
} fitter;

static void *fit_shared(void *user) {
    fitter *f = user;
    pthread_barrier_wait(f->start);
    f->status = snug_fit(f->model, f->data, f->options, NULL);
    snprintf(f->message, sizeof f->message, "%s", snug_error());
    return NULL;
}

/* Threads fit models of their own by the same options; returns how many of them got the status. */
static size_t fit_in_threads(const snug_fit_options *options, snug_status status,
                             const char *message) {
    pthread_t threads[THREADS];
    fitter fitters[THREADS];
    pthread_barrier_t start;
    size_t count = 0, refused = 0;
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        fitters[i] = (fitter){.data = blobs(),
                              .model = mlp(BLOB_COLUMNS, BLOB_CLASSES),
                              .options = options,
                              .start = &start};
    }
    for (size_t i = 0; i < THREADS; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, fit_shared, &fitters[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        bool same = status == SNUG_OK || strncmp(fitters[i].message, message, strlen(message)) == 0;
        count += fitters[i].status == status && same;
        refused += fitters[i].status == SNUG_ERROR_ARGUMENT &&
                   strncmp(fitters[i].message, used_up[1], strlen(used_up[1])) == 0;
        snug_model_free(fitters[i].model);
        snug_dataset_free(fitters[i].data);
    }
    pthread_barrier_destroy(&start);
    ck_assert_uint_eq(count + refused, THREADS);
    return count;
}

START_TEST(options_serve_one_thread) {
    for (int round = 0; round < ROUNDS; round++) {
        snug_fit_options options = new_options(1);
        ck_assert_uint_eq(fit_in_threads(&options, SNUG_OK, ""), 1);
        options.optimizer = snug_adam(-1);
        ck_assert_uint_eq(fit_in_threads(&options, SNUG_ERROR_ARGUMENT, "adam.learning_rate:"), 1);
    }
    ck_assert_uint_eq(snug_handle_count(), 0);
}
END_TEST

static Suite *used_handles_suite(void) {
    Suite *suite = suite_create("used handles");
    TCase *tc = tcase_create("used handles");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, a_null_layer_is_a_first_error);
    tcase_add_test(tc, null_objects_have_no_unrelated_reason);
    tcase_add_test(tc, null_sessions_and_models_are_refused);
    tcase_add_test(tc, null_objects_have_the_reason_of_their_constructor);
    tcase_add_loop_test(tc, options_serve_one_fit, 0, 4);
    tcase_add_test(tc, options_that_are_used_up_take_no_other_handle);
    tcase_add_test(tc, refused_options_are_taken_over);
    tcase_add_test(tc, a_layer_serves_one_model);
    tcase_add_test(tc, a_loss_serves_one_model);
    tcase_add_test(tc, options_serve_one_thread);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(used_handles_suite)
