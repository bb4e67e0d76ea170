/*
 * Tables that no honest program writes, or that change while they are read: refused, at little
 * cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

enum { BLOCK = 65536 }; /* each pass over a table allocates one such block */

/* An allocator that counts bytes, and rewrites t.csv before the given pass over it. */
typedef struct watch {
    size_t passes, rewrite_at;
    const char *rewrite;
    size_t live, peak;
} watch;

static void *watching_resize(void *user, void *pointer, size_t old_size, size_t size,
                             size_t alignment) {
    watch *w = user;
    w->live -= pointer != NULL ? old_size : 0;
    w->live += size;
    w->peak = w->live > w->peak ? w->live : w->peak;
    if (size >= BLOCK && size <= BLOCK + SNUG_ALIGNMENT && pointer == NULL && w->rewrite != NULL &&
        ++w->passes == w->rewrite_at) {
        write_text("t.csv", w->rewrite);
    }
    if (size == 0) {
        free(pointer);
        return NULL;
    }
    void *block = aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
    ck_assert_ptr_nonnull(block);
    if (pointer != NULL) {
        memcpy(block, pointer, old_size < size ? old_size : size);
    }
    free(pointer);
    return block;
}

static snug_dataset *read_watched(watch *w, const snug_csv_options *options) {
    snug_set_allocator(&(snug_allocator){watching_resize, w});
    snug_dataset *data = snug_dataset_read_csv("t.csv", options);
    ck_assert_ptr_null(data);
    snug_set_allocator(NULL);
    ck_assert_uint_eq(w->live, 0);
    return data;
}

static void expect_changed(const char *text, const char *changed, size_t pass,
                           const snug_csv_options *options, snug_status status) {
    watch w = {.rewrite = changed, .rewrite_at = pass};
    write_text("t.csv", text);
    read_watched(&w, options);
    ck_assert_uint_ge(w.passes, pass);
    expect_error(status, "t.csv:");
}

START_TEST(refuses_a_table_that_changes_between_passes) {
    static const char text[] = "a,b,y\n1,5,p\n2,6,q\n3,7,p\n4,x,q\n";
    const snug_csv_options mean = {.missing = SNUG_MISSING_MEAN};
    /* The category of the first pass has no names in the next, nor has the class. */
    expect_changed(text, "a,b,y\n1, ,p\n2, ,q\n3, ,p\n4, ,q\n", 3, &mean, SNUG_ERROR_DATA);
    expect_changed("a,y\n1,2\n1,2\n1,2.5\n1,x\n", "a,y\n1,\n2,\n3,   \n4,   \n", 3, &mean,
                   SNUG_ERROR_DATA);
    /* More rows and fewer in the last pass, in as many bytes, and fewer bytes. */
    static const char three[] = "a,b,y\n1,5,p\n2,6,q\n1000003,x,p\n";
    expect_changed(three, text, 4, &mean, SNUG_ERROR_DATA);
    expect_changed(text, three, 4, &mean, SNUG_ERROR_DATA);
    expect_changed(text, "a,b,y\n1,5,p\n2,6,q\n3,7,p\n", 4, &mean, SNUG_ERROR_FILE);
}
END_TEST

START_TEST(refuses_classes_without_one) {
    expect_refusal("a,y\n1,\n2, \n", &(snug_csv_options){.task = SNUG_TASK_CLASSIFICATION},
                   "t.csv: column \"y\":");
}
END_TEST

START_TEST(refuses_a_first_line_without_fields) {
    const snug_csv_options spaces = {.delimiter = ' '};
    const snug_csv_options values = {.delimiter = ' ', .no_header = true};
    expect_refusal("\"\"\n1 2 3\n4 5 6\n", &spaces, "t.csv:1:");
    expect_refusal("\n \"\" \"\"\n1 2 3\n", &values, "t.csv:2:");
    expect_refusal("a b\n1 2\n\"\"\n", &spaces, "t.csv:3:");
}
END_TEST

