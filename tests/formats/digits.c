/* Columns whose numbers have more digits than a float, in tables and arrays. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/gather.h"
#include "data/preprocessing.h"
#include "formats/npy.h"
#include "support/suite.h"
#include "support/tables.h"

static const char clock_table[] = "t,a,y\n1700000000.5,1,u\n1700000001.25,2,v\n1700000003,3,u\n";

static double cell(const snug_dataset *data, size_t row, size_t column) {
    double features[8];
    ck_assert_int_eq(snug_dataset_row_f64(data, row, features), SNUG_OK);
    return features[column];
}

static snug_preprocessing *learn(const snug_dataset *data) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, SNUG_SCALING_STANDARD));
}

START_TEST(keeps_seconds_since_1970) {
    snug_dataset *data = read_text(clock_table, NULL);
    ck_assert_double_eq(data->storage->offsets[0], 1700000002);
    ck_assert_double_eq(data->storage->offsets[1], 0);
    ck_assert_double_eq(cell(data, 0, 0), 1700000000.5);
    ck_assert_double_eq(cell(data, 1, 0), 1700000001.25);
    ck_assert_double_eq(cell(data, 2, 0), 1700000003);
    ck_assert_double_eq(cell(data, 2, 1), 3);
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
}
END_TEST

START_TEST(leaves_ordinary_columns_alone) {
    static const char *const tables[] = {
        "lat,long,y\n47.5112,-122.257,1\n47.721,-122.319,2\n47.7379,-122.233,3\n",
        "kelvin,year,y\n290.15,2010,1\n291.65,2011,2\n289.95,2012,3\n",
        "price,id,y\n221900,7129300520,1\n538000,6414100192,2\n180000,1321400060,3\n",
        "p,q,y\n0.12345678901234567,1e-7,1\n0.98765432109876543,2.5e30,2\n0.5,3,3\n",
        "constant,pi,y\n20240131,3.14159265358979,1\n20240131,3.14159265358979,2\n",
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snug_dataset *data = read_text(tables[i], NULL);
        ck_assert_ptr_null(data->storage->offsets);
        ck_assert_ptr_null(snug_dataset_warning(data, 0));
        snug_dataset_free(data);
    }
}
END_TEST

/* A few values with many digits in a column of wide range need nothing. */
START_TEST(looks_at_the_range_of_all_values) {
    snug_dataset *data = read_text("a,y\n20000001,1\n20000003,2\n-9e8,3\n", NULL);
    ck_assert_ptr_null(data->storage->offsets);
    snug_dataset_free(data);
    data = read_text("a,y\n20000001,1\n20000003,2\n19999000,3\n", NULL);
    ck_assert_double_eq(cell(data, 0, 0), 20000001);
    ck_assert_double_eq(cell(data, 1, 0), 20000003);
    ck_assert_double_eq(cell(data, 2, 0), 19999000);
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_tables_alike_with_the_offsets_of_the_model) {
    snug_dataset *data = read_text(clock_table, NULL);
    snug_preprocessing *prep = learn(data);
    snug_dataset *other =
        read_text("y,a,t\nu,1,1700000500.5\nv,2,1.7e9\n", &(snug_csv_options){.like = prep});
    ck_assert_double_eq(other->storage->offsets[0], 1700000002);
    ck_assert_double_eq(cell(other, 0, 0), 1700000500.5);
    ck_assert_double_eq(cell(other, 1, 0), 1.7e9);
    snug_dataset_free(other);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_missing_values_missing) {
    snug_dataset *data =
        read_text("t,c,y\n1700000000.5,r,1\n,s,2\n1700000003,,3\n",
                  &(snug_csv_options){.missing = SNUG_MISSING_MEAN, .task = SNUG_TASK_REGRESSION});
    snug_preprocessing *prep = learn(data);
    float x[9];
    ck_assert(isnan(cell(data, 1, 0)));
    ck_assert_int_eq(snug_dataset_gather(data, prep->scaler, NULL, 0, 3, x), SNUG_OK);
    ck_assert_float_eq(x[0], -1);
    ck_assert_float_eq(x[3], 0);
    ck_assert_float_eq(x[6], 1);
    /* Categories are parsed twice, too. */
    ck_assert(cell(data, 0, 1) == 1 && cell(data, 0, 2) == 0 && cell(data, 1, 2) == 1);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
}
END_TEST

