/* Allocation by the allocator of <snug/memory.h>. A function that fails sets the error message. */
#ifndef SNUG_CORE_MEMORY_H
#define SNUG_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/memory.h> /* IWYU pragma: export */

/* Every block is aligned to a cache line. */
#define SNUG_ALIGNMENT ((size_t)64)

/*
 * Allocates count * size zeroed bytes, aligned to SNUG_ALIGNMENT. Returns NULL on failure; a count
 * of 0 returns a block all the same. Free it with snug_release().
 */
void *snug_alloc(size_t count, size_t size);

/*
 * Resizes a block of snug_alloc() (NULL: a new one) to count elements and zeroes the new ones.
 * Returns the block, which may have moved, or NULL; then the old block is unchanged.
 */
void *snug_resize(void *block, size_t count, size_t size);

/* Returns a copy of n bytes, ended by a 0. Free it with snug_release(). */
char *snug_copy_text(const char *bytes, size_t n);

/* Returns a copy of a string. Free it with snug_release(). */
char *snug_copy_string(const char *string);

/* Returns a string that is printed as by printf(). Free it with snug_release(). */
char *snug_format(const char *format, ...) SNUG_PRINTF(1, 2);

/* Frees a block of the functions above; ignores NULL. */
void snug_release(void *block);

/* Sets *product = a * b. Returns false, without setting it, when size_t cannot hold the product. */
bool snug_multiply(size_t a, size_t b, size_t *product);

/* Sets *sum = a + b. Returns false, without setting it, when size_t cannot hold the sum. */
bool snug_add(size_t a, size_t b, size_t *sum);

#endif
