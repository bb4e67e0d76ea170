/* Folds: an exact partition, members trained on the others, the same bits in any threads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/problems.h"
#include "support/suite.h"

/* ---- the partition --------------------------------------------------------------------------- */

/* Checks that sizes of folds differ by at most one, in all and in each class. */
static void expect_even(const snug_dataset *data, size_t count, const size_t *fold_of) {
    size_t classes = snug_dataset_class_count(data), rows = snug_dataset_row_count(data);
    for (size_t k = 0; k <= classes; k++) { /* k == classes: all rows */
        size_t least = rows, most = 0;
        for (size_t f = 0; f < count; f++) {
            size_t in = 0;
            for (size_t i = 0; i < rows; i++) {
                bool counts = k == classes || snug_dataset_class(data, i) == (int32_t)k;
                in += counts && fold_of[i] == f;
            }
            least = in < least ? in : least;
            most = in > most ? in : most;
        }
        ck_assert_uint_le(most - least, 1);
    }
}

START_TEST(each_row_is_in_one_fold_and_classes_are_even) {
    size_t fold_of[BLOB_ROWS], other[BLOB_ROWS];
    snug_dataset *data[] = {blobs(), lines()};
    for (size_t d = 0; d < 2; d++) {
        for (size_t count = 2; count <= BLOB_ROWS; count++) {
            memset(fold_of, 0xff, sizeof fold_of);
            ck_assert_int_eq(snug_folds_assign(data[d], count, 7, fold_of), SNUG_OK);
            for (size_t i = 0; i < BLOB_ROWS; i++) {
                ck_assert_uint_lt(fold_of[i], count);
            }
            expect_even(data[d], count, fold_of);
        }
        ck_assert_int_eq(snug_folds_assign(data[d], K, 7, fold_of), SNUG_OK);
        ck_assert_int_eq(snug_folds_assign(data[d], K, 7, other), SNUG_OK);
        ck_assert_mem_eq(fold_of, other, sizeof other);
        ck_assert_int_eq(snug_folds_assign(data[d], K, 8, other), SNUG_OK);
        ck_assert_mem_ne(fold_of, other, sizeof other);
        snug_dataset_free(data[d]);
    }
}
END_TEST

/* Eleven groups of four or five rows: each is in one fold; more folds than groups are refused. */
START_TEST(groups_are_in_one_fold) {
    uint32_t groups[BLOB_ROWS];
    size_t fold_of[BLOB_ROWS], rows[K] = {0};
    snug_dataset *data = blobs();
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        groups[i] = (uint32_t)(i * 7 % 11);
    }
    ck_assert_int_eq(snug_dataset_set_groups(data, groups), SNUG_OK);
    ck_assert_int_eq(snug_folds_assign(data, K, 7, fold_of), SNUG_OK);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        rows[fold_of[i]]++;
        for (size_t j = 0; j < i; j++) {
            ck_assert(groups[i] != groups[j] || fold_of[i] == fold_of[j]);
        }
    }
    for (size_t k = 0; k < K; k++) {
        ck_assert(rows[k] >= 8 && rows[k] <= 14);
    }
    ck_assert_int_eq(snug_folds_assign(data, 11, 7, fold_of), SNUG_OK);
    ck_assert_int_eq(snug_folds_assign(data, 12, 7, fold_of), SNUG_ERROR_ARGUMENT);
    expect_location("folds: must be at most the number of groups");
    snug_dataset_free(data);
}
END_TEST

