/* NPY files, right and wrong. */
#include <stdio.h>
#include <string.h>

#include "formats/npy.h"
#include "support/suite.h"
#include "support/tables.h"

static const float square[6] = {1.5f, -2, 3, 4.25f, 5, -6};

/* A file of a version with this dictionary and n bytes of values. */
static void write_npy(const char *name, int version, const char *dictionary, const void *values,
                      size_t n) {
    unsigned char bytes[512] = {0x93, 'N', 'U', 'M', 'P', 'Y', (unsigned char)version};
    size_t length = strlen(dictionary), start = version == 1 ? 10 : 12;
    bytes[8] = (unsigned char)length;
    memcpy(bytes + start, dictionary, length);
    memcpy(bytes + start + length, values, n);
    write_bytes(name, bytes, start + length + n);
}

static snug_dataset *read_npy(const char *targets) {
    snug_dataset *data = snug_dataset_read_npy("x.npy", targets);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static void write_square(void) {
    write_npy("x.npy", 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }  \n", square,
              sizeof square);
}

START_TEST(reads_floats_of_every_version) {
    for (int version = 1; version <= 3; version++) {
        write_npy("x.npy", version, "{'shape': (3,2,1), 'descr': '<f4', 'fortran_order': False}\n",
                  square, sizeof square);
        snug_dataset *data = read_npy(NULL);
        ck_assert_uint_eq(snug_dataset_row_count(data), 3);
        expect_row(data, 1, 2, (float[]){3, 4.25f});
        ck_assert_uint_eq(snug_dataset_class_count(data) + snug_dataset_output_count(data), 0);
        snug_dataset_free(data);
    }
}
END_TEST

START_TEST(reads_every_type_and_byte_order) {
    static const struct {
        const char *type;
        unsigned char bytes[16];
        size_t n;
        float first, second;
    } cases[] = {
        {"<f8", {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0}, 16, 1.5f, -2},
        {">f8", {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0}, 16, 1.5f, -2},
        {">f4", {0x3f, 0xc0, 0, 0, 0xc0}, 8, 1.5f, -2},
        {"|i1", {0xfe, 3}, 2, -2, 3},
        {"<i2", {0xfe, 0xff, 0, 1}, 4, -2, 256},
        {">i4", {0xff, 0xff, 0xff, 0xfd, 0, 1, 0, 2}, 8, -3, 65538},
        {"<i8", {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 7}, 16, -1, 7},
        {"|u1", {200, 7}, 2, 200, 7},
        {">u2", {0xff, 0xfe, 0, 2}, 4, 65534, 2},
        {"<u4", {0, 0, 0, 0x80, 9}, 8, 2147483648.0f, 9},
        {">u8",
         {0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1},
         16,
         9223372036854775808.0f,
         257},
        {"|b1", {1, 0}, 2, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char header[128];
        snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (1, 2)}",
                 cases[i].type);
        write_npy("x.npy", 1, header, cases[i].bytes, cases[i].n);
        snug_dataset *data = read_npy(NULL);
        expect_row(data, 0, 2, (float[]){cases[i].first, cases[i].second});
        ck_assert_int_eq(data->storage->bytes != NULL, strcmp(cases[i].type, "|u1") == 0);
        snug_dataset_free(data);
    }
}
END_TEST

/* numpy of Python 2 wrote long integers, where it had to. */
START_TEST(reads_shapes_of_python_2) {
    write_npy("x.npy", 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }", square,
              sizeof square);
    write_npy("y.npy", 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2L,), }",
              (unsigned char[]){1, 0}, 2);
    snug_dataset *data = read_npy("y.npy");
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    expect_row(data, 1, 3, (float[]){4.25f, 5, -6});
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
}
END_TEST

