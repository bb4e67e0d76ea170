#include <stdlib.h>

#include "support.h"

int main(void) {
    SRunner *runner = srunner_create(text_suite());
    srunner_add_suite(runner, csv_suite());
    srunner_add_suite(runner, csv_wrong_suite());
    srunner_add_suite(runner, csv_like_suite());
    srunner_add_suite(runner, csv_line_suite());
    srunner_add_suite(runner, csv_aside_suite());
    srunner_add_suite(runner, csv_blocks_suite());
    srunner_add_suite(runner, csv_hostile_suite());
    srunner_add_suite(runner, csv_wide_suite());
    srunner_add_suite(runner, idx_suite());
    srunner_add_suite(runner, npy_suite());
    srunner_add_suite(runner, file_rows_suite());
    srunner_add_suite(runner, arrays_suite());
    srunner_add_suite(runner, split_suite());
    srunner_add_suite(runner, bits_suite());
    srunner_add_suite(runner, scaler_suite());
    srunner_add_suite(runner, preprocess_suite());
    srunner_add_suite(runner, memory_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
