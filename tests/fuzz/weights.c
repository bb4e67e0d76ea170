#include "fuzz.h"

/* Returns the path of a config, which is written once. */
static const char *config_path(void) {
    static const char text[] = "{\"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 3}, "
                               "{\"type\": \"batch_norm\"}, {\"type\": \"dense\", \"units\": 1}]}}";
    static char path[64];
    if (path[0] == 0) {
        char name[] = "/tmp/snug-fuzz-XXXXXX";
        int descriptor = mkstemp(name);
        fuzz_check(descriptor >= 0, "a temporary file can be made");
        unlink(name);
        fuzz_check(pwrite(descriptor, text, sizeof text - 1, 0) == (ssize_t)sizeof text - 1,
                   "the file can be written");
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    snug_model *model = snug_model_import_weights(fuzz_file(data, size), config_path());
    fuzz_check(model != NULL || snug_error()[0] != 0, "a failure has a message");
    if (model != NULL) {
        char *bytes = NULL;
        fuzz_check(snug_model_save_to_memory(model, &bytes, &size) == SNUG_OK,
                   "an imported model can be saved");
        snug_free(bytes);
    }
    snug_model_free(model);
    return 0;
}
