#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    snug_model *model = snug_model_load_from_memory(data, size);
    fuzz_check(model != NULL || snug_error()[0] != 0, "a failure has a message");
    snug_model_free(model);
    return 0;
}
