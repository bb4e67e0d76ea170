/* Features that stay in their file are the same as those that are read at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/gather.h"
#include "formats/idx.h"
#include "formats/npy.h"
#include "support/suite.h"
#include "support/tables.h"

enum { ROWS = 7, COLUMNS = 1500, VALUES = ROWS * COLUMNS };

static const size_t order[ROWS] = {3, 4, 5, 0, 6, 2, 1};

/* Rows with a value of its own each, as far as a byte goes, in a type of `size` bytes. */
static void write_npy(const char *type, size_t size) {
    static unsigned char bytes[80 + VALUES * 8];
    char header[81];
    int n = snprintf(header, sizeof header, "{'descr':'%s','fortran_order':False,'shape':(%d,%d)}",
                     type, ROWS, COLUMNS);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)n;
    bytes[9] = 0;
    memcpy(bytes + 10, header, (size_t)n);
    for (size_t i = 0; i < VALUES * size; i++) {
        bytes[10 + (size_t)n + i] = (unsigned char)(i * 37 % 113); /* no float's exponent is full */
    }
    for (size_t i = 0; i < VALUES && strcmp(type, "<f8") == 0; i++) {
        memcpy(bytes + 10 + n + i * size, &(double){(double)(i * 37 % 1013) / 7}, size);
    }
    write_bytes("x.npy", bytes, 10 + (size_t)n + VALUES * size);
}

static void expect_gathered_alike(const snug_dataset *held, const snug_dataset *kept,
                                  const snug_scaler *scaler) {
    static float expected[VALUES], got[VALUES];
    ck_assert_int_eq(snug_dataset_gather(held, scaler, order, 0, ROWS, expected), SNUG_OK);
    ck_assert_int_eq(snug_dataset_gather(kept, scaler, order, 0, ROWS, got), SNUG_OK);
    expect_floats(VALUES, got, expected);
}

static void expect_alike(snug_dataset *held, snug_dataset *kept) {
    ck_assert_msg(held && kept, "%s", snug_error());
    ck_assert_ptr_null(held->storage->file);
    ck_assert_ptr_nonnull(kept->storage->file);
    ck_assert_ptr_null(kept->storage->x);
    ck_assert_ptr_null(kept->storage->bytes);
    expect_gathered_alike(held, kept, NULL);
    for (int scaling = SNUG_SCALING_STANDARD; scaling <= SNUG_SCALING_STANDARD_CLIP; scaling++) {
        snug_scaler *one = snug_scaler_fit(held, (snug_scaling)scaling);
        snug_scaler *other = snug_scaler_fit(kept, (snug_scaling)scaling);
        ck_assert_msg(one && other, "%s", snug_error());
        expect_floats(COLUMNS, other->shift, one->shift);
        expect_floats(COLUMNS, other->factor, one->factor);
        expect_gathered_alike(held, kept, one);
        snug_scaler_free(one);
        snug_scaler_free(other);
    }
    snug_dataset_free(held);
    snug_dataset_free(kept);
}

START_TEST(reads_every_type_alike) {
    static const struct {
        const char *type;
        size_t size;
    } cases[] = {{"<f4", 4}, {">f4", 4}, {"<f8", 8}, {"|u1", 1},
                 {"|i1", 1}, {">u2", 2}, {"<i8", 8}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_npy(cases[i].type, cases[i].size);
        expect_alike(snug_npy_dataset("x.npy", NULL, 0, SNUG_MAX_IN_MEMORY),
                     snug_npy_dataset("x.npy", NULL, 0, 99));
    }
}
END_TEST

/* As many bytes of value number i of each type, for values from -50 to 50, or from 0 on. */
static size_t put_value(const char *type, size_t i, unsigned char *bytes) {
    int value = (int)(i * 37 % 101) - (strchr("ub", type[1]) != NULL ? 0 : 50);
    size_t size = (size_t)(type[2] - '0');
    memset(bytes, value < 0 ? 0xff : 0, size);
    if (type[1] == 'f' && size == 4) {
        memcpy(bytes, &(float){(float)value / 3}, size);
    } else if (type[1] == 'f') {
        memcpy(bytes, &(double){(double)value / 3}, size);
    } else {
        bytes[0] = (unsigned char)(type[1] == 'b' ? value % 2 : value);
    }
    for (size_t k = 0; type[0] == '>' && k < size / 2; k++) {
        unsigned char byte = bytes[k];
        bytes[k] = bytes[size - 1 - k];
        bytes[size - 1 - k] = byte;
    }
    return size;
}

/* x.npy in one order: HEIGHT rows of 2 x 3, where value number i in C order is put_value() of i. */
enum { HEIGHT = 2100, WIDTH = 6 };

