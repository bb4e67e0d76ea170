/* Batches added up, clipped gradients and averaged weights, beside loops by hand. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MOST = 256 };

/* All parameters in a row. */
static size_t weights_of(snug_model *model, float *weights) {
    size_t n = 0;
    for (size_t k = 0; k < snug_model_tensor_count(model); k++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        ck_assert_uint_le(n + info.rows * info.columns, MOST);
        memcpy(weights + n, info.values, info.rows * info.columns * sizeof *weights);
        n += info.rows * info.columns;
    }
    return n;
}

static size_t fit_weights(snug_fit_options o, float *weights) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    o.keep_order = true;
    o.seed = 9;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    size_t n = weights_of(model, weights);
    snug_dataset_free(data);
    snug_model_free(model);
    return n;
}

static double farthest(size_t n, const float *a, const float *b) {
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double distance = fabs((double)a[i] - (double)b[i]);
        most = distance > most ? distance : most;
    }
    return most;
}

/*
 * 47 rows: steps of 20, 20 and 7 rows, or batches of 5 whose last has 2. The rate falls by the
 * step.
 */
static snug_fit_options accumulating(size_t batch_size, size_t accumulate) {
    return (snug_fit_options){.optimizer = snug_sgd(0.3, 0.9),
                              .schedule = snug_schedule_new("cosine"),
                              .epochs = 3,
                              .batch_size = batch_size,
                              .accumulate = accumulate,
                              .threads = accumulate > 1 ? 2 : 1,
                              .clip_norm = 0.7};
}

START_TEST(batches_added_up_are_one_larger_batch) {
    float large[MOST], small[MOST], alone[MOST];
    size_t n = fit_weights(accumulating(20, 1), large);
    ck_assert_uint_eq(fit_weights(accumulating(5, 4), small), n);
    fit_weights(accumulating(5, 1), alone);
    ck_assert_double_lt(farthest(n, large, small), 2e-5);
    ck_assert_double_gt(farthest(n, large, alone), 0.01);
}
END_TEST

/* ---- a loop by hand -------------------------------------------------------------------------- */

typedef struct loop {
    snug_dataset *data;
    snug_model *model;
    snug_session *session;
    snug_loss *loss;
    snug_optimizer *optimizer;
    float x[BLOB_ROWS * BLOB_COLUMNS];
    int32_t classes[BLOB_ROWS];
} loop;

static void loop_start(loop *l) {
    *l = (loop){.data = blobs(),
                .model = mlp(BLOB_COLUMNS, BLOB_CLASSES),
                .loss = snug_softmax_cross_entropy(),
                .optimizer = snug_adam(0.02)};
    ck_assert_int_eq(snug_model_init(l->model, 9), SNUG_OK);
    l->session = snug_session_new_training(l->model, BLOB_ROWS, 9);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        snug_dataset_row(l->data, i, l->x + i * BLOB_COLUMNS);
        l->classes[i] = snug_dataset_class(l->data, i);
    }
}

static void loop_backward(loop *l, size_t first, size_t rows) {
    const float *z;
    snug_targets targets = {.classes = l->classes + first};
    ck_assert_int_eq(snug_forward(l->session, l->x + first * BLOB_COLUMNS, rows, 0, &z), SNUG_OK);
    ck_assert_int_eq(snug_backward(l->session, l->loss, &targets, NULL), SNUG_OK);
}

static void loop_step(loop *l) {
    ck_assert_int_eq(snug_optimizer_step(l->optimizer, l->session), SNUG_OK);
}

static void loop_clear(loop *l) {
    snug_session_free(l->session);
    snug_optimizer_free(l->optimizer);
    snug_loss_free(l->loss);
    snug_model_free(l->model);
    snug_dataset_free(l->data);
}

static size_t copy_gradients(const loop *l, float *copy) {
    size_t n;
    const float *g = snug_session_gradients(l->session, &n);
    ck_assert_uint_le(n, MOST);
    memcpy(copy, g, n * sizeof *copy);
    return n;
}

