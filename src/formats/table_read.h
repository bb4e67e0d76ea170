/* Reading a table as a whole: the steps that table.h describes, in their order. */
#ifndef SNUG_FORMATS_TABLE_READ_H
#define SNUG_FORMATS_TABLE_READ_H

#include <snug/data.h>

#include "formats/record_reader.h"

/*
 * Reads a table of a format; snug_dataset_read_csv() and its like call it. The options may be NULL:
 * all defaults. Numbers are read in the "C" locale, whatever the thread's is.
 *
 * Returns a dataset that owns its values and the schema of the table. NULL after snug_fail(), noted
 * by snug_constructed(): the path is NULL, an option is none of its values, or the file is no such
 * table.
 */
snug_dataset *snug_table_read(const snug_record_format *format, const char *path,
                              const snug_csv_options *options);

#endif
