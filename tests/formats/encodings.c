/* Encodings of tables: those with a byte order mark, and those that an option names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/suite.h"
#include "support/tables.h"

#define TABLE                                                                                      \
    "gr\xC3\xB6\xC3\x9F"                                                                           \
    "e,art\n1.5,\xE2\x82\xAC\n2.5,ros\xC3\xA9\n"

/* Writes UTF-8 of characters below U+10000 as UTF-16 with a mark; returns how many bytes. */
static size_t to_utf16(const char *text, bool little, unsigned char *out) {
    size_t n = 0;
    unsigned units[4096], count = 0;
    units[count++] = 0xFEFF;
    for (const unsigned char *c = (const unsigned char *)text; *c != 0;) {
        unsigned more = *c < 0x80 ? 0 : *c < 0xE0 ? 1 : 2;
        unsigned unit = more == 0 ? *c : *c & (0x3FU >> more);
        c++;
        for (; more > 0; more--) {
            unit = unit << 6 | (*c++ & 0x3FU);
        }
        units[count++] = unit;
    }
    for (unsigned i = 0; i < count; i++) {
        out[n++] = (unsigned char)(little ? units[i] : units[i] >> 8);
        out[n++] = (unsigned char)(little ? units[i] >> 8 : units[i]);
    }
    return n;
}

static snug_dataset *read_bytes(const char *name, const void *bytes, size_t n,
                                const char *encoding) {
    write_bytes(name, bytes, n);
    snug_dataset *data =
        snug_dataset_read(name, &(snug_data_options){.table = {.encoding = encoding}});
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static void expect_table(snug_dataset *data) {
    ck_assert_uint_eq(snug_dataset_row_count(data), 2);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "gr\xC3\xB6\xC3\x9F"
                                                        "e");
    ck_assert_str_eq(snug_dataset_class_name(data, 0), "ros\xC3\xA9");
    ck_assert_str_eq(snug_dataset_class_name(data, 1), "\xE2\x82\xAC");
    ck_assert_int_eq(snug_dataset_class(data, 0), 1);
    snug_dataset_free(data);
}

START_TEST(reads_utf_16_by_its_mark) {
    unsigned char bytes[1024];
    for (int little = 0; little < 2; little++) {
        size_t n = to_utf16(TABLE, little, bytes);
        expect_table(read_bytes("t.csv", bytes, n, NULL));
        expect_table(read_bytes("t.csv", bytes, n, "windows-1252"));
        expect_table(read_bytes("t.csv", bytes + 2, n - 2, little ? "utf-16le" : "UTF-16BE"));
    }
}
END_TEST

START_TEST(recognizes_json_lines_and_libsvm_behind_a_mark) {
    static const char json[] = "{\"a\": 1, \"y\": \"\xC3\xA9\"}\n{\"a\": 2, \"y\": \"u\"}\n";
    unsigned char bytes[1024];
    for (int little = 0; little < 2; little++) {
        snug_dataset *data = read_bytes("json", bytes, to_utf16(json, little, bytes), NULL);
        ck_assert_str_eq(snug_dataset_class_name(data, 1), "\xC3\xA9");
        snug_dataset_free(data);
        data = read_bytes("svm", bytes, to_utf16("1 3:2.5\n0 1:7\n", little, bytes), NULL);
        ck_assert_uint_eq(snug_dataset_column_count(data), 3);
        snug_dataset_free(data);
    }
    snug_dataset *data = read_bytes("svm",
                                    "\xEF\xBB\xBF"
                                    "1 3:2.5\n0 1:7\n",
                                    17, NULL);
    ck_assert_uint_eq(snug_dataset_column_count(data), 3);
    snug_dataset_free(data);
}
END_TEST

START_TEST(reads_windows_1252_by_option) {
    static const char bytes[] = "gr\xF6\xDF"
                                "e,art\n1.5,\x80\n2.5,ros\xE9\n";
    static const char *const names[] = {"windows-1252", "latin-1", "iso-8859-1", "Windows-1252"};
    for (size_t i = 0; i < 4; i++) {
        expect_table(read_bytes("t.csv", bytes, strlen(bytes), names[i]));
    }
    static const char marked[] = "\xEF\xBB\xBF" TABLE;
    expect_table(read_bytes("t.csv", marked, strlen(marked), "windows-1252"));
}
END_TEST

