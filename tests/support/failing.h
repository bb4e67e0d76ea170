/* An allocator that fails at a chosen call, for our blocks and cJSON's, and counts what is held. */
#ifndef SNUG_TESTS_CORE_FAILING_H
#define SNUG_TESTS_CORE_FAILING_H

#include <stddef.h>

/* The call number `fail_at` (from 0) and only it returns NULL; SIZE_MAX: none does. */
void failing_start(size_t fail_at);

/* Goes back to the usual allocators; returns how many blocks were still held. */
size_t failing_stop(void);

/* How many allocations were asked for since the start. */
size_t failing_calls(void);

#endif
