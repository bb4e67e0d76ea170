/* A table is read in blocks of 64 KiB: where one ends must not change what is read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/csv_reader.h"
#include "support/suite.h"
#include "support/tables.h"

enum { BLOCK = 65536, MOST = 1024 };

/* Records as "line:field|field|" each, after the first `skipped` ones; lines count from there. */
typedef struct listing {
    size_t skipped, first_line, used;
    char text[MOST];
} listing;

static void append(listing *list, const char *text) {
    size_t length = strlen(text);
    ck_assert_uint_lt(list->used + length, MOST);
    memcpy(list->text + list->used, text, length + 1);
    list->used += length;
}

static snug_status take_record(void *user, const snug_record *record) {
    listing *list = user;
    if (list->skipped > 0) {
        list->skipped--;
        return SNUG_OK;
    }
    char number[24];
    snprintf(number, sizeof number, "%zu:", record->line - list->first_line);
    append(list, number);
    for (size_t i = 0; i < record->count; i++) {
        append(list, record->fields[i]);
        append(list, "|");
    }
    return SNUG_OK;
}

static void list_records(listing *list, char delimiter) {
    snug_byte_source source;
    snug_text_file csv;
    ck_assert_int_eq(snug_byte_source_open(&source, "t.csv", NULL), SNUG_OK);
    ck_assert_int_eq(snug_text_file_open(&csv, &source, NULL), SNUG_OK);
    ck_assert_msg(snug_csv_reader_run(&csv, delimiter, take_record, list) == SNUG_OK, "%s",
                  snug_error());
    snug_text_file_close(&csv);
    snug_byte_source_close(&source);
}

/* `rows` after one record that fills all of the first block but its last `shift` bytes. */
static void write_shifted(const char *mark, const char *rows, size_t shift) {
    static char bytes[BLOCK + MOST];
    size_t start = BLOCK - shift, length = strlen(rows);
    memset(bytes, 'x', start);
    memcpy(bytes, mark, strlen(mark));
    bytes[start - 1] = '\n';
    memcpy(bytes + start, rows, length);
    remove("t.csv"); /* some file systems flush a file that is truncated and written again */
    write_bytes("t.csv", bytes, start + length);
}

/* The rows read alone and moved over the end of a block byte by byte. */
static void check_rows(const char *rows, char delimiter) {
    listing alone = {0};
    write_text("t.csv", rows);
    list_records(&alone, delimiter);
    ck_assert_uint_gt(alone.used, 0);
    for (size_t shift = 0; shift <= strlen(rows) + 1; shift++) {
        listing moved = {.skipped = 1, .first_line = 1};
        write_shifted(shift % 2 ? "\xEF\xBB\xBF" : "", rows, shift);
        list_records(&moved, delimiter);
        ck_assert_msg(strcmp(moved.text, alone.text) == 0, "delimiter '%c', moved by %zu:\n%s\n%s",
                      delimiter, shift, moved.text, alone.text);
    }
}

/* Writes the rows with the delimiter for each ',' and the line's end for each '\n'. */
static void translate(const char *rows, char delimiter, const char *end, char out[MOST]) {
    size_t used = 0;
    for (; *rows; rows++) {
        const char one[] = {*rows == ',' ? delimiter : *rows, 0};
        const char *piece = *rows == '\n' ? end : one;
        ck_assert_uint_lt(used + strlen(piece), MOST);
        memcpy(out + used, piece, strlen(piece));
        used += strlen(piece);
    }
    out[used] = 0;
}

START_TEST(reads_rows_across_the_end_of_a_block) {
    static const char *const tables[] = {
        "4,5.5,-6e3\n,,7\n8,,\n,9,\n1,2,3",   /* empty cells, no last end of line */
        " 8 , 9 ,10\n  ,  ,  \n   1,2  ,3\n", /* spaces around and alone */
        "\n \n  \n1,2,3\n\n\n4,5,7\n \n",     /* blank lines */
        "\"1\",\"2\",\"3\"\n,\"\",5\n\"a\"\"b\",\"\"\"\",c\n", /* quotes, doubled quotes */
        "  \"a b\"  ,1,2\n\"x\n\n y\",3,4\n5,6,\"\n\"\n",      /* quotes around ends of lines */
        "\xC3\xA9t\xC3\xA9,\xE2\x82\xAC,\xF0\x9F\x98\x80\n\"\xC3\xA9\",1,\xC3\xA9\n", /* UTF-8 */
        ("1,2\n\xEF\xBB\xBF" /* no mark but at the start of the file */
         "3,4\n"),
    };
    static const char delimiters[] = {',', ';', '\t', ' ', '|'};
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (size_t d = 0; d < sizeof delimiters; d++) {
            for (size_t e = 0; e < 3; e++) {
                char rows[MOST];
                translate(tables[t], delimiters[d], ends[e], rows);
                check_rows(rows, delimiters[d]);
            }
        }
    }
}
END_TEST

/* The end of a block does not change the line that an error message names. */
START_TEST(names_the_line_of_an_error_across_the_end_of_a_block) {
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {"1,\"2\"\r\n3,a\"b\r\n", "t.csv:3:"},
        {"1\r\n\r\n2,\"3\r\n4", "t.csv:4:"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t shift = 0; shift <= strlen(cases[c].rows) + 1; shift++) {
            listing list = {.skipped = SIZE_MAX};
            snug_byte_source source;
            snug_text_file csv;
            write_shifted("", cases[c].rows, shift);
            ck_assert_int_eq(snug_byte_source_open(&source, "t.csv", NULL), SNUG_OK);
            ck_assert_int_eq(snug_text_file_open(&csv, &source, NULL), SNUG_OK);
            ck_assert_int_eq(snug_csv_reader_run(&csv, ',', take_record, &list), SNUG_ERROR_DATA);
            snug_text_file_close(&csv);
            snug_byte_source_close(&source);
            expect_error(SNUG_ERROR_DATA, cases[c].message);
        }
    }
}
END_TEST

static Suite *csv_blocks_suite(void) {
    Suite *suite = suite_create("csv_blocks");
    TCase *tests = directory_case(suite, "csv_blocks");
    tcase_add_test(tests, reads_rows_across_the_end_of_a_block);
    tcase_add_test(tests, names_the_line_of_an_error_across_the_end_of_a_block);
    return suite;
}

REGISTER_SUITE(csv_blocks_suite)
