/* Ensembles: the mean of the members' predictions, its evaluation, and the file that holds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/problems.h"
#include "support/suite.h"

enum { MEMBERS = 3, BINARY = 1, CLASSES = BLOB_CLASSES, VALUES = 2, ROWS = BLOB_ROWS };

/* A member that was trained on other rows of the data than the others, with a scaler of its own. */
static snug_model *trained(const snug_dataset *data, size_t outputs, const char *loss, size_t i) {
    size_t rows[ROWS], count = 0;
    for (size_t row = 0; row < snug_dataset_row_count(data); row++) {
        if (row % MEMBERS != i) {
            rows[count++] = row;
        }
    }
    snug_dataset *part = snug_dataset_select(data, rows, count);
    snug_model *model = snug_model_new(BLOB_COLUMNS);
    snug_model_add(model, snug_dense(4 + i));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(outputs));
    const snug_fit_options o = {
        .loss = snug_loss_new(loss), .epochs = 3, .batch_size = 7, .seed = i};
    ck_assert_msg(snug_fit(model, part, &o, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(part);
    return model;
}

typedef struct fixture {
    snug_dataset *data;
    snug_model *members[MEMBERS], *ensemble;
    size_t outputs;
} fixture;

static fixture make(snug_dataset *data, size_t outputs, const char *loss) {
    fixture f = {.data = data, .outputs = outputs};
    for (size_t i = 0; i < MEMBERS; i++) {
        f.members[i] = trained(data, outputs, loss, i);
    }
    f.ensemble = snug_model_new_ensemble(f.members, MEMBERS);
    ck_assert_msg(f.ensemble != NULL, "%s", snug_error());
    return f;
}

static void clear(fixture *f) {
    for (size_t i = 0; i < MEMBERS; i++) {
        snug_model_free(f->members[i]);
    }
    snug_model_free(f->ensemble);
    snug_dataset_free(f->data);
}

/* The first two of the blobs' classes. */
static snug_dataset *two_classes(void) {
    static float x[ROWS * BLOB_COLUMNS];
    static int32_t classes[ROWS];
    size_t count = 0;
    snug_dataset *all = blobs();
    for (size_t i = 0; i < ROWS; i++) {
        if (snug_dataset_class(all, i) < 2) {
            ck_assert_int_eq(snug_dataset_row(all, i, x + count * BLOB_COLUMNS), SNUG_OK);
            classes[count++] = snug_dataset_class(all, i);
        }
    }
    snug_dataset_free(all);
    return snug_dataset_from_arrays(x, count, BLOB_COLUMNS, classes);
}

/* Predicts all rows of the data, as floats or as doubles, in blocks that do not divide them. */
static void predict(const snug_model *model, const snug_dataset *data, bool f64, size_t threads,
                    float *out, int32_t *classes) {
    size_t rows = snug_dataset_row_count(data);
    static double x64[ROWS * BLOB_COLUMNS];
    static float x[ROWS * BLOB_COLUMNS];
    snug_session *session = snug_session_new_parallel(model, 10, threads);
    ck_assert_msg(session != NULL, "%s", snug_error());
    for (size_t i = 0; i < rows; i++) {
        ck_assert_int_eq(snug_dataset_row(data, i, x + i * BLOB_COLUMNS), SNUG_OK);
        ck_assert_int_eq(snug_dataset_row_f64(data, i, x64 + i * BLOB_COLUMNS), SNUG_OK);
    }
    snug_status status = f64 ? snug_predict_classes_f64(session, x64, rows, out, classes)
                             : snug_predict_classes(session, x, rows, out, classes);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    snug_session_free(session);
}

/* Sets mean[rows][outputs] to the mean of what the members predict. */
static void mean_of_members(const fixture *f, double *mean) {
    float one[ROWS * CLASSES];
    size_t n = snug_dataset_row_count(f->data) * f->outputs;
    memset(mean, 0, n * sizeof *mean);
    for (size_t i = 0; i < MEMBERS; i++) {
        predict(f->members[i], f->data, false, 1, one, NULL);
        for (size_t k = 0; k < n; k++) {
            mean[k] += (double)one[k] / MEMBERS;
        }
    }
}

static void expect_mean(const fixture *f, bool f64, size_t threads) {
    double mean[ROWS * CLASSES];
    float out[ROWS * CLASSES];
    int32_t classes[ROWS];
    size_t rows = snug_dataset_row_count(f->data);
    mean_of_members(f, mean);
    predict(f->ensemble, f->data, f64, threads, out, classes);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < f->outputs; j++) {
            double wanted = mean[i * f->outputs + j];
            double error = fabs((double)out[i * f->outputs + j] - wanted);
            ck_assert_double_le(error, 1e-6 * fmax(1, fabs(wanted)));
        }
        ck_assert_uint_eq((size_t)classes[i],
                          snug_model_predicted_class(f->ensemble, out + i * f->outputs));
    }
}

