#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size >= FUZZ_OPTIONS) {
        snug_csv_options options = fuzz_options(data);
        fuzz_notation(&data, &size, &options);
        fuzz_table(snug_dataset_read_jsonl, data, size, options);
    }
    return 0;
}
