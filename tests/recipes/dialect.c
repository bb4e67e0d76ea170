/* How a file is written, found out from its bytes. */
#include <stdio.h>
#include <string.h>

#include "files/text_encoding.h"
#include "recipes/dialect.h"
#include "support/suite.h"
#include "support/tables.h"

typedef struct written {
    const char *text;
    char delimiter, decimal;
    bool header;
} written;

static const written files[] = {
    {"a,b\n1,2\n3,4\n", ',', '.', true},
    {"a;b\n1,5;2\n3,25;4\n", ';', ',', true},
    {"a;b;\r\n1,5;2,5;\r\n3,25;4,5;\r\n", ';', ',', true},
    {"a\tb\n1\t2.5\n", '\t', '.', true},
    {"a|b\n1|2.5\n", '|', '.', true},
    {"a b\n1 2.5\n3 4\n", ' ', '.', true},
    {"\"a, b\",c\n\"1,5\",x\n\"2,5\",y\n", ',', ',', true},
    {"a,b\n\"1,234\",x\n\"2,345\",y\n", ',', '.', true},
    {"a;b\n1,234;1.5\n", ';', '.', true},
    {"a;b\n1,234;x\n", ';', ',', true},
    /* whole numbers below 1000 beside those with a mark */
    {"a\tb\n999\tx\n1,000\ty\n", '\t', '.', true},
    {"a\tb\n999\tx\n1,234\ty\n", '\t', '.', true},
    {"a\tb\n9999\tx\n1,000\ty\n", '\t', ',', true},
    {"a\tb\n999\tx\n1,000\ty\n0,5\tz\n", '\t', ',', true},
    {"a;b\n567;x\n1.230;y\n", ';', ',', true},
    {"a;b\n567;x\n1.234;y\n", ';', '.', true},
    {"a,b\n567,x\n1.230,y\n", ',', '.', true},
    {"a;b\n999 $;x\n$-1.000;y\n", ';', ',', true},
    {"2019;b\n999;x\n1,000;y\n", ';', '.', false},
    /* a mark that is in a number twice, or before the other */
    {"a\tb\n1,234,500\tx\n70,800\ty\n", '\t', '.', true},
    {"a;b\n1.234.567;x\n172;y\n308.234;y\n", ';', ',', true},
    {"a;b\n1.234,5;x\n7;y\n", ';', ',', true},
    {"a\tb\n1,234.5\t7\n1,234\t8\n", '\t', '.', true},
    {"a\tb\n1,234e3\t7\n1,234\t8\n", '\t', ',', true},
    /* dates, addresses and lists */
    {"a;b\n01.02.2024;1,5\n02.02.2024;2,5\n", ';', ',', true},
    {"a;b\n10.100.100.101;1\n10.1.100.101;2\n10.1.1.7;2\n", ';', '.', true},
    {"a;b\n1,2,3;1.5\n1,2;2\n2,1;3\n", ';', '.', true},
    /* commas and blanks in text */
    {"name;note\nA;one, two\nB;three, four\n", ';', '.', true},
    {"a,b\n\"one two\",1\n\"three four\",2\n", ',', '.', true},
    /* a delimiter in quotes, and lines in quotes */
    {"a,b\n\"x;y\nz\",2\n", ',', '.', true},
    /* values in the first line */
    {"5.1,3.5,setosa\n4.9,3.0,setosa\n", ',', '.', false},
    {"p,x,s,n,p\np,y,s,n,e\n", ',', '.', false},
    {"red,big\nblue,small\nred,big\nblue,big\n", ',', '.', false},
    {"1,2\n3,4\n", ',', '.', false},
    /* a name above a column of numbers */
    {"year,2001,2002\n1,2,3\n4,5,6\n", ',', '.', true},
    {"x,?\n1,a\n2,b\n", ',', '.', true},
    {"a\n1\n2\n", ',', '.', true},
    {"a,b\n", ',', '.', true},
};

/* Lines that follow the first one, of 20 rows, and whether that is a header, and surely. */
static const struct {
    const char *first, *below;
    bool header, unsure;
} first_lines[] = {
    {"country,2019,2020,label", "c%d,%d,%d,A", true, true},
    {"c1,7,2020,B", "c%d,%d,%d,A", false, false}, /* c1 is below too */
    {"country,2019.5,2020,label", "c%d,%d,%d,A", false, false},
    {"country,2019,2019,label", "c%d,%d,%d,A", false, false},
    {"country,50,60,A", "c%d,%d,%d,A", false, false},
    {"Mali,2019,2020", "%1$d%2$d%3$d x,%2$d,%3$d", true, true},
    {",2019,2020", "%1$d,%2$d,%3$d", true, true},
    {"2019,2020,2021", "\"%d x\",%d,%d", true, true},
    {"c1,2019,x", "c%d,%d,%d y", false, false},
    {"d,25,label", "c%1$d,%2$d,A", false, true},
    {"colour,size", "c%d,A", true, false},
    {"c1,size", "c%d,A", true, true},
    {"c1,A", "c%d,A", false, false},
    {"size,size", "c%d,A", false, true},
    {"n,c1,5", "%2$d,c%1$d,%3$d", true, true},
};

static snug_status detect(const char *text, snug_header header, snug_dialect *dialect) {
    snug_byte_source source = snug_byte_source_of("t.csv", text, strlen(text));
    return snug_dialect_detect(&source, header, dialect);
}