START_TEST(predicts_the_mean_of_its_members) {
    static const char *const losses[] = {"softmax_cross_entropy", "mse", "binary_cross_entropy"};
    snug_dataset *(*const data[])(void) = {blobs, lines, two_classes};
    static const size_t outputs[] = {CLASSES, VALUES, BINARY};
    for (size_t k = 0; k < 3; k++) {
        fixture f = make(data[k](), outputs[k], losses[k]);
        for (size_t threads = 1; threads <= 3; threads += 2) {
            expect_mean(&f, false, threads);
            expect_mean(&f, true, threads);
        }
        clear(&f);
    }
}
END_TEST

/* The loss is that of the mean probability, and the accuracy that of its largest. */
START_TEST(is_evaluated_by_the_mean_probability) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    double mean[ROWS * CLASSES], loss = 0, correct = 0;
    mean_of_members(&f, mean);
    for (size_t i = 0; i < ROWS; i++) {
        const double *p = mean + i * CLASSES;
        size_t best = p[1] > p[0] ? 1 : 0, class = (size_t)snug_dataset_class(f.data, i);
        best = p[2] > p[best] ? 2 : best;
        loss -= log(p[class]) / ROWS;
        correct += best == class;
    }
    for (size_t threads = 1; threads <= 3; threads += 2) {
        snug_metrics m;
        ck_assert_msg(snug_evaluate_parallel(f.ensemble, f.data, NULL, 0, threads, &m) == SNUG_OK,
                      "%s", snug_error());
        ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), loss, 1e-6);
        ck_assert_double_eq_tol(snug_metrics_get(&m, "accuracy"), correct / ROWS, 1e-12);
    }
    clear(&f);
}
END_TEST

START_TEST(is_evaluated_by_the_mean_of_one_probability) {
    fixture f = make(two_classes(), BINARY, "binary_cross_entropy");
    double mean[ROWS], loss = 0;
    size_t rows = snug_dataset_row_count(f.data);
    mean_of_members(&f, mean);
    for (size_t i = 0; i < rows; i++) {
        double p = snug_dataset_class(f.data, i) == 1 ? mean[i] : 1 - mean[i];
        loss -= log(p) / (double)rows;
    }
    snug_metrics m;
    ck_assert_msg(snug_evaluate(f.ensemble, f.data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), loss, 1e-6);
    clear(&f);
}
END_TEST

START_TEST(is_evaluated_by_the_mean_value) {
    fixture f = make(lines(), VALUES, "mse");
    double mean[ROWS * VALUES], loss = 0;
    mean_of_members(&f, mean);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < VALUES; j++) {
            double error = mean[i * VALUES + j] - (double)snug_dataset_values(f.data, i)[j];
            loss += error * error / (ROWS * VALUES);
        }
    }
    snug_metrics m;
    ck_assert_msg(snug_evaluate(f.ensemble, f.data, &m) == SNUG_OK, "%s", snug_error());
    ck_assert_double_eq_tol(snug_metrics_get(&m, "loss"), loss, 1e-5 * loss);
    clear(&f);
}
END_TEST

