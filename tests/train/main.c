#include <stdlib.h>

#include "suites.h"

static float x[BLOB_ROWS * BLOB_COLUMNS];
static float y[BLOB_ROWS * 2];
static int32_t classes[BLOB_ROWS];

static void fill(void) {
    snug_random stream = {.seed = 31, .purpose = 5};
    snug_random_normal(&stream, 0, BLOB_ROWS * BLOB_COLUMNS, x);
    for (size_t i = 0; i < BLOB_ROWS; i++) {
        float *row = x + i * BLOB_COLUMNS;
        classes[i] = (int32_t)(i % BLOB_CLASSES);
        row[classes[i]] += 4;
        row[0] = 10 * row[0] + 100;
        row[2] = 0.1F * row[2];
        y[2 * i] = 0.5F * row[0] - 40;
        y[2 * i + 1] = 3 * row[1] + row[2];
    }
}

snug_dataset *blobs(void) {
    fill();
    return snug_dataset_from_arrays(x, BLOB_ROWS, BLOB_COLUMNS, classes);
}

snug_dataset *lines(void) {
    fill();
    return snug_dataset_from_values(x, BLOB_ROWS, BLOB_COLUMNS, y, 2);
}

snug_model *mlp(size_t columns, size_t outputs) {
    snug_model *model = snug_model_new(columns);
    snug_model_add(model, snug_dense(8));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(outputs));
    return model;
}

snug_model *identity(size_t n, const char *loss) {
    snug_model *model = snug_model_new(n);
    snug_tensor_info info;
    ck_assert_int_eq(snug_model_add(model, snug_dense(n)), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    for (size_t i = 0; i < n * n; i++) {
        info.values[i] = i % (n + 1) == 0;
    }
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}

int main(void) {
    SRunner *runner = srunner_create(metrics_suite());
    int failed;
    srunner_add_suite(runner, fit_suite());
    srunner_add_suite(runner, same_bits_suite());
    srunner_add_suite(runner, stopping_suite());
    srunner_add_suite(runner, refine_suite());
    srunner_add_suite(runner, metric_kinds_suite());
    srunner_add_suite(runner, large_suite());
    srunner_add_suite(runner, experiment_suite());
    srunner_add_suite(runner, weights_suite());
    srunner_add_suite(runner, iterated_suite());
    srunner_add_suite(runner, normalized_suite());
    srunner_add_suite(runner, classes_suite());
    srunner_add_suite(runner, threads_suite());
    srunner_add_suite(runner, memory_suite());
    srunner_add_suite(runner, handles_suite());
    srunner_add_suite(runner, used_handles_suite());
    srunner_add_suite(runner, again_suite());
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
