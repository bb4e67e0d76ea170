#include <stdlib.h>

#include "suites.h"

int main(void) {
    SRunner *runner = srunner_create(gemm_suite());
    srunner_add_suite(runner, linear_suite());
    srunner_add_suite(runner, random_suite());
    srunner_add_suite(runner, reduce_suite());
    srunner_add_suite(runner, bits_suite());
    srunner_add_suite(runner, many_rows_suite());
    srunner_add_suite(runner, softmax_suite());
    srunner_add_suite(runner, vector_suite());
    srunner_add_suite(runner, cpu_suite());
    srunner_add_suite(runner, elementary_suite());
    srunner_add_suite(runner, bench_product_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