/* x = f(y) for the y that f makes of it, for each activation that has an inverse. */
START_TEST(inverts_output_functions) {
    static const char *const names[] = {"identity", "exp", "sigmoid", "softmax"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const snug_activation_kind *kind =
            (const void *)snug_kind_find(SNUG_GROUP_ACTIVATION, names[k]);
        const float x[6] = {-3, 0.5F, 1, 2, -0.25F, 0};
        float y[6], z[6], again[6];
        double mean[6];
        kind->forward(NULL, 2, 3, x, y);
        for (size_t i = 0; i < 6; i++) {
            mean[i] = (double)y[i];
        }
        kind->inverse(NULL, 2, 3, mean, z);
        kind->forward(NULL, 2, 3, z, again);
        for (size_t i = 0; i < 6; i++) {
            ck_assert_float_eq_tol(again[i], y[i], 1e-6F * fmaxf(1, y[i]));
        }
        const double ends[3] = {0, k == 0 ? 5 : 1, 0};
        kind->inverse(NULL, 1, 3, ends, z);
        ck_assert(isfinite(z[0]) && isfinite(z[1]) && z[0] < z[1]);
    }
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static char *saved(const snug_model *model, size_t *size) {
    char *bytes;
    ck_assert_msg(snug_model_save_to_memory(model, &bytes, size) == SNUG_OK, "%s", snug_error());
    return bytes;
}

static void expect_same(const fixture *f, const snug_model *other) {
    float a[ROWS * CLASSES], b[ROWS * CLASSES];
    predict(f->ensemble, f->data, false, 1, a, NULL);
    predict(other, f->data, false, 1, b, NULL);
    ck_assert_mem_eq(a, b, ROWS * f->outputs * sizeof *a);
}

START_TEST(a_file_keeps_all_members) {
    fixture f = make(lines(), VALUES, "mse");
    size_t size, again_size;
    char *bytes = saved(f.ensemble, &size);
    snug_model *loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    char *again = saved(loaded, &again_size);
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(bytes, again, size);
    ck_assert_uint_eq(snug_model_member_count(loaded), MEMBERS);
    ck_assert_uint_eq(snug_model_parameter_count(loaded), 26 + 32 + 38);
    ck_assert_ptr_null(snug_model_member(loaded, MEMBERS));
    for (size_t i = 0; i < MEMBERS; i++) {
        size_t of_member, of_loaded;
        char *a = saved(f.members[i], &of_member);
        char *b = saved(snug_model_member(loaded, i), &of_loaded);
        ck_assert_uint_eq(of_member, of_loaded);
        ck_assert_mem_eq(a, b, of_member);
        snug_free(a);
        snug_free(b);
    }
    expect_same(&f, loaded);
    snug_model_free(loaded);
    snug_free(bytes);
    snug_free(again);
    clear(&f);
}
END_TEST

/* Layers without weights have no tensors. */
START_TEST(a_file_keeps_members_without_tensors) {
    snug_model *members[2];
    for (size_t i = 0; i < 2; i++) {
        members[i] = snug_model_new(VALUES);
        snug_model_add(members[i], snug_selu());
        ck_assert_int_eq(snug_model_init(members[i], 1), SNUG_OK);
    }
    snug_model *ensemble = snug_model_new_ensemble(members, 2);
    size_t size;
    char *bytes = saved(ensemble, &size);
    snug_model *loaded = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_model_member_count(loaded), 2);
    snug_model_free(loaded);
    snug_free(bytes);
    snug_model_free(ensemble);
    for (size_t i = 0; i < 2; i++) {
        snug_model_free(members[i]);
    }
}
END_TEST

/* Replaces the first `from` in the file by `to` of the same length; loading it then fails. */
static void refuse_edit(const snug_model *model, const char *from, const char *to) {
    size_t size, at = 8, n = strlen(from);
    char *bytes = saved(model, &size);
    ck_assert_uint_eq(n, strlen(to));
    while (at < size - n && memcmp(bytes + at, from, n) != 0) {
        at++;
    }
    ck_assert_msg(at < size - n, "%s is not in the file", from);
    memcpy(bytes + at, to, n);
    ck_assert_msg(snug_model_load_from_memory(bytes, size) == NULL, "loads with %s", to);
    expect_error(SNUG_ERROR_FILE, "(memory):");
    snug_free(bytes);
}

