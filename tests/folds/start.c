/* Models that start from others: which weights they take, by which columns, also in folds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <snug/folds.h>

#include "model/model.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { ROWS = 60 };

static const char old_path[] = "old.safetensors";
static char directory[64];

/* Writes a table of two numbers and three classes; `permuted`: in another order of all of them. */
static void write_table(const char *path, bool permuted) {
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(permuted ? "class,b,a\n" : "a,b,class\n", stream);
    for (int i = 0; i < ROWS; i++) {
        int row = permuted ? ROWS - 1 - i : i;
        double a = row % 3 + 0.1 * (row % 7), b = 5 - 2 * (row % 3) + 0.1 * (row % 5);
        const char *name = row % 3 == 0 ? "low" : row % 3 == 1 ? "mid" : "top";
        if (permuted) {
            fprintf(stream, "%s,%g,%g\n", name, b, a);
        } else {
            fprintf(stream, "%g,%g,%s\n", a, b, name);
        }
    }
    ck_assert_int_eq(fclose(stream), 0);
}

static snug_experiment *read_experiment(const char *data, const char *layers, const char *train) {
    char text[1024];
    snprintf(text, sizeof text,
             "{\"data\": {\"train\": \"%s\", \"target\": \"class\"}, \"model\": {\"layers\": "
             "[%s]}, \"train\": {\"batch_size\": 8, \"seed\": 3%s}}",
             data, layers, train);
    snug_experiment *e = snug_experiment_parse(text, strlen(text), NULL);
    ck_assert_msg(e != NULL, "%s", snug_error());
    return e;
}

#define LAYERS                                                                                     \
    "{\"type\": \"dense\", \"units\": 6}, \"selu\", "                                              \
    "{\"type\": \"dense\", \"units\": \"classes\"}"

/* Trains with so small a learning rate that the weights stay what they were. */
#define FROM_OLD                                                                                   \
    ", \"epochs\": 1, \"start_from\": \"old.safetensors\", "                                       \
    "\"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 1e-30}"

