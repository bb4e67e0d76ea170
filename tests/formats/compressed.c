/* Tables compressed by gzip and zstd: read as the table itself, refused where damaged. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "support/suite.h"
#include "support/tables.h"

enum { MOST = 1 << 20, MANY_ROWS = 20000, FEW_ROWS = 5 };

typedef struct bytes {
    unsigned char at[MOST];
    size_t n;
} bytes;

static bytes table, packed, file;

/* ---- data ------------------------------------------------------------------------------------ */

static unsigned feature(size_t row) {
    return (unsigned)row * 2654435761U >> 8; /* below 2^24, which a float holds exactly */
}

static void make_table(size_t rows) {
    table.n = (size_t)sprintf((char *)table.at, "a,y\n");
    for (size_t i = 0; i < rows; i++) {
        table.n +=
            (size_t)sprintf((char *)table.at + table.n, "%u,%u.5\n", feature(i), (unsigned)i);
    }
}

static void append(bytes *to, const void *from, size_t n) {
    ck_assert_uint_le(n, MOST - to->n);
    memcpy(to->at + to->n, from, n);
    to->n += n;
}

typedef void compress_fn(bytes *to, const void *from, size_t n);

static void add_gzip(bytes *to, const void *from, size_t n) {
    z_stream stream = {.next_in = (z_const Bytef *)(uintptr_t)from,
                       .avail_in = (uInt)n,
                       .next_out = to->at + to->n,
                       .avail_out = (uInt)(MOST - to->n)};
    ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->n += stream.total_out;
    deflateEnd(&stream);
}

static void add_zstd(bytes *to, const void *from, size_t n) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ck_assert_ptr_nonnull(context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t made = ZSTD_compress2(context, to->at + to->n, MOST - to->n, from, n);
    ck_assert(!ZSTD_isError(made));
    to->n += made;
    ZSTD_freeCCtx(context);
}

/* Adds a frame of user data, which readers skip (RFC 8878, 3.1.2). */
static void add_skippable(bytes *to) {
    append(to, "\x53\x2A\x4D\x18\x05\0\0\0a,b\n1", 13);
}

static compress_fn *const compressions[] = {add_gzip, add_zstd};

/* ---- reading --------------------------------------------------------------------------------- */

static snug_dataset *read_file(void) {
    write_bytes("t.csv", file.at, file.n);
    return snug_dataset_read_csv("t.csv", &(snug_csv_options){.task = SNUG_TASK_REGRESSION});
}

static void expect_table(const snug_dataset *data, size_t rows) {
    ck_assert_msg(data != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(data), rows);
    ck_assert_uint_eq(snug_dataset_column_count(data), 1);
    ck_assert_str_eq(snug_dataset_column_name(data, 0), "a");
    for (size_t i = 0; i < rows; i++) {
        float x;
        snug_dataset_row(data, i, &x);
        ck_assert_float_eq(x, (float)feature(i));
        ck_assert_float_eq(*snug_dataset_values(data, i), (float)i + 0.5F);
    }
}

static void expect_read(size_t rows) {
    snug_dataset *data = read_file();
    expect_table(data, rows);
    snug_dataset_free(data);
}

static void expect_refused(const char *part) {
    snug_dataset *data = read_file();
    ck_assert_ptr_null(data);
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_DATA);
    ck_assert_msg(strncmp(snug_error(), "t.csv:", 6) == 0 && strstr(snug_error(), part) != NULL,
                  "\"%s\" lacks \"%s\"", snug_error(), part);
}

static void pack_few(compress_fn *compress) {
    make_table(FEW_ROWS);
    packed.n = 0;
    compress(&packed, table.at, table.n);
}

/* ---- the same table -------------------------------------------------------------------------- */

START_TEST(plain_is_read) {
    make_table(MANY_ROWS);
    file = table;
    expect_read(MANY_ROWS);
}
END_TEST

/* In one part, and in parts that end within a line; there is an empty part, too. */
START_TEST(members_and_frames_are_read) {
    const size_t parts[] = {1, 7};
    make_table(MANY_ROWS);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t part = table.n / parts[i];
        file.n = 0;
        for (size_t from = 0; from < table.n; from += part) {
            size_t left = table.n - from;
            compressions[_i](&file, table.at + from, left < part ? left : part);
            compressions[_i](&file, "", 0);
        }
        ck_assert_uint_gt(file.n, 65536 + 4096); /* more than is read from the file at a time */
        expect_read(MANY_ROWS);
    }
}
END_TEST

START_TEST(skippable_frames_are_skipped) {
    make_table(MANY_ROWS);
    file.n = 0;
    add_skippable(&file);
    add_zstd(&file, table.at, 1000);
    add_skippable(&file);
    add_zstd(&file, table.at + 1000, table.n - 1000);
    add_skippable(&file);
    expect_read(MANY_ROWS);
}
END_TEST