/* What a line of libsvm leaves out is 0, and not the offset. */
START_TEST(keeps_absent_zeros) {
    write_text("t.svm", "1 1:1700000000.5 2:3\n0 1:1700000003\n");
    snug_dataset *data = snug_dataset_read_libsvm("t.svm", NULL);
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_double_eq(cell(data, 1, 0), 1700000003);
    ck_assert_double_eq(cell(data, 1, 1), 0);
    snug_preprocessing *prep = learn(data);
    write_text("t.svm", "1 2:3\n0\n");
    snug_dataset *other = snug_dataset_read_libsvm("t.svm", &(snug_csv_options){.like = prep});
    ck_assert_msg(other != NULL, "%s", snug_error());
    ck_assert_double_eq(cell(other, 0, 1), 3);
    ck_assert_double_lt(fabs(cell(other, 0, 0)),
                        128); /* far from the offset a float has fewer digits */
    ck_assert_double_lt(fabs(cell(other, 1, 0)), 128);
    snug_dataset_free(other);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
}
END_TEST

/* A row every ten seconds for twenty years: 24 bits are not enough, with an offset either. */
static snug_dataset *read_long_clock(const snug_csv_options *options) {
    char text[4096] = "t,y\n";
    size_t n = strlen(text);
    for (size_t i = 0; i < 60; i++) {
        n += (size_t)snprintf(text + n, sizeof text - n, "%zu,%zu\n",
                              (size_t)1000000003 + i * 10 + (i == 59 ? 630000000 : 0), i);
    }
    write_text("t.csv", text);
    return snug_dataset_read_csv("t.csv", options);
}

START_TEST(warns_where_neighbours_become_equal) {
    snug_dataset *data = read_long_clock(NULL);
    const char *warning = snug_dataset_warning(data, 0);
    ck_assert_msg(warning != NULL && strstr(warning, "t.csv:3: column \"t\": digits were lost: "
                                                     "1000000013 is stored as") == warning,
                  "%s", warning);
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
    ck_assert_ptr_null(read_long_clock(&(snug_csv_options){.strict = true}));
    expect_error(SNUG_ERROR_DATA, "t.csv:3: column \"t\": digits were lost");
}
END_TEST

START_TEST(warns_of_targets_that_lose_digits) {
    snug_dataset *data = read_text("a,y\n1,1700000000.5\n2,1700000001.25\n3,1700000003\n",
                                   &(snug_csv_options){.task = SNUG_TASK_REGRESSION});
    const char *warning = snug_dataset_warning(data, 0);
    ck_assert_msg(warning != NULL && strstr(warning, "t.csv: column \"y\": digits were lost: "
                                                     "targets") == warning,
                  "%s", warning);
    ck_assert_float_eq(*snug_dataset_values(data, 0), 1.7e9f);
    snug_dataset_free(data);
    data = read_text("a,y\n1,1700000\n2,1700001\n3,1700003.5\n",
                     &(snug_csv_options){.task = SNUG_TASK_REGRESSION});
    ck_assert_ptr_null(snug_dataset_warning(data, 0));
    snug_dataset_free(data);
}
END_TEST

/* ---- arrays ---------------------------------------------------------------------------------- */

enum { ROWS = 5000 };

/* x.npy of ROWS rows of seconds and a column from 0 on, as float64 or int64. */
static void write_array(const char *type, bool fortran) {
    static unsigned char bytes[128 + ROWS * 2 * 8];
    size_t n = 10 + (size_t)snprintf((char *)bytes + 10, 110,
                                     "{'descr':'%s','fortran_order':%s,'shape':(%d, 2)}", type,
                                     fortran ? "True" : "False", ROWS);
    memcpy(bytes, "\x93NUMPY\1\0", 8);
    bytes[8] = (unsigned char)(n - 10);
    bytes[9] = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < 2; j++) {
            double value = j == 0 ? 1.7e9 + (double)i : (double)i;
            int64_t whole = (int64_t)value;
            size_t at = fortran ? j * ROWS + i : 2 * i + j;
            memcpy(bytes + n + 8 * at, type[1] == 'f' ? (void *)&value : (void *)&whole, 8);
        }
    }
    write_bytes("x.npy", bytes, n + sizeof(double) * 2 * ROWS);
}

