/*
 * Records of a CSV file as RFC 4180 defines them, the header among them: what csv.c makes the names
 * of columns and the rows of a table of.
 */
#ifndef SNUG_FORMATS_CSV_READER_H
#define SNUG_FORMATS_CSV_READER_H

#include "records/record_reader.h"

/*
 * Reads the whole file from its start, as often as called, and hands every record to `receive`,
 * until that fails. Fields may be quoted, lines end with LF, CR LF or CR, and blanks around a
 * field, inside of its quotes too, are no part of it; blank lines are no records. A delimiter of
 * ' ' is any number of blanks. Fails with the line where a quote is wrong, and where a field or the
 * number of fields is so large that the file is no table.
 */
snug_status snug_csv_reader_run(snug_text_file *file, char delimiter, snug_record_fn *receive,
                                void *user);

#endif
