#include "table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char delimiters[] = {0, ';', '\t', ' '};
    if (size < FUZZ_OPTIONS) {
        return 0;
    }
    snug_csv_options options = fuzz_options(data);
    options.delimiter = delimiters[data[0] >> 4 & 3];
    options.no_header = (data[0] & 64) != 0;
    fuzz_notation(&data, &size, &options);
    fuzz_table(snug_dataset_read_csv, data, size, options);
    return 0;
}