START_TEST(wrong_counts_are_refused) {
    snug_dataset *data = blobs();
    size_t fold_of[BLOB_ROWS];
    snug_folds *folds;
    snug_experiment *e = folds_experiment("\"epochs\": 1");
    ck_assert_int_eq(snug_folds_assign(data, 1, 0, fold_of), SNUG_ERROR_ARGUMENT);
    expect_location("folds: must be from 2 to");
    ck_assert_int_eq(snug_folds_assign(data, BLOB_ROWS + 1, 0, fold_of), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_folds_assign(NULL, 2, 0, fold_of), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_folds_assign(data, 2, 0, NULL), SNUG_ERROR_ARGUMENT);
    const snug_folds_options one = {.folds = 1}, many = {.folds = SIZE_MAX},
                             seeds = {.folds = 2, .seeds = SIZE_MAX},
                             threads = {.folds = 2, .threads = SIZE_MAX}, good = {.folds = 2};
    const snug_folds_options *const wrong[] = {&one, &many, &seeds, &threads, NULL};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_int_eq(snug_folds_train(e, data, wrong[i], &folds), SNUG_ERROR_ARGUMENT);
        ck_assert_ptr_null(folds);
    }
    ck_assert_int_eq(snug_folds_train(NULL, data, &good, &folds), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_folds_train(e, NULL, &good, &folds), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_folds_train(e, data, &good, NULL), SNUG_ERROR_ARGUMENT);
    snug_folds_free(NULL);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* ---- members --------------------------------------------------------------------------------- */

static char *saved(const snug_model *model, size_t *size) {
    char *bytes;
    ck_assert_msg(snug_model_save_to_memory(model, &bytes, size) == SNUG_OK, "%s", snug_error());
    return bytes;
}

static void expect_same_model(const snug_model *a, const snug_model *b) {
    size_t of_a, of_b;
    char *one = saved(a, &of_a), *other = saved(b, &of_b);
    ck_assert_uint_eq(of_a, of_b);
    ck_assert_mem_eq(one, other, of_a);
    snug_free(one);
    snug_free(other);
}

START_TEST(any_number_of_threads_gives_the_same_bits) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 6, \"early_stopping\": {\"patience\": 2}");
    snug_folds *first =
        folds_train(e, data, (snug_folds_options){.folds = K, .seeds = 2, .threads = 1});
    ck_assert_uint_eq(snug_model_member_count(snug_folds_model(first)), 2 * K);
    for (size_t threads = 2; threads <= 40; threads = 3 * threads + 1) {
        snug_folds *again =
            folds_train(e, data, (snug_folds_options){.folds = K, .seeds = 2, .threads = threads});
        expect_same_model(snug_folds_model(first), snug_folds_model(again));
        for (size_t i = 0; i < BLOB_ROWS; i++) {
            snug_out_of_fold a, b;
            ck_assert_int_eq(snug_folds_out_of_fold(first, i, &a), SNUG_OK);
            ck_assert_int_eq(snug_folds_out_of_fold(again, i, &b), SNUG_OK);
            ck_assert_mem_eq(a.prediction, b.prediction, BLOB_CLASSES * sizeof(float));
            ck_assert_int_eq(a.class_index, b.class_index);
        }
        snug_folds_free(again);
    }
    snug_folds_free(first);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* Sets out to what the members of folds f of all seeds predict for row i, on average. */
static void predict_by_members(const snug_folds *folds, const snug_dataset *data, size_t i,
                               size_t seeds, double *out) {
    const snug_model *ensemble = snug_folds_model(folds);
    memset(out, 0, BLOB_CLASSES * sizeof *out);
    for (size_t s = 0; s < seeds; s++) {
        size_t fold_of[BLOB_ROWS];
        double x[BLOB_COLUMNS];
        float y[BLOB_CLASSES];
        ck_assert_int_eq(snug_folds_assign(data, K, 3 + s * K, fold_of), SNUG_OK);
        const snug_model *member = snug_model_member(ensemble, s * K + fold_of[i]);
        snug_session *session = snug_session_new(member, 1);
        ck_assert_int_eq(snug_dataset_row_f64(data, i, x), SNUG_OK);
        ck_assert_int_eq(snug_predict_f64(session, x, 1, y), SNUG_OK);
        for (size_t j = 0; j < BLOB_CLASSES; j++) {
            out[j] += (double)y[j] / (double)seeds;
        }
        snug_session_free(session);
    }
}

