/* A run that is resumed from the bytes, whatever they are, fails with a message or ends. */
#include <fcntl.h>

#include "files/calls.h"
#include "fuzz.h"

enum { ROWS = 16, COLUMNS = 2, CLASSES = 3 };

static char directory[] = "/tmp/snug-fuzz-XXXXXX";

static int sync_nothing(int descriptor) {
    (void)descriptor;
    return 0;
}

static void remove_directory(void) {
    char path[64];
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", directory);
    unlink(path);
    snprintf(path, sizeof path, "%s/lock", directory);
    unlink(path);
    rmdir(directory);
}

/* Makes the directory of the checkpoint, once, and lets files be written without fsync(). */
static void make_directory(void) {
    static snug_file_calls quick;
    static int made;
    if (made++ == 0) {
        fuzz_check(mkdtemp(directory) != NULL, "a directory can be made");
        atexit(remove_directory);
        quick = *snug_file_calls_used();
        quick.fsync = sync_nothing;
        snug_file_calls_set(&quick);
    }
}

static void write_checkpoint(const uint8_t *data, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "%s/checkpoint.safetensors", directory);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    fuzz_check(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size &&
                   close(descriptor) == 0,
               "the checkpoint can be written");
}

/* Trains a network with all that a checkpoint has of one. */
static snug_status train(bool resume, snug_callback_fn *callback) {
    static const char *const metrics[] = {"roc_auc", "confusion_matrix", "f1"};
    static float x[ROWS * COLUMNS];
    static int32_t classes[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
        classes[i] = (int32_t)(i % CLASSES);
        x[COLUMNS * i] = (float)(i % 5) + (float)classes[i];
        x[COLUMNS * i + 1] = (float)(i % 7);
    }
    snug_dataset *rows = snug_dataset_from_arrays(x, ROWS, COLUMNS, classes);
    snug_model *model = snug_model_new(COLUMNS);
    snug_model_add(model, snug_dense(3));
    snug_model_add(model, snug_layer_new("batch_norm"));
    snug_model_add(model, snug_dense(CLASSES));
    const snug_fit_options o = {.optimizer = snug_adam(0.01),
                                .epochs = 3,
                                .batch_size = 3,
                                .validation = 0.2,
                                .accumulate = 2,
                                .ema = 0.5,
                                .metrics = metrics,
                                .metric_count = 3,
                                .early_stopping = {.patience = 2},
                                .threads = 1,
                                .checkpoint = directory,
                                .checkpoint_every = 5,
                                .resume = resume,
                                .allow_drift = resume,
                                .callback = callback};
    snug_status status = snug_fit(model, rows, &o, NULL);
    snug_model_free(model);
    snug_dataset_free(rows);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    make_directory();
    write_checkpoint(data, size);
    snug_status status = train(true, NULL);
    fuzz_check(status == SNUG_OK || snug_error()[0] != 0, "a failure has a message");
    return 0;
}
