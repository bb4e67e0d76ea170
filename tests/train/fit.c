/* The training loop: what it learns, repeats, reports and refuses. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cpu/cpu.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

static snug_fit_options options_of(snug_loss *loss, size_t epochs) {
    return (snug_fit_options){.loss = loss,
                              .optimizer = snug_adam(0.02),
                              .epochs = epochs,
                              .batch_size = 10,
                              .validation = 0.2,
                              .seed = 5};
}

START_TEST(learns_classes) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of(snug_softmax_cross_entropy(), 30);
    snug_history *history;
    const snug_metrics *last;
    ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(snug_history_epoch_count(history), 30);
    ck_assert_ptr_null(snug_history_train(history, 31));
    last = snug_history_train(history, 30);
    ck_assert_uint_eq(last->rows, 38); /* 47 - round(0.2 * 47) */
    ck_assert_double_ge(snug_metrics_get(last, "accuracy"), 0.95);
    ck_assert_double_lt(snug_metrics_get(last, "loss"),
                        0.3 * snug_metrics_get(snug_history_train(history, 1), "loss"));
    last = snug_history_validation(history, 30);
    ck_assert_uint_eq(last->rows, 9);
    ck_assert_double_ge(snug_metrics_get(last, "accuracy"), 0.8);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(learns_values) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2);
    snug_fit_options o = {.optimizer = snug_adam(0.05), .epochs = 400, .batch_size = 47};
    snug_metrics m;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_evaluate(model, data, &m), SNUG_OK);
    ck_assert_double_ge(snug_metrics_get(&m, "r2"), 0.95);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static char *trained_bytes(uint64_t seed, bool keep_order, size_t *size) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of(NULL, 3);
    char *bytes;
    o.seed = seed;
    o.keep_order = keep_order;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_dataset_free(data);
    snug_model_free(model);
    return bytes;
}

/*
 * What needs one look at all rows: the loss falls each epoch, whatever the batches, and then it
 * ends.
 */
START_TEST(an_optimizer_of_all_rows) {
    double losses[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        snug_dataset *data = lines();
        snug_model *model = mlp(BLOB_COLUMNS, 2);
        snug_history *history;
        snug_fit_options o = {.optimizer = snug_optimizer_new("lbfgs"),
                              .epochs = 150,
                              .batch_size = i == 0 ? 47 : 10,
                              .seed = 2,
                              .target_scaling = SNUG_TARGET_SCALING_NONE};
        double before = INFINITY;
        ck_assert_msg(snug_fit(model, data, &o, &history) == SNUG_OK, "%s", snug_error());
        for (size_t e = 0; e < snug_history_epoch_count(history); e++) {
            losses[i] = snug_metrics_get(snug_history_train(history, e + 1), "loss");
            ck_assert_double_le(losses[i], before);
            before = losses[i];
        }
        ck_assert_double_lt(losses[i], 1e-2);
        snug_history_free(history);
        snug_dataset_free(data);
        snug_model_free(model);
    }
    ck_assert_double_le(fabs(log(losses[0] / losses[1])), 3.0);
}
END_TEST

START_TEST(what_all_rows_cannot_go_with) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.optimizer = snug_optimizer_new("lbfgs"), .epochs = 1, .clip_norm = 1};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("clipping:");
    snug_model_free(model);
    model = snug_model_new(BLOB_COLUMNS);
    snug_model_add(model, snug_layer_new("{\"type\": \"dropout\", \"rate\": 0.5}"));
    snug_model_add(model, snug_dense(BLOB_CLASSES));
    o = (snug_fit_options){.optimizer = snug_optimizer_new("lbfgs"), .epochs = 1};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the optimizer computes the loss of all rows repeatedly, and a layer "
                    "\"dropout\" gives it another loss each time:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/*
 * Layers that threads share out, an input in place, masks, a cache, and a weight large enough to be
 * cut.
 */
static const char shared_config[] =
    "{\"model\": {\"inputs\": 7, \"layers\": [\"selu\", {\"type\": \"dense\", \"units\": 83},"
    " {\"type\": \"alpha_dropout\", \"rate\": 0.2}, {\"type\": \"dense\", \"units\": 97, \"bias\": "
    "false},"
    " {\"type\": \"gaussian_noise\", \"deviation\": 0.1}, \"layer_norm\", \"tanh\","
    " {\"type\": \"dense\", \"units\": 3}]}}";

