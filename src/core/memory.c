#define _DEFAULT_SOURCE /* for mmap() and madvise(). NOLINT(bugprone-reserved-identifier) */

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/guard.h"
#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"

/*
 * The header in front of every block: its size, which the allocator gets when the block is freed. A
 * header takes SNUG_ALIGNMENT bytes, so that the block behind it is aligned as well:
 *
 *     | size, unused bytes | block ...          |
 *     ^ what the allocator ^ what the caller
 *       returned             gets
 *
 * While the block is in use, access to the header is forbidden (core/guard.h), so that
 * AddressSanitizer reports a read or write in front of the block.
 */
typedef struct header {
    size_t size; /* of the block without its header */
} header;

_Static_assert(sizeof(header) <= SNUG_ALIGNMENT, "the header fits in front of a block");

#ifdef SNUG_EXACT_ALLOCATIONS
/* No block is mapped: mappings end at whole pages. */
#define MAPPED SIZE_MAX
#else
/*
 * Blocks of at least so many bytes are mapped: the kernel then provides all pages at once, zeroed,
 * in two thirds of the time that page faults one by one take. (Huge pages were slower still on a
 * virtual machine, which has to get them from its host.)
 */
#define MAPPED ((size_t)8 << 20)
#endif

static void *map_block(size_t size) {
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
        return NULL;
    }
#ifdef MADV_POPULATE_WRITE
    (void)madvise(block, size, MADV_POPULATE_WRITE); /* on failure pages come by faults */
#endif
    return block;
}

static void *new_block(size_t size, size_t alignment) {
    if (size >= MAPPED) {
        return map_block(size);
    }
    /* Not aligned_alloc(), which wants a multiple of the alignment: a block has its exact size. */
    void *block;
    return posix_memalign(&block, alignment, size) == 0 ? block : NULL;
}

static void free_block(void *block, size_t size) {
    if (block != NULL && size >= MAPPED) {
        munmap(block, size);
    } else {
        free(block);
    }
}

static void *default_resize(void *user, void *pointer, size_t old_size, size_t size,
                            size_t alignment) {
    (void)user;
    if (size == 0) {
        free_block(pointer, old_size);
        return NULL;
    }
    if (size > SIZE_MAX - alignment) {
        return NULL;
    }
    void *block = new_block(size, alignment); /* realloc() keeps no alignment */
    if (block != NULL && pointer != NULL) {
        memcpy(block, pointer, old_size < size ? old_size : size);
        free_block(pointer, old_size);
    }
    return block;
}

static const snug_allocator default_allocator = {.resize = default_resize};
static snug_allocator current = {.resize = default_resize};

void snug_set_allocator(const snug_allocator *allocator) {
    current = allocator != NULL ? *allocator : default_allocator;
}

bool snug_multiply(size_t a, size_t b, size_t *product) {
    if (b != 0 && a > SIZE_MAX / b) {
        return false;
    }
    *product = a * b;
    return true;
}

bool snug_add(size_t a, size_t b, size_t *sum) {
    if (a > SIZE_MAX - b) {
        return false;
    }
    *sum = a + b;
    return true;
}

/* The header of a block, which may be read and written from now on; NULL: no block. */
static header *open_header(void *block) {
    if (block == NULL) {
        return NULL;
    }
    header *start = (header *)(void *)((char *)block - SNUG_ALIGNMENT);
    snug_allow(start, SNUG_ALIGNMENT);
    return start;
}

/* Forbids a header again; returns its block. */
static char *close_header(header *start) {
    snug_forbid(start, SNUG_ALIGNMENT);
    return (char *)start + SNUG_ALIGNMENT;
}

void *snug_resize(void *block, size_t count, size_t size) {
    size_t bytes, total;
    if (!snug_multiply(count, size, &bytes) || !snug_add(bytes, SNUG_ALIGNMENT, &total)) {
        snug_fail(SNUG_ERROR_MEMORY,
                  "out of memory: %zu times %zu bytes are more than size_t can hold", count, size);
        return NULL;
    }
    header *old = open_header(block);
    size_t old_bytes = old != NULL ? old->size : 0;
    header *start = current.resize(current.user, old, old != NULL ? old_bytes + SNUG_ALIGNMENT : 0,
                                   total, SNUG_ALIGNMENT);
    if (start == NULL) {
        if (old != NULL) {
            close_header(old);
        }
        snug_fail_memory(bytes);
        return NULL;
    }
    start->size = bytes;
    char *fresh = close_header(start);
    bool zeroed = total >= MAPPED && current.resize == default_resize;
    if (bytes > old_bytes && !zeroed) {
        memset(fresh + old_bytes, 0, bytes - old_bytes);
    }
    return fresh;
}

void *snug_alloc(size_t count, size_t size) {
    return snug_resize(NULL, count, size);
}

void snug_release(void *block) {
    if (block == NULL) {
        return;
    }
    header *start = open_header(block);
    snug_allow(block, start->size); /* an allocator may hand it out again as it is */
    current.resize(current.user, start, start->size + SNUG_ALIGNMENT, 0, SNUG_ALIGNMENT);
}

char *snug_copy_text(const char *bytes, size_t n) {
    size_t size;
    if (!snug_add(n, 1, &size)) {
        snug_fail_memory(n);
        return NULL;
    }
    char *copy = snug_alloc(size, 1);
    if (copy != NULL && n > 0) {
        memcpy(copy, bytes, n);
    }
    return copy;
}

char *snug_copy_string(const char *string) {
    return snug_copy_text(string, strlen(string));
}

static char *print_block(const char *format, va_list values, va_list again)
    __attribute__((__format__(__printf__, 1, 0)));

/* The first pass measures; `again` is a copy of `values`. */
static char *print_block(const char *format, va_list values, va_list again) {
    int length = vsnprintf(NULL, 0, format, values);
    if (length < 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a string cannot be formatted");
        return NULL;
    }
    char *text = snug_alloc((size_t)length + 1, 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    return text;
}

char *snug_format(const char *format, ...) {
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    locale_t before = snug_locale_enter();
    char *text = print_block(format, values, again);
    snug_locale_leave(before);
    va_end(again);
    va_end(values);
    return text;
}

void snug_free(void *block) {
    snug_release(block);
}
