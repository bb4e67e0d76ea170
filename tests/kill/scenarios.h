/* Training runs that the kill test kills and resumes. Each works in the current directory. */
#ifndef SNUG_TESTS_KILL_SCENARIOS_H
#define SNUG_TESTS_KILL_SCENARIOS_H

#include <snug/snug.h>

typedef struct scenario {
    const char *name;
    /* Trains with checkpoints in "runs", resuming those that are there, and saves "model". */
    snug_status (*run)(const struct scenario *scenario);
    size_t trials; /* runs of which each is killed at least once */
    size_t threads;
    bool refit;
} scenario;

/* Returns a scenario by its number, from 0; NULL past the last. */
const scenario *scenario_at(size_t index);

#endif