START_TEST(reads_more_than_a_block) {
    enum { ROWS = 40000 };
    char *text = malloc(ROWS * 16);
    unsigned char *bytes = malloc(ROWS * 32);
    size_t used = (size_t)sprintf(text, "a,y\n"), n = 0;
    for (int i = 0; i < ROWS; i++) {
        used += (size_t)sprintf(text + used, "%d,%s\n", i, i % 3 ? "\xE2\x82\xAC" : "\xC3\xA9");
    }
    bytes[n++] = 0xFF;
    bytes[n++] = 0xFE;
    for (size_t i = 0; i < used; n += 2) {
        bool euro = (unsigned char)text[i] == 0xE2, accent = (unsigned char)text[i] == 0xC3;
        bytes[n] = euro ? 0xAC : accent ? 0xE9 : (unsigned char)text[i];
        bytes[n + 1] = euro ? 0x20 : 0;
        i += euro ? 3 : accent ? 2 : 1;
    }
    snug_dataset *data = read_bytes("t.csv", bytes, n, NULL);
    ck_assert_uint_eq(snug_dataset_row_count(data), ROWS);
    for (int i = 0; i < ROWS; i++) {
        float value;
        ck_assert_int_eq(snug_dataset_row(data, (size_t)i, &value), SNUG_OK);
        ck_assert_float_eq(value, (float)i);
        ck_assert_int_eq(snug_dataset_class(data, (size_t)i), i % 3 != 0);
    }
    snug_dataset_free(data);
    free(text);
    free(bytes);
}
END_TEST

static void expect_refused(const char *bytes, size_t n, const char *encoding,
                           const char *location) {
    write_bytes("t.csv", bytes, n);
    ck_assert_ptr_null(snug_dataset_read_csv("t.csv", &(snug_csv_options){.encoding = encoding}));
    expect_error(encoding != NULL && strcmp(encoding, "utf-7") == 0 ? SNUG_ERROR_CONFIG
                                                                    : SNUG_ERROR_DATA,
                 location);
}

START_TEST(refuses_what_is_not_of_the_encoding) {
    expect_refused("a,y\n1,u\n2,ros\xE9\n", 15, NULL, "t.csv:3: column \"y\":");
    expect_refused("a,r\xE9\n1,u\n", 9, NULL, "t.csv:1: column 2:");
    expect_refused("a,y\n1,u\n2,\x81\n", 12, "windows-1252", "t.csv:3:");
    expect_refused("\xFF\xFE"
                   "a\0,\0y\0\n\0"
                   "1\0,\0\0\xDC\n\0",
                   18, NULL, "t.csv:2:");
    expect_refused("\xFF\xFE"
                   "a\0,\0y\0\n\0"
                   "1\0,\0u\0\n",
                   17, NULL, "t.csv:2:");
    expect_refused("a\0,\0y\0\n\0"
                   "1\0,\0u\0\n\0",
                   16, NULL, "t.csv:1:");
    expect_refused("\xFE\xFF", 2, NULL, "t.csv:");
    expect_refused("a,y\n1,u\n", 8, "utf-7", "t.csv:");
}
END_TEST

static bool read_utf16(void) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", NULL);
    snug_dataset_free(data);
    return data != NULL;
}

START_TEST(bears_every_failing_allocation) {
    unsigned char bytes[1024];
    write_bytes("t.csv", bytes, to_utf16(TABLE, true, bytes));
    expect_every_failure(read_utf16);
}
END_TEST

static Suite *encodings_suite(void) {
    Suite *suite = suite_create("encodings");
    TCase *tests = directory_case(suite, "encodings");
    tcase_add_test(tests, reads_utf_16_by_its_mark);
    tcase_add_test(tests, recognizes_json_lines_and_libsvm_behind_a_mark);
    tcase_add_test(tests, reads_windows_1252_by_option);
    tcase_add_test(tests, reads_more_than_a_block);
    tcase_add_test(tests, refuses_what_is_not_of_the_encoding);
    tcase_add_test(tests, bears_every_failing_allocation);
    return suite;
}

REGISTER_SUITE(encodings_suite)