START_TEST(rows_are_predicted_by_the_members_without_them) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 3");
    for (size_t seeds = 1; seeds <= 3; seeds += 2) {
        snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K, .seeds = seeds});
        for (size_t i = 0; i < BLOB_ROWS; i++) {
            double wanted[BLOB_CLASSES];
            snug_out_of_fold row;
            predict_by_members(folds, data, i, seeds, wanted);
            ck_assert_int_eq(snug_folds_out_of_fold(folds, i, &row), SNUG_OK);
            for (size_t j = 0; j < BLOB_CLASSES; j++) {
                ck_assert_double_eq_tol((double)row.prediction[j], wanted[j], 1e-6);
            }
        }
        snug_out_of_fold row;
        ck_assert_int_eq(snug_folds_out_of_fold(folds, BLOB_ROWS, &row), SNUG_ERROR_ARGUMENT);
        snug_folds_free(folds);
    }
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

START_TEST(metrics_are_those_of_the_folds) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 3");
    snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K});
    double sum = 0, squares = 0, correct = 0;
    size_t rows = 0;
    snug_fold fold;
    for (size_t i = 0; i < K; i++) {
        ck_assert_int_eq(snug_folds_member(folds, i, &fold), SNUG_OK);
        double accuracy = snug_metrics_get(&fold.metrics, "accuracy");
        sum += accuracy / K;
        squares += accuracy * accuracy;
        rows += fold.metrics.rows;
        ck_assert(fold.finished && fold.fold == i && fold.seed == 0 && fold.epochs == 3);
        correct += accuracy * (double)fold.metrics.rows;
    }
    ck_assert_int_eq(snug_folds_member(folds, K, &fold), SNUG_ERROR_ARGUMENT);
    ck_assert_uint_eq(rows, BLOB_ROWS);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        snug_out_of_fold row;
        ck_assert_int_eq(snug_folds_out_of_fold(folds, i, &row), SNUG_OK);
        correct -= row.class_index == snug_dataset_class(data, i);
    }
    ck_assert_double_eq_tol(correct, 0, 1e-9);
    snug_metrics mean, deviation;
    ck_assert_int_eq(snug_folds_metrics(folds, &mean, &deviation), SNUG_OK);
    ck_assert_double_eq_tol(snug_metrics_get(&mean, "accuracy"), sum, 1e-12);
    ck_assert_double_eq_tol(snug_metrics_get(&deviation, "accuracy"),
                            sqrt((squares - K * sum * sum) / (K - 1)), 1e-9);
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* Blobs whose last column is 0 but for the rows of fold 0, where it is `value`. */
static snug_dataset *with_constant(float value) {
    static float x[BLOB_ROWS * BLOB_COLUMNS];
    static int32_t classes[BLOB_ROWS];
    size_t fold_of[BLOB_ROWS];
    snug_dataset *all = blobs();
    ck_assert_int_eq(snug_folds_assign(all, K, 3, fold_of), SNUG_OK);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        ck_assert_int_eq(snug_dataset_row(all, i, x + i * BLOB_COLUMNS), SNUG_OK);
        x[i * BLOB_COLUMNS + 2] = fold_of[i] == 0 ? value : 0;
        classes[i] = snug_dataset_class(all, i);
    }
    snug_dataset_free(all);
    return snug_dataset_from_arrays(x, BLOB_ROWS, BLOB_COLUMNS, classes);
}

/* What a column holds in the held-out rows alone was never learned from. */
START_TEST(a_constant_column_does_not_change_predictions) {
    snug_dataset *zeros = with_constant(0);
    snug_experiment *e = folds_experiment("\"epochs\": 3");
    snug_folds *a = folds_train(e, zeros, (snug_folds_options){.folds = K});
    float before[BLOB_ROWS][BLOB_CLASSES];
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        snug_out_of_fold row;
        ck_assert_int_eq(snug_folds_out_of_fold(a, i, &row), SNUG_OK);
        memcpy(before[i], row.prediction, sizeof before[i]);
    }
    snug_dataset_free(zeros);
    snug_dataset *values = with_constant(1000);
    snug_folds *b = folds_train(e, values, (snug_folds_options){.folds = K});
    size_t compared = 0;
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        snug_out_of_fold row;
        ck_assert_int_eq(snug_folds_out_of_fold(b, i, &row), SNUG_OK);
        if (row.fold == 0) {
            ck_assert_mem_eq(row.prediction, before[i], sizeof before[i]);
            compared++;
        }
    }
    ck_assert_uint_ge(compared, BLOB_ROWS / K);
    snug_dataset_free(values);
    snug_folds_free(a);
    snug_folds_free(b);
    snug_experiment_free(e);
}
END_TEST

