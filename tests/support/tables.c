#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/tables.h"

static char before[PATH_MAX], directory[PATH_MAX];

void enter_directory(void) {
    const char *base = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%.1000s/snug-data-XXXXXX",
             base != NULL && *base ? base : "/tmp");
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
}

void leave_directory(void) {
    DIR *entries = opendir(".");
    for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            remove(entry->d_name);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    ck_assert_int_eq(chdir(before), 0);
    rmdir(directory);
}

void write_bytes(const char *name, const void *bytes, size_t n) {
    FILE *stream = fopen(name, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, n, stream), n);
    ck_assert_int_eq(fclose(stream), 0);
}

void write_text(const char *name, const char *text) {
    write_bytes(name, text, strlen(text));
}

snug_dataset *read_text(const char *text, const snug_csv_options *options) {
    write_text("t.csv", text);
    snug_dataset *data = snug_dataset_read_csv("t.csv", options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

void expect_refusal(const char *text, const snug_csv_options *options, const char *location) {
    write_text("t.csv", text);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", options));
    expect_error(SNUG_ERROR_DATA, location);
}

void expect_nth_warning(const snug_dataset *data, size_t index, const char *location) {
    const char *warning = snug_dataset_warning(data, index);
    ck_assert_msg(warning != NULL, "there is no warning %zu, at \"%s\"", index, location);
    expect_message(warning, location);
}

void expect_floats(size_t n, const float *got, const float *expected) {
    for (size_t j = 0; j < n; j++) {
        if (isnan(expected[j])) {
            ck_assert_float_nan(got[j]);
        } else {
            ck_assert_float_eq(got[j], expected[j]);
        }
    }
}

void expect_row(const snug_dataset *data, size_t row, size_t columns, const float *features) {
    float got[32];
    ck_assert_uint_eq(snug_dataset_column_count(data), columns);
    ck_assert_uint_le(columns, 32);
    snug_dataset_row(data, row, got);
    expect_floats(columns, got, features);
}

/* ---- failing allocations --------------------------------------------------------------------- */

typedef struct counters {
    size_t left;
    bool failed;
    long live;
} counters;

static counters counts;

static void *failing_resize(void *user, void *pointer, size_t old_size, size_t size,
                            size_t alignment) {
    counters *c = user;
    if (size == 0) {
        c->live -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (c->left == 0) {
        c->failed = true;
        return NULL;
    }
    c->left--;
    void *block = NULL;
    if (posix_memalign(&block, alignment, size) != 0) {
        block = NULL;
    }
    ck_assert_ptr_nonnull(block);
    c->live++;
    if (pointer != NULL) {
        memcpy(block, pointer, old_size < size ? old_size : size);
        free(pointer);
        c->live--;
    }
    return block;
}

void fail_allocation(size_t k) {
    counts = (counters){.left = k};
    snug_set_allocator(&(snug_allocator){failing_resize, &counts});
}

bool end_failures(void) {
    snug_set_allocator(NULL);
    return counts.failed;
}

long live_blocks(void) {
    return counts.live;
}

void expect_every_failure(bool (*action)(void)) {
    bool failed = true;
    size_t k = 0;
    for (; failed; k++) {
        snug_fail(SNUG_OK, "nothing failed");
        fail_allocation(k);
        bool done = action();
        failed = end_failures();
        ck_assert_int_eq(live_blocks(), 0);
        ck_assert_int_eq(done, !failed);
        if (failed) {
            ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        }
    }
    ck_assert_uint_gt(k, 1);
}

TCase *directory_case(Suite *suite, const char *name) {
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, enter_directory, leave_directory);
    suite_add_tcase(suite, tests);
    return tests;
}