static char *trained_in_threads(size_t threads, size_t rows, size_t *size) {
    enum { COLUMNS = 7, MOST = 40 };
    float x[MOST * COLUMNS];
    int32_t classes[MOST];
    char *bytes;
    snug_random stream = {.seed = 3};
    snug_random_normal(&stream, 0, MOST * COLUMNS, x);
    for (size_t i = 0; i < MOST; i++) {
        classes[i] = (int32_t)(i % 3);
    }
    snug_dataset *data = snug_dataset_from_arrays(x, rows, COLUMNS, classes);
    snug_model *model = snug_model_parse_config(shared_config, sizeof shared_config - 1);
    snug_fit_options o = {.epochs = 3, .batch_size = 17, .seed = 9, .threads = threads};
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_dataset_free(data);
    snug_model_free(model);
    return bytes;
}

/*
 * Tiles sum in one order however the rows are shared out. Two rows leave a thread of three without.
 */
START_TEST(threads_train_the_same_bits_again) {
    static const size_t rows[] = {40, 3, 2}, threads[] = {1, 2, 3};
    snug_cpu_force((snug_cpu)_i);
    for (size_t i = 0; i < 3; i++) {
        size_t a, b;
        char *one = trained_in_threads(1, rows[i], &a);
        for (size_t j = 0; j < 3; j++) {
            char *other = trained_in_threads(threads[j], rows[i], &b);
            ck_assert_uint_eq(a, b);
            ck_assert_mem_eq(one, other, a);
            snug_free(other);
        }
        snug_free(one);
    }
}
END_TEST

START_TEST(same_seed_same_bits) {
    size_t a, b, c, d;
    char *first = trained_bytes(5, false, &a), *second = trained_bytes(5, false, &b);
    char *other = trained_bytes(6, false, &c), *ordered = trained_bytes(5, true, &d);
    ck_assert_uint_eq(a, b);
    ck_assert_mem_eq(first, second, a);
    ck_assert(a != c || memcmp(first, other, a) != 0);
    ck_assert(a != d || memcmp(first, ordered, a) != 0);
    snug_free(first);
    snug_free(second);
    snug_free(other);
    snug_free(ordered);
}
END_TEST

/* The loop of snug_fit by hand: one epoch in order, without validation, on inputs as they are. */
START_TEST(fit_is_forward_backward_step) {
    enum { BATCH = 10 };
    snug_dataset *data = blobs();
    snug_model *a = mlp(BLOB_COLUMNS, BLOB_CLASSES), *b = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = {.optimizer = snug_adam(0.01),
                          .epochs = 1,
                          .batch_size = BATCH,
                          .seed = 9,
                          .keep_order = true,
                          .scaling = SNUG_SCALING_NONE};
    snug_optimizer *adam = snug_adam(0.01);
    snug_loss *loss = snug_softmax_cross_entropy();
    snug_session *session;
    snug_tensor_info left, right;
    ck_assert_int_eq(snug_fit(a, data, &o, NULL), SNUG_OK);
    ck_assert_int_eq(snug_model_init(b, 9), SNUG_OK);
    session = snug_session_new_training(b, BATCH, 9);
    for (size_t first = 0, step = 0; first < BLOB_ROWS; first += BATCH, ++step) {
        size_t rows = BLOB_ROWS - first < BATCH ? BLOB_ROWS - first : BATCH;
        float x[BATCH * BLOB_COLUMNS];
        int32_t classes[BATCH];
        const float *z;
        for (size_t i = 0; i < rows; i++) {
            snug_dataset_row(data, first + i, x + i * BLOB_COLUMNS);
            classes[i] = snug_dataset_class(data, first + i);
        }
        ck_assert_int_eq(snug_forward(session, x, rows, step, &z), SNUG_OK);
        ck_assert_int_eq(snug_backward(session, loss, &(snug_targets){.classes = classes}, NULL),
                         SNUG_OK);
        ck_assert_int_eq(snug_optimizer_step(adam, session), SNUG_OK);
    }
    for (size_t k = 0; k < snug_model_tensor_count(a); k++) {
        ck_assert_int_eq(snug_model_tensor(a, k, &left), SNUG_OK);
        ck_assert_int_eq(snug_model_tensor(b, k, &right), SNUG_OK);
        ck_assert_mem_eq(left.values, right.values, left.rows * left.columns * sizeof(float));
    }
    snug_session_free(session);
    snug_optimizer_free(adam);
    snug_loss_free(loss);
    snug_dataset_free(data);
    snug_model_free(a);
    snug_model_free(b);
}
END_TEST