/* The file holds column after column: row 1 of 2 x 3 is every second number. */
START_TEST(reads_fortran_order) {
    write_npy("x.npy", 1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", square,
              sizeof square);
    write_npy("y.npy", 2, "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 2), }",
              (unsigned char[]){1, 0, 2, 0, 3, 0, 0xfc, 0xff}, 8);
    snug_dataset *data = read_npy("y.npy");
    expect_row(data, 0, 3, (float[]){1.5f, 3, 5});
    expect_row(data, 1, 3, (float[]){-2, 4.25f, -6});
    expect_floats(2, snug_dataset_values(data, 0), (float[]){1, 3});
    expect_floats(2, snug_dataset_values(data, 1), (float[]){2, -4});
    snug_dataset_free(data);
}
END_TEST

/* One dimension, or one column, is the same in both orders. */
START_TEST(reads_a_single_column_in_fortran_order) {
    write_npy("x.npy", 1, "{'descr': '<f4', 'fortran_order': True, 'shape': (6, 1), }", square,
              sizeof square);
    write_npy("y.npy", 1, "{'descr': '<f4', 'fortran_order': True, 'shape': (6,), }", square,
              sizeof square);
    snug_dataset *data = read_npy("y.npy");
    for (size_t i = 0; i < 6; i++) {
        expect_row(data, i, 1, &square[i]);
        ck_assert_float_eq(snug_dataset_values(data, i)[0], square[i]);
    }
    snug_dataset_free(data);
}
END_TEST

/*
 * 2 rows of 2 x 3 x 2: the number at [row, i, j, k] is at row + 2 i + 4 j + 12 k in the file, and
 * is feature (i * 3 + j) * 2 + k, as x.reshape(2, -1) makes it.
 */
START_TEST(reads_more_dimensions_in_fortran_order) {
    unsigned char bytes[24];
    float rows[2][12];
    for (size_t n = 0; n < 24; n++) {
        size_t row = n % 2, i = n / 2 % 2, j = n / 4 % 3, k = n / 12;
        bytes[n] = (unsigned char)(n * 7 + 3);
        rows[row][(i * 3 + j) * 2 + k] = (float)(n * 7 + 3);
    }
    for (size_t type = 0; type < 2; type++) {
        write_npy("x.npy", 1,
                  type == 0 ? "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2, 3, 2), }"
                            : "{'descr': '|b1', 'fortran_order': True, 'shape': (2, 2, 3, 2), }",
                  bytes, sizeof bytes);
        snug_dataset *data = read_npy(NULL);
        ck_assert_int_eq(data->storage->bytes != NULL, type == 0);
        expect_row(data, 0, 12, rows[0]);
        expect_row(data, 1, 12, rows[1]);
        snug_dataset_free(data);
    }
}
END_TEST

START_TEST(reads_classes_and_values) {
    write_square();
    write_npy("y.npy", 1, "{'descr': '>i2', 'fortran_order': False, 'shape': (2,)}",
              (unsigned char[]){0, 4, 0, 1}, 4);
    snug_dataset *data = read_npy("y.npy");
    ck_assert_uint_eq(snug_dataset_class_count(data), 5);
    ck_assert_int_eq(snug_dataset_class(data, 0), 4);
    ck_assert_int_eq(snug_dataset_class(data, 1), 1);
    snug_dataset_free(data);
    write_npy("y.npy", 1, "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 2)}",
              (unsigned char[]){0, 4, 3, 1}, 4);
    data = read_npy("y.npy");
    ck_assert_uint_eq(snug_dataset_output_count(data), 2);
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], 3);
    snug_dataset_free(data);
    write_npy("y.npy", 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", square, 8);
    data = read_npy("y.npy");
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    ck_assert_float_eq(snug_dataset_values(data, 1)[0], -2);
    snug_dataset_free(data);
}
END_TEST

static void write_targets(const char *type, size_t columns, const void *values, size_t n) {
    char header[128];
    snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (2, %zu)}",
             type, columns);
    write_npy("y.npy", 1, header, values, n);
}

