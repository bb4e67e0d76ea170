/* Tables as files: RFC 4180's records, one at a time, with the lines they start on. */
#ifndef SNUG_FORMATS_CSV_READER_H
#define SNUG_FORMATS_CSV_READER_H

#include <stdio.h>

#include <snug/status.h>

/* One record. The fields are valid during the call alone. */
typedef struct snug_csv_record {
    size_t line; /* of the file, from 1, where the record starts */
    size_t count;
    const char *const *fields;
} snug_csv_record;

typedef struct snug_csv_reader {
    const char *path;
    FILE *stream;
    char delimiter;
} snug_csv_reader;

/* Takes a record; anything but SNUG_OK, after snug_fail(), ends the reading. */
typedef snug_status snug_csv_record_fn(void *user, const snug_csv_record *record);

snug_status snug_csv_reader_open(snug_csv_reader *csv, const char *path, char delimiter);

/* Streams the whole file from its start, as often as called; blank lines are no records. */
snug_status snug_csv_reader_run(snug_csv_reader *csv, snug_csv_record_fn *take, void *user);

void snug_csv_reader_close(snug_csv_reader *csv);

#endif