static void expect_clock(snug_dataset *data, bool in_file) {
    static float x[2 * ROWS];
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_int_eq(data->storage->file != NULL, in_file);
    ck_assert_double_eq(data->storage->offsets[0], 1.7e9);
    ck_assert_double_eq(data->storage->offsets[1], 0);
    for (size_t i = 0; i < ROWS; i += 499) {
        ck_assert_double_eq(cell(data, i, 0), 1.7e9 + (double)i);
        ck_assert_double_eq(cell(data, i, 1), (double)i);
    }
    snug_scaler *scaler = snug_scaler_fit(data, SNUG_SCALING_MIN_MAX);
    ck_assert_int_eq(snug_dataset_gather(data, scaler, NULL, 0, ROWS, x), SNUG_OK);
    for (size_t i = 0; i < ROWS; i++) {
        ck_assert_float_eq(x[2 * i], (float)i * (1.0f / (ROWS - 1)));
        ck_assert_float_eq(x[2 * i + 1], x[2 * i]);
    }
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}

START_TEST(keeps_the_digits_of_arrays) {
    static const char *const types[] = {"<f8", "<i8"};
    for (size_t i = 0; i < 4; i++) {
        write_array(types[i % 2], i / 2 == 1);
        expect_clock(snug_npy_dataset("x.npy", NULL, 0, SNUG_MAX_IN_MEMORY), false);
        expect_clock(snug_npy_dataset("x.npy", NULL, 0, 99), true);
    }
}
END_TEST

START_TEST(warns_of_targets_of_arrays) {
    write_array("<f8", false);
    snug_dataset *data = snug_npy_dataset("x.npy", "x.npy", 0, SNUG_MAX_IN_MEMORY);
    ck_assert_msg(data != NULL, "%s", snug_error());
    const char *warning = snug_dataset_warning(data, 0);
    ck_assert_msg(warning != NULL &&
                      strstr(warning, "x.npy: column \"y1\": digits were lost") == warning,
                  "%s", warning);
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

static bool read_clock(void) {
    write_text("t.csv", clock_table);
    snug_dataset *data = snug_dataset_read_csv("t.csv", NULL);
    snug_preprocessing *prep = data != NULL ? learn(data) : NULL;
    snug_dataset *other =
        prep != NULL ? snug_dataset_read_csv("t.csv", &(snug_csv_options){.like = prep}) : NULL;
    bool success = other != NULL;
    snug_dataset_free(other);
    snug_preprocessing_free(prep);
    snug_dataset_free(data);
    return success;
}

static bool read_array(void) {
    snug_dataset *data = snug_npy_dataset("x.npy", "x.npy", 0, SNUG_MAX_IN_MEMORY);
    snug_dataset_free(data);
    return data != NULL;
}

static bool gather_array(void) {
    snug_dataset *data = snug_npy_dataset("x.npy", NULL, 0, 99);
    float x[2];
    bool success = data != NULL && snug_dataset_gather_stored(data, 7, 1, x) == SNUG_OK;
    snug_dataset_free(data);
    return success;
}

static bool copy_array(void) {
    static const double x[] = {1.7e9, 1.7e9 + 60};
    snug_dataset *values = snug_dataset_from_values_f64(x, 2, 1, x, 1);
    snug_dataset *data =
        values != NULL ? snug_dataset_from_arrays_f64(x, 2, 1, (int32_t[]){0, 1}) : NULL;
    snug_dataset_free(values);
    snug_dataset_free(data);
    return data != NULL;
}

START_TEST(fails_without_memory) {
    expect_every_failure(read_clock);
    write_array("<f8", false);
    expect_every_failure(read_array);
    expect_every_failure(gather_array);
    expect_every_failure(copy_array);
}
END_TEST

static Suite *digits_suite(void) {
    Suite *suite = suite_create("digits");
    TCase *tests = directory_case(suite, "digits");
    tcase_add_test(tests, keeps_seconds_since_1970);
    tcase_add_test(tests, leaves_ordinary_columns_alone);
    tcase_add_test(tests, looks_at_the_range_of_all_values);
    tcase_add_test(tests, reads_tables_alike_with_the_offsets_of_the_model);
    tcase_add_test(tests, keeps_missing_values_missing);
    tcase_add_test(tests, keeps_absent_zeros);
    tcase_add_test(tests, warns_where_neighbours_become_equal);
    tcase_add_test(tests, warns_of_targets_that_lose_digits);
    tcase_add_test(tests, keeps_the_digits_of_arrays);
    tcase_add_test(tests, warns_of_targets_of_arrays);
    tcase_add_test(tests, fails_without_memory);
    return suite;
}

REGISTER_SUITE(digits_suite)
