/* Allocation through the hook of <snug/memory.h>. Every function sets the error sentence itself. */
#ifndef SNUG_CORE_MEMORY_H
#define SNUG_CORE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/memory.h>

#define SNUG_ALIGNMENT ((size_t)64)

/*
 * count * size zeroed bytes, 64-byte aligned; NULL with the sentence set. A count of 0 gives a
 * block.
 */
void *snug_alloc(size_t count, size_t size);

/*
 * Resizes a block of snug_alloc() to count elements, zeroing what is new; NULL leaves the old one.
 */
void *snug_resize(void *block, size_t count, size_t size);

/* A copy of n bytes of text, ended by a 0. */
char *snug_copy_text(const char *text, size_t n);
char *snug_copy_string(const char *text);

/* The same with printf's format. */
char *snug_format(const char *format, ...) SNUG_PRINTF(1, 2);

/* Frees a block of this file; takes NULL. */
void snug_release(void *block);

/* *product = a * b, *sum = a + b; false when size_t cannot hold it. */
bool snug_multiply(size_t a, size_t b, size_t *product);
bool snug_add(size_t a, size_t b, size_t *sum);

#endif
