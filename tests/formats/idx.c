/* IDX files, right and wrong. */
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "support/suite.h"
#include "support/tables.h"

/* Five images of 2 x 3 bytes, and their labels. */
static const unsigned char images[] = {
    0, 0, 8,   3,  0,  0,  0,  5,  0,  0,  0,  2,  0,  0,  0,  3,  1,  2,  3,  4,  5,  6,  7,
    8, 9, 255, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30};
static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 5, 2, 0, 4, 2, 0};

enum { FIRST = 16 }; /* of the values of the images */

static void write_gzip(const char *name, const void *bytes, size_t n) {
    gzFile stream = gzopen(name, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_int_eq(gzwrite(stream, bytes, (unsigned)n), (int)n);
    ck_assert_int_eq(gzclose(stream), Z_OK);
}

static void expect_images(const char *images_path, const char *labels_path) {
    snug_dataset *data = snug_dataset_read_idx(images_path, labels_path);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), 5);
    expect_row(data, 1, 6, (float[]){7, 8, 9, 255, 11, 12});
    ck_assert_ptr_nonnull(data->storage->bytes);
    ck_assert_ptr_null(data->storage->x);
    ck_assert_str_eq(snug_dataset_column_name(data, 5), "x6");
    ck_assert_uint_eq(snug_dataset_class_count(data), labels_path ? 5 : 0);
    ck_assert_int_eq(snug_dataset_class(data, 2), labels_path ? 4 : -1);
    if (labels_path != NULL) {
        ck_assert_str_eq(snug_dataset_class_name(data, 4), "4");
    }
    snug_dataset_free(data);
}

START_TEST(reads_plain_and_gzip) {
    write_bytes("images", images, sizeof images);
    write_bytes("labels", labels, sizeof labels);
    write_gzip("images.gz", images, sizeof images);
    write_gzip("labels.gz", labels, sizeof labels);
    expect_images("images", "labels");
    expect_images("images.gz", "labels.gz");
    expect_images("images.gz", NULL);
}
END_TEST

/* Reading the first n bytes of the images, with `value` written at `at`, fails. */
static void expect_wrong(size_t n, size_t at, unsigned char value, const char *location) {
    unsigned char changed[sizeof images + 1] = {0};
    memcpy(changed, images, sizeof images);
    changed[at] = value;
    write_gzip("i.gz", changed, n);
    ck_assert_ptr_null(snug_dataset_read_idx("i.gz", NULL));
    expect_error(SNUG_ERROR_DATA, location);
}

#define COMPRESSED "i.gz:"

/* A name alone does not make a file a compressed one. */
START_TEST(says_what_is_no_idx_file) {
    write_bytes("plain.gz", "a,b\n1,2\n", 8);
    ck_assert_ptr_null(snug_dataset_read_idx("plain.gz", NULL));
    expect_error(SNUG_ERROR_DATA, "plain.gz:");
    write_gzip("i.gz", "a,b\n1,2\n", 8);
    ck_assert_ptr_null(snug_dataset_read_idx("i.gz", NULL));
    expect_error(SNUG_ERROR_DATA, COMPRESSED);
}
END_TEST

START_TEST(reads_labels_as_the_task_needs_them) {
    write_bytes("images", images, sizeof images);
    write_gzip("labels.gz", labels, sizeof labels);
    snug_dataset *data = snug_dataset_read_idx_as("images", "labels.gz", SNUG_TASK_REGRESSION);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_class_count(data), 0);
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    ck_assert_float_eq(snug_dataset_values(data, 2)[0], 4);
    ck_assert_str_eq(snug_dataset_target_name(data, 0), "y1");
    snug_dataset_free(data);
    data = snug_dataset_read_idx_as("images", "labels.gz", SNUG_TASK_CLASSIFICATION);
    ck_assert_int_eq(snug_dataset_class(data, 2), 4);
    snug_dataset_free(data);
    data = snug_dataset_read_idx_as("images", "no such labels", SNUG_TASK_NONE);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_dataset_class(data, 2), -1);
    snug_dataset_free(data);
}
END_TEST