START_TEST(padding_after_gzip_is_skipped) {
    pack_few(add_gzip);
    file = packed;
    append(&file, (char[512]){0}, 512);
    expect_read(FEW_ROWS);
    append(&file, packed.at, packed.n); /* another member, whose header is a row */
    expect_refused("t.csv:7: ");
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

START_TEST(truncated_data_is_refused) {
    pack_few(compressions[_i]);
    file = packed;
    for (size_t n = 4; n < packed.n; n++) {
        file.n = n;
        expect_refused("ends too early, at byte");
    }
    file.n = 0;
    add_skippable(&file);
    file.n--;
    expect_refused("the zstd data ends too early");
}
END_TEST

/* A bit that nothing depends on, such as one of the time in gzip's header, may change. */
START_TEST(flipped_bits_are_found) {
    size_t refused = 0, flipped = 0;
    pack_few(compressions[_i]);
    for (size_t bit = 4 * 8; bit < packed.n * 8; bit++, flipped++) {
        file = packed;
        file.at[bit / 8] ^= (unsigned char)(1 << bit % 8);
        snug_dataset *data = read_file();
        if (data != NULL) {
            expect_table(data, FEW_ROWS);
            ck_assert_uint_lt(bit, (packed.n - 4) * 8); /* the end holds a checksum or the size */
        } else {
            ck_assert_int_eq(snug_error_status(), SNUG_ERROR_DATA);
            ck_assert_msg(strncmp(snug_error(), "t.csv", 5) == 0, "%s", snug_error());
            refused++;
        }
        snug_dataset_free(data);
    }
    ck_assert_uint_gt(refused, flipped / 2);
}
END_TEST

START_TEST(trailing_garbage_is_refused) {
    pack_few(compressions[_i]);
    file = packed;
    append(&file, "garbage", 7);
    expect_refused("damaged");
}
END_TEST

/* ---- false claims ---------------------------------------------------------------------------- */

/* Writes a frame by hand (RFC 8878, 3.1.1): a header, and the table as one block that is raw. */
static void frame_of(const char *header, size_t n) {
    make_table(FEW_ROWS);
    unsigned block = 1U | (unsigned)table.n << 3;
    file.n = 0;
    append(&file, "\x28\xB5\x2F\xFD", 4);
    append(&file, header, n);
    append(&file, (unsigned char[]){block & 255, block >> 8 & 255, block >> 16 & 255}, 3);
    append(&file, table.at, table.n);
}

START_TEST(windows_have_a_limit) {
    frame_of("\x00\x00", 2); /* of 2^10 bytes */
    expect_read(FEW_ROWS);
    frame_of("\x00\x88", 2); /* 2^27 */
    expect_read(FEW_ROWS);
    frame_of("\x00\x89", 2); /* 2^27 and an eighth of it */
    expect_refused("window of more than 128 MiB");
    frame_of("\x00\xFF", 2); /* almost 2^42 */
    expect_refused("window of more than 128 MiB");
}
END_TEST

/* No memory is taken for the claim: the error is of the data, not of the memory. */
START_TEST(claimed_sizes_are_not_believed) {
    frame_of("\xC0\x00\0\0\0\0\0\1\0\0", 10); /* 2^40 bytes, in a window of 2^10 */
    expect_refused("zstd data");
    frame_of("\xE0\0\0\0\0\0\1\0\0", 9); /* 2^40 bytes, all of them the window */
    expect_refused("window of more than 128 MiB");
    file.n = 0;
    append(&file, "\x50\x2A\x4D\x18\xFF\xFF\xFF\xFF", 8); /* 2^32 - 1 bytes to skip */
    append(&file, table.at, table.n);
    expect_refused("ends too early");
    pack_few(add_gzip);
    file = packed;
    memset(file.at + file.n - 4, 255, 4); /* 2^32 - 1 bytes */
    expect_refused("damaged gzip data");
}
END_TEST

static Suite *compressed_tables(void) {
    Suite *suite = suite_create("compressed tables");
    TCase *tests = directory_case(suite, "compressed");
    tcase_add_test(tests, plain_is_read);
    tcase_add_loop_test(tests, members_and_frames_are_read, 0, 2);
    tcase_add_test(tests, skippable_frames_are_skipped);
    tcase_add_test(tests, padding_after_gzip_is_skipped);
    tcase_add_loop_test(tests, truncated_data_is_refused, 0, 2);
    tcase_add_loop_test(tests, flipped_bits_are_found, 0, 2);
    tcase_add_loop_test(tests, trailing_garbage_is_refused, 0, 2);
    tcase_add_test(tests, windows_have_a_limit);
    tcase_add_test(tests, claimed_sizes_are_not_believed);
    return suite;
}

REGISTER_SUITE(compressed_tables)