START_TEST(history_lines) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of(NULL, 2);
    snug_history *history;
    snug_metrics m = {.count = 2};
    char wanted[64], *line;
    ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_OK);
    line = snug_history_to_json(history, 2);
    snprintf(wanted, sizeof wanted, "{\"epoch\":2,\"train\":{\"loss\":%.3g",
             snug_metrics_get(snug_history_train(history, 2), "loss"));
    wanted[strlen(wanted) - 1] = '\0'; /* its last digit may be rounded */
    ck_assert_msg(strstr(line, wanted) == line, "%s", line);
    ck_assert_ptr_nonnull(strstr(line, "},\"validation\":{\"loss\":"));
    snug_free(line);
    ck_assert_ptr_null(snug_history_to_json(history, 3));
    expect_location("epoch 3:");
    m.values[0].name = "loss";
    m.values[0].value = (double)NAN;
    m.values[1].name = "r2";
    m.values[1].value = -0.125;
    line = snug_metrics_to_json(7, &m, NULL);
    ck_assert_str_eq(line, "{\"epoch\":7,\"train\":{\"loss\":null,\"r2\":-0.125}}");
    snug_free(line);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

typedef struct calls {
    size_t batches, epochs, stop_at_epoch;
} calls;

static bool count_calls(const snug_progress *p, void *user) {
    calls *c = user;
    ck_assert_uint_eq(p->batches, 4); /* 38 rows by 10 */
    ck_assert_uint_le(p->batch, p->batches);
    ck_assert_uint_eq(p->epochs, 6);
    ck_assert(p->epoch_end == (p->validation != NULL));
    if (!p->epoch_end) {
        ck_assert_uint_eq(p->train->rows, p->batch < 4 ? 10 * p->batch : 38);
    }
    *(p->epoch_end ? &c->epochs : &c->batches) += 1;
    return !(p->epoch_end && p->epoch == c->stop_at_epoch);
}

START_TEST(callbacks) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_fit_options o = options_of(NULL, 6);
    snug_history *history;
    calls c = {.stop_at_epoch = 3};
    o.callback = count_calls;
    o.user = &c;
    ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_STOPPED);
    expect_location("stopped by the callback");
    ck_assert_uint_eq(c.epochs, 3);
    ck_assert_uint_eq(c.batches, 12);
    ck_assert_uint_eq(snug_history_epoch_count(history), 3);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(divergence_names_epoch_and_batch) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2);
    snug_fit_options o = {.optimizer = snug_sgd(1e30, 0), .batch_size = 20, .epochs = 4};
    snug_history *history;
    ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_ERROR_DIVERGED);
    ck_assert_msg(strstr(snug_error(), " at epoch 1, batch 2: a smaller learning rate may help"),
                  "%s", snug_error());
    ck_assert_uint_eq(snug_history_epoch_count(history), 0);
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

/* No loss comes after the last step: the weights themselves are looked at. */
START_TEST(divergence_in_the_last_step) {
    snug_dataset *data = lines();
    snug_model *model = mlp(BLOB_COLUMNS, 2);
    snug_fit_options o = {.optimizer = snug_sgd(1e38, 0),
                          .batch_size = BLOB_ROWS,
                          .epochs = 1,
                          .target_scaling = SNUG_TARGET_SCALING_NONE};
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_DIVERGED);
    expect_location("the weights became infinite or NaN in epoch 1:");
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(the_scaler_sees_training_rows_alone) {
    static const float x[] = {1, 3, 5, 1000, 2000}, y[] = {1, 2, 3, 4, 5};
    snug_dataset *all = snug_dataset_from_values(x, 5, 1, y, 1), *train, *validation;
    snug_model *model = mlp(1, 1);
    snug_session *session;
    float at_mean[] = {3}, out_a, out_b;
    snug_tensor_info info;
    train = snug_dataset_select(all, (size_t[]){0, 1, 2}, 3);
    validation = snug_dataset_select(all, (size_t[]){3, 4}, 2);
    ck_assert_int_eq(snug_fit(model, train,
                              &(snug_fit_options){.epochs = 1, .validation_data = validation},
                              NULL),
                     SNUG_OK);
    session = snug_session_new(model, 1);
    ck_assert_int_eq(snug_predict(session, at_mean, 1, &out_a), SNUG_OK);
    /* at the training mean the standardized input is 0, whatever the first weight is */
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    for (size_t i = 0; i < info.rows * info.columns; i++) {
        info.values[i] *= 100;
    }
    ck_assert_int_eq(snug_predict(session, at_mean, 1, &out_b), SNUG_OK);
    ck_assert(out_a == out_b);
    snug_session_free(session);
    snug_dataset_free(all);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_model_free(model);
}
END_TEST

