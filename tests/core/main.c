#include <stdlib.h>

#include "suites.h"

int main(void) {
    SRunner *runner = srunner_create(status_suite());
    srunner_add_suite(runner, utf8_suite());
    srunner_add_suite(runner, memory_suite());
    srunner_add_suite(runner, pool_suite());
    srunner_add_suite(runner, processors_suite());
    srunner_add_suite(runner, file_suite());
    srunner_add_suite(runner, file_write_suite());
    srunner_add_suite(runner, bytes_suite());
    srunner_add_suite(runner, json_suite());
    srunner_add_suite(runner, fields_suite());
    srunner_add_suite(runner, kinds_suite());
    srunner_add_suite(runner, describe_suite());
    srunner_add_suite(runner, handles_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