static void write_turned(const char *type, bool fortran) {
    static unsigned char bytes[200 + HEIGHT * WIDTH * 8];
    size_t n = 10 + (size_t)snprintf((char *)bytes + 10, 190,
                                     "{'descr':'%s','fortran_order':%s,'shape':(%d, 2, 3)}", type,
                                     fortran ? "True" : "False", HEIGHT);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)(n - 10);
    bytes[9] = 0;
    for (size_t at = 0; at < (size_t)HEIGHT * WIDTH; at++) {
        size_t row = at % HEIGHT, i = at / HEIGHT % 2, j = at / HEIGHT / 2;
        n += put_value(type, fortran ? row * WIDTH + i * 3 + j : at, bytes + n);
    }
    write_bytes("x.npy", bytes, n);
}

static void expect_turned(snug_dataset *expected, snug_dataset *got, bool in_file) {
    static float a[HEIGHT * WIDTH], b[HEIGHT * WIDTH];
    static const size_t picked[] = {2099, 0, 1, 2, 2050, 7, 7};
    ck_assert_msg(expected && got, "%s", snug_error());
    ck_assert_int_eq(got->storage->file != NULL, in_file);
    ck_assert_int_eq(snug_dataset_gather(expected, NULL, NULL, 0, HEIGHT, a), SNUG_OK);
    ck_assert_int_eq(snug_dataset_gather(got, NULL, NULL, 0, HEIGHT, b), SNUG_OK);
    expect_floats(HEIGHT * WIDTH, b, a);
    ck_assert_int_eq(snug_dataset_gather(got, NULL, picked, 0, 7, b), SNUG_OK);
    for (size_t i = 0; i < 7; i++) {
        expect_floats(WIDTH, b + i * WIDTH, a + picked[i] * WIDTH);
    }
    snug_dataset_free(got);
}

/* More rows than are turned at once, held in memory and left in the file. */
START_TEST(reads_fortran_order_of_every_type_as_c_order) {
    static const char *const types[] = {"<f4", ">f4", "<f8", ">f8", "|i1", "<i2", ">i2",
                                        "<i4", "<i8", "|u1", ">u2", "<u4", ">u8", "|b1"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        write_turned(types[i], false);
        snug_dataset *expected = snug_npy_dataset("x.npy", NULL, 0, SNUG_MAX_IN_MEMORY);
        write_turned(types[i], true);
        expect_turned(expected, snug_npy_dataset("x.npy", NULL, 0, SNUG_MAX_IN_MEMORY), false);
        expect_turned(expected, snug_npy_dataset("x.npy", NULL, 0, 99), true);
        snug_dataset_free(expected);
    }
}
END_TEST

static void count_warnings(snug_log_level level, const char *message, void *user) {
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    ck_assert_str_eq(
        message, "x.npy: is in Fortran order and too large for the memory: each row is read in 6 "
                 "pieces; numpy.save(..., numpy.ascontiguousarray(x)) makes it one");
    (*(size_t *)user)++;
}

START_TEST(warns_of_a_large_file_in_fortran_order) {
    size_t warnings = 0;
    snug_set_log(count_warnings, &warnings);
    for (int fortran = 0; fortran < 2; fortran++) {
        write_turned("<f4", fortran == 1);
        snug_dataset_free(snug_npy_dataset("x.npy", NULL, 0, SNUG_MAX_IN_MEMORY));
        ck_assert_uint_eq(warnings, 0);
        snug_dataset_free(snug_npy_dataset("x.npy", NULL, 0, 99));
        ck_assert_int_eq((int)warnings, fortran);
    }
    snug_set_log(NULL, NULL);
}
END_TEST

START_TEST(stays_in_the_file_from_the_limit_on) {
    static const struct {
        const char *type;
        size_t size, in_memory;
    } cases[] = {{"<f4", 4, 4}, {"<f8", 8, 4}, {"|u1", 1, 1}, {"|i1", 1, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t less = 0; less < 2; less++) {
            write_npy(cases[i].type, cases[i].size);
            snug_dataset *data =
                snug_npy_dataset("x.npy", NULL, 0, VALUES * cases[i].in_memory - less);
            ck_assert_msg(data != NULL, "%s", snug_error());
            ck_assert_int_eq(data->storage->file != NULL, less == 1);
            snug_dataset_free(data);
        }
    }
}
END_TEST

/* Images of 30 x 50 bytes, as many as `rows`; the header says ROWS. */
static void write_images(size_t n) {
    static unsigned char bytes[16 + VALUES + 1] = {0, 0, 8, 3,  0, 0, 0, ROWS,
                                                   0, 0, 0, 30, 0, 0, 0, 50};
    for (size_t i = 0; i < VALUES; i++) {
        bytes[16 + i] = (unsigned char)(i * 7 % 251);
    }
    write_bytes("images", bytes, 16 + n);
}

START_TEST(reads_images_alike) {
    write_images(VALUES);
    expect_alike(snug_idx_dataset("images", NULL, 0, VALUES),
                 snug_idx_dataset("images", NULL, 0, 99));
}
END_TEST