static snug_dataset *read_as(snug_task task) {
    snug_dataset *data = snug_dataset_read_npy_as("x.npy", "y.npy", task);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

/* Whole numbers are classes or values, as the task needs them, in any type. */
START_TEST(reads_targets_as_the_task_needs_them) {
    static const struct {
        const char *type;
        unsigned char bytes[16];
        size_t n;
    } cases[] = {{"<i8", {3, 0, 0, 0, 0, 0, 0, 0, 1}, 16},
                 {"|b1", {3, 1}, 2},
                 {"<f4", {0, 0, 0x40, 0x40, 0, 0, 0x80, 0x3f}, 8},
                 {">f8", {0x40, 8, 0, 0, 0, 0, 0, 0, 0x3f, 0xf0}, 16}};
    write_square();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_targets(cases[i].type, 1, cases[i].bytes, cases[i].n);
        snug_dataset *data = read_as(SNUG_TASK_CLASSIFICATION);
        ck_assert_uint_eq(snug_dataset_class_count(data), 4);
        ck_assert_int_eq(snug_dataset_class(data, 0), 3);
        ck_assert_int_eq(snug_dataset_class(data, 1), 1);
        ck_assert_uint_eq(snug_dataset_output_count(data), 0);
        snug_dataset_free(data);
        data = read_as(SNUG_TASK_REGRESSION);
        ck_assert_uint_eq(snug_dataset_output_count(data), 1);
        ck_assert_uint_eq(snug_dataset_class_count(data), 0);
        ck_assert_float_eq(snug_dataset_values(data, 0)[0], 3);
        ck_assert_float_eq(snug_dataset_values(data, 1)[0], 1);
        ck_assert_str_eq(snug_dataset_target_name(data, 0), "y1");
        snug_dataset_free(data);
        data = read_as(SNUG_TASK_AUTO);
        ck_assert_uint_eq(snug_dataset_class_count(data), strchr("ib", cases[i].type[1]) ? 4 : 0);
        snug_dataset_free(data);
        data = read_as(SNUG_TASK_NONE);
        ck_assert_uint_eq(snug_dataset_class_count(data) + snug_dataset_output_count(data), 0);
        snug_dataset_free(data);
        data = snug_npy_dataset("x.npy", "y.npy", SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES, 4096);
        ck_assert_uint_eq(snug_dataset_class_count(data), 4);
        snug_dataset_free(data);
    }
}
END_TEST

START_TEST(refuses_targets_that_are_no_classes) {
    write_square();
    write_targets("<f4", 1, (float[]){2, 0.5f}, 8);
    ck_assert_ptr_null(snug_dataset_read_npy_as("x.npy", "y.npy", SNUG_TASK_CLASSIFICATION));
    expect_error(SNUG_ERROR_DATA, "y.npy:");
    snug_dataset *data =
        snug_npy_dataset("x.npy", "y.npy", SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES, 4096);
    ck_assert_uint_eq(snug_dataset_output_count(data), 1);
    snug_dataset_free(data);
    write_targets("|u1", 3, (unsigned char[]){1, 0, 1, 0, 0, 1}, 6);
    ck_assert_ptr_null(snug_dataset_read_npy_as("x.npy", "y.npy", SNUG_TASK_CLASSIFICATION));
    expect_error(SNUG_ERROR_DATA, "y.npy:");
}
END_TEST

static void expect_wrong(const char *dictionary, size_t n, const char *location) {
    unsigned char values[64] = {0};
    write_npy("x.npy", 1, dictionary, values, n);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", NULL));
    expect_error(SNUG_ERROR_DATA, location);
}

#define HEADER(type, shape) "{'descr': '" type "', 'fortran_order': False, 'shape': " shape "}"

