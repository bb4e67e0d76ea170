/* Sessions: blocks of rows, threads, statistics, memory, wrong calls. */
#include <pthread.h>
#include <string.h>

#include "core/processors.h"
#include "session/forward.h" /* IWYU pragma: keep */
#include "session/session.h"
#include "session/threads.h"
#include "support.h"
#include "support/errors.h"
#include "support/overrun.h" /* IWYU pragma: keep */
#include "support/suite.h"

enum { INPUTS = 5, OUTPUTS = 3, ROWS = 23 };

START_TEST(prediction_is_a_softmax_of_forward) {
    float x[ROWS * INPUTS], out[ROWS * OUTPUTS], sum;
    snug_model *model = small_model();
    snug_session *session = snug_session_new(model, 4);
    fill_numbers(1, ROWS * INPUTS, x);
    ck_assert_int_eq(snug_predict(session, x, ROWS, out), SNUG_OK);
    for (size_t i = 0; i < ROWS; i++) {
        const float *p = out + i * OUTPUTS;
        sum = p[0] + p[1] + p[2];
        ck_assert_float_eq_tol(sum, 1, 1e-6F);
        ck_assert(p[0] > 0 && p[1] > 0 && p[2] > 0);
        ck_assert(p[snug_model_predicted_class(model, p)] >= p[0]);
    }
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

typedef struct job {
    const snug_model *model;
    const float *x;
    float out[ROWS * OUTPUTS];
} job;

static void *predict(void *arg) {
    job *j = arg;
    for (int round = 0; round < 20; round++) {
        snug_session *session = snug_session_new(j->model, 8);
        if (session != NULL) {
            snug_predict(session, j->x, ROWS, j->out);
        }
        snug_session_free(session);
    }
    return NULL;
}

START_TEST(threads_predict_the_same_bits) {
    enum { THREADS = 4 };
    float x[ROWS * INPUTS];
    snug_model *model = small_model();
    pthread_t threads[THREADS];
    static job jobs[THREADS];
    fill_numbers(1, ROWS * INPUTS, x);
    for (size_t i = 0; i < THREADS; i++) {
        jobs[i].model = model;
        jobs[i].x = x;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, predict, &jobs[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert(jobs[0].out[0] > 0);
    for (size_t i = 1; i < THREADS; i++) {
        ck_assert_mem_eq(jobs[0].out, jobs[i].out, sizeof jobs[0].out);
    }
    snug_model_free(model);
}
END_TEST

/*
 * Layers of other widths, which threads reach at different times, and a block that leaves threads
 * idle.
 */
START_TEST(sessions_of_threads_predict_the_same_bits) {
    enum { WIDE = 61 };
    float x[WIDE * INPUTS], one[WIDE * OUTPUTS], more[WIDE * OUTPUTS];
    snug_model *model = small_model();
    snug_session *alone = snug_session_new(model, 20);
    fill_numbers(8, WIDE * INPUTS, x);
    ck_assert_int_eq(snug_predict(alone, x, WIDE, one), SNUG_OK);
    for (size_t threads = 2; threads < 5; threads++) {
        snug_session *session = snug_session_new_parallel(model, 20, threads);
        ck_assert_msg(session != NULL, "%s", snug_error());
        for (int round = 0; round < 10; round++) {
            memset(more, 0, sizeof more);
            ck_assert_int_eq(snug_predict(session, x, WIDE, more), SNUG_OK);
            ck_assert_mem_eq(one, more, sizeof one);
        }
        snug_session_free(session);
    }
    snug_session_free(alone);
    snug_model_free(model);
}
END_TEST

/* Of a step so large that each thread pays. */
START_TEST(there_are_as_many_threads_as_processors_may_be_used) {
    snug_model *model = small_model();
    ck_assert_uint_eq(snug_threads_for(model, (size_t)1 << 50, true, 0), snug_processors());
    ck_assert_uint_eq(snug_threads_for(model, (size_t)1 << 50, true, 3), 3);
    ck_assert_uint_eq(snug_threads_for(model, 1, true, 0), 1);
    snug_model_free(model);
}
END_TEST

START_TEST(too_many_threads_are_refused) {
    snug_model *model = small_model();
    ck_assert_ptr_null(snug_session_new_parallel(model, 20, SNUG_MAX_THREADS + 1));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    expect_location("threads:");
    snug_model_free(model);
}
END_TEST

START_TEST(statistics_of_each_layer) {
    float x[ROWS * INPUTS];
    static const int32_t classes[ROWS] = {0, 1, 2};
    double means[3], variances[3], mean = 0, square = 0;
    snug_model *model = small_model();
    snug_dataset *data;
    snug_session *session = snug_session_new_training(model, ROWS, 0);
    const float *z;
    fill_numbers(5, ROWS * INPUTS, x);
    data = snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
    ck_assert_int_eq(snug_model_statistics(model, data, means, variances), SNUG_OK);
    ck_assert_int_eq(snug_forward(session, x, ROWS, 0, &z), SNUG_OK);
    for (size_t i = 0; i < ROWS * OUTPUTS; i++) {
        mean += (double)z[i] / (ROWS * OUTPUTS);
        square += (double)z[i] * (double)z[i] / (ROWS * OUTPUTS);
    }
    ck_assert_double_eq_tol(means[2], mean, 1e-6);
    ck_assert_double_eq_tol(variances[2], square - mean * mean, 1e-6);
    ck_assert(variances[1] < variances[0]); /* tanh squeezes */
    snug_dataset_free(data);
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

START_TEST(memory_of_a_step) {
    snug_model *model = small_model();
    snug_optimizer *adam = snug_adam(0.001);
    snug_memory_info one, two;
    ck_assert_int_eq(snug_model_memory(model, 1, adam, &one), SNUG_OK);
    ck_assert_int_eq(snug_model_memory(model, 64, adam, &two), SNUG_OK);
    ck_assert_uint_ge(one.parameters, 39 * sizeof(float));
    ck_assert_uint_eq(one.moments, 2 * one.gradients);
    ck_assert_uint_eq(one.total, one.parameters + one.gradients + one.moments + one.activations);
    ck_assert_uint_gt(two.activations, one.activations);
    ck_assert_uint_eq(two.parameters, one.parameters);
    ck_assert_int_eq(snug_model_memory(model, (size_t)-1 / 8, adam, &two), SNUG_ERROR_MEMORY);
    snug_optimizer_free(adam);
    snug_model_free(model);
}
END_TEST

START_TEST(wrong_calls) {
    float x[2 * INPUTS] = {0};
    static const int32_t classes[2] = {0, 3};
    const float *z;
    snug_model *model = small_model();
    snug_session *session = snug_session_new_training(model, 2, 0),
                 *other = snug_session_new(model, 2);
    snug_loss *loss = snug_softmax_cross_entropy(), *mse = snug_mse();
    ck_assert_ptr_null(snug_session_new(model, 0));
    expect_location("max_rows:");
    ck_assert_int_eq(snug_forward(session, x, 3, 0, &z), SNUG_ERROR_ARGUMENT);
    expect_location("rows:");
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, NULL),
                     SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_forward(session, x, 2, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, NULL),
                     SNUG_ERROR_DATA);
    expect_location("row 1:");
    ck_assert_int_eq(snug_backward(session, mse, &(snug_targets){.classes = classes}, NULL),
                     SNUG_ERROR_DATA);
    expect_location("the loss mse needs");
    ck_assert_int_eq(snug_predict(session, x, 2, x), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_optimizer_step(NULL, session), SNUG_ERROR_ARGUMENT);
    snug_loss_free(loss);
    snug_loss_free(mse);
    snug_session_free(session);
    snug_session_free(other);
    snug_model_free(model);
}
END_TEST

#if SNUG_GUARDS
START_TEST(an_overrun_of_a_buffer_is_reported) {
    snug_model *model = small_model();
    snug_session *session = snug_session_new_training(model, 3, 1);
    assert_exact(session->arena.input, 3 * INPUTS * sizeof(float));
    for (size_t i = 0; i < model->plan->count; i++) {
        const snug_layer_instance *step = &session->layers[i];
        assert_exact(step->y, 3 * step->call.outputs * sizeof(float));
    }
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST

/* While layers run, tensors are separate; else passes go over the whole flat vectors. */
static void assert_tensors_are_exact(void *user, size_t layer, size_t rows, size_t columns,
                                     const float *y) {
    const snug_session *session = user;
    const snug_plan *plan = session->model->plan;
    (void)rows;
    (void)columns;
    (void)y;
    for (size_t i = 0; layer == 0 && i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        const snug_model *model = session->model;
        const float *flat = slot->tensor->state ? model->state : model->parameters;
        assert_exact(flat + slot->offset, slot->size * sizeof *flat);
        if (!slot->tensor->state) {
            assert_exact(session->arena.gradients + slot->offset, slot->size * sizeof *flat);
        }
    }
}

START_TEST(an_overrun_of_a_tensor_is_reported) {
    float x[2 * INPUTS];
    snug_model *model = small_model();
    snug_session *session = snug_session_new_training(model, 3, 1);
    fill_numbers(1, 2 * INPUTS, x);
    snug_session_forward(session, x, 2, 0, assert_tensors_are_exact, session);
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        if (!slot->tensor->state) {
            ck_assert(!is_reported(write_byte, model->parameters + slot->offset + slot->size));
        }
    }
    snug_session_free(session);
    snug_model_free(model);
}
END_TEST
#endif

static Suite *session_suite(void) {
    Suite *suite = suite_create("sessions");
    TCase *tc = tcase_create("sessions");
    tcase_add_test(tc, prediction_is_a_softmax_of_forward);
    tcase_add_test(tc, threads_predict_the_same_bits);
    tcase_add_test(tc, sessions_of_threads_predict_the_same_bits);
    tcase_add_test(tc, there_are_as_many_threads_as_processors_may_be_used);
    tcase_add_test(tc, too_many_threads_are_refused);
    tcase_add_test(tc, statistics_of_each_layer);
    tcase_add_test(tc, memory_of_a_step);
    tcase_add_test(tc, wrong_calls);
#if SNUG_GUARDS
    tcase_add_test(tc, an_overrun_of_a_buffer_is_reported);
    tcase_add_test(tc, an_overrun_of_a_tensor_is_reported);
#endif
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(session_suite)
