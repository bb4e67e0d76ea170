/* Inspections of layers in training: when they come, of what, and that they change nothing. */
#include <stdio.h>
#include <string.h>

#include "inspection/support.h"
#include "support/failing.h"
#include "support/problems.h"
#include "support/suite.h"

/* What a callback has seen. */
typedef struct seen {
    const snug_dataset *data;
    snug_inspect_options options;
    size_t count, steps[64], batches[64];
    char *texts[64]; /* owned */
} seen;

/* Notes an inspection, which is what snug_inspect() finds of the model at this moment. */
static bool look(const snug_progress *at, void *user) {
    seen *s = user;
    if (at->inspection == NULL) {
        return true;
    }
    ck_assert_uint_lt(s->count, 64);
    snug_inspection *found = snug_inspect(at->model, s->data, &s->options);
    ck_assert_msg(found != NULL, "%s", snug_error());
    char *now = snug_inspection_to_json(found);
    s->texts[s->count] = snug_inspection_to_json(at->inspection);
    ck_assert_str_eq(s->texts[s->count], now);
    snug_free(now);
    snug_inspection_free(found);
    s->steps[s->count] = at->step;
    s->batches[s->count] = at->batch;
    s->count++;
    return true;
}

static void clear(seen *s) {
    for (size_t i = 0; i < s->count; i++) {
        snug_free(s->texts[i]);
    }
    s->count = 0;
}

/* Trains blobs with the options, inspected by `s`; returns the model. */
static snug_model *train(seen *s, snug_fit_options o) {
    snug_dataset *data = blobs();
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    s->data = data;
    s->options = (snug_inspect_options){.rows = o.inspect.rows > 0 ? o.inspect.rows : 1000,
                                        .seed = o.seed,
                                        .no_gradients = o.inspect.no_gradients};
    o.callback = look;
    o.user = s;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
    return model;
}

enum { BATCH = 20, BATCHES = (BLOB_ROWS + BATCH - 1) / BATCH };

START_TEST(come_every_few_steps) {
    seen s = {.count = 0};
    snug_fit_options o = {.epochs = 3, .batch_size = BATCH, .seed = 4, .inspect = {.every = 4}};
    snug_model_free(train(&s, o));
    ck_assert_uint_eq(s.count, 3 * BATCHES / 4);
    for (size_t i = 0; i < s.count; i++) {
        ck_assert_uint_eq(s.steps[i], 4 * (i + 1));
        ck_assert_uint_eq(s.batches[i], (4 * (i + 1) - 1) % BATCHES + 1);
    }
    ck_assert_str_ne(s.texts[0], s.texts[1]);
    clear(&s);
}
END_TEST

START_TEST(come_before_the_first_step_where_wanted) {
    seen s = {.count = 0};
    snug_fit_options o = {
        .epochs = 2,
        .batch_size = BATCH,
        .inspect = {.every = 1000, .rows = 17, .before_first = true, .no_gradients = true}};
    snug_model_free(train(&s, o));
    ck_assert_uint_eq(s.count, 1);
    ck_assert_uint_eq(s.steps[0], 0);
    ck_assert_uint_eq(s.batches[0], 0);
    ck_assert_ptr_nonnull(strstr(s.texts[0], "{\"rows\":17,"));
    clear(&s);
}
END_TEST

/* Batches that are added up make one step, and an optimizer of full batches one an epoch. */
START_TEST(count_steps_and_not_batches) {
    seen s = {.count = 0};
    snug_fit_options o = {
        .epochs = 4, .batch_size = BATCH, .accumulate = BATCHES, .inspect = {.every = 2}};
    snug_model_free(train(&s, o));
    ck_assert_uint_eq(s.count, 2);
    ck_assert_uint_eq(s.batches[1], BATCHES);
    clear(&s);
    o = (snug_fit_options){
        .epochs = 4, .optimizer = snug_optimizer_new("lbfgs"), .inspect = {.every = 2}};
    snug_model_free(train(&s, o));
    ck_assert_uint_eq(s.count, 2);
    ck_assert_uint_eq(s.steps[1], 4);
    clear(&s);
}
END_TEST