static bool stop_after_two(const snug_folds_progress *at, void *user) {
    (void)user;
    ck_assert_uint_eq(at->members, K);
    return at->finished < 2;
}

/* ---- refit ----------------------------------------------------------------------------------- */

/* The model is that of a plain training on all rows for the mean of the best epochs. */
START_TEST(refits_for_the_mean_of_the_best_epochs) {
    snug_dataset *data = blobs();
    snug_experiment *e =
        folds_experiment("\"epochs\": 40, \"schedule\": \"cosine\", "
                         "\"early_stopping\": {\"patience\": 2, \"min_delta\": 0.03}");
    snug_folds *folds =
        folds_train(e, data, (snug_folds_options){.folds = K, .refit = true, .seeds = 2});
    double sum = 0;
    for (size_t i = 0; i < 2 * K; i++) {
        snug_fold fold;
        ck_assert_int_eq(snug_folds_member(folds, i, &fold), SNUG_OK);
        sum += (double)fold.best_epoch;
    }
    size_t epochs = (size_t)round(sum / (2 * K));
    ck_assert_uint_eq(snug_folds_refit_epochs(folds), epochs);
    ck_assert(epochs > 1 && epochs < 40);
    ck_assert_uint_eq(snug_model_member_count(snug_folds_model(folds)), 2);
    for (size_t s = 0; s < 2; s++) {
        snug_fit_options o;
        ck_assert_int_eq(snug_experiment_options(e, &o), SNUG_OK);
        o.epochs = epochs;
        o.seed = 3 + s;
        o.early_stopping = (snug_early_stopping){0};
        snug_model *model = snug_model_new(BLOB_COLUMNS);
        snug_model_add(model, snug_dense(6));
        snug_model_add(model, snug_selu());
        snug_model_add(model, snug_dense(BLOB_CLASSES));
        ck_assert_int_eq(snug_fit(model, data, &o, NULL), SNUG_OK);
        expect_same_model(model, snug_model_member(snug_folds_model(folds), s));
        snug_model_free(model);
    }
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

/* ---- stopping, failing, warning -------------------------------------------------------------- */

static bool stop_at_once(const snug_folds_progress *at, void *user) {
    (void)user;
    return at->members == 0;
}

START_TEST(what_is_finished_before_a_stop_is_a_model) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 2");
    snug_folds *folds;
    snug_folds_options o = {.folds = K, .threads = 1, .callback = stop_after_two};
    ck_assert_int_eq(snug_folds_train(e, data, &o, &folds), SNUG_STOPPED);
    ck_assert_uint_eq(snug_model_member_count(snug_folds_model(folds)), 2);
    snug_out_of_fold row;
    ck_assert_int_eq(snug_folds_out_of_fold(folds, 0, &row), SNUG_ERROR_ARGUMENT);
    snug_folds_free(folds);
    o = (snug_folds_options){.folds = K, .threads = 3, .callback = stop_at_once};
    ck_assert_int_eq(snug_folds_train(e, data, &o, &folds), SNUG_STOPPED);
    ck_assert_ptr_null(snug_folds_model(folds));
    ck_assert_int_eq(snug_folds_metrics(folds, NULL, NULL), SNUG_ERROR_ARGUMENT);
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_member_that_fails_is_named) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 50, \"optimizer\": {\"type\": \"sgd\", "
                                          "\"learning_rate\": 1e30}");
    snug_folds *folds;
    const snug_folds_options o = {.folds = K, .threads = 1};
    ck_assert_int_eq(snug_folds_train(e, data, &o, &folds), SNUG_ERROR_DIVERGED);
    ck_assert_ptr_null(folds);
    ck_assert_msg(strstr(snug_error(), "fold 1 of 5, seed 1 of 1: ") == snug_error(), "%s",
                  snug_error());
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

static size_t logged;

