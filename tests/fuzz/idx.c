#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const snug_data_options options = {.format = "idx"};
    snug_dataset *rows = snug_dataset_read(fuzz_file(data, size), &options);
    fuzz_check(rows == NULL || snug_dataset_row_count(rows) > 0, "a dataset has rows");
    snug_dataset_free(rows);
    return 0;
}