START_TEST(clipping) {
    loop l;
    float before[MOST], after[MOST];
    double sum = 0, norm = 0;
    size_t n;
    loop_start(&l);
    loop_backward(&l, 0, 13);
    n = copy_gradients(&l, before);
    for (size_t i = 0; i < n; i++) {
        sum += (double)before[i] * (double)before[i];
    }
    ck_assert_int_eq(snug_clip_norm(l.session, 2 * sqrt(sum), &norm), SNUG_OK);
    copy_gradients(&l, after);
    ck_assert_double_eq_tol(norm, sqrt(sum), 1e-9 * norm);
    ck_assert_mem_eq(before, after, n * sizeof *before);
    ck_assert_int_eq(snug_clip_norm(l.session, 0.3, NULL), SNUG_OK);
    copy_gradients(&l, after);
    for (size_t i = 0; i < n; i++) {
        ck_assert_double_eq_tol((double)after[i], (double)before[i] * 0.3 / norm, 1e-7);
    }
    ck_assert_int_eq(snug_clip_value(l.session, 0.01), SNUG_OK);
    memcpy(before, after, sizeof before);
    copy_gradients(&l, after);
    for (size_t i = 0; i < n; i++) {
        ck_assert_float_eq(after[i], fmaxf(-0.01F, fminf(0.01F, before[i])));
    }
    ck_assert_int_eq(snug_clip_norm(l.session, 0, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("max_norm:");
    loop_clear(&l);
}
END_TEST

/* One epoch of snug_fit() in one batch, clipped by value and then by norm. */
START_TEST(fit_clips_by_value_and_then_by_norm) {
    float fitted[MOST], own[MOST];
    loop l;
    size_t n = fit_weights((snug_fit_options){.optimizer = snug_adam(0.02),
                                              .epochs = 1,
                                              .batch_size = BLOB_ROWS,
                                              .clip_norm = 0.25,
                                              .clip_value = 0.05,
                                              .scaling = SNUG_SCALING_NONE},
                           fitted);
    loop_start(&l);
    loop_backward(&l, 0, BLOB_ROWS);
    ck_assert_int_eq(snug_clip_value(l.session, 0.05), SNUG_OK);
    ck_assert_int_eq(snug_clip_norm(l.session, 0.25, NULL), SNUG_OK);
    loop_step(&l);
    ck_assert_uint_eq(weights_of(l.model, own), n);
    ck_assert_mem_eq(fitted, own, n * sizeof *own);
    loop_clear(&l);
}
END_TEST

START_TEST(adding_up_in_a_loop_of_ones_own) {
    loop l;
    float whole[MOST], parts[MOST];
    size_t n;
    loop_start(&l);
    loop_backward(&l, 0, BLOB_ROWS);
    n = copy_gradients(&l, whole);
    ck_assert_int_eq(snug_session_accumulate(l.session, true), SNUG_OK);
    for (int round = 0; round < 2; round++) { /* the second starts anew */
        loop_backward(&l, 0, 30);
        loop_backward(&l, 30, 11);
        loop_backward(&l, 41, 6);
        ck_assert_int_eq(snug_clip_value(l.session, 1e9), SNUG_OK);
        copy_gradients(&l, parts);
        ck_assert_double_lt(farthest(n, whole, parts), 1e-5 * 10);
    }
    ck_assert_int_eq(snug_session_accumulate(l.session, false), SNUG_OK);
    loop_backward(&l, 0, BLOB_ROWS);
    copy_gradients(&l, parts);
    ck_assert_mem_eq(whole, parts, n * sizeof *whole);
    loop_clear(&l);
}
END_TEST

/* ---- updates in parts ------------------------------------------------------------------------ */

/*
 * A network with penalties, whose second weight is small, or so large that one thread makes it in
 * portions.
 */
static snug_model *penalized_model(size_t units, size_t more) {
    char config[400];
    int n = snprintf(config, sizeof config,
                     "{\"model\": {\"inputs\": %d, \"layers\": ["
                     "{\"type\": \"dense\", \"units\": %zu, \"l1\": 0.01, \"l2\": 0.02}, \"selu\", "
                     "{\"type\": \"dense\", \"units\": %zu, \"l1\": 0.001, \"l2\": 0.3}, \"selu\", "
                     "{\"type\": \"dense\", \"units\": %d, \"l2\": 0.1}]}}",
                     BLOB_COLUMNS, units, more, BLOB_CLASSES);
    snug_model *model = snug_model_parse_config(config, (size_t)n);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 9), SNUG_OK);
    return model;
}

static void expect_same_weights(snug_model *one, snug_model *other, size_t threads) {
    ck_assert_uint_eq(snug_model_tensor_count(one), 6);
    for (size_t k = 0; k < snug_model_tensor_count(one); k++) {
        snug_tensor_info a, b;
        ck_assert_int_eq(snug_model_tensor(one, k, &a), SNUG_OK);
        ck_assert_int_eq(snug_model_tensor(other, k, &b), SNUG_OK);
        for (size_t i = 0; i < a.rows * a.columns; i++) {
            ck_assert_msg(a.values[i] == b.values[i], "%zu threads: number %zu of %s: %g, %g",
                          threads, i, a.name, (double)a.values[i], (double)b.values[i]);
        }
    }
}

