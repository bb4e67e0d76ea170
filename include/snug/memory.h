/*
 * The hook through which every allocation of the library passes. JSON, while it is read or written,
 * is held by cJSON, which has a hook of its own: cJSON_InitHooks().
 */
#ifndef SNUG_MEMORY_H
#define SNUG_MEMORY_H

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One function does all, as in Lua: `resize` gets size bytes at `pointer` (NULL: a new block),
 * aligned to at least `alignment` bytes (a power of two), keeps the first min(old_size, size)
 * bytes, and answers NULL when it cannot, leaving the old block as it was. With size 0 it frees
 * `pointer` and answers NULL. It may be called by any thread.
 */
typedef struct snug_allocator {
    void *(*resize)(void *user, void *pointer, size_t old_size, size_t size, size_t alignment);
    void *user;
} snug_allocator;

/*
 * Uses a copy of `allocator` from now on; NULL goes back to the C library's. Blocks go back to the
 * allocator that is set when they are freed, so call it while the library holds nothing.
 */
SNUG_API void snug_set_allocator(const snug_allocator *allocator);

/*
 * Frees a string or bytes that a function of the library returned, where its comment says so; takes
 * NULL.
 */
SNUG_API void snug_free(void *block);

#ifdef __cplusplus
}
#endif
#endif
