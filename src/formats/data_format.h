/*
 * Formats of data files. Each is one file of this directory with one descriptor, and one line in
 * SNUG_DATA_FORMATS below. Everything that depends on the format of a file is in its descriptor:
 * how files in it are recognized, how many there are, which settings apply to them, how they are
 * read.
 */
#ifndef SNUG_FORMATS_DATA_FORMAT_H
#define SNUG_FORMATS_DATA_FORMAT_H

#include <snug/data.h>

#include "data/row_file.h" /* IWYU pragma: export */
#include "files/byte_source.h"

/* Bytes from the start of a file, decompressed, by which its format is recognized. */
enum { SNUG_SNIFFED_BYTES = 4096 };

/* Which settings apply to a format. */
enum {
    /* Columns have names: target, columns, ignore, weights, split, missing, categories. */
    SNUG_DATA_TABLE = 1,
    /* Fields are separated: delimiter, header. */
    SNUG_DATA_DELIMITED = 2
};

/* A row of snug_data_format.files: the file number `index` of a source, from 0. */
#define SNUG_DATA_FILE(index, file_name, text)                                                     \
    {.name = (file_name),                                                                          \
     .help = (text),                                                                               \
     .kind = SNUG_FIELD_STRING,                                                                    \
     .offset = offsetof(snug_source, paths) + (index) * sizeof(char *),                            \
     .required = true,                                                                             \
     .file = true}

/* How the caller wants rows to be read. */
typedef struct snug_data_request {
    /* .task and .like count for every format, the other members as .settings of the format say. */
    snug_csv_options table;
    /*
     * For formats without SNUG_DATA_TABLE: SNUG_TARGET_CLASSES, SNUG_TARGET_VALUES, or both, where
     * whole numbers from 0 on are classes; 0: the type of the targets decides.
     */
    unsigned targets;
    size_t max_in_memory; /* bytes of features; where there are more, they may stay in their file */
} snug_data_request;

typedef struct snug_data_format {
    const char *name;              /* in "data.format" and --format: "csv" */
    const char *title;             /* in error messages: "CSV" */
    const char *summary;           /* one line */
    const char *const *extensions; /* ends of names of files, ".csv", ended by NULL */
    unsigned settings;             /* SNUG_DATA_TABLE, SNUG_DATA_DELIMITED */
    /*
     * Names and help of the files of a dataset, rows of SNUG_DATA_FILE() and an end, for formats
     * that have a file of features and a file of targets; NULL: one file holds both.
     */
    const snug_field *files;
    /*
     * Whether bytes[n], the first SNUG_SNIFFED_BYTES of a file or all that it holds, without a byte
     * order mark and in a byte a character, are of this format. The formats are asked in the order
     * of their list.
     */
    bool (*sniff)(const unsigned char *bytes, size_t n);
    /* How its files are read record by record; NULL without SNUG_DATA_TABLE. */
    const struct snug_record_format *records;
    /*
     * Reads a dataset from open files, which may be compressed. files[1].name is NULL where there
     * is no second file, or where it is not to be read. The files are closed by the caller, unless
     * the dataset takes one over, as snug_row_file_keep() does.
     */
    snug_dataset *(*read)(snug_byte_source files[SNUG_SOURCE_FILES],
                          const snug_data_request *request);
} snug_data_format;

/*
 * Every format, in the order in which they are asked whether a file is theirs: those that recognize
 * a file by a few certain bytes first, CSV, which takes any text, last.
 */
#define SNUG_DATA_FORMATS(X)                                                                       \
    X(idx)                                                                                         \
    X(npy)                                                                                         \
    X(jsonl)                                                                                       \
    X(libsvm)                                                                                      \
    X(csv)

#define SNUG_DECLARE_DATA_FORMAT(name) extern const snug_data_format snug_data_format_##name;
SNUG_DATA_FORMATS(SNUG_DECLARE_DATA_FORMAT)
#undef SNUG_DECLARE_DATA_FORMAT

/* Returns format number `index` of the list, or NULL past the last. */
const snug_data_format *snug_data_format_at(size_t index);

/*
 * Returns the format of that name, or NULL after snug_fail(): "unknown data format \"cvs\"; ...".
 */
const snug_data_format *snug_data_format_find(const char *name);

/*
 * Finds the format of a file: by its name, without the suffix of a compression, or where the name
 * is of no format by its first bytes, decompressed. It is the last of the list where no other fits.
 */
snug_status snug_data_format_detect(const snug_byte_source *source,
                                    const snug_data_format **format);

#endif
