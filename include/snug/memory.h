/*
 * Memory: an allocator of your own for the library, and snug_free(). Trees of JSON, while a file is
 * read or written, are allocated by cJSON, which has its own setting: cJSON_InitHooks().
 */
#ifndef SNUG_MEMORY_H
#define SNUG_MEMORY_H

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An allocator: one function allocates, resizes and frees, as in Lua. resize() returns a block of
 * `size` bytes, aligned to at least `alignment` bytes (a power of two), with the first
 * min(old_size, size) bytes of the block at `pointer` (NULL: there is none), which it frees or
 * moves. On failure it returns NULL and leaves the old block unchanged. With size 0 it frees
 * `pointer` and returns NULL. Any thread may call it.
 */
typedef struct snug_allocator {
    void *(*resize)(void *user, void *pointer, size_t old_size, size_t size, size_t alignment);
    void *user;
} snug_allocator;

/*
 * Makes the library use a copy of `allocator`; NULL: the C library's functions, the default. A
 * block is freed by the allocator that is set at that time, so call this before the library
 * allocates anything, or after everything is freed. Not while other threads use the library.
 */
SNUG_API void snug_set_allocator(const snug_allocator *allocator);

/* Frees a string or bytes that a function of the library returned; ignores NULL. */
SNUG_API void snug_free(void *block);

#ifdef __cplusplus
}
#endif
#endif
