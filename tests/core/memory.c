#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/overrun.h" /* IWYU pragma: keep */
#include "support/suite.h"

static void assert_zero(const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(bytes[i], 0);
    }
}

START_TEST(blocks_are_aligned_and_zeroed) {
    failing_start(SIZE_MAX);
    for (size_t count = 0; count < 200; count += 13) {
        char *block = snug_alloc(count, 3);
        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % SNUG_ALIGNMENT, 0);
        assert_zero(block, count * 3);
        snug_release(block);
    }
    snug_release(NULL);
    ck_assert_uint_eq(failing_stop(), 0);
}
END_TEST

START_TEST(resize_keeps_and_zeroes) {
    failing_start(SIZE_MAX);
    char *block = snug_resize(NULL, 5, 1);
    memcpy(block, "snug!", 5);
    block = snug_resize(block, 300, 7);
    ck_assert_uint_eq((uintptr_t)block % SNUG_ALIGNMENT, 0);
    ck_assert_int_eq(memcmp(block, "snug!", 5), 0);
    assert_zero(block + 5, 2095);
    block = snug_resize(block, 2, 1);
    ck_assert_int_eq(memcmp(block, "sn", 2), 0);
    /* What was cut off does not come back. */
    block = snug_resize(block, 5, 1);
    ck_assert_int_eq(memcmp(block, "sn\0\0\0", 5), 0);
    snug_release(block);
    ck_assert_uint_eq(failing_stop(), 0);
}
END_TEST

START_TEST(failure_leaves_the_old_block) {
    failing_start(1);
    char *block = snug_copy_string("stays");
    ck_assert_ptr_null(snug_resize(block, 100, 10));
    expect_location("out of memory:");
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
    ck_assert_str_eq(block, "stays");
    snug_release(block);
    ck_assert_uint_eq(failing_stop(), 0);
}
END_TEST

START_TEST(sizes_that_overflow) {
    ck_assert_ptr_null(snug_alloc(SIZE_MAX / 2, 3));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
    ck_assert_ptr_null(snug_alloc(SIZE_MAX, 1));
    ck_assert_ptr_null(snug_copy_text("x", SIZE_MAX));
    size_t result = 7;
    ck_assert(snug_multiply(SIZE_MAX / 3, 3, &result));
    ck_assert_uint_eq(result, SIZE_MAX / 3 * 3);
    ck_assert(!snug_multiply(SIZE_MAX / 3 + 1, 3, &result));
    ck_assert(snug_multiply(5, 0, &result));
    ck_assert_uint_eq(result, 0);
    ck_assert(snug_add(SIZE_MAX - 2, 2, &result));
    ck_assert_uint_eq(result, SIZE_MAX);
    ck_assert(!snug_add(SIZE_MAX - 2, 3, &result));
}
END_TEST

/* The sizes that the hook is told: each old size must be the one that was asked for before. */
typedef struct book {
    size_t size, alignment;
    int wrong;
} book;

static char store[4096] __attribute__((aligned(64)));

static void *keep_book(void *user, void *pointer, size_t old_size, size_t size, size_t alignment) {
    book *b = user;
    b->wrong += old_size != b->size || alignment < SNUG_ALIGNMENT;
    b->wrong += (pointer != NULL) != (b->size != 0);
    b->size = size;
    return size > 0 ? store : NULL;
}

START_TEST(hook_is_told_the_old_size) {
    book b = {0};
    snug_set_allocator(&(snug_allocator){.resize = keep_book, .user = &b});
    void *block = snug_alloc(10, 4);
    block = snug_resize(block, 30, 4);
    block = snug_resize(block, 1, 1);
    snug_release(block);
    snug_set_allocator(NULL);
    ck_assert_int_eq(b.wrong, 0);
    ck_assert_uint_eq(b.size, 0);
}
END_TEST

START_TEST(texts) {
    char *cut = snug_copy_text("abcdef", 3), *empty = snug_copy_text(NULL, 0);
    char *made = snug_format("%s %d %.3g", "a", 42, 0.125);
    ck_assert_str_eq(cut, "abc");
    ck_assert_str_eq(empty, "");
    ck_assert_str_eq(made, "a 42 0.125");
    snug_release(cut);
    snug_release(empty);
    snug_release(made);
}
END_TEST

#if SNUG_GUARDS
START_TEST(an_overrun_of_a_block_is_reported) {
    const size_t sizes[] = {1, 13, (size_t)9 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *block = snug_alloc(sizes[i], 1);
        assert_exact(block, sizes[i]);
        block = snug_resize(block, sizes[i] + 7, 1);
        ck_assert(is_reported(write_byte, block + sizes[i] + 7));
        snug_release(block);
    }
}
END_TEST

START_TEST(an_overrun_of_another_allocators_block_is_reported) {
    failing_start(1);
    char *block = snug_alloc(13, 1);
    assert_exact(block, 13);
    /* Neither does a resize that fails open the header for good. */
    ck_assert_ptr_null(snug_resize(block, 100, 1));
    assert_exact(block, 13);
    snug_release(block);
    ck_assert_uint_eq(failing_stop(), 0);
}
END_TEST

/* Whoever puts buffers into a block forbids the gaps; the allocator gets all of it back. */
START_TEST(a_block_goes_back_without_guards) {
    snug_set_allocator(&(snug_allocator){.resize = keep_book, .user = &(book){0}});
    char *block = snug_alloc(100, 1);
    snug_forbid(block + 10, 62);
    ck_assert(is_reported(write_byte, block + 10));
    ck_assert(is_reported(read_byte, block + 71));
    snug_release(block);
    snug_set_allocator(NULL);
    memset(store, 0, sizeof store);
}
END_TEST
#endif

static Suite *memory_suite(void) {
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    tcase_add_test(tests, blocks_are_aligned_and_zeroed);
    tcase_add_test(tests, resize_keeps_and_zeroes);
    tcase_add_test(tests, failure_leaves_the_old_block);
    tcase_add_test(tests, sizes_that_overflow);
    tcase_add_test(tests, hook_is_told_the_old_size);
    tcase_add_test(tests, texts);
#if SNUG_GUARDS
    tcase_add_test(tests, an_overrun_of_a_block_is_reported);
    tcase_add_test(tests, an_overrun_of_another_allocators_block_is_reported);
    tcase_add_test(tests, a_block_goes_back_without_guards);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(memory_suite)