START_TEST(wrong_files_are_refused) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    refuse_edit(f.ensemble, "\"snug.members\":\"3\"", "\"snug.members\":\"4\"");
    refuse_edit(f.ensemble, "\"snug.members\":\"3\"", "\"snug.members\":\"2\"");
    refuse_edit(f.ensemble, "\"snug.members\":\"3\"", "\"snug.members\":\"0\"");
    refuse_edit(f.ensemble, "\"snug.members\":\"3\"", "\"snug.members\":\"x\"");
    refuse_edit(f.ensemble, "\"members.1.snug.model\"", "\"members.1.snug.madel\"");
    refuse_edit(f.ensemble, "\"members.2.0.bias\"", "\"members.2.1.bias\"");
    refuse_edit(f.ensemble, "\"members.2.0.bias\"", "\"members.3.0.bias\"");
    size_t size;
    char *bytes = saved(f.ensemble, &size);
    for (size_t n = 0; n < size; n += 7) {
        ck_assert_msg(snug_model_load_from_memory(bytes, n) == NULL, "%zu bytes", n);
    }
    memset(bytes + size - 4, 0xff, 4);
    ck_assert_ptr_null(snug_model_load_from_memory(bytes, size));
    expect_error(SNUG_ERROR_FILE, "(memory): member 2: 2.bias:");
    snug_free(bytes);
    clear(&f);
}
END_TEST

/* ---- making, copying ------------------------------------------------------------------------- */

START_TEST(members_of_members_count_one_by_one) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    snug_model *pair = snug_model_new_ensemble(f.members, 2);
    snug_model *parts[] = {pair, f.members[2]};
    snug_model *all = snug_model_new_ensemble(parts, 2);
    ck_assert_msg(all != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_model_member_count(all), MEMBERS);
    expect_same(&f, all);
    snug_model_free(pair);
    snug_model_free(all);
    clear(&f);
}
END_TEST

static void refuse(snug_model *const *members, size_t count, snug_status status,
                   const char *location) {
    ck_assert_ptr_null(snug_model_new_ensemble(members, count));
    expect_error(status, location);
}

START_TEST(refuses_members_that_do_not_fit) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    fixture other = make(lines(), VALUES, "mse");
    snug_dataset *data = lines();
    snug_model *values = trained(data, CLASSES - 1, "huber", 0), *empty = mlp(BLOB_COLUMNS, 3);
    snug_model *small = small_model();
    refuse(NULL, 1, SNUG_ERROR_ARGUMENT, "an ensemble has at least one member");
    refuse(f.members, 0, SNUG_ERROR_ARGUMENT, "an ensemble has at least one member");
    refuse((snug_model *[]){f.members[0], NULL}, 2, SNUG_ERROR_ARGUMENT, "a member of the");
    refuse((snug_model *[]){f.members[0], empty}, 2, SNUG_ERROR_ARGUMENT, "member 1 of the");
    refuse((snug_model *[]){f.members[0], other.members[0]}, 2, SNUG_ERROR_CONFIG, "member 1");
    refuse((snug_model *[]){f.members[0], small}, 2, SNUG_ERROR_CONFIG, "member 1 of the");
    ck_assert_int_eq(snug_model_set_loss(f.members[1], snug_poisson()), SNUG_OK);
    refuse(f.members, 2, SNUG_ERROR_CONFIG, "member 1 of the ensemble: has the output function");
    snug_model_free(snug_model_new_ensemble((snug_model *[]){other.members[0], values}, 2));
    snug_model_free(values);
    snug_model_free(empty);
    snug_model_free(small);
    snug_dataset_free(data);
    clear(&f);
    clear(&other);
}
END_TEST

