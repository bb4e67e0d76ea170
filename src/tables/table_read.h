/*
 * Reading a table as a whole: the steps that table.h describes, in their order.
 */
#ifndef SNUG_TABLES_TABLE_READ_H
#define SNUG_TABLES_TABLE_READ_H

#include <snug/data.h>

#include "records/record_reader.h"

/*
 * Reads a table of a format from an open source; the .read of the descriptor of each format of
 * tables calls it. Numbers are read in the "C" locale, whatever the thread's is.
 *
 * Returns a dataset that owns its values and the schema of the table. NULL after snug_fail(): an
 * option is none of its values, or the source is no such table.
 */
snug_dataset *snug_table_read(const snug_record_format *format, const snug_byte_source *source,
                              const snug_csv_options *options);

#endif
