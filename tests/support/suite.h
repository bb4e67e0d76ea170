/* Suites of tests that the test program finds by itself: no list names them. */
#ifndef SNUG_TESTS_SUPPORT_SUITE_H
#define SNUG_TESTS_SUPPORT_SUITE_H

#include <check.h>

/* A suite of one test file, in the list that main() runs. */
typedef struct registered_suite {
    Suite *(*create)(void);
    struct registered_suite *next;
} registered_suite;

/* Adds a suite to the list; called before main() starts. */
void suite_register(registered_suite *suite);

/*
 * At the end of a test file: runs the suite that `create` makes as part of the test program of its
 * directory. A test file that forgets this line does not compile without warnings, for its suite is
 * unused.
 */
#define REGISTER_SUITE(create)                                                                     \
    __attribute__((constructor)) static void register_##create(void) {                             \
        static registered_suite suite = {create, NULL};                                            \
        suite_register(&suite);                                                                    \
    }

#endif
