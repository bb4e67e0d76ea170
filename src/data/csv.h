/* Tables as files: RFC 4180's records, one at a time, with the lines they start on. */
#ifndef SNUG_DATA_CSV_H
#define SNUG_DATA_CSV_H

#include <stdio.h>

#include <snug/status.h>

/* One record. The fields are valid during the call alone. */
typedef struct snug_record {
    size_t line; /* of the file, from 1, where the record starts */
    size_t count;
    const char *const *fields;
} snug_record;

typedef struct snug_csv {
    const char *path;
    FILE *stream;
    char delimiter;
} snug_csv;

/* Takes a record; anything but SNUG_OK, after snug_fail(), ends the reading. */
typedef snug_status snug_record_fn(void *user, const snug_record *record);

snug_status snug_csv_open(snug_csv *csv, const char *path, char delimiter);

/* Streams the whole file from its start, as often as called; blank lines are no records. */
snug_status snug_csv_read(snug_csv *csv, snug_record_fn *take, void *user);

void snug_csv_close(snug_csv *csv);

#endif