START_TEST(checks_the_length_of_images) {
    write_images(VALUES - 1);
    ck_assert_ptr_null(snug_idx_dataset("images", NULL, 0, 99));
    expect_error(SNUG_ERROR_DATA, "images:");
    write_images(VALUES + 1);
    ck_assert_ptr_null(snug_idx_dataset("images", NULL, 0, 99));
    expect_error(SNUG_ERROR_DATA, "images:");
}
END_TEST

/* The path may go, the file not: what is open stays. */
START_TEST(outlives_the_name_of_its_file) {
    char path[] = "x.npy";
    write_npy("<f4", 4);
    snug_dataset *held = snug_npy_dataset(path, NULL, 0, SNUG_MAX_IN_MEMORY);
    snug_dataset *kept = snug_npy_dataset(path, NULL, 0, 99);
    path[0] = 'y';
    ck_assert_int_eq(unlink("x.npy"), 0);
    expect_alike(held, kept);
}
END_TEST

START_TEST(says_that_the_file_became_shorter) {
    float row[COLUMNS];
    write_npy("<f4", 4);
    snug_dataset *data = snug_npy_dataset("x.npy", NULL, 0, 99);
    ck_assert_ptr_nonnull(data);
    ck_assert_int_eq(truncate("x.npy", VALUES * 4 - 100), 0);
    ck_assert_int_eq(snug_dataset_row(data, 0, row), SNUG_OK);
    ck_assert_int_eq(snug_dataset_row(data, ROWS - 1, row), SNUG_ERROR_FILE);
    expect_error(SNUG_ERROR_FILE, "x.npy:");
    for (int scaling = SNUG_SCALING_NONE; scaling <= SNUG_SCALING_STANDARD_CLIP; scaling++) {
        ck_assert_ptr_null(snug_scaler_fit(data, (snug_scaling)scaling));
        expect_error(SNUG_ERROR_FILE, "x.npy:");
    }
    snug_dataset_free(data);
}
END_TEST

START_TEST(says_where_a_value_is_not_finite) {
    static const unsigned char nan[] = {0, 0, 0xc0, 0x7f};
    float rows[2 * COLUMNS];
    write_npy("<f4", 4);
    snug_dataset *data = snug_npy_dataset("x.npy", NULL, 0, 99);
    FILE *file = fopen("x.npy", "r+b");
    ck_assert(data && file);
    fseek(file, -(long)((COLUMNS + 2) * sizeof nan), SEEK_END);
    fwrite(nan, sizeof nan, 1, file);
    fclose(file);
    ck_assert_int_eq(snug_dataset_gather(data, NULL, NULL, ROWS - 3, 2, rows), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "x.npy:");
    ck_assert_int_eq(snug_dataset_gather(data, NULL, NULL, ROWS - 4, 2, rows), SNUG_OK);
    snug_dataset_free(data);
}
END_TEST

/* Bytes that this process has read from files, by Linux's count; 0 where there is none. */
static size_t bytes_read(void) {
    static const char name[] = "rchar: ";
    char line[64] = "";
    FILE *file = fopen("/proc/self/io", "r");
    if (file == NULL) {
        return 0;
    }
    bool found = fgets(line, sizeof line, file) != NULL && strncmp(line, name, strlen(name)) == 0;
    fclose(file);
    return found ? (size_t)strtoull(line + strlen(name), NULL, 10) : 0;
}

/* 1500 columns: a pass for the mean and one a digit for the quartiles, however many columns. */
START_TEST(reads_a_file_five_times_for_its_quartiles) {
    write_npy("<f4", 4);
    snug_dataset *data = snug_npy_dataset("x.npy", NULL, 0, 99);
    ck_assert_msg(data != NULL, "%s", snug_error());
    size_t before = bytes_read();
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_ROBUST);
    size_t passes = (bytes_read() - before) / ((size_t)VALUES * 4);
    ck_assert_ptr_nonnull(scaler);
    ck_assert_uint_le(passes, 5);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

static Suite *file_rows_suite(void) {
    Suite *suite = suite_create("file rows");
    TCase *tests = directory_case(suite, "file rows");
    tcase_add_test(tests, reads_every_type_alike);
    tcase_add_test(tests, reads_fortran_order_of_every_type_as_c_order);
    tcase_add_test(tests, warns_of_a_large_file_in_fortran_order);
    tcase_add_test(tests, stays_in_the_file_from_the_limit_on);
    tcase_add_test(tests, reads_images_alike);
    tcase_add_test(tests, checks_the_length_of_images);
    tcase_add_test(tests, outlives_the_name_of_its_file);
    tcase_add_test(tests, says_that_the_file_became_shorter);
    tcase_add_test(tests, reads_a_file_five_times_for_its_quartiles);
    tcase_add_test(tests, says_where_a_value_is_not_finite);
    return suite;
}

REGISTER_SUITE(file_rows_suite)