START_TEST(refuses_what_does_not_fit_its_header) {
    static const char odd[] = "x.npy:";
    expect_wrong(HEADER("<f4", "(2, 3)"), 20, "x.npy:");
    expect_wrong(HEADER("<f4", "(2, 3)"), 25, "x.npy:");
    expect_wrong(HEADER("<f4", "(2, 0)"), 0, "x.npy:");
    expect_wrong(HEADER("<f4", "()"), 4, "x.npy:");
    expect_wrong(HEADER("<f4", "(3,)"), 12, "x.npy:");
    expect_wrong(HEADER("<f2", "(1, 2)"), 4, "x.npy:");
    expect_wrong(HEADER("<f4", "(99999999999999999999999, 2)"), 4, "x.npy:");
    expect_wrong(HEADER("<f4", "(4294967296, 4294967296)"), 4, "x.npy:");
    expect_wrong("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3)}", 20, "x.npy:");
    expect_wrong("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3)}", 24, odd);
    expect_wrong(HEADER("<f4", "(2M, 3)"), 24, odd);
    expect_wrong(HEADER("<f4", "(2LL, 3)"), 24, odd);
    expect_wrong(HEADER("<f4", "(L, 3)"), 24, odd);
    expect_wrong("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}", 8, "x.npy:");
    expect_wrong(HEADER("<f4", "(2 3)"), 24, odd);
    expect_wrong(HEADER("<f4", "(-2, 3)"), 24, odd);
    expect_wrong(HEADER("<f4", "(2, 3)") "x", 24, odd);
    expect_wrong("{'descr': '<f4', 'shape': (2, 3)}", 24, odd);
    expect_wrong("{'descr': '<f4', 'descr': '<f4'}", 24, odd);
}
END_TEST

START_TEST(refuses_more_dimensions_than_numpy_has) {
    char header[300] = "{'descr': '|u1', 'fortran_order': True, 'shape': (1";
    for (size_t i = 1; i < 65; i++) {
        strcat(header, ",1");
    }
    strcat(header, ")}");
    expect_wrong(header, 1, "x.npy:");
}
END_TEST

START_TEST(refuses_what_is_no_npy_file) {
    write_bytes("x.npy", "\x93NUMPX\1\0\4\0{}  ", 14);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", NULL));
    expect_error(SNUG_ERROR_DATA, "x.npy:");
    write_npy("x.npy", 4, "{}", "", 0);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", NULL));
    expect_error(SNUG_ERROR_DATA, "x.npy:");
    write_bytes("x.npy", "\x93NUMPY\1\0\5\0{}  ", 14);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", NULL));
    expect_error(SNUG_ERROR_DATA, "x.npy:");
    ck_assert_ptr_null(snug_dataset_read_npy("none.npy", NULL));
    expect_error(SNUG_ERROR_FILE, "none.npy:");
    ck_assert_ptr_null(snug_dataset_read_npy(NULL, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "the path of the");
}
END_TEST

START_TEST(refuses_wrong_values) {
    write_npy("x.npy", 1, HEADER("<f4", "(1, 2)"), (unsigned char[]){0, 0, 0, 0, 0, 0, 0x80, 0x7f},
              8);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", NULL));
    expect_error(SNUG_ERROR_DATA, "x.npy:");
    write_square();
    write_npy("y.npy", 1, HEADER("|i1", "(2,)"), (unsigned char[]){1, 0xfd}, 2);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", "y.npy"));
    expect_error(SNUG_ERROR_DATA, "y.npy:");
    write_npy("y.npy", 1, HEADER("|i1", "(3,)"), (unsigned char[]){1, 0, 1}, 3);
    ck_assert_ptr_null(snug_dataset_read_npy("x.npy", "y.npy"));
    expect_error(SNUG_ERROR_DATA, "y.npy:");
}
END_TEST

static Suite *npy_suite(void) {
    Suite *suite = suite_create("npy");
    TCase *tests = directory_case(suite, "npy");
    tcase_add_test(tests, reads_floats_of_every_version);
    tcase_add_test(tests, reads_every_type_and_byte_order);
    tcase_add_test(tests, reads_shapes_of_python_2);
    tcase_add_test(tests, reads_fortran_order);
    tcase_add_test(tests, reads_a_single_column_in_fortran_order);
    tcase_add_test(tests, reads_more_dimensions_in_fortran_order);
    tcase_add_test(tests, refuses_more_dimensions_than_numpy_has);
    tcase_add_test(tests, reads_classes_and_values);
    tcase_add_test(tests, reads_targets_as_the_task_needs_them);
    tcase_add_test(tests, refuses_targets_that_are_no_classes);
    tcase_add_test(tests, refuses_what_does_not_fit_its_header);
    tcase_add_test(tests, refuses_what_is_no_npy_file);
    tcase_add_test(tests, refuses_wrong_values);
    return suite;
}

REGISTER_SUITE(npy_suite)