/* What needs a single model fails with an error message, and leaves the ensemble as it is. */
START_TEST(refuses_what_needs_a_single_model) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    snug_model *e = f.ensemble;
    snug_layer_info layer;
    snug_tensor_info tensor;
    snug_memory_info memory;
    const snug_fit_options o = {.epochs = 1};
    ck_assert_int_eq(snug_fit(e, f.data, &o, NULL), SNUG_ERROR_ARGUMENT);
    expect_location("the model is an ensemble of 3");
    ck_assert_int_eq(snug_model_add(e, snug_dense(2)), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_init(e, 1), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_set_loss(e, snug_mse()), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_layer(e, 0, &layer), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_tensor(e, 0, &tensor), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_memory(e, 8, NULL, &memory), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_fit_scaler(e, f.data, SNUG_SCALING_STANDARD), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(snug_model_config(e));
    ck_assert_ptr_null(snug_session_new_training(e, 8, 1));
    ck_assert_uint_eq(snug_model_layer_count(e), 0);
    ck_assert_uint_eq(snug_model_tensor_count(e), 0);
    const float *outputs, x[BLOB_COLUMNS] = {0};
    snug_session *session = snug_session_new(e, 1);
    ck_assert_int_eq(snug_forward(session, x, 1, 0, &outputs), SNUG_ERROR_ARGUMENT);
    expect_location("the model is an ensemble of 3");
    snug_session_free(session);
    expect_mean(&f, false, 1);
    clear(&f);
}
END_TEST

/* Makes, saves, loads, predicts; whether all of it worked. */
static bool live(snug_model *const *members) {
    static float x[ROWS * BLOB_COLUMNS], out[ROWS * CLASSES];
    size_t size;
    char *bytes = NULL;
    snug_model *loaded = NULL, *made = snug_model_new_ensemble(members, MEMBERS);
    snug_session *session = NULL;
    if (made != NULL && snug_model_save_to_memory(made, &bytes, &size) == SNUG_OK) {
        loaded = snug_model_load_from_memory(bytes, size);
    }
    if (loaded != NULL) {
        session = snug_session_new_parallel(loaded, 8, 2);
    }
    bool done = session != NULL && snug_predict(session, x, ROWS, out) == SNUG_OK;
    snug_session_free(session);
    snug_model_free(loaded);
    snug_model_free(made);
    snug_free(bytes);
    return done;
}

/* Lets one allocation in `step` fail in turn. */
static void fail_in_turn(size_t step) {
    fixture f = make(blobs(), CLASSES, "softmax_cross_entropy");
    bool done = false;
    for (size_t k = 0; !done; k += step) {
        failing_start(k);
        done = live(f.members);
        size_t calls = failing_calls();
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert(done == (k >= calls));
        ck_assert(done || snug_error_status() == SNUG_ERROR_MEMORY);
    }
    clear(&f);
}

START_TEST(every_allocation_may_fail) {
    fail_in_turn(1);
}
END_TEST

START_TEST(some_allocations_may_fail) {
    fail_in_turn(7);
}
END_TEST

static Suite *ensemble_suite(void) {
    Suite *suite = suite_create("ensembles");
    TCase *tc = tcase_create("ensembles");
    tcase_add_test(tc, predicts_the_mean_of_its_members);
    tcase_add_test(tc, is_evaluated_by_the_mean_probability);
    tcase_add_test(tc, is_evaluated_by_the_mean_of_one_probability);
    tcase_add_test(tc, is_evaluated_by_the_mean_value);
    tcase_add_test(tc, inverts_output_functions);
    tcase_add_test(tc, a_file_keeps_all_members);
    tcase_add_test(tc, a_file_keeps_members_without_tensors);
    tcase_add_test(tc, wrong_files_are_refused);
    tcase_add_test(tc, members_of_members_count_one_by_one);
    tcase_add_test(tc, refuses_members_that_do_not_fit);
    tcase_add_test(tc, refuses_what_needs_a_single_model);
    tcase_add_test(tc, some_allocations_may_fail);
    suite_add_tcase(suite, tc);
    TCase *all = tcase_create("all allocations"); /* a pool of threads for each */
    tcase_set_tags(all, "exhaustive");
    tcase_add_test(all, every_allocation_may_fail);
    suite_add_tcase(suite, all);
    return suite;
}

REGISTER_SUITE(ensemble_suite)