/* Every case is two epochs of batches of 10, 10, 10, 10 and 7 rows. */
static const struct parted {
    size_t units, more, accumulate;
    double clip_value, clip_norm;
} parted[] = {{9, 5, 2, 0.04, 0},
              {640, 160, 1, 0.01, 0},
              {640, 160, 2, 0, 0},
              {640, 160, 1, 0.02, 0.3},
              {640, 160, 2, 0, 0.25}};

/* The same with one pass over all gradients after the other. */
static void train_pass_by_pass(loop *l, const struct parted *c, size_t batch) {
    ck_assert_int_eq(snug_session_accumulate(l->session, c->accumulate > 1), SNUG_OK);
    for (size_t at = 0; at < 2 * BLOB_ROWS;) {
        size_t first = at % BLOB_ROWS, left = BLOB_ROWS - first;
        size_t rows = left < batch ? left : batch;
        loop_backward(l, first, rows);
        at += rows;
        if ((first / batch + 1) % c->accumulate != 0 && at % BLOB_ROWS != 0) {
            continue;
        }
        if (c->clip_value > 0) {
            ck_assert_int_eq(snug_clip_value(l->session, c->clip_value), SNUG_OK);
        }
        if (c->clip_norm > 0) {
            ck_assert_int_eq(snug_clip_norm(l->session, c->clip_norm, NULL), SNUG_OK);
        }
        loop_step(l);
    }
}

START_TEST(fit_updates_part_by_part) {
    enum { BATCH = 10 };
    const struct parted *c = &parted[_i];
    loop l;
    loop_start(&l);
    snug_session_free(l.session);
    snug_model_free(l.model);
    l.model = penalized_model(c->units, c->more);
    l.session = snug_session_new_training(l.model, BATCH, 9);
    train_pass_by_pass(&l, c, BATCH);
    for (size_t threads = 1; threads <= 3; threads++) {
        snug_model *model = penalized_model(c->units, c->more);
        snug_fit_options o = {.optimizer = snug_adam(0.02),
                              .epochs = 2,
                              .batch_size = BATCH,
                              .accumulate = c->accumulate,
                              .clip_value = c->clip_value,
                              .clip_norm = c->clip_norm,
                              .keep_order = true,
                              .threads = threads,
                              .scaling = SNUG_SCALING_NONE};
        ck_assert_msg(snug_fit(model, l.data, &o, NULL) == SNUG_OK, "%s", snug_error());
        expect_same_weights(l.model, model, threads);
        snug_model_free(model);
    }
    loop_clear(&l);
}
END_TEST

/* ---- averaged weights ------------------------------------------------------------------------ */

/* The average of three steps, by hand: w1, then 0.75 average + 0.25 w. */
START_TEST(averages_weights) {
    float fitted[MOST], own[MOST], w[MOST];
    double average[MOST];
    loop l;
    snug_ema *ema;
    size_t n = fit_weights((snug_fit_options){.optimizer = snug_adam(0.02),
                                              .epochs = 3,
                                              .batch_size = BLOB_ROWS,
                                              .ema = 0.75,
                                              .scaling = SNUG_SCALING_NONE},
                           fitted);
    loop_start(&l);
    ema = snug_ema_new(l.model, 0.75);
    for (int step = 0; step < 3; step++) {
        loop_backward(&l, 0, BLOB_ROWS);
        loop_step(&l);
        ck_assert_int_eq(snug_ema_update(ema, l.model), SNUG_OK);
        weights_of(l.model, w);
        for (size_t i = 0; i < n; i++) {
            average[i] = step == 0 ? (double)w[i] : 0.75 * average[i] + 0.25 * (double)w[i];
        }
    }
    ck_assert_int_eq(snug_ema_swap(ema, l.model), SNUG_OK);
    weights_of(l.model, own);
    for (size_t i = 0; i < n; i++) {
        ck_assert_double_eq_tol((double)own[i], average[i], 1e-6);
    }
    ck_assert_mem_eq(fitted, own, n * sizeof *own);
    ck_assert_int_eq(snug_ema_update(ema, l.model), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_ema_swap(ema, l.model), SNUG_OK);
    weights_of(l.model, own);
    ck_assert_mem_eq(w, own, n * sizeof *own);
    snug_ema_free(ema);
    loop_clear(&l);
}
END_TEST

/* Stops in the middle of an epoch where told to, after looking at the model. */
typedef struct watch {
    const snug_dataset *validation;
    size_t epochs, stop_at;
} watch;

