/* The main function of every test program: runs the suites that its files register. */
#include <stdio.h>
#include <stdlib.h>

#include "support/suite.h"

static registered_suite *suites;

void suite_register(registered_suite *suite) {
    suite->next = suites;
    suites = suite;
}

int main(void) {
    if (suites == NULL) {
        fprintf(stderr, "no test file registers a suite\n");
        return EXIT_FAILURE;
    }
    SRunner *runner = srunner_create(NULL);
    for (registered_suite *suite = suites; suite != NULL; suite = suite->next) {
        srunner_add_suite(runner, suite->create());
    }
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