START_TEST(finds_delimiter_decimal_and_header) {
    const written *file = &files[_i];
    snug_dialect dialect = {.encoding = "utf-8"};
    ck_assert_int_eq(detect(file->text, SNUG_HEADER_AUTO, &dialect), SNUG_OK);
    ck_assert_msg(dialect.delimiter == file->delimiter, "'%c' in %s", dialect.delimiter,
                  file->text);
    ck_assert_msg(dialect.decimal == file->decimal, "'%c' in %s", dialect.decimal, file->text);
    ck_assert_msg(dialect.header == file->header, "header: %d in %s", dialect.header, file->text);
}
END_TEST

START_TEST(finds_headers_with_numbers) {
    char text[2048];
    size_t used = (size_t)snprintf(text, sizeof text, "%s\n", first_lines[_i].first);
    for (int i = 0; i < 20; i++) {
        used += (size_t)snprintf(text + used, sizeof text - used, first_lines[_i].below, i % 3,
                                 i * 7 % 20, i * 3 % 20 + 1);
        text[used++] = '\n';
        text[used] = 0;
    }
    snug_dialect dialect = {.encoding = "utf-8", .delimiter = ',', .decimal = '.'};
    ck_assert_int_eq(detect(text, SNUG_HEADER_AUTO, &dialect), SNUG_OK);
    ck_assert_msg(dialect.header == first_lines[_i].header, "header: %d in %s", dialect.header,
                  text);
    ck_assert_msg(dialect.header_unsure == first_lines[_i].unsure, "unsure: %d in %s",
                  dialect.header_unsure, text);
}
END_TEST

START_TEST(keeps_what_is_known) {
    snug_dialect dialect = {.encoding = "utf-8", .delimiter = ',', .decimal = ','};
    ck_assert_int_eq(detect("a;b\n1;2\n", SNUG_HEADER_NONE, &dialect), SNUG_OK);
    ck_assert_int_eq(dialect.delimiter, ',');
    ck_assert_int_eq(dialect.decimal, ',');
    ck_assert(!dialect.header);
    ck_assert_int_eq(detect("1,2\n3,4\n", SNUG_HEADER_NAMES, &dialect), SNUG_OK);
    ck_assert(dialect.header);
}
END_TEST

static const char *encoding_of(const void *bytes, size_t n) {
    const char *encoding = NULL;
    snug_byte_source source = snug_byte_source_of("t.csv", bytes, n);
    ck_assert_int_eq(snug_text_encoding_detect(&source, "windows-1252", &encoding), SNUG_OK);
    return encoding;
}

START_TEST(finds_encodings) {
    ck_assert_str_eq(encoding_of("", 0), "utf-8");
    ck_assert_str_eq(encoding_of("a,b\n", 4), "utf-8");
    ck_assert_str_eq(encoding_of("\xEF\xBB\xBF"
                                 "a",
                                 4),
                     "utf-8");
    ck_assert_str_eq(encoding_of("\xFF\xFE"
                                 "a\0",
                                 4),
                     "utf-16le");
    ck_assert_str_eq(encoding_of("\xFE\xFF\0a", 4), "utf-16be");
    ck_assert_str_eq(encoding_of("ros\xC3\xA9\n", 6), "utf-8");
    ck_assert_str_eq(encoding_of("ros\xE9\n", 5), "windows-1252");
    ck_assert_str_eq(encoding_of("ros\xC3", 4), "windows-1252");
}
END_TEST

/* A character of UTF-8 anywhere around the end of a block, and one that is none behind it. */
START_TEST(finds_encodings_across_blocks) {
    static char bytes[70000];
    for (size_t at = 65530; at < 65540; at++) {
        memset(bytes, 'x', sizeof bytes);
        memcpy(bytes + at, "\xE2\x82\xAC", 3);
        ck_assert_str_eq(encoding_of(bytes, sizeof bytes), "utf-8");
        bytes[at + 2] = 'x';
        ck_assert_str_eq(encoding_of(bytes, sizeof bytes), "windows-1252");
    }
}
END_TEST

static bool detect_all(void) {
    static const char text[] = "a;b;c\n1,5;2;x\n2,5;3;y\n";
    snug_dialect dialect = {0};
    snug_byte_source source = snug_byte_source_of("t.csv", text, sizeof text - 1);
    return snug_text_encoding_detect(&source, "windows-1252", &dialect.encoding) == SNUG_OK &&
           snug_dialect_detect(&source, SNUG_HEADER_AUTO, &dialect) == SNUG_OK;
}

START_TEST(fails_without_memory) {
    expect_every_failure(detect_all);
}
END_TEST

static Suite *dialect_suite(void) {
    Suite *suite = suite_create("dialect");
    TCase *tests = tcase_create("dialect");
    tcase_add_loop_test(tests, finds_delimiter_decimal_and_header, 0,
                        (int)(sizeof files / sizeof *files));
    tcase_add_loop_test(tests, finds_headers_with_numbers, 0,
                        (int)(sizeof first_lines / sizeof *first_lines));
    tcase_add_test(tests, keeps_what_is_known);
    tcase_add_test(tests, finds_encodings);
    tcase_add_test(tests, finds_encodings_across_blocks);
    tcase_add_test(tests, fails_without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
REGISTER_SUITE(dialect_suite)