static bool look(const snug_progress *at, void *user) {
    watch *w = user;
    snug_metrics m;
    if (!at->epoch_end) {
        return at->epoch != w->stop_at || at->batch < 2;
    }
    ck_assert_int_eq(snug_evaluate(at->model, w->validation, &m), SNUG_OK);
    ck_assert_double_eq(snug_metrics_get(&m, "loss"), snug_metrics_get(at->validation, "loss"));
    w->epochs++;
    return true;
}

START_TEST(validation_and_callbacks_have_the_average) {
    snug_dataset *data = blobs(), *train, *validation;
    snug_model *averaged = mlp(BLOB_COLUMNS, BLOB_CLASSES),
               *plain = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_metrics a, b;
    watch w = {.stop_at = 3};
    ck_assert_int_eq(snug_dataset_split(data, 0.3, 4, &train, &validation), SNUG_OK);
    w.validation = validation;
    snug_fit_options o = {.epochs = 4,
                          .batch_size = 8,
                          .validation_data = validation,
                          .callback = look,
                          .user = &w,
                          .ema = 0.9};
    ck_assert_int_eq(snug_fit(averaged, train, &o, NULL), SNUG_STOPPED);
    ck_assert_uint_eq(w.epochs, 2);
    o.ema = 0;
    ck_assert_int_eq(snug_fit(plain, train, &o, NULL), SNUG_STOPPED);
    ck_assert_int_eq(snug_evaluate(averaged, validation, &a), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(plain, validation, &b), SNUG_OK);
    /* with so long a memory the average lags behind */
    ck_assert_double_gt(snug_metrics_get(&a, "loss"), snug_metrics_get(&b, "loss"));
    snug_model_free(averaged);
    snug_model_free(plain);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(data);
}
END_TEST

/* ---- wrong calls ----------------------------------------------------------------------------- */

static void refuse(snug_fit_options o, const char *location) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location(location);
    snug_dataset_free(data);
    snug_model_free(model);
}

START_TEST(wrong_options) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES), *other = mlp(BLOB_COLUMNS, 20);
    snug_model *unready = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    snug_session *session;
    snug_ema *ema;
    refuse((snug_fit_options){.clip_norm = -1}, "clip_norm:");
    refuse((snug_fit_options){.clip_value = (double)INFINITY}, "clip_value:");
    refuse((snug_fit_options){.ema = 1}, "ema:");
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_model_init(other, 1), SNUG_OK);
    ck_assert_ptr_null(snug_ema_new(model, -0.5));
    ema = snug_ema_new(model, 0.5);
    ck_assert_int_eq(snug_ema_update(ema, other), SNUG_ERROR_ARGUMENT);
    expect_location("the average is that");
    ck_assert_int_eq(snug_ema_update(ema, NULL), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_ema_swap(ema, unready), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(snug_error(), "weights"));
    ck_assert_ptr_null(snug_ema_new(model, 1.5));
    ck_assert_int_eq(snug_ema_update(NULL, model), SNUG_ERROR_ARGUMENT);
    expect_location("the average:");
    ck_assert_int_eq(snug_ema_swap(NULL, model), SNUG_ERROR_ARGUMENT);
    snug_ema_free(ema);
    session = snug_session_new(model, 4);
    ck_assert_int_eq(snug_clip_value(session, 1), SNUG_ERROR_ARGUMENT);
    expect_location("gradients are those of");
    snug_session_free(session);
    snug_model_free(model);
    snug_model_free(unready);
    snug_model_free(other);
}
END_TEST

static Suite *step_suite(void) {
    Suite *suite = suite_create("step");
    TCase *tc = tcase_create("step");
    tcase_add_test(tc, batches_added_up_are_one_larger_batch);
    tcase_add_test(tc, clipping);
    tcase_add_test(tc, fit_clips_by_value_and_then_by_norm);
    tcase_add_test(tc, adding_up_in_a_loop_of_ones_own);
    tcase_add_loop_test(tc, fit_updates_part_by_part, 0, 2);
    tcase_add_test(tc, averages_weights);
    tcase_add_test(tc, validation_and_callbacks_have_the_average);
    tcase_add_test(tc, wrong_options);
    suite_add_tcase(suite, tc);
    TCase *threads = tcase_create("threads of wide layers");
    tcase_set_tags(threads, "threads");
    tcase_add_loop_test(threads, fit_updates_part_by_part, 2, sizeof parted / sizeof *parted);
    suite_add_tcase(suite, threads);
    return suite;
}

REGISTER_SUITE(step_suite)