START_TEST(are_the_same_in_threads_and_change_nothing) {
    seen alone = {.count = 0}, together = {.count = 0};
    char *bytes[3];
    size_t sizes[3];
    for (size_t i = 0; i < 3; i++) {
        snug_fit_options o = {.epochs = 3,
                              .batch_size = BATCH,
                              .seed = 6,
                              .threads = i == 1 ? 3 : 1,
                              .inspect = {.every = i < 2 ? 3 : 0}};
        seen none = {.count = 0};
        snug_model *model = train(i == 0 ? &alone : i == 1 ? &together : &none, o);
        ck_assert_int_eq(snug_model_save_to_memory(model, &bytes[i], &sizes[i]), SNUG_OK);
        ck_assert_uint_eq(none.count, 0);
        snug_model_free(model);
    }
    ck_assert_uint_gt(alone.count, 0);
    ck_assert_uint_eq(alone.count, together.count);
    for (size_t i = 0; i < alone.count; i++) {
        ck_assert_str_eq(alone.texts[i], together.texts[i]);
    }
    for (size_t i = 1; i < 3; i++) {
        ck_assert_uint_eq(sizes[i], sizes[0]);
        ck_assert_int_eq(memcmp(bytes[i], bytes[0], sizes[0]), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        snug_free(bytes[i]);
    }
    clear(&alone);
    clear(&together);
}
END_TEST

/*
 * Dropout multiplies the second moment of gradients by 1 / (1 - rate): here the rate is 0.5 in the
 * first epoch, 0.25 in the second, 0.125 in the third.
 */
static bool look_at_dropout(const snug_progress *at, void *user) {
    size_t *count = user;
    if (at->inspection == NULL) {
        return true;
    }
    double rate = 0.5 / (double)(1U << at->step / BATCHES);
    double before = snug_inspection_layer(at->inspection, 1)->theory.gradient_variance;
    double behind = snug_inspection_layer(at->inspection, 2)->theory.gradient_variance;
    ck_assert_double_eq_tol(before / behind, 1 / (1 - rate), 1e-9);
    *count += 1;
    return true;
}

START_TEST(predict_the_rate_of_a_schedule) {
    const char *schedule = "{\"type\": \"step\", \"every\": 1, \"gamma\": 0.5}";
    snug_dataset *data = blobs();
    char layers[400];
    size_t count = 0;
    snprintf(
        layers, sizeof layers,
        "[{\"type\": \"dense\", \"units\": 6}, \"selu\", {\"type\": \"dropout\", \"rate\": 0.5,"
        " \"schedule\": %s}, {\"type\": \"dense\", \"units\": 3}]",
        schedule);
    snug_model *model = inspected_model(BLOB_COLUMNS, layers, "softmax_cross_entropy");
    const snug_fit_options o = {.epochs = 3,
                                .batch_size = BATCH,
                                .seed = 4,
                                .inspect = {.every = 2, .before_first = true},
                                .callback = look_at_dropout,
                                .user = &count};
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_gt(count, 3);
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static bool accept(const snug_progress *at, void *user) {
    (void)at;
    (void)user;
    return true;
}

START_TEST(bear_every_failing_allocation) {
    snug_dataset *data = blobs();
    size_t limit = 0;
    for (bool complete = false; !complete; limit++) {
        snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
        failing_start(limit);
        const snug_fit_options o = {.epochs = 1,
                                    .batch_size = BATCH,
                                    .inspect = {.every = 2, .before_first = true},
                                    .callback = accept};
        complete = snug_fit(model, data, &o, NULL) == SNUG_OK;
        ck_assert_msg(complete || snug_error_status() == SNUG_ERROR_MEMORY, "%s", snug_error());
        failing_stop(); /* what the model holds is still there */
        snug_model_free(model);
    }
    ck_assert_uint_gt(limit, 30);
    snug_dataset_free(data);
}
END_TEST

static Suite *inspection_suite(void) {
    Suite *suite = suite_create("inspections in training");
    TCase *tests = tcase_create("inspections");
    tcase_add_test(tests, come_every_few_steps);
    tcase_add_test(tests, come_before_the_first_step_where_wanted);
    tcase_add_test(tests, count_steps_and_not_batches);
    tcase_add_test(tests, are_the_same_in_threads_and_change_nothing);
    tcase_add_test(tests, predict_the_rate_of_a_schedule);
    tcase_add_test(tests, bear_every_failing_allocation);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(inspection_suite)
