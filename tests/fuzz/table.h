/* Tables of any format: the first bytes choose options, the rest is the file. */
#ifndef SNUG_TESTS_FUZZ_TABLE_H
#define SNUG_TESTS_FUZZ_TABLE_H

#include "data/dataset.h"
#include "data/preprocessing.h"
#include "fuzz.h"
#include "schema/table_schema.h"

typedef snug_dataset *fuzz_read_fn(const char *path, const snug_csv_options *options);

enum { FUZZ_OPTIONS = 2 }; /* bytes */

static inline snug_csv_options fuzz_options(const uint8_t bytes[FUZZ_OPTIONS]) {
    static const char *const columns[] = {"a", "b", "x1", "label"};
    static const char *const lists[][3] = {{"a", NULL}, {"x1", "b", NULL}, {"label", "a", NULL}};
    static const char *const markers[] = {"-200", "x", NULL};
    unsigned names = bytes[1];
    return (snug_csv_options){
        .task = (snug_task)(bytes[0] & 3),
        .missing = bytes[0] & 4    ? SNUG_MISSING_MEAN
                   : bytes[0] & 16 ? SNUG_MISSING_MEDIAN
                                   : SNUG_MISSING_ERROR,
        .missing_indicator = bytes[0] & 64,
        .unknown_category = bytes[0] & 32 ? SNUG_UNKNOWN_ERROR : SNUG_UNKNOWN_MISSING,
        .categories = bytes[0] & 8 ? SNUG_CATEGORIES_INTEGER : SNUG_CATEGORIES_ONE_HOT,
        .target = names & 1 ? columns[names >> 1 & 3] : NULL,
        .weights = names & 8 ? columns[names >> 4 & 3] : NULL,
        .ignore = (names & 0xC0) == 0xC0 ? lists[names % 3] : NULL,
        .columns = (names & 0xC0) == 0x80 ? lists[names % 3] : NULL,
        .targets = (names & 0xC1) == 0x40 ? lists[names % 3] : NULL,
        .categorical = (names & 0x28) == 0x20 ? lists[names % 3] : NULL,
        .missing_values = bytes[0] & 128 ? markers : NULL,
    };
}

/*
 * Sets how the text is written by a third byte of options, if the first has its highest bit. Moves
 * *bytes past the options.
 */
static inline void fuzz_notation(const uint8_t **bytes, size_t *size, snug_csv_options *options) {
    static const char *const encodings[] = {NULL, "windows-1252", "utf-16le", "utf-16be"};
    int more = ((*bytes)[0] & 0x80) != 0 && *size > FUZZ_OPTIONS;
    if (more) {
        unsigned notation = (*bytes)[FUZZ_OPTIONS];
        options->encoding = encodings[notation & 3];
        options->decimal = notation & 4 ? ',' : 0;
        options->number_format = notation & 8 ? SNUG_NUMBERS_FORMATTED : SNUG_NUMBERS_PLAIN;
    }
    *bytes += FUZZ_OPTIONS + more;
    *size -= FUZZ_OPTIONS + (size_t)more;
}

/* Checks that the values are of the ranges that a dataset promises. */
static inline void fuzz_check_rows(const snug_dataset *data) {
    size_t rows = snug_dataset_row_count(data), classes = snug_dataset_class_count(data);
    fuzz_check(rows > 0, "a dataset has rows");
    for (size_t i = 0; i < rows; i++) {
        int32_t class_of = snug_dataset_class(data, i);
        fuzz_check(classes == 0 ? class_of == -1 : class_of >= 0 && (size_t)class_of < classes,
                   "a class is one of those that have names");
        fuzz_check(snug_dataset_weight(data, i) >= 0, "no weight is negative");
    }
}

/*
 * Reads a table; where that succeeds, reads it like itself, which must give as many rows and
 * features.
 */
static inline void fuzz_table(fuzz_read_fn *read, const uint8_t *bytes, size_t size,
                              snug_csv_options options) {
    const char *path = fuzz_file(bytes, size);
    snug_dataset *data = read(path, &options);
    if (data == NULL) {
        fuzz_check(snug_error()[0] != 0, "a failure has a message");
        return;
    }
    fuzz_check_rows(data);
    snug_preprocessing *like = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_NONE));
    if (like != NULL) {
        options.like = like;
        snug_dataset *again = read(path, &options);
        if (again != NULL) {
            fuzz_check(snug_dataset_row_count(again) == snug_dataset_row_count(data) &&
                           snug_dataset_column_count(again) == snug_dataset_column_count(data),
                       "a table that is read like itself has the same size");
            fuzz_check_rows(again);
        }
        snug_dataset_free(again);
    }
    snug_preprocessing_free(like);
    snug_dataset_free(data);
}

#endif