/* Trains the experiment, and returns the model. */
static snug_model *train(const snug_experiment *e) {
    snug_model *model;
    snug_dataset *rows, *validation, *test;
    snug_fit_options options;
    ck_assert_msg(snug_experiment_load(e, &model, &rows, &validation, &test) == SNUG_OK, "%s",
                  snug_error());
    ck_assert_int_eq(snug_experiment_options(e, &options), SNUG_OK);
    ck_assert_msg(snug_fit(model, rows, &options, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(rows);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    return model;
}

/* Makes a directory with two tables, and a model that was trained on the first. */
static void make_files(void) {
    strcpy(directory, "/tmp/snug_start_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    write_table("a.csv", false);
    write_table("b.csv", true);
    snug_experiment *e = read_experiment("a.csv", LAYERS, ", \"epochs\": 5");
    snug_model *model = train(e);
    ck_assert_int_eq(snug_model_save(model, old_path), SNUG_OK);
    snug_model_free(model);
    snug_experiment_free(e);
}

static void remove_files(void) {
    static const char *const names[] = {"a.csv", "b.csv", old_path};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_int_eq(unlink(names[i]), 0);
    }
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}

static snug_model *load_old(void) {
    snug_model *old = snug_model_load(old_path);
    ck_assert_msg(old != NULL, "%s", snug_error());
    return old;
}

/* Checks that the tensor of a name has the same bits, or other ones. */
static void expect_tensor(snug_model *a, snug_model *b, const char *name, bool same) {
    const snug_model *const models[] = {a, b};
    const float *values[2] = {NULL, NULL};
    size_t bytes = 0;
    for (size_t m = 0; m < 2; m++) {
        for (size_t i = 0; i < snug_model_tensor_count(models[m]); i++) {
            snug_tensor_info tensor;
            ck_assert_int_eq(snug_model_tensor(m == 0 ? a : b, i, &tensor), SNUG_OK);
            if (strcmp(tensor.name, name) == 0) {
                values[m] = tensor.values;
                bytes = tensor.rows * tensor.columns * sizeof(float);
            }
        }
        ck_assert_ptr_nonnull(values[m]);
    }
    ck_assert_msg((memcmp(values[0], values[1], bytes) == 0) == same, "%s", name);
}

/* ---- models ---------------------------------------------------------------------------------- */

static snug_model *new_model(size_t inputs, size_t units, size_t outputs) {
    snug_model *model = snug_model_new(inputs);
    snug_model_add(model, snug_dense(units));
    snug_model_add(model, snug_layer_new("selu"));
    snug_model_add(model, snug_dense(outputs));
    return model;
}

START_TEST(tensors_of_the_same_name_are_taken) {
    snug_model *old = load_old(), *model = new_model(2, 6, 3), *fresh = new_model(2, 6, 3);
    snug_model_add(model, snug_dense(3));
    snug_model_add(fresh, snug_dense(3));
    ck_assert_int_eq(snug_model_start_from(model, old, 9), SNUG_OK);
    ck_assert_int_eq(snug_model_init(fresh, 9), SNUG_OK);
    expect_tensor(model, old, "0.weight", true);
    expect_tensor(model, old, "0.bias", true);
    expect_tensor(model, old, "2.weight", true);
    expect_tensor(model, fresh, "2.weight", false);
    expect_tensor(model, fresh, "3.weight", true); /* which the old one has not */
    ck_assert_str_eq(snug_model_class_name(model, 2), "top");
    snug_model_free(model);
    snug_model_free(fresh);
    snug_model_free(old);
}
END_TEST

START_TEST(other_shapes_are_refused) {
    snug_model *old = load_old(), *wide = new_model(2, 7, 3), *other = snug_model_new(2);
    ck_assert_int_eq(snug_model_start_from(wide, old, 1), SNUG_ERROR_ARGUMENT);
    expect_location("0.weight: is 6 x 2 where the model has 7 x 2:");
    snug_model_add(other, snug_layer_new("selu"));
    snug_model_add(other, snug_dense(3));
    ck_assert_int_eq(snug_model_start_from(other, old, 1), SNUG_ERROR_ARGUMENT);
    expect_location("has no tensor of a name that the model has");
    snug_model *members[] = {old, old};
    snug_model *ensemble = snug_model_new_ensemble(members, 2), *model = new_model(2, 6, 3);
    ck_assert_int_eq(snug_model_start_from(model, ensemble, 1), SNUG_ERROR_ARGUMENT);
    expect_location("is an ensemble of 2 models");
    ck_assert_int_eq(snug_model_start_from(model, NULL, 1), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_start_from(NULL, old, 1), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_start_from(ensemble, old, 1), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_model_start_from(model, model, 1), SNUG_ERROR_ARGUMENT); /* no weights */
    snug_model_free(model);
    snug_model_free(ensemble);
    snug_model_free(other);
    snug_model_free(wide);
    snug_model_free(old);
}
END_TEST

/* ---- experiments ----------------------------------------------------------------------------- */

START_TEST(an_experiment_starts_from_a_model) {
    static const char *const tables[] = {"a.csv", "b.csv"};
    snug_model *old = load_old();
    for (size_t i = 0; i < 2; i++) {
        snug_experiment *e = read_experiment(tables[i], LAYERS, FROM_OLD);
        snug_model *model = train(e);
        expect_tensor(model, old, "0.weight", true);
        expect_tensor(model, old, "2.bias", true);
        cJSON *now = snug_preprocessing_write(model->preprocessing);
        cJSON *then = snug_preprocessing_write(old->preprocessing);
        ck_assert(cJSON_Compare(now, then, true)); /* in the old order, with its scaling */
        cJSON_Delete(now);
        cJSON_Delete(then);
        snug_model_free(model);
        snug_experiment_free(e);
    }
    snug_model_free(old);
}
END_TEST

/* Each member starts from the model; layers that it lacks have weights of the member's seed. */
START_TEST(members_of_folds_start_from_a_model) {
    snug_model *old = load_old();
    snug_experiment *e = read_experiment(
        "b.csv", LAYERS ", {\"type\": \"dense\", \"units\": \"classes\"}", FROM_OLD);
    snug_dataset *rows, *validation, *test;
    snug_folds *folds;
    ck_assert_msg(snug_folds_load(e, &rows, &validation, &test) == SNUG_OK, "%s", snug_error());
    snug_folds_options options = {.folds = 3, .threads = 2};
    ck_assert_msg(snug_folds_train(e, rows, &options, &folds) == SNUG_OK, "%s", snug_error());
    snug_model **members = snug_folds_model(folds)->members;
    for (size_t i = 0; i < 3; i++) {
        expect_tensor(members[i], old, "0.weight", true);
        expect_tensor(members[i], old, "2.weight", true);
    }
    expect_tensor(members[0], members[1], "3.weight", false);
    snug_folds_free(folds);
    snug_dataset_free(rows);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(e);
    snug_model_free(old);
}
END_TEST

static void fail_to_load(const char *layers, const char *train, const char *message) {
    snug_experiment *e = read_experiment("a.csv", layers, train);
    snug_model *model;
    snug_dataset *rows, *validation, *test;
    ck_assert_int_ne(snug_experiment_load(e, &model, &rows, &validation, &test), SNUG_OK);
    expect_location(message);
    ck_assert_ptr_null(model);
    ck_assert_ptr_null(rows);
    snug_experiment_free(e);
}

START_TEST(wrong_models_are_named) {
    fail_to_load(LAYERS, ", \"start_from\": \"none.safetensors\"",
                 "(string): train.start_from: none.safetensors: cannot open:");
    fail_to_load(LAYERS, ", \"start_from\": \"a.csv\"", "(string): train.start_from: a.csv: ");
    fail_to_load("{\"type\": \"dense\", \"units\": 5}, \"selu\", {\"type\": \"dense\", \"units\": "
                 "\"classes\"}",
                 FROM_OLD,
                 "(string): train.start_from: old.safetensors: 0.weight: is 6 x 2 where the model "
                 "has 5 x 2:");
}
END_TEST

START_TEST(each_allocation_may_fail) {
    snug_model *old = load_old();
    snug_status status = SNUG_ERROR_MEMORY;
    for (size_t k = 0; status != SNUG_OK; k++) {
        snug_model *model = new_model(2, 6, 3);
        failing_start(k);
        status = snug_model_start_from(model, old, 1);
        ck_assert(status == SNUG_OK || status == SNUG_ERROR_MEMORY);
        (void)failing_stop();
        snug_model_free(model);
        ck_assert_uint_lt(k, 1000);
    }
    snug_model_free(old);
}
END_TEST

static Suite *start_suite(void) {
    Suite *suite = suite_create("start");
    TCase *tests = tcase_create("start");
    tcase_add_checked_fixture(tests, make_files, remove_files);
    tcase_add_test(tests, tensors_of_the_same_name_are_taken);
    tcase_add_test(tests, other_shapes_are_refused);
    tcase_add_test(tests, an_experiment_starts_from_a_model);
    tcase_add_test(tests, members_of_folds_start_from_a_model);
    tcase_add_test(tests, wrong_models_are_named);
    tcase_add_test(tests, each_allocation_may_fail);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(start_suite)