START_TEST(refuses_names_that_are_not_utf8) {
    static const char tail[] =
        " is not UTF-8; \"encoding\": \"windows-1252\" (--encoding) reads it if that is what it is";
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"a,temp\xB0,y\n1,2,3\n", "t.csv:1: column 2: \"temp\\xB0\""},
        {"\na,b,y\n1,2,u\n2,3,v\n3,4,caf\xE9\n", "t.csv:5: column \"y\": \"caf\\xE9\""},
        {"a,b,y\n1,2,u\n1,\xE9t\xE9,v\n", "t.csv:3: column \"b\": \"\\xE9t\\xE9\""},
        {"a,b,y\n1,\"\xC3\"\"\",u\n", "t.csv:2: column \"b\": \"\\xC3\"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char message[128];
        snprintf(message, sizeof message, "%s%s", cases[i].message, tail);
        expect_refusal(cases[i].text, NULL, message);
    }
}
END_TEST

START_TEST(refuses_later_names_that_are_not_utf8) {
    snug_dataset *data = read_text("a,b,y\n1,\xC3\xA9,u\n2,x,v\n", NULL);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    snug_dataset_free(data);
    const snug_csv_options like = {.like = prep};
    expect_refusal("a,b\n1,\xC3\xA9\n1,\xE9\n", &like, "t.csv:3: column \"b\":");
    expect_refusal("a,b,y\n1,x,\xE9\n", &like, "t.csv:2: column \"y\":");
    snug_preprocessing_free(prep);
}
END_TEST

/* What is not read may hold anything. */
START_TEST(takes_other_bytes_in_ignored_columns) {
    static const char *const note[] = {"note", NULL};
    snug_dataset *data =
        read_text("a,note,y\n1,\xE9,2.5\n3,\xFF,4\n", &(snug_csv_options){.ignore = note});
    ck_assert_uint_eq(snug_dataset_column_count(data), 1);
    snug_dataset_free(data);
}
END_TEST

/* `head`, then n times `byte`, then `tail`. */
static void write_repeated(const char *head, char byte, size_t n, const char *tail) {
    size_t start = strlen(head), end = strlen(tail);
    char *bytes = malloc(start + n + end + 1);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, head, start);
    memset(bytes + start, byte, n);
    memcpy(bytes + start + n, tail, end);
    write_bytes("t.csv", bytes, start + n + end);
    free(bytes);
}

START_TEST(reads_a_record_of_delimiters_in_little_memory) {
    static const struct {
        const char *head;
        char delimiter;
        const char *message;
    } cases[] = {
        {"a,b\n1,2\n", ',', "t.csv:3:"},
        {"", ',', "t.csv:1:"},
        {"a b\n1 2\n3", ' ', "t.csv:3:"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        watch w = {0};
        write_repeated(cases[i].head, cases[i].delimiter, 5000000, "\n");
        read_watched(&w, &(snug_csv_options){.delimiter = cases[i].delimiter});
        expect_error(SNUG_ERROR_DATA, cases[i].message);
        ck_assert_uint_lt(w.peak, 32u << 20);
    }
}
END_TEST

START_TEST(takes_many_columns) {
    write_repeated("", ',', 199999, "1\n");
    FILE *stream = fopen("t.csv", "a");
    for (size_t i = 0; i < 200000; i++) {
        fprintf(stream, "%s%zu", i ? "," : "", i);
    }
    fclose(stream);
    snug_dataset *data = snug_dataset_read_csv(
        "t.csv", &(snug_csv_options){.no_header = true, .missing = SNUG_MISSING_MEAN});
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_column_count(data), 199999);
    ck_assert_str_eq(snug_dataset_column_name(data, 199998), "column199999");
    snug_dataset_free(data);
}
END_TEST

static Suite *csv_hostile_suite(void) {
    Suite *suite = suite_create("csv, hostile");
    TCase *tests = directory_case(suite, "hostile");
    tcase_add_test(tests, refuses_a_table_that_changes_between_passes);
    tcase_add_test(tests, refuses_classes_without_one);
    tcase_add_test(tests, refuses_a_first_line_without_fields);
    tcase_add_test(tests, refuses_names_that_are_not_utf8);
    tcase_add_test(tests, refuses_later_names_that_are_not_utf8);
    tcase_add_test(tests, takes_other_bytes_in_ignored_columns);
    tcase_add_test(tests, reads_a_record_of_delimiters_in_little_memory);
    tcase_add_test(tests, takes_many_columns);
    return suite;
}

REGISTER_SUITE(csv_hostile_suite)
