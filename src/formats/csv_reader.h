/* Records of a CSV file as RFC 4180 defines them, the header among them. */
#ifndef SNUG_FORMATS_CSV_READER_H
#define SNUG_FORMATS_CSV_READER_H

#include "formats/record_reader.h"

/*
 * Reads the whole file from its start, as often as called, and hands every record to `receive`.
 * Blank lines are no records.
 */
snug_status snug_csv_reader_run(snug_text_file *file, char delimiter, snug_record_fn *receive,
                                void *user);

#endif