static char warning[512];

static void keep_log(snug_log_level level, const char *message, void *user) {
    (void)user;
    if (level == SNUG_LOG_WARNING) {
        snprintf(warning, sizeof warning, "%s", message);
    }
}

START_TEST(selu_on_raw_inputs_warns) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_set_log(keep_log, NULL);
    ck_assert_int_eq(snug_fit(model, data, &(snug_fit_options){.epochs = 1}, NULL), SNUG_OK);
    ck_assert_str_eq(warning, "");
    snug_model_free(model);
    model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_int_eq(
        snug_fit(model, data, &(snug_fit_options){.epochs = 1, .scaling = SNUG_SCALING_NONE}, NULL),
        SNUG_OK);
    ck_assert_msg(
        strstr(warning, "the inputs are not standardized: on average a feature's mean is ") ==
            warning,
        "%s", warning);
    snug_set_log(NULL, NULL);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static void refuse(size_t columns, size_t outputs, const snug_dataset *data, snug_fit_options o,
                   const char *location) {
    snug_model *model = mlp(columns, outputs);
    ck_assert_int_ne(snug_fit(model, data, &o, NULL), SNUG_OK);
    expect_location(location);
    snug_model_free(model);
}

START_TEST(wrong_calls) {
    snug_dataset *classes = blobs(), *values = lines();
    refuse(4, 3, classes, (snug_fit_options){0}, "the data:");
    refuse(3, 2, classes, (snug_fit_options){0}, "the data:");
    refuse(3, 3, values, (snug_fit_options){0}, "the data:");
    refuse(3, 3, values, (snug_fit_options){.loss = snug_softmax_cross_entropy()}, "the data:");
    refuse(3, 3, classes, (snug_fit_options){.loss = snug_mse()}, "the data:");
    refuse(3, 3, classes, (snug_fit_options){.validation = 1}, "validation:");
    refuse(3, 3, classes, (snug_fit_options){.threads = 100000}, "threads:");
    refuse(3, 3, classes, (snug_fit_options){.validation = 0.5, .validation_data = values},
           "validation:");
    refuse(3, 3, classes, (snug_fit_options){.validation_data = values}, "the validation data:");
    ck_assert_ptr_null(snug_dataset_read_csv("no-such.csv", NULL));
    refuse(3, 3, NULL, (snug_fit_options){0}, "the data:");
    snug_dataset_free(classes);
    snug_dataset_free(values);
}
END_TEST

static Suite *fit_suite(void) {
    Suite *suite = suite_create("fit");
    TCase *tc = tcase_create("fit");
    tcase_add_test(tc, learns_classes);
    tcase_add_test(tc, learns_values);
    tcase_add_test(tc, same_seed_same_bits);
    tcase_add_loop_test(tc, threads_train_the_same_bits_again, 0, 1);
    tcase_add_test(tc, an_optimizer_of_all_rows);
    tcase_add_test(tc, what_all_rows_cannot_go_with);
    tcase_add_test(tc, fit_is_forward_backward_step);
    tcase_add_test(tc, history_lines);
    tcase_add_test(tc, callbacks);
    tcase_add_test(tc, divergence_names_epoch_and_batch);
    tcase_add_test(tc, divergence_in_the_last_step);
    tcase_add_test(tc, the_scaler_sees_training_rows_alone);
    tcase_add_test(tc, selu_on_raw_inputs_warns);
    tcase_add_test(tc, wrong_calls);
    suite_add_tcase(suite, tc);
    TCase *threads = tcase_create("threads of other paths");
    tcase_set_tags(threads, "threads");
    tcase_add_loop_test(threads, threads_train_the_same_bits_again, 1, SNUG_CPU_COUNT);
    suite_add_tcase(suite, threads);
    return suite;
}

REGISTER_SUITE(fit_suite)
