#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    snug_experiment *experiment = snug_experiment_parse((const char *)data, size, NULL);
    fuzz_check(experiment != NULL || snug_error()[0] != 0, "a failure has a message");
    snug_experiment_free(experiment);
    return 0;
}
