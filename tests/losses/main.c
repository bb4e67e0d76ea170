#include <stdlib.h>

#include "suites.h"

int main(void) {
    SRunner *runner = srunner_create(golden_suite());
    srunner_add_suite(runner, formulas_suite());
    srunner_add_suite(runner, bits_suite());
    srunner_add_suite(runner, kinds_suite());
    srunner_add_suite(runner, weights_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
