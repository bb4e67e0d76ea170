#include <stdlib.h>

#include "support/problems.h"

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
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    ck_assert_int_eq(snug_model_tensor(model, 0, &info), SNUG_OK);
    for (size_t i = 0; i < n * n; i++) {
        info.values[i] = i % (n + 1) == 0;
    }
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}