START_TEST(refuses_what_does_not_fit_its_header) {
    size_t n = sizeof images;
    expect_wrong(n, 0, 1, COMPRESSED);
    expect_wrong(3, 0, 0, COMPRESSED);
    expect_wrong(n, 2, 0x0d, "i.gz:");
    expect_wrong(n, 3, 0, "i.gz:");
    expect_wrong(14, 0, 0, "i.gz:");
    expect_wrong(n, 11, 0, "i.gz:");
    expect_wrong(n - 1, 0, 0, "i.gz:");
    expect_wrong(FIRST, 0, 0, "i.gz:");
    expect_wrong(n, 7, 9, "i.gz:");
    expect_wrong(n + 1, 0, 0, "i.gz:");
    /* 2^56 bytes are promised: memory must grow with what is there. */
    expect_wrong(n, 4, 255, "i.gz:");
}
END_TEST

START_TEST(refuses_dimensions_beyond_memory) {
    unsigned char bytes[4 + 4 * 200];
    memset(bytes, 255, sizeof bytes);
    memcpy(bytes, (unsigned char[]){0, 0, 8, 200}, 4);
    write_bytes("i", bytes, sizeof bytes);
    ck_assert_ptr_null(snug_dataset_read_idx("i", NULL));
    expect_error(SNUG_ERROR_DATA, "i:");
}
END_TEST

START_TEST(refuses_labels_that_do_not_fit) {
    static const unsigned char four[] = {0, 0, 8, 1, 0, 0, 0, 4, 2, 0, 4, 2};
    write_bytes("images", images, sizeof images);
    write_bytes("labels", four, sizeof four);
    ck_assert_ptr_null(snug_dataset_read_idx("images", "labels"));
    expect_error(SNUG_ERROR_DATA, "labels:");
    ck_assert_ptr_null(snug_dataset_read_idx("images", "images"));
    expect_error(SNUG_ERROR_DATA, "images:");
    write_bytes("labels", labels, sizeof labels - 2);
    ck_assert_ptr_null(snug_dataset_read_idx("images", "labels"));
    expect_error(SNUG_ERROR_DATA, "labels:");
}
END_TEST

START_TEST(refuses_broken_gzip) {
    write_gzip("whole.gz", images, sizeof images);
    FILE *stream = fopen("whole.gz", "rb");
    unsigned char bytes[256];
    size_t n = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    write_bytes("cut.gz", bytes, n - 12);
    ck_assert_ptr_null(snug_dataset_read_idx("cut.gz", NULL));
    expect_error(SNUG_ERROR_DATA, "cut.gz:");
    bytes[n - 8] ^= 1; /* of the checksum */
    write_bytes("sum.gz", bytes, n);
    ck_assert_ptr_null(snug_dataset_read_idx("sum.gz", NULL));
    expect_error(SNUG_ERROR_DATA, "sum.gz:");
}
END_TEST

START_TEST(says_why_a_file_cannot_be_opened) {
    ck_assert_ptr_null(snug_dataset_read_idx("none.gz", NULL));
    expect_error(SNUG_ERROR_FILE, "none.gz:");
    ck_assert_ptr_null(snug_dataset_read_idx(NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "the path of the");
}
END_TEST

static Suite *idx_suite(void) {
    Suite *suite = suite_create("idx");
    TCase *tests = directory_case(suite, "idx");
    tcase_add_test(tests, reads_plain_and_gzip);
    tcase_add_test(tests, says_what_is_no_idx_file);
    tcase_add_test(tests, reads_labels_as_the_task_needs_them);
    tcase_add_test(tests, refuses_what_does_not_fit_its_header);
    tcase_add_test(tests, refuses_dimensions_beyond_memory);
    tcase_add_test(tests, refuses_labels_that_do_not_fit);
    tcase_add_test(tests, refuses_broken_gzip);
    tcase_add_test(tests, says_why_a_file_cannot_be_opened);
    return suite;
}

REGISTER_SUITE(idx_suite)
