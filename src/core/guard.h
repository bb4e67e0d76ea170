/*
 * Memory that nobody may touch. With SNUG_EXACT_ALLOCATIONS and AddressSanitizer, every block of
 * core/memory.h begins and ends at such memory, and so does every buffer that shares a block with
 * others; a read or write past either end ends the program with a report. In other builds nothing
 * here costs anything.
 */
#ifndef SNUG_CORE_GUARD_H
#define SNUG_CORE_GUARD_H

#include <stddef.h>

#if defined(__SANITIZE_ADDRESS__)
#define SNUG_HAS_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SNUG_HAS_ASAN 1
#endif
#endif

#if defined(SNUG_EXACT_ALLOCATIONS) && defined(SNUG_HAS_ASAN)
#include <sanitizer/asan_interface.h>
#define SNUG_GUARDS 1
#define SNUG_GUARD_FLOATS ((size_t)16) /* between two buffers of a block: a line of the cache */
#else
#define SNUG_GUARDS 0
#define SNUG_GUARD_FLOATS ((size_t)0)
#endif

/* Forbids the n bytes at `start` to everybody, until they are allowed again. */
static inline void snug_forbid(const void *start, size_t n) {
#if SNUG_GUARDS
    __asan_poison_memory_region(start, n);
#else
    (void)start;
    (void)n;
#endif
}

static inline void snug_allow(const void *start, size_t n) {
#if SNUG_GUARDS
    __asan_unpoison_memory_region(start, n);
#else
    (void)start;
    (void)n;
#endif
}

#endif
