#include "table.h"

/*
 * Whether a number has five digits. An index of 1000000 is right, and takes seconds and much memory
 * to name a million columns: the fuzzer would do little else.
 */
static int has_long_number(const uint8_t *data, size_t size) {
    size_t digits = 0;
    for (size_t i = 0; i < size && digits < 5; i++) {
        digits = data[i] >= '0' && data[i] <= '9' ? digits + 1 : 0;
    }
    return digits == 5;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size >= FUZZ_OPTIONS && !has_long_number(data + FUZZ_OPTIONS, size - FUZZ_OPTIONS)) {
        fuzz_table(snug_dataset_read_libsvm, data + FUZZ_OPTIONS, size - FUZZ_OPTIONS,
                   fuzz_options(data));
    }
    return 0;
}