static void count_warning(snug_log_level level, const char *message, void *user) {
    (void)message;
    (void)user;
    logged += level == SNUG_LOG_WARNING;
}

/* Trains folds of rows of which two are of class 1, and two of class 2: one warning says so. */
START_TEST(several_rare_classes_are_one_warning) {
    snug_dataset *all = blobs();
    size_t rows[BLOB_ROWS], count = 0, rare[3] = {0};
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        size_t class = (size_t)snug_dataset_class(all, i);
        if (class == 0 || rare[class]++ < 2) {
            rows[count++] = i;
        }
    }
    snug_dataset *data = snug_dataset_select(all, rows, count);
    snug_experiment *e = folds_experiment("\"epochs\": 1");
    snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K, .threads = 3});
    expect_message(snug_folds_warning(folds, 0), "2 of 3 classes");
    for (size_t i = 1; snug_folds_warning(folds, i) != NULL; i++) {
        ck_assert_ptr_null(strstr(snug_folds_warning(folds, i), "fewer"));
    }
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
    snug_dataset_free(all);
}
END_TEST

/* Two rows of class 2: fewer than the folds. Each warning is logged once. */
START_TEST(classes_that_are_rarer_than_the_folds_are_warned_of) {
    snug_dataset *all = blobs();
    size_t rows[BLOB_ROWS], count = 0, rare = 0, warnings = 0;
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        bool is_rare = snug_dataset_class(all, i) == 2;
        if (!is_rare || rare++ < 2) {
            rows[count++] = i;
        }
    }
    snug_dataset *data = snug_dataset_select(all, rows, count);
    snug_experiment *e = folds_experiment("\"epochs\": 1");
    snug_set_log(count_warning, NULL);
    snug_folds *folds = folds_train(e, data, (snug_folds_options){.folds = K, .threads = 3});
    snug_set_log(NULL, NULL);
    expect_message(snug_folds_warning(folds, 0), "class \"2\" has 2 rows, fewer than the 5 folds");
    while (snug_folds_warning(folds, warnings) != NULL) {
        warnings++;
    }
    ck_assert_uint_eq(logged, warnings);
    ck_assert_uint_ge(warnings, 2);
    ck_assert_ptr_nonnull(strstr(snug_folds_warning(folds, 1), " of 5 trainings)"));
    snug_folds_free(folds);
    snug_experiment_free(e);
    snug_dataset_free(data);
    snug_dataset_free(all);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    snug_dataset *data = blobs();
    snug_experiment *e = folds_experiment("\"epochs\": 1, \"calibration\": \"temperature\"");
    bool done = false;
    for (size_t k = 0; !done; k += k < 60 ? 1 : 17) {
        snug_folds *folds;
        const snug_folds_options o = {.folds = 2, .threads = 1, .refit = true};
        failing_start(k);
        done = snug_folds_train(e, data, &o, &folds) == SNUG_OK;
        snug_folds_free(folds);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert(done || snug_error_status() == SNUG_ERROR_MEMORY);
    }
    snug_experiment_free(e);
    snug_dataset_free(data);
}
END_TEST

static Suite *folds_suite(void) {
    Suite *suite = suite_create("folds");
    TCase *tc = tcase_create("folds");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, each_row_is_in_one_fold_and_classes_are_even);
    tcase_add_test(tc, groups_are_in_one_fold);
    tcase_add_test(tc, wrong_counts_are_refused);
    tcase_add_test(tc, any_number_of_threads_gives_the_same_bits);
    tcase_add_test(tc, rows_are_predicted_by_the_members_without_them);
    tcase_add_test(tc, metrics_are_those_of_the_folds);
    tcase_add_test(tc, a_constant_column_does_not_change_predictions);
    tcase_add_test(tc, refits_for_the_mean_of_the_best_epochs);
    tcase_add_test(tc, what_is_finished_before_a_stop_is_a_model);
    tcase_add_test(tc, a_member_that_fails_is_named);
    tcase_add_test(tc, classes_that_are_rarer_than_the_folds_are_warned_of);
    tcase_add_test(tc, several_rare_classes_are_one_warning);
    tcase_add_test(tc, every_allocation_may_fail);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(folds_suite)
