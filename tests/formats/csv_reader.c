/* Random tables: the same records as libcsv reads, given the whole file at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "formats/csv_reader.h"
#include "math/random.h"
#include "support/suite.h"
#include "support/tables.h"

enum { TABLES = 300, MOST_PIECES = 40000 };

/* Fields, each ended by a 1, and records, each ended by a 2. */
typedef struct text {
    char *bytes;
    size_t size, capacity;
} text;

static void append(text *t, const void *bytes, size_t n) {
    while (t->size + n > t->capacity) {
        t->capacity = t->capacity * 2 + 64;
        t->bytes = realloc(t->bytes, t->capacity);
        ck_assert_ptr_nonnull(t->bytes);
    }
    if (n > 0) {
        memcpy(t->bytes + t->size, bytes, n);
    }
    t->size += n;
}

static snug_status take_record(void *user, const snug_record *record) {
    for (size_t i = 0; i < record->count; i++) {
        append(user, record->fields[i], strlen(record->fields[i]));
        append(user, "\1", 1);
    }
    append(user, "\2", 1);
    return SNUG_OK;
}

/* libcsv keeps the blanks inside of quotes, which are no part of a field here. */
static void take_libcsv_field(void *bytes, size_t n, void *user) {
    const char *field = bytes;
    while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\t')) {
        n--;
    }
    while (n > 0 && (*field == ' ' || *field == '\t')) {
        field++;
        n--;
    }
    append(user, field, n);
    append(user, "\1", 1);
}

static void take_libcsv_record(int end, void *user) {
    (void)end;
    append(user, "\2", 1);
}

static text by_libcsv(const text *table, char delimiter) {
    struct csv_parser parser;
    text records = {0};
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, (unsigned char)delimiter);
    ck_assert_uint_eq(csv_parse(&parser, table->bytes, table->size, take_libcsv_field,
                                take_libcsv_record, &records),
                      table->size);
    ck_assert_int_eq(csv_fini(&parser, take_libcsv_field, take_libcsv_record, &records), 0);
    csv_free(&parser);
    return records;
}

/* Words, spaces, delimiters, quoted fields and ends of lines; every second table has no quotes. */
static text random_table(uint64_t seed, char delimiter) {
    const snug_random stream = {.seed = seed};
    static const char *const pieces[] = {"1.5", "word", " ", "\t", "-7e3", "x y", "\xC3\xA9"};
    static const char *const ends[] = {"\n", "\n", "\r\n", "\n\n", " \n", "\r"};
    size_t count = 1 + snug_random_bits(&stream, 0) % (seed % 8 == 0 ? MOST_PIECES : 200);
    text table = {0};
    for (size_t i = 1; i <= count; i++) {
        uint32_t bits = snug_random_bits(&stream, i), which = bits >> 8;
        const char *piece = pieces[which % 7];
        if (bits % 16 < 5) {
            append(&table, &delimiter, 1);
        } else if (bits % 16 < 7) {
            piece = ends[which % 6];
            append(&table, piece, strlen(piece));
        } else if (bits % 16 == 7 && seed % 2 == 0) {
            append(&table, &delimiter, 1);
            append(&table, "\"a,\n\"\"b \t\"", which % 3 == 0 ? 2 : 10);
            append(&table, "\"", which % 3 == 0 ? 1 : 0);
            append(&table, &delimiter, 1);
        } else if (*piece != delimiter) {
            append(&table, piece, strlen(piece));
        }
    }
    return table;
}

START_TEST(reads_the_records_that_libcsv_reads) {
    for (uint64_t seed = 0; seed < TABLES; seed++) {
        char delimiter = seed % 3 == 2 ? ';' : seed % 5 == 4 ? '\t' : ',';
        text table = random_table(seed, delimiter), records = {0};
        text expected = by_libcsv(&table, delimiter);
        snug_byte_source source;
        snug_text_file csv;
        write_bytes("t.csv", table.bytes, table.size);
        ck_assert_int_eq(snug_byte_source_open(&source, "t.csv", NULL), SNUG_OK);
        ck_assert_int_eq(snug_text_file_open(&csv, &source, NULL), SNUG_OK);
        ck_assert_msg(snug_csv_reader_run(&csv, delimiter, take_record, &records) == SNUG_OK, "%s",
                      snug_error());
        snug_text_file_close(&csv);
        snug_byte_source_close(&source);
        ck_assert_msg(
            records.size == expected.size &&
                (records.size == 0 || memcmp(records.bytes, expected.bytes, records.size) == 0),
            "table %d", (int)seed);
        free(table.bytes);
        free(records.bytes);
        free(expected.bytes);
    }
}
END_TEST

/* Every record is one line: its number is that of the ends of lines before it. */
static snug_status take_line_number(void *user, const snug_record *record) {
    ck_assert_uint_eq(strtoul(record->fields[0], NULL, 10), record->line);
    (*(size_t *)user)++;
    return SNUG_OK;
}

START_TEST(numbers_lines) {
    snug_byte_source source;
    snug_text_file csv;
    size_t records = 0;
    write_text("t.csv", "1,a\n2\r3, b\r\n\n5,\"c\"\n6\r\n \n8,d\n9\r\r\r\n12,e\n\n14");
    ck_assert_int_eq(snug_byte_source_open(&source, "t.csv", NULL), SNUG_OK);
    ck_assert_int_eq(snug_text_file_open(&csv, &source, NULL), SNUG_OK);
    ck_assert_int_eq(snug_csv_reader_run(&csv, ',', take_line_number, &records), SNUG_OK);
    snug_text_file_close(&csv);
    snug_byte_source_close(&source);
    ck_assert_uint_eq(records, 9);
}
END_TEST

static Suite *csv_reader_suite(void) {
    Suite *suite = suite_create("csv_reader");
    TCase *tests = directory_case(suite, "csv_reader");
    tcase_add_test(tests, reads_the_records_that_libcsv_reads);
    tcase_add_test(tests, numbers_lines);
    return suite;
}

REGISTER_SUITE(csv_reader_suite)
