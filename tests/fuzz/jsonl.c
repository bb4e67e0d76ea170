#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size >= FUZZ_OPTIONS) {
        fuzz_table(snug_dataset_read_jsonl, data + FUZZ_OPTIONS, size - FUZZ_OPTIONS,
                   fuzz_options(data));
    }
    return 0;
}
